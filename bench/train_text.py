"""Public pages as text, with the labels of their lines -> the network of the weights that clean text whose HTML is gone.

    python bench/train_text.py --pages FOLDER [--cache FOLDER] [--only 0 1 2 3]

Run it after `train_clean.py text`, whose trees it keeps. The network sees the lines around a line, what the corpus repeats,
and pages varied by vary.py; its answers are averaged with the trees'. Needs jax, optax and scikit-learn.
"""

from __future__ import annotations

import argparse
import collections
import tempfile
from pathlib import Path

import numpy as np
from gold import N_FOLDS
from train_clean import HERE, WEIGHTS, fit_judge, is_sampled, read_examples, weigh_lines
from train_net import train_net
from vary import join_lines, list_lines, vary_page

from hkresearch.clean import find_repeated, score
from hkresearch.clean.features import LineTable, tabulate_lines
from hkresearch.clean.score import read_weights

TURNS = 6  # variants of every page
EPOCHS = 14
LABELS = ("body_lines", "title_lines", "byline_lines")
FILES = [*(HERE / "folds" / f"text-{fold}.npz" for fold in range(N_FOLDS)), WEIGHTS / "text.npz"]


def make_example(page: dict, table: LineTable, labels) -> dict:
    """Return what the network learns from: rows, tokens, labels and weights."""
    body, titles, bylines = labels
    weight = weigh_lines(page | {"table": table, "body_lines": body})
    return {key: page[key] for key in ("id", "set", "site", "fold", "view")} | dict(
        shape=table.shape, tokens=np.concatenate((table.words, table.stems), 1),
        fingerprint=table.fingerprint, n_words=table.n_words, body_lines=body,
        heads=np.stack((titles, bylines), 1).astype(np.float32), weight=weight.astype(np.float32),
    )  # fmt: skip


def make_examples(pages: list[dict]) -> list[dict]:
    """Return an example per page and view, with the evidence that its own set in the same view gives."""
    examples = [make_example(page, page["table"], [page[key] for key in LABELS]) for page in pages]
    corpora = collections.defaultdict(list)
    for example in examples:
        corpora[example["view"], example["set"]].append(example)
    for corpus in corpora.values():
        repeats = collections.Counter(f for example in corpus for f in np.unique(example["fingerprint"]).tolist())
        for example in corpus:
            found = find_repeated(example["fingerprint"], example["n_words"], repeats)
            example["evidence"] = score.weigh_evidence(found, len(example["n_words"]))
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
            example = make_example(page | {"view": "vary"}, table, labels)
            variants.append(example | {"evidence": score.weigh_evidence(None, len(lines))})
    return variants


def choose(examples: list[dict], fold: int) -> list[dict]:
    """Return the examples to learn from without those of `fold`; of some views a share only."""
    return [example for example in examples if example["fold"] != fold and is_sampled(example)]


def train_nets(examples: list[dict], variants: list[list[dict]], folds):
    """Yield (fold, weights) of the network for each of `folds`; fold N_FOLDS leaves out no page."""
    for fold in folds:
        print(f"  network without fold {fold}" if fold < N_FOLDS else "  network on every page", flush=True)
        yield fold, train_net(choose(examples, fold), [choose(part, fold) for part in variants], EPOCHS)


def store(trees: dict, net: dict) -> dict:
    """Return the weights as they are stored: the network's word vectors in bytes, its other numbers in half precision."""
    stored = {key: value for key, value in trees.items() if not key.startswith(("second", "net", "page"))}
    scale = np.float32(np.abs(net["net_vectors"]).max() / 127)
    for key, value in net.items():
        whole = value.dtype != np.float32 or key in ("net_mean", "net_spread")
        stored[key] = value if whole else value.astype(np.float16)
    return stored | {"net_vectors": np.round(net["net_vectors"] / scale).astype(np.int8), "net_scale": scale}


def main() -> None:
    """Train the network of each fold and the one that ships, then say how sure a page may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "hkresearch-clean")
    parser.add_argument("--only", type=int, nargs="*", default=range(N_FOLDS + 1), help="folds to leave out; 3: none")
    arguments = parser.parse_args()
    pages = read_examples(arguments.pages, "text", arguments.cache)
    variants = [make_variants(pages, turn) for turn in range(TURNS)]
    for fold, net in train_nets(make_examples(pages), variants, arguments.only):
        add_net(FILES[fold], net)
    add_judge(pages)


def add_net(path: Path, net: dict) -> None:
    """Put the network's weights beside the trees in the file `path`."""
    with np.load(path) as stored:
        trees = {key: stored[key] for key in stored.files}
    np.savez_compressed(path, **store(trees, net))


def add_judge(pages: list[dict]) -> None:
    """Put what makes a page sure into every file of weights."""
    pages = [page for page in pages if page["view"] in ("resi", "light")]
    judge = fit_judge(pages, [read_weights(path.open("rb")) for path in FILES[:N_FOLDS]])
    for path in FILES:
        with np.load(path) as stored:
            arrays = {key: stored[key] for key in stored.files}
        np.savez_compressed(path, **arrays | {"page": judge})


if __name__ == "__main__":
    main()
