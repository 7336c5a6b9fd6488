"""The positions found so far -> what "the same" means in the next sentence."""

from __future__ import annotations

import re
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.found import FoundPosition
from hkresearch.structure.positions.matches import WITHHOLDING_CODES, ParsedSentence, PositionMatch
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.sentences import Sentence

_SENTENCE_GAP = 3  # characters between two sentences that follow each other


@lru_cache(maxsize=8)
def _read_deeds(codebook: Codebook, language: str) -> re.Pattern[str]:
    """Return what only repeats the verb of the sentence before: "did so"."""
    words = read_position_words(codebook, language)
    return compile_with_classes("%(doing)s" if language == "zh" else r"\b(?:%(doing)s)\b", words)


@lru_cache(maxsize=8)
def _read_figures(codebook: Codebook) -> re.Pattern[str]:
    """Return what makes "did so" a figure of a past period, behind it."""
    return compile_with_classes(
        r"(?: [\w.,-]+){0,4}? (?:%(counted)s)\b|(?: [\w,-]+){0,4}? (?:%(past_periods)s)\b"
        r"| in (?:\w+ )?(?:(?:19|20)\d\d\b|[\d.,]+\s?%%)",
        read_position_words(codebook, "en"),
    )


class OthersCodes:
    """The codes that organisations took on a page so far."""

    def __init__(self) -> None:
        # The code that others took, by whether that was stated.
        self.others_code = {True: "", False: ""}
        self.nearest_code, self.nearest_end = "", -1  # the last of them, and its sentence's end

    def note(self, found: FoundPosition) -> None:
        """Note what "the same" means from now on.

        It is "pause" once anybody paused, else what the last one withheld.
        """
        if found.code not in (*WITHHOLDING_CODES, "exit"):
            return
        self.nearest_code, self.nearest_end = found.code, found.sentence.end
        is_stated = found.modality == "stated"
        if self.others_code[is_stated] != "pause":
            self.others_code[is_stated] = found.code

    def copy(self, sentence: Sentence) -> str:
        """Return the code that others took in the last sentence, else before it, else nothing."""
        if 0 <= sentence.start - self.nearest_end <= _SENTENCE_GAP:
            return self.nearest_code
        return self.others_code[True] or self.others_code[False]

    def copy_match(self, match: PositionMatch, parsed: ParsedSentence) -> str:
        """Return the code of "the same" at `match`.

        "Did so" repeats only what its own sentence or the one right before says, and a figure of
        how often it was done repeats nothing.
        """
        lower, sentence = parsed.plain.lower, parsed.sentence
        if not _read_deeds(parsed.codebook, match.language).search(lower, match.start, match.end):
            return self.copy(sentence)
        if _read_figures(parsed.codebook).match(lower, match.end, sentence.end):
            return ""
        is_near = 0 <= sentence.start - self.nearest_end <= _SENTENCE_GAP
        return self.nearest_code if is_near or self.nearest_end == sentence.end else ""
