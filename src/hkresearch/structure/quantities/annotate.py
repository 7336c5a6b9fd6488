"""Sentences, mentions and the codebook's quantity variables -> figures with value, unit, period and whom they concern."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import read_plain
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.quantities.figures import Figure, find_figures, read_money
from hkresearch.structure.quantities.measures import Measure, fits_measure, read_measures
from hkresearch.structure.quantities.places import PlaceReader
from hkresearch.structure.quantities.subjects import (
    Entities,
    choose_addressees,
    find_company,
    find_subjects,
    list_addressees,
)
from hkresearch.structure.text.dates import find_dates
from hkresearch.structure.text.entity_names import Mention, read_lexicon
from hkresearch.structure.text.mention_lists import Group, group_mentions
from hkresearch.structure.text.mentions import find_side, is_mainly_here, split_by_sentence
from hkresearch.structure.text.sentences import Sentence

_CODER = "quantities/1"
# Their subject is not the one that the text before them spoke of.
_HEADINGS = ("headline", "standfirst", "subhead")
_DATED_KINDS = ("count", "percent")  # figures that hold for a period
_ELSEWHERE = "requests_elsewhere"


def code_quantities(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    codebook: Codebook,
) -> list[Annotation]:
    """Return the figures that a quantity variable of the codebook gives a meaning; other numbers are left alone."""
    measures = read_measures(codebook)
    if not measures or not any(find_side(codebook, m.entity) == "here" for m in mentions):
        return []
    reader = _QuantityReader(article, mentions, codebook)
    for sentence, own, words in split_by_sentence(sentences, mentions, reader.plain.words):
        reader.read_sentence(sentence, own, words)
    return sorted(reader.out.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.id))


class _QuantityReader:
    """The figures of one page, read sentence by sentence, and what earlier sentences spoke of."""

    def __init__(self, article: Article, mentions: Sequence[Mention], codebook: Codebook) -> None:
        self.article, self.codebook = article, codebook
        self.plain, self.lexicon = read_plain(article.text), read_lexicon(codebook)
        self.measures, self.money = read_measures(codebook), read_money(codebook)
        self.mainly_here = is_mainly_here(codebook, mentions)
        self.out: dict[str, Annotation] = {}
        self.company: Entities = ()
        self.addressees: Entities = ()
        self.period = ""
        self.given: dict[str, list[Figure]] = {}  # by the last sentence with such a figure
        self.just_given: set[str] = set()

    def read_sentence(self, sentence: Sentence, own: Sequence[Mention], words: Sequence) -> None:
        """Add the quantities of one sentence, and remember whom and which period it speaks of."""
        plain = self.plain
        figures = list(find_figures(plain, sentence.start, sentence.end, words, self.money))
        named = list_addressees(own, self.codebook)
        groups, coded = None, {}
        if figures:
            groups = group_mentions(plain, own, self.lexicon, sentence.start)
            coded = self._code_figures(sentence, own, words, figures, groups, named)
        for measure in self.measures if named and self.given else ():
            for figure, subjects in self._repeat(measure, named, sentence, words):
                self._write(figure, measure, subjects, "")
        self.company = find_company(groups, own, self.lexicon) or self.company
        self.addressees = tuple(dict.fromkeys(m.entity for m in named)) or (
            self.addressees if figures else ()
        )
        if coded:
            self.given, self.just_given = self.given | coded, set(coded)
        elif not named:
            self.just_given = set()

    def _code_figures(
        self,
        sentence: Sentence,
        own: Sequence[Mention],
        words: Sequence,
        figures: Sequence[Figure],
        groups: Sequence[Group],
        named: Sequence[Mention],
    ) -> dict[str, list[Figure]]:
        """Write the figures of one sentence that a measure fits, each for the first; return them by variable."""
        span = (sentence.start, sentence.end)
        dates = find_dates(self.article, *span, self.codebook)
        counts = [f for f in figures if f.kind in _DATED_KINDS and not _is_year(f)]
        periods = _list_periods(self.article.text, dates, len(counts) > 1)
        is_dated = {f: any(a <= f.start < b for a, b, _ in dates) for f in figures}
        plain_figures = [f for f in figures if not is_dated[f] and f.kind != "duration"]
        places = PlaceReader(self.plain, span, plain_figures, own, self.mainly_here, self.codebook)
        spoken_of = () if sentence.part in _HEADINGS else self.company
        coded: dict[str, list[Figure]] = {}
        seen: set[str] = set()
        for figure in figures:
            whom = choose_addressees(figure.start, named, self.plain, span) or self.addressees
            for measure in self.measures:
                if is_dated[figure] and measure.kind != "ordinal":
                    continue
                if measure.follows and measure.follows not in seen:
                    continue
                goes_on = bool(named) and measure.variable in self.just_given
                if not fits_measure(figure, measure, self.plain, span, words, goes_on):
                    continue
                subjects = find_subjects(figure, measure, groups, spoken_of, whom)
                if not subjects or not self._is_placed(figure, measure, places, own):
                    seen.add(f"{measure.variable}_elsewhere")
                    continue
                self._write(
                    figure,
                    measure,
                    subjects,
                    self._choose_period(figure, figures, measure, periods),
                )
                coded.setdefault(measure.variable, []).append(figure)
                seen.add(measure.variable)
                break
        self.period = periods[0][1] if periods else self.period
        return coded

    def _is_placed(
        self, figure: Figure, measure: Measure, places: PlaceReader, own: Sequence[Mention]
    ) -> bool:
        """Return whether the figure belongs to the topic's place."""
        if not measure.subject and measure.kind in _DATED_KINDS and figure in places.figures:
            number = places.figures.index(figure)
            if measure.place and not places.has_place(number, measure.place):
                return False
            return places.is_here(number)
        sides = [(find_side(self.codebook, m.entity), m.start - figure.start) for m in own]
        if any(side == "here" for side, _ in sides):
            return True
        is_foreign = any(side == "foreign" and 0 <= gap < 80 for side, gap in sides)
        return self.mainly_here and not is_foreign

    def _choose_period(
        self,
        figure: Figure,
        figures: Sequence[Figure],
        measure: Measure,
        periods: Sequence[tuple[int, str]],
    ) -> str:
        """Return the period of the figure: the only one of its sentence, else the nearest on the side where they stand."""
        if measure.subject or measure.kind not in _DATED_KINDS:
            return ""
        if len({iso for _, iso in periods}) <= 1:
            return periods[0][1] if periods else self.period
        before = [iso for at, iso in periods if at < figure.start]
        behind = [iso for at, iso in periods if at > figure.start]
        first = min(f.start for f in figures if f.kind in _DATED_KINDS and not _is_year(f))
        leads = periods[0][0] < first
        return (before[-1:] or behind[:1])[0] if leads else (behind[:1] or before[-1:])[0]

    def _repeat(
        self, measure: Measure, named: Sequence[Mention], sentence: Sentence, words: Sequence
    ) -> Iterator[tuple[Figure, Entities]]:
        """Yield (figure, addressees) of amounts that the sentence repeats in words ("the same fine")."""
        span = (sentence.start, sentence.end)
        for patterns in measure.same if measure.variable in self.given else ():
            for start, end, *_ in patterns.find(self.plain, *span, words)[:1]:
                for figure in self.given[measure.variable]:
                    repeated = replace(figure, start=start, end=end)
                    yield repeated, choose_addressees(start, named, self.plain, span)

    def _write(
        self, figure: Figure, measure: Measure, subjects: Sequence[str], period: str
    ) -> None:
        """Add the quantity of each subject, with its unit and its period."""
        value = figure.value if measure.kind != "ordinal" else re.sub(r"\D", "", figure.value)
        span = (figure.start, figure.end)
        for subject in sorted(subjects):
            quantity = annotate(self.article, *span, subject, measure.variable, value, _CODER)
            self.out[quantity.id] = quantity
            for variable, code in (("unit", measure.unit or figure.unit), ("period", period)):
                attribute = annotate(self.article, *span, quantity.id, variable, code, _CODER)
                self.out[attribute.id] = attribute


def _is_year(figure: Figure) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", figure.value) is not None


def _list_periods(
    text: str, dates: Sequence[tuple[int, int, str]], has_several: bool
) -> list[tuple[int, str]]:
    """Return (place, interval) of the periods that the sentence speaks of; "since 2019" is none.

    Beside spans of months whole years count only in a sentence of several figures.
    """
    intervals = [
        (a, iso)
        for a, _, iso in dates
        if "/" in iso and iso[8:10] == "01" and iso[:7] != iso[11:18]
    ]
    years = [
        (a, f"{iso}-01-01/{iso}-12-31")
        for a, _, iso in dates
        if len(iso) == 4 and not text.startswith(("since", "Since"), a)
    ]
    if has_several:
        return sorted(intervals + years)
    return sorted(intervals) or sorted(years)
