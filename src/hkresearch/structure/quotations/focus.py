"""Sentences and mentions of one article -> whom the text is about where somebody speaks without being named."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import read_plain
from hkresearch.structure.text.entity_names import Mention, read_lexicon
from hkresearch.structure.text.mention_lists import Group, group_mentions
from hkresearch.structure.text.sentences import Sentence

SENTENCES_BACK = 4
ACTING = ("company", "government")
HEADINGS_SKIPPED = ("headline", "subhead")


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
        self.starts = [s.start for s in sentences]
        self.groups: dict[int, list[Group]] = {}

    @cached_property
    def lexicon(self):
        """Return the codebook's names and reference words."""
        return read_lexicon(self.codebook)

    def list_groups(self, number: int) -> list[Group]:
        """Return the companies and public bodies of one sentence, lists as one."""
        if number not in self.groups:
            sentence = self.sentences[number]
            low = bisect_right(self.mentions, sentence.start, key=lambda m: m.start - 1)
            high = bisect_right(self.mentions, sentence.end - 1, key=lambda m: m.start)
            own = self.mentions[max(low - 1, 0) : high]
            own = [m for m in own if sentence.start <= m.start < sentence.end]
            found = group_mentions(read_plain(self.text), own, self.lexicon, sentence.start)
            self.groups[number] = [g for g in found if g.kind in ACTING]
        return self.groups[number]

    def find(self, position: int) -> Group | None:
        """Return who acted last before a position; None where nobody or more than one did.

        The sentence itself is asked first, then up to four before it; a headline speaks of no one.
        """
        last = bisect_right(self.starts, position) - 1
        for number in range(last, max(last - SENTENCES_BACK - 1, -1), -1):
            if self.sentences[number].part in HEADINGS_SKIPPED and number != last:
                break
            groups = self.list_groups(number)
            if number == last:
                groups = [g for g in groups if g.end <= position]
            acting = [g for g in groups if g.can_act]
            if acting:
                return self._choose(acting)
            if groups:
                return groups[0] if len({g.entities for g in groups}) == 1 else None
        return None

    def _choose(self, acting: list[Group]) -> Group | None:
        """Return the only one that acts, or the one whose words the others stand in ("X said that Y ...")."""
        first = acting[0]
        if all(set(g.entities) <= set(first.entities) for g in acting):
            return first
        reporting = self.lexicon.references.get("en", {}).get("reporting", ())
        behind = self.text[first.end : acting[1].start].lower().split()
        return first if any(word.strip(",") in reporting for word in behind[:4]) else None
