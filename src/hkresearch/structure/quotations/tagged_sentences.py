"""The tagged tokens of one sentence, and what has been read of it so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hkresearch.structure.quotations.parts_of_speech import Pos
from hkresearch.structure.quotations.reporting_lexicon import Cue, ReportingLexicon
from hkresearch.structure.quotations.tokens import Line

Tokens = tuple[int, int]  # a half-open range of tokens of one line
_LAST_SIGNS = frozenset({Pos.STOP, Pos.ELLIPSIS})


@dataclass(slots=True)
class Report:
    """One reported content; `speaker` is None where the sentence names none."""

    cue: Tokens
    speaker: Tokens | None
    contents: list[Tokens]
    pattern: str  # before, around, according, noun, or what follows the verb: that, clause, ...
    frames: int = 0

    def holds(self, other: Report) -> bool:
        """Return whether the other report, cue and content, stands in one of the contents."""
        first, last = other.cue[0], other.contents[-1][1]
        return any(low <= first and last <= high for low, high in self.contents)


class TaggedSentence:
    """The tokens [low, high) of one sentence, with what has been read of it from left to right."""

    def __init__(self, line: Line, low: int, high: int, lexicon: ReportingLexicon):
        while high > low and line.tags[high - 1] in _LAST_SIGNS:
            high -= 1
        self.line, self.lexicon = line, lexicon
        self.words, self.tags = line.words, line.tags
        self.low, self.high = low, high
        self.reports: list[Report] = []
        self.forms: dict[int, str] = {}  # of the reporting verbs, by token
        self.subjects: dict[int, Tokens | None] = {}  # of the same verbs

    def tag_at(self, index: int) -> str:
        """Return the tag of a token of the sentence, empty outside it."""
        return self.tags[index] if self.low <= index < self.high else ""

    def word_at(self, index: int) -> str:
        """Return a word of the sentence, empty outside it."""
        return self.words[index] if self.low <= index < self.high else ""

    def cue_at(self, index: int) -> Cue:
        """Return the reporting verb that the token is a form of."""
        return self.lexicon.cues[self.words[index]]

    def find_source(self, index: int) -> int | None:
        """Return the token behind `according to` or `in the view of`; None for other words."""
        for phrase in self.lexicon.sources.get(self.words[index], ()):
            end = index + len(phrase)
            if end < self.high and tuple(self.words[index:end]) == phrase:
                return end
        return None

    def find_tag(self, wanted: Collection[str], start: int, end: int) -> int | None:
        """Return the first token of [start, end) with one of the tags; None where none has."""
        indices = range(start, min(end, self.high))
        return next((index for index in indices if self.tags[index] in wanted), None)

    def find_tag_back(self, wanted: str, before: int, reach: int) -> int | None:
        """Return the last token with the tag among the `reach` tokens before a place."""
        indices = range(before - 1, max(self.low, before - reach) - 1, -1)
        return next((index for index in indices if self.tags[index] == wanted), None)

    def skip(self, wanted: Collection[str], at: int) -> int:
        """Return the first token from `at` on that has none of the tags."""
        while at < self.high and self.tags[at] in wanted:
            at += 1
        return at

    def find_edge(self, report: Report) -> int:
        """Return the token behind a report: behind its verb and all its contents."""
        return max(report.cue[1], *(high for _, high in report.contents))
