"""An Article and its annotations -> the page as static HTML, highlighted, with every character shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise

from .article import Annotation, Article

# Colour never stands alone: every mark carries its meaning as a title and as a small label.
COLOURS = {"quotation": "#fde68a", "position": "#bfdbfe", "quantity": "#bbf7d0", "fact": "#ddd6fe", "part": "none"}
STYLE = (
    ".hk-page{font:15px/1.6 system-ui,sans-serif;max-width:46rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".hk-page mark{border-radius:3px;padding:0 1px;color:#111}.hk-page sup{font-size:.65em;margin-left:1px}"
    ".hk-page .hk-furniture{opacity:.6;font-size:.85em}.hk-key mark{margin-right:.6em;padding:1px 6px;color:#111}"
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class PageView:
    """What `show_article` returns: static HTML for JupyterLab and nbconvert, plain text for everything else."""

    def __init__(self, html: str, plain: str):
        self.html, self.plain = html, plain

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def show_article(article: Article, annotations: Iterable[Annotation] = ()) -> PageView:
    """Return the page of `article` with `annotations` highlighted; overlapping ones share the characters they share."""
    marks = sorted((a for a in annotations if a.start < a.end), key=lambda a: (a.start, -a.end, a.variable, a.id))
    ids = {a.id for a in marks}
    shown = [a for a in marks if a.subject not in ids and a.variable not in ("part", "confidence")]
    furniture = [a for a in marks if a.variable == "part" and a.code not in _ARTICLE_PARTS]
    cuts = sorted({0, len(article.text), *(edge for a in shown + furniture for edge in (a.start, a.end))})
    body = "".join(
        _show_piece(article.text, start, end, over, bool(beside))
        for (start, end), over, beside in zip(pairwise(cuts), _sweep(cuts, shown), _sweep(cuts, furniture))
    )
    kinds = sorted({_kind_of(a) for a in shown})
    key = "".join(f'<mark style="background:{COLOURS[kind]}">{kind}</mark>' for kind in kinds)
    title = escape(_make_visible(article.headline or article.id))
    html = (
        f"<style>{STYLE}</style><p><strong>{title}</strong> ({len(shown)} annotations)</p>"
        f'<p class="hk-key">{key}</p><div class="hk-page">{body}</div>'
    )
    lines = (f"{a.start:>6}:{a.end:<6} {a.subject} | {a.variable} = {a.code} | {_make_visible(a.exact)[:70]}" for a in shown)
    return PageView(html, "\n".join([repr(article), *lines]))


_ARTICLE_PARTS = {"headline", "byline", "date_line", "standfirst", "body", "subhead", "caption", "source_reference"}


def _kind_of(annotation: Annotation) -> str:
    if annotation.variable in ("quotation", "position"):
        return annotation.variable
    return "quantity" if re.fullmatch(r"-?\d+(\.\d+)?", annotation.code) else "fact"


def _sweep(cuts: list[int], annotations: list[Annotation]) -> Iterator[list[Annotation]]:
    """Yield, for each piece between two cuts, the annotations that cover it; one pass, so long pages stay quick."""
    waiting, active = list(reversed(annotations)), []
    for start in cuts[:-1]:
        active = [a for a in active if a.end > start]
        while waiting and waiting[-1].start <= start:
            active.append(waiting.pop())
        yield active


def _show_piece(text: str, start: int, end: int, over: list[Annotation], is_furniture: bool) -> str:
    piece = escape(_make_visible(text[start:end]))
    if over:
        said = "; ".join(f"{a.subject}: {a.variable} = {a.code} ({a.coder})" for a in over)
        begins = [a for a in over if a.start == start and a.variable == "position"]
        label = "".join(f"<sup>{escape(_make_visible(a.code))}</sup>" for a in begins)
        colour = COLOURS[_kind_of(over[-1])]
        piece = f'<mark style="background:{colour}" title="{escape(_make_visible(said))}">{piece}</mark>{label}'
    return f'<span class="hk-furniture">{piece}</span>' if is_furniture else piece


def _make_visible(text: str) -> str:
    """Return `text` with control and bidirectional characters shown as their code points, never obeyed."""
    return CONTROLS.sub(lambda match: f"\u27e8U+{ord(match.group()):04X}\u27e9", text)
