"""The register -> BibTeX and CSL-JSON of the pages, with partial dates, names of people and of
bodies kept apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
SEPARATOR = re.compile(r"\s*;\s*|\s*,?\s+and\s+|\s*、\s*")
BODY_WORDS = re.compile(
    r"\b(agenc(y|ies)|associat(ed|ion)|bureau|correspondents?|desk|editors?|gazette|group|herald|journal|limited|ltd|"
    r"media|ministry|network|news|newsroom|office|online|post|press|reporters?|service|staff|team|times|university|"
    r"wire|writers?)\b", re.I,
)  # fmt: skip
PERSON = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: [A-ZÀ-Þ][\w'’.-]*){1,2}\Z")


def write_bibtex(articles: Any) -> str:
    """Return a @misc entry a page, in the order of ids.

    `articles` is the table of that name, or Articles.

    What is not known is left out. A name that is no person's is braced, so that no style takes it
    apart.
    """
    entries, keys = [], set()
    for row in list_rows(articles):
        key = re.sub(r"[^A-Za-z0-9:_-]", "", row["id"]).strip(":_-") or f"page-{row['sha256'][:8]}"
        while key in keys:
            key += "x"
        keys.add(key)
        lines = [f"  {name} = {{{value}}}" for name, value in _list_fields(row) if value]
        entries.append(f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries)


def _list_fields(row: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    names = split_names(row["author"], row["publisher"])
    yield (
        "author",
        " and ".join(
            escape_tex(n) if is_person else "{" + escape_tex(n) + "}" for n, is_person in names
        ),
    )
    yield "title", "{" + escape_tex(row["headline"] or row["id"]) + "}"
    yield "organization", escape_tex(row["publisher"])
    date = read_date(row["date_published"])
    yield "date", "-".join(date)
    yield "year", date[0] if date else ""
    yield (
        "url",
        re.sub(
            r"[\\{}\s\x00-\x1f]",
            lambda match: "".join(f"%{b:02X}" for b in match.group().encode()),
            row["url"],
        ),
    )
    yield "urldate", "-".join(read_date(row["date_accessed"])) if row["url"] else ""
    yield "langid", escape_tex(row["in_language"])
    yield "note", escape_tex(write_note(row))


def escape_tex(text: str) -> str:
    """Return `text` on one line with the characters that TeX would obey escaped.

    Letters stay as they are (UTF-8).
    """
    printable = (
        c for c in " ".join(text.split()) if ord(c) >= 32
    )  # TeX refuses control characters
    return "".join(SPECIAL.get(character, character) for character in printable)


def write_csl(articles: Any) -> str:
    """Return a CSL-JSON item a page, in the order of ids; what is not known is left out."""
    items = [
        {name: value for name, value in _make_item(row).items() if value}
        for row in list_rows(articles)
    ]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _make_item(row: Mapping[str, str]) -> dict[str, Any]:
    dates = {
        "issued": read_date(row["date_published"]),
        "accessed": read_date(row["date_accessed"]),
    }
    return {
        "id": row["id"], "type": "article-newspaper", "title": row["headline"] or row["id"],
        "author": [_name(n, is_person) for n, is_person in split_names(row["author"], row["publisher"])],
        "container-title": row["publisher"],
        **{name: {"date-parts": [[int(part) for part in date]]} if date else None for name, date in dates.items()},
        "URL": row["url"], "language": row["in_language"], "note": write_note(row),
    }  # fmt: skip


def _name(name: str, is_person: bool) -> dict[str, str]:
    given, _, family = name.rpartition(" ")
    return (
        {"family": family, "given": given}
        if is_person and PERSON.match(name)
        else {"literal": name}
    )


def list_rows(articles: Any) -> list[dict[str, str]]:
    """Return the pages as plain rows with an id, sorted by it.

    From the table articles or from Articles.
    """
    names = ("file", "sha256", "headline", "author", "publisher", "date_published", "date_accessed", "in_language",
             "url", "is_based_on")  # fmt: skip
    if hasattr(articles, "to_dict"):
        rows = [
            {"id": row["article_id"], **{n: row[n] for n in names}}
            for row in articles.to_dict("records")
        ]
    else:
        rows = [
            {"id": article.id, **{n: getattr(article, n) for n in names}} for article in articles
        ]
    return sorted(rows, key=lambda row: row["id"])


def split_names(author: str, publisher: str) -> list[tuple[str, bool]]:
    """Return (name, is a person) of each author.

    A body is known by its words, or by being the publisher.
    """
    names = [name.strip() for name in SEPARATOR.split(author) if name.strip()]
    if any(
        "," in name for name in names
    ):  # "Ada Specimen, Bo Muster" are two, "Specimen, Ada" is one
        parts = [part.strip() for name in names for part in name.split(",") if part.strip()]
        names = parts if all(PERSON.match(part) for part in parts) else names
    return [
        (name, not BODY_WORDS.search(name) and name.casefold() != publisher.casefold())
        for name in names
    ]


def read_date(date: str) -> list[str]:
    """Return year, month and day of an ISO 8601 date as strings, as many as are known."""
    match = DATE.match(date)
    return [part for part in match.groups() if part] if match else []


def write_note(row: Mapping[str, str]) -> str:
    """Return on what the page is based, and which bytes were read."""
    based = f"Based on {row['is_based_on']}. " if row["is_based_on"] else ""
    return f"{based}Saved page {row['file']}, SHA-256 {row['sha256']}"
