"""Pages that attack: every vector of attacks.txt, put wherever a page or a person can write."""

import csv
import html
import json
import re
from pathlib import Path

from hkresearch.core.files import hash_bytes
from hkresearch.pages.reader import REGISTER_COLUMNS
from hkresearch.pages.register import write_register
from hkresearch.reconcile.decisions import DECISION_COLUMNS
from hkresearch.tables.coding_files import CODING_COLUMNS
from support.paths import TESTS

ATTACK = (
    "<script>alert(1)</script><img src=http://attack.invalid/x onerror=alert(2)><svg onload=alert(3)>"
    "</div></style><iframe src=javascript:alert(4)></iframe>${alert(5)}\u202e\x1b]0;x\x07 HK$1 and US$2 𝄞 é"
)
WORDS = "Facebook said on Monday that it would pause reviews of data requests from Hong Kong."

VECTORS_FILE = TESTS / "support/attacks.txt"


def read_vectors():
    """The vectors as (kind, text)."""
    kind, found = "", []
    for line in VECTORS_FILE.read_text("utf-8").splitlines():
        if re.fullmatch(r"\[[a-z]+\]", line):
            kind = line[1:-1]
        elif kind and line.strip():
            found.append(
                (
                    kind,
                    re.sub(
                        r"\\(u[0-9a-f]{4}|U[0-9a-f]{8}|x[0-9a-f]{2}|[trn\\])", read_escape, line
                    ),
                )
            )
    return found


def read_escape(found):
    sign = found.group(1)
    return {"t": "\t", "r": "\r", "n": "\n", "\\": "\\"}.get(sign) or chr(int(sign[1:], 16))


VECTORS = read_vectors()
TEXTS = [text for _, text in VECTORS]
ONE_LINE = [" ".join(text.split()) for text in TEXTS]
SAID = [
    "Facebook said on Monday that it would pause reviews of data requests from Hong Kong. {0}",
    "“{0}” a spokesperson for Telegram said of requests from Hong Kong.",
    "Twitter {0} has paused all data requests from Hong Kong, according to {0}.",
    "Zoom told {0} that it received 241 requests {0} from July to December 2019.",
]


def write_page(vectors):
    lines = ["Facebook pauses Hong Kong data requests", f"By {vectors[0]}", "6 July 2020"]
    return "\n".join(lines + [SAID[i % 4].format(vector) for i, vector in enumerate(vectors)])


def write_markup(vectors):
    """The same in HTML, twice over: as a page shows them when it escapes them, and as they are."""
    quoted = [html.escape(vector) for vector in vectors]
    head = (
        "".join(
            f'<meta name="author" content="{q}"><meta property="og:title" content="{q}">'
            for q in quoted[:20]
        )
        + f"<title>{quoted[0]}</title>"
    )
    ld = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": vectors[1],
            "author": vectors[2:9],
            "publisher": {"name": vectors[9]},
        }
    )
    body = "".join(f"<p>{line}</p>" for line in write_page(quoted).split("\n"))
    raw = "".join(
        f'<p class="{q}">{vector}</p>'
        for q, vector in zip(quoted, vectors, strict=True)
        if "<!--" not in vector
    )
    ld = ld.replace("</", "<\\/")
    return f'<html><head>{head}<script type="application/ld+json">{ld}</script></head><body><article>{body}</article><aside>{raw}</aside></body></html>'


def clean_name(text, number):
    """A file name as near to the vector as a file system and the register allow."""
    kept = (
        re.sub(r"[/\\:\x00-\x1f]", "", text).encode("utf-8")[:150].decode("utf-8", "ignore").strip()
    )
    return f"{number:03}{kept}.txt"


def write_pages(folder):
    """Pages that carry every vector in their text, names and register fields."""
    folder.mkdir(parents=True)
    rows = []

    def add(file, data, number):
        (folder / file).write_bytes(data)
        fields = {
            name: ONE_LINE[(number * 7 + i) % len(ONE_LINE)]
            for i, name in enumerate(REGISTER_COLUMNS)
            if not name.startswith("date")
        }
        id = re.sub(r"[\s/\\]", "", Path(file).stem)
        rows.append(dict.fromkeys(REGISTER_COLUMNS, "") | fields | {"article_id": id, "file": file, "sha256": hash_bytes(data),
                    "in_language": "en", "date_published": "2020-07-06"})  # fmt: skip

    plain = [text for text in TEXTS if "\x00" not in text]
    add("page.txt", write_page(ONE_LINE).replace("\x00", "").encode(), 0)
    add("markup.html", write_markup([t.replace("\x00", "") for t in ONE_LINE]).encode(), 1)
    for number, text in enumerate(plain[::9]):
        add(
            clean_name(text, number),
            write_page([text.replace("\n", " ")] * 2 + [str(number)]).encode(),
            number + 2,
        )
    write_register(folder, rows)


def write_answers(raw, annotations):
    """Codings of a person named by a vector, and decisions, that carry vectors wherever a person may write."""
    words = iter(ONE_LINE * 9)
    marks = annotations[annotations["variable"] == "quotation"].head(len(ONE_LINE))
    people = [word for word in ONE_LINE if "/" not in word]
    rows = [[m.article_id, m.start, m.end, m.exact, m.article_id, "speaker", next(words), people[n % 9], "", next(words)]
            for n, m in enumerate(marks.itertuples())]  # fmt: skip
    write_table(raw / "codings/coder.csv", CODING_COLUMNS, rows)
    rows = [[m.annotation_id, ("accept", f"recode {next(words)}")[m.variable == "author"], next(words), next(words), "2020-07-06"]
            for m in annotations[annotations["variable"].isin(["author", "speaker"])].head(200).itertuples()]  # fmt: skip
    write_table(raw / "decisions.csv", DECISION_COLUMNS, rows)


def write_table(path, columns, rows):
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])


def relabel(book, texts):
    """A codebook whose every label, question and name is a vector."""
    words = iter(texts * 20)
    return json.loads(
        json.dumps(book),
        object_hook=lambda d: {
            k: next(words) if k in ("label", "question") and isinstance(v, str) else v
            for k, v in d.items()
        },
    )
