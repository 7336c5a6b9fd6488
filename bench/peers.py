"""The extraction libraries that are installed -> functions from HTML to text."""

from __future__ import annotations

from collections.abc import Callable


def list_peers() -> dict[str, Callable[[str], str]]:
    """Return the extraction libraries that are installed, as functions from HTML to text."""
    peers: dict[str, Callable[[str], str]] = {}
    try:
        import trafilatura

        peers["trafilatura, precision"] = lambda html: (
            trafilatura.extract(html, favor_precision=True, include_comments=False) or ""
        )
        peers["trafilatura, fast"] = lambda html: (
            trafilatura.extract(html, fast=True, include_comments=False, include_tables=False) or ""
        )
    except ImportError:
        print("(trafilatura is not installed)")
    try:
        import lxml.html
        from readability import Document

        peers["readability-lxml"] = lambda html: lxml.html.fromstring(
            Document(html).summary()
        ).text_content()
    except ImportError:
        print("(readability-lxml is not installed)")
    from resiliparse.extract.html2text import extract_plain_text

    peers["resiliparse main content"] = lambda html: extract_plain_text(
        html, main_content=True, alt_texts=False
    )
    return peers
