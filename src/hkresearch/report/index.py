"""What was rendered -> index.html, which searches from the file system, and the tables as CSV
beside it.
"""

from __future__ import annotations

import filecmp
import itertools
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hkresearch.core.files import stage_file, write_if_changed
from hkresearch.core.safe_text import guess_language
from hkresearch.display.exhibit_csv import write_frame_csv
from hkresearch.report.publish_html import (
    make_environment,
    read_template,
    write_policy,
)
from hkresearch.report.web_fonts import write_font_rules


def write_tables_csv(tables: Any, folder: Path) -> list[dict[str, Any]]:
    """Write each table as CSV into `folder` and return name, file and number of rows of each.

    Cells that a spreadsheet could run get a leading apostrophe.
    """
    from hkresearch.tables.tables import list_frames

    files = []
    for name, frame in list_frames(tables).items():
        texts = itertools.chain(["\ufeff"], write_frame_csv(frame))
        _write_large(folder / f"{name}.csv", (text.encode("utf-8", "replace") for text in texts))
        files.append({"name": name, "file": f"{folder.name}/{name}.csv", "rows": len(frame)})
    return files


def _write_large(path: Path, pieces: Iterable[bytes]) -> None:
    """Write `pieces` beside `path`, then put them in place as one.

    A file that holds the same is left alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with stage_file(path) as beside:
        with beside.open("wb") as stream:
            stream.writelines(pieces)
        if not path.is_file() or not filecmp.cmp(beside, path, shallow=False):
            os.replace(beside, path)


def write_index(
    outcomes: Sequence[Any], tables: Any, files: Sequence[dict[str, Any]], reports: Path
) -> Path:
    """Write reports/index.html: what was asked, the answers, the refused pages, the failed
    notebooks; return its path.
    """
    from markupsafe import Markup

    refused = tables.refused.to_dict("records")
    book = tables.codebook
    published = [outcome for outcome in outcomes if not outcome.error]
    texts = (
        [o.title + o.question + o.answer for o in published]
        + [str(book.get("label")), str(book.get("question"))]
        + [str(r) for r in refused]
        + [o.error for o in outcomes]
    )
    css, js = (
        read_template("report.css")
        + read_template("index.css")
        + write_font_rules("".join(texts), "".join(texts)),
        read_template("index.js"),
    )
    page = make_environment().get_template("index.html.j2").render(
        groups=group_reports(published), published=published, failed=[outcome for outcome in outcomes if outcome.error], refused=refused, files=files,
        label=book.get("label") or "", question=book.get("question") or "", n_pages=len(tables.articles), guess=guess_language,
        css=Markup(css), js=Markup(js), policy=write_policy(css, js),
    )  # fmt: skip
    write_if_changed(reports / "index.html", page.encode("utf-8"))
    return reports / "index.html"


# What a reader asks first stands first; a question that is not here comes after these, by its name.
ORDER = (
    "positions",
    "disagreements",
    "timeline",
    "quotations",
    "quantities",
    "sources",
    "changes",
    "reliability",
)


def group_reports(published: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the reports in two groups: the questions, and the dossiers (one notebook run for many
    values).
    """
    rank = {name: place for place, name in enumerate(ORDER)}
    single = [outcome for outcome in published if "-" not in outcome.name]
    single.sort(key=lambda outcome: (rank.get(outcome.name, len(rank)), outcome.name))
    many = [outcome for outcome in published if "-" in outcome.name]
    groups = [{"title": "Questions", "reports": single}, {"title": "Dossiers", "reports": many}]
    return [group for group in groups if group["reports"]]
