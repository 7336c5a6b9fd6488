"""Benchmark pages -> tables of text, HTML, metadata and confidence, beside every installed library.

    python bench/bench_clean.py --pages FOLDER [--cache FOLDER] [--limit N]
                                [--only text,html,metadata,confidence]

Every figure of ours is out of fold: a page is cleaned with weights (bench/folds) that never saw a
page of its site.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from gold import (
    N_FOLDS,
    align_lines,
    find_fold,
    flatten,
    measure_html,
    measure_text,
    normalise,
    read_pages,
    score_shingles,
)
from hkresearch.clean import clean_article, count_repeats
from hkresearch.clean.line_scores import read_weights
from hkresearch.codebook.book import read_codebook
from hkresearch.core.article import Article
from hkresearch.pages.html_text import flatten_html
from peers import list_peers

# The parts that the benchmarks' gold calls the body.
BODY = ("standfirst", "body", "subhead", "source_reference")
CONFIDENCE_BANDS = ((0, 0.4), (0.4, 0.6), (0.6, 0.75), (0.75, 0.85), (0.85, 0.92), (0.92, 1.01))
HERE = Path(__file__).parent


def read_folds(mode: str) -> list:
    """Return the weights of each fold of sites."""
    return [
        read_weights((HERE / "folds" / f"{mode}-{fold}.npz").open("rb")) for fold in range(N_FOLDS)
    ]


def make_article(text: str, layout=None) -> Article:
    """Return an Article for `text`."""
    return Article(id="page", text=text, sha256="", text_sha256="", layout=layout)


def join_body(marks: list) -> str:
    """Return the text of the parts that are the article's body."""
    return "\n".join(mark.exact for mark in marks if mark.variable == "part" and mark.code in BODY)


def find_body_lines(text: str, marks: list) -> set[int]:
    """Return the numbers of the lines that hold a part of the body."""
    return {
        text.count("\n", 0, mark.start)
        for mark in marks
        if mark.variable == "part" and mark.code in BODY
    }


def read_views(folder: Path, name: str, how: str, cache: Path, limit: int | None) -> list[dict]:
    """Return the pages of a set as `how` leaves them, with the gold of every line.

    They are cached in `cache`, because aligning them is slow.
    """
    kept = cache / f"bench-{name}-{how}.jsonl"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with kept.open("w", encoding="utf-8") as stream:
            for page in read_pages(folder, name):
                text = flatten(page.pop("html"), how)
                stream.write(
                    json.dumps(page | {"text": text, "lines": align_lines(text, page["body"])})
                    + "\n"
                )
    with kept.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream][:limit]


def show(name: str, row: dict) -> None:
    """Print one row of a table."""
    cells = [f"P {row['P']:.3f}  R {row['R']:.3f}  F1 {row['F1']:.3f}"]
    if "lost" in row:
        cells.append(f"lost {row['lost']:.3f}  leaked {row['leaked']:.3f}")
    print(
        f"{name:44s} {'  '.join(cells)}  {row['rate']:7.0f} pages/s  raised {row['raised']}",
        flush=True,
    )


def bench_text(folder: Path, cache: Path, limit: int | None) -> None:
    """Print the table of text without HTML: floor, page alone, with the corpus, ceiling."""
    codebook, folds = read_codebook(), read_folds("text")
    cells = []
    for how in ("resi", "light"):
        for name in ("andy", "fundus"):
            pages = read_views(folder, name, how, cache, limit)
            articles = {id(page): make_article(page["text"]) for page in pages}
            repeats = count_repeats(articles.values())

            def ours(page, evidence=None, articles=articles):
                marks = clean_article(
                    articles[id(page)], codebook, evidence, folds[find_fold(page["url"])]
                )
                return find_body_lines(page["text"], marks)

            print(f"\n## text, {name}, {how}: {len(pages)} pages")
            show(
                "keep everything",
                measure_text(pages, lambda page: set(range(page["text"].count("\n") + 1))),
            )
            row = measure_text(pages, ours)
            show("hkresearch, page alone", row)
            more = measure_text(pages, lambda page, repeats=repeats: ours(page, repeats))
            show("hkresearch, with corpus evidence", more)
            show(
                "exactly the right lines",
                measure_text(pages, lambda page: {i for i, t in enumerate(page["lines"]) if t}),
            )
            if name == "andy":
                cells.append((row["F1"], more["F1"]))
    alone, with_evidence = (np.mean(column) for column in zip(*cells, strict=True))
    print(
        f"\nmean of andy resi and light: page alone {alone:.3f}, with evidence {with_evidence:.3f}"
    )


def clean_html(page: dict, codebook, folds) -> list:
    """Return the annotations of an HTML page, by weights that never saw its site."""
    text, layout = flatten_html(page["html"])
    return clean_article(make_article(text, layout), codebook, None, folds[find_fold(page["url"])])


def bench_html(folder: Path, limit: int | None) -> None:
    """Print the table of HTML: every library that is installed, in one run."""
    codebook, folds, peers = read_codebook(), read_folds("tags"), list_peers()
    for name in ("andy", "fundus"):
        pages = list(read_pages(folder, name))[:limit]
        print(f"\n## HTML, {name}: {len(pages)} pages")
        show(
            "hkresearch",
            measure_html(pages, lambda page: join_body(clean_html(page, codebook, folds))),
        )
        for peer, extract in peers.items():
            show(peer, measure_html(pages, lambda page, extract=extract: extract(page["html"])))


def bench_metadata(folder: Path, limit: int | None) -> None:
    """Print how often title, date and the set of authors equal the gold's.

    What the gold lacks is not counted.
    """
    codebook = read_codebook()
    for name in ("andy", "fundus"):
        for how in ("html", "resi"):
            folds = read_folds("tags" if how == "html" else "text")
            n, right, given = ({"title": 0, "date": 0, "authors": 0} for _ in range(3))
            for page in list(read_pages(folder, name))[:limit]:
                for field, (ours, gold) in pair_metadata(page, how, codebook, folds).items():
                    if gold:
                        n[field] += 1
                        given[field] += bool(ours)
                        right[field] += ours == gold
            cells = []
            for field, size in n.items():
                shares = (count[field] / max(size, 1) for count in (right, given))
                cells.append("{} {:.3f} (given {:.3f}, n={})".format(field, *shares, size))
            print(f"metadata, {name}, {how}: " + "  ".join(cells), flush=True)


def pair_metadata(page: dict, how: str, codebook, folds) -> dict[str, tuple]:
    """Return (ours, the gold's) of each field of a page as `how` leaves it."""
    if how == "html":
        text, layout = flatten_html(page["html"])
    else:
        text, layout = flatten(page["html"], how), None
    weights = folds[find_fold(page["url"])]
    marks = clean_article(make_article(text, layout), codebook, None, weights)
    said = {
        variable: [mark.code for mark in marks if mark.variable == variable]
        for variable in ("headline", "date_published", "author")
    }
    title, day = ((said[variable] or [""])[0] for variable in ("headline", "date_published"))
    authors, gold_authors = (
        {normalise(name) for name in names} for names in (said["author"], page["authors"] or [])
    )
    return {
        "title": (normalise(title), normalise(page["title"])),
        "date": (day, page["date"]),
        "authors": (authors, gold_authors),
    }


def bench_confidence(folder: Path, cache: Path, limit: int | None) -> None:
    """Print the confidences in bands, with the share of pages cleaned well and their mean F1."""
    codebook = read_codebook()
    for how in ("html", "resi", "light"):
        folds = read_folds("tags" if how == "html" else "text")
        rows = []
        for name in ("andy", "fundus"):
            pages = (
                list(read_pages(folder, name))[:limit]
                if how == "html"
                else read_views(folder, name, how, cache, limit)
            )
            for page in pages:
                if how == "html":
                    marks = clean_html(page, codebook, folds)
                else:
                    marks = clean_article(
                        make_article(page["text"]), codebook, None, folds[find_fold(page["url"])]
                    )
                confidence = next(float(m.code) for m in marks if m.variable == "confidence")
                rows.append((confidence, score_shingles(join_body(marks), page["body"])[2]))
        print_confidence(how, np.array(rows))


def print_confidence(how: str, rows: np.ndarray) -> None:
    """Print the bands of one kind of page; `rows` holds confidence and F1, a page a row."""
    print(f"\n## confidence, {how}: {len(rows)} pages")
    print(f"{'band':12s} {'pages':>6s} {'said':>6s} {'F1>=.9':>7s} {'mean F1':>8s}")
    for low, high in CONFIDENCE_BANDS:
        said, f1 = rows[(rows[:, 0] >= low) & (rows[:, 0] < high)].T
        if len(said):
            band = f"{low:.2f}-{min(high, 1):.2f}    {len(said):6d}"
            print(f"{band} {said.mean():6.2f} {(f1 >= 0.9).mean():7.2f} {f1.mean():8.3f}")
    worst = rows[np.argsort(rows[:, 0])][: max(1, len(rows) // 5)]
    caught, bad = ((part[:, 1] < 0.7).sum() for part in (worst, rows))
    print(
        "the fifth of the pages with the least confidence holds "
        f"{caught} of the {bad} pages below F1 .7"
    )


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "hkresearch-clean"
    )
    parser.add_argument("--only", default="text,html,metadata,confidence")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    if not (arguments.pages / "pages-andy.jsonl.gz").is_file():
        sys.exit(
            f"{arguments.pages}: no benchmark pages (pages-andy.jsonl.gz) here; "
            "name their folder with --pages"
        )
    only = arguments.only.split(",")
    if "text" in only:
        bench_text(arguments.pages, arguments.cache, arguments.limit)
    if "html" in only:
        bench_html(arguments.pages, arguments.limit)
    if "metadata" in only:
        bench_metadata(arguments.pages, arguments.limit)
    if "confidence" in only:
        bench_confidence(arguments.pages, arguments.cache, arguments.limit)


if __name__ == "__main__":
    main()
