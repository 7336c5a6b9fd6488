"""HTML -> text layer, with what the tags said of each line."""

from __future__ import annotations

from resiliparse.extract.html2text import extract_plain_text


def flatten_html(markup: str) -> tuple[str, object]:
    """Return (text layer, layout) of decoded HTML."""
    return extract_plain_text(markup, main_content=False, alt_texts=False, links=False, form_fields=False,
                              noscript=False, preserve_formatting=True), None
