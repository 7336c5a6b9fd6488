"""One sentence -> its figures, with the lists, dates and places that say what they are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.core.article import Article
from hkresearch.structure.quantities.figures import Figure
from hkresearch.structure.quantities.measures import Measure
from hkresearch.structure.quantities.places import PlaceReader
from hkresearch.structure.text.dates import FoundDate, find_dates
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mention_lists import Group
from hkresearch.structure.text.mentions import find_side
from hkresearch.structure.text.sentences import Sentence
from hkresearch.structure.text.word_alternatives import join_classes

DATED_KINDS = ("count", "percent")  # figures that hold for a period
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_LENGTH = len("2020")
_NEAR_PLACE = 80  # characters behind a figure in which a place can claim it


@lru_cache(maxsize=8)
def read_period_words(codebook: Codebook) -> re.Pattern[str]:
    """Return the words by which a sentence speaks of a period of its own."""
    table = codebook.news["figures"]
    han_words = join_classes(table, "han_period_words")
    return re.compile(rf"\b(?:{join_classes(table, 'period_words')})\b|{han_words}")


class SentenceFigures:
    """The figures of one sentence, and what stands around them."""

    def __init__(
        self,
        article: Article,
        plain: Plain,
        sentence: Sentence,
        own: Sequence[Mention],
        words: Sequence[PlainWord],
        figures: Sequence[Figure],
        groups: Sequence[Group],
        mainly_here: bool,
        codebook: Codebook,
    ) -> None:
        self.plain, self.own, self.words = plain, own, words
        self.span = (sentence.start, sentence.end)
        self.figures, self.groups = figures, groups
        self.mainly_here = mainly_here
        dates = find_dates(article, *self.span, codebook)
        self.dated = {f for f in figures if any(d.start <= f.start < d.end for d in dates)}
        self.counts = [f for f in figures if f.kind in DATED_KINDS and not _is_year(f)]
        self.periods = _list_periods(article.text, dates, len(self.counts) > 1)
        counted = [f for f in figures if f not in self.dated and f.kind != "duration"]
        self.places = PlaceReader(plain, self.span, counted, own, mainly_here, codebook)
        self.speaks_of_time = bool(read_period_words(codebook).search(plain.lower, *self.span))
        self.sides = [(find_side(codebook, mention.entity), mention.start) for mention in own]

    def may_measure(self, figure: Figure, measure: Measure, seen: Collection[str]) -> bool:
        """Return whether a figure can be one of the measure's, after those of the variables seen.

        A figure inside a date is none, except where the measure asks for an ordinal.
        """
        if figure in self.dated and measure.kind != "ordinal":
            return False
        return not measure.follows or measure.follows in seen

    def is_placed(self, figure: Figure, measure: Measure) -> bool:
        """Return whether the figure belongs to the topic's place."""
        counted = self.places.figures
        if not measure.subject and measure.kind in DATED_KINDS and figure in counted:
            number = counted.index(figure)
            if measure.place and not self.places.has_place(number, measure.place):
                return False
            return self.places.is_here(number)
        if any(side == "here" for side, _ in self.sides):
            return True
        gaps = [start - figure.start for side, start in self.sides if side == "foreign"]
        return self.mainly_here and not any(0 <= gap < _NEAR_PLACE for gap in gaps)

    def choose_period(self, figure: Figure, measure: Measure, last_period: str) -> str:
        """Return the period of the figure.

        That is the only one of its sentence, else the nearest on the side where they stand, else
        that of an earlier sentence.
        """
        if measure.subject or measure.kind not in DATED_KINDS:
            return ""
        if not self.periods:
            return "" if self.speaks_of_time else last_period
        if len({iso for _, iso in self.periods}) == 1:
            return self.periods[0][1]
        before = [iso for place, iso in self.periods if place < figure.start]
        behind = [iso for place, iso in self.periods if place > figure.start]
        first_count = min(count.start for count in self.counts)
        if self.periods[0][0] < first_count:
            return (before[-1:] or behind[:1])[0]
        return (behind[:1] or before[-1:])[0]


def _is_year(figure: Figure) -> bool:
    return _YEAR.fullmatch(figure.value) is not None


def _list_periods(
    text: str, dates: Sequence[FoundDate], has_several: bool
) -> list[tuple[int, str]]:
    """Return (place, interval) of the periods that the sentence speaks of; "since 2019" is none.

    Beside spans of months whole years count only in a sentence of several figures.
    """
    intervals = [(found.start, found.iso) for found in dates if _is_months(found.iso)]
    years = [
        (found.start, f"{found.iso}-01-01/{found.iso}-12-31")
        for found in dates
        if len(found.iso) == _YEAR_LENGTH and not text.startswith(("since", "Since"), found.start)
    ]
    if has_several:
        return sorted(intervals + years)
    return sorted(intervals) or sorted(years)


def _is_months(iso: str) -> bool:
    """Return whether an ISO interval begins with a month and ends in another."""
    return "/" in iso and iso[8:10] == "01" and iso[:7] != iso[11:18]
