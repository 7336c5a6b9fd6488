"""What was rendered -> index.html with a search, and the tables as CSV beside it."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.files import write_if_changed
from hkresearch.core.safe_text import guess_language
from hkresearch.display.exhibit_csv import write_frame_csv
from hkresearch.report.jobs import Rendered
from hkresearch.report.publish_html import (
    make_environment,
    read_template,
    write_policy,
)
from hkresearch.report.web_fonts import write_font_rules

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8


def write_tables_csv(tables: Tables, folder: Path) -> list[dict[str, Any]]:
    """Write each table as CSV into `folder` and return name, file and number of rows of each.

    Cells that a spreadsheet could run get a leading apostrophe.
    """
    from hkresearch.tables.tables import list_frames

    files = []
    for name, frame in list_frames(tables).items():
        texts = itertools.chain([BYTE_ORDER_MARK], write_frame_csv(frame))
        pieces = (text.encode("utf-8", "replace") for text in texts)
        write_if_changed(folder / f"{name}.csv", pieces)
        files.append({"name": name, "file": f"{folder.name}/{name}.csv", "rows": len(frame)})
    return files


def write_index(
    outcomes: Sequence[Rendered],
    tables: Tables,
    files: Sequence[Mapping[str, Any]],
    reports: Path,
) -> Path:
    """Write reports/index.html and return its path.

    It holds what was asked, the answers, the refused pages and the failed notebooks; `files` are
    the tables as CSV, as `write_tables_csv` returns them.
    """
    from markupsafe import Markup

    published = [outcome for outcome in outcomes if not outcome.error]
    failed = [outcome for outcome in outcomes if outcome.error]
    refused = tables.refused.to_dict("records")
    letters = _list_letters(outcomes, tables, refused)
    styles = read_template("report.css") + read_template("index.css")
    css = styles + write_font_rules(letters, letters)
    js = read_template("index.js")
    page = (
        make_environment()
        .get_template("index.html.j2")
        .render(
            groups=group_reports(published),
            published=published,
            failed=failed,
            refused=refused,
            files=files,
            label=tables.codebook.get("label") or "",
            question=tables.codebook.get("question") or "",
            n_pages=len(tables.articles),
            guess=guess_language,
            css=Markup(css),
            js=Markup(js),
            policy=write_policy(css, js),
        )
    )
    write_if_changed(reports / "index.html", page.encode("utf-8"))
    return reports / "index.html"


def _list_letters(
    outcomes: Sequence[Rendered], tables: Tables, refused: Sequence[Mapping[Hashable, Any]]
) -> str:
    """Return all texts of the index in one, for the letters that its fonts must have."""
    texts = [str(tables.codebook.get("label")), str(tables.codebook.get("question"))]
    texts += [str(row) for row in refused]
    for outcome in outcomes:
        texts.append(outcome.error or outcome.title + outcome.question + outcome.answer)
    return "".join(texts)


# What a reader asks first stands first; a question that is not here comes after these, by its name.
QUESTION_ORDER = (
    "positions",
    "disagreements",
    "timeline",
    "quotations",
    "quantities",
    "sources",
    "changes",
    "reliability",
)


def group_reports(published: Sequence[Rendered]) -> list[dict[str, Any]]:
    """Return the reports in two groups: questions, and dossiers (one notebook, many values)."""
    rank = {name: place for place, name in enumerate(QUESTION_ORDER)}
    single = [outcome for outcome in published if "-" not in outcome.name]
    single.sort(key=lambda outcome: (rank.get(outcome.name, len(rank)), outcome.name))
    many = [outcome for outcome in published if "-" in outcome.name]
    groups = [{"title": "Questions", "reports": single}, {"title": "Dossiers", "reports": many}]
    return [group for group in groups if group["reports"]]
