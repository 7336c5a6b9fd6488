"""Notebooks and tables -> published reports: HTML, PDF, an index, and the tables as CSV.

    render_report(notebook, data=..., reports=..., **parameters) -> Path of the HTML
    render_reports(notebooks, tables_folder, reports, parameters, say) -> one Rendered per report

`ReportHTMLExporter` and `ReportPDFExporter` are nbconvert's; they load when first asked for.
"""

from typing import Any

__all__ = ["Rendered", "render_report", "render_reports", "ReportHTMLExporter", "ReportPDFExporter"]


def __getattr__(name: str) -> Any:
    if name in ("ReportHTMLExporter", "ReportPDFExporter"):
        from hkresearch.report import exporters

        return getattr(exporters, name)
    if name in ("Rendered", "render_report", "render_reports"):
        from hkresearch.report import render

        return getattr(render, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
