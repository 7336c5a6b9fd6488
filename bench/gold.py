"""Public benchmark pages -> what a cleaner should have found, and how well it did.

A page's body is compared as a multiset of runs of four words (the Scrapinghub article benchmark's
own measure): precision and recall are means over pages.
"""

from __future__ import annotations

import difflib
import gzip
import hashlib
import json
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse

import numpy as np

N_FOLDS = 3
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)


def read_pages(folder: Path, name: str):
    """Yield the pages of the set `name` as dictionaries."""
    with gzip.open(Path(folder) / f"pages-{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line) | {"set": name}


def find_site(url: str | None) -> str:
    """Return the registrable domain of `url`, near enough."""
    parts = re.sub(r"^www\.", "", urlparse(url or "").netloc.lower()).split(".")
    double = (
        len(parts) > 2
        and parts[-2] in ("co", "com", "org", "gov", "net", "ac", "edu", "gob")
        and len(parts[-1]) == 2
    )
    return ".".join(parts[-3:] if double else parts[-2:])


def find_fold(url: str, n: int = N_FOLDS) -> int:
    """Return the fold that all pages of the site of `url` belong to."""
    return int(hashlib.sha1((find_site(url) or url or "").encode()).hexdigest(), 16) % n


def flatten(html: str, how: str) -> str:
    """Return the text that a crawl might have left.

    `how` is resi (everything), light (half stripped), wet (no empty lines) or insc (inscriptis's).
    """
    if how == "insc":
        import inscriptis

        text = inscriptis.get_text(html)
    else:
        from resiliparse.extract.html2text import extract_plain_text

        text = extract_plain_text(
            html, main_content=how == "light", alt_texts=how != "wet", links=False,
            form_fields=False, noscript=False, preserve_formatting=True,
        )  # fmt: skip
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if how == "wet":
        text = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return text


def find_words(text: str | None) -> list[str]:
    """Return the words of `text`; every ideograph is one."""
    return _WORD.findall(text or "")


def normalise(text: str | None) -> str:
    """Return the words of `text` in one case and one spelling, for exact comparison."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text or "").casefold()))


def align_lines(text: str, body: str) -> list[int | None]:
    """Return per line of `text` whether half of its words stand in `body`, in order.

    A line without words has None.
    """
    words, owner = [], []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        found = [word.lower() for word in find_words(line)]
        words += found
        owner += [number] * len(found)
    gold = [word.lower() for word in find_words(body)]
    size = min(3, max(1, len(gold)))
    left = [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]
    right = [tuple(gold[i : i + size]) for i in range(len(gold) - size + 1)]
    covered = bytearray(len(words))
    if left and right:
        for block in difflib.SequenceMatcher(
            None, left, right, autojunk=False
        ).get_matching_blocks():
            if block.size:
                covered[block.a : block.a + block.size + size - 1] = b"\1" * (block.size + size - 1)
    total = Counter(owner)
    hit = Counter(number for number, is_hit in zip(owner, covered, strict=True) if is_hit)
    return [None if not total[n] else int(hit[n] * 2 >= total[n]) for n in range(len(lines))]


def label_lines(text: str, table, page: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return per line of `table`: body (1, 0, -1 without words), is it the title, an author."""
    aligned = align_lines(text, page["body"])
    breaks = np.flatnonzero(
        np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32) == 10
    )
    numbers = np.searchsorted(breaks, table.start)
    body = np.array([-1 if aligned[n] is None else aligned[n] for n in numbers], np.int8)
    titles, bylines = np.zeros(len(numbers), np.int8), np.zeros(len(numbers), np.int8)
    title = normalise(page.get("title"))
    authors = [name for name in map(normalise, page.get("authors") or []) if len(name) > 3]
    for i, (start, end) in enumerate(zip(table.start, table.end, strict=True)):
        if end - start < 400:
            line = normalise(text[start:end])
            titles[i] = bool(title) and line == title
            bylines[i] = len(line.split()) <= 14 and any(name in line for name in authors)
    return body, titles, bylines


def count_shingles(text: str, size: int = 4) -> Counter:
    """Return the runs of four words of `text`."""
    words = find_words(text)
    return Counter(
        tuple(words[i : i + size])
        for i in range(max(1, len(words) - size + 1))
        if words[i : i + size]
    )


def score_shingles(found: str, gold: str) -> tuple[float | None, float | None, float]:
    """Return (precision, recall, F1) of one page; precision is None when nothing was found."""
    left, right = count_shingles(found), count_shingles(gold)
    hit, n_left, n_right = sum((left & right).values()), sum(left.values()), sum(right.values())
    precision = hit / n_left if n_left else None
    recall = hit / n_right if n_right else None
    return precision, recall, 2 * hit / (n_left + n_right) if n_left + n_right else 1.0


def average_scores(scores: list[tuple]) -> tuple[float, float, float]:
    """Return mean precision, mean recall and the F1 of the two."""
    precision = statistics.mean([s[0] for s in scores if s[0] is not None] or [0.0])
    recall = statistics.mean([s[1] for s in scores if s[1] is not None] or [0.0])
    return (
        precision,
        recall,
        2 * precision * recall / (precision + recall) if precision + recall else 0.0,
    )


def measure_text(pages: list[dict], clean: Callable[[dict], set[int]]) -> dict:
    """Return the measures of a cleaner that chooses lines."""
    scores, n_gold, n_lost, n_rest, n_leaked, n_raised = [], 0, 0, 0, 0, 0
    begun = time.process_time()
    chosen = []
    for page in pages:
        try:
            chosen.append(clean(page))
        except Exception:  # counted: no page may raise
            n_raised += 1
            chosen.append(set())
    seconds = time.process_time() - begun
    for page, keep in zip(pages, chosen, strict=True):
        lines = page["text"].split("\n")
        scores.append(score_shingles("\n".join(lines[i] for i in sorted(keep)), page["body"]))
        for i, truth in enumerate(page["lines"]):
            if truth is not None:
                n_gold, n_lost = n_gold + truth, n_lost + (truth and i not in keep)
                n_rest, n_leaked = n_rest + (1 - truth), n_leaked + (not truth and i in keep)
    precision, recall, f1 = average_scores(scores)
    return dict(
        P=precision,
        R=recall,
        F1=f1,
        lost=n_lost / max(n_gold, 1),
        leaked=n_leaked / max(n_rest, 1),
        rate=len(pages) / max(seconds, 1e-9),
        raised=n_raised,
    )


def measure_html(pages: list[dict], extract: Callable[[dict], str]) -> dict:
    """Return the measures of an extractor of bodies."""
    found, n_raised = [], 0
    begun = time.process_time()
    for page in pages:
        try:
            found.append(extract(page))
        except Exception:  # counted: no page may raise
            n_raised += 1
            found.append("")
    seconds = time.process_time() - begun
    precision, recall, f1 = average_scores(
        [score_shingles(text, page["body"]) for text, page in zip(found, pages, strict=True)]
    )
    return dict(P=precision, R=recall, F1=f1, rate=len(pages) / seconds, raised=n_raised)
