"""Pages -> the independent origin each one's reporting goes back to, and why."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd

from hkresearch.reconcile.statement_clusters import count_in_order
from hkresearch.reconcile.word_forms import find_words, list_surface_words, list_words
from hkresearch.tables.schema import make_frame
from hkresearch.tables.select_rows import (
    choose_where,
    iterate_pages,
    iterate_parts,
    iterate_rows,
    join_pages,
)
from hkresearch.tables.text_columns import is_among

LONG_SENTENCE = 8  # words; shorter sentences are shared by chance
SHARED_SENTENCES = 2
SHARED_SHARE = 0.25  # of the shorter page's long sentences
SHARED_QUOTATIONS = 3
SHARED_QUOTATION_SHARE = 0.6  # of the quotations of the page that has fewer
LONG_QUOTATION = 6  # words
REWORDED_SHARE = 0.75  # of the other claims of a page that only rewords another
MODELS = 20  # earlier pages with the same statement that are looked at
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|(?<=[。！？])[」』”]*|\n+")


class Link(NamedTuple):
    """One reason why a page's reporting goes back to another page, or to an outlet."""

    article_id: str
    to: str  # an article_id, or an outlet's key
    reason: str
    evidence: str
    annotation_id: str


class Credits:
    """Says which outlet some words name: an outlet of the codebook, or a name that the register uses."""

    def __init__(self, articles: pd.DataFrame, book: Mapping[str, Any]) -> None:
        self.keys: dict[str, str] = {}
        self.found: dict[str, str] = {}  # many pages credit an outlet in the same words
        for id, entity in sorted(book.get("entities", {}).items()):
            if entity.get("kind") == "outlet":
                for name in [id, entity.get("label", id), *_list_names(entity)]:
                    self.keys.setdefault(fold_name(name), id)
        for column in ("is_based_on", "publisher"):
            for name in sorted(set(articles[column])):
                if folded := fold_name(name):
                    self.keys.setdefault(
                        folded, self._find_longer(folded) or " ".join(name.casefold().split())
                    )
        self.longest = max((len(name.split()) for name in self.keys), default=0)

    def _find_longer(self, folded: str) -> str:
        """An edition counts as its house: "example business" is of the outlet "example" where the book has that one."""
        words = folded.split()
        return next(
            (
                self.keys[" ".join(words[:n])]
                for n in range(len(words) - 1, 0, -1)
                if " ".join(words[:n]) in self.keys
            ),
            "",
        )

    def name(self, outlet: str) -> str:
        """Return the key of an outlet named by the register: its id in the codebook, else its name in lower case."""
        folded = fold_name(outlet)
        return self.keys.get(folded, folded)

    def find(self, words: str) -> str:
        """Return the key of the outlet that a credit such as "a report in NAME" names, else ""."""
        if words not in self.found:
            self.found[words] = self._search(words)
        return self.found[words]

    def _search(self, words: str) -> str:
        if words in self.keys.values():
            return words
        folded = fold_name(words).split()
        for n in range(min(self.longest, len(folded)), 0, -1):
            for i in range(len(folded) - n + 1):
                if key := self.keys.get(" ".join(folded[i : i + n])):
                    return key
        return ""


def _list_names(entity: Mapping[str, Any]) -> list[str]:
    names = entity.get("names", {})
    return (
        [name for language in sorted(names) for name in names[language]]
        if isinstance(names, Mapping)
        else list(names)
    )


def fold_name(name: str) -> str:
    """Return a name as names are compared: words in lower case, without the article."""
    words = list_words(name)
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def find_origins(
    frames: Mapping[str, pd.DataFrame], book: Mapping[str, Any], parts: Iterable[str]
) -> pd.DataFrame:
    """Return the frame `origins`: each page's origin and every link that it rests on.

    The register's is_based_on wins; then what the page shares with another page; then whom it credits; then who
    published it; else the page is its own origin. `parts` are the labels of an article's text.
    """
    articles = frames["articles"].sort_values("article_id")
    credits = Credits(articles, book)
    pages = _rank_pages(articles)
    links: dict[str, list[Link]] = defaultdict(list)
    for link in [
        *_find_shared_passages(pages, list_sentences(frames, parts)),
        *_find_shared_quotations(pages, frames),
        *_find_rewordings(pages, frames),
        *_find_shared_errors(pages, frames),
    ]:
        links[link.article_id].append(link)
    credit_links = _find_credits(SimpleNamespace(**frames), credits)
    origin_of, rows = {}, []
    for row in sorted(articles.itertuples(index=False), key=lambda r: pages[r.article_id]):
        found = _choose_links(row, links[row.article_id], credit_links.get(row.article_id), credits)
        to = found[0].to
        origin_of[row.article_id] = origin_of.get(to, to)
        rows += [
            (
                row.article_id,
                origin_of[row.article_id],
                link.reason,
                link.evidence,
                link.annotation_id,
            )
            for link in found
        ]
    return make_frame("origins", sorted(set(rows)))


def _rank_pages(articles: pd.DataFrame) -> dict[str, tuple]:
    """Return the order in which pages count as a model for others: dated, earlier, not based on another, larger."""
    return {
        row.article_id: (
            bool(row.is_based_on),
            not row.date_published,
            row.date_published,
            -row.n_body_chars,
            row.article_id,
        )
        for row in articles.itertuples(index=False)
    }


def _choose_links(
    row: Any, shared: list[Link], credit: Link | None, credits: Credits
) -> list[Link]:
    if row.is_based_on:
        return [
            Link(row.article_id, credits.name(row.is_based_on), "register", row.is_based_on, "")
        ]
    if shared:
        model = Counter(link.to for link in shared).most_common(1)[0][0]
        return [link for link in shared if link.to == model]
    if credit:
        return [credit]
    if row.publisher:
        return [
            Link(
                row.article_id,
                credits.name(row.publisher) or row.article_id,
                "publisher",
                row.publisher,
                "",
            )
        ]
    return [Link(row.article_id, row.article_id, "own", "", "")]


def find_credited(tables: Any) -> dict[str, str]:
    """Return annotation_id -> key of the outlet that its page credits for it; a position has its quotation's credit."""
    credited = _read_credits(tables, Credits(tables.articles, tables.codebook))
    spans: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    columns = ["quotation_id", "article_id", "start", "end"]
    for row in choose_where(tables.quotations, columns, "quotation_id", credited).itertuples(
        index=False
    ):
        spans[row.article_id].append((row.start, row.end, credited[row.quotation_id]))
    columns = ["position_id", "article_id", "start", "end"]
    for row in choose_where(tables.positions, columns, "article_id", spans).itertuples(index=False):
        within = [
            key
            for start, end, key in spans.get(row.article_id, ())
            if start < row.end and row.start < end
        ]
        if within and row.position_id not in credited:
            credited[row.position_id] = within[0]
    return credited


def find_tellers(tables: Any) -> dict[str, tuple[str, str]]:
    """Return position_id -> (annotation_id, words) of whom its page credits with it who is no outlet: a third person."""
    credits = Credits(tables.articles, tables.codebook)
    via = choose_where(
        tables.annotations, ["annotation_id", "subject", "code", "exact"], "variable", ["via"]
    )
    via = choose_where(via, list(via.columns), "subject", tables.positions["position_id"])
    rows = [
        row
        for row in via.itertuples(index=False)
        if not (credits.find(row.code) or credits.find(row.exact))
    ]
    return {row.subject: (row.annotation_id, row.code) for row in rows}


def _read_credits(tables: Any, credits: Credits) -> dict[str, str]:
    via = choose_where(tables.annotations, ["subject", "code", "exact"], "variable", ["via"])
    found = (
        (row.subject, credits.find(row.code) or credits.find(row.exact))
        for row in via.itertuples(index=False)
    )
    return {id: key for id, key in found if key}


def _find_credits(tables: Any, credits: Credits) -> dict[str, Link]:
    """Return the other outlet to which a page credits at least half of what it quotes, or which signs it."""
    own = {
        row.article_id: credits.name(row.publisher)
        for row in tables.articles.itertuples(index=False)
    }
    links = _find_signed(tables, credits, own)
    credited = _read_credits(tables, credits)
    for article_id, rows in iterate_pages(
        tables.quotations, ["quotation_id", "start", "end", "exact"]
    ):
        end, total, outlets = 0, 0, defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.start, -row.end)):
            if row.start < end:
                continue  # marked words inside reported speech are credited with it
            end, total = row.end, total + 1
            key = credited.get(row.quotation_id, "")
            if key and key != own[article_id]:
                outlets[key].append(row)
        key = min(outlets, key=lambda k: (-len(outlets[k]), k), default="")
        if key and len(outlets[key]) * 2 >= total:
            first = outlets[key][0]
            links.setdefault(
                article_id, Link(article_id, key, "credit", first.exact, first.quotation_id)
            )
    return links


def _find_signed(tables: Any, credits: Credits, own: Mapping[str, str]) -> dict[str, Link]:
    """A page whose author is another outlet reprints it."""
    marks = choose_where(
        tables.annotations, ["article_id", "annotation_id", "code"], "variable", ["author"]
    )
    mark_of = dict(
        zip(
            zip(marks["article_id"], marks["code"], strict=True),
            marks["annotation_id"],
            strict=True,
        )
    )
    links = {}
    for row in tables.articles.sort_values("article_id").itertuples(index=False):
        key = credits.keys.get(fold_name(row.author), "")
        if key and key != own[row.article_id]:
            links[row.article_id] = Link(
                row.article_id,
                key,
                "credit",
                row.author,
                mark_of.get((row.article_id, row.author), ""),
            )
    return links


def _find_shared_passages(pages: Mapping[str, tuple], sentences: Mapping[str, array]) -> list[Link]:
    """Link a page to the earlier one with which it shares whole sentences of its own words."""
    first: dict[int, str] = {}
    links = []
    for article_id in sorted(sentences, key=lambda id: pages[id]):
        mine = sentences[article_id]
        models = Counter(first[key] for key in mine if key in first)
        if models:
            model = min(models, key=lambda id: (-models[id], pages[id]))
            if models[model] >= max(SHARED_SENTENCES, SHARED_SHARE * len(mine)):
                links.append(Link(article_id, model, "shared passage", model, ""))
        for key in mine:
            first.setdefault(key, article_id)
    return links


def list_sentences(frames: Mapping[str, pd.DataFrame], parts: Iterable[str]) -> dict[str, array]:
    """Return article_id -> its long sentences without quotations, each as a number that stands for its words.

    Page by page, and eight bytes a sentence: the text of all pages is never in memory at once.
    """
    found = {}
    quoted = iterate_pages(
        _list_direct(frames), ["exact"]
    )  # everybody's: that two pages quote alike says nothing
    for article_id, rows, direct in join_pages(iterate_parts(frames["annotations"], parts), quoted):
        body, keys = "\n".join(row.exact.strip() for row in rows), set()
        for sentence in SENTENCE_END.split(body):
            words = list_words(sentence)
            if len(words) >= LONG_SENTENCE and not any(row.exact in sentence for row in direct):
                keys.add(_sign(words))
        found[article_id] = array("Q", sorted(keys))
    return found


def _list_direct(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    quotations = frames["quotations"]
    columns = ["quotation_id", "article_id", "start", "end", "exact", "claim_id"]
    direct = quotations[columns][quotations["kind"] == "direct"]
    return direct.sort_values(["article_id", "start", "end"], ignore_index=True)


def _sign(words: Sequence[str]) -> int:
    """Return a number of eight bytes that stands for `words`."""
    return int.from_bytes(
        hashlib.blake2b(" ".join(words).encode("utf-8"), digest_size=8).digest(), "big"
    )


def _find_shared_quotations(
    pages: Mapping[str, tuple], frames: Mapping[str, pd.DataFrame]
) -> list[Link]:
    """Link a page to the earlier one that makes the same cuts, letter for letter, in the same order."""
    direct, signs = _list_direct(frames), {}

    def sign(row: Any) -> int | None:
        if row.exact not in signs:
            words = list_surface_words(row.exact)
            signs[row.exact] = _sign(words) if len(words) >= LONG_QUOTATION else None
        return signs[row.exact]

    cuts = _list_cuts(direct, sign)
    return _link_by_cuts(
        pages, cuts, direct, "shared quotations", SHARED_QUOTATIONS, SHARED_QUOTATION_SHARE
    )


class _Cuts(NamedTuple):
    """What stands for each of a page's quotations, once, in their order; and their rows. Twelve bytes a quotation."""

    signs: array
    rows: array


def _list_cuts(direct: pd.DataFrame, sign: Callable[[Any], int | None]) -> dict[str, _Cuts]:
    cuts: dict[str, _Cuts] = {}
    for i, row in enumerate(iterate_rows(direct, ["article_id", "exact", "claim_id"])):
        if (key := sign(row)) is not None:
            signs, rows = cuts.setdefault(row.article_id, _Cuts(array("Q"), array("I")))
            if key not in signs:
                signs.append(key)
                rows.append(i)
    return cuts


def _link_by_cuts(
    pages: Mapping[str, tuple],
    cuts: Mapping[str, _Cuts],
    direct: pd.DataFrame,
    reason: str,
    fewest: int,
    share: float,
) -> list[Link]:
    first: dict[int, str] = {}
    links = []
    for article_id in sorted(cuts, key=lambda id: pages[id]):
        mine = cuts[article_id].signs
        models = Counter(first[cut] for cut in mine if cut in first)
        model = min(models, key=lambda id: (-models[id], pages[id]), default=None)
        if model is not None and models[model] >= max(
            fewest, share * min(len(mine), len(cuts[model].signs))
        ):
            theirs = cuts[model].signs
            shared = [cut for cut in mine if cut in theirs]
            if shared == [cut for cut in theirs if cut in mine]:
                at = cuts[article_id].rows[mine.index(shared[0])]
                links.append(Link(article_id, model, reason, model, direct.at[at, "quotation_id"]))
        for cut in mine:
            first.setdefault(cut, article_id)
    return links


def _find_shared_errors(
    pages: Mapping[str, tuple], frames: Mapping[str, pd.DataFrame]
) -> list[Link]:
    """Link pages that alter a quotation in the same words: a shared error shows descent, as it does in manuscripts."""
    appearances = frames["appearances"]
    altered = appearances["annotation_id"][appearances["wording"] == "altered"]
    direct = _list_direct(frames)
    rows = direct[is_among(direct["quotation_id"], altered)].reset_index(drop=True)
    claims = choose_where(frames["claims"], ["claim_id", "text"], "claim_id", set(rows["claim_id"]))
    text_of = dict(zip(claims["claim_id"], claims["text"], strict=True))

    def sign(row: Any) -> int | None:
        words = list_words(row.exact)
        model = set(list_words(text_of[row.claim_id]))
        is_error = len(words) >= LONG_QUOTATION and set(words) - model and model - set(words)
        return _sign(words) if is_error else None

    return _link_by_cuts(pages, _list_cuts(rows, sign), rows, "shared error", 1, 0)


def _find_rewordings(pages: Mapping[str, tuple], frames: Mapping[str, pd.DataFrame]) -> list[Link]:
    """Link a page to the earlier one from which all it quotes, and nearly all it claims, can be taken.

    Its own words need not be shared: quotation marks survive a rewording, and a page that was reworded knows no more.
    """
    appearances, direct = frames["appearances"], _list_direct(frames)
    direct = direct[is_among(direct["quotation_id"], appearances["annotation_id"])].reset_index(
        drop=True
    )
    others = appearances[
        ~is_among(appearances["annotation_id"], frames["quotations"]["quotation_id"])
    ]
    numbers = {id: i for i, id in enumerate(frames["claims"]["claim_id"])}
    quoted, claimed = _number_claims(direct, numbers), _number_claims(others, numbers)
    first = {id: i for i, id in direct["article_id"].drop_duplicates().items()}
    read = direct["exact"].array.__getitem__  # the words of all quotations at once would not fit
    holders: dict[int, list[str]] = defaultdict(list)
    links = []
    for article_id in sorted(quoted, key=lambda id: pages[id]):
        mine, at, others = quoted[article_id], first[article_id], set(claimed.get(article_id, ()))
        near = Counter(id for claim in set(mine) for id in holders[claim])
        for model in sorted(near, key=lambda id: (-near[id], pages[id]))[:MODELS]:
            shared = others.intersection(claimed.get(model, ()))
            is_reworded = len(shared) >= REWORDED_SHARE * len(others)
            if is_reworded and _can_be_taken(mine, at, quoted[model], first[model], read):
                links.append(
                    Link(
                        article_id, model, "shared quotations", model, direct.at[at, "quotation_id"]
                    )
                )
                break
        for claim in set(mine):
            if len(holders[claim]) < MODELS:
                holders[claim].append(article_id)
    return links


def _number_claims(rows: pd.DataFrame, numbers: Mapping[str, int]) -> dict[str, array]:
    """Return article_id -> the numbers of the claims in its rows, in their order."""
    found: dict[str, array] = defaultdict(lambda: array("I"))
    for row in iterate_rows(rows, ["article_id", "claim_id"]):
        found[row.article_id].append(numbers[row.claim_id])
    return found


def _can_be_taken(
    mine: array, at: int, theirs: array, there: int, read: Callable[[int], str]
) -> bool:
    """Whether each of my quotations, their rows from `at`, is one of theirs, whole, cut or reworded, in their order."""
    if len(set(mine)) < SHARED_QUOTATIONS:
        return False
    position = 0
    for i, claim in enumerate(mine):
        rest = [j for j in range(position, len(theirs)) if theirs[j] == claim]
        words = list_words(read(at + i)) if rest else ()
        found = next((j for j in rest if _is_made_of(words, list_words(read(there + j)))), None)
        if found is None:
            return False
        position = found
    return True


def _is_made_of(words: tuple[str, ...], model: tuple[str, ...]) -> bool:
    if find_words(words, model) >= 0:
        return True
    return len(words) <= len(model) + 1 and count_in_order(words, model) * 2 > len(words)


def list_origins(tables: Any) -> pd.DataFrame:
    """Return article_id, origin_id, reason, evidence, annotation_id: one row a link.

    `reason` is register, shared passage, shared quotations, shared error, credit, publisher or own.
    """
    return tables.origins
