"""One row of a coder's file, its page and the codebook -> what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hkresearch.core.article import Article
from hkresearch.core.csv_checks import is_iso_date
from hkresearch.tables.coding_files import CODING_COLUMNS
from hkresearch.tables.schema import list_fields

_Book = Mapping[str, Any]  # a codebook as a plain dictionary
_MAY_BE_EMPTY = ("date", "reason")
NOTHING_TO_CODE = "none"  # the code of a passage in which there is nothing to code
READ, ALL_VARIABLES = "read", "all"  # a span that was read in full, looking for every variable
_OWN_VARIABLES = frozenset(
    "part quotation position speaker organisation cue via modality object condition announced_on "
    "effective_from unit period scope bound headline author publisher date_published in_language "
    "is_based_on credit source_headline source_date".split()
)
_OFFSET = re.compile(r"[0-9]{1,9}")
_CODED_NUMBER = re.compile(r"-?\d+(\.\d+)?")
ANNOTATION_ID = re.compile(r"[0-9a-f]{16}\Z")
_ISO_DATE_EXPECTED = "must be an ISO 8601 date such as 2020-07-06"


def is_automatic(coder: str) -> bool:
    """Return whether `coder` is a rule or a model, whose name has its version after a slash."""
    return "/" in coder


def find_row_faults(
    row: Mapping[str, str], pages: Mapping[str, Article], book: _Book
) -> Iterator[str]:
    """Yield what is wrong with a coder's row: empty cells, coder, date, code, span, subject."""
    optional = (*_MAY_BE_EMPTY, "exact") if row["variable"] == READ else _MAY_BE_EMPTY
    for name in CODING_COLUMNS:
        if not row[name] and name not in optional:
            yield f"{name} is empty"
    if is_automatic(row["coder"]):
        yield (
            f"coder {row['coder']!r} has a slash, which marks automatic coders; "
            "write the person's name"
        )
    if row["date"] and not is_iso_date(row["date"]):
        yield f"date {row['date']!r} {_ISO_DATE_EXPECTED}"
    yield from find_code_faults(row["variable"], row["code"], book)
    article = pages.get(row["article_id"])
    if article is not None:
        yield from _find_span_faults(row, article)
        yield from _find_subject_faults(row["subject"], article, book)
    elif row["article_id"]:
        yield f"no page {row['article_id']!r} is registered"


def _find_span_faults(row: Mapping[str, str], article: Article) -> Iterator[str]:
    if not _OFFSET.fullmatch(row["start"]) or not _OFFSET.fullmatch(row["end"]):
        yield f"start {row['start']!r} and end {row['end']!r} must be whole numbers"
        return
    start, end, exact = int(row["start"]), int(row["end"]), row["exact"]
    length = len(article.text)
    if not start < end <= length:
        yield f"{start}:{end} is no span of {article.id}, which has {length:,} characters"
        return
    found = article.text[start:end]
    may_differ = not exact and row["variable"] == READ
    if found != exact and not may_differ:
        hint = _hint_span(exact, article.text)
        yield f"{article.id} {start}:{end} is {found!r:.60}, not {exact!r:.60}{hint}"


def _hint_span(exact: str, text: str) -> str:
    """Return where `exact` stands in `text`, for a message; "" if it does not."""
    start = text.find(exact) if exact else -1
    return f"; it stands at {start}:{start + len(exact)}" if start >= 0 else ""


def _find_subject_faults(subject: str, article: Article, book: _Book) -> Iterator[str]:
    if not subject or subject == article.id or subject in book.get("entities", {}):
        return
    if not ANNOTATION_ID.match(subject):
        yield (
            f"subject {subject!r} is neither this page's id, nor an entity of the codebook, "
            "nor an annotation's id"
        )


def find_code_faults(variable: str, code: str, book: _Book) -> Iterator[str]:
    """Yield what is wrong with `code` as an answer for `variable`.

    `none` is an answer to every variable.
    """
    variables = book.get("variables", {})
    is_known = variable in variables or variable in _OWN_VARIABLES
    if variable == READ:
        is_variable = code in variables or code in _OWN_VARIABLES
        if code and code != ALL_VARIABLES and not is_variable:
            yield f"code {code!r} of a row {READ!r} must be a variable, or {ALL_VARIABLES!r}"
    elif variable and not is_known:
        yield (
            f"variable {variable!r} is not in the codebook; "
            f"add [variables.{variable}] or correct it"
        )
    elif code and code != NOTHING_TO_CODE:
        yield from _find_value_faults(variable, code, book)


def _find_value_faults(variable: str, code: str, book: _Book) -> Iterator[str]:
    allowed = list_codes(variable, book)
    if allowed:
        if code not in allowed:
            codes = ", ".join(allowed)
            expected = f"{NOTHING_TO_CODE} or one of: {codes}"
            yield f"{code!r} is no code of {variable}; expected {expected}"
        return
    level = book.get("variables", {}).get(variable, {}).get("level", "")
    if level in ("interval", "ratio") and not _CODED_NUMBER.fullmatch(code):
        yield f"code {code!r} of {variable} must be a number such as 241 or 46.5"
    elif level == "date" and not is_iso_date(code):
        yield f"code {code!r} of {variable} {_ISO_DATE_EXPECTED}"


def list_codes(variable: str, book: _Book) -> list[str]:
    """Return the codes that `variable` may have, [] if it may have any value."""
    if variable == "part":
        return sorted(book.get("parts", {}))
    if variable == "organisation":
        return sorted(book.get("entities", {}))
    if variable == "quotation":
        return _list_allowed("quotations", "kind")
    if variable in ("position", "modality"):
        return _list_allowed("positions", variable)
    return sorted(book.get("variables", {}).get(variable, {}).get("codes", {}))


def _list_allowed(table: str, column: str) -> list[str]:
    """Return the values that the schema allows in a column."""
    fields = {item["name"]: item for item in list_fields(table)}
    allowed: list[str] = fields[column]["constraints"]["enum"]
    return allowed
