"""A view, a Figure or a sentence, and its tables -> an Exhibit for any notebook front end.

An exhibit travels inside the notebook as `application/vnd.hkresearch.exhibit+json`; the report's
HTML and PDF are both set from that. `text/html` serves JupyterLab and plain nbconvert,
`text/plain` everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import HkresearchError
from hkresearch.display.exhibit_evidence import find_evidence, list_ids, read_ids
from hkresearch.display.exhibit_html import write_exhibit_html, write_exhibit_text
from hkresearch.display.exhibit_rows import lay_out_view, shorten_answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from hkresearch.tables.tables import Tables

EXHIBIT_MIME = "application/vnd.hkresearch.exhibit+json"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One answer, table or figure of a report, with every passage it rests on.

    `content` is plain JSON.
    """

    content: Mapping[str, Any] = field(repr=False)

    def __repr__(self) -> str:
        return write_exhibit_text(self.content)

    def _repr_html_(self) -> str:
        return write_exhibit_html(self.content)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            EXHIBIT_MIME: dict(self.content),
            "text/html": write_exhibit_html(self.content),
            "text/plain": write_exhibit_text(self.content),
        }


def show_answer(text: str, *, tables: Tables, evidence: Iterable[str] = ()) -> Exhibit:
    """Return the one-line answer to the report's question, with its evidence.

    The index of reports prints it.

    >>> hk.show_answer("One page says so.", tables=tables, evidence=[marks[0].id])
    One page says so.
    """
    line = " ".join(str(text).split())
    said, ids = shorten_answer(line, read_ids(evidence))
    content = {"kind": "answer", "title": "Answer", "text": said, "ids": ids}
    return Exhibit({**content, "evidence": find_evidence(tables, ids)})


def show_table(view: DataFrame, *, title: str, tables: Tables, note: str = "") -> Exhibit:
    """Return `view` as a numbered table.

    An empty one is shown as such, so that none is lost silently.

    Parameters
    ----------
    view : DataFrame
        Its column `evidence` belongs to the row, `<x>_evidence` to the cell x. Both hold annotation
        ids, are never shown as columns, and open their passages in place.
    title : str
        What stands above the table.
    tables : Tables
        Where the passages are looked up.
    note : str
        What stands below the table; what was left out of it is added.

    >>> hk.show_table(hk.views.list_pages(tables), title="Pages", tables=tables)
    Table: Pages (... rows, ... passages)
    """
    content = {"kind": "table", "title": title, **lay_out_view(view, note)}
    return Exhibit({**content, "evidence": find_evidence(tables, list_ids(content))})


def show_figure(
    figure: Figure, *, title: str, alt: str, data: DataFrame, tables: Tables, note: str = ""
) -> Exhibit:
    """Return `figure` as a numbered vector figure with its text alternative and its data.

    An artist with `set_gid("evidence:<annotation id>")` becomes a mark that opens that passage.

    Parameters
    ----------
    figure : Figure
        Of matplotlib.
    alt : str
        What the chart shows, in words; an empty one raises HkresearchError.
    data : DataFrame
        The rows it was drawn from, with evidence as in `show_table`.

    >>> view = hk.views.list_quantities(tables)
    >>> alt = hk.charts.describe_quantities(view)
    >>> chart = hk.charts.draw_quantities(view)
    >>> hk.show_figure(chart, title="Numbers", alt=alt, data=view, tables=tables)
    Figure: Numbers (... rows, ... passages)
    """
    from hkresearch.display.svg import list_drawn_texts, write_svg

    if not alt.strip():
        raise HkresearchError(
            f"The figure {title!r} has no text alternative: "
            "pass alt='what the chart shows, in words'."
        )
    content = {
        "kind": "figure",
        "title": title,
        "alt": " ".join(alt.split()),
        "svg": write_svg(figure),
        "drawn": list_drawn_texts(figure),
        **lay_out_view(data, note),
    }
    return Exhibit({**content, "evidence": find_evidence(tables, list_ids(content))})
