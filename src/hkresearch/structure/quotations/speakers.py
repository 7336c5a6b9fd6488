"""A speaker's words and the mentions of an article -> the organisation that speaks; none where the text leaves it open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hkresearch.structure.quotations.focus import Focus
from hkresearch.structure.quotations.mention_index import ACTORS, REACH, MentionIndex
from hkresearch.structure.quotations.speaker_words import SpeakerWords
from hkresearch.structure.text.entity_names import Mention

BODY_REACH = 700  # characters back to the body that "the bureau" or "a police spokesman" means
# What stands after one of these is said about the speaker, and does not speak.
ASIDE = re.compile(
    r",? (?:which|who|whose|owned by|part of|a (?:unit|subsidiary) of)\b|[,，](?=[^,，]{0,40}[’']s )"
)
OWNERS = ("its", "their", "his", "her", "其")
POSSESSIVE = re.compile(r"\b[Ii]ts |\b[Tt]he (?:company|firm)[’']s ")
HAN = re.compile("[\u3400-\u9fff]")
OWNER_MARK = re.compile(r"[’']s?\s|的|旗下")
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
HEAD_END = re.compile(
    r"[,(（—–]| (?:of|for|at|from|in|with|to|on|about|who|which|that|whose|based|familiar|close|by)\b"
)
SURNAME = re.compile(r"(?:Mr|Ms|Mrs|Dr)?\.? ?([A-Z][\w’'-]+)")
FOR = re.compile(r"\b(?:for|representing|acting for)\s+(?:the )?$")
PASSIVE_OR_DUTY = re.compile(
    r"\W*(?:\w+ly )?(?:must|should|ought|has to|have to|needs? to|(?:is|are|was|were)(?: being)? \w+ed\b)"
)
OWN_WORDS = re.compile(r"\b(?:its|their|our|we|ours)\b", re.IGNORECASE)


class SpeakerReader:
    """Whom speakers speak for, on one page."""

    def __init__(self, text: str, index: MentionIndex, words: SpeakerWords, focus: Focus) -> None:
        self.text, self.index, self.words, self.focus = text, index, words, focus

    def find_organisations(
        self, speaker: tuple[int, int], contents: Sequence[tuple[int, int]]
    ) -> list[Any]:
        """Return the mentions that say for which organisations `speaker` speaks; none where the text does not say it."""
        text, words = self.text, self.words
        said = text[slice(*speaker)]
        head = _list_head_words(said)
        spoken = set(WORD.findall(said.casefold()))
        if self._is_outsider(said, head):
            return self._find_clients(speaker) if not words.counsel.isdisjoint(head) else []
        if named := self._find_named(speaker, head):
            return named
        if said.casefold() in words.relatives:
            return self.index.find_list(text, speaker[0])
        if body := self._find_body(said, spoken, min(contents[0][0], speaker[0])):
            return body
        if not words.public_roles.isdisjoint(spoken) or any(w in said for w in words.han_public):
            return []
        if not words.roles.isdisjoint(spoken) or any(w in said for w in words.han_roles):
            return self._find_silent(speaker, contents)
        if name := SURNAME.fullmatch(said):
            return self._find_employer(name.group(1), speaker[0])
        return self._find_outlets(speaker)

    def _is_outsider(self, said: str, head: list[str]) -> bool:
        """Whether the speaker speaks for nobody, even beside a name: "a user of Alpha's", "a former Alpha executive"."""
        words = self.words
        if any(word in said for word in words.han_outsiders):
            return True
        if not words.former.isdisjoint(head):
            return True
        own = words.spokespeople | words.public_roles
        last = head[-1] if head else ""
        if last in own or last in words.roles:
            return False
        return last in words.outsiders or last in words.counsel

    def _find_clients(self, speaker: tuple[int, int]) -> list[Any]:
        """Return for whom a lawyer speaks: `a lawyer for X`, `X's lawyers`."""
        inside = self.index.find_inside(*speaker, ACTORS)
        found = []
        for mention in inside:
            lead = self.text[speaker[0] : mention.start]
            owns = self.text[mention.end : mention.end + 2] in ("’s", "'s")
            if mention.start >= speaker[0] and (owns or FOR.search(lead)):
                found.append(mention)
        return found

    def _find_named(self, speaker: tuple[int, int], head: list[str]) -> list[Any]:
        """Return the organisations that the speaker's own words name, without those that only own another."""
        text = self.text
        head_end = speaker[1]
        if aside := ASIDE.search(text, *speaker):
            head_end = aside.start()
        inside = self.index.find_inside(speaker[0], head_end, ACTORS)
        kept = [
            m
            for k, m in enumerate(inside)
            if not (inside[k + 1 :] and _is_owner(text, m, inside[k + 1 :]))
        ]
        kept = [m for m in kept if m.kind != "reference" or self._may_refer(speaker, m)]
        if not kept and self.words.lower_names:
            name = self.words.lower_names.search(text, speaker[0], head_end + 1)
            if name:
                entity = self.words.lower_entities[name.group(1)]
                return [Mention(name.start(1), name.end(1), entity, "name")]
        if any(m.kind == "name" for m in kept):
            references = [m for m in kept if m.kind == "reference"]
            named = {m.entity for m in kept if m.kind == "name"}
            if references and not {m.entity for m in references} <= named:
                is_mixed = self.index.find_kind(kept[0].entity) != self.index.find_kind(
                    references[0].entity
                )
                kept = [m for m in kept if m.kind == "name"] if is_mixed else kept
        return list({m.entity: m for m in reversed(kept)}.values())[::-1]

    def _may_refer(self, speaker: tuple[int, int], reference: Any) -> bool:
        """Whether a reference names who speaks: no bare "spokesman", and none beside a public body's words."""
        if HAN.search(self.text, speaker[0], reference.start):
            return False
        words = set(WORD.findall(self.text[reference.start : reference.end].casefold()))
        spoken = set(WORD.findall(self.text[slice(*speaker)].casefold()))
        lead = self.text[speaker[0] : reference.start]
        is_public = not self.words.public_roles.isdisjoint(spoken) and not FOR.search(lead)
        return not is_public and self.words.spokespeople.isdisjoint(words)

    def _find_body(self, said: str, spoken: set[str], before: int) -> list[Any]:
        """Return the public body that "the agency" or "a police spokesman" means: the last one that is called so."""
        for word in sorted(spoken):
            if same := self.words.bodies.get(word):
                found = self.index.find_body(self.text, before, same, BODY_REACH)
                return [found] if found else []
        if "政府" in said and "政府" in self.text[:before]:
            for mention in reversed(self.index.find_inside(0, before, ("government",))):
                if mention.start < before - BODY_REACH:
                    break
                if "政府" in self.text[mention.start : mention.end]:
                    return [mention]
        return []

    def _find_silent(
        self, speaker: tuple[int, int], contents: Sequence[tuple[int, int]]
    ) -> list[Any]:
        """Return for whom a bare "spokesman" speaks: whom the text is about, unless the words are another's own."""
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

    def _find_content_subject(self, contents: Sequence[tuple[int, int]]) -> Any | None:
        """Return the company with which what is said begins: `a spokesman said that Alpha puts ...`."""
        start, end = contents[0]
        companies = self.index.find_inside(start, min(end, start + 40), ("company",))
        first = companies[0] if companies else None
        if first is None or len(self.text[start : first.start].split()) > 1:
            return None
        return first

    def _is_own(self, subject: Any, contents: Sequence[tuple[int, int]]) -> bool:
        """Whether the words speak of the subject as its own people do: active, without a duty, with "its" or "our"."""
        rest = self.text[subject.end : contents[-1][1]]
        return not PASSIVE_OR_DUTY.match(rest) and bool(OWN_WORDS.search(rest))

    def _find_employer(self, surname: str, before: int) -> list[Any]:
        """A surname alone: the organisation that stood with the full name when the text introduced it."""
        text, index = self.text, self.index
        first = index.find_introduction(text, surname)
        if first is None or first.end() > before:
            return []
        start = max(
            text.rfind("\n", max(0, first.start() - 160), first.start()) + 1, first.start() - 160, 0
        )
        if POSSESSIVE.search(text, start, first.start()):
            start = first.start() - REACH
        return (
            index.find_last(first.start(), ACTORS, first.start() - start)
            or index.find_inside(first.end(), min(len(text), first.end() + 60), ACTORS)[:1]
        )

    def _find_outlets(self, speaker: tuple[int, int]) -> list[Any]:
        found = []
        for mention in self.index.find_inside(*speaker, ("outlet",)):
            if entity := self.index.find_outlet(self.text, mention):
                found.append(Mention(mention.start, mention.end, entity, mention.kind))
        return found


def _list_head_words(said: str) -> list[str]:
    """Return the words of the phrase up to its head: `a former Alpha executive` of `... who left in May`."""
    folded = said.casefold()
    end = HEAD_END.search(folded, 1)
    return WORD.findall(folded[: end.start()] if end else folded)


def _is_owner(text: str, mention: Any, later: Sequence[Any]) -> bool:
    """Whether the mention only says whose the next one is: `Alpha's Beta`, `its parent Alpha`."""
    following = next(
        (m for m in later if m.start >= mention.end and m.entity != mention.entity), None
    )
    if following is None:
        return False
    between = text[mention.end : following.start]
    return bool(OWNER_MARK.match(between)) or text[mention.start : mention.end].casefold() in OWNERS
