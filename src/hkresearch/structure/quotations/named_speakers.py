"""The words of a speaker -> the organisations that they name, and who speaks for none of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.core.words import has_han
from hkresearch.structure.quotations.mention_index import SPEAKING_KINDS, MentionIndex
from hkresearch.structure.quotations.quotation import QuotedSpan
from hkresearch.structure.quotations.speaker_words import SpeakerWords
from hkresearch.structure.text.entity_names import Mention

_OWNER_MARK = re.compile(r"[’']s?\s|-owned\s|的|旗下")
_OF_ANOTHER = re.compile(r" (?:for|of|at|from|with) (?:the )?[A-Z]")
_NAME_BEHIND = re.compile(r" [A-Z]")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


class NamedSpeakerReader:
    """The organisations that the speakers' own words name, on one page."""

    def __init__(self, text: str, index: MentionIndex, words: SpeakerWords) -> None:
        self.text, self.index, self.words = text, index, words

    def _list_head_words(self, said: str) -> list[str]:
        """Return the words of the phrase up to its head: `a former executive` of `... who left`."""
        folded = said.casefold()
        end = self.words.marks.head_end.search(folded, 1)
        return _WORD.findall(folded[: end.start()] if end else folded)

    def is_outsider(self, said: str) -> bool:
        """Return whether the speaker speaks for nobody, even beside a name: "a user of Alpha's"."""
        words, head = self.words, self._list_head_words(said)
        if any(word in said for word in words.han_outsiders):
            return True
        if not words.former.isdisjoint(head):
            return True
        last = head[-1] if head else ""
        if head[-2:-1] and head[-2] in words.leading:  # a general manager
            return False
        if last in words.spokespeople or last in words.public_roles or last in words.roles:
            return False
        return last in words.outsiders or last in words.counsel

    def names_another(self, said: str) -> bool:
        """Return whether a role is of somebody whom the book does not list: `an Acme spokesman`."""
        role = self.words.marks.spokesperson.search(said)
        before = said if role is None else said[: role.start()]
        if any(word[0].isupper() for word in before.split()[1:]):
            return True
        return role is not None and bool(_OF_ANOTHER.match(said, role.end()))

    def find_clients(self, speaker: QuotedSpan) -> list[Mention]:
        """Return for whom a lawyer speaks: `a lawyer for X`, `X's lawyers`; none for others."""
        text = self.text
        head = self._list_head_words(text[slice(*speaker)])
        if self.words.counsel.isdisjoint(head):
            return []
        found = []
        for mention in self.index.find_inside(*speaker, (*SPEAKING_KINDS, "outlet")):
            owns = text.startswith(("’s", "'s"), mention.end)
            is_client = self.words.marks.for_client.search(text[speaker[0] : mention.start])
            if mention.start >= speaker[0] and (owns or is_client):
                found.append(mention)
        return found

    def find_named(self, speaker: QuotedSpan) -> list[Mention]:
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
        named_so = text[reference.start : reference.end]
        is_part = "-" in (
            text[reference.start - 1 : reference.start],
            text[reference.end : reference.end + 1],
        )
        if is_part or (len(named_so) > 1 and named_so.isupper()):
            return False  # a know-it-all, IT Services
        is_phrase = " " in text[reference.start : reference.end]
        if is_phrase and _NAME_BEHIND.match(text, reference.end, speaker[1]):
            return False  # the nonprofit Acme
        if has_han(lead):
            return False
        own = set(_WORD.findall(text[reference.start : reference.end].casefold()))
        spoken = set(_WORD.findall(text[slice(*speaker)].casefold()))
        is_public = not words.public_roles.isdisjoint(spoken) and not words.marks.for_client.search(
            lead
        )
        return not is_public and words.spokespeople.isdisjoint(own)

    def _is_owner(self, mention: Mention, later: Sequence[Mention]) -> bool:
        """Whether the mention only says whose the next one is: `Alpha's Beta`, `its parent`."""
        others = (m for m in later if m.start >= mention.end and m.entity != mention.entity)
        following = next(others, None)
        if following is None:
            return False
        between = self.text[mention.end : following.start]
        named = self.text[mention.start : mention.end].casefold()
        return bool(_OWNER_MARK.match(between)) or named in self.words.owners
