"""The tags and JSON-LD of a page's head -> what the page says of itself, its summaries, its text as the head quotes it."""

from __future__ import annotations

import html
import json
import re
from typing import Any

# Names under which pages state what they are, in the order in which they are listed in the text layer.
META_NAMES = (
    "og:title", "twitter:title", "headline", "dc.title", "og:site_name", "article:published_time", "og:published_time",
    "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publish_date", "article.published", "publication_date", "cxenseparse:recs:publishtime",
    "author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl", "cxenseparse:author", "og:article:author", "citation_author",
    "og:locale", "og:url",
)  # fmt: skip
_ATTRIBUTE = re.compile(
    r"""(?<![\w:.-])([a-zA-Z][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)
_TELLING = frozenset(("meta", "title", "html", "time", "META", "TITLE", "HTML", "TIME"))
SUMMARY_NAMES = ("description", "og:description", "twitter:description")
LEAST = 25  # characters that a line shares with the head's summary or text before that counts
MOST_QUOTED, MOST_TEXTS = 60_000, 3  # characters of a text that the head quotes; such texts
MOST_HEAD = 200_000  # characters in which a page's own address is looked for
_ADDRESS_TAG = re.compile(r"<(?:link|meta)\b([^<>]{0,3000})>", re.I)
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f\"'<>\\]{3,2000}", re.I)
_INNER_TAG = re.compile(r"<[^<>]{0,500}>")
NEWS_TYPES = re.compile(r"Article|BlogPosting|Report|Posting")


def read_metadata(
    tags: list[tuple[str, str, str]], scripts: list[str]
) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Return (name, value) of what the page says of itself in its head, its JSON-LD and its `time` elements.

    Then the summaries and the article's text as the head gives them: these are no part of the text layer.
    """
    stated, summaries, quoted, title_seen, times = [], [], [], False, 0
    for name, attributes, text in [tag for tag in tags if tag[0] in _TELLING]:
        name = name.lower()
        if name == "meta":
            found = read_attributes(attributes)
            key = (
                found.get("property") or found.get("name") or found.get("itemprop") or ""
            ).lower()
            if key in META_NAMES:
                stated.append((key, found.get("content", "")))
            elif key in SUMMARY_NAMES:
                summaries.append(" ".join(found.get("content", "").split()))
        elif name == "title" and not title_seen:
            title_seen = True
            stated.append(("title", html.unescape(text)))
        elif name == "html":
            stated.append(("lang", read_attributes(attributes).get("lang", "")))
        elif name == "time" and times < 4:
            times += 1
            stated.append(("time", read_attributes(attributes).get("datetime", "")))
    for script in scripts:
        stated += read_json_ld(script, summaries, quoted)
    seen, kept = set(), []
    for name, value in stated:
        value = " ".join(value.split())[:500]
        if value and (name, value) not in seen:
            seen.add((name, value))
            kept.append((name, value))
    return kept, summaries, quoted


def find_address(markup: str) -> str:
    """Return the address that a page's head gives as the page's own: its canonical link, else og:url; "" for none.

    Only a whole address of the web counts.
    """
    found: dict[str, str] = {}
    for tag in _ADDRESS_TAG.finditer(markup, 0, MOST_HEAD):
        given = read_attributes(tag[1])
        name = (given.get("rel") or given.get("property") or given.get("name") or "").lower()
        address = (given.get("href") or given.get("content") or "").strip()
        if name in ("canonical", "og:url") and _ADDRESS.fullmatch(address):
            found.setdefault(name, address)
    return found.get("canonical") or found.get("og:url", "")


def read_json_ld(script: str, summaries: list[str], quoted: list[str]) -> list[tuple[str, str]]:
    """Return (name, value) of the articles described in one JSON-LD script; a script that is no JSON says nothing.

    What it gives as their summary and their text is added to `summaries` and `quoted`.
    """
    try:
        data = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return []
    stated, queue = [], [data]
    while queue and len(stated) < 40:
        item = queue.pop(0)
        if isinstance(item, list):
            queue += item[:50]
        elif isinstance(item, dict):
            queue += [
                item[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage")
                if isinstance(item.get(key), (list, dict))
            ]
            kinds = item.get("@type")
            if any(
                isinstance(kind, str) and NEWS_TYPES.search(kind)
                for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                stated += [("ld:headline", v) for v in _read_names(item.get("headline"))]
                stated += [("ld:datePublished", v) for v in _read_names(item.get("datePublished"))]
                stated += [("ld:author", v) for v in _read_names(item.get("author"))]
                stated += [("ld:publisher", v) for v in _read_names(item.get("publisher"))]
                summaries += [" ".join(v.split()) for v in _read_names(item.get("description"))[:1]]
                bodies = (
                    _read_names(item.get("articleBody"))[:1] if len(quoted) < MOST_TEXTS else []
                )
                quoted += [" ".join(_INNER_TAG.sub(" ", v[:MOST_QUOTED]).split()) for v in bodies]
    return stated


def _read_names(value: Any, depth: int = 4) -> list[str]:
    """Return the names in a string, an object or a list of these; what lies deeper is no name but an attack."""
    if isinstance(value, str):
        return [html.unescape(value)]
    if isinstance(value, dict) and depth:
        return _read_names(value.get("name"), depth - 1)
    if isinstance(value, list) and depth:
        return [name for item in value[:20] for name in _read_names(item, depth - 1)]
    return []


def read_attributes(text: str) -> dict[str, str]:
    """Return the attributes in the inside of a tag, names in lower case, entities resolved."""
    return {n.lower(): html.unescape(a or b or c) for n, a, b, c in _ATTRIBUTE.findall(text)}


def find_said(lines: list[str], summaries: list[str], quoted: list[str]) -> list[int]:
    """Return, per line, which of the head's texts repeat it (see `Layout`)."""
    begun = {summary[:LEAST]: summary for summary in summaries if len(summary) >= LEAST}
    said = []
    for line in lines:
        bits = 0
        if len(line) >= LEAST:
            if summary := begun.get(line[:LEAST]):
                bits = 6 if line == summary else 2
            if quoted and any(line[:LEAST] in text or line[-LEAST:] in text for text in quoted):
                bits |= 1
        said.append(bits)
    return said
