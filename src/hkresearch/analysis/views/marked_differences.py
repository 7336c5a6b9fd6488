"""Two wordings -> one of them with its differences from the other marked."""

from __future__ import annotations

import re

from hkresearch.analysis.views.wording import shorten
from hkresearch.core.word_diff import diff_words
from hkresearch.core.words import HAN, has_han

# One Han character is a word here: Chinese is written without spaces.
WORDING_TOKEN = re.compile(rf"[{HAN}]|[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]")
_BEFORE_STOP = re.compile(r"\s+([,.;:!?…])")


def are_same_words(one: str, other: str) -> bool:
    """Return whether two wordings differ in spaces, capitals and punctuation only."""
    return _fold_words(one) == _fold_words(other)


def _fold_words(text: str) -> list[str]:
    tokens = WORDING_TOKEN.findall(text)
    return [_fold_token(token) for token in tokens if token[0].isalnum()]


def _fold_token(token: str) -> str:
    return token.casefold().replace("’", "'")


def mark_differences(base: str, text: str, longest: int = 0) -> str:
    """Return `text` with its differences from `base`, as [-words left out-] and {+words put in+}.

    Capitals and the shape of apostrophes are no difference. Brackets of the text stay as they are.

    Parameters
    ----------
    longest
        Characters to which words left out are shortened; 0 for no limit.
    """
    old, new = list(WORDING_TOKEN.finditer(base)), list(WORDING_TOKEN.finditer(text))
    old_words = [_fold_token(match.group()) for match in old]
    new_words = [_fold_token(match.group()) for match in new]
    pieces: list[str] = []
    for edit in diff_words(old_words, new_words):
        put_in = _cut(text, new, edit.new_start, edit.new_end)
        if edit.operation == "equal":
            pieces.append(put_in)
            continue
        left_out = _cut(base, old, edit.old_start, edit.old_end)
        left_out = shorten(left_out, longest) if longest else left_out
        marked = f"[-{left_out}-]" if left_out else ""
        pieces.append(marked + (f"{{+{put_in}+}}" if put_in else ""))
    return _close_gaps(pieces, text)


def _cut(text: str, tokens: list[re.Match[str]], first: int, last: int) -> str:
    return text[tokens[first].start() : tokens[last - 1].end()] if first < last else ""


def _close_gaps(pieces: list[str], text: str) -> str:
    """Join pieces with spaces, except in Chinese and before a full stop."""
    glue = "" if has_han(text) else " "
    return _BEFORE_STOP.sub(r"\1", glue.join(filter(None, pieces)))
