"""HTML -> text layer, with what the tags said of each line (no tree is built: tags are read in order)."""

from __future__ import annotations

import html
import json
import re
from typing import Any, NamedTuple

# Elements whose content is no text of the page.
OPAQUE = ("script", "style", "svg", "noscript", "template", "iframe", "select", "textarea", "math", "canvas", "object")
BLOCKS = frozenset(
    "address article aside blockquote body br button center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 head header hr html legend li main menu nav ol optgroup option p pre section summary table "
    "tbody td tfoot th thead title tr ul video audio".split()
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


def _spell(names: tuple[str, ...]) -> str:
    return "|".join("".join(f"[{c}{c.upper()}]" for c in name) for name in names)


_OPAQUE_START = re.compile(rf"<(?:!--|({_spell(OPAQUE)})(?=[\s>/]))")
_TAG = re.compile(r"<(/?[a-zA-Z][^\s/>]*)([^>]*)>([^<]*)")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_JSON_LD = re.compile(r"""application/ld\+json""", re.I)

# Names under which pages state what they are, in the order in which they are listed in the text layer.
META_NAMES = (
    "og:title", "twitter:title", "headline", "dc.title", "og:site_name", "article:published_time", "og:published_time",
    "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publish_date", "article.published", "publication_date", "cxenseparse:recs:publishtime",
    "author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl", "cxenseparse:author", "og:article:author", "citation_author",
    "og:locale", "og:url",
)  # fmt: skip
NEWS_TYPES = re.compile(r"Article|BlogPosting|Report|Posting")


class Layout(NamedTuple):
    """What the tags said: `metadata` is (name, start, end) of each metadata value; `lines` is (start, end, tag path) per line."""

    metadata: list[tuple[str, int, int]]
    lines: list[tuple[int, int, tuple[str, ...]]]


def flatten_html(markup: str) -> tuple[str, Layout]:
    """Return (text layer, layout) of decoded HTML; the text begins with what the page's head says, one `name: value` a line."""
    visible, scripts = split_opaque(markup)
    tags = _TAG.findall(visible)
    stated = read_metadata(tags, scripts)
    lines = [f"{name}: {value}" for name, value in stated]
    metadata, position = [], 0
    for (name, _), line in zip(stated, lines, strict=True):
        metadata.append((name, position + len(name) + 2, position + len(line)))
        position += len(line) + 1
    lines.append("")
    position += 1
    places = []
    for path, line in read_lines(tags):
        places.append((position, position + len(line), path))
        lines.append(line)
        position += len(line) + 1
    return "\n".join(lines), Layout(metadata, places)


def split_opaque(markup: str) -> tuple[str, list[str]]:
    """Return (the markup without comments, scripts and other opaque elements, the JSON-LD scripts)."""
    kept, scripts, position = [], [], 0
    while found := _OPAQUE_START.search(markup, position):
        kept.append(markup[position : found.start()])
        name = found.group(1)
        end = markup.find("</" + name if name else "-->", found.end())
        if end < 0 and name:
            end = markup.lower().find("</" + name.lower(), found.end())
        if end < 0:
            position = found.end()
            continue
        if name and name[1] in "cC" and _JSON_LD.search(markup, found.end(), min(end, found.end() + 200)):
            scripts.append(markup[markup.find(">", found.end()) + 1 : end])
        end = markup.find(">", end)
        position = len(markup) if end < 0 else end + 1
    kept.append(markup[position:])
    return "".join(kept), scripts


def read_attributes(text: str) -> dict[str, str]:
    """Return the attributes in the inside of a tag, names in lower case, entities resolved."""
    return {n.lower(): html.unescape(a or b or c) for n, a, b, c in _ATTRIBUTE.findall(text)}


def read_metadata(tags: list[tuple[str, str, str]], scripts: list[str]) -> list[tuple[str, str]]:
    """Return (name, value) of what the page says of itself in its head, its JSON-LD and its `time` elements."""
    stated, title_seen, times = [], False, 0
    for name, attributes, text in tags:
        name = name.lower()
        if name == "meta":
            found = read_attributes(attributes)
            key = (found.get("property") or found.get("name") or found.get("itemprop") or "").lower()
            if key in META_NAMES:
                stated.append((key, found.get("content", "")))
        elif name == "title" and not title_seen:
            title_seen = True
            stated.append(("title", html.unescape(text)))
        elif name == "html":
            stated.append(("lang", read_attributes(attributes).get("lang", "")))
        elif name == "time" and times < 4:
            times += 1
            stated.append(("time", read_attributes(attributes).get("datetime", "")))
    for script in scripts:
        stated += read_json_ld(script)
    seen, kept = set(), []
    for name, value in stated:
        value = " ".join(value.split())[:500]
        if value and (name, value) not in seen:
            seen.add((name, value))
            kept.append((name, value))
    return kept


def read_json_ld(script: str) -> list[tuple[str, str]]:
    """Return (name, value) of the articles described in one JSON-LD script; a script that is no JSON says nothing."""
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
            queue += [item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if isinstance(item.get(key), (list, dict))]
            kinds = item.get("@type")
            if any(isinstance(kind, str) and NEWS_TYPES.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                stated += [("ld:headline", v) for v in _read_names(item.get("headline"))]
                stated += [("ld:datePublished", v) for v in _read_names(item.get("datePublished"))]
                stated += [("ld:author", v) for v in _read_names(item.get("author"))]
                stated += [("ld:publisher", v) for v in _read_names(item.get("publisher"))]
    return stated


def _read_names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [html.unescape(value)]
    if isinstance(value, dict):
        return _read_names(value.get("name"))
    if isinstance(value, list):
        return [name for item in value[:20] for name in _read_names(item)]
    return []


def read_lines(tags: list[tuple[str, str, str]]) -> list[tuple[tuple[str, ...], str]]:
    """Return (tag path, line) for every line of visible text: one line per block element or line break."""
    lines, held, path = [], [], []
    for name, _, text in tags:
        name = name.lower()
        if name.lstrip("/") in BLOCKS:
            _flush(lines, held, path)
            if name[0] == "/":
                if name[1:] in path:
                    while path.pop() != name[1:]:
                        pass
            elif name not in VOID:
                if name == "p" and path and path[-1] == "p":
                    path.pop()
                path.append(name)
        if text:
            held.append(text)
    _flush(lines, held, path)
    return lines


def _flush(lines: list[tuple[tuple[str, ...], str]], held: list[str], path: list[str]) -> None:
    if held:
        text = "".join(held)
        held.clear()
        line = " ".join((html.unescape(text) if "&" in text else text).split())
        if line and "head" not in path:
            lines.append((tuple(path), line))
