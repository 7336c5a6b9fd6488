"""A page's text and its annotations -> HTML, parts labelled and statements highlighted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from hkresearch.core.article import Annotation
from hkresearch.core.safe_text import escape_text

# Colour never stands alone: a mark carries its meaning as a label and as a title, and the list
# below the page says it again. Kind of annotation -> red, green, blue; and how it is underlined.
KIND_COLOURS = {
    "metadata": "148,148,148",
    "quotation": "234,179,8",
    "position": "59,130,246",
    "fact": "168,85,247",
    "quantity": "34,197,94",
}
KIND_LINES = {
    "quotation": "dashed",
    "position": "solid",
    "quantity": "dotted",
    "fact": "double",
    "metadata": "dotted",
}
ARTICLE_PARTS = frozenset(
    "headline byline date_line standfirst body subhead caption source_reference".split()
)
LONGEST_TITLE = 6  # annotations named in one mark's title
DECIMAL_CODE = re.compile(r"-?\d+(\.\d+)?")

Attributes = Mapping[str, Sequence[Annotation]]  # annotation id -> what is said of it

LAYOUT_RULES = (
    ".hk-page{display:grid;grid-template-columns:minmax(0,1fr);"
    "font-size:1.05em;line-height:1.65}"
    ".hk-page .hk-block{display:grid;grid-template-columns:8.5em minmax(0,1fr)}"
    ".hk-page .hk-name{font-size:.72em;opacity:.78;padding:.35em .6em 0 0;"
    "text-align:right;user-select:none}"
    ".hk-page .hk-text{white-space:pre-wrap;padding-left:.7em;"
    "border-left:3px solid rgba(127,127,127,.35)}"
    ".hk-page .hk-beside .hk-text{opacity:.75;font-size:.86em;border-left-style:dotted}"
    ".hk-page.hk-bare .hk-block{grid-template-columns:minmax(0,1fr)}"
    ".hk .hk-keys{border:0;margin:.4em 0;padding:0;display:flex;flex-wrap:wrap;gap:.2em 1.1em}"
    ".hk .hk-keys label{white-space:nowrap}"
    ".hk .hk-keys input{margin:0 .35em 0 0;vertical-align:-1px}"
    ".hk-page mark{background:none;padding:1px 0}"
    ".hk-page sup{font-size:.66em;line-height:1;margin:0 .25em 0 1px;user-select:none}"
    ".hk:has(.hk-see-labels:not(:checked)) sup{display:none}"
    ".hk:has(.hk-see-beside:not(:checked)) .hk-beside{display:none}"
    "@media(max-width:40em){.hk-page .hk-block{grid-template-columns:minmax(0,1fr)}"
    ".hk-page .hk-name{text-align:left}}"
)


def _write_page_style() -> str:
    rules, always, filtered = [LAYOUT_RULES], [], []
    for kind, colour in KIND_COLOURS.items():
        line = f"border-bottom:2px {KIND_LINES[kind]} rgba({colour},.95)"
        tint = f"{{background:rgba({colour},.26);{line}}}"
        rules.append(f".hk .hk-keys mark.hk-{kind}{tint}")
        always.append(f".hk-page mark.hk-{kind}{tint}")
        filtered.append(f".hk:has(.hk-see-{kind}:checked) .hk-page mark.hk-{kind}{tint}")
        filtered.append(f".hk:has(.hk-see-{kind}:not(:checked)) sup.hk-{kind}{{display:none}}")
    # A browser too old for the boxes to act still shows every mark.
    hidden_boxes = ".hk-keys input{display:none}"
    rules.append(f"@supports not selector(:has(a)){{{''.join(always)}{hidden_boxes}}}")
    rules.append(f"@supports selector(:has(a)){{{''.join(filtered)}}}")
    return "".join(rules)


PAGE_STYLE = _write_page_style()


def name_kind(annotation: Annotation) -> str:
    """Return the kind of an annotation, by which it is coloured and filtered."""
    if annotation.variable in ("quotation", "position"):
        return annotation.variable
    if annotation.subject == annotation.article_id:
        return "metadata"
    return "quantity" if DECIMAL_CODE.fullmatch(annotation.code) else "fact"


def show_page(
    text: str,
    parts: Sequence[Annotation],
    shown: Sequence[Annotation],
    attributes: Attributes,
) -> str:
    """Return the HTML of a page: a block per part, its annotations highlighted and labelled.

    Parameters
    ----------
    text : str
        The text layer of the page.
    parts : sequence of Annotation
        They label the blocks.
    shown : sequence of Annotation
        In page order.
    attributes : mapping
        Annotation id -> what is said of it.
    """
    pieces = _show_pieces(text, parts, shown, attributes)
    blocks = []
    for part, group in groupby(pieces, key=lambda piece: piece[0]):
        html = "".join(piece for _, piece in group)
        blocks.append(_write_block(part, html))
    bare = "" if parts else " hk-bare"
    return f'<div class="hk-page{bare}">{"".join(blocks)}</div>'


def _write_block(part: str, html: str) -> str:
    """Return one part of a page; `part` is empty where no part is known."""
    name = f'<div class="hk-name">{escape_text(part.replace("_", " "))}</div>' if part else ""
    beside = " hk-beside" if part and part not in ARTICLE_PARTS else ""
    return f'<div class="hk-block{beside}">{name}<div class="hk-text">{html}</div></div>'


def _show_pieces(
    text: str,
    parts: Sequence[Annotation],
    shown: Sequence[Annotation],
    attributes: Attributes,
) -> Iterator[tuple[str, str]]:
    """Yield (part, HTML) of the page between any two edges of annotations."""
    starts: dict[int, list[Annotation]] = defaultdict(list)
    ends: dict[int, list[Annotation]] = defaultdict(list)
    for annotation in shown:
        starts[annotation.start].append(annotation)
        ends[annotation.end].append(annotation)
    # Empty lines stay with what stands above them.
    part_starts = {part.start: part.code for part in parts if part.code != "blank"}
    edges = sorted({0, len(text), *starts, *ends, *part_starts})
    covering = _Covering()
    part = ""
    for start, end in pairwise(edges):
        covering.move(ends[start], starts[start])
        part = part_starts.get(start, part)
        labels = [
            _write_label(annotation, attributes.get(annotation.id, ()))
            for annotation in ends[end]
            if annotation.variable != "headline"
        ]
        yield part, covering.mark(escape_text(text[start:end])) + "".join(labels)


class _Covering:
    """The annotations that cover the place that has been reached.

    Kept up to date, not looked up.
    """

    def __init__(self) -> None:
        # Those that have begun, the last on top; the ended ones are taken off in passing.
        self.stack: list[Annotation] = []
        self.active: set[str] = set()
        self.n_kinds: Counter[str] = Counter()

    def move(self, ended: Sequence[Annotation], begun: Sequence[Annotation]) -> None:
        """Move to the next edge, where some end and some begin."""
        for annotation in ended:
            self.active.discard(annotation.id)
            self.n_kinds[name_kind(annotation)] -= 1
        if len(self.stack) > 2 * len(self.active):
            self.stack = [mark for mark in self.stack if mark.id in self.active]
        for annotation in begun:
            self.stack.append(annotation)
            self.active.add(annotation.id)
            self.n_kinds[name_kind(annotation)] += 1
        while self.stack and self.stack[-1].id not in self.active:
            self.stack.pop()

    def mark(self, piece: str) -> str:
        """Return a piece of HTML highlighted as what covers it; its title names the latest."""
        if not self.active:
            return piece
        latest = [mark for mark in self.stack[-4 * LONGEST_TITLE :] if mark.id in self.active]
        named = latest[-LONGEST_TITLE:]
        said = [f"{mark.subject}: {mark.variable} = {mark.code} ({mark.coder})" for mark in named]
        n_more = len(self.active) - len(named)
        if n_more:
            said.append(f"and {n_more} more")
        kinds = [kind for kind in KIND_COLOURS if self.n_kinds[kind] > 0]
        classes = " ".join(f"hk-{kind}" for kind in kinds)
        return f'<mark class="{classes}" title="{escape_text("; ".join(said))}">{piece}</mark>'


def _write_label(annotation: Annotation, attributes: Sequence[Annotation]) -> str:
    """Return what stands at the end of an annotation."""
    kind = name_kind(annotation)
    if kind == "metadata":
        words = annotation.variable
    elif annotation.variable == "quotation":
        speakers = dict.fromkeys(
            mark.code for mark in attributes if mark.variable == "organisation"
        )
        words = ", ".join(speakers) or "speaker?"
    elif annotation.variable == "position":
        words = f"{annotation.subject}: {annotation.code}"
    else:
        words = f"{annotation.subject}: {annotation.variable}"
    return f'<sup class="hk-{kind}">{escape_text(words.replace("_", " "))}</sup>'
