"""A Document -> one HTML file that holds everything it needs, asks nobody for anything, and runs nothing of a page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache, partial
from importlib import resources
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from hkresearch.core.safe_text import escape_text, guess_language, reveal_text
from hkresearch.display.exhibit import CHANGED, COUNTED
from hkresearch.evidence.annotation_block import write_annotations, write_coding
from hkresearch.evidence.seal import BLANK, seal_html
from hkresearch.report.dark_colours import darken_colour
from hkresearch.report.document import Block

SCALE = (
    1.5  # pixels on the screen to the point of a drawing: a figure 9 inches wide fills the column
)
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")


def write_html(document: Mapping[str, Any], pdf: str = "") -> str:
    """Return `document` as one self-contained HTML file; `pdf` is the address of its PDF, when there is one."""
    from markupsafe import Markup

    lead, body = split_lead(document["blocks"])
    body, setup = attach_code(body)
    for block in body:
        if block["t"] == "exhibit":
            block["widths"] = choose_widths(block["content"])
    numbers = {note["id"]: note["n"] for note in document["notes"]}
    css = (
        read_template("report.css")
        + write_dark_rules(body)
        + write_label_rules(body)
        + write_font_rules(*split_letters(document))
    )
    js = read_template("report.js")
    page = make_environment().get_template("report.html.j2").render(
        doc=document, lead=lead, body=body, toc=list_contents(body, document), numbers=numbers, pdf=pdf, policy=write_policy(css, js),
        css=Markup(css), js=Markup(js), annotations=Markup(write_annotations(document)), guess=guess_language,
        address=write_address, wording=mark_changes, setup=setup, draw=partial(draw_figure, numbers=numbers), coding=write_coding,
        has_made=has_heading(body, "how this was made"), has_answer=has_heading(body, "answer"), blank=BLANK,
    )  # fmt: skip
    return seal_html(page)


@cache
def make_environment():
    """Return the templates; every string that is put into them is escaped and made visible first."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def finalize(value: Any) -> Any:
        return (
            reveal_text(value)
            if isinstance(value, str) and not hasattr(value, "__html__")
            else value
        )

    return Environment(
        loader=FunctionLoader(read_template),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
    )


@cache
def read_template(name: str) -> str:
    """Return the text of the template `name`."""
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")


def write_policy(css: str, js: str) -> str:
    """Return the content-security policy: this style, this script, pictures and fonts from inside the file, no more."""
    style, script = (
        base64.b64encode(hashlib.sha256(t.encode("utf-8")).digest()).decode() for t in (css, js)
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def split_lead(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Return (the paragraphs under the title that state the question, the other blocks)."""
    n = next((i for i, block in enumerate(blocks) if block["t"] != "p"), len(blocks))
    return blocks[:n], blocks[n:]


def has_heading(body: list[Block], text: str) -> bool:
    """Return whether the notebook itself has a heading `text`, given in lower case."""
    return any(block["t"] == "h" and block["text"].lower() == text for block in body)


def attach_code(body: list[Block]) -> tuple[list[Block], str]:
    """Return (the blocks, each with the `code` that made it, the code of the cells that show nothing)."""
    kept, setup, waiting = [], [], ""
    for block in body:
        if block["t"] == "code":
            setup += [waiting] if waiting else []
            waiting = block["text"]
        elif block["t"] in ("exhibit", "answer", "output"):
            kept.append({"label": "", **block, "code": waiting})
            waiting = ""
        else:
            kept.append(block)
    return kept, "\n\n".join([*setup, waiting] if waiting else setup)


def list_contents(body: list[Block], document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the entries of the table of contents, in reading order."""
    entries = []
    for block in body:
        if block["t"] == "h":
            entries.append(
                {
                    "kind": "section" if block["level"] <= 2 else "sub",
                    "id": block["id"],
                    "text": block["text"],
                    "label": "",
                }
            )
        elif block["t"] == "exhibit":
            entries.append(
                {"kind": "sub", "id": block["id"], "text": block["title"], "label": block["label"]}
            )
    if not has_heading(body, "how this was made"):
        entries.append(
            {"kind": "section", "id": "made-heading", "text": "How this was made", "label": ""}
        )
    if document["notes"]:
        entries.append({"kind": "section", "id": "passages", "text": "Passages", "label": ""})
    return entries


def choose_widths(content: Mapping[str, Any]) -> list[str]:
    """Return the class of each column by what it holds: number, short, medium or long."""
    widths = []
    for i, column in enumerate(content["columns"]):
        longest = max((_measure(row["cells"][i]["text"]) for row in content["rows"]), default=0)
        is_word = longest <= 14 and not any(
            " " in row["cells"][i]["text"] for row in content["rows"]
        )
        width = (
            "word"
            if is_word
            else "short"
            if longest <= 18
            else "medium"
            if longest <= 48
            else "long"
        )
        widths.append("number" if column["numeric"] else width)
    return widths


def _measure(text: str) -> int:
    return sum(2 if c >= "\u2e80" else 1 for c in text)


def write_address(text: str) -> str:
    """Return the data: address of the CSV `text`, in the shorter of the two encodings."""
    data = ("\ufeff" + text).encode("utf-8", "replace")
    in_base64 = "data:text/csv;charset=utf-8;base64," + base64.b64encode(data).decode("ascii")
    quoted = "data:text/csv;charset=utf-8," + quote(data, safe="/;,:")
    return min(quoted, in_base64, key=len)


def mark_changes(text: str):
    """Return `text` as HTML: what a wording lacks in `del`, what it has instead in `ins`; no date breaks in two.

    The signs around such words stay in the text, for whoever copies it or hears it, and are not seen.
    """
    from markupsafe import Markup

    escaped = DATE.sub(r"<time>\g<0></time>", COUNTED.sub("\\1\u00a0\\2", escape_text(text)))
    return Markup(CHANGED.sub(_tag_change, escaped))


def _tag_change(found: re.Match[str]) -> str:
    name = "del" if found[1] == "[-" else "ins"
    return f"<{name}><i>{found[1]}</i>{found[2]}<i>{found[3]}</i></{name}>"


def write_label_rules(body: list[Block]) -> str:
    """Return the style rules that set each cell's heading beside it where its row is too wide for the screen."""
    rules = []
    for block in body:
        if block["t"] == "exhibit" and block["content"]["rows"]:
            labels = [column["label"] for column in block["content"]["columns"]]
            labels += ["Passages"] * any(row["evidence"] for row in block["content"]["rows"])
            for n, label in enumerate(labels[1:], 2):
                text = re.sub(
                    r'[\\"<>&\s]', lambda found: f"\\{ord(found.group()):x} ", reveal_text(label)
                )
                rules.append(f'#{block["id"]} td:nth-child({n})::before{{content:"{text}"}}')
    return f"@media screen and (max-width:39.99rem){{{''.join(rules)}}}" if rules else ""


# -------------------------------------------------------------------------------------------------------- drawings


def draw_figure(block: Block, numbers: Mapping[str, int]):
    """Return a figure's SVG, with its text alternative, and its marks linked to the passages they rest on."""
    from markupsafe import Markup

    root = ElementTree.fromstring(block["content"]["svg"])
    _free_strokes(root)
    has_links = False
    for parent in list(root.iter()):
        for at, child in enumerate(list(parent)):
            if ids := [
                id for id in child.attrib.pop("data-evidence", "").split(",") if id in numbers
            ]:
                n = numbers[ids[0]]
                link = ElementTree.Element(
                    "a", {"href": f"#note-{n}", "aria-label": f"Passage {n}"}
                )
                link.append(child)
                parent[at] = link
                has_links = True
    root.set("role", "group" if has_links else "img")
    root.set("aria-label", reveal_text(block["content"]["alt"]))
    width, height = (float(size) * SCALE for size in root.get("viewBox").split()[2:])
    root.set("width", f"{width:.0f}")
    root.set("height", f"{height:.0f}")
    ElementTree.register_namespace("", SVG)
    text = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
    return Markup(
        re.sub(r'(["#])g[0-9a-f]{7}-(?=\d+["\)])', rf"\1f{block['label'].split()[-1]}-", text)
    )


def _free_strokes(root: ElementTree.Element) -> None:
    """Take the stroke from shapes whose every use has its own: no rule for dark pages reaches what a use repeats."""
    bare = {
        use.get(f"{{{XLINK}}}href", use.get("href"))
        for use in root.iter(f"{{{SVG}}}use")
        if "stroke" not in use.attrib
    }
    for defs in root.iter(f"{{{SVG}}}defs"):
        for shape in defs.iter(f"{{{SVG}}}path"):
            if f"#{shape.get('id')}" not in bare:
                shape.attrib.pop("stroke", None)


def write_dark_rules(body: list[Block]) -> str:
    """Return the style rules that give every colour of the drawings its counterpart on a dark page."""
    colours = set()
    for block in body:
        if block["t"] == "exhibit" and block["content"]["kind"] == "figure":
            for element in ElementTree.fromstring(block["content"]["svg"]).iter():
                colours |= {
                    (name, v)
                    for name in ("fill", "stroke")
                    if COLOUR.match(v := element.get(name, ""))
                }
    if not colours:
        return ""
    rules = [
        f'.drawing [{name}="{value}"]{{{name}:{darken_colour(value)}}}'
        for name, value in sorted(colours)
    ]
    bare = ".drawing use:not([fill]),.drawing path:not([fill]),.drawing g:not([fill]){fill:inherit}.drawing svg{fill:var(--ink)}"
    return f"{bare}@media screen and (prefers-color-scheme: dark){{{''.join(rules)}}}"


# ----------------------------------------------------------------------------------------------------------- fonts


HAN = "\u2e80"  # from here on
QUOTED = ("before", "exact", "tail", "after")  # of a passage


def split_letters(document: Mapping[str, Any]) -> tuple[str, str]:
    """Return (what is set in the serif, what is set in the sans), so that neither font carries the other's letters.

    Chinese passages are set in the sans, as screens do, so that one font of Han characters serves tables and passages.
    """
    notes, quoted = (
        document["notes"],
        "".join(note[name] for note in document["notes"] for name in QUOTED),
    )
    cells = [block["content"]["rows"] for block in document["blocks"] if block["t"] == "exhibit"]
    heads = [block["content"]["columns"] for block in document["blocks"] if block["t"] == "exhibit"]
    prose = [
        {
            **block,
            "content": {
                k: v for k, v in block["content"].items() if k in ("title", "note", "text")
            },
        }
        if "content" in block
        else block
        for block in document["blocks"]
    ]
    serif = [
        {**document, "notes": [], "blocks": prose},
        "".join(sorted({c for c in quoted if c < HAN})),
    ]
    sans = [cells, heads, notes, prose]
    return json.dumps(serif, ensure_ascii=False), json.dumps(sans, ensure_ascii=False)


def write_font_rules(serif: str, sans: str) -> str:
    """Return the @font-face rules that carry the letters of both texts inside the file, each in its font."""
    from hkresearch.display.fonts import list_covered, make_simplified_font, make_web_fonts

    rules = []
    has_simplified = "zh-Hans" in serif + sans or any(
        c >= "\u3400"
        and ord(c) not in list_covered("Noto Sans TC")
        and ord(c) in list_covered("Noto Sans SC")
        for c in set(serif + sans)
    )
    for name, family, characters in (
        ("HK Serif", "Noto Serif TC", serif),
        ("HK Sans", "Noto Sans TC", sans),
    ):
        fonts = make_web_fonts(family, characters)
        if has_simplified:
            fonts.append(make_simplified_font(family.replace("TC", "SC"), characters))
        for suffix, font in zip(("", " Han", " Hans"), fonts):
            source = base64.b64encode(font).decode("ascii")
            rules.append(
                f'@font-face{{font-family:"{name}{suffix}";src:url(data:font/woff;base64,{source}) format("woff")}}'
            )
    return "".join(rules)
