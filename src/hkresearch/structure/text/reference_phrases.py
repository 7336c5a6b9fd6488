"""A noun phrase ("the search giant", "its parent") -> the organisations that it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.structure.text.entity_names import Lexicon
from hkresearch.structure.text.mention_lists import Group
from hkresearch.structure.text.reference_state import ReferenceState

_LONGEST_PHRASE = 6  # words, with the article
_LONGEST_OWNED = 8  # words of "the X-owned social messaging app"
_APPOSITION = re.compile(r"\s?(,|[(—–]|-(?= ))\s?(?:the|an?|this|that)\s")
_APPOSITION_END = re.compile(r"[,)—–]| (?:that|which|who|owned|used|based|run|made|popular|with)\b")

_Phrase = tuple[int, tuple[str, ...]]  # where it ends, and whom it stands for


class PhraseReader:
    """The noun phrases of one sentence, and what the sentences before it made salient."""

    def __init__(
        self, plain: Plain, words: Sequence[PlainWord], lexicon: Lexicon, state: ReferenceState
    ) -> None:
        self.plain, self.words, self.lexicon, self.state = plain, words, lexicon, state
        self.english = lexicon.english
        self.groups: list[Group] = []

    def word_at(self, index: int) -> str:
        """Return the word at `index`, "" behind the last one."""
        return self.words[index][2] if index < len(self.words) else ""

    def read_phrase(self, index: int, before: Sequence[Group]) -> _Phrase:
        """Return the noun phrase that begins at the determiner `index`; no entities if none does.

        `before` are the groups before it that can act.
        """
        start = self.words[index][0]
        for owner in self.english["owners"]:
            if self.plain.lower.startswith(owner.lower(), start):
                return start + len(owner), self._find_parent(before)
        if self.words[index][2] in ("its", "their", "whose"):
            return start, ()
        if owned := self._read_owned(index):
            return owned
        last = self._find_noun(index)
        if last is None or self._names_something_else(index, last):
            return start, ()
        return self.words[last][1], self._resolve(index, last, before)

    def _find_parent(self, before: Sequence[Group]) -> tuple[str, ...]:
        """Return who owns the company spoken of."""
        companies = [group for group in before if group.kind == "company"]
        owned = (companies[-1].entities if companies else self.state.companies.entities)[-1:]
        parent = self.lexicon.owners.get(owned[0]) if owned else None
        return (parent,) if parent else ()

    def _find_noun(self, index: int) -> int | None:
        """Return the index of the last noun of the phrase; None where it has none."""
        english, last = self.english, None
        nouns, plural_nouns, people = english["nouns"], english["plural_nouns"], english["people"]
        for step in range(index + 1, min(index + _LONGEST_PHRASE, len(self.words))):
            start, _, word = self.words[step]
            end_before = self.words[step - 1][1]
            if start - end_before > 2 or self.plain.lower[end_before] in ".;:,!?":
                break
            if word in nouns or word in plural_nouns or word in people:
                last = step
            elif last is not None or word in english["breaks"]:
                break
        return last

    def _names_something_else(self, index: int, last: int) -> bool:
        """Return whether the phrase of words[index:last + 1] belongs to what stands behind it."""
        lower, (_, end, noun) = self.plain.lower, self.words[last]
        following = self.word_at(last + 1)
        if lower.startswith(" ", end) and following and following in self.english["not_before"]:
            return True
        start = self.words[index][0]
        for group in self.groups:
            is_inside = start < group.end and group.start < end
            is_behind = 0 <= group.start - end <= 2 and not lower[end : group.start].strip()
            if is_inside or is_behind:
                return True  # "the messaging app X", "the X spokesperson": the name stands there
        if noun not in self.english["people"]:
            return False
        return lower.startswith((" for ", " from", " at ", " of "), end)

    def _read_owned(self, index: int) -> _Phrase | None:
        """Return "the X-owned app": the one last named, or known, to belong to X."""
        end = self.words[index][1]
        beside = (g for g in self.groups if g.kind == "company" and 0 < g.start - end <= 2)
        owner = next(beside, None)
        if owner is None or not self.plain.lower.startswith("-owned ", owner.end):
            return None
        for step in range(index + 2, min(index + _LONGEST_OWNED, len(self.words))):
            if self.words[step][2] not in self.english["nouns"]:
                continue
            if self.word_at(step + 1) in self.english["not_before"]:
                return None
            owners = self.lexicon.owners.items()
            owned = [entity for entity, parent in owners if parent in owner.entities]
            known = [entity for entity in self.state.recent if entity in owned]
            known = known or (owned if len(owned) == 1 else [])
            return (self.words[step][1], tuple(known[-1:])) if known else None
        return None

    def _resolve(self, index: int, last: int, before: Sequence[Group]) -> tuple[str, ...]:
        """Return whom the phrase of words[index:last + 1] stands for."""
        first, noun = self.words[index][2], self.words[last][2]
        phrase = self.plain.lower[self.words[index + 1][0] : self.words[last][1]]
        companies = [group for group in before if group.kind == "company"]
        if noun in self.english["people"]:
            if noun in self.english["people_of_any"] and "company" not in phrase:
                return ()
            return companies[-1].entities if companies else self.state.companies.entities
        if noun in self.english["plural_nouns"]:
            if first not in self.english["plural_determiners"]:
                return ()
            number = self.read_number(word for _, _, word in self.words[index : last + 1])
            return self.find_several(self.words[index][0], number)
        if first == "a":
            return ()
        described = self._find_described(phrase)
        if described:
            apposed = self._find_apposed(phrase, companies)
            return apposed or self._choose_described(described, companies)
        if companies:
            return companies[-1].head
        return self.state.companies.head

    def read_number(self, words: Iterable[str]) -> int:
        """Return how many organisations the words say that there are, 0 where they do not."""
        numbers = self.lexicon.numbers
        return next((numbers[word] for word in words if word in numbers), 0)

    def find_several(self, start: int, number: int) -> tuple[str, ...]:
        """Return whom a plural at `start` stands for: `number` organisations, any if that is 0.

        That is a list of its sentence, else all that its sentence names before it, else the last
        list; nobody where the number does not agree.
        """
        companies = [g for g in self.groups if g.end <= start and g.kind == "company"]
        lists = [group.entities for group in companies if len(group.entities) > 1]
        together = tuple(dict.fromkeys(e for group in companies for e in group.entities))
        named = self.state.named if number else ()
        for entities in (*lists[-1:], together, self.state.plural, named):
            if len(entities) > 1 and number in (0, len(entities)):
                return entities
        return ()

    def _find_apposed(self, phrase: str, companies: Sequence[Group]) -> tuple[str, ...]:
        """Return who stands right before the phrase, and is described by it ("X – the app –")."""
        if not companies:
            return ()
        lower, named = self.plain.lower, companies[-1]
        start = lower.find(phrase, named.end)
        mark = _APPOSITION.fullmatch(lower, named.end, start)
        if mark is None or len(named.entities) > 1:
            return ()
        is_closed = mark[1] != "," or _APPOSITION_END.match(lower, start + len(phrase))
        return named.entities if is_closed else ()

    def _find_described(self, phrase: str) -> Sequence[str]:
        """Return whom the codebook describes by the phrase, or by the longest end of it."""
        words = phrase.split(" ")
        ends = (" ".join(words[cut:]) for cut in range(len(words)))
        found = (self.lexicon.described.get(end) for end in ends if end)
        return next((entities for entities in found if entities), ())

    def _choose_described(
        self, described: Sequence[str], companies: Sequence[Group]
    ) -> tuple[str, ...]:
        """Return the one of those described that is spoken of, or the only one."""
        if not any(self.lexicon.kinds[entity] == "company" for entity in described):
            return ()
        named_here = [entity for group in companies for entity in group.entities]
        known = [entity for entity in (*self.state.recent, *named_here) if entity in described]
        focus = [entity for entity in self.state.companies.entities if entity in described]
        if chosen := focus or known:
            return (chosen[-1],)
        return tuple(described) if len(described) == 1 else ()
