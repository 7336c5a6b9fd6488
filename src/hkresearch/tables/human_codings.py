"""Pages and coders' files -> what each person coded, every row checked, and the table codings."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkresearch.core.article import Annotation, Article, HkresearchError, annotate
from hkresearch.core.page_rows import make_passage_rows
from hkresearch.tables.coding_checks import ANNOTATION_ID, READ, find_row_faults
from hkresearch.tables.coding_files import list_coding_files, read_rows


@dataclass(frozen=True, slots=True)
class HumanCoding:
    """One row of a coder's file: the annotation it makes, when and why, and where it stands."""

    annotation: Annotation
    date: str
    reason: str
    file: str
    row: int  # line of the file on which the row begins


def read_codings(
    raw: str | os.PathLike[str],
    articles: Iterable[Article],
    book: Mapping[str, Any],
    refused: Iterable[tuple[str, str]] = (),
) -> list[HumanCoding]:
    """Return every coding in the coders' files, sorted by page and place.

    Parameters
    ----------
    raw : path
        The folder of pages; the files are in its folder `codings`.
    articles : iterable of Article
        The pages.
    book : mapping
        The codebook as a plain dictionary (`describe_codebook`).
    refused : iterable of (file, reason)
        Pages that could not be read; their codings are left out.

    Raises
    ------
    HkresearchError
        Listing every fault of every file.
    """
    pages = {article.id: article for article in articles}
    unreadable = {Path(file).stem for file, _ in refused} - set(pages)
    codings, faults = _read_coders(raw, pages, unreadable, book)
    if faults:
        raise HkresearchError(_describe_coding_faults(faults))
    return sorted(codings, key=_sort_by_place)


def _read_coders(
    raw: str | os.PathLike[str],
    pages: Mapping[str, Article],
    unreadable: Collection[str],
    book: Mapping[str, Any],
) -> tuple[list[HumanCoding], list[str]]:
    """Return the codings of all files, and the faults of their rows."""
    codings: list[HumanCoding] = []
    faults: list[str] = []
    places: dict[str, str] = {}  # annotation -> the file and line where it was first coded
    for path in list_coding_files(raw):
        for line, row in read_rows(path):
            if row["article_id"] in unreadable:
                continue
            place = f"{path}, line {line}"
            if row_faults := list(find_row_faults(row, pages, book)):
                faults += [f"{place}: {fault}" for fault in row_faults]
                continue
            coding = _make_coding(row, pages[row["article_id"]], path.name, line)
            first_place = places.setdefault(coding.annotation.id, place)
            if first_place != place:
                faults.append(
                    f"{place}: the same coding stands in {first_place}; remove one of them"
                )
            codings.append(coding)
    return codings, faults


def _describe_coding_faults(faults: Sequence[str]) -> str:
    """Return the message that lists faults of coders' files."""
    listed = "\n".join(f"  {fault}" for fault in faults)
    return f"{len(faults)} fault(s) in the coders' files:\n{listed}"


def _make_coding(row: Mapping[str, str], article: Article, file: str, line: int) -> HumanCoding:
    start, end = int(row["start"]), int(row["end"])
    annotation = annotate(
        article, start, end, row["subject"], row["variable"], row["code"], row["coder"]
    )
    return HumanCoding(annotation, row["date"], row["reason"], file, line)


def _sort_by_place(coding: HumanCoding) -> tuple[str, int, int, str]:
    mark = coding.annotation
    return mark.article_id, mark.start, mark.end, mark.id


def find_lost_subjects(codings: Sequence[HumanCoding], annotation_ids: Iterable[str]) -> list[str]:
    """Return a fault for each attribute of an annotation that does not exist.

    Its annotation is neither among `annotation_ids` nor coded by a person.
    """
    known = {*annotation_ids, *(coding.annotation.id for coding in codings)}
    faults = []
    for coding in codings:
        subject = coding.annotation.subject
        is_page = subject == coding.annotation.article_id
        if ANNOTATION_ID.match(subject) and subject not in known and not is_page:
            place = f"{coding.file}, line {coding.row}"
            faults.append(f"{place}: subject {subject!r} is no annotation of this build")
    return faults


def make_coding_rows(
    codings: Iterable[HumanCoding], articles: Mapping[str, Article], width: int
) -> list[dict[str, Any]]:
    """Return the rows of the table codings.

    Each has its line and `width` characters of context, as in passages. No words are stored of a
    span that was only read.
    """
    return [
        _make_coding_row(coding, articles[coding.annotation.article_id], width)
        for coding in codings
    ]


def _make_coding_row(coding: HumanCoding, article: Article, width: int) -> dict[str, Any]:
    mark = coding.annotation
    passages = make_passage_rows(article, [mark], width)
    if passages:
        _, line, before, after = passages[0]
    else:  # a part has no context
        line, before, after = article.text.count("\n", 0, mark.start) + 1, "", ""
    words = {"exact": mark.exact, "before": before, "after": after}
    if mark.variable == READ:
        words = dict.fromkeys(words, "")
    return {
        "annotation_id": mark.id,
        "article_id": mark.article_id,
        "start": mark.start,
        "end": mark.end,
        "subject": mark.subject,
        "variable": mark.variable,
        "code": mark.code,
        "coder": mark.coder,
        "date": coding.date,
        "reason": coding.reason,
        "file": coding.file,
        "row": coding.row,
        "line": line,
        **words,
    }
