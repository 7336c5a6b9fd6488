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
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import write_if_changed
from hkresearch.core.safe_text import escape_text, guess_language
from hkresearch.evidence.seal import BLANK, HTML_SEAL, seal_html
from hkresearch.report.publish_html import make_environment, read_template, write_policy
from hkresearch.report.reports_folder import is_ours

FOLDER, PAGES = "with-pages", "pages"
PLACE = re.compile(r'<p class="place"><code>([^<]*)</code>, line (\d+), characters (\d+)–(\d+)<br>')


def write_copies(articles: Iterable[Article], reports: Path) -> Path:
    """Write reports/with-pages: each report with links, and each page it cites with its passages
    marked; return it.
    """
    from hkresearch.evidence.evidence_block import read_evidence

    folder = reports / FOLDER
    if folder.is_dir():
        shutil.rmtree(folder)
    at_hand = {article.file: article for article in articles}
    cited: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for path in sorted(filter(is_ours, reports.glob("*.html"))):
        data, pdf = path.read_bytes(), path.with_suffix(".pdf")
        if pdf.is_file():
            write_if_changed(folder / pdf.name, pdf.read_bytes())
        if path.name == "index.html":
            write_if_changed(folder / path.name, data)
            continue
        for item in read_evidence(data, is_pdf=False):
            if item["file"] in at_hand and at_hand[item["file"]].sha256 == item["sha256"]:
                cited[item["file"]].add((item["start"], item["end"]))
        write_if_changed(
            folder / path.name, link_passages(data.decode("utf-8"), cited).encode("utf-8")
        )
    for file, spans in cited.items():
        write_if_changed(
            folder / PAGES / f"{file}.html",
            write_page(at_hand[file], sorted(spans)).encode("utf-8"),
        )
    if not cited:
        raise HkresearchError(
            f"{reports}: no report here cites a page that is at hand. Type: hkresearch report"
        )
    return folder


def link_passages(page: str, cited: Mapping[str, Any]) -> str:
    """Return a report whose passages lead into the copies of the pages in `cited`, sealed again."""

    def link(found: re.Match) -> str:
        shown, line, start, end = found.groups()
        file = html.unescape(shown)
        if file not in cited:
            return found.group()
        words = f"<code>{shown}</code>, line {line}, characters {start}–{end}"
        return (
            f'<p class="place"><a href="{PAGES}/{quote(file)}.html#c{start}-{end}">{words}</a><br>'
        )

    page = PLACE.sub(link, page)
    blank = f'<meta name="hkresearch-seal" content="{BLANK}">'.encode()
    return seal_html(HTML_SEAL.sub(blank, page.encode("utf-8")).decode("utf-8"))


def write_page(article: Article, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text layer of `article` as HTML: lines numbered, every passage of `spans` marked
    and an anchor.
    """
    from markupsafe import Markup

    css, js = read_template("report.css") + read_template("page.css"), read_template("page.js")
    return make_environment().get_template("page.html.j2").render(
        article=article, lines=[Markup(line) for line in mark_lines(article.text, spans)], n=len(spans),
        lang=guess_language(article.text, article.in_language or "") or article.in_language or "",
        css=Markup(css), js=Markup(js), policy=write_policy(css, js),
    )  # fmt: skip


def mark_lines(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return each line of `text` as HTML, cut where a passage begins or ends.

    What is in one is marked.
    """
    starts = (i + 1 for i, c in enumerate(text) if c == "\n")
    cuts = sorted({0, len(text), *(at for span in spans for at in span), *starts})
    anchors: dict[int, list[tuple[int, int]]] = defaultdict(list)
    depth: dict[int, int] = defaultdict(int)
    for start, end in spans:
        anchors[start].append((start, end))
        depth[start] += 1
        depth[end] -= 1
    lines, level = [""], 0
    for first, last in zip(cuts, cuts[1:], strict=False):
        level += depth[first]
        lines[-1] += "".join(f'<a class="at" id="c{a}-{b}"></a>' for a, b in anchors[first])
        words = escape_text(text[first:last].rstrip("\n"))
        lines[-1] += f'<mark data-at="{first}">{words}</mark>' if level and words else words
        if text[first:last].endswith("\n"):
            lines.append("")
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]
