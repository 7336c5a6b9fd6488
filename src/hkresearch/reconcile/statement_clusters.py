"""Quotations of all pages -> which of them are one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hkresearch.core.word_diff import count_in_order
from hkresearch.reconcile.interrupted_quotations import find_halves, unite_halves
from hkresearch.reconcile.model_wording import choose_model_wording
from hkresearch.reconcile.reported_wordings import ReportedWordings
from hkresearch.reconcile.shingle_index import (
    ShingleIndex,
    list_repeated_shingles,
    list_shingles,
)
from hkresearch.reconcile.statements import (
    Quote,
    Statement,
    place_quote,
    sort_quotes,
    unite_organisations,
)
from hkresearch.reconcile.word_forms import find_words, is_han, stem_word

_SIMILAR = 0.6  # of the shorter wording's shingles, for two wordings of one statement
_FEWEST_SHARED = 4  # shingles that two altered wordings must share
_FEWEST_SPUN = 3  # shingles that survive when somebody replaced words one by one
_SPUN = 0.6  # of the shorter wording's words, in order, that then must stand in the longer one
_LONG = 6  # words from which a wording is known again whoever is said to have said it
_VERY_LONG_SHARED = 12  # shingles
_MOST_WORDINGS = 24  # of a statement that are looked at


def join_statements(quotes: Iterable[Quote], joiners: frozenset[str]) -> list[Statement]:
    """Return the statements that `quotes` are wordings of: the same for any order of `quotes`.

    Exact shingles of three words join; a fragment joins only when exactly one statement contains
    it, else it is alone. `joiners` are the words that may stand between two halves of one
    interrupted quotation.
    """
    quotes = sort_quotes(quotes)
    direct = [quote for quote in quotes if quote.is_direct]
    statements = unite_halves(_cluster(_group_wordings(direct)), direct, joiners)
    reported = _group_wordings([quote for quote in quotes if not quote.is_direct])
    followed = ReportedWordings(statements, [group[0].words for group in reported])
    apart = []
    for group in reported:
        statement = followed.find(group)
        if statement is None:
            apart.append(group)
        else:
            statement.add(group)
    statements += _cluster(apart)
    for statement in statements:
        statement.quotes = sort_quotes(statement.quotes)
        halves = find_halves(statement.quotes, joiners)
        statement.text = choose_model_wording(statement.quotes, halves)
    return sorted(statements, key=lambda statement: place_quote(statement.quotes[0]))


def _cluster(groups: list[list[Quote]]) -> list[Statement]:
    """Return the statements of wordings that come longest first."""
    clusters = _Clusters(group[0].words for group in groups)
    for group in groups:
        clusters.place(group)
    return clusters.statements


def count_weighted_words(words: Sequence[str]) -> int:
    """Return the length of a wording in words; two Han characters count as one."""
    han = sum(1 for word in words if len(word) == 1 and is_han(word))
    return len(words) - han + (han + 1) // 2


def _group_wordings(quotes: Sequence[Quote]) -> list[list[Quote]]:
    """Return groups of quotations with the same words, longest first.

    A few words are the same only where one speaker says them.
    """
    by_words: dict[tuple[str, ...], list[Quote]] = defaultdict(list)
    for quote in quotes:
        by_words[quote.words].append(quote)
    groups: list[list[Quote]] = []
    singles: dict[str, list[Quote]] = defaultdict(list)
    for words, group in by_words.items():
        if count_weighted_words(words) >= _LONG:
            groups.append(group)
        elif len(words) == 1:
            singles[stem_word(words[0])] += group
        else:
            groups += _split_by_speaker(group)
    for group in singles.values():
        ordered = sorted(group, key=lambda q: (q.words, q.article_id, q.start, q.id))
        groups += _split_by_speaker(ordered)
    return sorted(groups, key=_order_group)


def _order_group(group: Sequence[Quote]) -> tuple[int, tuple[str, ...], str, int, str]:
    first = group[0]
    return -len(first.words), first.words, first.article_id, first.start, first.id


def _split_by_speaker(quotes: Sequence[Quote]) -> list[list[Quote]]:
    """Return `quotes` in groups that share an organisation, also through a third one.

    Those that nobody is named for stand each alone.
    """
    leader: dict[str, str] = {}

    def lead(organisation: str) -> str:
        while leader.setdefault(organisation, organisation) != organisation:
            organisation = leader[organisation]
        return organisation

    for quote in quotes:
        heads = sorted({lead(organisation) for organisation in quote.organisations})
        for head in heads[1:]:
            leader[head] = heads[0]
    groups: dict[str, list[Quote]] = defaultdict(list)
    for quote in quotes:
        alone = f" {quote.id}"
        key = lead(min(quote.organisations)) if quote.organisations else alone
        groups[key].append(quote)
    return list(groups.values())


class _Clusters:
    """Statements so far, and where their shingles stand. Wordings come in longest first."""

    def __init__(self, wordings: Iterable[tuple[str, ...]]) -> None:
        self.statements: list[Statement] = []
        self._index = ShingleIndex(list_repeated_shingles(wordings))

    def place(self, group: list[Quote]) -> None:
        """Add quotations of one wording to the statement that they belong to, or to a new one."""
        words = group[0].words
        speakers = unite_organisations(group)
        key = self._find(words, speakers)
        if key is None:
            key = len(self.statements)
            self.statements.append(Statement())
        self.statements[key].add(group)
        if speakers or count_weighted_words(words) >= _LONG:
            self._index.add(words, key)

    def _find(self, words: tuple[str, ...], speakers: frozenset[str]) -> int | None:
        weight = count_weighted_words(words)
        if weight < 2:
            return None
        holders = []
        for key in self._index.find_all(words):
            statement = self.statements[key]
            is_known = weight >= _LONG or _share_speaker(speakers, statement.organisations)
            if is_known and any(find_words(words, wording) >= 0 for wording in statement.wordings):
                holders.append(key)
        if holders:
            return holders[0] if len(holders) == 1 else None
        return self._find_similar(words, speakers)

    def _find_similar(self, words: tuple[str, ...], speakers: frozenset[str]) -> int | None:
        total = len(set(list_shingles(words)))
        alike = [
            (count, key)
            for count, key in self._index.count_shared(words)
            if self._is_similar(words, speakers, count, total, key)
        ]
        if len(alike) > 1 and alike[0][0] == alike[1][0]:
            return None
        return alike[0][1] if alike else None

    def _is_similar(
        self, words: tuple[str, ...], speakers: frozenset[str], count: int, total: int, key: int
    ) -> bool:
        statement = self.statements[key]
        if count >= _FEWEST_SHARED and count >= _SIMILAR * total:
            return count >= _VERY_LONG_SHARED or _share_speaker(speakers, statement.organisations)
        is_short = count < _FEWEST_SPUN or count_weighted_words(words) < _LONG
        if is_short or not speakers & statement.organisations:
            return False
        wordings = statement.wordings[:_MOST_WORDINGS]
        return any(count_in_order(words, other) >= _SPUN * len(words) for other in wordings)


def _share_speaker(one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether two groups of organisations share one, or one of them is not known."""
    one, other = set(one), set(other)
    return not one or not other or bool(one & other)
