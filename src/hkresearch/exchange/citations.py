"""The register -> BibTeX and CSL-JSON of the pages, people told apart from bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
TEX_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%",
    "&": r"\&", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9:_-]")
NOT_IN_AN_ADDRESS = re.compile(r"[\\{}\s\x00-\x1f]")
FIRST_PRINTABLE = " "  # TeX refuses control characters
BETWEEN_NAMES = re.compile(r"\s*;\s*|\s*,?\s+and\s+|\s*、\s*")
BODY_WORDS = re.compile(
    r"\b(agenc(y|ies)|associat(ed|ion)|bureau|correspondents?|desk|editors?|gazette|group|herald|"
    r"journal|limited|ltd|media|ministry|network|news|newsroom|office|online|post|press|reporters?|"
    r"service|staff|team|times|university|wire|writers?)\b",
    re.IGNORECASE,
)
PERSON_NAME = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: [A-ZÀ-Þ][\w'’.-]*){1,2}\Z")
CITED_FIELDS = (
    "file", "sha256", "headline", "author", "publisher", "date_published", "date_accessed",
    "in_language", "url", "is_based_on",
)  # fmt: skip

CitedPage = Mapping[str, str]  # an id and CITED_FIELDS


def write_bibtex(articles: Any) -> str:
    """Return a @misc entry a page, in the order of ids; what is not known is left out.

    `articles` is the table of that name, or Articles. A name that is no person's is braced, so that
    no style takes it apart.
    """
    entries = []
    keys: set[str] = set()
    for page in list_cited_pages(articles):
        key = _make_key(page, keys)
        keys.add(key)
        fields = [f"  {name} = {{{value}}}" for name, value in _list_fields(page) if value]
        entries.append(f"@misc{{{key},\n" + ",\n".join(fields) + "\n}\n")
    return "\n".join(entries)


def _make_key(page: CitedPage, taken: Collection[str]) -> str:
    key = NOT_IN_A_KEY.sub("", page["id"]).strip(":_-") or f"page-{page['sha256'][:8]}"
    while key in taken:
        key += "x"
    return key


def _list_fields(page: CitedPage) -> Iterable[tuple[str, str]]:
    authors = []
    for name, is_person in split_authors(page["author"], page["publisher"]):
        escaped = escape_tex(name)
        authors.append(escaped if is_person else "{" + escaped + "}")
    date = read_date(page["date_published"])
    yield "author", " and ".join(authors)
    yield "title", "{" + escape_tex(page["headline"] or page["id"]) + "}"
    yield "organization", escape_tex(page["publisher"])
    yield "date", "-".join(date)
    yield "year", date[0] if date else ""
    yield "url", NOT_IN_AN_ADDRESS.sub(_encode_sign, page["url"])
    yield "urldate", "-".join(read_date(page["date_accessed"])) if page["url"] else ""
    yield "langid", escape_tex(page["in_language"])
    yield "note", escape_tex(describe_source(page))


def _encode_sign(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode())


def escape_tex(text: str) -> str:
    """Return `text` on one line with the characters that TeX would obey escaped.

    Letters stay as they are (UTF-8).
    """
    line = " ".join(text.split())
    printable = [character for character in line if character >= FIRST_PRINTABLE]
    return "".join(TEX_ESCAPES.get(character, character) for character in printable)


def write_csl(articles: Any) -> str:
    """Return a CSL-JSON item a page, in the order of ids; what is not known is left out."""
    items = []
    for page in list_cited_pages(articles):
        items.append({name: value for name, value in _make_item(page).items() if value})
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _make_item(page: CitedPage) -> dict[str, Any]:
    authors = split_authors(page["author"], page["publisher"])
    return {
        "id": page["id"],
        "type": "article-newspaper",
        "title": page["headline"] or page["id"],
        "author": [_write_csl_name(name, is_person) for name, is_person in authors],
        "container-title": page["publisher"],
        "issued": _write_csl_date(page["date_published"]),
        "accessed": _write_csl_date(page["date_accessed"]),
        "URL": page["url"],
        "language": page["in_language"],
        "note": describe_source(page),
    }


def _write_csl_date(date: str) -> dict[str, list[list[int]]] | None:
    parts = [int(part) for part in read_date(date)]
    return {"date-parts": [parts]} if parts else None


def _write_csl_name(name: str, is_person: bool) -> dict[str, str]:
    if not is_person or not PERSON_NAME.match(name):
        return {"literal": name}
    given, _, family = name.rpartition(" ")
    return {"family": family, "given": given}


def list_cited_pages(articles: Any) -> list[CitedPage]:
    """Return the pages of the table articles, or of Articles, as plain rows, sorted by id."""
    rows: list[CitedPage]
    if hasattr(articles, "to_dict"):
        rows = [
            {"id": row["article_id"], **{name: row[name] for name in CITED_FIELDS}}
            for row in articles.to_dict("records")
        ]
    else:
        rows = [
            {"id": article.id, **{name: getattr(article, name) for name in CITED_FIELDS}}
            for article in articles
        ]
    return sorted(rows, key=lambda row: row["id"])


def split_authors(author: str, publisher: str) -> list[tuple[str, bool]]:
    """Return (name, is a person) of each author.

    A body is known by its words, or by being the publisher.
    """
    names = [name.strip() for name in BETWEEN_NAMES.split(author) if name.strip()]
    # "Ada Specimen, Bo Muster" are two, "Specimen, Ada" is one.
    parts = [part.strip() for name in names for part in name.split(",") if part.strip()]
    if any("," in name for name in names) and all(map(PERSON_NAME.match, parts)):
        names = parts
    authors = []
    for name in names:
        is_publisher = name.casefold() == publisher.casefold()
        authors.append((name, not is_publisher and not BODY_WORDS.search(name)))
    return authors


def read_date(date: str) -> list[str]:
    """Return year, month and day of an ISO 8601 date as strings, as many as are known."""
    found = PARTIAL_DATE.match(date)
    return [part for part in found.groups() if part] if found else []


def describe_source(page: CitedPage) -> str:
    """Return on what the page is based, and which bytes were read."""
    based = f"Based on {page['is_based_on']}. " if page["is_based_on"] else ""
    return f"{based}Saved page {page['file']}, SHA-256 {page['sha256']}"
