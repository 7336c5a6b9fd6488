"""From saved news pages to published reports whose every statement leads back to its page."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Loaded when first asked for: `import hkresearch` costs nothing, and up to structure no pandas.
_PUBLIC = {
    "Article": "core.article",
    "HkresearchError": "core.article",
    "read_articles": "pages.register",
    "read_codebook": "codebook.book",
    "clean_article": "clean",
    "structure_article": "structure",
    "show_article": "display.article_view",
    "build_tables": "pipeline.build_tables",
    "write_tables": "tables.tables",
    "read_tables": "tables.tables",
    "trace_claim": "tables.trace",
    "render_report": "report",
    "show_claim": "display.claim_view",
    "find_passages": "analysis.concordance",
    "count_organisations": "analysis.name_counts",
    "count_together": "analysis.name_counts",
    "reliability": "analysis.agreement",
    "to_spacy": "exchange",
    "code_passages": "manual_coding.view",
    "draw_sample": "manual_coding.passage_queue",
    "merge_codings": "manual_coding.merge",
    "show_table": "display.exhibit",
    "show_figure": "display.exhibit",
    "show_answer": "display.exhibit",
}
_ROOMS = {
    "views": "analysis.views",
    "charts": "analysis.charts",
    "reconcile": "reconcile",
    "exchange": "exchange",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        import_module(".display.reprs", __name__).register_reprs()
        return getattr(import_module(f".{_PUBLIC[name]}", __name__), name)
    if name in _ROOMS:
        return import_module(f".{_ROOMS[name]}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *_ROOMS]
