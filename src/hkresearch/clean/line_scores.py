"""A page's lines -> the probability that each is the article's, and that the page is cleaned well.

The weights beside this file were trained by bench/train_clean.py and bench/train_nets.py on three
public sets of pages, whose hand-made annotations are licensed CC-BY-4.0 (Web Content Extraction
Benchmark), Apache-2.0 (article-extraction-dataset) and MIT (fundus test data).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import IO, NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from hkresearch.clean.boosted_trees import add_context, mark_members, run_trees
from hkresearch.clean.html_features import (
    N_SAID,
    REACHES,
    STEPS,
    Kin,
    build_tag_columns,
    measure_tags,
    pool_answers,
)
from hkresearch.clean.line_features import CORE, LineTable
from hkresearch.clean.line_network import N_EVIDENCE, run_net, spread_vocabulary
from hkresearch.pages.html_elements import Layout

SECOND_STEPS = (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6)
SECOND_REACHES = (1, 3, 8, 25)
THRESHOLDS = {
    "tags": 0.42,
    "text": 0.45,
}  # the probability from which a line counts as running text
NET = {"tags": 0.25, "text": 0.35}  # the network's share in the log-odds; the rest is the trees'
NEAR_TEXT = 50  # lines before the running text where the title and the byline are looked for, ...
UNLIKELY = -5.0  # ... and the log-odds from which the network has a line looked at elsewhere
REPEATED = 3.0  # what standing on another page of the corpus costs a line, in log-odds


class Scores(NamedTuple):
    """Per line the probability `body`, the log-odds `title` and `byline`; a page's confidence."""

    body: np.ndarray
    title: np.ndarray
    byline: np.ndarray
    confidence: float


@lru_cache(maxsize=2)
def load_weights(name: str) -> Mapping[str, np.ndarray]:
    """Return the weights "text" or "tags" that ship with the package."""
    with (resources.files(__package__) / f"{name}.npz").open("rb") as stream:
        return read_weights(stream)


@lru_cache(maxsize=1)
def find_pools() -> ThreadpoolController:
    """Return what limits numpy's threads: for products as small as a page's they only wait."""
    return ThreadpoolController()


def read_weights(stream: IO[bytes]) -> Mapping[str, np.ndarray]:
    """Return the arrays in an .npz file; half-precision numbers are widened."""
    with np.load(stream, allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    weights = {
        key: array.astype(np.float32) if array.dtype == np.float16 else array
        for key, array in arrays.items()
    }
    if "net_vocabulary" in weights:
        weights["net_known"] = spread_vocabulary(weights.pop("net_vocabulary"))
        weights["net_vectors"] = weights["net_vectors"] * weights.pop("net_scale")
    return weights


def measure_lines(
    table: LineTable, layout: Layout | None, title: int
) -> tuple[np.ndarray, Kin | None]:
    """Return the features that need no dictionary, one per row, and the kin of the lines."""
    if layout is None:
        return np.ascontiguousarray(table.shape.T), None
    tags, kin = measure_tags(layout, table.end - table.start, table.n_words, title)
    return np.concatenate((table.shape.T, tags)), kin


def build_columns(
    weights: Mapping[str, np.ndarray], base: np.ndarray, table: LineTable, layout: Layout | None
) -> np.ndarray:
    """Return the first stage's features: the base, the neighbours', known words and names."""
    if layout is not None:
        return build_tag_columns(weights, base, table.words, layout)
    rows = [base, add_context(base, np.asarray(CORE), STEPS, REACHES)]
    keys = weights["words"]
    place = np.minimum(np.searchsorted(keys, table.words), len(keys) - 1)
    known = np.where(keys[place] == table.words, place + 1, 0)
    rows.append(mark_members(known, len(keys) + 1)[1:])
    return np.concatenate(rows)


def build_second_columns(
    base: np.ndarray,
    first: np.ndarray,
    n_words: np.ndarray,
    kin: Kin | None = None,
    chosen: np.ndarray | slice = slice(None),
) -> np.ndarray:
    """Return what the title and byline trees see of the `chosen` lines.

    The base, and the first trees' answers around each line, over the page, and among its kin.
    """
    z = np.clip(first, -6, 6).astype(np.float32)
    p = 1 / (1 + np.exp(-z))
    n = len(z)
    mass = p * n_words
    total = mass.sum() + 1e-6
    before = np.cumsum(mass) - mass
    place = np.arange(n, dtype=np.float32)
    sure = np.flatnonzero(p > 0.7)
    left = np.zeros(n, np.float32) if not len(sure) else place - sure[0]
    right = np.zeros(n, np.float32) if not len(sure) else sure[-1] - place
    last_sure = np.maximum.accumulate(np.where(p > 0.7, place, -99))
    next_sure = np.minimum.accumulate(np.where(p > 0.7, place, n + 99)[::-1])[::-1]
    tail = total - before - mass
    rows = [
        z, before / total, tail / total, np.full(n, np.log(total)), np.full(n, p.mean()),
        np.full(n, total / (n_words.sum() + 1)),
        _fold(left), _fold(right), _fold(np.minimum(place - last_sure, 99)),
        _fold(np.minimum(next_sure - place, 99)),
    ]  # fmt: skip
    answers = np.stack((z, p))
    return np.concatenate(
        [part[:, chosen] for part in (
            base, np.stack(rows).astype(np.float32),
            add_context(answers, np.array([0]), SECOND_STEPS, ()),
            add_context(answers, np.array([1]), (), SECOND_REACHES),
            *(() if kin is None else (pool_answers(kin, p, n_words),)),
        )]
    )  # fmt: skip


def _fold(distance: np.ndarray) -> np.ndarray:
    folded: np.ndarray = np.sign(distance) * np.log1p(np.abs(distance))
    return folded


def score_lines(
    table: LineTable,
    layout: Layout | None,
    title: int,
    weights: Mapping[str, np.ndarray] | None = None,
    repeated: np.ndarray | None = None,
) -> Scores:
    """Return the scores of each line; `repeated`: on how many other pages of the corpus it is."""
    n = len(table.start)
    if not n:
        return Scores(np.zeros(0), np.zeros(0), np.zeros(0), 0.0)
    mode = "text" if layout is None else "tags"
    weights = load_weights(mode) if weights is None else weights
    base, kin = measure_lines(table, layout, title)
    columns = build_columns(weights, base, table, layout)
    trees = run_trees(weights, "first", columns)
    known = pick_known(base, columns, layout)
    tokens = np.concatenate((table.words, table.stems), 1)
    evidence = weigh_evidence(repeated if layout is None else None, n)
    with find_pools().limit(limits=1, user_api="blas"):
        net = run_net(weights, known.T, tokens, evidence)
    cost = 0.0 if repeated is None else REPEATED * (repeated > 0)
    log_odds = NET[mode] * net[:, 0] + (1 - NET[mode]) * trees - cost
    body = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    chosen = _choose_lines_to_name(log_odds, net)
    second = build_second_columns(known, trees, table.n_words, kin, chosen)
    wide = np.concatenate((second, columns[len(base) :, chosen]))
    heads = np.full((2, n), -9.0)
    for row, head in enumerate(("title", "byline")):
        if len(chosen) and f"{head}_leaf" in weights:
            heads[row, chosen] = run_trees(weights, head, wide)
    title_odds, byline_odds = heads
    return Scores(body, title_odds, byline_odds, judge_page(weights, body, table.n_words))


def _choose_lines_to_name(log_odds: np.ndarray, net: np.ndarray) -> np.ndarray:
    """Return the lines that may be the title or a byline: near the text, or likely by the net."""
    text = np.flatnonzero(log_odds > 0)
    first = text[0] if len(text) else 0
    middle = first - NEAR_TEXT // 2
    near = np.abs(np.arange(len(log_odds)) - middle) <= NEAR_TEXT // 2 + 6
    return np.flatnonzero(near | (net[:, 1:].max(1) > UNLIKELY))


def pick_known(base: np.ndarray, columns: np.ndarray, layout: Layout | None) -> np.ndarray:
    """Return the features of a line alone: with tags also what its words and names say."""
    return base if layout is None else columns[: len(base) + N_SAID]


def weigh_evidence(repeated: np.ndarray | None, n: int) -> np.ndarray:
    """Return what the network sees of the corpus: on how many other pages each line is."""
    rows = np.zeros((n, N_EVIDENCE), np.float32)
    if repeated is not None and n:
        rows[:, 0] = np.log1p(repeated) / 2
        rows[:, 1] = repeated > 0
        rows[:, 2] = 1
        rows[:, 3] = (repeated > 0).mean()
    return rows


def describe_page(body: np.ndarray, n_words: np.ndarray) -> np.ndarray:
    """Return a page's answers as a whole: how much text, how much doubtful, how scattered."""
    words = n_words.sum() + 1
    mass = body @ n_words
    chosen = body >= 0.5
    kept = n_words @ chosen
    hit = (body * chosen) @ n_words
    expected = 2 * hit / (kept + mass + 1e-6)
    entropy = -(body * np.log(body + 1e-9) + (1 - body) * np.log(1 - body + 1e-9)) @ n_words
    runs = np.count_nonzero(np.diff(chosen.astype(np.int8)) == 1) + 1
    doubtful = ((body > 0.2) & (body < 0.8)) @ n_words
    return np.array([
        expected, np.log1p(kept) / 5, entropy / (mass + 10), doubtful / (mass + 10),
        np.log(runs) / 2, mass / words,
        np.log1p(len(body)) / 5, hit / (kept + 1),
    ])  # fmt: skip


def judge_page(weights: Mapping[str, np.ndarray], body: np.ndarray, n_words: np.ndarray) -> float:
    """Return the probability that nine tenths of the word sequences are right, both ways."""
    if "page" not in weights:
        return 0.5
    z = describe_page(body, n_words) @ weights["page"][:-1] + weights["page"][-1]
    return float(1 / (1 + np.exp(-np.clip(z, -30, 30))))
