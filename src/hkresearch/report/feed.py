"""What was rendered, and the last feed -> feed.json (JSON Feed 1.1) of what is new."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError
from hkresearch.core.files import write_if_changed
from hkresearch.report.jobs import Rendered

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

FEED = "feed.json"
FEED_VERSION = "https://jsonfeed.org/version/1.1"
OURS = "_hkresearch"  # an item's own extension: whether it is what the report says now


def read_items(reports: Path) -> list[dict[str, Any]]:
    """Return the items of the feed in `reports`, none without a feed.

    One that is not ours raises HkresearchError.
    """
    if not (reports / FEED).is_file():
        return []
    try:
        items: list[dict[str, Any]] = json.loads((reports / FEED).read_text(encoding="utf-8"))[
            "items"
        ]
        if all(map(_is_our_item, items)):
            return items
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise HkresearchError(
        f"{reports / FEED}: is no feed of hkresearch. "
        "Remove it, or give another folder: --reports DIR"
    )


def _is_our_item(item: Any) -> bool:
    """Return whether an item of a feed is as we write it.

    Other things may raise TypeError or KeyError.
    """
    return isinstance(item["id"], str) and isinstance(item[OURS]["current"], bool)


def write_feed(
    outcomes: Sequence[Rendered], tables: Tables, earlier: Sequence[dict[str, Any]], reports: Path
) -> Path:
    """Write reports/feed.json and return its path: what is new first, then what is superseded.

    An item's id is its report and the hash of what it says. No clock: an item's date is that of the
    latest page.
    """
    days = [date[:10] for date in tables.articles["date_published"] if len(date) >= 10]
    dated = {"date_published": f"{max(days)}T00:00:00Z"} if days else {}
    items = [_write_item(outcome) | dated for outcome in outcomes if not outcome.error]
    now = {item["id"] for item in items}
    items += [item | {OURS: {"current": False}} for item in earlier if item["id"] not in now]
    feed = {
        "version": FEED_VERSION,
        "title": tables.codebook.get("label") or "Reports",
        "description": tables.codebook.get("question") or "",
        "home_page_url": "index.html",
        "feed_url": FEED,
        "items": items,
    }
    write_if_changed(reports / FEED, _write_json(feed))
    return reports / FEED


def _write_item(outcome: Rendered) -> dict[str, Any]:
    return {
        "id": f"urn:hkresearch:report:{outcome.name}:{outcome.digest}",
        "url": f"{outcome.name}.html",
        "title": outcome.title or outcome.name,
        "content_text": outcome.answer or outcome.question or outcome.title or outcome.name,
        "attachments": [{"url": f"{outcome.name}.pdf", "mime_type": "application/pdf"}],
        OURS: {"current": True},
    }


def drop_superseded(data: bytes) -> bytes:
    """Return a feed without what earlier runs said: the bytes that a clean folder would have."""
    feed = json.loads(data)
    return _write_json(feed | {"items": [item for item in feed["items"] if item[OURS]["current"]]})


def _write_json(feed: dict[str, Any]) -> bytes:
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
