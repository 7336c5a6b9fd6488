"""A sentence -> the pronouns and descriptions in it that stand for organisations named before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.structure.text.chinese_references import find_chinese_references
from hkresearch.structure.text.clause_actors import is_embedded
from hkresearch.structure.text.clauses import read_clauses
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import Group, group_mentions
from hkresearch.structure.text.reference_phrases import PhraseReader
from hkresearch.structure.text.reference_state import ReferenceState
from hkresearch.structure.text.sentences import Sentence

_QUOTED_BEFORE = 1000  # characters in which the mark that opens a quotation is looked for
_LONGEST_LEAD = 8  # words before a pronoun with which its sentence may open
_QUOTATION_END = re.compile(r"[”\"'’»」]\s*,?\s*(?:an? |the )?\Z")
_SAID_BEHIND = re.compile(r"(?:'s)?(?: [\w-]+){0,3}? (\w+)")
_QUOTATION_MARK = re.compile(r"[\"“”„«‘「『]|(?<!\w)'")

Reference = tuple[int, int, tuple[str, ...]]  # start, end, entities


def find_references(
    plain: Plain,
    sentence: Sentence,
    own: Sequence[Mention],
    words: Sequence[PlainWord],
    lexicon: Lexicon,
    state: ReferenceState,
) -> list[Mention]:
    """Return the references of the sentence, whose names are `own`; none is guessed."""
    found: list[Mention] = []
    if lexicon.english:
        taken = {place for name in own for place in range(name.start, name.end)}
        reader = _ReferenceReader(plain, sentence, words, own, lexicon, state)
        for start, end, entities in reader.read():
            if start not in taken:
                found += [Mention(start, end, entity, "reference") for entity in entities]
    if plain.has_han and lexicon.han:
        found += find_chinese_references(plain, sentence, own, lexicon, state)
    return found


class _ReferenceReader(PhraseReader):
    """The references of one English sentence, word by word."""

    def __init__(
        self,
        plain: Plain,
        sentence: Sentence,
        words: Sequence[PlainWord],
        own: Sequence[Mention],
        lexicon: Lexicon,
        state: ReferenceState,
    ) -> None:
        super().__init__(plain, words, lexicon, state)
        self.sentence, self.own = sentence, own
        self.is_begun = False
        self.places: list[Mention] = []

    def read(self) -> Iterator[Reference]:
        """Yield each reference that resolves."""
        last_end = 0
        pronouns, determiners = self.lexicon.pronouns, self.lexicon.determiners
        for index, (start, _, word) in enumerate(self.words):
            if word not in determiners and word not in pronouns and word != "our":
                continue
            if start < last_end:
                continue
            if word == "the" and (one := self._read_one_of_two(index)):
                yield start, self.words[index + 1][1], one
            elif found := self._read_word(index):
                last_end = found[1]
                self._add_group(*found)
                yield found

    def _read_word(self, index: int) -> Reference | None:
        """Return the reference that a pronoun or a determiner begins, where it resolves."""
        start, _, word = self.words[index]
        is_ours = word == "our" and self.word_at(index + 1) in self.english["ours"]
        if word == "our" and not is_ours:
            return None
        self._read_groups()
        before = self._list_before(start)
        if is_ours or word in self.lexicon.pronouns:
            stop, entities = self._read_pronoun(index, before, is_ours)
        else:
            stop, entities = self.read_phrase(index, before)
        return (start, stop, entities) if entities else None

    def _list_before(self, start: int) -> list[Group]:
        """Return who can act before `start`, without those named in an insertion that is over."""
        before = [group for group in self.groups if group.end <= start and group.can_act]
        if len({group.entities for group in before}) < 2:
            return before
        sentence, words = self.sentence, self.words
        clauses = read_clauses(
            self.plain, sentence.start, sentence.end, words, self.groups, (), self.lexicon.clauses
        )
        kept = [group for group in before if not is_embedded(clauses, group.start, start)]
        return kept or before

    def _read_groups(self) -> None:
        """Read the lists of names of the sentence, once one of its words asks for them."""
        if self.is_begun:
            return
        self.is_begun = True
        groups = group_mentions(self.plain, self.own, self.lexicon, self.words[0][0])
        self.groups = [group for group in groups if group.kind in ("company", "government")]
        self.places = [m for m in self.own if self.lexicon.kinds[m.entity] == "place"]

    def _add_group(self, start: int, stop: int, entities: tuple[str, ...]) -> None:
        can_act = not self.plain.lower.startswith("'s", stop)
        kind = self.lexicon.kinds[entities[0]]
        head = entities if len(entities) == 1 else ()
        self.groups.append(Group(start, stop, entities, can_act, kind, head))
        self.groups.sort(key=lambda group: (group.start, group.end))

    def _read_pronoun(
        self, index: int, before: list[Group], is_ours: bool
    ) -> tuple[int, tuple[str, ...]]:
        """Return the end of the pronoun and whom it stands for."""
        start, stop, word = self.words[index]
        following = self.word_at(index + 1)
        if not before:  # "X's rate was higher: it gave"
            before = [group for group in self.groups if self._is_owner_before(group, start)][-1:]
        if is_ours or word == "both" and following in self.english["plural_nouns"]:
            stop = self.words[index + 1][1]
        elif word == "both" and following not in self.english["verbs"]:
            return stop, ()
        is_speaker = is_ours or word in self.english["speaker"]
        if not before and not is_speaker and not self._may_look_back(index):
            return stop, ()
        if not before and (later := self._find_later(index)):
            return stop, later
        if is_speaker:
            return stop, self._resolve_speaker(start)
        return stop, self._resolve_pronoun(start, word, before)

    def _is_owner_before(self, group: Group, start: int) -> bool:
        lower = self.plain.lower
        is_owner = lower.startswith(("'s ", ", whose "), group.end)
        is_source = lower.endswith("according to ", 0, group.start) and lower[group.end] == ","
        return group.end <= start and (is_owner or is_source)

    def _find_later(self, index: int) -> tuple[str, ...]:
        """Return who is named behind the pronoun: "Before it paused, X had"."""
        if index != 1 or self.words[0][2] not in self.english["openers"]:
            return ()
        start = self.words[index][0]
        later = [g for g in self.groups if g.start > start and g.kind == "company" and g.can_act]
        return later[0].entities if later else ()

    def _read_one_of_two(self, index: int) -> tuple[str, ...]:
        """Return whom "the former" or "the latter" stands for, of the two named last."""
        following = self.words[index + 1 : index + 3]
        word = self.word_at(index + 1)
        is_first = word in self.english["first_of_two"]
        if not is_first and word not in self.english["second_of_two"]:
            return ()
        end = following[0][1]
        is_alone = len(following) < 2 or self.plain.lower[end : following[1][0]] != " "
        if not is_alone and not self._is_verb_of_two(following[-1][2]):
            return ()  # "the former colony"
        start = self.words[index][0]
        before = [g for g in self.groups if g.end <= start and len(g.entities) > 1]
        several = before[-1].entities if before else self.state.plural
        if len(several) == 2 and is_first:
            return several[:1]
        return several[-1:] if len(several) > 1 and not is_first else ()

    def _is_verb_of_two(self, word: str) -> bool:
        classes = ("verbs", "reporting", "one_of_two_verbs")
        return word.endswith("ed") or any(word in self.english[name] for name in classes)

    def _may_look_back(self, index: int) -> bool:
        """Return whether a pronoun before which nobody is named may stand for someone earlier."""
        if index == 0:
            return True
        if index <= _LONGEST_LEAD and all(self._is_lead(*word) for word in self.words[:index]):
            return True
        gap = self.plain.lower[self.words[index - 1][1] : self.words[index][0]]
        return gap.strip() != "" or self.words[index - 1][2] in self.english["openers"]

    def _is_lead(self, start: int, end: int, word: str) -> bool:
        in_place = any(place.start <= start < place.end for place in self.places)
        return in_place or word.isdigit() or word in self.english["leads"]

    def _resolve_speaker(self, start: int) -> tuple[str, ...]:
        """Return whom a "we" stands for.

        That is who acts in its sentence, else the only one named before it, else the last actor.
        """
        companies = [group for group in self.groups if group.kind == "company"]
        if acting := [group for group in companies if group.can_act]:
            self._notice_voice(acting[0], start)
            return acting[0].entities
        if not _is_quoted(self.state.text, start):
            return self.state.voice
        if teller := self._find_teller(start):
            return teller
        before = {group.entities for group in companies if group.end <= start}
        return before.pop() if len(before) == 1 else self.state.companies.entities

    def _find_teller(self, start: int) -> tuple[str, ...]:
        """Return who is named behind the quotation around `start` as the one who said it."""
        text, names = self.state.text, self.state.names
        paragraph_end = text.find("\n", start)
        end = min(start + _QUOTED_BEFORE, paragraph_end if paragraph_end >= 0 else len(text))
        for name in names[bisect_left(names, start, key=lambda one: one.start) :]:
            if name.start >= end:
                break
            said = _SAID_BEHIND.match(self.plain.lower, name.end)
            is_cue = said is not None and said[1] in self.english["reporting"]
            if is_cue and _QUOTATION_END.search(text, start, name.start):
                return (name.entity,) if self.lexicon.kinds[name.entity] == "company" else ()
        return ()

    def _notice_voice(self, group: Group, start: int) -> None:
        """Remember who speaks as "we" on a page of its own ("X is a company, and we may not")."""
        is_first = group.start == self.words[0][0] and len(group.entities) == 1
        presents_itself = self.plain.lower.startswith((" is a ", " is an ", " is the "), group.end)
        if is_first and presents_itself and not _is_quoted(self.state.text, start):
            self.state.voice = group.entities

    def _resolve_pronoun(self, start: int, word: str, before: Sequence[Group]) -> tuple[str, ...]:
        if word in self.english["plural"]:
            return self._resolve_plural(start, word, before)
        return (before[-1] if before else self.state.focus).head

    def _resolve_plural(self, start: int, word: str, before: Sequence[Group]) -> tuple[str, ...]:
        if word == "both":
            return self.find_several(start, 2)
        companies = [group for group in before if group.kind == "company"]
        if several := [group for group in companies if len(group.entities) > 1]:
            return several[-1].entities
        if before:
            return before[-1].entities
        state = self.state
        focus = state.focus.entities
        is_plural = len(focus) < 2 and state.plural and not state.companies.entities
        return state.plural if is_plural else focus


def _is_quoted(text: str, position: int) -> bool:
    """Return whether a quotation mark stands before the position in its paragraph.

    A bare "we" is the page's own.
    """
    low = max(0, position - _QUOTED_BEFORE)
    paragraph = max(text.rfind("\n", low, position), low)
    return _QUOTATION_MARK.search(text, paragraph, position) is not None
