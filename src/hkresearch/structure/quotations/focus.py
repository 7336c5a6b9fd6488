"""Sentences and mentions of one article -> whom the text is about where a speaker is not named."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import read_plain
from hkresearch.structure.text.entity_names import Lexicon, Mention, read_lexicon
from hkresearch.structure.text.mention_lists import Group, group_mentions
from hkresearch.structure.text.sentences import Sentence

_SENTENCES_BACK = 4
_ACTING_KINDS = ("company", "government")
_HEADINGS = ("headline", "subhead")
_VERB_REACH = 4  # words behind a subject in which its reporting verb stands


class Focus:
    """The organisations that act in each sentence, read when they are asked for."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        mentions: Sequence[Mention],
        codebook: Codebook,
    ) -> None:
        self.text, self.sentences, self.codebook = text, sentences, codebook
        self.mentions = sorted(mentions, key=lambda m: (m.start, m.end, m.entity))
        self.starts = [sentence.start for sentence in sentences]
        self.groups: dict[int, list[Group]] = {}

    @cached_property
    def lexicon(self) -> Lexicon:
        """Return the codebook's names and reference words."""
        return read_lexicon(self.codebook)

    def list_groups(self, number: int) -> list[Group]:
        """Return the companies and public bodies of one sentence, lists as one."""
        if number not in self.groups:
            sentence = self.sentences[number]
            low = bisect_left(self.mentions, sentence.start, key=lambda m: m.start)
            high = bisect_left(self.mentions, sentence.end, key=lambda m: m.start)
            own = self.mentions[low:high]
            found = group_mentions(read_plain(self.text), own, self.lexicon, sentence.start)
            self.groups[number] = [group for group in found if group.kind in _ACTING_KINDS]
        return self.groups[number]

    def list_before(self, position: int) -> list[Group]:
        """Return the lists that end before a position in its sentence."""
        number = bisect_right(self.starts, position) - 1
        return [group for group in self.list_groups(number) if group.end <= position]

    def find(self, position: int) -> Group | None:
        """Return who acted last before a position; None where nobody or more than one did.

        The sentence itself is asked first, then up to four before it; a headline speaks of no one.
        """
        last = bisect_right(self.starts, position) - 1
        for number in range(last, max(last - _SENTENCES_BACK - 1, -1), -1):
            if self.sentences[number].part in _HEADINGS and number != last:
                break
            groups = self.list_groups(number)
            if number == last:
                groups = [group for group in groups if group.end <= position]
            acting = [group for group in groups if group.can_act]
            if acting:
                return self._choose(acting)
            if groups:
                is_one = len({group.entities for group in groups}) == 1
                return groups[0] if is_one else None
        return None

    def _choose(self, acting: list[Group]) -> Group | None:
        """Return the only one that acts, or the one that reports of others ("X said that Y")."""
        first = acting[0]
        if all(set(group.entities) <= set(first.entities) for group in acting):
            return first
        reporting = self.lexicon.references.get("en", {}).get("reporting", ())
        behind = self.text[first.end : acting[1].start].lower().split()
        reports = any(word.strip(",") in reporting for word in behind[:_VERB_REACH])
        return first if reports else None
