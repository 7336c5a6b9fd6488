"""A path -> the reports that are published there, and what their index says of them."""

from __future__ import annotations

import re
from pathlib import Path

from hkresearch.core.article import HkresearchError

INDEX = "index.html"
# A report in the index: its file, and the answer that the index gives.
CARD = re.compile(
    r'<h3><a href="([^"/:]+\.html)">[^<]*</a></h3>\s*<p class="line"[^>]*>([^<]*)</p>'
)
REPORT_LINK = re.compile(r'href="([^"/:]+\.(?:html|pdf))"')
ANSWER_IN_META = re.compile(r'<meta name="description" content="([^"]*)">')


def list_report_files(path: Path) -> list[Path]:
    """Return the reports at `path`: itself, or every HTML and PDF report of a folder.

    Its index is none. Raises HkresearchError when there is no report.
    """
    if path.is_file() and not _is_index(path):
        return [path]
    folder = path.parent if path.is_file() else path
    if not folder.is_dir():
        raise HkresearchError(f"{path}: no such report.")
    found = sorted(file for file in folder.iterdir() if _is_report(file))
    if not found:
        raise HkresearchError(
            f"{folder}: no reports here. To publish some, type: hkresearch report "
            f"--reports {folder}"
        )
    return found


def _is_report(path: Path) -> bool:
    return path.suffix in (".html", ".pdf") and path.is_file() and not _is_index(path)


def _is_index(path: Path) -> bool:
    return path.name == INDEX


def compare_index(index: Path) -> list[str]:
    """Return the reports that the index names and that are missing, and answers that differ."""
    if not index.is_file():
        return []
    text = index.read_text(encoding="utf-8", errors="replace")
    faults = []
    for name in sorted(set(REPORT_LINK.findall(text))):
        if not (index.parent / name).is_file():
            faults.append(f"{INDEX}: names {name}, which is not there")
    answers: dict[str, list[str]] = {}
    for name, answer in CARD.findall(text):
        report = index.parent / name
        if name not in answers and report.is_file():
            answers[name] = read_answer(report)
        if answer not in answers.get(name, [answer]):
            faults.append(f"{INDEX}: gives another answer than {name}")
    return faults


def read_answer(report: Path) -> list[str]:
    """Return the answer that a report's description gives, written in HTML: none or one."""
    return ANSWER_IN_META.findall(report.read_text("utf-8", errors="replace"))
