"""A Chinese sentence -> the references in it to organisations named before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.codebook.plain_text import Plain
from hkresearch.core.words import UNSPACED_CHARACTER
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import group_mentions
from hkresearch.structure.text.reference_state import ReferenceState
from hkresearch.structure.text.sentences import Sentence

_AND_OTHERS = "等"  # "X, Y and other apps": X and Y are named
_APPOSED = 6  # characters between a name and the person who speaks for it
_OPENING = 12  # characters in which a sentence opens with "earlier"
_SIGNS = re.compile(r"\W*")


def find_chinese_references(
    plain: Plain,
    sentence: Sentence,
    own: Sequence[Mention],
    lexicon: Lexicon,
    state: ReferenceState,
) -> list[Mention]:
    """Return the references of a Chinese sentence; a left-out subject is for the coders to see."""
    if lexicon.han is None:
        return []
    reader = _ChineseReader(plain, sentence, own, lexicon, state)
    found = []
    for match in lexicon.han.finditer(plain.cased, sentence.start, sentence.end):
        start, end = match.span()
        is_before_name = any(name.start == end for name in own)  # "the messaging app X"
        if not is_before_name and reader.is_reference(match.group(), start):
            entities = reader.resolve(match.group(), start)
            found += [Mention(start, end, entity, "reference") for entity in entities]
    return found


def is_background(plain: Plain, sentence: Sentence, lexicon: Lexicon) -> bool:
    """Return whether a Chinese sentence only tells what went before ("earlier, X had")."""
    if not plain.has_han:
        return False
    signs = _SIGNS.match(plain.cased, sentence.start, sentence.end)
    start = signs.end() if signs else sentence.start
    opening = plain.cased[start : min(sentence.end, start + _OPENING)]
    return any(opening.startswith(word) for word in lexicon.chinese.get("background", ()))


class _ChineseReader:
    """The references of one Chinese sentence."""

    def __init__(
        self,
        plain: Plain,
        sentence: Sentence,
        own: Sequence[Mention],
        lexicon: Lexicon,
        state: ReferenceState,
    ) -> None:
        self.plain, self.sentence, self.lexicon, self.state = plain, sentence, lexicon, state
        self.words = lexicon.chinese
        self.companies = [m for m in own if lexicon.kinds[m.entity] == "company"]

    def is_reference(self, phrase: str, start: int) -> bool:
        """Return whether a phrase at `start` refers to somebody."""
        previous = self.plain.cased[start - 1 : start]
        if previous == _AND_OTHERS or phrase in self.lexicon.han_names:
            return False
        if phrase in self.words.get("plural", ()):
            return previous not in self.words.get("before_others", ())
        is_bare = phrase in self.words.get("bare", ()) and UNSPACED_CHARACTER.match(previous)
        return not is_bare or previous in self.words.get("before_bare", ())

    def resolve(self, phrase: str, start: int) -> tuple[str, ...]:
        """Return whom the phrase at `start` stands for."""
        words, lexicon = self.words, self.lexicon
        before = [mention for mention in self.companies if mention.end <= start]
        current = (before[-1].entity,) if before else self.state.companies.entities
        if phrase in words.get("plural", ()):
            return self._find_several(before, lexicon.numbers.get(phrase[0], 0))
        if phrase in words.get("owners", ()):
            parent = lexicon.owners.get(current[-1]) if current else None
            return (parent,) if parent else ()
        if phrase in lexicon.described_han:
            described = lexicon.described_han[phrase]
            known = [entity for entity in (*self.state.recent, *current) if entity in described]
            return tuple(known[-1:]) or (tuple(described) if len(described) == 1 else ())
        if phrase in words.get("people", ()):
            return self._find_spoken_for(start, before, current)
        return current[-1:]

    def _find_several(self, before: Sequence[Mention], number: int) -> tuple[str, ...]:
        """Return whom a plural stands for; nobody where the number does not agree."""
        groups = group_mentions(self.plain, before, self.lexicon, self.sentence.start)
        lists = [group.entities for group in groups if len(group.entities) > 1]
        together = tuple(dict.fromkeys(mention.entity for mention in before))
        earlier = [self.state.plural, self.state.named if number else ()]
        for entities in (*lists[-1:], together, *earlier):
            if len(entities) > 1 and number in (0, len(entities)):
                return entities
        return ()

    def _find_spoken_for(
        self, start: int, before: Sequence[Mention], current: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return for whom a person speaks who stands at `start`; nobody where a name says it."""
        if before and start - before[-1].end <= _APPOSED:
            self.state.spoken_for = (before[-1].entity,)
            return ()
        is_known = self.plain.cased.endswith(tuple(self.words.get("known", ())), 0, start)
        if not is_known or not self.state.spoken_for:
            self.state.spoken_for = current
        return self.state.spoken_for
