"""What the coders of positions hand to each other: a match, its sentence as it was read, and a subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.clause_words import ChineseClauseWords, ClauseWords
from hkresearch.structure.text.clauses import Clause
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import Group
from hkresearch.structure.text.sentences import Sentence

SAME = "same"  # the code of "followed suit": what others did before


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern of a code matches: [start, end), of which [start, head_end) is its verb."""

    start: int
    end: int
    head_end: int
    code: str
    language: str


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """One sentence with its mentions, words and clauses; `last` are those whom the sentences before spoke of."""

    plain: Plain
    sentence: Sentence
    mentions: Sequence[Mention]
    words: Sequence[tuple[int, int, str]]
    groups: Sequence[Group]
    clauses: Sequence[Clause]
    lexicon: Lexicon
    clause_words: ClauseWords
    chinese_words: ChineseClauseWords
    last: tuple[str, ...]

    def list_companies(self, start: int, end: int) -> list[Group]:
        """Return the lists of organisations that stand inside [start, end)."""
        return [g for g in self.groups if g.kind == "company" and start <= g.start and g.end <= end]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does it, where they stand, the words before them (`lead`) and those between them and the match (`tail`)."""

    entities: tuple[str, ...]
    start: int
    lead: str
    tail: str
