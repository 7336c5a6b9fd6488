"""Annotations and the register -> the formats of other tools (Web Annotation, brat, CSV, spaCy, BibTeX), and back."""

from .brat import read_brat, write_brat, write_brat_configuration
from .citations import write_bibtex, write_csl
from .conll import to_spacy, write_conll
from .folders import FORMATS, export_tables, import_codings
from .table import read_csv, write_csv
from .web_annotation import read_web_annotations, write_web_annotations

__all__ = [
    "FORMATS", "export_tables", "import_codings", "read_brat", "read_csv", "read_web_annotations", "to_spacy",
    "write_bibtex", "write_brat", "write_brat_configuration", "write_conll", "write_csl", "write_csv",
    "write_web_annotations",
]  # fmt: skip
