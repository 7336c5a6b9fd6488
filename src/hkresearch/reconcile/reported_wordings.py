"""Reported speech -> the one quoted statement that it gives in the reporter's words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from hkresearch.reconcile.shingle_index import COMMON_SHINGLE, ShingleIndex, list_shingles
from hkresearch.reconcile.statements import Quote, Statement, unite_organisations

_FOLLOWING_RUN = 3  # shared shingles in a row that show reported speech to follow a quotation
_STEM = 4  # letters by which inflected words are one
_FEWEST_STEMS = 3
_MOST_WORDINGS = 24  # of a statement that are looked at


class ReportedWordings:
    """Finds the statement among `statements` that reported speech follows."""

    def __init__(self, statements: list[Statement], asked: Iterable[Sequence[str]]) -> None:
        self._statements = statements
        self._index = ShingleIndex({shingle for words in asked for shingle in list_shingles(words)})
        self._holders_of_code: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for key, statement in enumerate(statements):
            for words in statement.wordings:
                self._index.add(words, key)
            for code in sorted({code for quote in statement.quotes for code in quote.codes}):
                self._holders_of_code[code].append(key)

    def find(self, group: list[Quote]) -> Statement | None:
        """Return the statement that the reported speech `group` follows, if exactly one fits."""
        speakers = unite_organisations(group)
        if not speakers:
            return None
        keys = self._keep_said_by(speakers, self._find_runs(group[0].words))
        keys = keys or self._keep_said_by(speakers, self._find_coded(group))
        return self._statements[keys[0]] if len(keys) == 1 else None

    def _keep_said_by(self, speakers: frozenset[str], keys: Iterable[int]) -> list[int]:
        return [key for key in keys if speakers <= self._statements[key].organisations]

    def _find_runs(self, words: tuple[str, ...]) -> list[int]:
        """Return the statements with which `words` share a long run."""
        holders = [self._index.find(shingle) for shingle in list_shingles(words)]
        close = {key for keys in holders if len(keys) <= COMMON_SHINGLE for key in keys}
        longest: Counter[int] = Counter()
        for key in close:
            run = 0
            for keys in holders:
                run = run + 1 if key in keys else 0
                longest[key] = max(longest[key], run)
        return sorted(key for key in close if longest[key] >= _FOLLOWING_RUN)

    def _find_coded(self, group: list[Quote]) -> list[int]:
        """Return statements that code the same position and share half of the words' stems."""
        stems = _list_stems(group[0].words)
        codes = sorted({code for quote in group for code in quote.codes if code[1] == "position"})
        keys = sorted({key for code in codes for key in self._holders_of_code.get(code, ())})
        if len(stems) < _FEWEST_STEMS or len(keys) > COMMON_SHINGLE:
            return []
        return [key for key in keys if len(stems & self._list_stems_of(key)) * 2 >= len(stems)]

    def _list_stems_of(self, key: int) -> set[str]:
        wordings = self._statements[key].wordings[:_MOST_WORDINGS]
        return set().union(*(_list_stems(words) for words in wordings))


def _list_stems(words: Iterable[str]) -> set[str]:
    return {word[:_STEM] for word in words if len(word) >= _STEM}
