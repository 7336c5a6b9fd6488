"""A published report and a folder of pages -> every fault of the evidence in the report."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from hkresearch.core.article import HkresearchError
from hkresearch.evidence.evidence_block import read_evidence
from hkresearch.evidence.page_checks import check_items, open_pages
from hkresearch.evidence.published import INDEX, compare_index, list_report_files
from hkresearch.evidence.seal import find_seal_fault
from hkresearch.evidence.shown_checks import compare_shown

LARGEST_REPORT = 500_000_000  # bytes
UNPROVEN = (
    "Not proven by this: words without a passage or quotation marks, if somebody rewrote them and "
    "sealed the report again, and what a coder made of a passage. To have every word made again "
    "and compared, add: --rebuild"
)
REBUILT = (
    "Not proven by this: that a coder read a passage rightly, and that a page says what is true."
)


def verify_report(report: str | os.PathLike[str], raw: str | os.PathLike[str]) -> list[str]:
    """Return every fault of a report against the pages; none means that it holds.

    Nothing else is needed: the evidence travels inside the report.

    Parameters
    ----------
    report : path
        An HTML or PDF report, or a folder of them.
    raw : path
        The folder of pages.

    Raises
    ------
    HkresearchError
        If there is no such report, or no such folder of pages.
    """
    path, raw = Path(report), Path(raw)
    if not raw.is_dir():
        raise HkresearchError(
            f"{raw}: no such folder of pages. Type: hkresearch verify {path} --raw DIR"
        )
    reports = list_report_files(path)
    faults = [] if reports == [path] else compare_index(reports[0].parent / INDEX)
    checked = ((file.name, check_report(_read_report(file), raw)) for file in reports)
    return faults + join_faults(checked)


def _read_report(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_REPORT:
        raise HkresearchError(
            f"{path}: has more than {LARGEST_REPORT:,} bytes; this is no report of hkresearch."
        )
    return path.read_bytes()


def join_faults(named: Iterable[tuple[str, list[str]]]) -> list[str]:
    """Return the faults of reports behind their names; a fault that several share is said once."""
    reports_by_fault: dict[str, dict[str, None]] = {}
    for name, faults in named:
        for fault in faults:
            reports_by_fault.setdefault(fault, {})[name] = None
    return [f"{', '.join(names)}: {fault}" for fault, names in reports_by_fault.items()]


def check_report(data: bytes, raw: Path) -> list[str]:
    """Return every fault of the report in `data` against the pages in `raw`."""
    is_pdf = data.startswith(b"%PDF")
    seal_fault = find_seal_fault(data, is_pdf)
    faults = [seal_fault] if seal_fault else []
    try:
        items = read_evidence(data, is_pdf)
    except HkresearchError as error:
        return [*faults, str(error)]
    pages, page_faults = open_pages(items, raw)
    faults += page_faults
    faults += check_items(items, pages)
    if not is_pdf:
        faults += compare_shown(data, items, pages)
    return faults


def count_evidence(path: Path) -> tuple[int, int, int]:
    """Return how many reports are at `path`, how many passages they cite, of how many pages."""
    reports = [file.read_bytes() for file in list_report_files(path)]
    items = [item for data in reports for item in read_evidence(data, data.startswith(b"%PDF"))]
    passages, pages = {item["id"] for item in items}, {item["sha256"] for item in items}
    return len(reports), len(passages), len(pages)
