"""Articles, annotations, codebooks and tables -> how IPython shows them, told to it from here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

# By name, so that neither telling IPython nor importing the package loads the classes.
CARD_FUNCTIONS = {
    ("hkresearch.core.article", "Article"): "show_article_object",
    ("hkresearch.core.article", "Annotation"): "show_annotation",
    ("hkresearch.codebook.book", "Codebook"): "show_codebook",
    ("hkresearch.tables.tables", "Tables"): "show_tables",
}


def show_object(value: Any) -> str:
    """Return the HTML of an Article, Annotation, Codebook or Tables; other types raise KeyError."""
    from hkresearch.display import object_cards

    kind = type(value)
    show: Callable[[Any], str] = getattr(
        object_cards, CARD_FUNCTIONS[kind.__module__, kind.__name__]
    )
    return show(value)


def register_reprs() -> None:
    """Tell the running IPython shell, if there is one, how the package's types look.

    Calling it again does nothing.
    """
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    if (shell := get_ipython()) is None:
        return
    html = shell.display_formatter.formatters["text/html"]
    for module, name in CARD_FUNCTIONS:
        html.for_type_by_name(module, name, show_object)
