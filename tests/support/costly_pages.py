"""Run as a program: pages made to cost much -> one JSON line each: what became of it, CPU seconds, peak memory in MiB.

python -m support.costly_pages pages SHARE     the pages; those that meet no bound at one SHAREth of their size
python -m support.costly_pages pumps LENGTH    the worst cases of every regular expression
"""

import json
import random
import resource
import signal
import sys
import time
from functools import partial
from pathlib import Path

from support.paths import RAW
from support.pumps import list_patterns, list_pumps


def code_sample():
    from hkresearch.codebook.book import read_codebook
    from hkresearch.pages.register import read_articles
    from hkresearch.pipeline.build_tables import build_tables

    build_tables(read_articles(RAW)[:4], read_codebook())


PLACES = (
    list_patterns(code_sample) if sys.argv[1:2] == ["pumps"] else {}
)  # before anything of the package is imported

from hkresearch.clean import clean_article  # noqa: E402
from hkresearch.codebook.book import read_codebook  # noqa: E402
from hkresearch.core.article import HkresearchError, annotate  # noqa: E402
from hkresearch.pages.reader import read_page  # noqa: E402
from hkresearch.structure import structure_article  # noqa: E402

SAID = "Facebook said on Monday that it would pause reviews of data requests from Hong Kong. "
HTML = "<html><body><h1>Facebook pauses Hong Kong requests</h1><p>{}</p></body></html>"
SHARE = int(sys.argv[2]) if sys.argv[1:2] == ["pages"] else 1  # of the dearest pages that is tried
# (name, kind, text, whether it is refused)
PAGES = [
    ("tags that are never closed, over the bound", "html", lambda: "<html><body>" + "<div>" * 3_900_000 + "x</body>", True),
    ("tags that are never closed, at the bound", "html", lambda: "<html><body>" + "<div>" * 499_000 + "x</body>", False),
    ("a million quotation marks", "txt", lambda: '"' * 1_000_000, True),
    ("half a million quotation marks", "txt", lambda: '"' * 499_000, False),
    ("a quotation mark before every word", "txt", lambda: "“a " * (166_000 // SHARE), False),
    ("brackets of Chinese quotations", "txt", lambda: "「中文『" * (120_000 // SHARE), False),
    ("apostrophes", "txt", lambda: "'a " * (166_000 // SHARE), False),
    ("one line without a space", "txt", lambda: "a" * 499_000, False),
    ("one line of words", "txt", lambda: "word " * (99_000 // SHARE), False),
    ("one line of names", "txt", lambda: "Facebook, Twitter and " * (22_000 // SHARE), False),
    ("sentences that all say something", "txt", lambda: SAID * (5_800 // SHARE), False),
    ("lines that all say something", "txt", lambda: (SAID + "\n") * (5_700 // SHARE), False),
    ("a million lines", "txt", lambda: "a\n" * 1_000_000, True),
    ("lines, at the bound", "txt", lambda: "Some words.\n" * 19_000, False),
    ("paragraphs, at the bound", "html", lambda: HTML.format("Some words in a line.<p>" * 19_000), False),
    ("digits before the article", "txt", lambda: "1" * 400_000 + "\n\n" + (SAID + "\n") * 20, False),
    ("scripts that never end", "html", lambda: HTML.format("<script>" * (240_000 // SHARE)), False),
    ("comments that never end", "html", lambda: HTML.format("<!--" * 490_000), False),
    ("an attribute that never ends", "html", lambda: HTML.format("<p " + 'a="' * 1_000_000 + ">"), False),
    ("classes that are all different", "html", lambda: HTML.format("".join(f'<b class="c{i}x d{i}">' for i in range(200_000))), False),
    ("entities", "html", lambda: HTML.format("&ampampamp" * (40_000 // SHARE) + "&#x10ffff;" * (40_000 // SHARE)), False),
    ("nested JSON-LD", "html", lambda: '<script type="application/ld+json">' + "[" * 500_000 + "</script>" + HTML.format("x"), False),
    ("a number of a million digits in JSON-LD", "html", lambda: '<script type="application/ld+json">' + "1" * 1_000_000 + "</script>" + HTML.format("x"), False),
    ("authors", "html", lambda: "".join(f'<meta name="author" content="Ann {i}">' for i in range(15_000 // SHARE)) + HTML.format("x"), False),
    ("accents without a letter", "txt", lambda: "a" + "\u0301" * 499_000, False),
    ("capitals that grow in lower case", "txt", lambda: "\u0130" * (499_000 // SHARE), False),
    ("Big5", "txt", lambda: ("在香港，警方要求平台提供用戶資料。" * (20_000 // SHARE)).encode("big5"), False),
    ("mojibake", "txt", lambda: "â€œquotedâ€\x9d and Ã© " * (20_000 // SHARE), False),
    ("Latin-1", "txt", lambda: ("caf\xe9 said " * (40_000 // SHARE)).encode("latin-1"), False),
    ("dates", "txt", lambda: "6 July 2020 " * (40_000 // SHARE), False),
    ("initials", "txt", lambda: "U.S." * (120_000 // SHARE), False),
    ("end marks", "txt", lambda: ".!?" * (160_000 // SHARE), False),
    ("joins", "txt", lambda: "and, " * (99_000 // SHARE), False),
]  # fmt: skip


class TooSlow(Exception):
    pass


def stop(*_):
    raise TooSlow


def weigh(name, work, limit=120):  # seconds: what has no end is stopped
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        what = work()
    except HkresearchError as refusal:
        what = f"refused: {refusal}"
    except TooSlow:
        what = "too slow"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds = round(time.process_time() - began, 2)
    print(
        json.dumps({"name": name, "what": what, "seconds": seconds, "peak": read_peak()}),
        flush=True,
    )


def read_peak():
    """The most mebibytes that this process held; `ru_maxrss` begins with what the process that started it held."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def code_fully(data, file, book):
    """As the package codes a page, but as if all of it were the article's body: that costs most."""
    article = read_page(data, file)
    clean_article(article, book)
    body = annotate(article, 0, len(article.text), article.id, "part", "body", "test/1")
    return f"coded: {len(structure_article(article, [body], book))}"


def weigh_pages(book):
    for name, kind, make, _ in PAGES:
        text = make()
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        weigh(name, partial(code_fully, data, f"page.{kind}", book))


def weigh_pumps(book, length):
    """Every expression's worst cases as lines of pages: before the title, under it, in the body, as what somebody said."""
    pumps = sorted({pump for pattern, flags in PLACES for pump in list_pumps(pattern, flags)})
    lines = sorted(
        {
            made
            for p, u in pumps
            for made in (p + u * (length // len(u)), (p + u) * (length // len(p + u)))
        }
    )
    random.Random(1).shuffle(lines)
    lines = [line.replace("\x00", " ") for line in lines]
    print(json.dumps({"patterns": len(PLACES), "pumps": len(lines)}), flush=True)
    for at in range(0, len(lines), 60):
        some = lines[at : at + 60]
        page = "\n".join([some[0], "Facebook pauses Hong Kong requests", some[1], "6 July 2020", SAID, *(
            text for line in some for text in (line, SAID, f"Facebook said {line} it would pause requests, “{line}”", SAID))])  # fmt: skip
        weigh(f"pumps {at}", partial(code_fully, page.encode("utf-8", "replace"), "page.txt", book))


if __name__ == "__main__":
    signal.signal(signal.SIGPROF, stop)
    resource.setrlimit(resource.RLIMIT_DATA, (3 << 30, 3 << 30))
    if sys.argv[1] == "pages":
        weigh_pages(read_codebook())
    else:
        weigh_pumps(read_codebook(), int(sys.argv[2]))
