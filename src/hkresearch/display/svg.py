"""A matplotlib Figure -> the same SVG bytes every time, which run and fetch nothing."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
XLINK_NAMESPACE = "http://www.w3.org/1999/xlink"
SVG_SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "hkresearch",
    "svg.fonttype": "path",
    "svg.image_inline": True,
    "path.simplify": True,
}
SVG_ELEMENTS = frozenset(
    "svg g defs path rect circle ellipse line polyline polygon use clipPath linearGradient "
    "stop".split()
)
SVG_ATTRIBUTES = frozenset(
    "id d x y x1 y1 x2 y2 cx cy r rx ry width height viewBox points transform href clip-path "
    "clipPathUnits offset gradientUnits gradientTransform fill fill-opacity fill-rule stroke "
    "stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray "
    "stroke-dashoffset stroke-miterlimit stop-color stop-opacity opacity".split()
)
NUMBER_WITH_POWER = re.compile(r"\$\\mathdefault\{-?[\d.]*(\\times)?(10)?(\^\{-?\d+\})?\}\$\Z")
MOVED = re.compile(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)\Z")
EVIDENCE_ID = re.compile(r"evidence:([\w,;-]+)")
HARMFUL_VALUE = re.compile(r"url\((?!#)|javascript|data:", re.IGNORECASE)
SVG_REFERENCE = re.compile(r"#([^)\s]+)")
REFERRING = ("href", "clip-path", "fill", "stroke")
LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}(?![\de])")


def write_svg(figure: Figure) -> str:
    """Return `figure` as SVG with text as outlines, no date, and known elements only."""
    import matplotlib

    from hkresearch.display.fonts import add_chart_fonts

    stream = io.BytesIO()
    families = add_chart_fonts()
    settings: Any = {**SVG_SETTINGS, "font.family": families}
    with matplotlib.rc_context(settings):
        _set_type(figure, families)
        if figure.get_layout_engine() is not None:
            figure.draw_without_rendering()  # so that room is made for the letters as they will be
        figure.draw = _draw_and_set_type(figure, families)  # type: ignore
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(
            stream,
            format="svg",
            metadata=nothing,
            bbox_inches="tight",
            pad_inches=0.04,
            facecolor="none",
        )
        del figure.draw
    return clean_svg(stream.getvalue())


def _draw_and_set_type(figure: Figure, families: list[str]) -> Callable[[Any], None]:
    """Return what draws `figure` and then sets the type of new tick labels.

    Saving with a tight box draws twice, the first time to measure: the labels are right before they
    are measured.
    """

    def draw(renderer: Any) -> None:
        type(figure).draw(figure, renderer)
        _set_type(figure, families)

    return draw


def _set_type(figure: Figure, families: list[str]) -> None:
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        if text.get_fontfamily() == ["sans-serif"]:
            text.set_fontfamily(families)
        # A page's "$" is a dollar sign, not mathematics.
        if not NUMBER_WITH_POWER.match(text.get_text()):
            text.set_parse_math(False)


def list_drawn_texts(figure: Figure) -> list[str]:
    """Return every text of `figure`, once each.

    It is drawn as shapes, and yet may be a page's words.
    """
    from matplotlib.text import Text

    texts = (" ".join(text.get_text().split()) for text in figure.findobj(Text))
    return sorted({text for text in texts if text})


def clean_svg(data: bytes) -> str:
    """Return the drawing in `data` with everything left out that is not shape or colour."""
    # Matplotlib repeats every text in a comment, and XML knows no control character, which a page
    # may hold.
    root = _copy_element(ElementTree.fromstring(re.sub(rb"<!--.*?-->", b"", data, flags=re.DOTALL)))
    if root is None:
        raise ValueError("not an SVG drawing")
    prefix = "g" + hashlib.sha256(data).hexdigest()[:7]
    _rename_ids(root, prefix)
    root.set("xmlns", SVG_NAMESPACE)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _copy_element(element: ElementTree.Element) -> ElementTree.Element | None:
    """Return the element with what is in it, or None where it is not a known one."""
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.removeprefix(f"{{{SVG_NAMESPACE}}}")
    if name not in SVG_ELEMENTS:
        return None
    attributes = _read_svg_attributes(element, name)
    evidence = EVIDENCE_ID.fullmatch(attributes.get("id", ""))
    if evidence:
        del attributes["id"]
    copy = ElementTree.Element(name)
    for attribute, value in attributes.items():
        if _is_harmless(attribute, value):
            copy.set(attribute, _shorten(attribute, value))
    if evidence:
        copy.set("data-evidence", evidence[1].replace(";", ","))
    copy.extend(child for child in map(_copy_element, element) if child is not None)
    return copy


def _read_svg_attributes(element: ElementTree.Element, name: str) -> dict[str, str]:
    """Return the attributes of an element, those in its style among them."""
    prefix = f"{{{XLINK_NAMESPACE}}}"
    attributes = {key.removeprefix(prefix): value for key, value in element.attrib.items()}
    attributes |= _split_style(attributes.pop("style", ""))
    moved = MOVED.match(attributes.get("transform", "")) if name == "use" else None
    if moved:
        del attributes["transform"]
        attributes |= _place_glyph(moved)
    return attributes


def _split_style(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def _is_harmless(name: str, value: str) -> bool:
    if name == "href":
        return value.startswith("#")
    return name in SVG_ATTRIBUTES and not HARMFUL_VALUE.search(value)


def _place_glyph(moved: re.Match[str]) -> dict[str, str]:
    """Return a letter's place as x and y, in units so small that a tenth of one is not seen."""
    places = {}
    for name, number in zip("xy", moved.groups(), strict=True):
        if float(number):
            places[name] = f"{float(number):.1f}".removesuffix(".0")
    return places


def _shorten(name: str, value: str) -> str:
    value = " ".join(value.split())
    if name in ("id", "transform"):  # rounding a glyph's scale, 0.015625, would change its size
        return value
    if name == "d":
        value = re.sub(r" ?([A-Za-z]) ?", r"\1", value)
    return " ".join(LONG_DECIMAL.sub(_round_decimal, value).split())


def _round_decimal(found: re.Match[str]) -> str:
    return f"{float(found.group()):.3f}".rstrip("0").rstrip(".")


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    """Give the ids that something refers to names of their own, and take the others away."""
    used = set()
    for element in root.iter():
        for value in element.attrib.values():
            used.update(SVG_REFERENCE.findall(value))
    ids = [element.attrib["id"] for element in root.iter() if element.get("id") in used]
    names = {id: f"{prefix}-{number}" for number, id in enumerate(ids)}

    def rename(found: re.Match[str]) -> str:
        return "#" + names.get(found[1], found[1])

    for element in root.iter():
        if "id" in element.attrib and element.attrib["id"] not in names:
            del element.attrib["id"]
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, names[value])
            elif "#" in value and key in REFERRING:
                element.set(key, SVG_REFERENCE.sub(rename, value))


def write_data_address(svg: str) -> str:
    """Return a data: address of `svg`, for front ends that show it as a picture."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
