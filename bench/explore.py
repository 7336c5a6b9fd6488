"""Made-up pages and codings -> CPU seconds of the article view, the concordance and alpha."""

from __future__ import annotations

import argparse
import hashlib
import time

from hkresearch.analysis.agreement.alpha import measure_agreement
from hkresearch.analysis.concordance import find_passages
from hkresearch.core.article import Article, annotate
from hkresearch.display.article_view import show_article

WORDS = (
    "Acme said it would pause requests for user data 艾克米暫停處理 until it had read the law.\n"
)


def make_article(n_chars):
    """Return an article of made-up text of so many characters."""
    text = (WORDS * (n_chars // len(WORDS) + 1))[:n_chars]
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id="page", text=text, sha256=digest, text_sha256=digest)


def make_marks(article, n, shape):
    """Yield `n` annotations that stand side by side, overlap, or are nested."""
    size = len(article.text)
    for i in range(n):
        if shape == "side by side":
            start, end = i * size // n, max(i * size // n + 1, (i + 1) * size // n - 3)
        elif shape == "overlapping":
            start, end = i * size // n, min(size, i * size // n + 400)
        else:
            start, end = i, size - i
        variable = ("position", "quotation", "requests")[i % 3]
        code = "12" if variable == "requests" else "pause"
        yield annotate(article, start, end, "acme", variable, code, "rules/1")


def print_time(label, run, repeats=3):
    """Print the CPU seconds of the fastest of the runs, and the size that a run returns."""
    fastest, size = None, 0
    for _ in range(repeats):
        start = time.process_time()
        size = run()
        spent = time.process_time() - start
        fastest = spent if fastest is None else min(fastest, spent)
    print(f"{label:<52} {fastest:8.3f} s   {size}", flush=True)


def print_article_view():
    """Print the times of the article view; nested annotations repeat the page: fewer of them."""
    for n in (1_000, 10_000, 50_000):
        for shape in ("side by side", "overlapping", "nested")[: 3 if n < 20_000 else 2]:
            article = make_article((3 if shape == "nested" else 30) * n)
            marks = list(make_marks(article, n, shape))

            def view(article=article, marks=marks):
                return f"{len(show_article(article, marks).html) / 1e6:.1f} MB"

            print_time(f"article view, {n:,} annotations {shape}", view)


def print_concordance():
    """Print the times of the concordance."""
    for n in (1_000_000, 5_000_000):
        article = make_article(n)

        def search(article=article):
            return f"{len(find_passages(article, 'user data')):,} rows"

        print_time(f"concordance, {n:,} characters, 'user data'", search, repeats=1)


def print_alpha():
    """Print the times of Krippendorff's alpha with its resamples."""
    for n in (100, 1_000, 10_000):
        units = [["a", "a" if i % 5 else "b", "abc"[i % 3]] for i in range(n)]

        def agree(units=units):
            return f"{measure_agreement(units, 'abc', 'nominal').alpha:.3f}"

        print_time(f"alpha and 1,000 resamples, {n:,} units", agree)


def main():
    """Print every time."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    print_article_view()
    print_concordance()
    print_alpha()


if __name__ == "__main__":
    main()
