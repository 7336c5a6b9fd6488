"""Public annotated pages -> the cleaning weights that ship, and one set per fold left out.

    python bench/train_clean.py text|tags --pages FOLDER [--cache FOLDER]

It trains the trees only; train_nets.py adds the network and the confidence of a page. Needs
catboost and scikit-learn, which the package itself does not. FOLDER holds pages-andy.jsonl.gz
(annotations Apache-2.0), pages-fundus.jsonl.gz (MIT) and pages-wcxb-dev.jsonl.gz (CC-BY-4.0), one
page a line: id, url, html, body, title, date, authors.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from gold import N_FOLDS
from hkresearch.clean import line_scores
from hkresearch.clean.boosted_trees import run_trees
from hkresearch.clean.html_features import IS_NEWS
from hkresearch.clean.line_features import N_SHAPE
from train_dictionary import pick_dictionary
from train_examples import (
    N_PARTS,
    find_part,
    is_sampled,
    measure,
    read_examples,
    sample_lines,
)

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src" / "hkresearch" / "clean"
NEWS_SHARE = 0.6  # more loses lists, less lets furniture in; F1 is the same
TREES = {  # trees, depth, learning rate
    "tags": {"first": (240, 6, 0.12), "byline": (80, 5, 0.15)},
    "text": {"first": (180, 6, 0.17), "title": (80, 5, 0.15), "byline": (80, 5, 0.15)},
}


def fit(
    rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, n_trees: int, depth: int, rate: float
):
    """Return the fitted trees as the package stores them: feature, threshold, leaf, bias."""
    from catboost import CatBoostClassifier, Pool

    model = CatBoostClassifier(
        iterations=n_trees, depth=depth, learning_rate=rate, rsm=0.2, border_count=64,
        thread_count=1, l2_leaf_reg=6, bootstrap_type="Bernoulli", subsample=0.7, random_seed=1,
        allow_writing_files=False, verbose=False,
    )  # fmt: skip
    model.fit(Pool(rows, labels, weight=weights + 1e-3))
    return export(model, depth)


def export(model, depth: int) -> dict[str, np.ndarray]:
    """Return CatBoost's symmetric trees as arrays.

    A tree of fewer levels is filled up with questions that are never answered yes.
    """
    with tempfile.NamedTemporaryFile(suffix=".json") as stream:
        model.save_model(stream.name, format="json")
        stored = json.load(open(stream.name))
    borders = {}
    for entry in stored["features_info"]["float_features"]:
        borders[entry["feature_index"]] = entry["flat_feature_index"]
    trees = stored["oblivious_trees"]
    feature = np.zeros((depth, len(trees)), np.int32)
    threshold = np.full((depth, len(trees)), np.inf, np.float32)
    leaf = np.zeros((len(trees), 1 << depth), np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or []):
            feature[level, number] = borders[split["float_feature_index"]]
            threshold[level, number] = split["border"]
        values = tree["leaf_values"]
        leaf[number, : len(values)] = values
    scale, bias = stored["scale_and_bias"]
    return {
        "feature": feature,
        "threshold": threshold,
        "leaf": leaf * scale,
        "bias": np.float32(bias[0]),
    }


def train(examples: list[dict], mode: str, seen: np.ndarray, what: str) -> dict[str, np.ndarray]:
    """Return weights trained on `examples[i]` where `seen[i]`.

    For the lines to learn from, words and names are weighed without the pages of their own site
    (`dictionaries`, by part).
    """
    chosen = [example for example, is_seen in zip(examples, seen, strict=True) if is_seen]
    weights = pick_dictionary(chosen, mode)
    dictionaries = [weights] * N_PARTS
    if mode == "tags":
        dictionaries = [
            pick_dictionary([e for e in chosen if find_part(e) != part], mode)
            for part in range(N_PARTS)
        ]
    rows, labels, weight = [], [], []
    for example in chosen:
        if len(example["table"].start):
            lines, line_weights = sample_lines(example, mode)
            base, _ = measure(example)
            columns = line_scores.build_columns(
                dictionaries[find_part(example)], base, example["table"], example["layout"]
            )
            rows.append(columns[:, lines].T)
            labels.append(example["body_lines"][lines])
            weight.append(line_weights)
    rows = np.concatenate(rows)
    print(f"  {what}: {rows.shape}", flush=True)
    found = fit(rows, np.concatenate(labels), np.concatenate(weight), *TREES[mode]["first"])
    weights |= {f"first_{key}": value for key, value in found.items()}
    return weights | {"dictionaries": dictionaries}


def train_heads(
    examples: list[dict], mode: str, seen: np.ndarray, weights: dict, answers: list[np.ndarray]
) -> None:
    """Add byline trees and, for text, title trees, learned from the first stage's `answers`."""
    heads = ("title", "byline") if mode == "text" else ("byline",)
    stages = {head: ([], [], []) for head in heads}
    for example, is_seen, log_odds in zip(examples, seen, answers, strict=True):
        has_heads = example["view"] in ("tags", "resi") or example["set"] != "wcxb-dev"
        if not is_seen or not len(log_odds) or not has_heads:
            continue
        columns = build_head_columns(example, weights, log_odds)
        for head in heads:
            truth = example[f"{head}_lines"]
            if not truth.any():
                continue
            spread = np.arange(0, len(truth), max(1, len(truth) // 50))
            near = np.unique(np.concatenate((np.flatnonzero(truth), spread)))
            rows = (columns[:, near].T, truth[near], np.ones(len(near)))
            for collected, value in zip(stages[head], rows, strict=True):
                collected.append(value)
    for stage, (rows, labels, weight) in stages.items():
        found = fit(
            np.concatenate(rows),
            np.concatenate(labels),
            np.concatenate(weight),
            *TREES[mode][stage],
        )
        weights |= {f"{stage}_{key}": value for key, value in found.items()}


def build_head_columns(example: dict, weights: dict, log_odds: np.ndarray) -> np.ndarray:
    """Return what the title and byline trees see of each line, after the first stage."""
    base, kin = measure(example)
    dictionary = weights["dictionaries"][find_part(example)]
    columns = line_scores.build_columns(dictionary, base, example["table"], example["layout"])
    known = line_scores.pick_known(base, columns, example["layout"])
    second = line_scores.build_second_columns(known, log_odds, example["table"].n_words, kin)
    return np.concatenate((second, columns[len(base) :]))


def run_first(examples: list[dict], chosen: np.ndarray, weights: dict, answers: list) -> None:
    """Fill `answers` with the first stage's log-odds for the chosen examples."""
    for i in np.flatnonzero(chosen):
        example = examples[i]
        if not len(example["table"].start):
            answers[i] = np.zeros(0, np.float32)
            continue
        base, kin = measure(example)
        columns = line_scores.build_columns(weights, base, example["table"], example["layout"])
        answers[i] = run_trees(weights, "first", columns)


def fold_convention(weights: dict) -> dict:
    """Return the weights with the question of convention answered: NEWS_SHARE of it for news."""
    weights, row = dict(weights), N_SHAPE + IS_NEWS
    for stage in ("first", "byline"):
        feature, threshold, leaf = (
            weights[f"{stage}_{part}"].copy() for part in ("feature", "threshold", "leaf")
        )
        number = np.arange(leaf.shape[1])
        for level, tree in np.argwhere(feature == row):
            bit = 1 << level
            leaf[tree] = (
                NEWS_SHARE * leaf[tree][number | bit] + (1 - NEWS_SHARE) * leaf[tree][number & ~bit]
            )
            threshold[level, tree] = np.inf
        weights |= {f"{stage}_threshold": threshold, f"{stage}_leaf": leaf}
    return weights


def prune(weights: dict) -> dict:
    """Return the weights with half-precision leaves, ready to be stored."""
    stored = {}
    for key, value in weights.items():
        if key == "dictionaries":
            continue
        if key.endswith("_feature"):
            value = value.astype(np.int16)
        elif key.endswith(("_leaf", "_near", "_far", "_anywhere", "term_first")):
            value = value.astype(np.float16)
        stored[key] = value
    return stored


def main() -> None:
    """Train one of the two sets of weights: each fold's, then the ones that ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=("text", "tags"))
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "hkresearch-clean"
    )
    arguments = parser.parse_args()
    mode = arguments.mode
    examples = read_examples(arguments.pages, mode, arguments.cache)
    examples = [example for example in examples if is_sampled(example)]
    folds = np.array([e["fold"] for e in examples])
    answers: list = [None] * len(examples)
    per_fold = []
    for fold in range(N_FOLDS):
        weights = train(examples, mode, folds != fold, f"first stage without fold {fold}")
        run_first(examples, folds == fold, weights, answers)
        per_fold.append(weights)
    everything = np.ones(len(examples), bool)
    for fold in range(N_FOLDS):
        train_heads(examples, mode, folds != fold, per_fold[fold], answers)
    if mode == "tags":
        per_fold = [fold_convention(weights) for weights in per_fold]
    (HERE / "folds").mkdir(exist_ok=True)
    for fold, weights in enumerate(per_fold):
        np.savez_compressed(HERE / "folds" / f"{mode}-{fold}.npz", **prune(weights))
    final = train(examples, mode, everything, "first stage on every page")
    train_heads(examples, mode, everything, final, answers)
    if mode == "tags":
        final = fold_convention(final)
    np.savez_compressed(WEIGHTS / f"{mode}.npz", **prune(final))


if __name__ == "__main__":
    main()
