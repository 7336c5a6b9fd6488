"""Sentences and the codebook's quantity variables -> figures with value, unit, period, subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import PlainWord, read_plain
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.quantities.bounds import read_bound, read_bound_words
from hkresearch.structure.quantities.figure_words import read_figure_words
from hkresearch.structure.quantities.figures import Figure, find_figures
from hkresearch.structure.quantities.measures import Measure, fits_measure, read_measures
from hkresearch.structure.quantities.places import read_place_words
from hkresearch.structure.quantities.sentence_figures import DATED_KINDS, SentenceFigures
from hkresearch.structure.quantities.subjects import (
    Entities,
    choose_addressees,
    find_company,
    find_measured,
    list_addressees,
)
from hkresearch.structure.text.entity_names import Mention, read_lexicon
from hkresearch.structure.text.mention_lists import group_mentions
from hkresearch.structure.text.mentions import find_side, is_mainly_here, split_by_sentence
from hkresearch.structure.text.sentences import Sentence

_CODER = "quantities/1"
# Their subject is not the one that the text before them spoke of.
_HEADINGS = ("headline", "standfirst", "subhead")


def code_quantities(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    codebook: Codebook,
) -> list[Annotation]:
    """Return the figures that a quantity variable of the codebook gives a meaning."""
    is_here = any(find_side(codebook, mention.entity) == "here" for mention in mentions)
    if not is_here or not read_measures(codebook):
        return []
    reader = _QuantityReader(article, mentions, codebook)
    for sentence, own, words in split_by_sentence(sentences, mentions, reader.plain.words):
        reader.read_sentence(sentence, own, words)
    return sorted(
        reader.found.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.id)
    )


class _QuantityReader:
    """The figures of one page, read sentence by sentence, and what earlier sentences spoke of."""

    def __init__(self, article: Article, mentions: Sequence[Mention], codebook: Codebook) -> None:
        self.article, self.codebook = article, codebook
        self.plain, self.lexicon = read_plain(article.text), read_lexicon(codebook)
        self.measures = read_measures(codebook)
        self.figure_words, self.place_words = (
            read_figure_words(codebook),
            read_place_words(codebook),
        )
        self.bound_words = read_bound_words(codebook)
        self.mainly_here = is_mainly_here(codebook, mentions)
        self.found: dict[str, Annotation] = {}
        self.company: Entities = ()
        self.addressees: Entities = ()
        self.period = ""
        self.given: dict[str, list[Figure]] = {}  # by the last sentence with such a figure
        self.just_given: set[str] = set()

    def read_sentence(
        self, sentence: Sentence, own: Sequence[Mention], words: Sequence[PlainWord]
    ) -> None:
        """Add the quantities of one sentence, and remember whom and which period it speaks of."""
        span = sentence.start, sentence.end
        figures = list(find_figures(self.plain, *span, words, self.figure_words))
        named = list_addressees(own, self.codebook)
        groups = None
        coded: dict[str, list[Figure]] = {}
        if figures:
            groups = group_mentions(self.plain, own, self.lexicon, sentence.start)
            around = SentenceFigures(
                self.article, self.plain, sentence, own, words, figures, groups,
                self.mainly_here, self.codebook,
            )  # fmt: skip
            spoken_of = () if sentence.part in _HEADINGS else self.company
            coded = self._code_figures(around, named, spoken_of)
        for measure in self.measures if named and self.given else ():
            for figure, subjects in self._repeat(measure, named, span, words):
                self._write(figure, measure, subjects, {})
        self.company = find_company(groups, own, self.lexicon) or self.company
        addressed = tuple(dict.fromkeys(mention.entity for mention in named))
        self.addressees = addressed or (self.addressees if figures else ())
        if coded:
            self.given, self.just_given = self.given | coded, set(coded)
        elif not named:
            self.just_given = set()

    def _code_figures(
        self, around: SentenceFigures, named: Sequence[Mention], spoken_of: Entities
    ) -> dict[str, list[Figure]]:
        """Write the figures of a sentence that a measure fits, each for the first one.

        Returns the figures by their variables.
        """
        coded: dict[str, list[Figure]] = {}
        seen: set[str] = set()
        for figure in around.figures:
            for measure in self.measures:
                if not self._fits(figure, measure, around, bool(named), seen):
                    continue
                whom = self._choose_addressees(figure.start, named, around.span)
                subjects = find_measured(figure, measure, around.groups, spoken_of, whom)
                if not subjects or not around.is_placed(figure, measure):
                    seen.add(f"{measure.variable}_elsewhere")
                    continue
                attributes = {"period": around.choose_period(figure, measure, self.period)}
                if measure.kind in DATED_KINDS:
                    bound = read_bound(figure, self.plain, around.span, self.bound_words)
                    attributes |= {"bound": bound} if bound else {}
                self._write(figure, measure, subjects, attributes)
                coded.setdefault(measure.variable, []).append(figure)
                seen.add(measure.variable)
                break
        self.period = around.periods[0][1] if around.periods else self.period
        return coded

    def _fits(
        self,
        figure: Figure,
        measure: Measure,
        around: SentenceFigures,
        is_addressed: bool,
        seen: set[str],
    ) -> bool:
        if not around.may_measure(figure, measure, seen):
            return False
        goes_on = is_addressed and measure.variable in self.just_given
        return fits_measure(figure, measure, self.plain, around.span, around.words, goes_on)

    def _choose_addressees(
        self, place: int, named: Sequence[Mention], span: tuple[int, int]
    ) -> Entities:
        here = choose_addressees(place, named, self.plain, span, self.place_words)
        if here is None:
            return ()
        return here or (() if named else self.addressees)

    def _repeat(
        self,
        measure: Measure,
        named: Sequence[Mention],
        span: tuple[int, int],
        words: Sequence[PlainWord],
    ) -> Iterator[tuple[Figure, Entities]]:
        """Yield (figure, addressees) of amounts that are repeated in words ("the same fine")."""
        for patterns in measure.same if measure.variable in self.given else ():
            for start, end, *_ in patterns.find(self.plain, *span, words)[:1]:
                whom = choose_addressees(start, named, self.plain, span, self.place_words)
                for figure in self.given[measure.variable]:
                    yield replace(figure, start=start, end=end), whom or ()

    def _write(
        self,
        figure: Figure,
        measure: Measure,
        subjects: Sequence[str],
        attributes: Mapping[str, str],
    ) -> None:
        """Add the quantity of each subject, with its unit, its period and its bound."""
        value = figure.value if measure.kind != "ordinal" else re.sub(r"\D", "", figure.value)
        span = figure.start, figure.end
        for subject in sorted(subjects):
            quantity = annotate(self.article, *span, subject, measure.variable, value, _CODER)
            self.found[quantity.id] = quantity
            unit = measure.unit or figure.unit
            for variable, code in {"unit": unit, "period": "", **attributes}.items():
                attribute = annotate(self.article, *span, quantity.id, variable, code, _CODER)
                self.found[attribute.id] = attribute
