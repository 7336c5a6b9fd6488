"""A pattern as a codebook writes it -> its elements, with the phrases that each may be.

Between spaces stands a word, a class of words in braces, a choice in parentheses, an optional
phrase in brackets, or a gap: `~` a short one, `..` a long one, `...` one from noun to verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hkresearch.codebook.plain_text import PLAIN_CHARACTERS

NEEDED, OPTIONAL = "word", "maybe"  # kinds of elements; a gap's kind is its sign
GAPS = {"...": 24, "..": 10, "~": 4}  # words that a gap may skip
HAN_GAPS = {"...": 40, "..": 20, "~": 8}  # characters that it may skip
ELEMENT = re.compile(r"\{(\w+)\}|\[([^\]]*)\]|\(([^)]*)\)|(\.\.\.?|~)|([^\s{}\[\]()~]+)")

WordClasses = Mapping[str, Sequence[str]]  # of one language of a codebook


def list_elements(text: str, words: WordClasses) -> Iterator[tuple[str, list[str]]]:
    """Yield (kind, phrases) of each element of a pattern, the longest phrase first."""
    for class_name, optional, choice, gap, literal in ELEMENT.findall(text):
        if gap:
            yield gap, []
        elif class_name:
            yield NEEDED, expand_class(class_name, words)
        elif optional:
            yield OPTIONAL, _expand_choices(optional, words)
        elif choice:
            yield NEEDED, _expand_choices(choice, words)
        else:
            yield NEEDED, _sort_phrases([literal])


def _expand_choices(text: str, words: WordClasses) -> list[str]:
    phrases = []
    for choice in map(str.strip, text.split("|")):
        phrases += expand_class(choice[1:-1], words) if choice.startswith("{") else [choice]
    return _sort_phrases(phrases)


def expand_class(name: str, words: WordClasses, above: tuple[str, ...] = ()) -> list[str]:
    """Return the phrases of a class of words and of the classes it uses, longest first.

    `above` are the classes that are being expanded. Raises ValueError for an unknown class and for
    one that uses itself.
    """
    if name not in words:
        known = ", ".join(sorted(words))
        raise ValueError(f"no class of words is called {{{name}}}; there are: {known}")
    if name in above:
        raise ValueError(f"the class {{{name}}} uses itself")
    phrases = []
    for phrase in words[name]:
        is_class = phrase.startswith("{")
        phrases += expand_class(phrase[1:-1], words, (*above, name)) if is_class else [phrase]
    return _sort_phrases(phrases)


def _sort_phrases(phrases: Iterable[str]) -> list[str]:
    plain = {phrase.lower().translate(PLAIN_CHARACTERS) for phrase in phrases if phrase.strip()}
    return sorted(plain, key=lambda phrase: (-len(phrase), phrase))
