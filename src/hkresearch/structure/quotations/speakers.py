"""A speaker's words and the mentions of an article -> the organisation that speaks, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.core.words import has_han
from hkresearch.structure.quotations.focus import Focus
from hkresearch.structure.quotations.mention_index import (
    INTRODUCTION_REACH,
    SPEAKING_KINDS,
    MentionIndex,
)
from hkresearch.structure.quotations.quotation import QuotedSpan
from hkresearch.structure.quotations.speaker_words import SpeakerWords
from hkresearch.structure.text.entity_names import Mention

_BODY_REACH = 700  # characters back to the body that "the bureau" or "a police spokesman" means
_FULL_NAME_REACH = 160  # characters before a full name in which its organisation stands
_APPOSITION_REACH = 60  # characters behind it
_CONTENT_REACH = 40  # characters in which what is said names its subject
_GOVERNMENT = "政府"
_OWNER_MARK = re.compile(r"[’']s?\s|的|旗下")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SURNAME = re.compile(r"(?:Mr|Ms|Mrs|Dr)?\.? ?([A-Z][\w’'-]+)")


class SpeakerReader:
    """Whom speakers speak for, on one page."""

    def __init__(self, text: str, index: MentionIndex, words: SpeakerWords, focus: Focus) -> None:
        self.text, self.index, self.words, self.focus = text, index, words, focus

    def find_organisations(
        self, speaker: QuotedSpan, contents: Sequence[QuotedSpan]
    ) -> list[Mention]:
        """Return the mentions that say for which organisations a speaker speaks.

        None where the text does not say it.
        """
        text, words = self.text, self.words
        said = text[slice(*speaker)]
        head = self._list_head_words(said)
        spoken = set(_WORD.findall(said.casefold()))
        if self._is_outsider(said, head):
            return self._find_clients(speaker) if not words.counsel.isdisjoint(head) else []
        if named := self._find_named(speaker):
            return named
        if said.casefold() in words.relatives:
            return self.index.find_list(text, speaker[0])
        if body := self._find_body(said, spoken, min(contents[0][0], speaker[0])):
            return body
        if not words.public_roles.isdisjoint(spoken) or any(w in said for w in words.han_public):
            return []
        if not words.roles.isdisjoint(spoken) or any(w in said for w in words.han_roles):
            return self._find_silent(speaker, contents)
        if name := _SURNAME.fullmatch(said):
            return self._find_employer(name.group(1), speaker[0])
        return self._find_outlets(speaker)

    def _list_head_words(self, said: str) -> list[str]:
        """Return the words of the phrase up to its head: `a former executive` of `... who left`."""
        folded = said.casefold()
        end = self.words.marks.head_end.search(folded, 1)
        return _WORD.findall(folded[: end.start()] if end else folded)

    def _is_outsider(self, said: str, head: list[str]) -> bool:
        """Whether the speaker speaks for nobody, even beside a name: "a user of Alpha's"."""
        words = self.words
        if any(word in said for word in words.han_outsiders):
            return True
        if not words.former.isdisjoint(head):
            return True
        last = head[-1] if head else ""
        if last in words.spokespeople or last in words.public_roles or last in words.roles:
            return False
        return last in words.outsiders or last in words.counsel

    def _find_clients(self, speaker: QuotedSpan) -> list[Mention]:
        """Return for whom a lawyer speaks: `a lawyer for X`, `X's lawyers`."""
        text = self.text
        found = []
        for mention in self.index.find_inside(*speaker, SPEAKING_KINDS):
            owns = text.startswith(("’s", "'s"), mention.end)
            is_client = self.words.marks.for_client.search(text[speaker[0] : mention.start])
            if mention.start >= speaker[0] and (owns or is_client):
                found.append(mention)
        return found

    def _find_named(self, speaker: QuotedSpan) -> list[Mention]:
        """Return the organisations that the speaker's own words name, no mere owners."""
        aside = self.words.marks.aside.search(self.text, *speaker)
        head_end = aside.start() if aside else speaker[1]
        inside = self.index.find_inside(speaker[0], head_end, SPEAKING_KINDS)
        kept = [
            mention
            for k, mention in enumerate(inside)
            if not self._is_owner(mention, inside[k + 1 :])
            and (mention.kind != "reference" or self._may_refer(speaker, mention))
        ]
        if not kept:
            return self._find_lower_name(speaker[0], head_end)
        kept = self._drop_other_references(kept)
        first_of_each = {mention.entity: mention for mention in reversed(kept)}
        return list(first_of_each.values())[::-1]

    def _find_lower_name(self, start: int, end: int) -> list[Mention]:
        """Return the company of `alpha's spokesman`."""
        name = self.words.lower_names.search(self.text, start, end + 1)
        if name is None:
            return []
        entity = self.words.lower_entities[name.group(1)]
        return [Mention(name.start(1), name.end(1), entity, "name")]

    def _drop_other_references(self, kept: list[Mention]) -> list[Mention]:
        """Drop references to others of another kind than the named ones."""
        names = [mention for mention in kept if mention.kind == "name"]
        references = {m.entity: m for m in reversed(kept) if m.kind == "reference"}
        if not names or set(references) <= {mention.entity for mention in names}:
            return kept
        first = next(mention for mention in kept if mention.kind == "reference")
        kind = self.index.find_kind(first.entity)
        return names if self.index.find_kind(kept[0].entity) != kind else kept

    def _may_refer(self, speaker: QuotedSpan, reference: Mention) -> bool:
        """Whether a reference names who speaks: no bare "spokesman", none beside a body's words."""
        text, words = self.text, self.words
        lead = text[speaker[0] : reference.start]
        if has_han(lead):
            return False
        own = set(_WORD.findall(text[reference.start : reference.end].casefold()))
        spoken = set(_WORD.findall(text[slice(*speaker)].casefold()))
        is_public = not words.public_roles.isdisjoint(spoken) and not words.marks.for_client.search(
            lead
        )
        return not is_public and words.spokespeople.isdisjoint(own)

    def _find_body(self, said: str, spoken: set[str], before: int) -> list[Mention]:
        """Return the public body that "the agency" means: the last one that is called so."""
        for word in sorted(spoken):
            if same := self.words.bodies.get(word):
                found = self.index.find_body(self.text, before, same, _BODY_REACH)
                return [found] if found else []
        if _GOVERNMENT in said and _GOVERNMENT in self.text[:before]:
            for mention in reversed(self.index.find_inside(0, before, ("government",))):
                if mention.start < before - _BODY_REACH:
                    break
                if _GOVERNMENT in self.text[mention.start : mention.end]:
                    return [mention]
        return []

    def _find_silent(self, speaker: QuotedSpan, contents: Sequence[QuotedSpan]) -> list[Mention]:
        """Return for whom a bare "spokesman" speaks: whom the text is about, where that is one."""
        before = min(contents[0][0], speaker[0])
        acting = self.focus.find(before)
        subject = self._find_content_subject(contents)
        if subject is not None and (acting is None or subject.entity not in acting.entities):
            if acting is None or acting.kind == "government":
                return [subject] if self._is_own(subject, contents) else []
            return []
        if acting is None or len(acting.entities) != 1:
            return []
        return [Mention(acting.start, acting.end, acting.entities[0], "name")]

    def _find_content_subject(self, contents: Sequence[QuotedSpan]) -> Mention | None:
        """Return the company with which what is said begins: `a spokesman said that Alpha puts`."""
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
        return not self.words.marks.duty.match(rest) and bool(
            self.words.marks.own_words.search(rest)
        )

    def _find_employer(self, surname: str, before: int) -> list[Mention]:
        """Return the organisation that stood with the full name when the text introduced it."""
        text, index = self.text, self.index
        first = index.find_introduction(text, surname)
        if first is None or first.end() > before:
            return []
        name_start = first.start()
        low = max(0, name_start - _FULL_NAME_REACH)
        start = max(text.rfind("\n", low, name_start) + 1, low)
        if self.words.marks.own_company.search(text, start, name_start):
            start = name_start - INTRODUCTION_REACH
        if named := index.find_last(name_start, SPEAKING_KINDS, name_start - start):
            return named
        stop = min(len(text), first.end() + _APPOSITION_REACH)
        return index.find_inside(first.end(), stop, SPEAKING_KINDS)[:1]

    def _find_outlets(self, speaker: QuotedSpan) -> list[Mention]:
        found = []
        for mention in self.index.find_inside(*speaker, ("outlet",)):
            if entity := self.index.find_outlet(self.text, mention):
                found.append(Mention(mention.start, mention.end, entity, mention.kind))
        return found

    def _is_owner(self, mention: Mention, later: Sequence[Mention]) -> bool:
        """Whether the mention only says whose the next one is: `Alpha's Beta`, `its parent`."""
        others = (m for m in later if m.start >= mention.end and m.entity != mention.entity)
        following = next(others, None)
        if following is None:
            return False
        between = self.text[mention.end : following.start]
        named = self.text[mention.start : mention.end].casefold()
        return bool(_OWNER_MARK.match(between)) or named in self.words.owners
