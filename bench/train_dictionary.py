"""Examples of labelled lines -> the words and element names that are features, with weights."""

from __future__ import annotations

import collections

import numpy as np

from hkresearch.pages.html_text import read_names
from train_examples import sample_lines


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
    names = count_sites(examples, lambda example: example["names"], 4)[:3000]
    terms = np.sort(np.array(count_sites(examples, list_words, 5)[:6000], np.uint64))
    number = {name: i for i, name in enumerate(names)}
    labels, weights, name_cells, term_cells = [], [], [], []
    n_rows = 0
    for example in examples:
        lines, line_weights = sample_lines(example, "tags")
        labels.append(example["body_lines"][lines])
        weights.append(line_weights)
        for row, columns in list_names(example, lines, number):
            name_cells.append((np.full(len(columns), n_rows + row), columns))
        rows, columns = find_terms(example["table"].words[lines], terms)
        term_cells.append((n_rows + rows, columns))
        n_rows += len(lines)
    labels, weights = np.concatenate(labels), np.concatenate(weights)
    weights = weights / weights.mean()
    near, far = fit_log_odds(name_cells, len(names), labels, weights)
    anywhere, first = fit_log_odds(term_cells, len(terms), labels, weights)
    return {
        "names": np.frombuffer(" ".join(names).encode(), np.uint8),
        "terms": terms,
        "name_near": near,
        "name_far": far,
        "term_anywhere": anywhere,
        "term_first": first,
    }


def find_terms(words: np.ndarray, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (rows, columns) of the terms in each line, the first word of a line in both halves."""
    place = np.searchsorted(terms, words).clip(0, len(terms) - 1)
    known = terms[place] == words
    rows, at = np.nonzero(known)
    first = np.flatnonzero(known[:, 0])
    columns = np.concatenate((place[rows, at], len(terms) + place[first, 0]))
    rows, columns = np.unique(np.stack((np.concatenate((rows, first)), columns)), axis=1)
    return rows, columns


def fit_log_odds(cells: list[tuple], size: int, labels: np.ndarray, weights: np.ndarray):
    """Return the two halves of the log-odds of 2 `size` columns; `cells` has (rows, columns)."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    rows, columns = (np.concatenate(part) for part in zip(*cells, strict=True))
    ones = np.ones(len(rows), np.float32)
    matrix = csr_matrix((ones, (rows, columns)), shape=(len(labels), 2 * size))
    model = LogisticRegression(C=0.1, max_iter=60, tol=1e-3)
    model.fit(matrix, labels, sample_weight=weights)
    return [half.astype(np.float32) for half in np.split(model.coef_[0], 2)]


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
