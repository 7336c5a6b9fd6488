"""Annotations -> W3C Web Annotations in JSON-LD, and back without loss."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hkresearch.core.article import Annotation, Article
from hkresearch.exchange.anchor import anchor, index_articles, raise_faults
from hkresearch.tables.coding_checks import is_automatic

WEB_ANNOTATION_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"hk": "urn:hkresearch:"}]
URN = "urn:hkresearch:annotation:"
PREFIX_LENGTH = 32  # characters of prefix and suffix


def write_web_annotations(
    articles: Article | Iterable[Article], annotations: Iterable[Annotation]
) -> str:
    """Return `annotations` as one AnnotationPage.

    Each has a TextPositionSelector and a TextQuoteSelector.
    """
    pages = index_articles(articles)
    items = [_write_item(pages[mark.article_id], mark) for mark in annotations]
    block = {"@context": WEB_ANNOTATION_CONTEXT, "type": "AnnotationPage", "items": items}
    return json.dumps(block, ensure_ascii=False, indent=1) + "\n"


def _write_item(article: Article, mark: Annotation) -> dict[str, Any]:
    creator = {"type": "Software" if is_automatic(mark.coder) else "Person", "name": mark.coder}
    body = {
        "type": "TextualBody",
        "purpose": "classifying",
        "format": "text/plain",
        "value": mark.code,
        "hk:subject": mark.subject,
        "hk:variable": mark.variable,
    }
    source = {
        "id": f"urn:sha256:{article.sha256}",
        "type": "Text",
        "hk:article": article.id,
        "hk:text_sha256": article.text_sha256,
    }
    return {
        "id": URN + mark.id,
        "type": "Annotation",
        "motivation": "classifying",
        "creator": creator,
        "body": body,
        "target": {"source": source, "selector": _write_selectors(article.text, mark)},
    }


def _write_selectors(text: str, mark: Annotation) -> list[dict[str, Any]]:
    before = text[max(0, mark.start - PREFIX_LENGTH) : mark.start]
    after = text[mark.end : mark.end + PREFIX_LENGTH]
    return [
        {"type": "TextPositionSelector", "start": mark.start, "end": mark.end},
        {"type": "TextQuoteSelector", "exact": mark.exact, "prefix": before, "suffix": after},
    ]


def read_web_annotations(text: str, articles: Article | Iterable[Article]) -> list[Annotation]:
    """Return the annotations in JSON-LD: one, a list, a page or a collection of them.

    Of another tool's, the body's value is the code, its purpose the variable, and the page the
    subject. A passage whose offsets do not fit is found by its words. Every one that fits no page
    is named at once in an HkresearchError.
    """
    pages = index_articles(articles)
    found: list[Annotation] = []
    faults: list[str] = []
    try:
        items = _list_items(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise_faults("Web Annotations", [f"not valid JSON: {error}"])
    for number, item in enumerate(items, 1):
        try:
            article, given = _read_item(item, pages)
            found.append(anchor(article, given))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            faults.append(f"annotation {number}: {error}")
    raise_faults("Web Annotations", faults)
    return found


def _list_items(block: Any) -> list[Any]:
    if isinstance(block, list):
        return block
    if not isinstance(block, dict):
        raise ValueError("an object or a list is expected")
    items, first = block.get("items"), block.get("first")
    if isinstance(items, list):
        return items
    return _list_items(first) if isinstance(first, dict) else [block]


def _read_item(item: dict[str, Any], pages: dict[str, Article]) -> tuple[Article, dict[str, Any]]:
    target = _first(item["target"])
    is_described = isinstance(target, dict)
    article = _find_page(target.get("source") if is_described else target, pages)
    given: dict[str, Any] = {}
    for selector in _list(target.get("selector") if is_described else None):
        if selector.get("type") == "TextPositionSelector":
            given |= {"start": int(selector["start"]), "end": int(selector["end"])}
        elif selector.get("type") == "TextQuoteSelector":
            given |= {name: selector.get(name, "") for name in ("exact", "prefix", "suffix")}
    body = _first(item.get("body")) or {}
    if isinstance(body, str):
        body = {"value": body}
    id = str(item.get("id", ""))
    given |= {
        "id": id.removeprefix(URN) if id.startswith(URN) else "",
        "subject": body.get("hk:subject", article.id),
        "variable": body.get("hk:variable", body.get("purpose", "tagging")),
        "code": body.get("value", ""),
        "coder": _read_creator(_first(item.get("creator"))),
    }
    return article, given


def _find_page(source: Any, pages: dict[str, Article]) -> Article:
    """Return the page that the source of a target names.

    Raises ValueError if it is none of them.
    """
    names = [source]
    if isinstance(source, dict):
        names = [source.get("hk:article"), source.get("id")]
    for name in names:
        if isinstance(name, str) and name in pages:
            return pages[name]
    named = next(filter(None, names), "(none)")
    raise ValueError(f"its source {named!r:.80} is none of the pages")


def _read_creator(creator: Any) -> Any:
    """Return the name of a creator, which may be one already."""
    if not creator:
        return "unknown"
    return (
        creator if isinstance(creator, str) else creator.get("name", creator.get("id", "unknown"))
    )


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _first(value: Any) -> Any:
    return next(iter(_list(value)), None)
