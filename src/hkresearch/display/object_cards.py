"""An Article, Annotation, Codebook or Tables -> a static HTML card, as IPython shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import escape_text
from hkresearch.display.article_view import show_article
from hkresearch.display.html_cards import write_card, write_details, write_html_table

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.codebook.book import Codebook
    from hkresearch.core.article import Annotation, Article
    from hkresearch.tables.tables import Tables

VARIABLE_COLUMNS = ("variable", "question", "level", "", "codes")
ENTITY_COLUMNS = ("entity", "kind", "label", "owner", "names")
N_FIRST_ROWS = 5
LONGEST_CELL = 120  # characters


def show_article_object(article: Article) -> str:
    """Return the page of an article with nothing labelled: labels need a codebook."""
    return show_article(article).html


def show_annotation(annotation: Annotation) -> str:
    """Return the card of one coded statement: its words, its coding, and where they stand."""
    place = f"characters {annotation.start:,}\u2013{annotation.end:,}"
    about = f"{annotation.article_id}, {place}, coded by {annotation.coder}, id {annotation.id}"
    return write_card(
        f"{annotation.subject} | {annotation.variable} = {annotation.code}",
        f"<p><mark>{escape_text(annotation.exact)}</mark></p>",
        f'<p class="hk-quiet">{escape_text(about)}</p>',
    )


def show_codebook(book: Codebook) -> str:
    """Return the card of a codebook: its question, its variables, and its entities by kind."""
    variables = [_list_variable(id, variable) for id, variable in book.variables.items()]
    entities = [_list_entity(id, entity) for id, entity in book.entities.items()]
    entities.sort(key=lambda row: (row[1], row[0]))
    return write_card(
        f"Codebook {book.id}: {book.label}",
        f"<p>{escape_text(book.topic.get('question', ''))}</p>",
        write_details(
            f"{len(variables)} variables",
            write_html_table(VARIABLE_COLUMNS, variables),
            is_open=True,
        ),
        write_details(f"{len(entities)} entities", write_html_table(ENTITY_COLUMNS, entities)),
        f'<p class="hk-quiet">sha256 {escape_text(book.sha256[:16])}</p>',
    )


def _list_variable(id: str, variable: Mapping[str, Any]) -> tuple[str, ...]:
    codes = variable.get("codes", {})
    labels = [code.get("label", name) for name, code in codes.items()]
    single = "one answer" if variable.get("single") else ""
    question, level = variable.get("question", ""), variable.get("level", "")
    return id, question, level, single, ", ".join(labels)


def _list_entity(id: str, entity: Mapping[str, Any]) -> tuple[str, ...]:
    names = [", ".join(of_language) for of_language in entity.get("names", {}).values()]
    kind, label, owner = (entity.get(field, "") for field in ("kind", "label", "owner"))
    return id, kind, label, owner, "; ".join(names)


def show_tables(tables: Tables) -> str:
    """Return the card of the tables: what a row is, how many there are, and the first few."""
    from hkresearch.tables.schema import read_schema

    parts = []
    for resource in read_schema()["resources"]:
        frame = getattr(tables, resource["name"])
        first = frame.head(N_FIRST_ROWS)
        about = escape_text(f"{resource['description']} The first {len(first)}:")
        table = (
            write_html_table(frame.columns, _cut_rows(first)) if len(frame) else "<p>No rows.</p>"
        )
        summary = f"{resource['name']}: {len(frame):,}"
        parts.append(write_details(summary, f'<p class="hk-quiet">{about}</p>{table}'))
    codebook = tables.codebook.get("id", "unknown")
    title = f"Tables of {len(tables.articles):,} page(s), codebook {codebook}"
    return write_card(title, _count_claims(tables), *parts)


def _count_claims(tables: Tables) -> str:
    statuses = tables.claims["status"].value_counts()
    counted = ", ".join(f"{statuses[name]:,} {name}" for name in sorted(statuses.index))
    colon = ": " if counted else ""
    return f"<p>{len(tables.claims):,} claims{colon}{escape_text(counted)}</p>"


def _cut_rows(frame: DataFrame) -> Iterable[list[Any]]:
    for row in frame.itertuples(index=False):
        yield [_cut_value(value) for value in row]


def _cut_value(value: Any) -> Any:
    is_long = isinstance(value, str) and len(value) > LONGEST_CELL
    return value[:LONGEST_CELL] + "\u2026" if is_long else value
