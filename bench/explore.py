"""Made-up pages and codings -> CPU seconds of what people wait for in a notebook: article view, concordance, alpha."""

import hashlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from hkresearch.analysis.agreement.alpha import measure_agreement
from hkresearch.analysis.concordance import find_passages
from hkresearch.core.article import Article, annotate
from hkresearch.display.article_view import show_article

WORDS = (
    "Acme said it would pause requests for user data 艾克米暫停處理 until it had read the law.\n"
)


def make_article(n_chars):
    text = (WORDS * (n_chars // len(WORDS) + 1))[:n_chars]
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id="page", text=text, sha256=digest, text_sha256=digest)


def make_marks(article, n, shape):
    size = len(article.text)
    for i in range(n):
        if shape == "side by side":
            start, end = i * size // n, max(i * size // n + 1, (i + 1) * size // n - 3)
        elif shape == "overlapping":
            start, end = i * size // n, min(size, i * size // n + 400)
        else:
            start, end = i, size - i
        variable = ("position", "quotation", "requests")[i % 3]
        yield annotate(
            article, start, end, "acme", variable, "12" if i % 3 == 2 else "pause", "rules/1"
        )


def measure(label, run, repeats=3):
    best, size = None, 0
    for _ in range(repeats):
        start = time.process_time()
        size = run()
        spent = time.process_time() - start
        best = spent if best is None else min(best, spent)
    print(f"{label:<52} {best:8.3f} s   {size}")


for n in (1_000, 10_000, 50_000):
    # Nested ones repeat the page n times.
    for shape in ("side by side", "overlapping", "nested")[: 3 if n < 20_000 else 2]:
        article = make_article((3 if shape == "nested" else 30) * n)
        marks = list(make_marks(article, n, shape))
        measure(f"article view, {n:,} annotations {shape}",
                lambda a=article, m=marks: f"{len(show_article(a, m).html) / 1e6:.1f} MB")  # fmt: skip
for n in (1_000_000, 5_000_000):
    article = make_article(n)
    measure(f"concordance, {n:,} characters, 'user data'",
            lambda a=article: f"{len(find_passages(a, 'user data')):,} rows", 1)  # fmt: skip
for n in (100, 1_000, 10_000):
    units = [["a", "a" if i % 5 else "b", "abc"[i % 3]] for i in range(n)]
    measure(f"alpha and 1,000 resamples, {n:,} units",
            lambda u=units: f"{measure_agreement(u, 'abc', 'nominal').alpha:.3f}")  # fmt: skip
