"""Tables -> the dates that pages give: announced, effective and reported, never mixed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hkresearch.analysis.views.wording import (
    capitalise,
    check_organisation,
    choose_organisation,
    find_attributes,
    gather_ids,
    join_most,
    join_words,
    list_page_names,
    name_code,
    name_entity,
    name_pages,
    name_variable,
    write_period,
    write_span,
)  # fmt: skip
from hkresearch.reconcile.contradiction_types import choose_first_date
from hkresearch.tables.select_rows import choose_where
from hkresearch.tables.text_columns import map_texts

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

_DATE_KINDS = {"announced_on": "announced", "effective_from": "effective"}
_ARRANGED_KINDS = ("announced", "effective", "reported")
DATE_COLUMNS = [
    "organisation",
    "position",
    "kind",
    "date",
    "supplied",
    "n_articles",
    "pages",
    "evidence",
]
YEAR_SUPPLIED = "the year is the codebook's"  # the page prints none, and has no date itself
DAY_SUPPLIED = "counted from an event"  # the page names an event, not a day
DAY_WORDS = re.compile(
    r"\d|day\b|yesterday|tonight|today|week|month|year|[年月日周週昨今]|星期|禮拜", re.I
)


def list_dates(tables: Tables, organisation: str = "") -> pd.DataFrame:
    """Return one row per organisation, position, kind of date and date, with its own evidence.

    `kind` is announced, effective or reported (the date of a page that carries the position).
    `supplied` says what of the date no page prints; where every page prints all of it, the column
    is left out.
    """
    columns = ["position_id", "article_id", "organisation", "position", "modality", *_DATE_KINDS]
    rows = choose_organisation(tables.positions[columns], organisation)
    articles = tables.articles
    days = articles["date_published"].fillna("").str[:10]
    published = dict(zip(articles["article_id"], days, strict=True))
    rows = rows[rows["modality"].isin(["stated", ""])]
    rows = rows.assign(
        date_published=map_texts(rows["article_id"], lambda id: published.get(id, ""))
    )
    names = name_pages(tables)
    kinds = {**_DATE_KINDS, "date_published": "reported"}
    found = [
        row
        for column, kind in kinds.items()
        for row in _group_dates(tables, rows, names, column, kind)
    ]
    frame = pd.DataFrame(found, columns=DATE_COLUMNS)
    frame = frame.sort_values(["organisation", "date", "kind", "position"], ignore_index=True)
    return frame if (frame["supplied"] != "").any() else frame.drop(columns="supplied")


def _group_dates(
    tables: Tables, rows: pd.DataFrame, names: Mapping[str, str], column: str, kind: str
) -> Iterator[dict[str, Any]]:
    dated = rows[rows[column] != ""]
    ids, pages = (map_texts(dated[name], str) for name in ("position_id", "article_id"))
    marks = find_attributes(tables, column) if column in _DATE_KINDS else {}
    supplied = _find_supplied(tables, column) if column in _DATE_KINDS else {}
    for (organisation, position, date), places in dated.groupby(
        ["organisation", "position", column]
    ).indices.items():
        yield {
            "organisation": name_entity(tables, organisation),
            "position": name_code(tables, "position", position),
            "kind": kind,
            "date": date,
            "supplied": _say_supplied([supplied.get(id, "") for id in ids[places]]),
            "n_articles": len(set(pages[places])),
            "pages": list_page_names(names, pages[places]),
            "evidence": gather_ids(id for own in ids[places] for id in (own, *marks.get(own, ()))),
        }


def _find_supplied(tables: Tables, column: str) -> dict[str, str]:
    """Return position_id -> what of its date the page does not print, by the words it rests on."""
    columns = ["subject", "article_id", "code", "exact"]
    marks = choose_where(tables.annotations, columns, "variable", [column])
    articles = tables.articles[["article_id", "date_published"]].fillna("")
    dated = set(articles["article_id"][articles["date_published"] != ""])
    found = {}
    for mark in marks.itertuples(index=False):
        if not DAY_WORDS.search(mark.exact):
            found[mark.subject] = DAY_SUPPLIED
        elif mark.article_id not in dated and mark.code[:4] not in mark.exact:
            found[mark.subject] = YEAR_SUPPLIED
    return found


def _say_supplied(supplied: list[str]) -> str:
    """Return what is said of a date of several pages: nothing where one prints it whole."""
    return "" if "" in supplied else join_words(sorted(set(supplied)))


def arrange_dates(dates: pd.DataFrame) -> pd.DataFrame:
    """Return `dates` with one row per organisation and position, a column for each kind of date.

    A kind of which no page gives any date has no column.
    """
    cells: dict[tuple[str, str], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    rows = []
    for entry in dates.itertuples(index=False):
        cells[entry.organisation, entry.position][entry.kind].append(entry)
    for who, position in sorted(cells):
        row: dict[str, Any] = {"organisation": who, "position": position}
        for kind in _ARRANGED_KINDS:
            entries = cells[who, position][kind]
            days = dict.fromkeys(entry.date for entry in entries)
            row[kind] = ", ".join(map(write_span, days))
            row[f"{kind}_evidence"] = gather_ids(id for entry in entries for id in entry.evidence)
        rows.append(row)
    columns = ["organisation", "position"]
    for kind in _ARRANGED_KINDS:
        if dates.empty or kind in set(dates["kind"]):
            columns += [kind, f"{kind}_evidence"]
    return pd.DataFrame(rows, columns=columns)


def list_dated_facts(tables: Tables) -> pd.DataFrame:
    """Return the dates that pages give for anything else, such as when a rule came into force."""
    variables = tables.codebook.get("variables", {})
    dated = [name for name, variable in variables.items() if variable.get("level") == "date"]
    facts = tables.claims[
        tables.claims["variable"].isin(dated)
        & tables.claims["subject"].isin(list(tables.codebook.get("entities", {})))
    ]
    found = choose_where(
        tables.appearances,
        ["claim_id", "article_id", "annotation_id"],
        "claim_id",
        facts["claim_id"],
    )
    found = found.sort_values(["article_id", "annotation_id"]).groupby("claim_id")["annotation_id"]
    evidence = {claim: gather_ids(ids) for claim, ids in found}
    rows = [
        {
            "subject": name_entity(tables, fact.subject),
            "event": name_variable(tables, fact.variable),
            "date": fact.code,
            "n_articles": fact.n_articles,
            "n_origins": fact.n_origins,
            "status": fact.status,
            "evidence": evidence.get(fact.claim_id, []),
        }
        for fact in facts.sort_values(["code", "subject", "variable"]).itertuples(index=False)
    ]
    return pd.DataFrame(
        rows, columns=["subject", "event", "date", "n_articles", "n_origins", "status", "evidence"]
    )


def _choose_preposition(when: str) -> str:
    if " to " in when:
        return "between"
    is_day = when[:1].isdigit() and " " in when
    return "on" if is_day else "in"


def _choose_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the first date."""
    return rows[rows["date"] == choose_first_date(rows["date"])]


def summarise_dates(tables: Tables, organisation: str = "") -> tuple[str, list[str]]:
    """Return in one sentence, with its evidence, the first date of each kind."""
    dates = list_dates(tables, check_organisation(tables, organisation))
    if dates.empty:
        return "No page gives a date for any position.", []
    phrases, evidence = [], []
    for kind, verb in (
        ("effective", "taking effect"),
        ("announced", "announced"),
        ("reported", "reported"),
    ):
        rows = dates[dates["kind"] == kind]
        if rows.empty:
            phrases.append(f"nothing could be dated as {verb}")
            continue
        first = _choose_first(rows)
        when = write_period(first["date"].iloc[0])
        joint = _choose_preposition(when)
        when = when.replace(" to ", " and ")
        if notes := [note for note in set(first.get("supplied", [])) if note]:
            when += f" ({join_words(sorted(notes))})"
        own = first.groupby("organisation", sort=False)["evidence"].sum().reset_index()
        names = join_most(own, "evidence", lambda row: row.organisation)
        phrases.append(f"first {verb} {joint} {when}: {names}")
        evidence += [id for ids in first["evidence"] for id in ids]
    return capitalise("; ".join(phrases) + "."), gather_ids(evidence)
