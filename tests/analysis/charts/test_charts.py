"""Charts: every mark has its evidence, its words and room; nothing found is drawn as such."""

import io
import re
from datetime import date
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkresearch.analysis import charts, views
from hkresearch.analysis.charts.bars import name_scale
from hkresearch.analysis.charts.canvas import CHART_WIDTH, MOST_ROWS_DRAWN, SIZE, wrap_text
from hkresearch.analysis.charts.carrier_matrix import MOST_PAGE_COLUMNS
from hkresearch.analysis.charts.timeline import (
    LONGEST_WINDOW,
    _choose_ticks,
    _choose_window,
    read_span,
)
from hkresearch.display.svg import write_svg

VIEWS = {
    "positions": views.list_positions, "carriers": views.list_carriers, "dates": views.list_dates,
    "quantities": views.list_quantities, "parts": views.list_parts, "links": views.list_links,
}  # fmt: skip
each_chart = pytest.mark.parametrize("name", sorted(VIEWS))


def draw(name, tables):
    view = VIEWS[name](tables)
    return view, getattr(charts, f"draw_{name}")(view), getattr(charts, f"describe_{name}")(view)


def list_texts(figure):
    from matplotlib.text import Text

    return figure.findobj(Text)


@pytest.fixture(scope="module")
def drawn(small_tables):
    """A function that draws a chart of the small corpus once: (view, figure, words)."""
    return cache(lambda name: draw(name, small_tables))


@pytest.fixture(scope="module")
def svg_of(small_tables):
    """A function that writes a chart of the small corpus once, drawn for it alone."""
    return cache(lambda name: write_svg(draw(name, small_tables)[1]))


@each_chart
def test_a_chart_is_a_figure_of_the_width_of_a_page(name, drawn, svg_of):
    from matplotlib.figure import Figure

    _, figure, _ = drawn(name)
    assert isinstance(figure, Figure) and figure.get_size_inches()[0] == pytest.approx(CHART_WIDTH)
    svg = svg_of(name)
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg).group(1)) / 72
    assert CHART_WIDTH - 0.05 <= width <= CHART_WIDTH + 0.35, (
        "trimmed margins must not change the scale of the letters"
    )


@each_chart
def test_no_letters_run_off_the_page_or_shrink(name, drawn):
    _, figure, _ = drawn(name)
    renderer, edge = figure.canvas.get_renderer(), figure.bbox
    for text in list_texts(figure):
        if text.get_visible() and text.get_text():
            assert text.get_fontsize() >= SIZE - 3
            box = text.get_window_extent(renderer)
            assert box.x0 >= edge.x0 - 4 and box.x1 <= edge.x1 + 0.3 * figure.dpi, text.get_text()


@each_chart
def test_the_same_rows_give_the_same_drawing(name, small_tables, svg_of):
    assert write_svg(draw(name, small_tables)[1]) == svg_of(name)


@each_chart
def test_nothing_found_is_said(name, empty_tables):
    _, figure, words = draw(name, empty_tables)
    assert words.startswith("Nothing to draw")
    shown = " ".join(text.get_text() for text in list_texts(figure))
    assert re.search(r"\b(No|Nothing)\b", shown)


@each_chart
def test_the_words_name_every_row_of_the_drawing(name, drawn):
    view, _, words = drawn(name)
    first = "organisation" if "organisation" in view.columns else "page"
    for value in view[first].unique():
        assert value in words
    assert words.endswith(".") and "\n" not in words


@pytest.mark.parametrize("name", ["positions", "carriers", "dates", "quantities"])
def test_every_passage_can_be_opened_from_a_mark(name, drawn, svg_of):
    view, _, _ = drawn(name)
    marked = {
        id
        for found in re.findall(r'data-evidence="([^"]+)"', svg_of(name))
        for id in found.split(",")
    }
    assert marked == {id for ids in view["evidence"] for id in ids}


def test_chinese_has_glyphs(small_tables, recwarn):
    _, figure, _ = draw("links", small_tables)
    figure.savefig(io.BytesIO(), format="svg")
    assert not [w for w in recwarn if "missing from font" in str(w.message)]


def test_charts_leave_other_peoples_settings_alone(small_tables):
    import matplotlib

    before = dict(matplotlib.rcParams)
    draw("positions", small_tables)
    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_not_imported():
    import subprocess
    import sys

    code = "import sys, hkresearch.analysis.charts; print('matplotlib.pyplot' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip()
        == "False"
    )


def test_many_organisations_and_long_names_still_fit():
    rows = [
        {"organisation": f"The {n}th organisation of a long name", "position": f"position number {n % 9}", "modality": "stated",
         "n_articles": n, "n_origins": 1 + n % 4, "evidence": [f"a{n:011d}"]}
        for n in range(40)
    ]  # fmt: skip
    figure = charts.draw_positions(pd.DataFrame(rows))
    assert (
        figure.get_size_inches()[0] == pytest.approx(CHART_WIDTH)
        and figure.get_size_inches()[1] < 22
    )


SPANS = [
    ("2020-07-06", (date(2020, 7, 6), date(2020, 7, 6)), "a day"),
    ("2020-02", (date(2020, 2, 1), date(2020, 2, 29)), "a month of a leap year"),
    ("2019", (date(2019, 1, 1), date(2019, 12, 31)), "a year"),
    ("2019-07/2019-12", (date(2019, 7, 1), date(2019, 12, 31)), "an interval of months"),
    ("2020-07-06T10:30", (date(2020, 7, 6), date(2020, 7, 6)), "a clock time"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), SPANS, ids=[row[2] for row in SPANS])
def test_dates_are_spans_as_wide_as_they_are_vague(text, expected, reason):
    assert read_span(text) == tuple(day.toordinal() for day in expected), reason


@pytest.mark.parametrize("text", ["", "soon", "2020-13", "2020-02-30", "0000"])
def test_what_is_no_date_has_no_place_on_a_timeline(text):
    assert read_span(text) is None


@given(
    st.lists(st.tuples(st.integers(700000, 740000), st.integers(0, 900)), min_size=1, max_size=12)
)
def test_the_window_holds_a_mark_and_has_ticks(pairs):
    first, last = _choose_window([(start, start + length) for start, length in pairs])
    assert first < last and any(
        first <= start + length and start <= last for start, length in pairs
    )
    assert 0 <= len(_choose_ticks(first, last, 5.0)) <= 12
    days = [
        day
        for start, length in pairs
        for day in (start, start + length)[: 1 + (length < LONGEST_WINDOW)]
    ]
    most = max(sum(day <= other <= day + LONGEST_WINDOW for other in days) for day in days)
    assert sum(first <= day <= last for day in days) >= most, "no other days hold more"


def test_a_date_far_away_stands_at_the_edge_with_its_date():
    rows = [
        {
            "organisation": "A",
            "position": "pause",
            "kind": "reported",
            "date": day,
            "n_articles": 1,
            "evidence": [],
        }
        for day in ("2020-07-06", "2020-07-08", "2019-10")
    ]
    figure = charts.draw_dates(pd.DataFrame(rows))
    assert any("← 1 Oct 2019" in text.get_text() for text in list_texts(figure))


def test_only_what_can_be_compared_shares_a_scale():
    units = ["request", "account", "month", "year", "HKD", "USD", "percent"]
    assert [name_scale(unit) for unit in units] == [
        "Number", "Number", "Length of time", "Length of time", "Amount in HKD", "Amount in USD", "Per cent",
    ]  # fmt: skip


@given(st.text(alphabet="abc 暫停要求", max_size=120), st.integers(6, 40), st.integers(1, 3))
def test_wrapped_text_keeps_to_its_lines(text, width, n_lines):
    assert len(wrap_text(text, width, n_lines).split("\n")) <= n_lines or not text.strip()


def make_many(n):
    """Rows of n pages, organisations or numbers, as each chart takes them."""
    base = {"n_origins": 1, "modality": "stated", "evidence": ["a00000000001"], "status": "agreed"}
    who = [
        base
        | {
            "organisation": f"Organisation {k:03}",
            "n_articles": k,
            "date": "2020-07-06",
            "kind": "reported",
        }
        for k in range(n)
    ]
    pages = [{"page": f"Page {k:03}", "origin": f"Origin {k // 2:03}", "percent": k % 100, "part": "article", "kind": "article",
              "n_characters": 1} for k in range(n)]  # fmt: skip
    spread = [{"organisation": "A", "statement": "They said so.", "wording": ("verbatim", "altered")[k % 2], **base, **page}
              for k, page in enumerate(pages)]  # fmt: skip
    return {
        "positions": [row | {"position": "pause"} for row in who],
        "dates": [row | {"position": "pause"} for row in who],
        "quantities": [row | {"quantity": "requests", "unit": "request", "period": "", "value": 5} for row in who],
        "parts": pages, "links": pages, "carriers": spread,
    }  # fmt: skip


MANY = [
    (
        "positions",
        MOST_ROWS_DRAWN,
        "Drawn are 30 of 31 organisations, those in the most pages",
        "Organisation 000",
    ),  # the least is left out
    (
        "dates",
        MOST_ROWS_DRAWN,
        "Drawn are 30 of 31 organisations, those in the most pages",
        "Organisation 000",
    ),
    (
        "quantities",
        MOST_ROWS_DRAWN,
        "Drawn are 30 of 31 numbers, first the contested, then those in the most pages",
        "Organisation 000",
    ),
    (
        "parts",
        MOST_ROWS_DRAWN,
        "31 pages in the order of the article's share, a bar for the mean of about 2",
        "Page 000",
    ),
    (
        "links",
        MOST_ROWS_DRAWN,
        "1 origin has a page of its own.",
        "Page 000",
    ),  # of 15 origins it counts the pages
    ("carriers", MOST_PAGE_COLUMNS, "Number: pages, 25 in all", "Page 000"),  # counted by wording
]


@pytest.mark.parametrize(("chart", "most", "said", "gone"), MANY, ids=[row[0] for row in MANY])
def test_a_chart_of_many_rows_says_what_it_leaves_out(chart, most, said, gone):
    draw, describe = getattr(charts, f"draw_{chart}"), getattr(charts, f"describe_{chart}")
    for n in (most, most + 1):
        view = pd.DataFrame(make_many(n)[chart])
        drawn = " ".join(text.get_text().replace("\n", " ") for text in list_texts(draw(view)))
        assert (said in drawn) == (n > most) and (gone in drawn) == (n == most)
        assert (gone in describe(view)) == (n == most)


def test_of_many_other_dates_those_in_most_pages_are_drawn():
    rows = [
        {
            "organisation": "A",
            "position": "pause",
            "kind": "reported",
            "date": "2020-07-06",
            "n_articles": 1,
            "evidence": [],
        }
    ]
    facts = [
        {
            "subject": "The law",
            "event": f"read {n:02}",
            "date": "2020-07-06",
            "n_articles": n,
            "evidence": [],
        }
        for n in range(20)
    ]
    shown = list_texts(charts.draw_dates(pd.DataFrame(rows), pd.DataFrame(facts)))
    labels = [text.get_text() for text in shown if text.get_text().startswith("The law")]
    assert sorted(labels) == [f"The law: read {n:02} 6 Jul" for n in range(8, 20)]
    assert any(
        "Upright lines are 12 of 20 other dates" in text.get_text().replace("\n", " ")
        for text in shown
    )
    told = charts.describe_dates(pd.DataFrame(rows), pd.DataFrame(facts))
    assert "12 of 20 other dates" in told and "read 07" not in told and "read 19" in told


def test_words_tell_the_other_dates_that_are_drawn():
    """A date long before the others, or a whole month, has no line, however many pages give it."""
    rows = [
        {
            "organisation": "A",
            "position": "pause",
            "kind": "reported",
            "date": "2020-07-06",
            "n_articles": 1,
            "evidence": [],
        }
    ]
    days = ["1997-07-01", "2020-07", *["2020-07-06"] * 13]
    facts = [
        {
            "subject": "The law",
            "event": f"read {n:02}",
            "date": day,
            "n_articles": 99 - n,
            "evidence": [],
        }
        for n, day in enumerate(days)
    ]
    told = charts.describe_dates(pd.DataFrame(rows), pd.DataFrame(facts))
    assert (
        "read 00" not in told
        and "read 01" not in told
        and "read 02 6 Jul" in told
        and "read 13 6 Jul" in told
        and "read 14" not in told
    )


def test_where_no_origin_is_shared_there_are_no_bars_to_tell_of():
    told = charts.describe_links(
        pd.DataFrame(
            [{"page": f"Page {n}", "origin": f"Origin {n}"} for n in range(MOST_ROWS_DRAWN + 1)]
        )
    )
    assert told == "Nothing to draw: no origin has more than one page. 31 origins have a page each."
