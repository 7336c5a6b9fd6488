"""Public annotated pages -> the cleaning weights that ship, and one set per fold left out.

    python bench/train_clean.py text|tags --pages FOLDER [--cache FOLDER]

It trains the trees only; train_nets.py adds the network and the confidence of a page. Needs
catboost and scikit-learn, which the package itself does not. FOLDER holds pages-andy.jsonl.gz
(annotations Apache-2.0), pages-fundus.jsonl.gz (MIT) and pages-wcxb-dev.jsonl.gz (CC-BY-4.0), one
page a line: id, url, html, body, title, date, authors.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import pickle
import tempfile
from pathlib import Path

import numpy as np

from gold import N_FOLDS, find_fold, find_site, flatten, label_lines, read_pages
from hkresearch.clean import line_scores
from hkresearch.clean.html_features import IS_NEWS, find_title
from hkresearch.clean.line_features import N_SHAPE, tabulate_lines
from hkresearch.pages.html_text import flatten_html, read_names

SETS = ("andy", "fundus", "wcxb-dev")
# Their annotators count summaries and few lists; those of the third count lists and tables.
NEWS_SETS = ("andy", "fundus")
VIEWS = {"tags": ("tags",), "text": ("resi", "light", "wet", "insc")}
# The share of the pages to learn from, per view.
SHARES = {"resi": 1.0, "light": 1.0, "wet": 0.35, "insc": 0.35, "tags": 1.0}
HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src" / "hkresearch" / "clean"
N_PARTS = 3
NEWS_SHARE = 0.6  # more loses lists, less lets furniture in; F1 is the same
MOST_LINES = {"tags": 160, "text": 130}  # lines of a page to learn from; of a longer one, a sample


def read_examples(folder: Path, mode: str, cache: Path) -> list[dict]:
    """Return an example per page and view: table, labels (1 body, 0 not, -1 neither), gold."""
    examples = []
    for view in VIEWS[mode]:
        kept = cache / f"examples-{view}.pickle"
        if not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(
                pickle.dumps(
                    [make_example(page, view) for name in SETS for page in read_pages(folder, name)]
                )
            )
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
    example |= dict(
        view=view, site=find_site(page["url"]), fold=find_fold(page["url"]), text=text, table=table
    )
    example |= dict(
        layout=layout, heading=title, body_lines=labels, title_lines=titles, byline_lines=bylines
    )
    if layout is not None:
        labels[find_unannotated(layout, table, labels)] = -1
        example["names"] = {
            name for element in set(layout.node) for name in read_outer_names(layout, element)
        }
    return example


def find_unannotated(layout, table, labels: np.ndarray) -> list[int]:
    """Return the lines that a page's annotation misses because it stops early.

    They are long lines after its end, marked up as the annotated text is. If they hold less than a
    third of the annotated words, they may be a note on the author, and none is returned.
    """
    known = np.flatnonzero(labels == 1)
    if not len(known):
        return []
    marked = [(layout.parent[element], layout.tag[element]) for element in layout.node]
    annotated = {marked[i] for i in known}
    found = [
        i for i in range(known[-1] + 1, len(labels))
        if labels[i] == 0 and table.n_words[i] >= 15 and marked[i] in annotated
        and layout.linked[i] < 0.5 * (table.end[i] - table.start[i])
    ]  # fmt: skip
    enough = max(80, 0.3 * table.n_words[known].sum())
    return found if table.n_words[found].sum() > enough else []


def measure(example: dict):
    """Return the example's features without a dictionary, and its lines' kin."""
    base, kin = line_scores.measure_lines(example["table"], example["layout"], example["heading"])
    if kin is not None and example["set"] not in NEWS_SETS:
        base[-1] = 0  # IS_NEWS of html_features
    return base, kin


def read_outer_names(layout, element: int):
    """Yield the names on `element` and on the eight elements around it."""
    for _ in range(8):
        if element < 0:
            return
        yield from read_names(layout.naming[element])[:8]
        element = layout.parent[element]


def pick_dictionary(examples: list[dict], mode: str) -> dict[str, np.ndarray]:
    """Return the words on enough sites to be a feature or, for HTML, what words and names weigh."""
    if mode == "tags":
        return weigh_dictionary(examples)
    return {"words": np.sort(np.array(count_sites(examples, list_words, 20)[:350], np.uint64))}


def list_words(example: dict) -> list[int]:
    """Return the words of the example's lines, each once."""
    return np.unique(example["table"].words).tolist()


def count_sites(examples: list[dict], list_them, least: int) -> list:
    """Return what stands on at least `least` sites, the most frequent first."""
    sites = collections.defaultdict(set)
    for example in examples:
        for thing in list_them(example):
            sites[thing].add(example["site"])
    sites.pop(0, None)
    often = (thing for thing in sites if len(sites[thing]) >= least)
    return sorted(often, key=lambda thing: (-len(sites[thing]), thing))


def weigh_dictionary(examples: list[dict]) -> dict[str, np.ndarray]:
    """Return the log-odds of each element name and each word, by two logistic regressions."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    names = count_sites(examples, lambda example: example["names"], 4)[:3000]
    terms = np.sort(np.array(count_sites(examples, list_words, 5)[:6000], np.uint64))
    number = {name: i for i, name in enumerate(names)}
    labels, weights, cells = [], [], {"names": ([], []), "terms": ([], [])}
    n_rows = 0
    for example in examples:
        lines, line_weights = sample_lines(example, "tags")
        labels.append(example["body_lines"][lines])
        weights.append(line_weights)
        for row, columns in list_names(example, lines, number):
            cells["names"][0].append(np.full(len(columns), n_rows + row))
            cells["names"][1].append(columns)
        words = example["table"].words[lines]
        place = np.searchsorted(terms, words).clip(0, len(terms) - 1)
        known = terms[place] == words
        rows, at = np.nonzero(known)
        first = np.flatnonzero(known[:, 0])
        columns = np.concatenate((place[rows, at], len(terms) + place[first, 0]))
        pairs = np.unique(np.stack((np.concatenate((rows, first)), columns)), axis=1)
        cells["terms"][0].append(n_rows + pairs[0])
        cells["terms"][1].append(pairs[1])
        n_rows += len(lines)
    labels, weights = np.concatenate(labels), np.concatenate(weights)
    weights = weights / weights.mean()
    found = {"names": np.frombuffer(" ".join(names).encode(), np.uint8), "terms": terms}
    sizes = {"names": len(names), "terms": len(terms)}
    for what, keys in (
        ("names", ("name_near", "name_far")),
        ("terms", ("term_anywhere", "term_first")),
    ):
        rows, columns = (np.concatenate(part) for part in cells[what])
        matrix = csr_matrix(
            (np.ones(len(rows), np.float32), (rows, columns)), shape=(n_rows, 2 * sizes[what])
        )
        model = LogisticRegression(C=0.1, max_iter=60, tol=1e-3).fit(
            matrix, labels, sample_weight=weights
        )
        found |= {
            key: part.astype(np.float32)
            for key, part in zip(keys, np.split(model.coef_[0], 2), strict=True)
        }
    return found


def list_names(example: dict, lines: np.ndarray, number: dict[str, int]):
    """Yield (row, columns) per line: the names on its element and on those around it.

    Names on its own element and on the next share columns; those further out have their own.
    """
    layout, size, known = example["layout"], len(number), {}
    for row, line in enumerate(lines):
        element = layout.node[line]
        if element not in known:
            columns, place, step = [], element, 0
            while place >= 0:
                if layout.naming[place]:
                    names = read_names(layout.naming[place])
                    columns += [
                        number[name] + size * (step > 1) for name in names if name in number
                    ]
                place, step = layout.parent[place], step + 1
            known[element] = np.array(columns, np.int64)
        yield row, known[element]


def is_sampled(example: dict) -> bool:
    """Return whether to learn from the page in its view; of a view without a share all are used."""
    return int(hashlib.sha1(example["id"].encode()).hexdigest(), 16) % 100 < 100 * SHARES.get(
        example["view"], 1
    )


def weigh_lines(example: dict) -> np.ndarray:
    """Return the weight of each line: pages count alike, half by lines and half by words."""
    known = example["body_lines"] >= 0
    words = np.maximum(example["table"].n_words, 1) * known
    share = 50 if example["set"] in NEWS_SETS or example["layout"] is None else 25
    return share * (known / max(known.sum(), 1) + words / max(words.sum(), 1))


def sample_lines(example: dict, mode: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the lines to learn from and their weights; of a long page a weighted sample."""
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


def find_part(example: dict) -> int:
    """Return the part of the training pages that the example's site is in, whatever its fold."""
    return int(hashlib.sha1(("part " + example["site"]).encode()).hexdigest(), 16) % N_PARTS


def train_heads(
    examples: list[dict], mode: str, seen: np.ndarray, weights: dict, answers: list[np.ndarray]
) -> None:
    """Add byline trees and, for text, title trees, learned from the first stage's `answers`."""
    heads = ("title", "byline") if mode == "text" else ("byline",)
    stages = {head: ([], [], []) for head in heads}
    for example, use, z in zip(examples, seen, answers, strict=True):
        if not use or not len(z):
            continue
        if example["view"] in ("tags", "resi") or example["set"] != "wcxb-dev":
            base, kin = measure(example)
            dictionary = weights["dictionaries"][find_part(example)]
            columns = line_scores.build_columns(
                dictionary, base, example["table"], example["layout"]
            )
            known = line_scores.pick_known(base, columns, example["layout"])
            wide = np.concatenate(
                (
                    line_scores.build_second_columns(known, z, example["table"].n_words, kin),
                    columns[len(base) :],
                )
            )
            for head in heads:
                truth = example[f"{head}_lines"]
                if not truth.any():
                    continue
                near = np.unique(
                    np.concatenate(
                        (np.flatnonzero(truth), np.arange(0, len(truth), max(1, len(truth) // 50)))
                    )
                )
                rows = (wide[:, near].T, truth[near], np.ones(len(near)))
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


TREES = {  # trees, depth, learning rate
    "tags": {"first": (240, 6, 0.12), "byline": (80, 5, 0.15)},
    "text": {"first": (180, 6, 0.17), "title": (80, 5, 0.15), "byline": (80, 5, 0.15)},
}  # fmt: skip


def run_first(examples: list[dict], chosen: np.ndarray, weights: dict, answers: list) -> None:
    """Fill `answers` with the first stage's log-odds for the chosen examples."""
    for i in np.flatnonzero(chosen):
        example = examples[i]
        if not len(example["table"].start):
            answers[i] = np.zeros(0, np.float32)
            continue
        base, kin = measure(example)
        columns = line_scores.build_columns(weights, base, example["table"], example["layout"])
        answers[i] = line_scores.run_trees(weights, "first", columns)


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
