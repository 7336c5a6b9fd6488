"""Published reports and the pages at hand -> copies of both, for private use.

Every passage leads into its page.

They lie in a folder of their own: the published reports stay as they are, and no bundle takes the
copies along.
"""

from __future__ import annotations

import html
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import write_if_changed
from hkresearch.core.safe_text import escape_text, guess_language
from hkresearch.evidence.seal import BLANK, HTML_SEAL, seal_html
from hkresearch.report.publish_html import make_environment, read_template, write_policy
from hkresearch.report.reports_folder import is_ours

WITH_PAGES_FOLDER, PAGES_FOLDER = "with-pages", "pages"
PASSAGE_PLACE = re.compile(
    r'<p class="place"><code>([^<]*)</code>, line (\d+), characters (\d+)–(\d+)<br>'
)

PassageSpan = tuple[int, int]


def write_copies(articles: Iterable[Article], reports: Path) -> Path:
    """Write reports/with-pages and return it: the reports with links, and the pages they cite.

    In each page its passages are marked. Where no report cites a page at hand, HkresearchError is
    raised.
    """
    folder = reports / WITH_PAGES_FOLDER
    if folder.is_dir():
        shutil.rmtree(folder)
    at_hand = {article.file: article for article in articles}
    cited: dict[str, set[PassageSpan]] = defaultdict(set)
    for path in sorted(filter(is_ours, reports.glob("*.html"))):
        pdf = path.with_suffix(".pdf")
        if pdf.is_file():
            write_if_changed(folder / pdf.name, pdf.read_bytes())
        _copy_report(path, folder, at_hand, cited)
    for file, spans in cited.items():
        page = write_page(at_hand[file], sorted(spans))
        write_if_changed(folder / PAGES_FOLDER / f"{file}.html", page.encode("utf-8"))
    if not cited:
        raise HkresearchError(
            f"{reports}: no report here cites a page that is at hand. Type: hkresearch report"
        )
    return folder


def _copy_report(
    path: Path, folder: Path, at_hand: Mapping[str, Article], cited: dict[str, set[PassageSpan]]
) -> None:
    """Copy a report with links into the pages at hand, and note the spans it cites."""
    from hkresearch.evidence.evidence_block import read_evidence

    data = path.read_bytes()
    if path.name != "index.html":
        for item in read_evidence(data, is_pdf=False):
            article = at_hand.get(item["file"])
            if article is not None and article.sha256 == item["sha256"]:
                cited[item["file"]].add((item["start"], item["end"]))
        data = link_passages(data.decode("utf-8"), cited).encode("utf-8")
    write_if_changed(folder / path.name, data)


def link_passages(page: str, cited: Mapping[str, Any]) -> str:
    """Return a report whose passages lead into the copies of the pages in `cited`, sealed again."""

    def link(found: re.Match[str]) -> str:
        shown, line, start, end = found.groups()
        file = html.unescape(shown)
        if file not in cited:
            return found.group()
        address = f"{PAGES_FOLDER}/{quote(file)}.html#c{start}-{end}"
        words = f"<code>{shown}</code>, line {line}, characters {start}–{end}"
        return f'<p class="place"><a href="{address}">{words}</a><br>'

    linked = PASSAGE_PLACE.sub(link, page)
    blank = f'<meta name="hkresearch-seal" content="{BLANK}">'.encode()
    return seal_html(HTML_SEAL.sub(blank, linked.encode("utf-8")).decode("utf-8"))


def write_page(article: Article, spans: Sequence[PassageSpan]) -> str:
    """Return the text layer as HTML: lines numbered, passages marked, each an anchor."""
    from markupsafe import Markup

    css = read_template("report.css") + read_template("page.css")
    js = read_template("page.js")
    language = guess_language(article.text, article.in_language or "") or article.in_language
    page: str = (
        make_environment()
        .get_template("page.html.j2")
        .render(
            article=article,
            lines=[Markup(line) for line in mark_lines(article.text, spans)],
            n=len(spans),
            lang=language or "",
            css=Markup(css),
            js=Markup(js),
            policy=write_policy(css, js),
        )
    )
    return page


def mark_lines(text: str, spans: Sequence[PassageSpan]) -> list[str]:
    """Return each line of `text` as HTML; what is in a passage is marked."""
    line_starts = [found.end() for found in re.finditer("\n", text)]
    edges = {0, len(text), *line_starts}
    anchors: dict[int, list[str]] = defaultdict(list)
    n_covering: dict[int, int] = defaultdict(int)  # changes at each edge
    for start, end in spans:
        edges |= {start, end}
        anchors[start].append(f'<a class="at" id="c{start}-{end}"></a>')
        n_covering[start] += 1
        n_covering[end] -= 1
    lines = [""]
    depth = 0
    for start, end in pairwise(sorted(edges)):
        depth += n_covering[start]
        piece = text[start:end]
        words = escape_text(piece.rstrip("\n"))
        marked = f'<mark data-at="{start}">{words}</mark>' if depth and words else words
        lines[-1] += "".join(anchors[start]) + marked
        if piece.endswith("\n"):
            lines.append("")
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]
