"""The quotations of a page -> who tells of a position when not the organisation itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article

# What follows is the page's own again.
_OWN_AGAIN = re.compile(r", (?:but|while|whereas)\b|，(?:而|但)")
_OWN_AGAIN_REACH = 300  # characters before a position in which such a word stands


@dataclass(frozen=True, slots=True)
class ReportedSpeech:
    """What a quotation reports, at [start, end), who says so, and for which organisations."""

    start: int
    end: int
    speaker: Annotation
    organisations: frozenset[str]


class ThirdParty(NamedTuple):
    """Who tells of a position: an outlet's id or the page's words for them, and where these stand.

    `whom` are those organisations of the position that the speaker does not belong to.
    """

    who: str
    start: int
    end: int
    whom: tuple[str, ...]


class ThirdPartySpeakers:
    """The reported speech of one article whose speaker it names."""

    def __init__(
        self, article: Article, quotations: Sequence[Annotation], codebook: Codebook
    ) -> None:
        self.text, self.entities = article.text, codebook.entities
        self.owners = {id: entity.get("owner", id) for id, entity in codebook.entities.items()}
        self.manners = codebook.news.get("clauses", {}).get("zh", {}).get("manners", ())
        self._read_word_classes(codebook)
        # In order, and none inside another, so that their ends are in order too.
        self.speeches = self._list_speeches(quotations)
        self.ends = [speech.end for speech in self.speeches]

    def _read_word_classes(self, codebook: Codebook) -> None:
        tables = codebook.news.get("quotations", {})
        english, chinese = tables.get("en", {}), tables.get("zh", {})
        words = english.get("words", {})
        people = codebook.news.get("references", {}).get("en", {}).get("people", "")
        self.pronouns = {
            *words.get("subject_pronouns", "").split(),
            *words.get("relatives", "").split(),
        }
        self.roles = {*english.get("roles", "").split(), *people.split()}
        self.han_roles = tuple(chinese.get("roles", "").split())

    def _list_speeches(self, quotations: Sequence[Annotation]) -> list[ReportedSpeech]:
        attributes: dict[tuple[str, str], list[Annotation]] = defaultdict(list)
        for row in quotations:
            attributes[row.subject, row.variable].append(row)
        speeches: list[ReportedSpeech] = []
        for row in sorted(quotations, key=lambda row: (row.start, -row.end, row.id)):
            speakers = attributes[row.id, "speaker"] if row.variable == "quotation" else []
            if not speakers or self._is_manner(speakers[0].exact):
                continue
            if not speeches or row.end > speeches[-1].end:
                organisations = frozenset(a.code for a in attributes[row.id, "organisation"])
                speeches.append(ReportedSpeech(row.start, row.end, speakers[0], organisations))
        return speeches

    def _is_manner(self, speaker: str) -> bool:
        """Whether the words only say how it was done ("陸續"): nobody's name."""
        rest = speaker
        for manner in self.manners:
            rest = rest.replace(manner, "")
        return not rest.strip()

    def find_third_party(self, start: int, entities: Sequence[str]) -> ThirdParty | None:
        """Return the speaker whose words stand at `start`; None if `entities` speak for themselves.

        A speaker who is only referred to ("it", "a spokesperson") may be the organisation's own, so
        it is no third person. Of one report inside another the outer one counts.
        """
        at = bisect_right(self.ends, start)
        speech = self.speeches[at] if at < len(self.speeches) else None
        if speech is None or speech.start > start:
            return None
        if _OWN_AGAIN.search(self.text, max(speech.start, start - _OWN_AGAIN_REACH), start):
            return None
        whom = tuple(
            entity for entity in entities if not self._belongs(entity, speech.organisations)
        )
        words = speech.speaker.exact
        if not whom or not speech.organisations and self._is_reference(words.casefold()):
            return None
        outlets = sorted(
            id for id in speech.organisations if self.entities.get(id, {}).get("kind") == "outlet"
        )
        who = outlets[0] if outlets else " ".join(words.split())
        return ThirdParty(who, speech.speaker.start, speech.speaker.end, whom)

    def _belongs(self, entity: str, organisations: frozenset[str]) -> bool:
        """Whether the organisation, its owner or one that it owns is among `organisations`."""
        owners = {self.owners.get(other, other) for other in organisations}
        return self.owners.get(entity, entity) in owners

    def _is_reference(self, speaker: str) -> bool:
        words = speaker.split()
        is_role = not self.roles.isdisjoint(words)
        is_han_role = any(role in speaker for role in self.han_roles)
        return is_role or is_han_role or bool(words) and words[0] in self.pronouns
