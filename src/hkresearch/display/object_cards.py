"""The package's objects -> static HTML cards: no script, no network, every character of a page as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import escape_text
from hkresearch.display.article_view import show_article
from hkresearch.display.html_cards import write_card, write_details, write_table

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.codebook.book import Codebook
    from hkresearch.core.article import Annotation, Article
    from hkresearch.tables.tables import Tables


def show_article_object(article: Article) -> str:
    """Return the page of an article as it is, with nothing labelled: who wants labels names a codebook."""
    return show_article(article).html


def show_annotation(annotation: Annotation) -> str:
    """Return the card of one coded statement: its words, what they were coded as, by whom, and where they stand."""
    a = annotation
    where = f"{a.article_id}, characters {a.start:,}\u2013{a.end:,}, coded by {a.coder}, id {a.id}"
    coded = f"{a.subject} | {a.variable} = {a.code}"
    return write_card(
        coded,
        f"<p><mark>{escape_text(a.exact)}</mark></p>",
        f'<p class="hk-quiet">{escape_text(where)}</p>',
    )


def show_codebook(book: Codebook) -> str:
    """Return the card of a codebook: its question, its variables with their codes, its entities by kind."""
    variables = [
        (id, v.get("question", ""), v.get("level", ""), "one answer" if v.get("single") else "",
         ", ".join(code.get("label", name) for name, code in v.get("codes", {}).items()))
        for id, v in book.variables.items()
    ]  # fmt: skip
    entities = [
        (id, e.get("kind", ""), e.get("label", ""), e.get("owner", ""),
         "; ".join(", ".join(names) for names in e.get("names", {}).values()))
        for id, e in sorted(book.entities.items(), key=lambda item: (item[1].get("kind", ""), item[0]))
    ]  # fmt: skip
    return write_card(
        f"Codebook {book.id}: {book.label}",
        f"<p>{escape_text(book.topic.get('question', ''))}</p>",
        write_details(
            f"{len(variables)} variables",
            write_table(("variable", "question", "level", "", "codes"), variables),
            is_open=True,
        ),
        write_details(
            f"{len(entities)} entities",
            write_table(("entity", "kind", "label", "owner", "names"), entities),
        ),
        f'<p class="hk-quiet">sha256 {escape_text(book.sha256[:16])}</p>',
    )


def show_tables(tables: Tables) -> str:
    """Return the card of the tables: what one row of each is, how many there are, and the first few."""
    from hkresearch.tables.schema import read_schema

    parts = []
    for resource in read_schema()["resources"]:
        frame = getattr(tables, resource["name"])
        first = (
            write_table(frame.columns, _cut_rows(frame.head(5)))
            if len(frame)
            else "<p>No rows.</p>"
        )
        more = f'<p class="hk-quiet">{escape_text(resource["description"])} The first {min(5, len(frame))}:</p>'
        parts.append(write_details(f"{resource['name']}: {len(frame):,}", more + first))
    statuses = tables.claims["status"].value_counts()
    counted = ", ".join(f"{statuses[name]:,} {name}" for name in sorted(statuses.index))
    title = f"Tables of {len(tables.articles):,} page(s), codebook {tables.codebook.get('id', 'unknown')}"
    claims = f"<p>{len(tables.claims):,} claims{': ' if counted else ''}{escape_text(counted)}</p>"
    return write_card(title, claims, *parts)


def _cut_rows(frame: DataFrame, width: int = 120) -> Iterable[list[Any]]:
    for row in frame.itertuples(index=False):
        yield [
            v if not isinstance(v, str) or len(v) <= width else v[:width] + "\u2026" for v in row
        ]
