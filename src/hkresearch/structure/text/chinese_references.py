"""A Chinese sentence -> the references in it to organisations named before."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.codebook.plain_text import Plain
from hkresearch.core.words import UNSPACED_CHARACTER
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import group_mentions
from hkresearch.structure.text.reference_state import ReferenceState
from hkresearch.structure.text.sentences import Sentence

_AND_OTHERS = "等"  # "X, Y and other apps": X and Y are named
_APPOSED = 6  # characters between a name and the person who speaks for it


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
    found = []
    for match in lexicon.han.finditer(plain.cased, sentence.start, sentence.end):
        previous = plain.cased[match.start() - 1 : match.start()]
        start, end = match.span()
        is_before_name = any(name.start == end for name in own)  # "the messaging app X"
        if not is_before_name and _is_reference(match.group(), previous, lexicon):
            for entity in _resolve(match.group(), start, plain, sentence, own, lexicon, state):
                found.append(Mention(start, end, entity, "reference"))
    return found


def _is_reference(phrase: str, previous: str, lexicon: Lexicon) -> bool:
    """Return whether a phrase behind the character `previous` refers to somebody."""
    if previous == _AND_OTHERS or phrase in lexicon.han_names:
        return False
    words = lexicon.chinese
    is_bare = phrase in words.get("bare", ()) and UNSPACED_CHARACTER.match(previous)
    return not is_bare or previous in words.get("before_bare", ())


def _resolve(
    phrase: str,
    start: int,
    plain: Plain,
    sentence: Sentence,
    own: Sequence[Mention],
    lexicon: Lexicon,
    state: ReferenceState,
) -> tuple[str, ...]:
    """Return whom the phrase at `start` stands for."""
    words = lexicon.chinese
    before = [m for m in own if m.end <= start and lexicon.kinds[m.entity] == "company"]
    current = (before[-1].entity,) if before else state.companies.entities
    if phrase in words.get("plural", ()):
        groups = group_mentions(plain, before, lexicon, sentence.start)
        lists = [group.entities for group in groups if len(group.entities) > 1]
        several = lists[-1] if lists else state.plural
        count = next((lexicon.numbers[sign] for sign in phrase if sign in lexicon.numbers), 0)
        return _choose_counted(count, several, before)
    if phrase in words.get("owners", ()):
        parent = lexicon.owners.get(current[-1]) if current else None
        return (parent,) if parent else ()
    if phrase in lexicon.described_han:
        described = lexicon.described_han[phrase]
        known = [entity for entity in (*state.recent, *current) if entity in described]
        return tuple(known[-1:]) or (tuple(described) if len(described) == 1 else ())
    if phrase in words.get("people", ()):
        is_apposed = before and start - before[-1].end <= _APPOSED
        return () if is_apposed else current
    return current[-1:]


def _choose_counted(
    count: int, several: tuple[str, ...], before: Sequence[Mention]
) -> tuple[str, ...]:
    """Return those of a plural; where it says how many, only so many can be meant."""
    if not count or len(several) == count:
        return several
    together = tuple(dict.fromkeys(mention.entity for mention in before))
    return together if len(together) == count else ()
