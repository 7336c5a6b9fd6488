"""Public pages as text, with the labels of their lines -> the weights that clean text whose HTML is gone.

Called by train_clean.py text. Trees answer line by line; a small network over the lines of a page, which also sees the
trees' answers, what the corpus repeats and pages varied by vary.py, is averaged with them.
"""

from __future__ import annotations

import collections
import hashlib
import pickle
from pathlib import Path

import numpy as np
from gold import N_FOLDS, find_fold, find_site, flatten, label_lines, read_pages, score_shingles
from train_net import train_net
from vary import join_lines, list_lines, vary_page

from hkresearch.clean import find_repeated, score
from hkresearch.clean.features import tabulate_lines
from hkresearch.clean.net import spread_vocabulary

SETS = ("andy", "fundus", "wcxb-dev")
NEWS = ("andy", "fundus")  # sets whose annotators count few lists and tables as text
SHARES = {"resi": 1.0, "light": 1.0, "wet": 0.2, "insc": 0.2}  # of the pages, per view, that the network learns from
TURNS = 6  # variants of every page
EPOCHS = 8


def read_views(folder: Path, cache: Path) -> list[dict]:
    """Return the pages of all sets in every view: their text and the labels of their lines."""
    pages = []
    for view in SHARES:
        kept = cache / f"pages-{view}.pickle"
        if not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps([read_view(page, view) for name in SETS for page in read_pages(folder, name)]))
        pages += pickle.loads(kept.read_bytes())
    return pages


def read_view(page: dict, view: str) -> dict:
    """Return the page as `view` flattens it."""
    text = flatten(page["html"], view)
    body, titles, bylines = label_lines(text, tabulate_lines(text), page)
    found = {key: page[key] for key in ("id", "set", "url", "body")}
    found |= dict(view=view, site=find_site(page["url"]), fold=find_fold(page["url"]), text=text)
    return found | dict(body_lines=body, title_lines=titles, byline_lines=bylines)


def make_example(page: dict, text: str, labels, trees: list[dict]) -> dict:
    """Return what the network learns from: rows, tokens, labels and weights; the trees never saw the page's site."""
    table = tabulate_lines(text)
    body, titles, bylines = labels
    answers = np.zeros(0, np.float32)
    if len(table.start):
        weights = trees[page["fold"]]
        answers = score.run_first(weights, table)
    convention = 0.0 if page["set"] in NEWS or page["view"] == "vary" else 1.0
    known = body >= 0
    words = np.maximum(table.n_words, 1) * known
    weight = 50 * (known / max(known.sum(), 1) + words / max(words.sum(), 1))
    return {key: page[key] for key in ("id", "set", "site", "fold", "view")} | dict(
        shape=score.gather_rows(table, answers, convention), tokens=np.concatenate((table.words, table.stems), 1),
        fingerprint=table.fingerprint, n_words=table.n_words, body_lines=body,
        heads=np.stack((titles, bylines), 1).astype(np.float32), weight=weight.astype(np.float32),
    )  # fmt: skip


def make_examples(pages: list[dict], trees: list[dict]) -> list[dict]:
    """Return an example per page and view, with the evidence that its own set in the same view gives."""
    examples = [
        make_example(page, page["text"], (page["body_lines"], page["title_lines"], page["byline_lines"]), trees) for page in pages
    ]  # fmt: skip
    corpora = collections.defaultdict(list)
    for example in examples:
        corpora[example["view"], example["set"]].append(example)
    for corpus in corpora.values():
        repeats = collections.Counter(f for example in corpus for f in np.unique(example["fingerprint"]).tolist())
        for example in corpus:
            found = find_repeated(example["fingerprint"], example["n_words"], repeats)
            example["evidence"] = score.weigh_evidence(found, len(example["n_words"]))
    return examples


def make_variants(pages: list[dict], trees: list[dict], turn: int) -> list[dict]:
    """Return a variant of each page in one view."""
    view = "light" if turn % 3 else "resi"
    variants = []
    for page in pages:
        if page["view"] != view:
            continue
        lines = list_lines(page["text"], tabulate_lines(page["text"]).start, page["body_lines"], page["title_lines"], page["byline_lines"])
        lines = vary_page(lines, f"{page['id']} {turn}")
        labels = np.array([line[2:] for line in lines], np.int8).reshape(-1, 3).T
        text = join_lines(lines)
        if len(tabulate_lines(text).start) == len(lines):
            example = make_example(page | {"view": "vary"}, text, labels, trees)
            variants.append(example | {"evidence": score.weigh_evidence(None, len(lines))})
    return variants


def crop(example: dict) -> dict:
    """Return the example without most of the lines far from its running text: they are many, alike and easy."""
    body = np.flatnonzero(example["body_lines"] == 1)
    n = len(example["n_words"])
    if example["view"] == "vary" or not len(body) or n < 120:
        return example
    digest = int(hashlib.sha1(f"{example['id']} {example['view']}".encode()).hexdigest(), 16)
    if digest % 6 == 0:
        return example
    low, high = max(body[0] - 20 - digest // 7 % 40, 0), min(body[-1] + 21 + digest // 281 % 40, n)
    per_line = {key: value[low:high] for key, value in example.items() if isinstance(value, np.ndarray)}
    return example | per_line


def choose(examples: list[dict], fold: int) -> list[dict]:
    """Return the examples to learn from without those of `fold`; of some views a share only."""
    return [
        crop(example) for example in examples
        if example["fold"] != fold and int(hashlib.sha1(example["id"].encode()).hexdigest(), 16) % 100 < 100 * SHARES.get(example["view"], 1)
    ]  # fmt: skip


def train_nets(examples: list[dict], variants: list[list[dict]], folds):
    """Yield (fold, weights) of the network for each of `folds`; fold N_FOLDS leaves out no page."""
    for fold in folds:
        print(f"  network without fold {fold}" if fold < N_FOLDS else "  network on every page", flush=True)
        yield fold, train_net(choose(examples, fold), [choose(part, fold) for part in variants], EPOCHS)


def store(weights: dict) -> dict:
    """Return the network's weights as they are stored: word vectors in bytes, the rest in half precision."""
    stored = dict(weights)
    scale = np.float32(np.abs(weights["net_vectors"]).max() / 127)
    stored["net_vectors"] = np.round(weights["net_vectors"] / scale).astype(np.int8)
    stored["net_scale"] = scale
    for key, value in weights.items():
        if value.dtype == np.float32 and key not in ("net_vectors", "net_mean", "net_spread"):
            stored[key] = value.astype(np.float16)
    return stored


def use(weights: dict) -> dict:
    """Return stored weights as the package reads them."""
    ready = {key: value.astype(np.float32) if value.dtype == np.float16 else value for key, value in weights.items()}
    ready["net_known"] = spread_vocabulary(ready.pop("net_vocabulary"))
    ready["net_vectors"] = ready["net_vectors"] * ready.pop("net_scale")
    return ready


def fit_judge(pages: list[dict], weights_of_fold: list[dict]) -> np.ndarray:
    """Return the logistic regression that says how likely a page was cleaned well, from out-of-fold answers."""
    from sklearn.linear_model import LogisticRegression

    rows, good = [], []
    for page in pages:
        table = tabulate_lines(page["text"])
        if page["view"] not in ("resi", "light") or not len(table.start):
            continue
        body = score.score_lines(table, None, -1, weights_of_fold[page["fold"]]).body
        kept = "\n".join(page["text"][table.start[i] : table.end[i]] for i in np.flatnonzero(body >= score.THRESHOLDS["text"]))
        rows.append(score.describe_page(body, table.n_words))
        good.append(score_shingles(kept, page["body"])[2] >= 0.9)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(np.array(rows), np.array(good))
    return np.append(model.coef_[0], model.intercept_[0])
