"""An Article and its annotations -> the page as static HTML, parts labelled, statements highlighted and filtered."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from hkresearch.core.article import Annotation, Article
from hkresearch.core.safe_text import escape_text, reveal_text
from hkresearch.display.html_cards import write_card, write_details, write_table

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

# Colour never stands alone: a mark carries its meaning as a label and as a title, and the list below says it again.
KINDS = {"metadata": "148,148,148", "quotation": "234,179,8", "position": "59,130,246", "fact": "168,85,247",
         "quantity": "34,197,94"}  # fmt: skip
SHADES = {
    "quotation": "dashed",
    "position": "solid",
    "quantity": "dotted",
    "fact": "double",
    "metadata": "dotted",
}
ARTICLE_PARTS = frozenset(
    "headline byline date_line standfirst body subhead caption source_reference".split()
)
UNSEEN = ("part", "confidence", "read")
LONGEST_TITLE = 6  # annotations named in one mark's title; the list below the page has them all


def _write_style() -> str:
    rules = [
        ".hk-page{display:grid;grid-template-columns:minmax(0,1fr);font-size:1.05em;line-height:1.65}"
        ".hk-page .hk-block{display:grid;grid-template-columns:8.5em minmax(0,1fr)}"
        ".hk-page .hk-name{font-size:.72em;opacity:.78;padding:.35em .6em 0 0;text-align:right;user-select:none}"
        ".hk-page .hk-text{white-space:pre-wrap;padding-left:.7em;border-left:3px solid rgba(127,127,127,.35)}"
        ".hk-page .hk-beside .hk-text{opacity:.75;font-size:.86em;border-left-style:dotted}"
        ".hk-page.hk-bare .hk-block{grid-template-columns:minmax(0,1fr)}"
        ".hk .hk-keys{border:0;margin:.4em 0;padding:0;display:flex;flex-wrap:wrap;gap:.2em 1.1em}"
        ".hk .hk-keys label{white-space:nowrap}.hk .hk-keys input{margin:0 .35em 0 0;vertical-align:-1px}"
        ".hk-page mark{background:none;padding:1px 0}"
        ".hk-page sup{font-size:.66em;line-height:1;margin:0 .25em 0 1px;user-select:none}"
        ".hk:has(.hk-see-labels:not(:checked)) sup{display:none}"
        ".hk:has(.hk-see-beside:not(:checked)) .hk-beside{display:none}"
        "@media(max-width:40em){.hk-page .hk-block{grid-template-columns:minmax(0,1fr)}"
        ".hk-page .hk-name{text-align:left}}"
    ]
    always, filtered = [], []
    for kind, colour in KINDS.items():
        tint = (
            f"{{background:rgba({colour},.26);border-bottom:2px {SHADES[kind]} rgba({colour},.95)}}"
        )
        rules.append(f".hk .hk-keys mark.hk-{kind}{tint}")
        always.append(f".hk-page mark.hk-{kind}{tint}")
        filtered.append(f".hk:has(.hk-see-{kind}:checked) .hk-page mark.hk-{kind}{tint}")
        filtered.append(f".hk:has(.hk-see-{kind}:not(:checked)) sup.hk-{kind}{{display:none}}")
    # A browser too old for the boxes to act still shows every mark.
    rules.append(
        f"@supports not selector(:has(a)){{{''.join(always)}.hk-keys input{{display:none}}}}"
    )
    rules.append(f"@supports selector(:has(a)){{{''.join(filtered)}}}")
    return "".join(rules)


PAGE_STYLE = _write_style()


class PageView:
    """What `show_article` returns: static HTML for JupyterLab and nbconvert, plain text for everything else."""

    def __init__(self, html: str, plain: str):
        self.html, self.plain = html, plain

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def show_article(article: Article, annotations: Iterable[Annotation] | Tables = ()) -> PageView:
    """Return the page of `article`: its parts labelled, its annotations highlighted, with boxes that filter them.

    `annotations` is any list of them, or the tables that hold them. Overlapping ones share the characters they share.
    The time it takes grows with the length of the page and the number of annotations, not with how they overlap.

    >>> hk.show_article(article, parts + marks)
    <Article harbour-pause: ...>
         0:18     harbour-pause | publisher = The Harbour Sample | The Harbour Sample
    ...
    """
    if hasattr(annotations, "annotations"):
        annotations = list_annotations(annotations, article.id)
    marks = sorted(
        (a for a in annotations if a.start < a.end),
        key=lambda a: (a.start, -a.end, a.variable, a.id),
    )
    ids = {a.id for a in marks}
    shown = [a for a in marks if a.variable not in UNSEEN and a.subject not in ids]
    of: dict[str, list[Annotation]] = defaultdict(list)
    for a in marks:
        if a.subject in ids:
            of[a.subject].append(a)
    parts = [a for a in marks if a.variable == "part"]
    page = _show_page(article, parts, shown, of)
    counts = Counter(_kind_of(a) for a in shown)
    has_beside = any(a.code not in ARTICLE_PARTS for a in parts)
    listed = (
        (
            f"{a.start:,}\u2013{a.end:,}",
            a.subject,
            a.variable,
            a.code,
            a.coder,
            a.exact[:160],
            _describe(of[a.id]),
        )
        for a in shown
    )
    columns = ("characters", "subject", "variable", "code", "coder", "words", "more")
    table = (
        write_details(f"All {len(shown):,} annotations", write_table(columns, listed))
        if shown
        else ""
    )
    about = f'<p class="hk-quiet">{escape_text(_describe_article(article))}</p>'
    html = write_card(
        article.headline or article.id,
        about,
        _write_keys(counts, has_beside),
        page,
        table,
        style=PAGE_STYLE,
    )
    lines = (
        f"{a.start:>6}:{a.end:<6} {a.subject} | {a.variable} = {a.code} | {_flatten(a.exact)}"
        for a in shown
    )
    return PageView(html, "\n".join([repr(article), *lines]))


def list_annotations(tables: Tables, article_id: str) -> list[Annotation]:
    """Return the annotations and the codings by hand that `tables` hold of one page, in page order."""
    from hkresearch.tables.select_rows import choose_where

    columns = [
        "annotation_id",
        "article_id",
        "start",
        "end",
        "exact",
        "subject",
        "variable",
        "code",
        "coder",
    ]
    frames = [
        choose_where(frame, columns, "article_id", [article_id])
        for frame in (tables.annotations, tables.codings)
    ]
    rows = (row for frame in frames for row in frame.itertuples(index=False, name=None))
    found = [
        Annotation(id, page, int(start), int(end), *rest) for id, page, start, end, *rest in rows
    ]
    return sorted(found, key=lambda a: (a.start, a.end, a.variable, a.subject, a.code, a.id))


def _flatten(text: str, width: int = 70) -> str:
    return reveal_text(" ".join(text[: 4 * width].split()))[:width]


def _describe_article(article: Article) -> str:
    known = (
        article.publisher,
        article.author,
        article.date_published,
        article.in_language,
        article.file,
        article.url,
    )
    based = f"based on {article.is_based_on}" if article.is_based_on else ""
    return " | ".join(filter(None, (*known, based, f"{len(article.text):,} characters")))


def _kind_of(annotation: Annotation) -> str:
    if annotation.variable in ("quotation", "position"):
        return annotation.variable
    if annotation.subject == annotation.article_id:
        return "metadata"
    return "quantity" if re.fullmatch(r"-?\d+(\.\d+)?", annotation.code) else "fact"


def _write_keys(counts: Mapping[str, int], has_beside: bool) -> str:
    """Return the legend, which is the filter: one box a kind, usable with the keyboard, without any script."""
    boxes = [
        (kind, f'<mark class="hk-{kind}">{kind}</mark> {counts[kind]:,}')
        for kind in KINDS
        if counts[kind]
    ]
    boxes += [("labels", "labels")] if counts else []
    boxes += [("beside", "what stands around the article")] if has_beside else []
    if not boxes:
        return ""
    keys = "".join(
        f'<label><input type="checkbox" class="hk-see-{id}" checked>{text}</label>'
        for id, text in boxes
    )
    return f'<fieldset class="hk-keys" aria-label="What is shown">{keys}</fieldset>'


def _show_page(
    article: Article, parts: list[Annotation], shown: list[Annotation], of: Mapping[str, list]
) -> str:
    pieces = _show_pieces(article.text, parts, shown, of)
    blocks = []
    for code, group in groupby(pieces, key=lambda piece: piece[0]):
        text = "".join(html for _, html in group)
        name = f'<div class="hk-name">{escape_text(code.replace("_", " "))}</div>' if code else ""
        beside = "" if code in ARTICLE_PARTS or not code else " hk-beside"
        blocks.append(
            f'<div class="hk-block{beside}">{name if parts else ""}<div class="hk-text">{text}</div></div>'
        )
    return f'<div class="hk-page{"" if parts else " hk-bare"}">{"".join(blocks)}</div>'


def _show_pieces(
    text: str, parts: list[Annotation], shown: list[Annotation], of: Mapping[str, list]
) -> Iterator[tuple[str, str]]:
    """Yield (part, HTML) of the page between any two edges; what covers a piece is kept up to date, not looked up."""
    starts, ends, codes = (
        defaultdict(list),
        defaultdict(list),
        {},
    )  # codes: where a part begins, which
    for a in shown:
        starts[a.start].append(a)
        ends[a.end].append(a)
    for a in parts:
        if a.code != "blank":  # empty lines stay with what stands above them
            codes[a.start] = a.code
    cuts = sorted({0, len(text), *starts, *ends, *codes})
    stack: list[
        Annotation
    ] = []  # those that have begun, the last on top; the ended ones are taken off in passing
    active: set[str] = set()
    kinds: Counter = Counter()
    code = ""
    for start, end in pairwise(cuts):
        for a in ends[start]:
            active.discard(a.id)
            kinds[_kind_of(a)] -= 1
        if len(stack) > 2 * len(active):
            stack = [a for a in stack if a.id in active]
        for a in starts[start]:
            stack.append(a)
            active.add(a.id)
            kinds[_kind_of(a)] += 1
        while stack and stack[-1].id not in active:
            stack.pop()
        code = codes.get(start, code)
        piece = escape_text(text[start:end])
        if active:
            piece = _mark_piece(piece, stack, active, [kind for kind in KINDS if kinds[kind] > 0])
        yield (
            code,
            piece
            + "".join(_write_label(a, of[a.id]) for a in ends[end] if a.variable != "headline"),
        )


def _mark_piece(piece: str, stack: list[Annotation], active: set[str], kinds: list[str]) -> str:
    named = [a for a in stack[-4 * LONGEST_TITLE :] if a.id in active][-LONGEST_TITLE:]
    said = [f"{a.subject}: {a.variable} = {a.code} ({a.coder})" for a in named]
    if len(active) > len(named):
        said.append(f"and {len(active) - len(named)} more")
    classes = " ".join(f"hk-{kind}" for kind in kinds)
    return f'<mark class="{classes}" title="{escape_text("; ".join(said))}">{piece}</mark>'


def _write_label(a: Annotation, attributes: list[Annotation]) -> str:
    if _kind_of(a) == "metadata":
        words = a.variable
    elif a.variable == "quotation":
        words = (
            ", ".join(dict.fromkeys(b.code for b in attributes if b.variable == "organisation"))
            or "speaker?"
        )
    else:
        words = (
            f"{a.subject}: {a.code}" if a.variable == "position" else f"{a.subject}: {a.variable}"
        )
    return f'<sup class="hk-{_kind_of(a)}">{escape_text(words.replace("_", " "))}</sup>'


def _describe(attributes: list[Annotation]) -> str:
    return "; ".join(f"{a.variable} = {a.code}" for a in attributes)
