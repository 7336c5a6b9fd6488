"""A quotation and the mentions of an article -> the organisations whose words it has, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.structure.quotations.employers import EmployerReader
from hkresearch.structure.quotations.focus import Focus
from hkresearch.structure.quotations.mention_index import SPEAKING_KINDS, MentionIndex
from hkresearch.structure.quotations.named_speakers import NamedSpeakerReader
from hkresearch.structure.quotations.public_bodies import PublicBodyReader
from hkresearch.structure.quotations.quotation import Quotation, QuotedSpan, are_adjacent
from hkresearch.structure.quotations.speaker_words import SpeakerWords
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mention_lists import Group

_CONTENT_REACH = 40  # characters in which what is said names its subject
_SUBJECT_WORDS = 3  # words with which what is said names a body: "only that the force"
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_PRONOUN = re.compile(r"[a-z]+")
_THE_SAID = ("the ", "this ", "that ", "該", "该")  # before a role that was named before


class SpeakerReader:
    """Whom speakers speak for, on one page."""

    def __init__(
        self,
        text: str,
        index: MentionIndex,
        words: SpeakerWords,
        focus: Focus,
        codebook: Codebook,
    ) -> None:
        self.text, self.index, self.words, self.focus = text, index, words, focus
        self.names = NamedSpeakerReader(text, index, words)
        self.bodies = PublicBodyReader(text, index, words, codebook)
        self.employers = EmployerReader(text, index, words)

    def find_organisations(self, quotation: Quotation, last: Quotation | None) -> list[Mention]:
        """Return the mentions that say for which organisations a quotation's speaker speaks.

        None where the text does not say it. `last` is the quotation before.
        """
        speaker = quotation.speaker
        if speaker is None:
            return []
        said = self.text[slice(*speaker)]
        if said.casefold() in self.words.persons:
            return self._find_person(quotation, last)
        if last is not None and self._repeats(quotation, said, last):
            return last.organisations
        if quotation.pattern == "predicate":
            return self.names.find_named(speaker)
        return self._find_for(speaker, quotation)

    def _find_for(self, speaker: QuotedSpan, quotation: Quotation) -> list[Mention]:
        """Return the organisations of a speaker who is no pronoun for a person."""
        text, words, contents = self.text, self.words, quotation.contents
        said = text[slice(*speaker)]
        spoken = set(_WORD.findall(said.casefold()))
        if not words.self_references.isdisjoint(_PRONOUN.findall(said.casefold())[:1]):
            return []  # whoever writes the page, not whom it writes of
        if self.names.is_outsider(said):
            return self.names.find_clients(speaker)
        if text.startswith(words.han_outsiders, speaker[1]):
            return []
        if named := self.names.find_named(speaker):
            return [] if self._is_doubtful(speaker, quotation, named) else named
        if said.casefold() in words.relatives:
            return self.index.find_list(text, speaker[0])
        if said.casefold() in words.totals:
            return self._find_all(speaker[0])
        before = min(contents[0][0], speaker[0]) if contents else speaker[0]
        if body := self.bodies.find_bodies(speaker, spoken, before):
            return body
        if "," in said and (employers := self.employers.find_employers(speaker)):
            return employers  # Lee, who is a spokesman
        return self._find_by_role(speaker, quotation, spoken)

    def _find_by_role(
        self, speaker: QuotedSpan, quotation: Quotation, spoken: set[str]
    ) -> list[Mention]:
        """Return the organisations of a role without a name, else of a person or an outlet."""
        words, said = self.words, self.text[slice(*speaker)]
        if not words.public_roles.isdisjoint(spoken) or any(w in said for w in words.han_public):
            return []
        if not words.roles.isdisjoint(spoken) or any(w in said for w in words.han_roles):
            silent = self._find_silent(speaker, quotation)
            is_bare = len(said.split()) <= 2 and words.spokespeople.isdisjoint(spoken)
            is_doubtful = is_bare and self._is_doubtful(speaker, quotation, silent)
            return [] if is_doubtful else silent
        if said.casefold().startswith(_THE_SAID) and said.casefold().split()[-1] in words.notices:
            return self._find_silent(speaker, quotation)
        return self.employers.find_employers(speaker) or self._find_outlets(speaker)

    def _is_doubtful(self, speaker: QuotedSpan, quotation: Quotation, named: list[Mention]) -> bool:
        """Whether "it" or "the company" stands behind a subject that is another than resolved."""
        said = self.text[slice(*speaker)].casefold()
        own = [m for m in named if speaker[0] <= m.start < speaker[1]]
        if any(mention.kind == "name" for mention in own) or len(said.split()) > 2:
            return False
        topic = quotation.subject or quotation.topic or quotation.topic_before
        entities = {mention.entity for mention in named}
        inside = self.index.find_inside(*topic, SPEAKING_KINDS) if topic else []
        if any(mention.entity in entities for mention in inside):
            return False
        if said in self.words.plurals and len(entities) == 1:
            return True
        return topic is not None and (bool(inside) or self._tells_of_another(topic))

    def _tells_of_another(self, topic: QuotedSpan) -> bool:
        """Whether a subject that names no organisation of the book names somebody."""
        told_of = self.text[slice(*topic)]
        for known in self.index.find_inside(*topic, ("place", "law")):
            told_of = told_of.replace(self.text[known.start : known.end], "")
        words = told_of.split()
        if not words or words[-1].casefold() in self.words.roles:  # the Cupertino-based company
            return False
        if not self.words.outsiders.isdisjoint(word.casefold() for word in words):
            return True
        is_name = any(word[0].isupper() for word in words[1:])
        return is_name or (len(words) == 1 and words[0][0].isupper())

    def _find_person(self, quotation: Quotation, last: Quotation | None) -> list[Mention]:
        """Return for whom "she" speaks: the person last quoted, or of whom the line tells."""
        if quotation.speaker is None:
            return []
        speaker, topic = quotation.speaker, quotation.topic
        is_near = (
            last is not None and self._is_person(last) and are_adjacent(self.text, last, speaker)
        )
        if last is not None and last.speaker is not None and is_near:
            if topic is None or topic[0] <= last.speaker[0]:
                return last.organisations
        if topic is None:
            return []
        return self._find_for(topic, Quotation([], topic)) if self._tells_of_person(topic) else []

    def _is_person(self, last: Quotation) -> bool:
        """Whether the last speaker is a person: by a role, a name, or a pronoun."""
        if last.speaker is None:
            return False
        said = self.text[slice(*last.speaker)]
        return said.casefold() in self.words.persons or self._tells_of_person(last.speaker)

    def _tells_of_person(self, span: QuotedSpan) -> bool:
        said = self.text[slice(*span)]
        spoken = set(_WORD.findall(said.casefold()))
        roles = self.words.spokespeople | self.words.executives | self.words.staff
        if not roles.isdisjoint(spoken) or any(word in said for word in self.words.han_roles):
            return True
        organisations = self.index.find_inside(*span, ("company", "place", "outlet"))
        if organisations:  # Alpha's Ann Lee
            behind = self.text[organisations[-1].end : span[1]]
            return behind.startswith(("’s ", "'s ")) and behind[3:4].isupper()
        return said.casefold() not in self.words.other_pronouns

    def _repeats(self, quotation: Quotation, said: str, last: Quotation) -> bool:
        """Whether the speaker is the one before: "the spokesman", "the company added"."""
        if last.speaker is None or not last.organisations or quotation.speaker is None:
            return False
        if not are_adjacent(self.text, last, quotation.speaker):
            return False
        folded, before = said.casefold(), self.text[slice(*last.speaker)].casefold()
        if not folded.startswith(_THE_SAID):
            return False
        if any(folded.endswith(role) and role in before for role in self.words.han_roles):
            return True
        head = _WORD.findall(folded)[-1:]
        if not head or len(folded.split()) > 2:
            return False
        if head[0] in self.words.documents:
            return True
        is_same = head[0] in self.words.spokespeople and head[0] in _WORD.findall(before)
        return is_same or (head[0] in self.words.roles and self._goes_on(quotation))

    def _goes_on(self, quotation: Quotation) -> bool:
        """Whether the verb says that the last speaker goes on: "added"."""
        if quotation.cue is None:
            return False
        cue = _WORD.findall(self.text[slice(*quotation.cue)].casefold())
        return not self.words.continuing.isdisjoint(cue)

    def _find_all(self, before: int) -> list[Mention]:
        """Return the list that "each" or "both" takes up in its sentence."""
        lists = [group for group in self.focus.list_before(before) if len(group.entities) > 1]
        if not lists or not lists[-1].can_act:
            return []
        last = lists[-1]
        return [Mention(last.start, last.end, entity, "name") for entity in last.entities]

    def _find_silent(self, speaker: QuotedSpan, quotation: Quotation) -> list[Mention]:
        """Return for whom a bare "spokesman" speaks: whom the text is about, where that is one."""
        contents = quotation.contents
        before = min(contents[0][0], speaker[0]) if contents else speaker[0]
        if contents and (body := self._find_content_body(contents, before)):
            return body
        if self.names.names_another(self.text[slice(*speaker)]):
            return []
        acting = self._find_owner(speaker) or self.focus.find(before)
        subject = self._find_content_subject(contents)
        if subject is not None and (acting is None or subject.entity not in acting.entities):
            if acting is None or acting.kind == "government":
                return [subject] if self._is_own(subject, contents) else []
            return []
        if acting is None or len(acting.entities) != 1:
            return []
        return [Mention(acting.start, acting.end, acting.entities[0], "name")]

    def _find_owner(self, speaker: QuotedSpan) -> Group | None:
        """Return the subject of the sentence to which "its spokesman" belongs."""
        first = self.text[slice(*speaker)].casefold().split(maxsplit=1)[0]
        if first not in self.words.owners:
            return None
        acting = [group for group in self.focus.list_before(speaker[0]) if group.can_act]
        return acting[0] if acting else None

    def _find_content_body(self, contents: Sequence[QuotedSpan], before: int) -> list[Mention]:
        """Return the body with which what is said begins: `would say only that the force`."""
        start, end = contents[0]
        first = self.text[start:end].casefold().split(maxsplit=_SUBJECT_WORDS)[:2]
        if len(first) < 2 or first[0] != "the" or first[1] not in self.words.bodies:
            return []
        span = (start, start + len(" ".join(first)))
        return self.bodies.find_bodies(span, first[1:], before)

    def _find_content_subject(self, contents: Sequence[QuotedSpan]) -> Mention | None:
        """Return the company with which what is said begins: `a spokesman said that Alpha puts`."""
        if not contents:
            return None
        start, end = contents[0]
        reach = min(end, start + _CONTENT_REACH)
        companies = self.index.find_inside(start, reach, ("company",))
        first = companies[0] if companies else None
        if first is None or len(self.text[start : first.start].split()) > 1:
            return None
        return first

    def _is_own(self, subject: Mention, contents: Sequence[QuotedSpan]) -> bool:
        """Whether the words speak of the subject as its own people do: active, with "our"."""
        rest = self.text[subject.end : contents[-1][1]]
        marks = self.words.marks
        return not marks.duty.match(rest) and bool(marks.own_words.search(rest))

    def _find_outlets(self, speaker: QuotedSpan) -> list[Mention]:
        found = []
        for mention in self.index.find_inside(*speaker, ("outlet",)):
            if entity := self.index.find_outlet(self.text, mention):
                found.append(Mention(mention.start, mention.end, entity, mention.kind))
        return found
