"""Public pages with labelled lines -> the network that judges lines beside the trees.

    python bench/train_nets.py text|tags --pages FOLDER [--cache FOLDER] [--only 0 1 2 3]

Run it after `train_clean.py`, whose trees it keeps. The network sees the lines around a line and,
for text, what the corpus repeats and pages varied by vary.py; its answers are averaged with the
trees'. Needs jax, optax and scikit-learn.
"""

from __future__ import annotations

import argparse
import collections
import tempfile
from pathlib import Path

import numpy as np

from gold import N_FOLDS, score_shingles
from hkresearch.clean import find_repeated, line_scores
from hkresearch.clean.html_features import IS_NEWS
from hkresearch.clean.line_features import N_SHAPE, LineTable, tabulate_lines
from hkresearch.clean.line_scores import read_weights
from train_clean import HERE, WEIGHTS
from train_dictionary import pick_dictionary
from train_examples import (
    N_PARTS,
    find_part,
    is_sampled,
    measure,
    read_examples,
    weigh_lines,
)
from vary import join_lines, list_lines, vary_page

TURNS = 6  # variants of every page
EPOCHS = {"text": 14, "tags": 20}
NEWS_SHARE = 0.8  # how far the network answers as annotators of news do; see train_clean.NEWS_SHARE
LABELS = ("body_lines", "title_lines", "byline_lines")
KEYS = ("id", "set", "site", "fold", "view")


def list_files(mode: str) -> list[Path]:
    """Return the files of weights: each fold's, then the one that ships."""
    return [
        *(HERE / "folds" / f"{mode}-{fold}.npz" for fold in range(N_FOLDS)),
        WEIGHTS / f"{mode}.npz",
    ]


def make_example(page: dict, table: LineTable, labels, shape: np.ndarray) -> dict:
    """Return what the network learns from: rows of numbers (`shape`), tokens, labels, weights."""
    body, titles, bylines = labels
    weight = weigh_lines(page | {"table": table, "body_lines": body})
    return {key: page[key] for key in KEYS} | dict(
        shape=shape, tokens=np.concatenate((table.words, table.stems), 1),
        fingerprint=table.fingerprint, n_words=table.n_words, body_lines=body,
        heads=np.stack((titles, bylines), 1).astype(np.float32), weight=weight.astype(np.float32),
        evidence=line_scores.weigh_evidence(None, len(body)),
    )  # fmt: skip


def make_text_examples(pages: list[dict]) -> list[dict]:
    """Return an example per page and view, with the evidence of its own set in the same view."""
    examples = [
        make_example(page, page["table"], [page[key] for key in LABELS], page["table"].shape)
        for page in pages
    ]
    corpora = collections.defaultdict(list)
    for example in examples:
        corpora[example["view"], example["set"]].append(example)
    for corpus in corpora.values():
        repeats = collections.Counter(
            f for example in corpus for f in np.unique(example["fingerprint"]).tolist()
        )
        for example in corpus:
            found = find_repeated(example["fingerprint"], example["n_words"], repeats)
            example["evidence"] = line_scores.weigh_evidence(found, len(example["n_words"]))
    return examples


def make_tag_examples(pages: list[dict]) -> list[dict]:
    """Return an example per page; names and words are weighed by pages of other sites."""
    parts = [find_part(page) for page in pages]
    dictionaries = [
        pick_dictionary(
            [page for page, own in zip(pages, parts, strict=True) if own != part], "tags"
        )
        for part in range(N_PARTS)
    ]
    examples = []
    for page, part in zip(pages, parts, strict=True):
        base, _ = measure(page)
        columns = line_scores.build_columns(dictionaries[part], base, page["table"], page["layout"])
        shape = line_scores.pick_known(base, columns, page["layout"]).T
        examples.append(
            make_example(
                page, page["table"], [page[key] for key in LABELS], np.ascontiguousarray(shape)
            )
        )
    return examples


def make_variants(pages: list[dict], turn: int) -> list[dict]:
    """Return a variant of each page in one view."""
    view = "light" if turn % 3 else "resi"
    variants = []
    for page in pages:
        if page["view"] != view:
            continue
        lines = list_lines(page["text"], page["table"].start, *(page[key] for key in LABELS))
        lines = vary_page(lines, f"{page['id']} {turn}")
        labels = np.array([line[2:] for line in lines], np.int8).reshape(-1, 3).T
        table = tabulate_lines(join_lines(lines))
        if len(table.start) == len(lines):
            variants.append(make_example(page | {"view": "vary"}, table, labels, table.shape))
    return variants


def choose(examples: list[dict], fold: int) -> list[dict]:
    """Return the examples to learn from without those of `fold`; of some views a share only."""
    return [example for example in examples if example["fold"] != fold and is_sampled(example)]


def train_nets(mode: str, pages: list[dict], folds):
    """Yield (fold, weights) of the network for each of `folds`; fold N_FOLDS leaves out no page."""
    from train_net import train_net  # jax takes seconds to load, and is not needed for --help

    examples, variants = [], [[]]
    if mode == "text":
        examples, variants = (
            make_text_examples(pages),
            [make_variants(pages, turn) for turn in range(TURNS)],
        )
    for fold in folds:
        print(
            f"  network without fold {fold}" if fold < N_FOLDS else "  network on every page",
            flush=True,
        )
        seen = choose(examples, fold) if mode == "text" else make_tag_examples(choose(pages, fold))
        yield fold, train_net(seen, [choose(part, fold) for part in variants], EPOCHS[mode])


def store(mode: str, trees: dict, net: dict) -> dict:
    """Return the weights as stored: word vectors in bytes, other numbers in half precision."""
    stored = {
        key: value for key, value in trees.items() if not key.startswith(("second", "net", "page"))
    }
    if mode == "tags":  # whose convention holds is answered in advance
        net["net_mean"][N_SHAPE + IS_NEWS] += 1 - NEWS_SHARE
    scale = np.float32(np.abs(net["net_vectors"]).max() / 127)
    for key, value in net.items():
        whole = value.dtype != np.float32 or key in ("net_mean", "net_spread")
        stored[key] = value if whole else value.astype(np.float16)
    return stored | {
        "net_vectors": np.round(net["net_vectors"] / scale).astype(np.int8),
        "net_scale": scale,
    }


def fit_judge(examples: list[dict], weights_of_fold: list[dict]) -> np.ndarray:
    """Return the logistic regression of a page being cleaned well, from out-of-fold answers."""
    from sklearn.linear_model import LogisticRegression

    rows, good = [], []
    for example in examples:
        weights = weights_of_fold[example["fold"]]
        scores = line_scores.score_lines(
            example["table"], example["layout"], example["heading"], weights
        )
        if not len(scores.body):
            continue
        lines = example["text"].split("\n")
        numbers = np.searchsorted(find_breaks(example["text"]), example["table"].start)
        kept = "\n".join(lines[i] for i in numbers[scores.body >= score_threshold(example["view"])])
        rows.append(line_scores.describe_page(scores.body, example["table"].n_words))
        good.append(score_shingles(kept, example["body"])[2] >= 0.9)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(np.array(rows), np.array(good))
    return np.append(model.coef_[0], model.intercept_[0])


def score_threshold(view: str) -> float:
    """Return the probability from which a line counts as running text."""
    return line_scores.THRESHOLDS["tags" if view == "tags" else "text"]


def find_breaks(text: str) -> np.ndarray:
    """Return the places of the line breaks of `text`."""
    return np.flatnonzero(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32) == 10)


def main() -> None:
    """Train the network of each fold and the one that ships, then say how sure a page may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=("text", "tags"))
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "hkresearch-clean"
    )
    parser.add_argument(
        "--only",
        type=int,
        nargs="*",
        default=range(N_FOLDS + 1),
        help="folds to leave out; 3: none",
    )
    arguments = parser.parse_args()
    mode, files = arguments.mode, list_files(arguments.mode)
    pages = [
        page
        for page in read_examples(arguments.pages, mode, arguments.cache)
        if len(page["table"].start)
    ]
    for fold, net in train_nets(mode, pages, arguments.only):
        add_net(mode, files[fold], net)
    add_judge(files, [page for page in pages if page["view"] in ("resi", "light", "tags")])


def add_net(mode: str, path: Path, net: dict) -> None:
    """Put the network's weights beside the trees in the file `path`."""
    with np.load(path) as stored:
        trees = {key: stored[key] for key in stored.files}
    np.savez_compressed(path, **store(mode, trees, net))


def add_judge(files: list[Path], pages: list[dict]) -> None:
    """Put what makes a page sure into every file of weights."""
    judge = fit_judge(pages, [read_weights(path.open("rb")) for path in files[:N_FOLDS]])
    for path in files:
        with np.load(path) as stored:
            arrays = {key: stored[key] for key in stored.files}
        np.savez_compressed(path, **arrays | {"page": judge})


if __name__ == "__main__":
    main()
