"""Exhibits: what a reader sees, what it rests on, and that nothing of a page can act."""

import json
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hkresearch as hk
from hkresearch.core.article import HkresearchError
from hkresearch.core.safe_text import (  # fmt: skip
    escape_text,
    guess_language,
    neutralise_cell,
    reveal_text,
)
from hkresearch.display import exhibit_rows
from hkresearch.display.exhibit import EXHIBIT_MIME
from hkresearch.display.exhibit_csv import write_records_csv
from hkresearch.display.svg import clean_svg, write_svg
from hkresearch.display.values import label_column, write_value

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "javascript:alert(1)",
    "</script><script>alert(1)</script>", "<!--", "]]>", "#eval(\"1\")", "$x^2$", "\\input{/etc/passwd}", "{{ 7*7 }}",
    "`code` *bold* _it_ @ref <label>", "\x1b[31mred\x1b[0m", "\u202eevil\u202c", "a\u2028b", "\x00nul",
]  # fmt: skip


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def list_tags(html):
    parser = Tags()
    parser.feed(html)
    return parser.found


def make_view(tables, **columns):
    ids = list(tables.positions["position_id"])
    return pd.DataFrame(
        {"organisation": ["Facebook", "Telegram"], **columns, "evidence": [ids[:2], []]}
    )


@pytest.mark.parametrize(
    "value, shown",
    [
        (None, ""), (float("nan"), ""), (pd.NA, ""), (pd.NaT, ""),  # what is not known stays empty
        (np.int64(7), "7"), (2019, "2019"),  # a year is never grouped
        (100000, "100,000"), (46.0, "46"), (np.float64(0.93), "0.93"), (1 / 3, "0.3333"),
        (True, "yes"), (np.bool_(False), "no"),
        (["a", "b"], "a; b"), ({"b", "a"}, "a; b"), (np.array(["x"]), "x"), ("", ""),
    ],
)  # fmt: skip
def test_values_are_shown_as_a_reader_expects(value, shown):
    assert write_value(value) == shown


@pytest.mark.parametrize(
    "name, label",
    [
        ("n_articles", "Pages"),
        ("n_origins", "Origins"),
        ("in_language", "Language"),
        ("first_published", "First published"),
        ("n_", "N_"),
    ],
)
def test_columns_are_labelled_in_words(name, label):
    assert label_column(name).replace(" ", "_" if name == "n_" else " ") == label


@pytest.mark.parametrize(
    "cell, written",
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1 234", "'+1 234"), ("-cmd", "'-cmd"), ("@SUM", "'@SUM"),
        ("\tx", "'\tx"), ("\rx", "'\rx"),  # the six starts that spreadsheets run
        ("-5", "-5"), ("+1.5e3", "+1.5e3"),  # a number is no formula
        ("a=1", "a=1"), ("", ""), ("臉書", "臉書"),
    ],
)  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_neutralised(cell, written):
    assert neutralise_cell(cell) == written


@given(st.lists(st.dictionaries(st.just("x"), st.text(), min_size=1), max_size=5))
def test_no_csv_cell_starts_like_a_formula(records):
    import csv
    import io

    rows = list(csv.reader(io.StringIO(write_records_csv(["x"], records), newline="")))[1:]
    for row in rows:
        for cell in row:
            if cell[:1] in ("=", "@", "\t", "\r"):
                pytest.fail(f"{cell!r} would be run")


@given(st.text())
def test_escaped_text_holds_no_markup_and_no_hidden_direction(text):
    escaped = escape_text(text)
    assert not set("<>\"'") & set(escaped)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b") & set(escaped)
    escaped.encode("utf-8")


@pytest.mark.parametrize(
    "text, fallback, tag",
    [
        ("臉書暫停處理資料要求", "", "zh-Hant"), ("脸书", "zh-Hans", "zh-Hans"),
        ("Facebook paused", "zh-Hant", ""),  # English words on a Chinese page are English
        ("", "zh-Hant", ""), ("Facebook said 我", "", ""),
    ],
)  # fmt: skip
def test_language_is_said_where_the_script_shows_it(text, fallback, tag):
    assert guess_language(text, fallback) == tag


def test_table_carries_its_evidence_from_page_to_characters(small_tables, small_articles):
    exhibit = hk.show_table(
        make_view(small_tables, n_articles=[3, 1]), title="Positions", tables=small_tables
    )
    content = exhibit._repr_mimebundle_()[EXHIBIT_MIME]
    texts = {article.id: article for article in small_articles}
    assert [column["name"] for column in content["columns"]] == ["organisation", "n_articles"]
    assert [column["numeric"] for column in content["columns"]] == [False, True]
    assert len(content["rows"][0]["evidence"]) == 2
    for passage in content["evidence"].values():
        article = texts[passage["article_id"]]
        assert article.text[passage["start"] : passage["end"]] == passage["exact"]
        assert passage["sha256"] == article.sha256
        assert article.text.split("\n")[passage["line"] - 1]
    json.dumps(content)


def test_evidence_of_a_cell_belongs_to_that_cell(small_tables):
    ids = list(small_tables.positions["position_id"])
    view = pd.DataFrame({"pause": ["2 pages"], "pause_evidence": [ids[:2]], "refuse": [""]})
    content = hk.show_table(view, title="Matrix", tables=small_tables).content
    assert [column["name"] for column in content["columns"]] == ["pause", "refuse"]
    assert [len(cell["evidence"]) for cell in content["rows"][0]["cells"]] == [2, 0]
    assert content["csv"].splitlines()[0] == "pause,pause_evidence,refuse"


def test_evidence_that_is_in_no_table_is_refused(small_tables):
    with pytest.raises(HkresearchError, match="hkresearch build"):
        hk.show_answer("Yes", tables=small_tables, evidence=["0000000000000000"])


def test_answer_is_one_line_with_its_passages(small_tables):
    ids = list(small_tables.positions["position_id"])[:1]
    bundle = hk.show_answer("It\n paused.", tables=small_tables, evidence=ids)._repr_mimebundle_()
    assert bundle["text/plain"] == "It paused."
    assert "<mark>" in bundle["text/html"]


def test_what_a_long_table_leaves_out_is_said_and_stands_in_the_csv(small_tables, monkeypatch):
    monkeypatch.setattr(exhibit_rows, "MOST_ROWS", 5)
    monkeypatch.setattr(exhibit_rows, "CITED_LIMITS", (2, 1))
    ids = list(small_tables.annotations["annotation_id"])[:4]
    view = pd.DataFrame({"n": range(7), "n_evidence": [ids] * 7, "evidence": [ids[:2]] * 7})
    content = hk.show_table(view, title="Long", tables=small_tables, note="A note.").content
    assert [row["cells"][0]["text"] for row in content["rows"]] == list("01234")
    assert {tuple(row["cells"][0]["evidence"]) for row in content["rows"]} == {tuple(ids[:2])}
    assert list(content["evidence"]) == ids[:2]
    assert content["note"].startswith(
        "A note. Shown are the first 5 of 7 rows; the CSV file has them all."
    )
    assert "Where more than 2 passages say the same, the first 2 are cited" in content["note"]
    assert len(content["csv"].splitlines()) == 8 and content["csv"].count(";".join(ids)) == 7
    monkeypatch.setattr(exhibit_rows, "MOST_CSV_ROWS", 6)
    monkeypatch.setattr(exhibit_rows, "LISTED_LIMITS", (3, 1))
    longer = hk.show_table(view, title="Long", tables=small_tables).content
    assert (
        len(longer["csv"].splitlines()) == 7
        and longer["csv"].count(";".join(ids[:3])) == 6
        and ids[3] not in longer["csv"]
    )
    assert "the CSV file has the first 6, the view in the notebook all" in longer["note"]
    assert "the CSV file names the first 3, the table appearances all" in longer["note"]
    monkeypatch.setattr(
        exhibit_rows, "MOST_CSV_IDS", 20
    )  # two a row have room, one for the cell and one for the row
    least = hk.show_table(view, title="Long", tables=small_tables).content
    assert least["csv"].count(ids[0]) == 12 and ids[1] not in least["csv"]
    monkeypatch.setattr(exhibit_rows, "CITED_LIMITS", (4,))
    cited = hk.show_table(view.head(5), title="Long", tables=small_tables).content
    assert (
        cited["note"]
        == "Of a row's passages the CSV file names the first 1, the table appearances all."
    )
    assert cited["rows"][0]["cells"][0]["evidence"] == ids
    monkeypatch.setattr(exhibit_rows, "CITED_LIMITS", (2, 1))
    monkeypatch.setattr(exhibit_rows, "MOST_CSV_IDS", 20_000)
    whole = hk.show_table(
        view.head(5).drop(columns="n_evidence"), title="Short", tables=small_tables, note="A note."
    ).content
    assert whole["note"] == "A note."
    answer = hk.show_answer("So it is.", tables=small_tables, evidence=ids)
    assert answer.content["text"] == "So it is. (Cited are 2 of 4 passages.)"
    assert list(answer.content["evidence"]) == ids[:2]


@pytest.mark.parametrize(
    "most, first, said",
    [
        (4, [4, 4], ""),  # all have room
        (
            3,
            [3, 3],
            "Where more than 3 passages say the same, the first 3 are cited",
        ),  # both rows cite the same ones
        (
            2,
            [1, 1],
            "Where more than one passage says the same, the first is cited",
        ),  # two rows have room for one each
        (
            0,
            [1, 1],
            "Where more than one passage says the same, the first is cited",
        ),  # a row is never without its own
    ],
)
def test_a_table_of_many_passages_cites_fewer_for_each_row(
    small_tables, monkeypatch, most, first, said
):
    monkeypatch.setattr(exhibit_rows, "CITED_LIMITS", (4, 3, 1))
    monkeypatch.setattr(exhibit_rows, "MOST_PASSAGES", most)
    ids = list(small_tables.annotations["annotation_id"])[:4]
    view = pd.DataFrame({"n": [1, 2], "evidence": [ids, ids if most > 2 else ids[::-1]]})
    content = hk.show_table(view, title="Long", tables=small_tables).content
    assert [len(row["evidence"]) for row in content["rows"]] == first
    assert content["note"].startswith(said) and bool(content["note"]) == bool(said)
    assert content["csv"].count(ids[3]) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_page_becomes_markup_in_a_notebook(small_tables, text):
    view = make_view(small_tables, words=[text, ""])
    html = hk.show_table(view, title=text, tables=small_tables, note=text)._repr_html_()
    allowed = {"p", "strong", "small", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "blockquote",
               "mark", "br"}  # fmt: skip
    (outer, classes), *inner = list_tags(html)
    assert outer == "div" and "mathjax_ignore" in str(classes), (
        "sums of money are not set as formulas"
    )
    for tag, attributes in inner:
        assert tag in allowed
        assert set(attributes) <= {"scope", "lang"}


def test_what_cannot_be_written_is_shown_by_its_number():
    assert reveal_text("a\ud800b") == "a[U+D800]b"


def test_empty_view_is_shown_as_such(small_tables):
    exhibit = hk.show_table(
        pd.DataFrame({"organisation": []}), title="Nothing", tables=small_tables
    )
    assert "No rows" in exhibit._repr_html_()


def draw(tables, label="Requests"):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 2))
    axes = figure.subplots()
    bars = axes.bar([label, "B"], [1, 2])
    bars[0].set_gid("evidence:" + tables.quantities["quantity_id"].iloc[0])
    return figure


def test_figure_has_the_same_bytes_each_time_and_no_date(small_tables):
    first, second = write_svg(draw(small_tables)), write_svg(draw(small_tables))
    assert first == second
    assert (
        "style=" not in first
        and "metadata" not in first
        and "http" not in first.replace("http://www.w3.org/2000/svg", "")
    )


def test_figure_keeps_marks_of_evidence_and_demands_words(small_tables):
    data = pd.DataFrame({"what": ["requests"], "value": [1]})
    content = hk.show_figure(
        draw(small_tables), title="F", alt="Two bars.", data=data, tables=small_tables
    ).content
    assert f'data-evidence="{small_tables.quantities["quantity_id"].iloc[0]}"' in content["svg"]
    with pytest.raises(HkresearchError, match="alt="):
        hk.show_figure(draw(small_tables), title="F", alt=" ", data=data, tables=small_tables)


def test_words_of_a_page_in_a_chart_are_outlines_not_mathematics(small_tables):
    svg = write_svg(draw(small_tables, "$\\frac{ 臉書 <b>"))
    assert "<b" not in svg and "text" not in {tag for tag, _ in list_tags(svg)}


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>", '<image href="http://example.org/x.png"/>', '<g onload="alert(1)"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>', "<foreignObject><b/></foreignObject>",
        '<use href="http://example.org/#x"/>', '<path fill="url(http://example.org/)"/>', "<style>*{}</style>",
        '<set attributeName="href" to="javascript:alert(1)"/>',
    ],
)  # fmt: skip
def test_drawings_keep_shapes_and_colours_only(inside):
    svg = clean_svg(
        f'<svg xmlns="http://www.w3.org/2000/svg">{inside}<path d="M1 2" fill="#123456"/></svg>'.encode()
    )
    assert "M1 2" in svg and "alert" not in svg and "example" not in svg and "<style" not in svg
