"""A Document -> one HTML file that holds all it needs and runs nothing of a page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hkresearch.core.safe_text import escape_text, guess_language, reveal_text
from hkresearch.display.values import CHANGED_WORDS, COUNTED_NOUN
from hkresearch.evidence.annotation_block import write_annotations, write_coding
from hkresearch.evidence.seal import BLANK, seal_html
from hkresearch.report.blocks import (
    Answer,
    Block,
    CodeCell,
    Document,
    ExhibitBlock,
    Heading,
    Output,
    Paragraph,
)
from hkresearch.report.drawings import draw_figure, write_dark_rules
from hkresearch.report.web_fonts import split_letters, write_font_rules

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

SHOWN_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
MADE_HEADING = "How this was made"
# The widest text, in characters, of a column of each class.
WORD_WIDTH = 14
SHORT_WIDTH = 18
MEDIUM_WIDTH = 48
NO_STYLE_STRING = re.compile(r'[\\"<>&\s]')  # characters that a string in a style sheet must escape


def write_html(document: Document, pdf: str = "") -> str:
    """Return `document` as one self-contained HTML file.

    `pdf` is the address of its PDF, when there is one.
    """
    lead, blocks = split_lead(document.blocks)
    body, setup = attach_code(blocks)
    numbers = {note["id"]: note["n"] for note in document.notes}
    page = (
        make_environment()
        .get_template("report.html.j2")
        .render(
            doc=document,
            lead=lead,
            body=body,
            setup=setup,
            toc=list_contents(body, document),
            numbers=numbers,
            pdf=pdf,
            guess=guess_language,
            address=write_csv_address,
            wording=mark_changes,
            widths_of=choose_widths,
            draw=partial(draw_figure, numbers=numbers),
            coding=write_coding,
            has_made=has_heading(body, MADE_HEADING),
            has_answer=has_heading(body, "Answer"),
            blank=BLANK,
            **_list_embedded(document, body),
        )
    )
    return seal_html(page)


def _list_embedded(document: Document, body: Sequence[Block]) -> dict[str, str]:
    """Return what the file holds that is not escaped: styles, script, passages.

    And their policy.
    """
    from markupsafe import Markup

    css = (
        read_template("report.css")
        + write_dark_rules(body)
        + write_label_rules(body)
        + write_font_rules(*split_letters(document))
    )
    js = read_template("report.js")
    return {
        "css": Markup(css),
        "js": Markup(js),
        "annotations": Markup(write_evidence_block(document)),
        "policy": write_policy(css, js),
    }


@cache
def make_environment() -> Environment:
    """Return the templates.

    Every string that is put into them is escaped and made visible first.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def finalize(value: Any) -> Any:
        is_plain_text = isinstance(value, str) and not hasattr(value, "__html__")
        return reveal_text(value) if is_plain_text else value

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
    """Return the content-security policy: this style and script, embedded pictures and fonts."""
    return (
        "default-src 'none'; "
        f"style-src 'sha256-{_hash_source(css)}'; "
        f"script-src 'sha256-{_hash_source(js)}'; "
        "img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash_source(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


# ------------------------------------------------------------------------------------------ blocks


def split_lead(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """Return (the paragraphs under the title that state the question, the other blocks)."""
    n_lead = 0
    while n_lead < len(blocks) and isinstance(blocks[n_lead], Paragraph):
        n_lead += 1
    return list(blocks[:n_lead]), list(blocks[n_lead:])


def has_heading(body: Iterable[Block], text: str) -> bool:
    """Return whether the notebook itself has a heading `text`, whatever its case."""
    headings = [block.text.lower() for block in body if isinstance(block, Heading)]
    return text.lower() in headings


def attach_code(body: Iterable[Block]) -> tuple[list[Block], str]:
    """Return (the blocks with the `code` that made them, the code that shows nothing)."""
    shown: list[Block] = []
    setup: list[str] = []
    waiting = ""
    for block in body:
        if isinstance(block, CodeCell):
            if waiting:
                setup.append(waiting)
            waiting = block.text
        elif isinstance(block, ExhibitBlock | Answer | Output):
            shown.append(replace(block, code=waiting))
            waiting = ""
        else:
            shown.append(block)
    if waiting:
        setup.append(waiting)
    return shown, "\n\n".join(setup)


def list_contents(body: Iterable[Block], document: Document) -> list[dict[str, str]]:
    """Return the table of contents, in reading order: kind, id, text and label."""
    entries = []
    for block in body:
        if isinstance(block, Heading):
            kind = "section" if block.level <= 2 else "sub"
            entries.append({"kind": kind, "id": block.id, "text": block.text, "label": ""})
        elif isinstance(block, ExhibitBlock):
            title = {"text": block.title, "label": block.label}
            entries.append({"kind": "sub", "id": block.id, **title})
    made = {"kind": "section", "id": "made-heading", "text": MADE_HEADING, "label": ""}
    passages = {"kind": "section", "id": "passages", "text": "Passages", "label": ""}
    if not has_heading(body, MADE_HEADING):
        entries.append(made)
    if document.notes:
        entries.append(passages)
    return entries


def write_evidence_block(document: Document) -> str:
    """Return the passages of a report as JSON-LD, which both of its files carry."""
    return write_annotations(
        {
            "notes": document.notes,
            "title": document.title,
            "name": document.name,
            "command": document.command,
        }
    )


# ------------------------------------------------------------------------------------------ tables


def choose_widths(content: Mapping[str, Any]) -> list[str]:
    """Return the class of each column by what it holds: number, word, short, medium or long."""
    widths = []
    for number, column in enumerate(content["columns"]):
        texts = [row["cells"][number]["text"] for row in content["rows"]]
        widths.append("number" if column["numeric"] else _choose_width(texts))
    return widths


def _choose_width(texts: Sequence[str]) -> str:
    longest = max(map(count_columns, texts), default=0)
    if longest <= WORD_WIDTH and not any(" " in text for text in texts):
        return "word"
    if longest <= SHORT_WIDTH:
        return "short"
    return "medium" if longest <= MEDIUM_WIDTH else "long"


def count_columns(text: str) -> int:
    """Return the width of `text` in Latin characters; a Han character is as wide as two."""
    return sum(2 if character >= "\u2e80" else 1 for character in text)


def write_csv_address(text: str) -> str:
    """Return the data: address of the CSV `text`, in the shorter of the two encodings."""
    data = ("\ufeff" + text).encode("utf-8", "replace")
    in_base64 = "data:text/csv;charset=utf-8;base64," + base64.b64encode(data).decode("ascii")
    quoted = "data:text/csv;charset=utf-8," + quote(data, safe="/;,:")
    return min(quoted, in_base64, key=len)


def mark_changes(text: str) -> Markup:
    """Return `text` as HTML: what a wording lacks in `del`, what it has instead in `ins`.

    No date breaks in two.

    The signs around such words stay in the text, for whoever copies it or hears it, and are not
    seen.
    """
    from markupsafe import Markup

    escaped = COUNTED_NOUN.sub("\\1\u00a0\\2", escape_text(text))
    dated = SHOWN_DATE.sub(r"<time>\g<0></time>", escaped)
    return Markup(CHANGED_WORDS.sub(_tag_change, dated))


def _tag_change(found: re.Match[str]) -> str:
    name = "del" if found[1] == "[-" else "ins"
    return f"<{name}><i>{found[1]}</i>{found[2]}<i>{found[3]}</i></{name}>"


def write_label_rules(body: Iterable[Block]) -> str:
    """Return style rules that set a cell's heading beside it on narrow screens."""
    rules: list[str] = []
    for block in body:
        if isinstance(block, ExhibitBlock) and block.content["rows"]:
            rules += _list_label_rules(block)
    return f"@media screen and (max-width:39.99rem){{{''.join(rules)}}}" if rules else ""


def _list_label_rules(block: ExhibitBlock) -> list[str]:
    labels = [column["label"] for column in block.content["columns"]]
    if any(row["evidence"] for row in block.content["rows"]):
        labels.append("Passages")
    rules = []
    for number, label in enumerate(labels[1:], 2):  # the first cell is the heading of its row
        text = NO_STYLE_STRING.sub(_escape_in_style, reveal_text(label))
        rules.append(f'#{block.id} td:nth-child({number})::before{{content:"{text}"}}')
    return rules


def _escape_in_style(found: re.Match[str]) -> str:
    return f"\\{ord(found.group()):x} "
