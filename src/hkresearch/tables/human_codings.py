"""Pages and the CSV files of human coders -> what each person coded, every row checked against its page.

One file a coder, `codings/<coder>.csv` beside the register, UTF-8, one row a coding:

| column | holds |
|---|---|
| article_id | the page |
| start, end | half-open span of code points in the page's text layer |
| exact | the characters of that span, as they stand on the page; may be left empty in a row `read` |
| subject | the page's id; an entity of the codebook; or, for an attribute, the id of the annotation it describes |
| variable | a variable of the codebook, or one of the package's own: part, quotation, position, modality, ... |
| code | a code of that variable, a number or a date as its level asks; `none`: looked at, and nothing to code |
| coder | the person's name; no slash, which marks the automatic coders ("positions/1") |
| date | ISO 8601, as precise as known; may be empty |
| reason | may be empty |

A row with variable `read` says which span its coder has read in full, looking for the variable named as its code (or
for `all`). What a coder read and did not code is a `none`; what nobody read is missing, and counts against no one.
Further columns are left alone. A coding changes no automatic result: for that there is decisions.csv.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkresearch.core.article import Annotation, Article, HkresearchError, annotate
from hkresearch.core.csv_checks import describe_missing, is_iso_date
from hkresearch.core.files import write_atomically
from hkresearch.pages.reader import read_page
from hkresearch.tables.schema import list_fields

CODINGS = "codings"
COLUMNS = (
    "article_id",
    "start",
    "end",
    "exact",
    "subject",
    "variable",
    "code",
    "coder",
    "date",
    "reason",
)
MAY_BE_EMPTY = ("exact", "date", "reason")
NOTHING, READ, ALL = "none", "read", "all"
OWN_VARIABLES = frozenset(
    "part quotation position speaker organisation cue via modality object condition announced_on effective_from unit "
    "period scope headline author publisher date_published in_language source_headline source_date".split()
)
ANNOTATION_ID = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True, slots=True)
class Coding:
    """One row of a coder's file: the annotation it makes, when and why, and the line where it stands."""

    annotation: Annotation
    date: str
    reason: str
    file: str
    row: int  # line of the file on which the row begins


def is_automatic(coder: str) -> bool:
    """Return whether `coder` is one of the package's or a model, by the version after a slash in its name."""
    return "/" in coder


def list_coding_files(raw: str | os.PathLike) -> list[Path]:
    """Return the coders' files of the folder `raw`, sorted by name."""
    return sorted(path for path in (Path(raw) / CODINGS).glob("*.csv") if path.is_file())


def read_codings(
    raw: str | os.PathLike,
    articles: Iterable[Article],
    book: Mapping[str, Any],
    refused: Iterable[tuple[str, str]] = (),
) -> list[Coding]:
    """Return every coding in `raw`/codings, sorted by page and place; every fault of every file is named at once.

    `book` is the codebook as a plain dictionary (`describe_codebook`). Codings of `refused` pages wait.
    """
    pages = {article.id: article for article in articles}
    waiting = {Path(file).stem for file, _ in refused} - set(pages)
    found, faults, seen = [], [], {}
    for path in list_coding_files(raw):
        for line, row in read_rows(path):
            where = f"{path}, line {line}"
            if row["article_id"] in waiting:
                continue
            if problems := list(_find_row_faults(row, pages, book)):
                faults += [f"{where}: {problem}" for problem in problems]
                continue
            coding = _read_coding(row, pages[row["article_id"]], path.name, line)
            if (other := seen.setdefault(coding.annotation.id, where)) != where:
                faults.append(f"{where}: the same coding stands in {other}; remove one of them")
            found.append(coding)
    if faults:
        raise HkresearchError(
            f"{len(faults)} fault(s) in the coders' files:\n" + "\n".join(f"  {f}" for f in faults)
        )
    return sorted(
        found,
        key=lambda c: (
            c.annotation.article_id,
            c.annotation.start,
            c.annotation.end,
            c.annotation.id,
        ),
    )


def read_rows(path: str | os.PathLike) -> list[tuple[int, dict[str, str]]]:
    """Return (line, row) of one coder's file as strings, without looking at any page; only `exact` keeps its spaces."""
    path = Path(path)
    rows, line = [], 1
    try:
        reader = csv.DictReader(
            io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True
        )
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise HkresearchError(
                f"{path}, line 1: {describe_missing(missing, COLUMNS, reader.fieldnames or ())}"
            )
        line = reader.line_num
        for row in reader:
            first, line = line + 1, reader.line_num
            cells = {name: row.get(name) or "" for name in COLUMNS}
            rows.append(
                (first, {n: v if n == "exact" else " ".join(v.split()) for n, v in cells.items()})
            )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HkresearchError(
            f"{path}, line {line}: cannot be read as CSV in UTF-8 ({error})."
        ) from None
    return rows


def read_coded_pages(
    files: Iterable[Path],
    rows: Iterable[Mapping[str, str]],
    refused: list[tuple[str, str]],
    read: Callable[[str], bytes],
) -> dict[str, Article]:
    """Return id -> page of those `rows` of the register that the coders' `files` speak of; the others are not read.

    `read` gives the bytes of a file; what cannot be read is added to `refused`, with its reason.
    """
    wanted = {row["article_id"] for path in files for _, row in read_rows(path)}
    pages = {}
    for row in rows:
        if row["article_id"] in wanted:
            try:
                pages[row["article_id"]] = read_page(read(row["file"]), row["file"], row)
            except HkresearchError as error:
                refused.append((row["file"], str(error)))
    return pages


def write_rows(path: str | os.PathLike, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write `rows` as a coder's file, whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        write_line(COLUMNS),
        *(write_line([row.get(name, "") for name in COLUMNS]) for row in rows),
    ]
    write_atomically(path, "".join(lines).encode("utf-8"))


def write_line(cells: Iterable[Any]) -> str:
    """Return one line of CSV, quoted so that every reader gives the cells back."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(
        cells
    )  # so that a carriage return in a cell is quoted too
    return stream.getvalue().removesuffix("\r\n") + "\n"


def _find_row_faults(
    row: Mapping[str, str], pages: Mapping[str, Article], book: Mapping[str, Any]
) -> Iterator[str]:
    optional = MAY_BE_EMPTY if row["variable"] == READ else MAY_BE_EMPTY[1:]
    yield from (f"{name} is empty" for name in COLUMNS if not row[name] and name not in optional)
    if is_automatic(row["coder"]):
        yield f"coder {row['coder']!r} has a slash, which marks automatic coders; write the person's name"
    if row["date"] and not is_iso_date(row["date"]):
        yield f"date {row['date']!r} must be an ISO 8601 date such as 2020-07-06"
    yield from find_code_faults(row["variable"], row["code"], book)
    article = pages.get(row["article_id"])
    if article is None:
        if row["article_id"]:
            yield f"no page {row['article_id']!r} is registered"
        return
    yield from _find_span_faults(row, article)
    subject = row["subject"]
    is_known = subject == article.id or subject in book.get("entities", {})
    if subject and not is_known and not ANNOTATION_ID.match(subject):
        yield f"subject {subject!r} is neither this page's id, nor an entity of the codebook, nor an annotation's id"


def _find_span_faults(row: Mapping[str, str], article: Article) -> Iterator[str]:
    if not all(re.fullmatch(r"[0-9]{1,9}", row[name]) for name in ("start", "end")):
        yield f"start {row['start']!r} and end {row['end']!r} must be whole numbers"
        return
    start, end, exact = int(row["start"]), int(row["end"]), row["exact"]
    if not start < end <= len(article.text):
        yield f"{start}:{end} is no span of {article.id}, which has {len(article.text):,} characters"
    elif article.text[start:end] != exact and (exact or row["variable"] != READ):
        elsewhere = article.text.find(exact) if exact else -1
        hint = f"; it stands at {elsewhere}:{elsewhere + len(exact)}" if elsewhere >= 0 else ""
        yield f"{article.id} {start}:{end} is {article.text[start:end]!r:.60}, not {exact!r:.60}{hint}"


def find_code_faults(variable: str, code: str, book: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with `code` as an answer for `variable`; `none` is an answer to every variable."""
    from hkresearch.tables.human_codings import list_codes

    variables = book.get("variables", {})
    if variable == READ:
        if code and code != ALL and code not in variables and code not in OWN_VARIABLES:
            yield f"code {code!r} of a row {READ!r} must be a variable, or {ALL!r}"
    elif variable and variable not in variables and variable not in OWN_VARIABLES:
        yield f"variable {variable!r} is not in the codebook; add [variables.{variable}] or correct it"
    elif code not in ("", NOTHING):
        allowed, level = list_codes(variable, book), variables.get(variable, {}).get("level", "")
        if allowed and code not in allowed:
            yield f"{code!r} is no code of {variable}; expected {NOTHING} or one of: {', '.join(allowed)}"
        elif (
            not allowed
            and level in ("interval", "ratio")
            and not re.fullmatch(r"-?\d+(\.\d+)?", code)
        ):
            yield f"code {code!r} of {variable} must be a number such as 241 or 46.5"
        elif not allowed and level == "date" and not is_iso_date(code):
            yield f"code {code!r} of {variable} must be an ISO 8601 date such as 2020-07-06"


def _read_coding(row: Mapping[str, str], article: Article, file: str, line: int) -> Coding:
    span = (int(row["start"]), int(row["end"]))
    annotation = annotate(
        article, *span, *(row[name] for name in ("subject", "variable", "code", "coder"))
    )
    return Coding(annotation, row["date"], row["reason"], file, line)


def find_lost_subjects(codings: Sequence[Coding], annotation_ids: Iterable[str]) -> list[str]:
    """Return a fault for each attribute whose annotation is neither among `annotation_ids` nor coded by a person."""
    known = {*annotation_ids, *(coding.annotation.id for coding in codings)}
    return [
        f"{coding.file}, line {coding.row}: subject {coding.annotation.subject!r} is no annotation of this build"
        for coding in codings
        if ANNOTATION_ID.match(coding.annotation.subject)
        and coding.annotation.subject not in known
        and coding.annotation.subject != coding.annotation.article_id
    ]


def make_coding_rows(
    codings: Iterable[Coding], articles: Mapping[str, Article], width: int
) -> list[dict[str, Any]]:
    """Return the rows of the table codings, with the line and short context of each passage as in passages.

    Of a span that was only read no words are kept.
    """
    from hkresearch.core.page_rows import make_passage_rows

    rows = []
    for coding in codings:
        a = coding.annotation
        _, line, before, after = make_passage_rows(articles[a.article_id], [a], width)[0] if a.variable != "part" else (
            a.id, articles[a.article_id].text.count("\n", 0, a.start) + 1, "", "")  # fmt: skip
        words = {"exact": "", "before": "", "after": ""} if a.variable == READ else {
            "exact": a.exact, "before": before, "after": after}  # fmt: skip
        rows.append({
            "annotation_id": a.id, "article_id": a.article_id, "start": a.start, "end": a.end, "subject": a.subject,
            "variable": a.variable, "code": a.code, "coder": a.coder, "date": coding.date, "reason": coding.reason,
            "file": coding.file, "row": coding.row, "line": line, **words,
        })  # fmt: skip
    return rows


def list_codes(variable: str, book: Mapping[str, Any]) -> list[str]:
    """Return the codes that `variable` may have, [] when any value may stand."""
    if variable == "part":
        return sorted(book.get("parts", {}))
    if variable == "organisation":
        return sorted(book.get("entities", {}))
    known = {
        "quotation": ("quotations", "kind"),
        "position": ("positions", "position"),
        "modality": ("positions", "modality"),
    }
    if variable in known:
        table, name = known[variable]
        return next(
            item["constraints"]["enum"] for item in list_fields(table) if item["name"] == name
        )
    return sorted(book.get("variables", {}).get(variable, {}).get("codes", {}))
