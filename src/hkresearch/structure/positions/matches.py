"""What the coders of positions hand to each other: a match, its sentence as read, a subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.structure.text.clause_words import ChineseClauseWords, ClauseWords
from hkresearch.structure.text.clauses import Clause
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import Group
from hkresearch.structure.text.sentences import Sentence

SAME = "same"  # the code of "followed suit": what others did before
WITHHOLDING_CODES = ("pause", "refuse", "stop")  # the codes by which requests are not answered


@dataclass(frozen=True, slots=True)
class PositionMatch:
    """Where a pattern of a code matches: [start, end), of which [start, head_end) is its verb."""

    start: int
    end: int
    head_end: int
    code: str
    language: str


@dataclass(frozen=True, slots=True)
class ParsedSentence:
    """One sentence with its mentions, words and clauses.

    `last` are the organisations that the sentences before spoke of.
    """

    plain: Plain
    sentence: Sentence
    mentions: Sequence[Mention]
    words: Sequence[PlainWord]
    groups: Sequence[Group]
    clauses: Sequence[Clause]
    codebook: Codebook
    lexicon: Lexicon
    clause_words: ClauseWords
    chinese_words: ChineseClauseWords
    last: tuple[str, ...]

    def is_object_acting(self, match: PositionMatch) -> bool:
        """Return whether the codebook says of the match's code that its object does it."""
        codes = self.codebook.variables.get("position", {}).get("codes", {})
        return bool(codes.get(match.code, {}).get("object_acts"))

    def list_companies(self, start: int, end: int) -> list[Group]:
        """Return the lists of organisations that stand inside [start, end)."""
        return [
            group
            for group in self.groups
            if group.kind == "company" and start <= group.start and group.end <= end
        ]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does it and where they stand.

    `lead` are the words before them, `tail` those between them and the match.
    """

    entities: tuple[str, ...]
    start: int
    lead: str
    tail: str
