"""Annotations and the register -> the formats of other tools, and back."""

from hkresearch.exchange.brat import read_brat, write_brat, write_brat_configuration
from hkresearch.exchange.citations import write_bibtex, write_csl
from hkresearch.exchange.conll import to_spacy, write_conll
from hkresearch.exchange.folders import EXPORT_FORMATS, export_tables, import_codings
from hkresearch.exchange.table import read_annotations_csv, write_annotations_csv
from hkresearch.exchange.web_annotation import read_web_annotations, write_web_annotations

__all__ = [
    "EXPORT_FORMATS", "export_tables", "import_codings", "read_annotations_csv", "read_brat",
    "read_web_annotations", "to_spacy", "write_annotations_csv", "write_bibtex", "write_brat",
    "write_brat_configuration", "write_conll", "write_csl", "write_web_annotations",
]  # fmt: skip
