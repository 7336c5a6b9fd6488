"""A matplotlib Figure -> the same SVG bytes every time, which can neither run nor fetch anything."""

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

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
SETTINGS = {
    "svg.hashsalt": "hkresearch",
    "svg.fonttype": "path",
    "svg.image_inline": True,
    "path.simplify": True,
}
ELEMENTS = frozenset(
    "svg g defs path rect circle ellipse line polyline polygon use clipPath linearGradient stop".split()
)
ATTRIBUTES = frozenset(
    "id d x y x1 y1 x2 y2 cx cy r rx ry width height viewBox points transform href clip-path clipPathUnits offset "
    "gradientUnits gradientTransform fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap "
    "stroke-linejoin stroke-dasharray stroke-dashoffset stroke-miterlimit stop-color stop-opacity opacity".split()
)
NUMBER_WITH_POWER = re.compile(r"\$\\mathdefault\{-?[\d.]*(\\times)?(10)?(\^\{-?\d+\})?\}\$\Z")
MOVED = re.compile(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)\Z")
LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}(?![\de])")


def write_svg(figure: Figure) -> str:
    """Return `figure` as SVG: text as outlines, no date, no style attribute, ids of its own, known elements only."""
    import matplotlib

    from hkresearch.display.fonts import add_chart_fonts

    stream = io.BytesIO()
    families = add_chart_fonts()
    with matplotlib.rc_context({**SETTINGS, "font.family": families}):
        _set_type(figure, families)
        if figure.get_layout_engine() is not None:
            figure.draw_without_rendering()  # so that room is made for the letters as they will be
        figure.draw = _draw_and_set_type(figure, families)
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
    """Return what draws `figure` and then sets the type of the tick labels that did not exist before.

    Saving with a tight box draws twice, the first time to measure: the labels are right before they are measured.
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
        if not NUMBER_WITH_POWER.match(
            text.get_text()
        ):  # a page's "$" is a dollar sign, not mathematics
            text.set_parse_math(False)


def list_drawn_texts(figure: Figure) -> list[str]:
    """Return every text of `figure`, once each: it is drawn as shapes, and yet it may be a page's words."""
    from matplotlib.text import Text

    texts = (" ".join(text.get_text().split()) for text in figure.findobj(Text))
    return sorted({text for text in texts if text})


def clean_svg(data: bytes) -> str:
    """Return the drawing in `data` with everything left out that is not shape or colour."""
    # Matplotlib repeats every text in a comment, and XML knows no control character, which a page may hold.
    root = _copy_element(ElementTree.fromstring(re.sub(rb"<!--.*?-->", b"", data, flags=re.DOTALL)))
    if root is None:
        raise ValueError("not an SVG drawing")
    prefix = "g" + hashlib.sha256(data).hexdigest()[:7]
    _rename_ids(root, prefix)
    root.set("xmlns", SVG)
    return ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def _copy_element(element: ElementTree.Element) -> ElementTree.Element | None:
    name = element.tag.removeprefix(f"{{{SVG}}}") if isinstance(element.tag, str) else ""
    if name not in ELEMENTS:
        return None
    attributes = {key.removeprefix(f"{{{XLINK}}}"): value for key, value in element.attrib.items()}
    attributes |= _split_style(attributes.pop("style", ""))
    if name == "use" and (moved := MOVED.match(attributes.get("transform", ""))):
        del attributes["transform"]
        attributes |= _place_glyph(moved)
    evidence = re.fullmatch(r"evidence:([\w,;-]+)", attributes.get("id", ""))
    copy = ElementTree.Element(
        name, {k: _shorten(k, v) for k, v in attributes.items() if _is_harmless(k, v)}
    )
    if evidence:
        del copy.attrib["id"]
        copy.set("data-evidence", evidence.group(1).replace(";", ","))
    copy.extend(child for child in map(_copy_element, element) if child is not None)
    return copy


def _split_style(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def _is_harmless(name: str, value: str) -> bool:
    if name == "href":
        return value.startswith("#")
    return name in ATTRIBUTES and not re.search(
        r"url\((?!#)|javascript|data:", value, re.IGNORECASE
    )


def _place_glyph(moved: re.Match) -> dict[str, str]:
    """Return a letter's place as x and y, in units so small that a tenth of one is not seen."""
    places = (
        (name, f"{float(n):.1f}".removesuffix(".0"))
        for name, n in zip("xy", moved.groups())
        if float(n)
    )
    return dict(places)


def _shorten(name: str, value: str) -> str:
    if name == "d":
        value = re.sub(r" ?([A-Za-z]) ?", r"\1", " ".join(value.split()))
    if name in (
        "id",
        "transform",
    ):  # a glyph's scale is 0.015625: rounding it would change the letters' size
        return " ".join(value.split())
    value = LONG_DECIMAL.sub(
        lambda found: f"{float(found.group()):.3f}".rstrip("0").rstrip("."), value
    )
    return " ".join(value.split())


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    used = {
        reference
        for e in root.iter()
        for v in e.attrib.values()
        for reference in re.findall(r"#([^)\s]+)", v)
    }
    names = {
        id: f"{prefix}-{n}"
        for n, id in enumerate(e.get("id") for e in root.iter() if e.get("id") in used)
    }
    for element in root.iter():
        if "id" in element.attrib and element.attrib["id"] not in names:
            del element.attrib["id"]
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, names[value])
            elif "#" in value and key in ("href", "clip-path", "fill", "stroke"):
                element.set(
                    key,
                    re.sub(r"#([^)\s]+)", lambda m: "#" + names.get(m.group(1), m.group(1)), value),
                )


def write_data_address(svg: str) -> str:
    """Return a data: address of `svg`, for front ends that show it as a picture."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
