"""Ids, dates, counts and lists -> the words and the evidence that a reader sees."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.core.article import HkresearchError
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import map_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

_QUOTATION_MARKS = (("“", "”"), ("‘", "’"), ("«", "»"), ("「", "」"), ("『", "』"))
NAMED = 12  # pages that a cell names, and organisations that an answer names for one thing
_PLURAL_OWNER = re.compile(r"(?<=s)’(?= \w)")  # a plural's possessive mark closes nothing
# Not strftime: the names of months must not depend on the machine's locale.
_MONTH_NAMES = (
    "January February March April May June July August September October November December"
).split()


def name_entity(tables: Tables, id: str) -> str:
    """Return the label of an entity, or of several joined by ";"; an unknown id stays as it is."""
    if not id:
        return ""
    label = tables.label_of(str(id))
    kind = tables.codebook.get("entities", {}).get(str(id), {}).get("kind")
    return capitalise(label) if kind == "role" else label


def name_variable(tables: Tables, variable: str) -> str:
    """Return the label of a variable, else its id in words."""
    return str(_read_variable(tables, variable).get("label") or variable.replace("_", " "))


def name_code(tables: Tables, variable: str, code: str) -> str:
    """Return the label of a code of `variable`, a date or an entity in words."""
    book = _read_variable(tables, variable)
    codes = book.get("codes", {})
    entry = codes.get(code, {}) if isinstance(codes, Mapping) else {}
    if isinstance(entry, Mapping) and entry.get("label"):
        return str(entry["label"])
    if book.get("level") == "date":
        return write_date(code)
    return name_entity(tables, code).replace("_", " ")


def _read_variable(tables: Tables, variable: str) -> Mapping[str, Any]:
    variables: Mapping[str, Mapping[str, Any]] = tables.codebook.get("variables", {})
    return variables.get(variable, {})


def write_date(date: str) -> str:
    """Return an ISO 8601 date in words: "6 July 2020", "July 2020" or "2020"."""
    parts = str(date)[:10].split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return str(date)
    if len(parts) == 1:
        return parts[0]
    month = _MONTH_NAMES[int(parts[1]) - 1] if 1 <= int(parts[1]) <= 12 else parts[1]
    day = f"{int(parts[2])} " if len(parts) == 3 else ""
    return f"{day}{month} {parts[0]}"


def write_period(period: str) -> str:
    """Return an ISO 8601 interval in words, the year once: "July to December 2019"."""
    first, _, last = str(period).partition("/")
    if _is_first_day(first) and _is_last_day(last):
        first, last = first[:7], last[:7]
    ends = list(dict.fromkeys(write_date(end) for end in (first, last) if end not in ("", "..")))
    if len(ends) == 2 and ends[0][-5:] == ends[1][-5:] and " " in ends[0]:
        ends[0] = ends[0][:-5]
    return " to ".join(ends)


def _is_first_day(date: str) -> bool:
    return len(date) == 10 and date.endswith("-01")


def _is_last_day(date: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
        return False
    year, month, day = map(int, date.split("-"))
    return 1 <= month <= 12 and day == calendar.monthrange(year, month)[1]


def write_span(date: str) -> str:
    """Return an ISO 8601 date as it is, and an interval of two as "2020-06-30 to 2020-07-01"."""
    return str(date).replace("/", " to ")


def write_number(value: float | str) -> str:
    """Return a number with its thousands grouped and no needless decimals."""
    number = float(value)
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}".rstrip("0").rstrip(".")


def count_things(n: int, thing: str, things: str = "") -> str:
    """Return "1 page", "2,000 pages" or "no pages"."""
    return f"{f'{n:,}' if n else 'no'} {thing if n == 1 else things or thing + 's'}"


def join_words(words: Iterable[str], last: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"; each word once, in the order given."""
    words = [word for word in dict.fromkeys(words) if word]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def join_most(frame: pd.DataFrame, evidence: str, write: Callable[[Any], str]) -> str:
    """Return what `write` says of each row, joined.

    Of more than NAMED rows those with most `evidence` are told and the rest is counted.
    """
    order = frame[evidence].str.len().sort_values(ascending=False, kind="stable").index[:NAMED]
    said = [write(row) for row in frame.loc[sorted(order)].itertuples(index=False)]
    return join_words([*said, f"{len(frame) - NAMED:,} more"] if len(frame) > NAMED else said)


def capitalise(sentence: str) -> str:
    """Return `sentence` with its first letter in upper case and the rest untouched."""
    return sentence[:1].upper() + sentence[1:]


def shorten(text: str, width: int) -> str:
    """Return `text` on one line of at most `width` characters, cut with an ellipsis at a space."""
    text = " ".join(str(text).split())
    if len(text) <= width:
        return text
    cut = text[: width - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > width // 2 else cut).rstrip(" ,;:") + "…"


def tidy_passage(text: str) -> str:
    """Return a passage on one line, without quotation marks whose other half lies outside it."""
    text = " ".join(str(text).split())
    for opening, closing in _QUOTATION_MARKS:
        if opening not in text and closing not in text:
            continue
        apostrophe = r"(?![^\W\d_])" if closing == "’" else ""
        pairs = re.compile(f"{opening}|{closing}{apostrophe}")
        open_at: list[int] = []
        single = []
        for mark in pairs.finditer(text):
            if mark.group() == opening:
                open_at.append(mark.start())
            elif open_at:
                open_at.pop()
            elif closing != "’" or not _PLURAL_OWNER.match(text, mark.start()):
                single.append(mark.start())
        if alone := {*open_at, *single}:
            kept = (sign for place, sign in enumerate(text) if place not in alone)
            text = "".join(kept)
    return _drop_single_mark(text).strip()


def _drop_single_mark(text: str) -> str:
    """Return `text` without the one straight mark of an odd number that has no partner.

    The spaces before and after the marks tell which it is.
    """
    marks = [i for i, character in enumerate(text) if character == '"']
    if len(marks) % 2 == 0:
        return text
    open_at: list[int] = []
    for i in marks:
        opens = (i == 0 or not text[i - 1].isalnum()) and text[i + 1 : i + 2].strip() != ""
        if opens and not (open_at and text[i - 1 : i] in tuple(",.!?…")):
            open_at.append(i)
        elif open_at:
            open_at.pop()
        else:
            return text[:i] + text[i + 1 :]
    return text[: open_at[-1]] + text[open_at[-1] + 1 :] if open_at else text


def name_pages(tables: Tables) -> dict[str, str]:
    """Return article_id -> what a reader calls the page: its outlet and date.

    The id follows where that is not enough.
    """
    columns = (
        tables.articles[name].fillna("").to_list()
        for name in ("article_id", "publisher", "is_based_on", "date_published")
    )
    names = {}
    for id, publisher, source, date in zip(*columns, strict=True):
        outlet = publisher or (f"unnamed, after {source}" if source else "unnamed outlet")
        names[id] = ", ".join(part for part in (outlet, date[:10]) if part)
    counts = Counter(names.values())
    return {
        id: name if counts[name] == 1 and name != "unnamed outlet" else f"{name} ({id})"
        for id, name in names.items()
    }


def list_page_names(names: Mapping[str, str], article_ids: Iterable[str]) -> str:
    """Return the names of the pages, sorted; after NAMED of them the rest is counted."""
    found = sorted({names.get(id, id) for id in set(_list_texts(article_ids))})
    rest = [f"and {len(found) - NAMED:,} more"] if len(found) > NAMED else []
    return "; ".join([*found[:NAMED], *rest])


def gather_ids(ids: Iterable[str]) -> list[str]:
    """Return annotation ids once each, in the order given, without empty ones."""
    return [id for id in dict.fromkeys(_list_texts(ids)) if isinstance(id, str) and id]


def _list_texts(texts: Iterable[str]) -> Iterable[str]:
    # A column's list is ten times as fast as the column, one by one.
    return texts.to_list() if isinstance(texts, pd.Series) else texts


def find_attributes(tables: Tables, variable: str) -> dict[str, list[str]]:
    """Return annotation id -> the ids of the annotations that give its attribute `variable`."""
    columns = ["annotation_id", "article_id", "start", "subject"]
    marks = choose_where(tables.annotations, columns, "variable", [variable]).sort_values(
        ["article_id", "start"]
    )
    found: dict[str, list[str]] = {}
    for subject, id in zip(marks["subject"], marks["annotation_id"], strict=True):
        found.setdefault(subject, []).append(id)
    return found


def check_organisation(tables: Tables, organisation: str) -> str:
    """Return `organisation` if it is empty, in the codebook, or in the tables.

    Raises
    ------
    HkresearchError
        For any other id; its message lists those that there are.
    """
    if not organisation or organisation in tables.codebook.get("entities", {}):
        return organisation
    quoted = ";".join(tables.quotations["organisation"].unique())
    found = set(filter(None, quoted.split(";")))
    found |= set(tables.positions["organisation"]) | set(tables.quantities["organisation"])
    if organisation not in found:
        choice = ", ".join(sorted(found)) or "none, these pages speak of no organisation"
        raise HkresearchError(
            f"organisation {organisation!r} is neither in the codebook nor in these pages. "
            f"Choose one of: {choice}."
        )
    return organisation


def choose_organisation(frame: pd.DataFrame, organisation: str) -> pd.DataFrame:
    """Return the rows of one organisation, or every row when `organisation` is empty."""
    if not organisation:
        return frame
    is_named = map_texts(frame["organisation"], lambda ids: organisation in ids.split(";"))
    return frame[is_named.astype(bool)]
