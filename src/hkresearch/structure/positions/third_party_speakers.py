"""The quotations of a page -> who tells of an organisation's position when it is not the organisation itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Annotation, Article

CONTRAST = re.compile(
    r", (?:but|while|whereas)\b|，(?:而|但)"
)  # what follows is the page's own again
REACH = 300  # characters before a position in which such a word stands


@dataclass(frozen=True, slots=True)
class Told:
    """What a quotation reports, at [start, end), who says so, and for which organisations."""

    start: int
    end: int
    speaker: Annotation
    organisations: frozenset[str]


class Tellers:
    """The reported speech of one article whose speaker it names, with the book's words for speakers that it does not."""

    def __init__(
        self, article: Article, quotations: Sequence[Annotation], codebook: Codebook
    ) -> None:
        self.text, self.entities = article.text, codebook.entities
        self.owners = {id: entity.get("owner", id) for id, entity in codebook.entities.items()}
        self.manners = codebook.news.get("clauses", {}).get("zh", {}).get("manners", ())
        attributes: dict[tuple[str, str], list[Annotation]] = defaultdict(list)
        for row in quotations:
            attributes[row.subject, row.variable].append(row)
        self.told: list[
            Told
        ] = []  # in order; none inside another, so that their ends are in order too
        for row in sorted(quotations, key=lambda row: (row.start, -row.end, row.id)):
            speakers = attributes[row.id, "speaker"] if row.variable == "quotation" else ()
            if (
                speakers
                and not self._is_manner(speakers[0].exact)
                and (not self.told or row.end > self.told[-1].end)
            ):
                organisations = frozenset(a.code for a in attributes[row.id, "organisation"])
                self.told.append(Told(row.start, row.end, speakers[0], organisations))
        self.ends = [told.end for told in self.told]
        english, chinese = (
            codebook.news.get("quotations", {}).get(language, {}) for language in ("en", "zh")
        )
        people = codebook.news.get("references", {}).get("en", {}).get("people", "")
        self.pronouns = {*english.get("words", {}).get("subject_pronouns", "").split(),
                         *english.get("words", {}).get("relatives", "").split()}  # fmt: skip
        self.roles = {*english.get("roles", "").split(), *people.split()}
        self.han_roles = tuple(chinese.get("roles", "").split())

    def _is_manner(self, speaker: str) -> bool:
        """Whether the words only say how it was done ("陸續"): nobody's name."""
        rest = speaker
        for manner in self.manners:
            rest = rest.replace(manner, "")
        return not rest.strip()

    def find_third(
        self, start: int, entities: Sequence[str]
    ) -> tuple[str, int, int, tuple[str, ...]] | None:
        """Return (who, start, end, whom) of the speaker whose words stand at `start`; None where they speak for themselves.

        `who` is an outlet's id, or the page's words; `whom` are those of `entities` that the speaker does not belong to.
        A speaker who is only referred to ("it", "a spokesperson") may be the organisation's own, so it is no third
        person. Of one report inside another the outer one counts.
        """
        at = bisect_right(self.ends, start)
        told = self.told[at] if at < len(self.told) else None
        if (
            told is None
            or told.start > start
            or CONTRAST.search(self.text, max(told.start, start - REACH), start)
        ):
            return None
        whom = tuple(entity for entity in entities if not self._belongs(entity, told.organisations))
        if not whom or not told.organisations and self._is_reference(told.speaker.exact.casefold()):
            return None
        outlets = sorted(
            id for id in told.organisations if self.entities.get(id, {}).get("kind") == "outlet"
        )
        who = outlets[0] if outlets else " ".join(told.speaker.exact.split())
        return who, told.speaker.start, told.speaker.end, whom

    def _belongs(self, entity: str, organisations: frozenset[str]) -> bool:
        """Whether the organisation, its owner or one that it owns is among `organisations`."""
        return self.owners.get(entity, entity) in {
            self.owners.get(other, other) for other in organisations
        }

    def _is_reference(self, speaker: str) -> bool:
        words = speaker.split()
        is_role = not self.roles.isdisjoint(words) or any(
            role in speaker for role in self.han_roles
        )
        return is_role or words[:1] and words[0] in self.pronouns
