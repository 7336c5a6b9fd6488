"""Tables and pages -> a file or a folder in another tool's format.

And such files -> a person's file of codings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hkresearch.core.article import Annotation, Article, HkresearchError, annotate
from hkresearch.core.csv_checks import is_iso_date
from hkresearch.display.article_view import HIDDEN_VARIABLES, list_annotations
from hkresearch.exchange.brat import read_brat, write_brat, write_brat_configuration
from hkresearch.exchange.citations import write_bibtex, write_csl
from hkresearch.exchange.conll import to_spacy, write_conll
from hkresearch.exchange.table import read_annotations_csv, write_annotations_csv
from hkresearch.exchange.web_annotation import read_web_annotations, write_web_annotations
from hkresearch.manual_coding.csv_ledger import add_rows
from hkresearch.manual_coding.session import SAME_CODING, check_coder
from hkresearch.tables.coding_checks import READ
from hkresearch.tables.coding_files import CODING_COLUMNS, CODINGS

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

EXPORT_FORMATS = {
    "web-annotation": "W3C Web Annotations, one JSON-LD file",
    "brat": "brat stand-off, a folder of .txt and .ann with annotation.conf",
    "csv": "the annotations as CSV",
    "conll": "tokens with BIO tags, one file",
    "spacy": "a spaCy DocBin (needs spaCy)",
    "bibtex": "the pages as BibTeX",
    "csl": "the pages as CSL-JSON",
}
DEEPEST_ATTRIBUTE = 9  # of attributes of attributes; deeper ones may go round in circles
FORMAT_SUFFIXES = {
    ".json": "web-annotation",
    ".jsonld": "web-annotation",
    ".ann": "brat",
    ".csv": "csv",
}


def export_tables(
    format: str,
    out: Path,
    tables: Tables,
    articles: Iterable[Article],
    variables: Sequence[str] = (),
) -> str:
    """Write `tables` to `out` in `format` and return one line that says what was written.

    Codings by hand go with the annotations. Without `variables` all are exported but parts,
    confidence and readings.
    """
    if format not in EXPORT_FORMATS:
        raise HkresearchError(f"no format {format!r}; there are: {', '.join(EXPORT_FORMATS)}")
    if format in ("bibtex", "csl"):
        write = write_bibtex if format == "bibtex" else write_csl
        _write_text(out, write(tables.articles))
        return f"{out}: {len(tables.articles)} page(s)"
    pages = {article.id: article for article in articles}
    marks = [mark for mark in list_marks(tables, variables) if mark.article_id in pages]
    if format == "brat":
        _write_brat_folder(out, pages, marks)
    elif format == "spacy":
        _write_bytes(out, to_spacy(pages.values(), marks).to_bytes())
    else:
        writers: dict[str, Callable[[], str]] = {
            "web-annotation": lambda: write_web_annotations(pages.values(), marks),
            "csv": lambda: write_annotations_csv(marks),
            "conll": lambda: "\n".join(
                write_conll(pages.values(), marks, name) for name in variables or ["position"]
            ),
        }
        _write_text(out, writers[format]())
    return f"{out}: {len(marks)} annotation(s) of {len(pages)} page(s)"


def list_marks(tables: Tables, variables: Sequence[str] = ()) -> list[Annotation]:
    """Return the annotations and codings of `tables` in page order.

    With `variables`, of those and of their attributes.
    """
    found: list[Annotation] = []
    for id in sorted(tables.articles["article_id"]):
        found += list_annotations(tables, id)
    if not variables:
        return [mark for mark in found if mark.variable not in HIDDEN_VARIABLES]
    chosen = {mark.id for mark in found if mark.variable in variables}
    return [mark for mark in found if mark.id in chosen or mark.subject in chosen]


def _write_brat_folder(out: Path, pages: dict[str, Article], marks: list[Annotation]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for id, article in pages.items():
        text, lines = write_brat(article, [mark for mark in marks if mark.article_id == id])
        _write_text(out / f"{id}.txt", text)
        _write_text(out / f"{id}.ann", lines)
    _write_text(out / "annotation.conf", write_brat_configuration(marks))


def _write_text(path: Path, text: str) -> None:
    _write_bytes(path, text.encode("utf-8"))  # as bytes, so that no line end is changed


def _write_bytes(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def read_annotation_files(
    files: Iterable[Path], articles: Sequence[Article], coder: str
) -> list[Annotation]:
    """Return the annotations in `files`, each .json, .jsonld, .csv, .ann, or a folder of .ann.

    Of a file without a suffix its first sign tells: a bracket begins JSON, anything else CSV.
    """
    found: list[Annotation] = []
    for file in files:
        for path in sorted(file.glob("*.ann")) if file.is_dir() else [file]:
            found += _read_annotation_file(path, articles, coder)
    return found


def _read_annotation_file(path: Path, articles: Sequence[Article], coder: str) -> list[Annotation]:
    format = FORMAT_SUFFIXES.get(path.suffix.lower(), "")
    if not format and path.suffix:
        known = ", ".join(FORMAT_SUFFIXES)
        raise HkresearchError(f"{path}: none of {known}, so its format is not known")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HkresearchError(f"{path}: cannot be read as UTF-8 ({error})") from None
    if not format:
        format = "web-annotation" if text.lstrip().startswith(("{", "[")) else "csv"
    if format == "web-annotation":
        return read_web_annotations(text, articles)
    if format == "csv":
        return read_annotations_csv(text, articles)
    for article in articles:
        if article.id == path.stem:
            return read_brat(text, article, coder)
    raise HkresearchError(
        f"{path}: no page {path.stem!r} is registered; its name says which page it is of"
    )


def say_nothing(line: str) -> None:
    """Drop a line."""


def import_codings(
    raw: Path,
    files: Iterable[Path],
    articles: Sequence[Article],
    coder: str,
    read: Sequence[str] = (),
    date: str = "",
    say: Callable[[str], None] = say_nothing,
) -> tuple[Path, int]:
    """Write what `files` hold as codings of `coder` into `raw`/codings; return (file, rows added).

    Rows already there stay, and nothing is added twice.

    Parameters
    ----------
    read : sequence of str
        Variables for which the coder read those pages in full: what is not coded there counts as
        `none`.
    date : str
        A day in ISO 8601, or nothing.
    say : callable
        Told what was left out: an annotation without a code says nothing.
    """
    coder = check_coder(coder)
    if date and not is_iso_date(date):
        raise HkresearchError(
            f"--date {date!r} is not a day. Write it like 2020-07-06, or leave it out."
        )
    pages = {article.id: article for article in articles}
    marks = _list_coded(read_annotation_files(files, articles, coder), say)
    rows = [_make_coding_row(mark, date) for mark in _rename_coder(marks, pages, coder)]
    for id in sorted({mark.article_id for mark in marks}):
        for variable in read:
            whole = annotate(pages[id], 0, len(pages[id].text), id, READ, variable, coder)
            rows.append(_make_coding_row(whole, date) | {"exact": ""})
    path = Path(raw) / CODINGS / f"{coder}.csv"
    return path, add_rows(path, CODING_COLUMNS, rows, (*SAME_CODING, "code"))


def _list_coded(found: Iterable[Annotation], say: Callable[[str], None]) -> list[Annotation]:
    """Return the annotations that say something."""
    marks = [mark for mark in found if mark.variable not in ("confidence", READ)]
    empty = [mark for mark in marks if not mark.code]
    if empty:
        first = f"{empty[0].variable} of {empty[0].article_id} {empty[0].start}-{empty[0].end}"
        say(
            f"{len(empty)} annotation(s) without a code left out, the first: {first}. "
            "To keep one, give it a code."
        )
    return [mark for mark in marks if mark.code]


def _make_coding_row(mark: Annotation, date: str) -> dict[str, str]:
    return {
        "article_id": mark.article_id,
        "start": str(mark.start),
        "end": str(mark.end),
        "exact": mark.exact,
        "subject": mark.subject,
        "variable": mark.variable,
        "code": mark.code,
        "coder": mark.coder,
        "date": date,
        "reason": "",
    }


def _rename_coder(
    marks: Sequence[Annotation], pages: Mapping[str, Article], coder: str
) -> list[Annotation]:
    """Return `marks` as made by `coder`.

    An attribute's subject follows its annotation to that one's new id.
    """
    by_id = {mark.id: mark for mark in marks}
    renamed: dict[str, Annotation] = {}

    def rename(mark: Annotation, depth: int = 0) -> Annotation:
        if mark.id not in renamed:
            parent = by_id.get(mark.subject)
            subject = mark.subject
            if parent and depth < DEEPEST_ATTRIBUTE:
                subject = rename(parent, depth + 1).id
            page = pages[mark.article_id]
            renamed[mark.id] = annotate(
                page, mark.start, mark.end, subject, mark.variable, mark.code, coder
            )
        return renamed[mark.id]

    return [rename(mark) for mark in marks]
