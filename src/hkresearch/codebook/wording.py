"""The words of one language of a codebook -> where they stand in a sentence, read once for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from hkresearch.codebook.pattern_syntax import WordClasses, expand_class
from hkresearch.codebook.plain_text import Plain, PlainWord

CLAUSE_END_SIGN = re.compile(r"[.;:!?]")
HAN_CLAUSE_ENDS = frozenset("。；！？\n")
BARRIER = "barrier"  # the class of words that no gap may skip

Phrase = tuple[str, ...]  # its words, or its characters in Chinese; a word may end in "*"
Occurrences = dict[int, list[tuple[int, int]]]  # element -> (first token, token after the last)


class SentenceReading:
    """One sentence read for patterns: its tokens, and where each element occurs among them.

    What only a match needs is worked out when one is looked for: in most sentences none is.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[PlainWord],
        found: Occurrences,
        barrier: int,
        is_chinese: bool,
    ) -> None:
        self.text, self.tokens, self.found = text, tokens, found
        self.is_chinese = is_chinese
        self._barrier = barrier

    @cached_property
    def words(self) -> list[str]:
        """The words of the tokens."""
        return [word for _, _, word in self.tokens]

    @cached_property
    def clause_ends(self) -> list[int]:
        """For each token, how many clauses end before it."""
        counts = [0]
        for i, (_, end, word) in enumerate(self.tokens):
            is_end = False
            if self.is_chinese:
                is_end = word in HAN_CLAUSE_ENDS
            elif i + 1 < len(self.tokens):
                between = self.text[end : self.tokens[i + 1][0]]
                is_end = between != " " and CLAUSE_END_SIGN.search(between) is not None
            counts.append(counts[-1] + is_end)
        return counts

    @cached_property
    def barriers(self) -> list[int]:
        """For each token, how many words that no gap may skip stand before it."""
        places = {first for first, _ in self.found.get(self._barrier, ())}
        return [0, *accumulate(i in places for i in range(len(self.tokens)))]


@dataclass(frozen=True, slots=True)
class WordStart:
    """The elements that a word may begin; longer phrases come first."""

    alone: list[int]  # elements that the word is by itself
    by_second_word: dict[str, list[tuple[Phrase, list[int]]]]  # phrases and their elements
    by_second_stem: list[tuple[Phrase, list[int]]]  # those whose second word ends in "*"


class Wording:
    """The words of one language; all patterns compiled with it share one reading of a sentence.

    Parameters
    ----------
    words : mapping of str to sequence of str
        The classes of words of the language.
    language : str
        "zh" is read character by character, every other language word by word.
    """

    def __init__(self, words: WordClasses, language: str) -> None:
        self.words, self.language = words, language
        self.is_chinese = language == "zh"
        self._elements: dict[tuple[str, ...], int] = {}  # the phrases of an element -> its number
        self._phrases: dict[Phrase, set[int]] = {}  # phrase -> the elements that it makes
        self._by_first_word: dict[str, list[Phrase]] = {}
        self._by_first_stem: dict[str, list[Phrase]] = {}
        self._word_starts: dict[str, WordStart] = {}
        self._plain: Plain | None = None  # the text that `_sentences` were read from
        self._sentences: dict[tuple[int, int], SentenceReading] = {}
        has_barrier = BARRIER in words
        self._barrier = self.add_element(expand_class(BARRIER, words)) if has_barrier else -1

    def add_element(self, phrases: Sequence[str]) -> int:
        """Return the number of the element that any of `phrases` makes."""
        key = tuple(phrases)
        if key not in self._elements:
            self._elements[key] = len(self._elements)
            for phrase in key:
                self._add_phrase(self.split_phrase(phrase), self._elements[key])
            self._word_starts, self._plain = {}, None
        return self._elements[key]

    def _add_phrase(self, phrase: Phrase, element: int) -> None:
        if phrase not in self._phrases:
            self._phrases[phrase] = set()
            first = phrase[0]
            table = self._by_first_stem if first.endswith("*") else self._by_first_word
            table.setdefault(first.rstrip("*"), []).append(phrase)
        self._phrases[phrase].add(element)

    def split_phrase(self, text: str) -> Phrase:
        """Return the words of a phrase, its characters in Chinese; ValueError if there are none."""
        phrase = tuple(text) if self.is_chinese else tuple(re.findall(r"[^\W_]+\*?", text))
        if not phrase:
            raise ValueError(f"{text!r} has no word in it")
        return phrase

    def read_sentence(
        self, plain: Plain, start: int, end: int, words: Sequence[PlainWord]
    ) -> SentenceReading:
        """Return the reading of [start, end), cached until another text is read.

        `words` are the words of `plain` in that span.
        """
        if self._plain is not plain:
            self._plain, self._sentences = plain, {}
        sentence = self._sentences.get((start, end))
        if sentence is None:
            sentence = self._read(plain.lower, start, end, words)
            self._sentences[start, end] = sentence
        return sentence

    def _read(self, text: str, start: int, end: int, words: Sequence[PlainWord]) -> SentenceReading:
        if self.is_chinese:
            characters = enumerate(text[start:end], start)
            tokens = [(place, place + 1, sign) for place, sign in characters if sign != " "]
        else:  # the "s" of a possessive is no word of its own
            tokens = [word for word in words if word[2] != "s" or text[word[0] - 1] != "'"]
        found = self._find_elements(text, tokens)
        return SentenceReading(text, tokens, found, self._barrier, self.is_chinese)

    def _find_elements(self, text: str, tokens: Sequence[PlainWord]) -> Occurrences:
        found: Occurrences = {}
        count = len(tokens)
        for i, (_, _, word) in enumerate(tokens):
            known = self._word_starts.get(word)
            if known is None:
                known = self._word_starts[word] = self._list_starts(word)
            if i + 1 < count and (known.by_second_word or known.by_second_stem):
                phrases = known.by_second_word.get(tokens[i + 1][2], [])
                if known.by_second_stem:
                    phrases = sorted([*phrases, *known.by_second_stem], key=_longest_first)
                for phrase, elements in phrases:
                    stop = i + len(phrase)
                    if stop <= count and self._stands_at(text, tokens, i, phrase):
                        for element in elements:
                            found.setdefault(element, []).append((i, stop))
            for element in known.alone:
                found.setdefault(element, []).append((i, i + 1))
        return found

    def _list_starts(self, word: str) -> WordStart:
        candidates = list(self._by_first_word.get(word, ()))
        for length in range(1, len(word) + 1):
            candidates += self._by_first_stem.get(word[:length], ())
        starts = WordStart([], {}, [])
        for phrase in sorted(candidates, key=lambda phrase: (-len(phrase), phrase)):
            elements = sorted(self._phrases[phrase])
            if len(phrase) == 1:
                starts.alone.extend(elements)
            elif phrase[1][-1] == "*":
                starts.by_second_stem.append((phrase, elements))
            else:
                starts.by_second_word.setdefault(phrase[1], []).append((phrase, elements))
        return starts

    def _stands_at(
        self, text: str, tokens: Sequence[PlainWord], first: int, phrase: Phrase
    ) -> bool:
        """Return whether the rest of a phrase follows its first word, inside the clause."""
        for place in range(1, len(phrase)):
            start, _, word = tokens[first + place]
            if not is_form_of(word, phrase[place]):
                return False
            if not self.is_chinese:
                between = text[tokens[first + place - 1][1] : start]
                if between != " " and CLAUSE_END_SIGN.search(between):
                    return False
        return True


def is_form_of(word: str, written: str) -> bool:
    """Return whether `word` is the word `written` in a pattern; "*" at its end stands for any."""
    if word == written:
        return True
    return written[-1] == "*" and word.startswith(written[:-1])


def _longest_first(known: tuple[Phrase, list[int]]) -> tuple[int, Phrase]:
    phrase = known[0]
    return -len(phrase), phrase
