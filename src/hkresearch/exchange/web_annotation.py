"""Annotations -> W3C Web Annotations in JSON-LD, and back without loss; offsets count code points."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hkresearch.core.article import Annotation, Article
from hkresearch.exchange.anchor import anchor, index_articles, raise_faults
from hkresearch.tables.coding_checks import is_automatic

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"hk": "urn:hkresearch:"}]
URN = "urn:hkresearch:annotation:"
AROUND = 32  # characters of prefix and suffix


def write_web_annotations(
    articles: Article | Iterable[Article], annotations: Iterable[Annotation]
) -> str:
    """Return `annotations` as one AnnotationPage.

    Each has a TextPositionSelector and a TextQuoteSelector.
    """
    pages = index_articles(articles)
    items = [_write_item(pages[a.article_id], a) for a in annotations]
    block = {"@context": CONTEXT, "type": "AnnotationPage", "items": items}
    return json.dumps(block, ensure_ascii=False, indent=1) + "\n"


def _write_item(article: Article, a: Annotation) -> dict[str, Any]:
    before, after = (
        article.text[max(0, a.start - AROUND) : a.start],
        article.text[a.end : a.end + AROUND],
    )
    return {
        "id": URN + a.id,
        "type": "Annotation",
        "motivation": "classifying",
        "creator": {"type": "Software" if is_automatic(a.coder) else "Person", "name": a.coder},
        "body": {
            "type": "TextualBody", "purpose": "classifying", "format": "text/plain", "value": a.code,
            "hk:subject": a.subject, "hk:variable": a.variable,
        },
        "target": {
            "source": {"id": f"urn:sha256:{article.sha256}", "type": "Text", "hk:article": article.id,
                       "hk:text_sha256": article.text_sha256},
            "selector": [
                {"type": "TextPositionSelector", "start": a.start, "end": a.end},
                {"type": "TextQuoteSelector", "exact": a.exact, "prefix": before, "suffix": after},
            ],
        },
    }  # fmt: skip


def read_web_annotations(text: str, articles: Article | Iterable[Article]) -> list[Annotation]:
    """Return the annotations in `text`, an Annotation, a list, a page or a collection of them.

    Ours or another tool's.

    Of another tool's, the body's value is the code, its purpose the variable, and the page the
    subject. A passage whose offsets do not fit is found by its words. Every one that fits no page
    is named at once in an HkresearchError.
    """
    pages, found, faults = index_articles(articles), [], []
    try:
        items = _list_items(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise_faults("Web Annotations", [f"not valid JSON: {error}"])
    for n, item in enumerate(items, 1):
        try:
            article, given = _read_item(item, pages)
            found.append(anchor(article, given))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            faults.append(f"annotation {n}: {error}")
    raise_faults("Web Annotations", faults)
    return found


def _list_items(block: Any) -> list[Any]:
    if isinstance(block, list):
        return block
    if not isinstance(block, dict):
        raise ValueError("an object or a list is expected")
    if isinstance(block.get("items"), list):
        return block["items"]
    return _list_items(block["first"]) if isinstance(block.get("first"), dict) else [block]


def _read_item(item: dict[str, Any], pages: dict[str, Article]) -> tuple[Article, dict[str, Any]]:
    target = _first(item["target"])
    source = target.get("source") if isinstance(target, dict) else target
    names = [source.get("hk:article"), source.get("id")] if isinstance(source, dict) else [source]
    article = next((pages[name] for name in names if isinstance(name, str) and name in pages), None)
    if article is None:
        raise ValueError(
            f"its source {next((n for n in names if n), '(none)')!r:.80} is none of the pages"
        )
    given: dict[str, Any] = {}
    for selector in _list(target.get("selector") if isinstance(target, dict) else None):
        if selector.get("type") == "TextPositionSelector":
            given |= {"start": int(selector["start"]), "end": int(selector["end"])}
        elif selector.get("type") == "TextQuoteSelector":
            given |= {name: selector.get(name, "") for name in ("exact", "prefix", "suffix")}
    body = _first(item.get("body")) or {}
    body = {"value": body} if isinstance(body, str) else body
    creator = _first(item.get("creator")) or "unknown"
    id = str(item.get("id", ""))
    return article, given | {
        "id": id.removeprefix(URN) if id.startswith(URN) else "",
        "subject": body.get("hk:subject", article.id),
        "variable": body.get("hk:variable", body.get("purpose", "tagging")),
        "code": body.get("value", ""),
        "coder": creator
        if isinstance(creator, str)
        else creator.get("name", creator.get("id", "unknown")),
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any) -> Any:
    return next(iter(_list(value)), None)
