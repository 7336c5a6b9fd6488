"""The figures of a report -> SVG inside HTML, linked to passages, for pale and dark pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from hkresearch.core.safe_text import reveal_text
from hkresearch.display.svg import SVG_NAMESPACE, XLINK_NAMESPACE
from hkresearch.report.blocks import Block, ExhibitBlock
from hkresearch.report.dark_colours import darken_colour

if TYPE_CHECKING:
    from markupsafe import Markup

PIXELS_PER_POINT = 1.5  # so that a figure 9 inches wide fills the column
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
GLYPH_ID = re.compile(r'(["#])g[0-9a-f]{7}-(?=\d+["\)])')
# What has no colour of its own takes that of the text.
INHERIT_RULES = (
    ".drawing use:not([fill]),.drawing path:not([fill]),.drawing g:not([fill]){fill:inherit}"
    ".drawing svg{fill:var(--ink)}"
)


def draw_figure(block: ExhibitBlock, numbers: Mapping[str, int]) -> Markup:
    """Return a figure's SVG with its text alternative, its marks linked to their passages.

    Parameters
    ----------
    block : ExhibitBlock
        A figure.
    numbers : mapping
        The number of each note, by the id of its annotation.
    """
    from markupsafe import Markup

    root = ElementTree.fromstring(block.content["svg"])
    _free_strokes(root)
    n_links = _link_marks(root, numbers)
    root.set("role", "group" if n_links else "img")
    root.set("aria-label", reveal_text(block.content["alt"]))
    _set_size(root)
    ElementTree.register_namespace("", SVG_NAMESPACE)
    text = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
    figure_number = block.label.split()[-1]
    return Markup(GLYPH_ID.sub(rf"\1f{figure_number}-", text))


def _link_marks(root: ElementTree.Element, numbers: Mapping[str, int]) -> int:
    """Put each mark that rests on a passage into a link to it, and return how many there are."""
    n_links = 0
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            ids = child.attrib.pop("data-evidence", "").split(",")
            cited = [numbers[id] for id in ids if id in numbers]
            if cited:
                parent[place] = _make_link(child, cited[0])
                n_links += 1
    return n_links


def _make_link(mark: ElementTree.Element, number: int) -> ElementTree.Element:
    attributes = {"href": f"#note-{number}", "aria-label": f"Passage {number}"}
    link = ElementTree.Element("a", attributes)
    link.append(mark)
    return link


def _set_size(root: ElementTree.Element) -> None:
    _, _, width, height = root.attrib["viewBox"].split()
    root.set("width", f"{float(width) * PIXELS_PER_POINT:.0f}")
    root.set("height", f"{float(height) * PIXELS_PER_POINT:.0f}")


def _free_strokes(root: ElementTree.Element) -> None:
    """Take the stroke from shapes whose every use has its own.

    No rule for dark pages reaches what a use repeats.
    """
    without_stroke = {
        use.get(f"{{{XLINK_NAMESPACE}}}href", use.get("href"))
        for use in root.iter(f"{{{SVG_NAMESPACE}}}use")
        if "stroke" not in use.attrib
    }
    for definitions in root.iter(f"{{{SVG_NAMESPACE}}}defs"):
        for shape in definitions.iter(f"{{{SVG_NAMESPACE}}}path"):
            if f"#{shape.get('id')}" not in without_stroke:
                shape.attrib.pop("stroke", None)


def write_dark_rules(body: Iterable[Block]) -> str:
    """Return style rules that give each colour of the drawings its counterpart on dark pages."""
    colours: set[tuple[str, str]] = set()
    for block in body:
        if isinstance(block, ExhibitBlock) and block.content["kind"] == "figure":
            colours |= _list_colours(block.content["svg"])
    if not colours:
        return ""
    rules = [
        f'.drawing [{name}="{value}"]{{{name}:{darken_colour(value)}}}'
        for name, value in sorted(colours)
    ]
    return f"{INHERIT_RULES}@media screen and (prefers-color-scheme: dark){{{''.join(rules)}}}"


def _list_colours(svg: str) -> set[tuple[str, str]]:
    """Return (attribute, colour) of everything that is drawn."""
    colours = set()
    for element in ElementTree.fromstring(svg).iter():
        for name in ("fill", "stroke"):
            value = element.get(name, "")
            if HEX_COLOUR.match(value):
                colours.add((name, value))
    return colours
