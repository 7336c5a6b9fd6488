"""Patterns of a codebook, written in words -> where they match in a sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hkresearch.codebook.pattern_syntax import GAPS, HAN_GAPS, NEEDED, OPTIONAL, list_elements
from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.codebook.wording import Phrase, SentenceReading, Wording, is_form_of


class PatternElement(NamedTuple):
    """One element of a pattern: its number in the wording, or its phrases where it is optional."""

    kind: str
    number: int = -1
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: what it is written as, what it codes, its elements."""

    text: str
    code: str
    elements: tuple[PatternElement, ...]
    needed: frozenset[int]  # elements without which it cannot match


class PatternMatch(NamedTuple):
    """Where a pattern matches: offsets of the text."""

    start: int
    end: int
    pattern: Pattern
    first_end: int  # where its first element ends


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Patterns of one wording, looked for together; `heads` finds them by their first element."""

    patterns: tuple[Pattern, ...]
    wording: Wording
    heads: Mapping[int, tuple[Pattern, ...]]

    @property
    def language(self) -> str:
        """The language of the patterns."""
        return self.wording.language

    def find(
        self, plain: Plain, start: int, end: int, words: Sequence[PlainWord]
    ) -> list[PatternMatch]:
        """Return every match in [start, end) of `plain`, whose words are `words`.

        The longest of those that begin together come first, of equally long ones that with most
        elements.
        """
        sentence = self._read(plain, start, end, words)
        if sentence is None:
            return []
        matches = [match for found in self._find_each(sentence) for match in found]
        return sorted(matches, key=_longest_match_first) if matches else matches

    def is_in(self, plain: Plain, start: int, end: int, words: Sequence[PlainWord]) -> bool:
        """Return whether any pattern matches inside [start, end)."""
        sentence = self._read(plain, start, end, words)
        return sentence is not None and any(self._find_each(sentence))

    def list_possible_codes(
        self, plain: Plain, start: int, end: int, words: Sequence[PlainWord]
    ) -> set[str]:
        """Return the codes of the patterns of which all words stand in [start, end).

        This is quicker than to find them: most sentences have none.
        """
        sentence = self._read(plain, start, end, words)
        if sentence is None:
            return set()
        found = sentence.found.keys()
        return {
            pattern.code
            for head in self.heads.keys() & found
            for pattern in self.heads[head]
            if pattern.needed <= found
        }

    def _read(
        self, plain: Plain, start: int, end: int, words: Sequence[PlainWord]
    ) -> SentenceReading | None:
        """Return the reading of [start, end), None if no pattern can begin in it."""
        if not self.heads or (self.wording.is_chinese and not plain.has_han):
            return None
        sentence = self.wording.read_sentence(plain, start, end, words)
        return None if sentence.found.keys().isdisjoint(self.heads) else sentence

    def _find_each(self, sentence: SentenceReading) -> Iterator[list[PatternMatch]]:
        """Yield the matches of each pattern of which all words are in the sentence."""
        found = sentence.found.keys()
        for head in self.heads.keys() & found:
            for pattern in self.heads[head]:
                if pattern.needed <= found:
                    yield _find_matches(sentence, self.wording.is_chinese, pattern, head)


def _longest_match_first(match: PatternMatch) -> tuple[int, int, int, str, str]:
    pattern = match.pattern
    return match.start, -match.end, -len(pattern.elements), pattern.code, pattern.text


def _find_matches(
    sentence: SentenceReading, is_chinese: bool, pattern: Pattern, head: int
) -> list[PatternMatch]:
    matches = []
    for first, after in sentence.found[head]:
        last = _match_rest(sentence, is_chinese, pattern.elements, 1, after)
        if last:
            start, end = sentence.tokens[first][0], sentence.tokens[last - 1][1]
            matches.append(PatternMatch(start, end, pattern, sentence.tokens[after - 1][1]))
    return matches


def _match_rest(
    sentence: SentenceReading,
    is_chinese: bool,
    elements: Sequence[PatternElement],
    index: int,
    token: int,
) -> int:
    """Return the token after the match of elements[index:] from `token` on, else 0.

    Gaps are as short as they can be.
    """
    if index == len(elements):
        return token
    kind, element, phrases = elements[index]
    if kind == OPTIONAL:
        present = [phrase for phrase in phrases if _stands_at(sentence, is_chinese, phrase, token)]
        for length in (*map(len, present), 0):
            if last := _match_rest(sentence, is_chinese, elements, index + 1, token + length):
                return last
        return 0
    longest_gap = 0
    if kind in GAPS:
        longest_gap = (HAN_GAPS if is_chinese else GAPS)[kind]
        # The gap can hold an optional phrase that may stand behind it.
        index += 2 if elements[index + 1].kind == OPTIONAL else 1
        element = elements[index].number
    places = sentence.found.get(element, ())
    clause = _find_clause(sentence, is_chinese, token)
    for first, after in places[bisect_left(places, (token, 0)) :]:
        if first - token > longest_gap or sentence.clause_ends[first] != clause:
            break
        if first > token and sentence.barriers[first] != sentence.barriers[token]:
            break
        if last := _match_rest(sentence, is_chinese, elements, index + 1, after):
            return last
    return 0


def _find_clause(sentence: SentenceReading, is_chinese: bool, token: int) -> int:
    """Return the number of clause ends before what may follow at `token`.

    In scripts with spaces the one between the last word and the next counts for the next.
    """
    return sentence.clause_ends[token if is_chinese else max(token - 1, 0)]


def _stands_at(sentence: SentenceReading, is_chinese: bool, phrase: Phrase, token: int) -> bool:
    """Return whether the words of an optional phrase stand at `token`, inside the clause."""
    after = token + len(phrase)
    if after > len(sentence.words):
        return False
    words = sentence.words[token:after]
    if not all(map(is_form_of, words, phrase)):
        return False
    return sentence.clause_ends[after - 1] == _find_clause(sentence, is_chinese, token)


# -------------------------------------------------------------------------------------- compiling


def compile_patterns(written: Iterable[tuple[str, str]], wording: Wording) -> PatternSet:
    """Return the set of the (code, pattern) pairs.

    Raises ValueError that says which pattern cannot be read.
    """
    patterns = [_compile_pattern(code, text, wording) for code, text in written]
    heads: dict[int, tuple[Pattern, ...]] = {}
    for pattern in patterns:
        head = pattern.elements[0].number
        heads[head] = (*heads.get(head, ()), pattern)
    return PatternSet(tuple(patterns), wording, heads)


def _compile_pattern(code: str, text: str, wording: Wording) -> Pattern:
    elements: list[PatternElement] = []
    for kind, phrases in list_elements(text, wording.words):
        if not elements and kind != NEEDED:
            raise ValueError(f"pattern {text!r} must begin with a word that is not optional")
        if kind == OPTIONAL:
            split = tuple(wording.split_phrase(phrase) for phrase in phrases)
            elements.append(PatternElement(kind, phrases=split))
        elif kind in GAPS:
            elements.append(PatternElement(kind))
        else:
            elements.append(PatternElement(kind, wording.add_element(phrases)))
    if not elements or elements[-1].kind in GAPS:
        raise ValueError(f"pattern {text!r} must end with a word, not with a gap")
    needed = frozenset(element.number for element in elements if element.kind == NEEDED)
    return Pattern(text, code, tuple(elements), needed)
