"""The sample pages and a seed -> any number of pages that vary and copy them, and their register.

    python bench/generate_pages.py FOLDER [--pages 1000] [--seed 7]

Page number i depends on the seed and i alone. Three in ten are copies of an earlier page: whole,
reworded, or cut. The others mix the lines of two sample pages, with other names, days, figures and
furniture.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import re
from pathlib import Path

from hkresearch.codebook.book import read_codebook
from hkresearch.pages.reader import REGISTER_COLUMNS
from hkresearch.pages.register import read_articles

RAW = Path(__file__).resolve().parents[1] / "data/raw"
FURNITURE = [
    "Share", "Print this page", "Most read", "Subscribe to our newsletter", "Related stories",
    "Advertisement", "Sign in", "Home > News > Technology", "Cookie settings", "Back to top",
]  # fmt: skip
OTHER_WORDS = {
    "said": "stated", "would": "will", "also": "further", "company": "firm", "law": "legislation",
    "requests": "inquiries", "users": "customers", "paused": "suspended", "big": "large",
}  # fmt: skip


def gather_material():
    """Return (lines of each sample page, names that may stand for each other)."""
    pages = [
        [line for line in article.text.split("\n") if line.strip()]
        for article in read_articles(RAW)
    ]
    companies = [e for e in read_codebook().entities.values() if e.get("kind") == "company"]
    names = {name for e in companies for name in e.get("names", {}).get("en", ())}
    return pages, sorted(name for name in names if name[0].isupper() and " " not in name)


def write_page(number, seed, material):
    """Return the text of page `number`, the same for the same seed."""
    chance = random.Random(f"{seed}/{number}")
    if number and chance.random() < 0.3:
        text = write_original(chance.randrange(number), seed, material)
        way = chance.randrange(3)
        if way == 1:
            text = re.sub(
                r"[a-z]+",
                lambda m: OTHER_WORDS.get(m[0], m[0]) if chance.random() < 0.6 else m[0],
                text,
            )
        elif way == 2:
            lines = text.split("\n")
            text = "\n".join(lines[: max(4, int(len(lines) * chance.uniform(0.4, 0.9)))])
        return dress(text, chance)
    return dress(write_original(number, seed, material), chance)


def write_original(number, seed, material):
    chance = random.Random(f"{seed}/original/{number}")
    pages, names = material
    first, second = chance.choice(pages), chance.choice(pages)
    lines = [line for line in first if chance.random() < 0.8] + [
        line for line in second if chance.random() < 0.25
    ]
    swap = (
        dict(zip(names, chance.sample(names, len(names)), strict=True))
        if chance.random() < 0.7
        else {}
    )
    text = re.sub(r"\b[A-Z]\w+\b", lambda m: swap.get(m[0], m[0]), "\n\n".join(lines))
    text = re.sub(
        r"\b(\d{1,2}) (July|June|August)\b", lambda m: f"{chance.randint(1, 28)} {m[2]}", text
    )
    return re.sub(
        r"\b(\d{2,4})(?= (?:requests|accounts|users))",
        lambda m: str(chance.randint(10, 9999)),
        text,
    )


def dress(text, chance):
    above = "\n".join(chance.sample(FURNITURE, chance.randint(0, 5)))
    below = "\n".join(chance.sample(FURNITURE, chance.randint(0, 5)))
    return f"{above}\n{text}\n{below}\n"


def generate_pages(folder, n, seed):
    """Write `n` pages and their register into `folder`."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    material = gather_material()
    with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, REGISTER_COLUMNS, lineterminator="\n", restval="")
        writer.writeheader()
        for number in range(n):
            data = write_page(number, seed, material).encode("utf-8")
            file = f"p{number:07d}.txt"
            (folder / file).write_bytes(data)
            row = {
                "article_id": file[:-4],
                "file": file,
                "sha256": hashlib.sha256(data).hexdigest(),
                "publisher": f"Outlet {number % 500}",
                "date_published": f"2020-07-{number % 28 + 1:02d}",
            }
            writer.writerow(row)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    generate_pages(options.folder, options.pages, options.seed)
