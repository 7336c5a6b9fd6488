"""What is to be published, and the pages it quotes -> the same, with no more of a page's words than its codebook allows.

Every passage, and every run of a page's words in a cell, is shown in a window of so many characters. A page whose
words add up to more than its budget gets the next narrower window, until they do not: the context goes first, then the
middle of long passages, those in nobody's own words before direct quotations.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..source import hash_bytes

if TYPE_CHECKING:
    from ..tables import Tables

SHARE, MOST = 0.33, 2000  # of an article's characters, and in all, where the codebook says nothing
FREE = ("CC0-1.0", "PDM-1.0")  # licences, by their SPDX ids, of pages that anybody may republish, where it says nothing
RUN = 6  # words in a row, or Han characters, that are somebody's words; fewer are anybody's
WINDOWS = (
    10**9, 600, 440, 340, 270, 220, 180, 150, 125, 104, 86, 72, 60, 50, 42, 35, 29, 24, 20, 16, 13, 10, 8, 6, 4, 2, 0,
)  # fmt: skip
ENDLESS = WINDOWS[0]
FREE_LEVEL = WINDOWS.index(150)  # a page that may be republished is still quoted to be read, not copied
ANSWER = 90  # characters that an answer may always quote in a row
OWN_WORDS = 3  # times as much room for words in quotation marks
HELD = 0.92  # of a budget is what passages, cells and charts may use
GAP = "[…]"
SHORTEST_ENDS = 24  # a narrower window shows the beginning of a passage alone: two stumps say less than one
WORD = re.compile(r"[\u2e80-\U0003ffff]|[^\W_\u2e80-\U0003ffff]+")
# How a table of wordings shows what was left out and put in; and where a label's own name ends and the words begin.
MARKS = re.compile(r"\[-|-\]|\{\+|\+\}|\[…\]|“")
NAME = 3  # words before an opening mark that only say whose words follow
LETTER = re.compile(r"[^\W_]")
APOSTROPHES = ("'", "’")
LOOSE = " ,;:–—-“”‘’\"'"  # that ends nothing and begins nothing beside a gap

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text layer, how many of its characters one publication may show, and the widest window (its place)."""

    text: str
    budget: int
    level: int = 0
    headline: str = ""


@dataclass(slots=True)
class _Quote:
    """A run of page words in a text that is to be shown; `at` has, per word, where each page has it."""

    text: str
    start: int
    end: int
    words: list[Span]
    at: list[list[tuple[str, int]]]
    is_own: bool = False
    before: str = ""
    after: str = ""
    is_drawn: bool = False  # in a chart, which is as it is
    floor: int = 0  # the least window, for the words that the answer itself quotes
    home: tuple[str, int] | None = None  # of a passage: its page, and where it begins there
    pages: set[str] = field(default_factory=set)


def read_pages(tables: Tables) -> dict[str, Page]:
    """Return the pages behind `tables`, by id, each with its budget as the codebook sets it; a free one has no end."""
    parts = tables.annotations[tables.annotations["variable"] == "part"].sort_values(["article_id", "start"])
    texts = parts.groupby("article_id")["exact"].agg("".join)
    sizes = dict(zip(tables.articles["article_id"], tables.articles["n_body_chars"], strict=True))
    licences = dict(zip(tables.articles["article_id"], tables.articles["license"], strict=True))
    headlines = dict(zip(tables.articles["article_id"], tables.articles["headline"], strict=True))
    free = tables.codebook.get("quoted_freely", FREE)
    return {
        id: Page(texts.get(id, ""), ENDLESS, FREE_LEVEL, headlines[id])
        if licences[id] in free
        else Page(texts.get(id, ""), set_budget(int(n), tables.codebook), headline=headlines[id])
        for id, n in sizes.items()
    }


def gather_pages(notes: Iterable[Mapping[str, Any]]) -> dict[str, Page]:
    """Return what is known of the pages from the passages alone, for a notebook that is set without its tables."""
    texts: dict[str, list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for note in notes:
        page, first = texts[note["article_id"]], note["start"] - len(note["before"])
        words = note["before"] + note["exact"] + note["after"]
        page.extend("\0" * (first + len(words) - len(page)))
        page[first : first + len(words)] = words
        sizes[note["article_id"]] = note["n_body_chars"]
    return {id: Page("".join(page), set_budget(sizes[id], {})) for id, page in texts.items()}


def set_budget(n_body_chars: int, codebook: Mapping[str, Any]) -> int:
    """Return how many characters of an article of `n_body_chars` one publication may show."""
    share, most = codebook.get("quoted_share", SHARE), codebook.get("quoted_characters", MOST)
    return min(int(n_body_chars * float(share)), int(most))


# ------------------------------------------------------------------------------------------------------ publications


def limit_document(document: Mapping[str, Any], pages: Mapping[str, Page]) -> dict[str, Any]:
    """Return `document` within the budget of every page; its notes get `shown`, `tail` and the hash of their words."""
    texts: dict[str, str] = {}

    def collect(text: str) -> str:
        texts[text] = text
        return text

    _map_texts(document, collect)
    headlines = {page.headline for page in pages.values()} & texts.keys()
    headlines |= {note["headline"] for note in document["notes"]}
    drawn = headlines | {text for block in document["blocks"] for text in block.get("content", {}).get("drawn", ())}
    shown, limited = limit_quotes(
        document["notes"], [text for text in texts if text not in headlines], _hold_back(pages), drawn,
        {document["answer"]},
    )  # fmt: skip
    changed = _map_texts(document, lambda text: limited.get(text, text))
    return {**changed, "notes": [_show_note(note, shown[note["id"]]) for note in document["notes"]]}


def _show_note(note: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    return {**note, **shown, "exact_sha256": hash_bytes(note["exact"].encode("utf-8", "surrogatepass"))}


def _map_texts(document: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return `document` with `change` made to each of its texts that may hold words of a page."""
    return {
        **document,
        "answer": change(document["answer"]),
        "blocks": [_map_block(block, change) for block in document["blocks"]],
    }


def _map_block(block: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    if block["t"] in ("output", "error"):
        return {**block, "text": change(block["text"])}
    if block["t"] == "answer":
        return {**block, "content": {**block["content"], "text": change(block["content"]["text"]), "evidence": {}}}
    if block["t"] != "exhibit":
        return dict(block)
    content = dict(block["content"])
    for name in ("title", "note", "alt"):
        if name in content:
            content[name] = change(content[name])
    content["rows"] = [
        {**row, "cells": [{**cell, "text": change(cell["text"])} for cell in row["cells"]]} for row in content["rows"]
    ]
    content["csv"] = _map_csv(content["csv"], change)
    return {**block, "title": change(block["title"]), "content": {**content, "evidence": {}}}


def _map_csv(text: str, change: Callable[[str], str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(
        [change(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))
    )
    return stream.getvalue()


def limit_frames(tables: Tables, notes: list[dict[str, Any]]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return what may be published of the passages in `notes`, by id, and of every other text in `tables`.

    Headlines count, and stay.
    """
    from ..tables import list_frames

    texts = {}
    for table, frame in list_frames(tables).items():
        for name in frame.columns if table != "articles" else ():
            if name not in ("exact", "before", "after") and frame[name].dtype.kind not in "iufb":
                texts |= {text: text for text in frame[name].dropna().unique() if isinstance(text, str)}
    return limit_quotes(notes, texts, _hold_back(read_pages(tables)), set(tables.articles["headline"]))


def _hold_back(pages: Mapping[str, Page]) -> dict[str, Page]:
    """Return `pages` with a little less budget: words that only happen to stand side by side may make a run as well."""
    return {id: replace(page, budget=int(page.budget * HELD)) for id, page in pages.items()}


# ------------------------------------------------------------------------------------------------------- the windows


def limit_quotes(
    notes: Iterable[Mapping[str, Any]], texts: Iterable[str], pages: Mapping[str, Page], drawn: Iterable[str] = (),
    answers: Iterable[str] = (),
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return before, exact, tail and after of each passage, by id, and each text, such that no page is over budget.

    A passage whose middle is left out has its first words as `exact` and its last as `tail`. Texts in charts and
    headlines (`drawn`) count and stay as they are; `answers` always quote a few words.
    """
    notes = list(notes)
    index = _index_pages(pages)
    passages = {note["id"]: _read_passage(note, index, pages[note["article_id"]].text) for note in notes}
    own = {word for quote in passages.values() if quote.is_own for word in _list_grams(quote.text, quote.words)}
    runs = {text: _find_quotes(text, index, own) for text in texts}
    answered = {word for text in answers for quote in runs.get(text, ()) for places in quote.at for word in places}
    for quote in (quote for found in runs.values() for quote in found):
        if all(answered.issuperset(places) for places in quote.at):
            quote.floor = ANSWER  # what the answer quotes stands as well wherever it is said again
    quotes = [*passages.values(), *(quote for found in runs.values() for quote in found)]
    for text in sorted(drawn):
        for quote in _find_quotes(text, index, own):
            quote.is_drawn = True
            quotes.append(quote)
    levels = {id: page.level for id, page in pages.items()}
    while over := _find_pages_over(quotes, levels, pages, index):
        for id in over:
            levels[id] += 1
    shown = {id: _show_passage(quote, _choose_window(quote, levels)) for id, quote in passages.items()}
    return shown, {text: _show_text(text, found, levels) for text, found in runs.items() if found}


def _find_pages_over(
    quotes: Iterable[_Quote], levels: Mapping[str, int], pages: Mapping[str, Page], index: _Index
) -> list[str]:
    masks = {id: bytearray(len(page.text) + 1) for id, page in pages.items()}
    marked = set()  # the same words, cut alike, stand at the same places
    for quote in quotes:
        kept = _cut(quote, _choose_window(quote, levels))
        for first, last in kept:
            if quote.home:
                id, offset = quote.home
                masks[id][offset + first : offset + last] = b"\1" * (last - first)
        within = tuple((max(first, quote.start), min(last, quote.end)) for first, last in kept)
        said = (quote.text, quote.start, quote.end, within)
        if said in marked:
            continue
        marked.add(said)
        for (start, end), places in zip(quote.words, quote.at, strict=True):
            if any(first <= start and end <= last for first, last in kept):
                for id, n in places:
                    begin, finish = index.places[id][n], index.places[id][n + 1]
                    masks[id][begin:finish] = b"\1" * (finish - begin)
    last = len(WINDOWS) - 1
    return [id for id, mask in masks.items() if levels[id] < last and mask.count(1) > pages[id].budget]


def _choose_window(quote: _Quote, levels: Mapping[str, int]) -> int:
    if quote.is_drawn:
        return WINDOWS[0]
    window = WINDOWS[max((levels[id] for id in quote.pages), default=0)]
    return max(window * OWN_WORDS if quote.is_own else window, quote.floor)


def _cut(quote: _Quote, window: int) -> list[Span]:
    """Return the parts of a quote's text that a window lets through: all of it, or its beginning and its end."""
    start, end, text = quote.start, quote.end, quote.text
    if not window:
        return []
    if end - start <= window + len(GAP):
        room = max(0, window - (end - start)) // 2
        return [(start - _fit_end(quote.before, room), end + _fit_start(quote.after, room))]
    tail = window * 2 // 5 if window > SHORTEST_ENDS else 0
    head = start + len(text[start : start + _fit_start(text[start:end], window - tail)].rstrip(LOOSE))
    rest = text[head : end]
    last = end - len(rest[len(rest) - _fit_end(rest, tail) :].lstrip(LOOSE))
    return [span for span in ((start, head), (last, end)) if span[0] < span[1]]


def _fit_start(text: str, room: int) -> int:
    """Return how many characters of the beginning of `text` fit into `room` without half a word."""
    if len(text) <= room:
        return len(text)
    n = max(0, room)
    while 0 < n and _is_inside_word(text, n):
        n -= 1
    return len(text[:n].rstrip())


def _fit_end(text: str, room: int) -> int:
    if len(text) <= room:
        return len(text)
    n = max(0, room)
    while 0 < n < len(text) and _is_inside_word(text, len(text) - n):
        n -= 1
    return len(text[len(text) - n :].lstrip()) if n else 0


def _is_inside_word(text: str, at: int) -> bool:
    pair = text[at - 1 : at + 1] if at > 0 else ""
    if pair[:1] in APOSTROPHES and pair:  # as in it's: the letters on both sides are one word
        pair = text[at - 2 : at - 1] + pair[1:]
    elif pair[1:] in APOSTROPHES and pair[1:]:
        pair = pair[:1] + text[at + 1 : at + 2]
    return len(pair) == 2 and all(LETTER.match(c) and c < "\u2e80" for c in pair)


def _show_passage(quote: _Quote, window: int) -> dict[str, Any]:
    kept = _cut(quote, window)
    text, whole = quote.before + quote.text + quote.after, len(quote.before)
    if kept and len(kept) == 1 and kept[0][0] <= 0 and kept[0][1] >= quote.end:
        first, last = kept[0]
        return {
            "before": text[whole + first : whole], "exact": quote.text, "tail": "", "is_whole": True,
            "after": text[whole + quote.end : whole + last],
        }  # fmt: skip
    head, tail = _split_ends(quote, kept)
    return {"before": "", "exact": head, "tail": tail, "is_whole": False, "after": ""}


def _split_ends(quote: _Quote, kept: list[Span]) -> tuple[str, str]:
    """Return what is kept of the beginning of a quote and of its end, each empty where nothing is."""
    head = next((quote.text[a:b] for a, b in kept if a == quote.start), "")
    return head, next((quote.text[a:b] for a, b in kept if a > quote.start), "")


def _show_text(text: str, quotes: list[_Quote], levels: Mapping[str, int]) -> str:
    pieces, at = [], 0
    for quote in quotes:
        kept = _cut(quote, _choose_window(quote, levels))
        pieces.append(text[at : quote.start])
        if kept == [(quote.start, quote.end)]:
            pieces.append(text[quote.start : quote.end])
        else:
            head, tail = _split_ends(quote, kept)
            pieces.append(" ".join(filter(None, (head, GAP, tail))))
        at = quote.end
    return "".join([*pieces, text[at:]])


# --------------------------------------------------------------------------------------------------- whose words


@dataclass(frozen=True, slots=True)
class _Index:
    """Where each page has each run of RUN words, and where each of its words begins."""

    runs: Mapping[tuple[str, ...], list[tuple[str, int]]]
    places: Mapping[str, list[int]]
    located: dict[str, list[list[tuple[str, int]]]] = field(default_factory=dict)  # what many pages say, looked up once


def _index_pages(pages: Mapping[str, Page]) -> _Index:
    runs: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    places = {}
    for id, page in pages.items():
        words = _find_words(page.text)
        places[id] = [start for start, _ in words] + [len(page.text)]
        for n, gram in enumerate(_list_grams(page.text, words)):
            runs[gram].append((id, n))
    return _Index(runs, places)


def _find_words(text: str) -> list[Span]:
    return [found.span() for found in WORD.finditer(text)]


def _list_grams(text: str, words: list[Span]) -> list[tuple[str, ...]]:
    folded = [text[start:end].casefold() for start, end in words]
    return [tuple(folded[n : n + RUN]) for n in range(len(folded) - RUN + 1)]


def _read_passage(note: Mapping[str, Any], index: _Index, page: str) -> _Quote:
    before, after = note["before"], note["after"]
    if _is_inside_word(page, note["start"] - len(before)):
        before = before[_skip_word(before) :]
    if _is_inside_word(page, note["end"] + len(after)):
        after = after[: len(after) - _skip_word(after[::-1])]
    quote = _Quote(
        text=note["exact"], start=0, end=len(note["exact"]), words=_find_words(note["exact"]), at=[],
        is_own=bool(note.get("is_own")), before=before, after=after,
        home=(note["article_id"], note["start"]),
    )  # fmt: skip
    quote.at = _locate_words(quote.text, quote.words, index)
    quote.pages = {id for places in quote.at for id, _ in places} | {note["article_id"]}
    return quote


def _skip_word(text: str) -> int:
    """Return where the first white space of `text` ends, or where `text` does."""
    found = re.search(r"\s+", text)
    return found.end() if found else len(text)


def _locate_words(text: str, words: list[Span], index: _Index) -> list[list[tuple[str, int]]]:
    """Return for each word of `text` where each page has it, within a run that both have."""
    if text in index.located:
        return index.located[text]
    at: list[set[tuple[str, int]]] = [set() for _ in words]
    for n, gram in enumerate(_list_grams(text, words)):
        for id, place in index.runs.get(gram, ()):
            for k in range(RUN):
                at[n + k].add((id, place + k))
    index.located[text] = [sorted(places) for places in at]
    return index.located[text]


def _find_quotes(text: str, index: _Index, own: set[tuple[str, ...]]) -> list[_Quote]:
    """Return the runs of page words in `text`, in order; a mark of what was left out or put in ends a run, and so does “."""
    words = _find_words(text)
    if len(words) < RUN:
        return []
    at = _locate_words(text, words, index)
    breaks = [found.start() for found in MARKS.finditer(text)]
    groups: list[list[int]] = []
    for n, places in enumerate(at):
        if not places:
            continue
        joined = groups and groups[-1][-1] == n - 1 and not any(words[n - 1][1] <= b < words[n][0] for b in breaks)
        if joined:
            groups[-1].append(n)
        else:
            groups.append([n])
    groups = [g for g in groups if len(g) > NAME or "“" not in text[words[g[-1]][1] :][:3]]
    return [_make_quote(text, [words[n] for n in group], [at[n] for n in group], own) for group in groups]


def _make_quote(text: str, words: list[Span], at: list, own: set[tuple[str, ...]]) -> _Quote:
    quote = _Quote(text=text, start=words[0][0], end=words[-1][1], words=words, at=at)
    quote.is_own = any(gram in own for gram in _list_grams(text, words))
    quote.pages = {id for places in at for id, _ in places}
    return quote
