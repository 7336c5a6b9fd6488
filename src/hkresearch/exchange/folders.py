"""Tables and pages -> a file or a folder in another tool's format.

And such files -> a person's file of codings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hkresearch.core.article import Annotation, Article, HkresearchError, annotate
from hkresearch.core.csv_checks import is_iso_date
from hkresearch.display.article_view import HIDDEN_VARIABLES, list_annotations
from hkresearch.exchange.brat import read_brat, write_brat, write_brat_configuration
from hkresearch.exchange.citations import write_bibtex, write_csl
from hkresearch.exchange.conll import to_spacy, write_conll
from hkresearch.exchange.table import read_csv, write_csv
from hkresearch.exchange.web_annotation import read_web_annotations, write_web_annotations
from hkresearch.manual_coding.csv_ledger import add_rows
from hkresearch.manual_coding.session import SAME_CODING, check_coder
from hkresearch.tables.coding_checks import READ
from hkresearch.tables.coding_files import CODING_COLUMNS, CODINGS

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

FORMATS = {
    "web-annotation": "W3C Web Annotations, one JSON-LD file",
    "brat": "brat stand-off, a folder of .txt and .ann with annotation.conf",
    "csv": "the annotations as CSV",
    "conll": "tokens with BIO tags, one file",
    "spacy": "a spaCy DocBin (needs spaCy)",
    "bibtex": "the pages as BibTeX",
    "csl": "the pages as CSL-JSON",
}
SUFFIXES = {".json": "web-annotation", ".jsonld": "web-annotation", ".ann": "brat", ".csv": "csv"}


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
    if format not in FORMATS:
        raise HkresearchError(f"no format {format!r}; there are: {', '.join(FORMATS)}")
    if format in ("bibtex", "csl"):
        write = write_bibtex if format == "bibtex" else write_csl
        _write_text(out, write(tables.articles))
        return f"{out}: {len(tables.articles)} page(s)"
    pages = {article.id: article for article in articles}
    marks = [a for a in list_marks(tables, variables) if a.article_id in pages]
    if format == "brat":
        _write_brat_folder(out, pages, marks)
    elif format == "spacy":
        _write_bytes(out, to_spacy(pages.values(), marks).to_bytes())
    else:
        writers: dict[str, Callable[[], str]] = {
            "web-annotation": lambda: write_web_annotations(pages.values(), marks),
            "csv": lambda: write_csv(marks),
            "conll": lambda: "\n".join(
                write_conll(pages.values(), marks, name) for name in variables or ["position"]
            ),
        }
        _write_text(out, writers[format]())
    return f"{out}: {len(marks)} annotation(s) of {len(pages)} page(s)"


def list_marks(tables: Tables, variables: Sequence[str] = ()) -> list[Annotation]:
    """Return the annotations and codings of `tables` in page order, of `variables` and the
    attributes of those.
    """
    found = [
        a for id in sorted(tables.articles["article_id"]) for a in list_annotations(tables, id)
    ]
    if not variables:
        return [a for a in found if a.variable not in HIDDEN_VARIABLES]
    chosen = {a.id for a in found if a.variable in variables}
    return [a for a in found if a.id in chosen or a.subject in chosen]


def _write_brat_folder(out: Path, pages: dict[str, Article], marks: list[Annotation]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for id, article in pages.items():
        text, lines = write_brat(article, [a for a in marks if a.article_id == id])
        _write_text(out / f"{id}.txt", text)
        _write_text(out / f"{id}.ann", lines)
    _write_text(out / "annotation.conf", write_brat_configuration(marks))


def _write_text(path: Path, text: str) -> None:
    _write_bytes(path, text.encode("utf-8"))  # as bytes, so that no line end is changed


def _write_bytes(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def read_files(files: Iterable[Path], articles: Sequence[Article], coder: str) -> list[Annotation]:
    """Return the annotations in `files` by their suffix: .json and .jsonld, .csv, .ann, or a folder
    of .ann.

    Of a file without a suffix its first sign tells: a bracket begins JSON, anything else CSV.
    """
    found: list[Annotation] = []
    for path in [
        p for file in files for p in (sorted(file.glob("*.ann")) if file.is_dir() else [file])
    ]:
        format = SUFFIXES.get(path.suffix.lower(), "")
        if not format and path.suffix:
            raise HkresearchError(
                f"{path}: none of {', '.join(SUFFIXES)}, so its format is not known"
            )
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise HkresearchError(f"{path}: cannot be read as UTF-8 ({error})") from None
        format = format or ("web-annotation" if text.lstrip().startswith(("{", "[")) else "csv")
        if format == "brat":
            article = next((article for article in articles if article.id == path.stem), None)
            if article is None:
                raise HkresearchError(
                    f"{path}: no page {path.stem!r} is registered; its name says which page it is of"
                )
            found += read_brat(text, article, coder)
        else:
            found += (
                read_web_annotations(text, articles)
                if format == "web-annotation"
                else read_csv(text, articles)
            )
    return found


def import_codings(
    raw: Path, files: Iterable[Path], articles: Sequence[Article], coder: str, read: Sequence[str] = (), date: str = "",
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Path, int]:  # fmt: skip
    """Write what `files` hold as codings of `coder` into `raw`/codings and return (that file, rows
    added).

    Rows already there stay, and nothing is added twice. What has no code says nothing: `say` is
    told of it. `read` are variables for which the coder read those pages in full: what is not coded
    there counts as `none`.
    """
    coder = check_coder(coder)
    pages = {article.id: article for article in articles}
    if date and not is_iso_date(date):
        raise HkresearchError(
            f"--date {date!r} is not a day. Write it like 2020-07-06, or leave it out."
        )
    marks = [
        a for a in read_files(files, articles, coder) if a.variable not in ("confidence", READ)
    ]
    if empty := [a for a in marks if not a.code]:
        first = f"{empty[0].variable} of {empty[0].article_id} {empty[0].start}-{empty[0].end}"
        say(
            f"{len(empty)} annotation(s) without a code left out, the first: {first}. To keep one, give it a code."
        )
        marks = [a for a in marks if a.code]
    rows = [_make_row(a, date) for a in _rename_coder(marks, pages, coder)]
    for id in sorted({a.article_id for a in marks}):
        whole = annotate(pages[id], 0, len(pages[id].text), id, READ, "", coder)
        rows += [
            _make_row(replace(whole, code=variable), date) | {"exact": ""} for variable in read
        ]
    path = Path(raw) / CODINGS / f"{coder}.csv"
    return path, add_rows(path, CODING_COLUMNS, rows, (*SAME_CODING, "code"))


def _make_row(a: Annotation, date: str) -> dict[str, str]:
    return {"article_id": a.article_id, "start": str(a.start), "end": str(a.end), "exact": a.exact,
            "subject": a.subject, "variable": a.variable, "code": a.code, "coder": a.coder, "date": date,
            "reason": ""}  # fmt: skip


def _rename_coder(
    marks: list[Annotation], pages: dict[str, Article], coder: str
) -> list[Annotation]:
    """Return `marks` as made by `coder`.

    An attribute's subject follows its annotation to that one's new id.
    """
    by_id = {a.id: a for a in marks}
    made: dict[str, Annotation] = {}

    def rename(a: Annotation, depth: int = 0) -> Annotation:
        if a.id not in made:
            parent = by_id.get(a.subject)
            subject = rename(parent, depth + 1).id if parent and depth < 9 else a.subject
            made[a.id] = annotate(
                pages[a.article_id], a.start, a.end, subject, a.variable, a.code, coder
            )
        return made[a.id]

    return [rename(a) for a in marks]
