"""Public pages with hand-made annotations -> the cleaning weights (and, per fold of sites, weights that never saw it).

    python bench/train_clean.py text|tags --pages FOLDER [--cache FOLDER] [--folds-only | --final-only]

Needs catboost and scikit-learn, which the package itself does not. FOLDER holds pages-andy.jsonl.gz (annotations Apache-2.0),
pages-fundus.jsonl.gz (MIT) and pages-wcxb-dev.jsonl.gz (CC-BY-4.0), a page a line: id, url, html, body, title, date, authors.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import pickle
import tempfile
from pathlib import Path

import numpy as np
from gold import N_FOLDS, find_fold, find_site, flatten, label_lines, read_pages, score_shingles

from hkresearch.clean import score
from hkresearch.clean.features import tabulate_lines
from hkresearch.clean.tags import find_title
from hkresearch.markup import flatten_html, read_names

SETS = ("andy", "fundus", "wcxb-dev")
VIEWS = {"tags": ("tags",), "text": ("resi", "light", "wet", "insc")}
SHARES = {"resi": 1.0, "light": 1.0, "wet": 0.35, "insc": 0.35, "tags": 1.0}  # of the pages, per view
HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src" / "hkresearch" / "clean"
MOST_LINES = {"tags": 220, "text": 130}  # lines of a page to learn from; of a longer one, a sample


def read_examples(folder: Path, mode: str, cache: Path) -> list[dict]:
    """Return one example per page and view: its table, its labels (1 body, 0 not, -1 neither), its gold."""
    examples = []
    for view in VIEWS[mode]:
        kept = cache / f"examples-{view}.pickle"
        if not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps([make_example(page, view) for name in SETS for page in read_pages(folder, name)]))
        examples += pickle.loads(kept.read_bytes())
    return examples


def make_example(page: dict, view: str) -> dict:
    """Return the example of one page as `view` leaves it."""
    layout, title = None, -1
    if view == "tags":
        text, layout = flatten_html(page["html"])
        text = text[layout.start :]
        title = find_title(layout, text.split("\n"))
    else:
        text = flatten(page["html"], view)
    table = tabulate_lines(text)
    labels, titles, bylines = label_lines(text, table, page)
    example = {key: page[key] for key in ("id", "set", "url", "body", "title", "date", "authors")}
    example |= dict(view=view, site=find_site(page["url"]), fold=find_fold(page["url"]), text=text, table=table)
    example |= dict(layout=layout, heading=title, body_lines=labels, title_lines=titles, byline_lines=bylines)
    if layout is not None:
        example["names"] = {name for element in set(layout.node) for name in read_outer_names(layout, element)}
    return example


def read_outer_names(layout, element: int):
    """Yield the names on `element` and on the eight elements around it."""
    for _ in range(8):
        if element < 0:
            return
        yield from read_names(layout.naming[element])[:8]
        element = layout.parent[element]


def pick_dictionary(examples: list[dict], mode: str) -> dict[str, np.ndarray]:
    """Return the words (and element names) that stand on enough sites to be worth a feature."""
    sites = collections.defaultdict(set)
    for example in examples:
        for word in np.unique(example["table"].words):
            sites[int(word)].add(example["site"])
    sites.pop(0, None)
    often = sorted((w for w in sites if len(sites[w]) >= 20), key=lambda w: (-len(sites[w]), w))[:350]
    found = {"words": np.sort(np.array(often, np.uint64))}
    if mode == "tags":
        sites = collections.defaultdict(set)
        for example in examples:
            for name in example["names"]:
                sites[name].add(example["site"])
        often = sorted((w for w in sites if len(sites[w]) >= 7), key=lambda w: (-len(sites[w]), w))[:550]
        found["names"] = np.frombuffer(" ".join(sorted(often)).encode(), np.uint8)
    return found


def weigh_lines(example: dict) -> np.ndarray:
    """Return the weight of each line: pages count alike; within a page half goes by lines, half by words."""
    known = example["body_lines"] >= 0
    words = np.maximum(example["table"].n_words, 1) * known
    return 50 * (known / max(known.sum(), 1) + words / max(words.sum(), 1))


def sample_lines(example: dict, mode: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the lines to learn from and their weights; of a long page a fixed sample, weighted up."""
    weight = weigh_lines(example)
    lines = np.flatnonzero(example["body_lines"] >= 0)
    most = MOST_LINES[mode]
    if len(lines) <= most:
        return lines, weight[lines]
    body = lines[example["body_lines"][lines] == 1]
    rest = lines[example["body_lines"][lines] == 0]
    take = max(most - len(body), most // 2)
    if len(rest) > take:
        step = len(rest) / take
        chosen = rest[(np.arange(take) * step).astype(int)]
        weight = weight.copy()
        weight[chosen] *= step
        rest = chosen
    lines = np.sort(np.concatenate((body, rest)))
    return lines, weight[lines]


def fit(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, n_trees: int, depth: int, rate: float):
    """Return the fitted trees as arrays (feature, threshold, leaf, bias) of the package's own format."""
    from catboost import CatBoostClassifier, Pool

    model = CatBoostClassifier(
        iterations=n_trees, depth=depth, learning_rate=rate, rsm=0.2, border_count=64, thread_count=1, l2_leaf_reg=6,
        bootstrap_type="Bernoulli", subsample=0.7, random_seed=1, allow_writing_files=False, verbose=False,
    )  # fmt: skip
    model.fit(Pool(rows, labels, weight=weights + 1e-3))
    return export(model, depth)


def export(model, depth: int) -> dict[str, np.ndarray]:
    """Return CatBoost's symmetric trees as arrays; a tree of fewer levels gets questions that are never answered yes."""
    import json
    import tempfile

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
    return {"feature": feature, "threshold": threshold, "leaf": leaf * scale, "bias": np.float32(bias[0])}


def train(examples: list[dict], mode: str, seen: np.ndarray, first: dict | None, cache_key: str) -> dict[str, np.ndarray]:
    """Return weights trained on `examples[i]` where `seen[i]`; `first` gives out-of-fold answers for the second stage."""
    weights = pick_dictionary([e for e, s in zip(examples, seen) if s], mode)
    rows, labels, weight = [], [], []
    for example, use in zip(examples, seen):
        if use and len(example["table"].start):
            lines, line_weights = sample_lines(example, mode)
            base = score.measure_lines(example["table"], example["layout"], example["heading"])
            rows.append(score.build_columns(weights, base, example["table"], example["layout"])[:, lines].T)
            labels.append(example["body_lines"][lines])
            weight.append(line_weights)
    rows = np.concatenate(rows)
    print(f"  {cache_key}: {rows.shape}", flush=True)
    found = fit(rows, np.concatenate(labels), np.concatenate(weight), *TREES[mode]["first"])
    weights |= {f"first_{key}": value for key, value in found.items()}
    return weights


def train_second(examples: list[dict], mode: str, seen: np.ndarray, weights: dict, answers: list[np.ndarray]) -> dict:
    """Return the second stage and, for text, the title and byline trees, learned from the first stage's `answers`."""
    heads = ("title", "byline") if mode == "text" else ("byline",)
    stages = {stage: ([], [], []) for stage in ("second", *heads)}
    for example, use, z in zip(examples, seen, answers):
        if not use or not len(z):
            continue
        lines, line_weights = sample_lines(example, mode)
        base = score.measure_lines(example["table"], example["layout"], example["heading"])
        second = score.build_second_columns(base, z, example["table"].n_words)
        for collected, value in zip(stages["second"], (second[:, lines].T, example["body_lines"][lines], line_weights)):
            collected.append(value)
        if example["view"] in ("tags", "resi") or example["set"] != "wcxb-dev":
            columns = score.build_columns(weights, base, example["table"], example["layout"])
            wide = np.concatenate((second, columns[len(base) :]))
            for head in heads:
                truth = example[f"{head}_lines"]
                if not truth.any():
                    continue
                near = np.unique(np.concatenate((np.flatnonzero(truth), np.arange(0, len(truth), max(1, len(truth) // 50)))))
                for collected, value in zip(stages[head], (wide[:, near].T, truth[near], np.ones(len(near)))):
                    collected.append(value)
    for stage, (rows, labels, weight) in stages.items():
        found = fit(np.concatenate(rows), np.concatenate(labels), np.concatenate(weight), *TREES[mode][stage])
        weights |= {f"{stage}_{key}": value for key, value in found.items()}
    return weights


TREES = {  # trees, depth, learning rate
    "tags": {"first": (160, 6, 0.17), "second": (100, 6, 0.13), "byline": (80, 5, 0.15)},
    "text": {"first": (180, 6, 0.17), "second": (130, 6, 0.13), "title": (80, 5, 0.15), "byline": (80, 5, 0.15)},
}  # fmt: skip


def run_first(examples: list[dict], chosen: np.ndarray, weights: dict, answers: list) -> None:
    """Fill `answers` with the first stage's log-odds for the chosen examples."""
    for i in np.flatnonzero(chosen):
        example = examples[i]
        if not len(example["table"].start):
            answers[i] = np.zeros(0, np.float32)
            continue
        base = score.measure_lines(example["table"], example["layout"], example["heading"])
        columns = score.build_columns(weights, base, example["table"], example["layout"])
        answers[i] = score.run_trees(weights, "first", columns)


def prune(weights: dict) -> dict:
    """Return the weights with half-precision leaves, ready to be stored."""
    stored = {}
    for key, value in weights.items():
        if key.endswith("_feature"):
            value = value.astype(np.int16)
        elif key.endswith("_leaf"):
            value = value.astype(np.float16)
        stored[key] = value
    return stored


def fit_judge(examples: list[dict], weights_of_fold: list[dict]) -> np.ndarray:
    """Return the logistic regression that says how likely a page was cleaned well, from out-of-fold answers."""
    from sklearn.linear_model import LogisticRegression

    rows, good, spread = [], [], []
    for example in examples:
        weights = weights_of_fold[example["fold"]]
        scores = score.score_lines(example["table"], example["layout"], example["heading"], weights)
        if not len(scores.body):
            continue
        lines = example["text"].split("\n")
        numbers = np.searchsorted(find_breaks(example["text"]), example["table"].start)
        kept = "\n".join(lines[i] for i in numbers[scores.body >= score_threshold(example["view"])])
        rows.append(score.describe_page(scores.body, example["table"].n_words))
        good.append(score_shingles(kept, example["body"])[2] >= 0.9)
        spread.append(1.0)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(np.array(rows), np.array(good))
    return np.append(model.coef_[0], model.intercept_[0])


def score_threshold(view: str) -> float:
    """Return the probability from which a line counts as running text."""
    return score.THRESHOLDS["tags" if view == "tags" else "text"]


def find_breaks(text: str) -> np.ndarray:
    """Return the places of the line breaks of `text`."""
    return np.flatnonzero(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32) == 10)


def main() -> None:
    """Train one of the two sets of weights: each fold's, then the ones that ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=("text", "tags"))
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "hkresearch-clean")
    arguments = parser.parse_args()
    mode = arguments.mode
    examples = read_examples(arguments.pages, mode, arguments.cache)
    examples = [e for e in examples if int(hashlib.sha1(e["id"].encode()).hexdigest(), 16) % 100 < 100 * SHARES[e["view"]]]
    folds = np.array([e["fold"] for e in examples])
    answers: list = [None] * len(examples)
    per_fold = []
    for fold in range(N_FOLDS):
        weights = train(examples, mode, folds != fold, None, f"first stage without fold {fold}")
        run_first(examples, folds == fold, weights, answers)
        per_fold.append(weights)
    everything = np.ones(len(examples), bool)
    for fold in range(N_FOLDS):
        train_second(examples, mode, folds != fold, per_fold[fold], answers)
    judge = fit_judge(examples, per_fold)
    (HERE / "folds").mkdir(exist_ok=True)
    for fold, weights in enumerate(per_fold):
        np.savez_compressed(HERE / "folds" / f"{mode}-{fold}.npz", **prune(weights | {"page": judge}))
    final = train(examples, mode, everything, None, "first stage on every page")
    train_second(examples, mode, everything, final, answers)
    np.savez_compressed(WEIGHTS / f"{mode}.npz", **prune(final | {"page": judge}))


if __name__ == "__main__":
    main()
