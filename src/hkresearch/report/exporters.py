"""An executed notebook -> HTML or PDF by `jupyter nbconvert --to hkresearch-html` (`-pdf`)."""

from __future__ import annotations

from typing import Any

from hkresearch.report import run_notebook  # noqa: F401  (first: it spares nbformat three seconds)

from nbconvert.exporters import Exporter  # isort: skip

from hkresearch.report.document import read_document
from hkresearch.report.publish_html import write_html
from hkresearch.report.publish_pdf import write_pdf


class ReportHTMLExporter(Exporter):
    """Exports a notebook as one self-contained HTML report; nbconvert asks for a class."""

    export_from_notebook = "hkresearch report (HTML)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> Any:
        """Return (the report, nbconvert's resources)."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        pdf = resources.get("hkresearch_pdf", "")
        return write_html(read_document(nb), pdf=pdf), resources


class ReportPDFExporter(Exporter):
    """Exports a notebook as a tagged PDF (PDF/UA-1) without LaTeX or a browser."""

    export_from_notebook = "hkresearch report (PDF)"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> Any:
        """Return (the report, nbconvert's resources)."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        return write_pdf(read_document(nb)), resources
