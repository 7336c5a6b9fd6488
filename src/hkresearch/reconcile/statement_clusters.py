"""Quotations of all pages -> which of them are one statement, and the wording that stands for it."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from hkresearch.core.word_diff import count_in_order
from hkresearch.reconcile.word_forms import (
    compare_wording,
    find_words,
    is_han,
    list_words,
    stem_word,
)

_SHINGLE = 3  # words
_SIMILAR = 0.6  # of the shorter wording's shingles, for two wordings of one statement
_FEWEST_SHARED = 4  # shingles that two altered wordings must share
_FEWEST_SPUN = 3  # shingles that survive when somebody replaced words one by one
_SPUN = (
    0.6  # of the shorter wording's words, in order, that then must still stand in the longer one
)
_LONG = 6  # words from which a wording is known again whoever is said to have said it
_VERY_LONG_SHARED = 12  # shingles
_COMMON = 300  # statements that hold a shingle: more, and the shingle says nothing
_CANDIDATES = 8  # statements looked at closely
_PARAPHRASE_RUN = 3  # shared shingles in a row that show reported speech to follow a quotation
_MOST_WORDINGS = 24  # of a statement, compared to choose the one that stands for it


class Quote(NamedTuple):
    """One quotation, as the joining sees it."""

    id: str
    article_id: str
    start: int
    end: int
    exact: str
    is_direct: bool
    organisations: frozenset[str]
    words: tuple[str, ...]
    after: str  # what stands after it on its line
    codes: frozenset[tuple[str, str, str]]  # what the coded passages that overlap it say
    speaker: str = ""  # as the page has it
    published: str = ""  # ISO date of the page, "" where not known


@dataclass(slots=True)
class Statement:
    """Quotations that are one statement; `text` is the wording that stands for it."""

    quotes: list[Quote] = field(default_factory=list)
    organisations: set[str] = field(default_factory=set)
    wordings: list[tuple[str, ...]] = field(default_factory=list)
    text: str = ""

    def add(self, quotes: Iterable[Quote]) -> None:
        """Add quotations of one wording."""
        quotes = list(quotes)
        self.quotes += quotes
        self.organisations.update(*(quote.organisations for quote in quotes))
        self.wordings.append(quotes[0].words)


def join_statements(quotes: Iterable[Quote], joiners: frozenset[str]) -> list[Statement]:
    """Return the statements that `quotes` are wordings of: the same for any order of `quotes`.

    Exact shingles of three words join; a fragment joins only when exactly one statement contains it, else it is alone.
    `joiners` are the words that may stand between two halves of one interrupted quotation.
    """
    quotes = sorted(quotes, key=lambda q: (q.article_id, q.start, q.end, q.id))
    direct = [quote for quote in quotes if quote.is_direct]
    said, told = (
        _group_wordings(direct),
        _group_wordings([quote for quote in quotes if not quote.is_direct]),
    )
    room = _Room(group[0].words for group in said)
    for group in said:
        room.place(group)
    statements = _unite_halves(room.statements, direct, joiners)
    speech = _Room(group[0].words for group in told)
    follow = _Follower(statements, [group[0].words for group in told])
    for group in told:
        followed = follow.find(group)
        if followed is None:
            speech.place(group)
        else:
            followed.add(group)
    statements += speech.statements
    for statement in statements:
        statement.quotes.sort(key=lambda q: (q.article_id, q.start, q.end, q.id))
        statement.text = _choose_text(statement, _find_halves(statement.quotes, joiners))
    return sorted(
        statements,
        key=lambda s: (s.quotes[0].article_id, s.quotes[0].start, s.quotes[0].end, s.quotes[0].id),
    )


def count_weighted_words(words: Sequence[str]) -> int:
    """Return the length of a wording in words; two Han characters count as one."""
    han = sum(1 for word in words if len(word) == 1 and is_han(word))
    return len(words) - han + (han + 1) // 2


def _group_wordings(quotes: Sequence[Quote]) -> list[list[Quote]]:
    """Return groups of quotations with the same words, longest first; few words are the same only from one mouth."""
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
        groups += _split_by_speaker(
            sorted(group, key=lambda q: (q.words, q.article_id, q.start, q.id))
        )
    return sorted(
        groups, key=lambda g: (-len(g[0].words), g[0].words, g[0].article_id, g[0].start, g[0].id)
    )


def _split_by_speaker(quotes: Sequence[Quote]) -> list[list[Quote]]:
    """Return `quotes` in groups that share an organisation, also through a third; the unattributed each alone."""
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
        groups[lead(min(quote.organisations)) if quote.organisations else f" {quote.id}"].append(
            quote
        )
    return list(groups.values())


def list_shingles(words: Sequence[str], n: int = _SHINGLE) -> list[tuple[str, ...]]:
    """Return the runs of `n` words, in order; none when there are fewer."""
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


class _Index:
    """Shingle -> the statements that hold it, of the shingles that somebody will ask for."""

    def __init__(self, asked: Iterable[tuple[str, ...]]) -> None:
        self.postings: dict[tuple[str, ...], set[int]] = {shingle: set() for shingle in asked}

    def add(self, words: Sequence[str], key: int) -> None:
        for size in (2, _SHINGLE):
            for shingle in list_shingles(words, size):
                if shingle in self.postings:
                    self.postings[shingle].add(key)

    def find_all(self, words: Sequence[str]) -> list[int]:
        """Return the keys that hold every shingle of `words`, in order."""
        postings = [
            self.postings.get(shingle, ())
            for shingle in list_shingles(words, min(_SHINGLE, len(words)))
        ]
        if not all(postings):
            return []
        return sorted(set.intersection(*sorted(postings, key=len))) if postings else []

    def count_shared(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Return (shingles shared, key) of the few keys that share most with `words`, judged by its rarer shingles."""
        postings = [
            self.postings.get(shingle, ()) for shingle in dict.fromkeys(list_shingles(words))
        ]
        rare: Counter[int] = Counter()
        for posting in postings:
            if len(posting) <= _COMMON:
                rare.update(posting)
        close = sorted(rare, key=lambda key: (-rare[key], key))[:_CANDIDATES]
        return sorted(
            ((sum(key in posting for posting in postings), key) for key in close),
            key=lambda pair: (-pair[0], pair[1]),
        )


def _list_repeated(wordings: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return the shingles of more than one wording, and those of two words that are a wording: no other is ever met.

    They are counted by their hashes first: one that shares its hash with another is kept for nothing, never lost.
    """
    wordings = list(wordings)
    hashes = array(
        "q", (hash(shingle) for words in wordings for shingle in set(list_shingles(words)))
    )
    found, counts = np.unique(np.frombuffer(hashes, dtype=np.int64), return_counts=True)
    often = set(found[counts > 1].tolist())
    pairs = {words for words in wordings if len(words) == 2}
    return pairs | {
        shingle for words in wordings for shingle in list_shingles(words) if hash(shingle) in often
    }


class _Room:
    """Statements so far, and where their shingles stand. Wordings come in longest first."""

    def __init__(self, wordings: Iterable[tuple[str, ...]]) -> None:
        self.statements: list[Statement] = []
        self.index = _Index(_list_repeated(wordings))

    def place(self, group: list[Quote]) -> None:
        words = group[0].words
        who = frozenset().union(*(quote.organisations for quote in group))
        key = self._find(words, who)
        if key is None:
            key = len(self.statements)
            self.statements.append(Statement())
        self.statements[key].add(group)
        if who or count_weighted_words(words) >= _LONG:
            self.index.add(words, key)

    def _find(self, words: tuple[str, ...], who: frozenset[str]) -> int | None:
        weight = count_weighted_words(words)
        if weight < 2:
            return None
        holders = [
            key for key in self.index.find_all(words)
            if (weight >= _LONG or _may_be_one_speaker(who, self.statements[key].organisations))
            and any(find_words(words, wording) >= 0 for wording in self.statements[key].wordings)
        ]  # fmt: skip
        if holders:
            return holders[0] if len(holders) == 1 else None
        return self._find_similar(words, who)

    def _find_similar(self, words: tuple[str, ...], who: frozenset[str]) -> int | None:
        total = len(set(list_shingles(words)))
        alike = [
            (count, key)
            for count, key in self.index.count_shared(words)
            if self._is_similar(words, who, count, total, key)
        ]
        if len(alike) > 1 and alike[0][0] == alike[1][0]:
            return None
        return alike[0][1] if alike else None

    def _is_similar(
        self, words: tuple[str, ...], who: frozenset[str], count: int, total: int, key: int
    ) -> bool:
        statement = self.statements[key]
        if count >= _FEWEST_SHARED and count >= _SIMILAR * total:
            return count >= _VERY_LONG_SHARED or _may_be_one_speaker(who, statement.organisations)
        if (
            count < _FEWEST_SPUN
            or count_weighted_words(words) < _LONG
            or not who & statement.organisations
        ):
            return False
        return any(
            count_in_order(words, wording) >= _SPUN * len(words)
            for wording in statement.wordings[:_MOST_WORDINGS]
        )


def _may_be_one_speaker(one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether two groups of organisations share one, or one of them is not known."""
    one, other = set(one), set(other)
    return not one or not other or bool(one & other)


def _find_halves(quotes: Sequence[Quote], joiners: frozenset[str]) -> list[tuple[Quote, Quote]]:
    """Return pairs of quotations that a reporter cut in two: one mouth, one line, nothing but `joiners` between."""
    found = []
    for one, two in zip(quotes, quotes[1:], strict=False):
        gap = two.start - one.end
        if (
            one.article_id != two.article_id
            or not 0 < gap <= len(one.after)
            or _name_speaker(one) != _name_speaker(two)
        ):
            continue
        between = list_words(one.after[:gap])
        if between and _name_speaker(one) and all(word in joiners for word in between):
            found.append((one, two))
    return found


def _name_speaker(quote: Quote) -> str:
    return ";".join(sorted(quote.organisations)) or quote.speaker


def _unite_halves(
    statements: list[Statement], direct: Sequence[Quote], joiners: frozenset[str]
) -> list[Statement]:
    home = {quote.id: i for i, statement in enumerate(statements) for quote in statement.quotes}
    leader = list(range(len(statements)))

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for one, two in _find_halves(direct, joiners):
        a, b = sorted((lead(home[one.id]), lead(home[two.id])))
        leader[b] = a
    united: dict[int, Statement] = {}
    for i, statement in enumerate(statements):
        into = united.setdefault(lead(i), Statement())
        into.quotes += statement.quotes
        into.organisations |= statement.organisations
        into.wordings += statement.wordings
    return list(united.values())


class _Follower:
    """Finds the one quoted statement that a piece of reported speech gives in the reporter's words."""

    def __init__(self, statements: list[Statement], asked: Iterable[tuple[str, ...]]) -> None:
        self.statements = statements
        self.index = _Index({shingle for words in asked for shingle in list_shingles(words)})
        self.by_code: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for key, statement in enumerate(statements):
            for words in statement.wordings:
                self.index.add(words, key)
            for code in sorted({code for quote in statement.quotes for code in quote.codes}):
                self.by_code[code].append(key)

    def find(self, group: list[Quote]) -> Statement | None:
        words = group[0].words
        who = frozenset().union(*(quote.organisations for quote in group))
        if not who:
            return None
        keys = [key for key in self._find_runs(words) if who <= self.statements[key].organisations]
        keys = keys or [
            key for key in self._find_coded(group) if who <= self.statements[key].organisations
        ]
        return self.statements[keys[0]] if len(keys) == 1 else None

    def _find_runs(self, words: tuple[str, ...]) -> list[int]:
        shingles, longest = list_shingles(words), Counter()
        close = {
            key
            for shingle in shingles
            if len(self.index.postings.get(shingle, ())) <= _COMMON
            for key in self.index.postings.get(shingle, ())
        }
        for key in close:
            run = 0
            for shingle in shingles:
                run = run + 1 if key in self.index.postings.get(shingle, ()) else 0
                longest[key] = max(longest[key], run)
        return sorted(key for key in close if longest[key] >= _PARAPHRASE_RUN)

    def _find_coded(self, group: list[Quote]) -> list[int]:
        """Return statements that code the same position and share half of the words, inflections apart."""
        stems = _list_stems(group[0].words)
        codes = sorted({code for quote in group for code in quote.codes if code[1] == "position"})
        keys = sorted({key for code in codes for key in self.by_code.get(code, ())})
        if len(stems) < 3 or len(keys) > _COMMON:
            return []
        return [key for key in keys if len(stems & self._list_stems(key)) * 2 >= len(stems)]

    def _list_stems(self, key: int) -> set[str]:
        return set().union(
            *(_list_stems(words) for words in self.statements[key].wordings[:_MOST_WORDINGS])
        )


def _list_stems(words: Iterable[str]) -> set[str]:
    return {word[:4] for word in words if len(word) >= 4}


def _choose_text(statement: Statement, halves: Sequence[tuple[Quote, Quote]]) -> str:
    """Return the direct wording that most pages carry, whole or in part; of several the most frequent, then the earliest."""
    direct = [quote for quote in statement.quotes if quote.is_direct] or statement.quotes
    pages: dict[str, set[str]] = defaultdict(set)
    for quote in direct:
        pages[quote.exact].add(quote.article_id)
    for one, two in halves:
        if one.is_direct and two.is_direct:
            pages[f"{one.exact} … {two.exact}"] = {one.article_id}
    texts = sorted(pages, key=lambda text: (-len(pages[text]), -len(text), text))
    texts = sorted(
        {
            *texts[:_MOST_WORDINGS],
            *sorted(texts, key=lambda text: (-len(text), text))[:_MOST_WORDINGS],
        }
    )
    support = {
        text: len(
            set().union(
                *(
                    pages[other]
                    for other in texts
                    if compare_wording(other, text) in ("verbatim", "fragment")
                )
            )
        )
        for text in texts
    }
    dates: dict[str, str] = {}
    for quote in direct:
        date = quote.published or "~"  # sorts after every date
        dates[quote.exact] = min(date, dates.get(quote.exact, "~"))
    return min(
        texts,
        key=lambda text: (
            -support[text],
            -len(pages[text]),
            dates.get(text, "~"),
            -len(text),
            text,
        ),
    )
