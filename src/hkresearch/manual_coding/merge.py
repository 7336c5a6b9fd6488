"""Files of several coders -> one table: what they agree on, and where they differ.

Codings are of one unit when the report `reliability` takes them for one
(`hkresearch.analysis.agreement.units`), so that both say the same: two codes of one passage are two
units, and attributes belong together when what they describe does.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.csv_checks import hint_separator
from hkresearch.manual_coding.csv_ledger import FilePath, add_rows
from hkresearch.manual_coding.merge_units import (
    AGREED,
    ALONE,
    CODING_KEY,
    DISAGREED,
    MergedRows,
    join_answers,
    list_coders,
    merge_coding_files,
)
from hkresearch.pages.reader import REGISTER, read_bytes
from hkresearch.pages.register import read_register
from hkresearch.reconcile.decisions import DECISION_COLUMNS, read_decisions
from hkresearch.tables.coding_checks import ANNOTATION_ID
from hkresearch.tables.coding_files import CODING_COLUMNS, read_coded_pages, write_rows

if TYPE_CHECKING:
    from pandas import DataFrame


DECISION_KEY = ("target",)


def merge_codings(*paths: FilePath, articles: Iterable[Article] = ()) -> DataFrame:
    """Return what the coders of these files say, a row a passage (or target), a column a coder.

    `status` is agreed, other span (the same code of overlapping passages; the longer one is shown),
    disagreed, or one coder; a page that a coder read in full and left uncoded counts as `none`.
    `code` (`decision`) is empty where they disagree. An attribute names what it describes by the id
    of its coder's annotation, which only the page tells: without its page among `articles` it
    stands alone. `about` names it by subject and variable, `subject` is its id in the merged file:
    empty when that is disputed.

    Parameters
    ----------
    *paths : path
        Two or more coders' own files, or two or more decisions.csv.
    articles : iterable of Article
        The pages that they speak of.

    >>> for name, code in (("anna", "pause"), ("bela", "refuse")):
    ...     view = hk.code_passages(tables, articles, coder=name, own=True, folder="data/by-hand")
    ...     said = view.recode(code)
    >>> merged = hk.merge_codings("data/by-hand/codings/anna.csv", "data/by-hand/codings/bela.csv")
    >>> merged[["status", "anna", "bela"]].values.tolist()
    [['disagreed', 'pause', 'refuse']]
    """
    import pandas as pd

    if _find_common_kind(paths) is DECISION_COLUMNS:
        key: tuple[str, ...] = DECISION_KEY
        said = "decision"
        coders, merged = _merge_decision_files(paths)
    else:
        key, said = CODING_KEY, "code"
        coders, merged = merge_coding_files(paths, {article.id: article for article in articles})
    names = [*key, "status", *coders, said, "coder", "date", "reason"]
    merged.sort(key=lambda row: [row[name] for name in names])
    return pd.DataFrame(merged, columns=names)


def _find_common_kind(paths: Sequence[FilePath]) -> Sequence[str]:
    """Return the columns of the one kind of file that all `paths` are."""
    if len(paths) < 2:
        raise HkresearchError(
            "merge: name two files at least, for example: codings/anna.csv codings/bela.csv"
        )
    kinds = {tuple(_find_kind(Path(path))) for path in paths}
    if len(kinds) > 1:
        raise HkresearchError(
            "merge: some of these files hold codings and some decisions; merge each kind alone."
        )
    return _find_kind(Path(paths[0]))


def write_merged(merged: DataFrame, path: FilePath) -> int:
    """Write the rows of `merged` that nobody disputes as a new file of the same kind.

    Return their number.
    """
    if Path(path).exists():
        raise HkresearchError(
            f"{path} exists already; what a person decided is never overwritten. Name a new file."
        )
    undisputed = merged[merged["status"] != DISAGREED]
    if "decision" in merged.columns:
        rows = undisputed.to_dict("records")
        return add_rows(path, DECISION_COLUMNS, rows, DECISION_KEY)
    rows = undisputed[undisputed["subject"] != ""].to_dict("records")
    write_rows(path, rows)
    return len(rows)


def read_coded_articles(raw: Path, paths: Iterable[Path]) -> list[Article]:
    """Return the pages of `raw` that these files of codings speak of.

    None when there is no register.
    """
    if not (raw / REGISTER).is_file():
        return []
    codings = [path for path in paths if _find_kind(path) is CODING_COLUMNS]
    pages = read_coded_pages(codings, read_register(raw), [], partial(read_bytes, raw))
    return list(pages.values())


def count_unknown(merged: DataFrame) -> int:
    """Return how many attributes of one coder describe something that no page tells."""
    alone = merged[merged["status"] == ALONE]
    return sum(bool(ANNOTATION_ID.match(about)) for about in alone.get("about", ()))


def _find_kind(path: Path) -> Sequence[str]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            names = next(csv.reader(stream), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HkresearchError(f"{path}: cannot be read as CSV in UTF-8 ({error}).") from None
    for columns in (CODING_COLUMNS, DECISION_COLUMNS):
        if set(columns) <= set(names):
            return columns
    raise HkresearchError(
        f"{path}, line 1: neither a coder's file ({', '.join(CODING_COLUMNS)}) "
        f"nor decisions ({', '.join(DECISION_COLUMNS)}).{hint_separator(names)}"
    )


# -------------------------------------------------------------------------------------- decisions


def _merge_decision_files(paths: Iterable[FilePath]) -> tuple[list[str], MergedRows]:
    rows = [row for path in paths for row in read_decisions(path)]
    coders = list_coders((row["coder"] for row in rows), (*DECISION_KEY, "decision"))
    by_target: dict[str, MergedRows] = defaultdict(list)
    for row in rows:
        by_target[row["target"]].append(row)
    merged = [_merge_target(target, given, coders) for target, given in by_target.items()]
    return coders, merged


def _merge_target(target: str, rows: MergedRows, coders: Sequence[str]) -> dict[str, Any]:
    said: dict[str, set[str]] = {coder: set() for coder in coders}
    for row in rows:
        said[row["coder"]].add(row["decision"])
    values = {coder: "; ".join(sorted(said[coder])) for coder in coders}
    given = [value for value in values.values() if value]
    # A coder can also differ with himself.
    if len(set(given)) > 1 or any(";" in value for value in given):
        status = DISAGREED
    else:
        status = ALONE if len(given) == 1 else AGREED
    return {"target": target, **join_answers(status, values, "decision", rows)}


def write_disagreements(merged: DataFrame) -> Iterable[str]:
    """Yield a line of text for each row of `merged` that its coders disagree on."""
    names = list(merged.columns)
    said = "decision" if "decision" in names else "code"
    coders = names[names.index("status") + 1 : names.index(said)]
    for row in merged[merged["status"] == DISAGREED].to_dict("records"):
        place = row.get("target") or "{article_id} {start}-{end} {about} {variable}".format_map(row)
        answers = ", ".join(f"{coder}: {row[coder]}" for coder in coders if row[coder])
        words = " ".join(row.get("exact", "").split())
        lines = [f"{place}: {answers}"]
        if words:
            lines.append(f"    {words}")
        if row["reason"]:
            lines.append(f"    ({row['reason']})")
        yield "\n".join(lines)
