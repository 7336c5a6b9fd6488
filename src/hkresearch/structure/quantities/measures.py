"""The codebook's variables that measure something -> what must stand around a figure of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.expressions import compile_continuation, compile_lead
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.codebook.wording import Wording
from hkresearch.structure.quantities.figures import Figure

_LEAD = 50  # characters before a figure in which the words that must lead up to it stand
_YEAR_VALUE = re.compile(r"(?:19|20)\d\d")
_MARKS_BEHIND = re.compile(r"[^\w.;:!?]+")


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity variable of the codebook, or one more form of wording for it, compiled."""

    variable: str
    kind: str
    unit: str
    subject: str  # a fixed subject, "addressee", or "" for the organisation spoken of
    before: tuple[re.Pattern[str], ...]
    not_lead: tuple[re.Pattern[str], ...]
    after: tuple[re.Pattern[str], ...]
    stops: frozenset[str]  # words that end the noun phrase of a figure
    not_after: tuple[re.Pattern[str], ...]
    near: tuple[PatternSet, ...]
    same: tuple[PatternSet, ...]
    follows: str  # the variable that must have been coded before in the sentence
    place: str  # "follows" or "leads": the topic's place must stand right behind or before


@lru_cache(maxsize=8)
def read_measures(codebook: Codebook) -> tuple[Measure, ...]:
    """Return the variables that measure something, in the codebook's order, with their forms."""
    measures = []
    for id, variable in codebook.variables.items():
        if variable.get("measures"):
            for table in (variable, *variable.get("forms", {}).values()):
                measures.append(_read_measure(id, variable, table, codebook))
    return tuple(measures)


def _read_measure(
    id: str, variable: Mapping[str, Any], table: Mapping[str, Any], codebook: Codebook
) -> Measure:
    languages = read_wordings(codebook)

    def compile_all(
        key: str, compile_one: Callable[[str, Wording], re.Pattern[str]]
    ) -> tuple[re.Pattern[str], ...]:
        return tuple(
            compile_one(pattern, wording)
            for language, wording in languages.items()
            for pattern in table.get(key, {}).get(language, ())
        )

    def compile_sets(patterns: Mapping[str, Sequence[str]]) -> tuple[PatternSet, ...]:
        sets = (
            compile_patterns([(id, p) for p in patterns.get(language, ())], wording)
            for language, wording in languages.items()
        )
        return tuple(one for one in sets if one.patterns)

    return Measure(
        variable=id,
        kind=variable["measures"],
        unit=variable.get("unit", ""),
        subject=variable.get("subject", ""),
        before=compile_all("before", compile_lead),
        not_lead=compile_all("not_lead", compile_lead),
        after=compile_all("after", compile_continuation),
        stops=_read_stops(codebook),
        not_after=compile_all("not_after", compile_continuation),
        near=compile_sets(table.get("near", {})),
        same=compile_sets(table.get("same", {}).get("patterns", {})),
        follows=table.get("follows", ""),
        place=_read_place(table),
    )


def _read_place(table: Mapping[str, Any]) -> str:
    """Return where the topic's place must stand."""
    if table.get("place_follows"):
        return "follows"
    return "leads" if table.get("place_leads") else ""


def fits_measure(
    figure: Figure,
    measure: Measure,
    plain: Plain,
    span: tuple[int, int],
    words: Sequence[PlainWord],
    goes_on: bool = False,
) -> bool:
    """Return whether the figure of the sentence at `span` is one that the variable measures.

    With `goes_on` the sentence before gave such a figure, so that this one, of another addressee,
    need not name it.
    """
    if not _has_kind(figure, measure) or not _has_lead(figure, measure, plain.lower, span[0]):
        return False
    behind = figure.number_end if measure.kind == "ordinal" else figure.end
    if marks := _MARKS_BEHIND.match(plain.lower, behind, span[1]):
        behind = marks.end()
    if any(p.match(plain.lower, behind, span[1]) for p in measure.not_after):
        return False
    if measure.after and not _has_noun(measure, plain.lower, behind, span[1]):
        return False
    return not measure.near or goes_on or any(p.is_in(plain, *span, words) for p in measure.near)


@lru_cache(maxsize=8)
def _read_stops(codebook: Codebook) -> frozenset[str]:
    words = codebook.news.get("quotations", {}).get("en", {}).get("words", {})
    return frozenset(
        word for key in ("prepositions", "relatives") for word in words.get(key, "").split()
    )


def _has_noun(measure: Measure, lower: str, start: int, end: int) -> bool:
    """Return whether what the figure counts stands behind it, with no preposition between."""
    for pattern in measure.after:
        if match := pattern.match(lower, start, end):
            *gap, _ = match.group().split() or [""]
            is_phrase = measure.kind != "count" or not gap or gap[0] in measure.stops
            if is_phrase or measure.stops.isdisjoint(gap):
                return True
    return False


def _has_kind(figure: Figure, measure: Measure) -> bool:
    if measure.kind == "ordinal":
        return figure.kind in ("ordinal", "duration")
    is_year = measure.kind == "count" and _YEAR_VALUE.fullmatch(figure.value)
    return figure.kind == measure.kind and not is_year


def _has_lead(figure: Figure, measure: Measure, lower: str, start: int) -> bool:
    low = max(start, figure.start - _LEAD)
    if any(p.search(lower, low, figure.start) for p in measure.not_lead):
        return False
    return not measure.before or any(p.search(lower, low, figure.start) for p in measure.before)
