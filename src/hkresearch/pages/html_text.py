"""Decoded HTML -> the text layer of the page, and a Layout of what the tags say about each line."""

from __future__ import annotations

import re

from hkresearch.pages.html_elements import OPAQUE_ELEMENTS, Layout
from hkresearch.pages.html_lines import read_lines
from hkresearch.pages.html_metadata import find_said, read_metadata


def _match_either_case(names: tuple[str, ...]) -> str:
    """Return a pattern for any of `names`; twice as fast as re.IGNORECASE on a whole page."""
    spelled = ["".join(f"[{letter}{letter.upper()}]" for letter in name) for name in names]
    return "|".join(spelled)


_OPAQUE_START = re.compile(rf"<(?:!--|({_match_either_case(OPAQUE_ELEMENTS)})(?=[\s>/]))")
_TAG = re.compile(r"<(/?[a-zA-Z][^\s/>]*)([^>]*)>([^<]*)")
_NAMING_ATTRIBUTES = (
    "class", "id", "itemprop", "role", "style", "data-testid", "aria-label", "data-component",
)  # fmt: skip
_NAMING_KEYS = frozenset(f"{name}=" for name in _NAMING_ATTRIBUTES)
_NAMING = re.compile(
    rf"""(?:{"|".join(_NAMING_ATTRIBUTES)})\s*=\s*(?:["']([^"'>]*)|([^\s"'>]+))""", re.I
)
_NAME_PART = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}|\0")
_JSON_LD = re.compile(r"application/ld\+json", re.I)
_TYPE_REACH = 200  # characters of a script's tag in which its type is looked for


def flatten_html(markup: str) -> tuple[str, Layout]:
    """Return the text layer and the layout of an HTML page.

    The text begins with what the head states of the page, one `name: value` a line, then an empty
    line, then one line for each line of visible text.
    """
    visible, scripts = split_opaque(markup)
    # A "<" after the last ">" begins no tag: to look for its end from every such sign is quadratic.
    last_end = visible.rfind(">") + 1
    text_end = visible.find("<", last_end)
    tags = _TAG.findall(visible, 0, text_end if text_end >= 0 else len(visible))
    stated, head_texts = read_metadata(tags, scripts)
    head_lines, metadata = _list_head_lines(stated)
    start = sum(len(line) + 1 for line in head_lines)
    page = read_lines(tags)
    layout = Layout(
        metadata=metadata,
        start=start,
        node=page.node,
        linked=page.linked,
        bold=page.bold,
        parent=page.parent,
        last=page.last,
        tag=page.tag,
        within=page.within,
        naming=page.naming,
        said=find_said(page.lines, head_texts.summaries, head_texts.bodies),
        n_quoted=sum(map(len, head_texts.bodies)),
    )
    return "\n".join(head_lines + page.lines), layout


def _list_head_lines(
    stated: list[tuple[str, str]],
) -> tuple[list[str], list[tuple[str, int, int, str]]]:
    """Return the first lines of the text layer, the last of them empty, and where each value is."""
    lines: list[str] = []
    metadata: list[tuple[str, int, int, str]] = []
    position = 0
    for name, value in stated:
        line = f"{name}: {value}"
        end = position + len(line)
        metadata.append((name, end - len(value), end, value))
        lines.append(line)
        position = end + 1
    return [*lines, ""], metadata


def read_names(naming: str) -> list[str]:
    """Return the words in an element's class, id and similar attributes, in lower case."""
    return split_names(" ".join(read_values(naming)))


def split_names(text: str) -> list[str]:
    """Return the words that make up attribute values, in lower case, and every null character."""
    return "\n".join(_NAME_PART.findall(text)).lower().splitlines()


def read_values(naming: str) -> list[str]:
    """Return the values of the attributes that name an element, from the inside of its tag."""
    if '"' in naming and "'" not in naming:
        pieces = naming.split('"')
        pairs = zip(pieces[::2], pieces[1::2], strict=False)
        return [value for key, value in pairs if key.strip() in _NAMING_KEYS]
    return [quoted or bare for quoted, bare in _NAMING.findall(naming)]


def split_opaque(markup: str) -> tuple[str, list[str]]:
    """Return the markup without comments, scripts and the like, and its JSON-LD scripts."""
    visible: list[str] = []
    scripts: list[str] = []
    position = 0
    absent: set[str] = set()  # end tags that do not occur from here on: each is looked for once
    while found := _OPAQUE_START.search(markup, position):
        start, after = found.span()
        visible.append(markup[position:start])
        name = found.group(1)
        end = _find_end(markup, f"</{name.lower()}" if name else "-->", after, absent)
        if end < 0:
            position = after
            continue
        is_script = bool(name) and name.lower() == "script"
        if is_script and _JSON_LD.search(markup, after, min(end, after + _TYPE_REACH)):
            scripts.append(markup[markup.find(">", after) + 1 : end])
        position = markup.find(">", end) + 1 or len(markup)
    visible.append(markup[position:])
    return "".join(visible), scripts


def _find_end(markup: str, closing: str, start: int, absent: set[str]) -> int:
    """Return where `closing` comes next, or -1.

    It is looked for in lower and in upper case, and in mixed case only where there is neither: two
    plain searches cost much less than one that ignores case.
    """
    lower = _find_once(markup, closing, start, len(markup), absent)
    upper_bound = lower if lower >= 0 else len(markup)
    upper = _find_once(markup, closing.upper(), start, upper_bound, absent)
    if upper >= 0:
        return upper
    if lower >= 0:
        return lower
    mixed = f"mixed {closing}"
    if mixed in absent:
        return -1
    found = re.compile(closing, re.I | re.A).search(markup, start)
    if found is None:
        absent.add(mixed)
        return -1
    return found.start()


def _find_once(markup: str, text: str, start: int, end: int, absent: set[str]) -> int:
    """Return where `text` comes between `start` and `end`, or -1; note it when it comes nowhere."""
    if text in absent:
        return -1
    found = markup.find(text, start, end)
    if found < 0 and end == len(markup):
        absent.add(text)
    return found
