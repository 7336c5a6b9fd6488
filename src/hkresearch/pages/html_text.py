"""HTML -> text layer, with what the tags said of each line (no tree is built: tags are read in order)."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from hkresearch.pages.html_metadata import find_said, read_metadata

# Elements whose content is no text of the page.
OPAQUE = (
    "script",
    "style",
    "svg",
    "noscript",
    "template",
    "iframe",
    "select",
    "textarea",
    "math",
    "canvas",
    "object",
)
BLOCKS = (
    "p div li ul ol h1 h2 h3 h4 h5 h6 td th tr table tbody thead tfoot article main aside nav header footer section figure "
    "figcaption form blockquote button dd dt dl address body center details dialog fieldset head html legend menu pre "
    "summary title video audio"
).split()
# Elements whose influence reaches every line inside them, as bits of a line's `within`.
REACH = {
    name: 1 << bit
    for bit, names in enumerate(
        (
            "article",
            "main",
            "aside dialog",
            "nav menu",
            "header",
            "footer",
            "section",
            "figure",
            "figcaption",
            "ul ol dl",
            "table",
            "form fieldset",
            "blockquote",
            "p",
            "h1",
            "h2",
            "h3 h4 h5 h6",
            "button",
            "head",
            "address",
            "details",
        )
    )
    for name in names.split()
}
N_REACH = 21
IN_HEAD = REACH["head"]
P, LI, BODY = BLOCKS.index("p"), BLOCKS.index("li"), BLOCKS.index("body")
# What a tag does to the line being read: a block's number opens it, its complement closes it.
_BREAK, _LINK, _UNLINK, _BOLD, _UNBOLD = 1000, 1001, 1002, 1003, 1004
_EFFECTS = {name: number for number, name in enumerate(BLOCKS)} | {
    "/" + name: ~number for number, name in enumerate(BLOCKS)
}
_EFFECTS |= {
    "br": _BREAK,
    "br/": _BREAK,
    "hr": _BREAK,
    "a": _LINK,
    "/a": _UNLINK,
    "b": _BOLD,
    "strong": _BOLD,
    "/b": _UNBOLD,
    "/strong": _UNBOLD,
}
_EFFECTS |= {name.upper(): effect for name, effect in _EFFECTS.items()}


def _spell(names: tuple[str, ...]) -> str:
    return "|".join("".join(f"[{c}{c.upper()}]" for c in name) for name in names)


_OPAQUE_START = re.compile(rf"<(?:!--|({_spell(OPAQUE)})(?=[\s>/]))")
_TAG = re.compile(r"<(/?[a-zA-Z][^\s/>]*)([^>]*)>([^<]*)")
_NAMING = re.compile(
    r"""(?:class|id|itemprop|role|style|data-testid|aria-label|data-component)\s*=\s*(?:["']([^"'>]*)|([^\s"'>]+))""",
    re.I,
)
_NAMING_KEYS = frozenset(
    (
        "class=",
        "id=",
        "itemprop=",
        "role=",
        "style=",
        "data-testid=",
        "aria-label=",
        "data-component=",
    )
)
_NAME_PART = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}|\0")
_JSON_LD = re.compile(r"""application/ld\+json""", re.I)


class Layout(NamedTuple):
    """What the tags said: the head's values as (name, start, end, value) of the text, and arrays with one entry per visible line."""

    metadata: list[tuple[str, int, int, str]]
    start: int  # where the visible page begins in the text layer
    node: list[int]  # the innermost block element of each line, an index into the lists below
    linked: list[int]  # characters of the line that are link text
    bold: list[int]  # characters of the line that are bold
    parent: list[int]  # of each element: the element around it, -1 for none
    last: list[int]  # of each element: one past the last element inside it
    tag: list[int]  # of each element: its place in BLOCKS
    within: list[int]  # of each element: the REACH bits of it and of those around it
    naming: list[str]  # of each element: the inside of its tag
    said: list[
        int
    ]  # of each line, in bits: the head quotes it in the article's text (1), its summary begins so (2), is it (4)
    n_quoted: int  # characters of the article's text in the head


def flatten_html(markup: str) -> tuple[str, Layout]:
    """Return (text layer, layout) of decoded HTML; the text begins with what the page's head says, one `name: value` a line."""
    visible, scripts = split_opaque(markup)
    ended = (
        visible.rfind(">") + 1
    )  # a tag without an end is none; looking for its end from every such tag would take too long
    text_end = visible.find("<", ended)
    tags = _TAG.findall(visible, 0, text_end if text_end >= 0 else len(visible))
    lines, metadata, position = [], [], 0
    stated, summaries, quoted = read_metadata(tags, scripts)
    for name, value in stated:
        metadata.append(
            (name, position + len(name) + 2, position + len(name) + 2 + len(value), value)
        )
        lines.append(f"{name}: {value}")
        position += len(lines[-1]) + 1
    lines.append("")
    seen, *rest = read_lines(tags)
    said = find_said(seen, summaries, quoted)
    return "\n".join(lines + seen), Layout(
        metadata, position + 1, *rest, said, sum(map(len, quoted))
    )


def read_names(naming: str) -> list[str]:
    """Return the words in an element's class, id and kindred attributes, in lower case."""
    return split_names(" ".join(read_values(naming)))


def split_names(text: str) -> list[str]:
    """Return the words that attributes' values are made of, in lower case, and every null character."""
    return "\n".join(_NAME_PART.findall(text)).lower().splitlines()


def read_values(naming: str) -> list[str]:
    """Return the values of the attributes by which an element is named."""
    if '"' in naming and "'" not in naming:
        pieces = naming.split('"')
        return [
            value for key, value in zip(pieces[::2], pieces[1::2]) if key.strip() in _NAMING_KEYS
        ]
    return [quoted or bare for quoted, bare in _NAMING.findall(naming)]


def split_opaque(markup: str) -> tuple[str, list[str]]:
    """Return (the markup without comments, scripts and other opaque elements, the JSON-LD scripts)."""
    kept, scripts, position = [], [], 0
    absent: set[str] = (
        set()
    )  # what does not come from here on does not come later: it is looked for once
    search, size = _OPAQUE_START.search, len(markup)
    while found := search(markup, position):
        start, after = found.span()
        kept.append(markup[position:start])
        name = found.group(1)
        end = _find_end(markup, "</" + name.lower() if name else "-->", after, absent)
        if end < 0:
            position = after
            continue
        if name and name[1] in "cC" and _JSON_LD.search(markup, after, min(end, after + 200)):
            scripts.append(markup[markup.find(">", after) + 1 : end])
        position = markup.find(">", end) + 1 or size
    kept.append(markup[position:])
    return "".join(kept), scripts


def _find_end(markup: str, closing: str, start: int, absent: set[str]) -> int:
    """Return where `closing` comes next in lower or upper case, in mixed case only where there is neither; else -1."""
    end = -1 if closing in absent else markup.find(closing, start)
    if end < 0:
        absent.add(closing)
    if (upper := closing.upper()) not in absent:
        if end >= 0:
            found = markup.find(upper, start, end)
            return found if found >= 0 else end
        if (end := markup.find(upper, start)) < 0:
            absent.add(upper)
    if end >= 0:
        return end
    if "mixed" + closing in absent:
        return -1
    found = re.compile(closing, re.I | re.A).search(markup, start)
    if not found:
        absent.add("mixed" + closing)
    return found.start() if found else -1


def read_lines(tags: list[tuple[str, str, str]]) -> tuple[list, ...]:
    """Return the lines of visible text, one per block element or line break, then what `Layout` holds from `node` on."""
    lines, node, linked, bold = [], [], [], []
    parent, last, tag, within, naming = [-1], [0], [BLOCKS.index("body")], [0], [""]
    top, reach, held, in_link, in_bold, n_linked, n_bold = 0, 0, [], False, False, 0, 0
    n_open = [0] * len(BLOCKS)
    bits = [REACH.get(name, 0) for name in BLOCKS]
    unclosed = 0
    for name, attributes, text in tags:
        if unclosed:  # inside an attribute that holds tags
            unclosed -= 1
            if attributes.count('"') % 2:
                unclosed = 0
            elif (cut := text.find('">')) >= 0:
                unclosed, text = 0, text[cut + 2 :]
            else:
                continue
            name = ""
        elif attributes and attributes.count('"') % 2 and attributes.rstrip("/ ")[-1] not in "\"'":
            # The tag did not end at the first ">": that one stands in an attribute.
            if (cut := text.find('">')) >= 0:
                text = text[cut + 2 :]
            else:
                text, unclosed = "", 0 if name == "meta" else 12
        effect = _EFFECTS.get(name)
        if effect is not None:
            if effect == _LINK:
                in_link = True
            elif effect == _UNLINK:
                in_link = False
            elif effect == _BOLD or effect == _UNBOLD:
                in_bold = effect == _BOLD
            else:
                if held:
                    line = "".join(held) if len(held) > 1 else held[0]
                    held = []
                    line = " ".join((html.unescape(line) if "&" in line else line).split())
                    if line and not reach & IN_HEAD:
                        lines.append(line)
                        node.append(top)
                        linked.append(n_linked)
                        bold.append(n_bold)
                    n_linked = n_bold = 0
                if 0 <= effect < _BREAK:
                    if tag[top] == P or (effect == LI == tag[top]):
                        n_open[tag[top]] -= 1
                        last[top] = len(tag)
                        top = parent[top]
                    if effect == BODY:  # whatever the head left open ends here
                        top, n_open = 0, [0] * len(BLOCKS)
                    parent.append(top)
                    top = len(tag)
                    tag.append(effect)
                    reach = within[parent[top]] | bits[effect]
                    within.append(reach)
                    naming.append(attributes)
                    last.append(0)
                    n_open[effect] += 1
                elif effect < 0 and n_open[~effect] > 0:
                    while True:
                        closed = tag[top]
                        n_open[closed] -= 1
                        last[top] = len(tag)
                        top = parent[top]
                        if closed == ~effect:
                            break
                    reach = within[top]
        if text and not text.isspace():
            held.append(text)
            if in_link:
                n_linked += len(text)
            if in_bold:
                n_bold += len(text)
        elif text and held:
            held.append(" ")
    if held and (line := " ".join(html.unescape("".join(held)).split())) and not reach & IN_HEAD:
        lines.append(line)
        node.append(top)
        linked.append(n_linked)
        bold.append(n_bold)
    last = [end or len(tag) for end in last]
    return lines, node, linked, bold, parent, last, tag, within, naming
