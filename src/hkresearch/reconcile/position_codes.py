"""The codebook's codes of `position` -> their families, ranks, and which cannot both hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hkresearch.reconcile.word_forms import PhraseWords, has_phrase, read_phrases

WITHHOLDING, GOING_ON, OPEN = "withholds", "goes_on", "open"
PAST_TENSE, LASTING_TENSE = "past", "lasting"
UNCHANGED_TENSE, TEMPORARY_TENSE, FINAL_TENSE = "unchanged", "temporary", "final"


class PositionCodes(NamedTuple):
    """What the codebook says of each code of `position`.

    `family` is withholds, goes_on, open (nothing is decided) or past; `tense` is past for what was
    done so far, lasting for what never was, unchanged for what stays as it was, temporary for what
    is for a time, final for what ends it all; `rank` orders codes that as many pages report; `now`
    are words that make a past code a present one, `keeps` words by which an unchanged one repeats
    whatever was reported before.
    """

    family: Mapping[str, str]
    tense: Mapping[str, str]
    rank: Mapping[str, int]
    contradicts: frozenset[frozenset[str]]
    now: Mapping[str, tuple[PhraseWords, ...]]
    keeps: Mapping[str, tuple[PhraseWords, ...]]

    def list_family(self, name: str) -> frozenset[str]:
        """Return the codes of a family."""
        return frozenset(code for code, family in self.family.items() if family == name)

    def exclude(self, one: str, other: str) -> bool:
        """Return whether two codes cannot both hold at one time."""
        return frozenset((one, other)) in self.contradicts

    def is_past(self, code: str, passages: Iterable[str]) -> bool:
        """Return whether a code says what was done so far, in each of its `passages`."""
        if self.tense.get(code) not in (PAST_TENSE, LASTING_TENSE):
            return False
        words = self.now.get(code, ())
        return not any(has_phrase(text, words) for text in set(passages))

    def is_kept(self, code: str, passage: str) -> bool:
        """Return whether a passage says that what was said before still holds, whatever it is."""
        return has_phrase(passage, self.keeps.get(code, ()))


def code_position(position: str, modality: str) -> str:
    """Return a position with its modality in brackets, unless it is stated."""
    return position if modality == "stated" else f"{position} ({modality})"


def read_position_codes(book: Mapping[str, Any]) -> PositionCodes:
    """Return the codes of `position` in `book`, a codebook as a plain dictionary."""
    codes = book.get("variables", {}).get("position", {}).get("codes", {})
    pairs = {
        frozenset((code, other))
        for code, table in codes.items()
        for other in table.get("contradicts", ())
    }
    now, keeps = (
        {code: tuple(read_phrases(table.get(name, {}))) for code, table in codes.items()}
        for name in ("now", "keeps")
    )
    return PositionCodes(
        {code: table.get("family", "") for code, table in codes.items()},
        {code: table.get("tense", "") for code, table in codes.items()},
        {code: int(table.get("rank", len(codes))) for code, table in codes.items()},
        frozenset(pairs),
        now,
        keeps,
    )
