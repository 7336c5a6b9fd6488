"""The notebooks: their shape, read cell by cell, and that each runs on any tables."""

import ast
import re
import tokenize
from io import StringIO

import pytest

from hkresearch.core.article import HkresearchError
from hkresearch.display.exhibit import Exhibit
from hkresearch.report.index import group_reports
from hkresearch.report.jobs import Rendered, list_jobs
from hkresearch.tables.tables import list_frames, write_tables
from support.notebooks import FORBIDDEN, LITERALS, read_cells
from support.paths import NOTEBOOKS

NOTEBOOK_FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
NAMES = [
    "changes", "disagreements", "organisation", "positions", "quantities", "quotations", "reliability", "sources", "timeline",
]  # fmt: skip

each_notebook = pytest.mark.parametrize("path", NOTEBOOK_FILES, ids=lambda path: path.stem)


def test_there_is_one_notebook_per_question():
    assert [path.stem for path in NOTEBOOK_FILES] == NAMES


@each_notebook
def test_it_is_a_valid_notebook_without_outputs(path):
    import sys

    sys.modules.setdefault(
        "rfc3987_syntax", None
    )  # saves three seconds of grammar that notebooks never need
    import nbformat

    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None
        for cell in read_cells(path, "code")
    )


@each_notebook
def test_cell_ids_are_words_and_unique(path):
    ids = [cell["id"] for cell in read_cells(path)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z-]*", id) for id in ids), (
        "an id that a person gave, so that it never changes"
    )


@each_notebook
def test_the_order_is_title_parameters_load_pairs_limits_making(path):
    cells = read_cells(path)
    assert (
        cells[0]["cell_type"] == "markdown"
        and cells[0]["text"].startswith("# ")
        and "?" in cells[0]["text"]
    )
    assert cells[1]["metadata"].get("tags") == ["parameters"]
    assert "hk.read_tables(data)" in cells[2]["text"]
    headings = [cell["text"].splitlines()[0] for cell in cells if cell["cell_type"] == "markdown"]
    assert headings[-2:] == ["## Limits", "## How this was made"]
    assert headings[1] == "## Answer" and "hk.show_answer(" in cells[4]["text"]


@each_notebook
def test_code_cells_are_few_and_short(path):
    cells = read_cells(path, "code")
    assert len(cells) <= 12
    assert all(
        len(cell["text"].splitlines()) <= 8 and max(map(len, cell["text"].splitlines())) <= 100
        for cell in cells
    )


@each_notebook
def test_parameters_are_annotated_literals_with_help(path):
    (cell,) = [
        cell for cell in read_cells(path, "code") if cell["metadata"].get("tags") == ["parameters"]
    ]
    lines = [line for line in cell["text"].splitlines() if line.strip()]
    for node, line in zip(ast.parse(cell["text"]).body, lines, strict=True):
        assert isinstance(node, ast.AnnAssign), (
            f"{line}: annotate it, so that papermill shows its type"
        )
        assert isinstance(ast.literal_eval(node.value), LITERALS)
        comments = [
            t.string
            for t in tokenize.generate_tokens(StringIO(line).readline)
            if t.type == tokenize.COMMENT
        ]
        assert comments and len(comments[0]) > 8, f"{line}: say at the end of the line what it is"


@each_notebook
def test_cells_call_and_do_not_compute(path):
    for cell in read_cells(path, "code"):
        tree = ast.parse(cell["text"])
        for node in ast.walk(tree):
            assert not isinstance(node, FORBIDDEN), (
                f"{cell['id']}: {type(node).__name__} belongs into a module"
            )
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                modules = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module]
                )
                assert {module.split(".")[0] for module in modules} <= {
                    "hkresearch",
                    "pandas",
                    "matplotlib",
                }
            if isinstance(node, ast.Attribute):
                assert not node.attr.startswith("_"), f"{cell['id']}: {node.attr} is nobody else's"
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "parameters" not in str(cell["metadata"])
            ):
                assert not re.search(r"[\\/]|\.\w{2,4}$", node.value), (
                    f"{cell['id']}: {node.value!r} looks like a path"
                )


@each_notebook
def test_a_cell_ends_in_one_expression_after_a_sentence(path):
    cells = read_cells(path)
    for before, cell in zip(cells, cells[1:], strict=False):
        if cell["cell_type"] == "code" and cell["id"] not in (
            "parameters",
            "load",
            "facts",
            "drawn",
        ):
            assert before["cell_type"] == "markdown", f"{cell['id']}: a sentence comes first"
            assert isinstance(ast.parse(cell["text"]).body[-1], ast.Expr)


@each_notebook
def test_no_number_is_typed_into_the_prose(path):
    prose = " ".join(cell["text"] for cell in read_cells(path, "markdown"))
    assert not re.search(r"\d", prose), "a number in prose is printed by a cell"


def run_cells(path, **parameters):
    """Return what each cell shows; a stand-in for a kernel that costs no seconds."""
    names, shown = {}, []
    for cell in read_cells(path, "code"):
        *statements, last = ast.parse(cell["text"]).body
        exec(compile(ast.Module(statements, []), cell["id"], "exec"), names)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), cell["id"], "eval"), names))
        else:
            exec(compile(ast.Module([last], []), cell["id"], "exec"), names)
        if cell["metadata"].get("tags") == ["parameters"]:
            unknown = set(parameters) - set(names)
            names |= {name: value for name, value in parameters.items() if name not in unknown}
    return shown


@pytest.fixture(scope="module")
def folders(small_tables, empty_tables, tmp_path_factory):
    """Three folders of tables: four pages; none; and one page about something else, with nothing found in it."""
    base = tmp_path_factory.mktemp("tables")
    write_tables(small_tables, base / "small")
    write_tables(empty_tables, base / "empty")
    frames = {name: frame.iloc[:0] for name, frame in list_frames(small_tables).items()}
    page = small_tables.articles["article_id"] == "daily"
    frames |= {
        "articles": small_tables.articles[page],
        "annotations": small_tables.annotations[
            (small_tables.annotations["article_id"] == "daily")
            & (small_tables.annotations["coder"] == "clean/1")
        ],
        "origins": small_tables.origins[small_tables.origins["article_id"] == "daily"],
    }
    frames["passages"] = small_tables.passages[
        small_tables.passages["annotation_id"].isin(frames["annotations"]["annotation_id"])
    ]
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    write_tables(type(small_tables)(frames, small_tables.codebook), base / "other")
    return base


@pytest.mark.kernel
@pytest.mark.parametrize("corpus", ["small", "empty", "other"])
@each_notebook
def test_it_runs_on_any_tables(path, corpus, folders):
    import matplotlib

    settings = dict(matplotlib.rcParams)
    shown = run_cells(path, data=str(folders / corpus), organisation="telegram", as_of="2020-07-08")
    assert len(shown) >= 4 and all(isinstance(exhibit, Exhibit) for exhibit in shown)
    kinds = [exhibit.content["kind"] for exhibit in shown]
    assert kinds[0] == "answer" and len(shown[0].content["text"]) > 20
    for exhibit in shown:
        if exhibit.content["kind"] == "figure":
            assert len(exhibit.content["alt"]) > 20 and exhibit.content["svg"].startswith("<svg")
    assert dict(matplotlib.rcParams) == settings, "a chart changed somebody else's settings"


@each_notebook
def test_every_table_and_figure_of_the_small_corpus_opens_passages(path, folders):
    shown = run_cells(path, data=str(folders / "small"), organisation="", as_of="")
    silent = {
        "Furniture by kind",
        "Refused pages",
        "Decisions",
        "What the tables were made of",
        "Article and furniture, page by page",
    }
    for exhibit in shown:
        content = exhibit.content
        if content["kind"] != "answer" and content["title"] not in silent and content["rows"]:
            assert content["evidence"], f"{content['title']}: no row opens a passage"


@pytest.mark.kernel
@each_notebook
def test_it_runs_on_whole_pages(path, sample):
    shown = run_cells(path, data=str(sample.tables))
    empty = [
        e.content["title"] for e in shown if e.content["kind"] == "figure" and not e.content["rows"]
    ]
    if path.stem == "reliability":  # nobody has coded these pages by hand, and the report says so
        assert "is coded by hand" in shown[0].content["text"]
        return
    assert not empty, "a figure of these pages has nothing to draw"
    for exhibit in shown:
        for column in exhibit.content.get("columns", []):
            assert not column["name"].endswith("evidence"), "evidence is opened, not printed"


def test_two_runs_show_the_same(folders):
    path = NOTEBOOKS / "positions.ipynb"
    one, other = (run_cells(path, data=str(folders / "small")) for _ in range(2))
    assert [dict(e.content) for e in one] == [dict(e.content) for e in other]


def test_an_organisation_nobody_mentions_is_no_error(folders):
    shown = run_cells(
        NOTEBOOKS / "organisation.ipynb", data=str(folders / "small"), organisation="whatsapp"
    )
    assert "no position and no quotation" in shown[0].content["text"]


@pytest.mark.parametrize(
    "name", ["organisation", "disagreements", "quantities", "quotations", "timeline"]
)
def test_an_organisation_that_is_not_in_the_codebook_is_an_error_with_the_choices(name, folders):
    with pytest.raises(HkresearchError, match="Choose one of: apple, facebook"):
        run_cells(NOTEBOOKS / f"{name}.ipynb", data=str(folders / "small"), organisation="nokia")


def test_an_unknown_organisation_stops_a_run_before_anything_is_published(small_tables):
    with pytest.raises(HkresearchError, match="'nokia' .* Choose one of"):
        list_jobs([NOTEBOOKS / "organisation.ipynb"], small_tables, {"organisation": "nokia"})
    assert (
        len(list_jobs([NOTEBOOKS / "organisation.ipynb"], small_tables, {"organisation": "apple"}))
        == 1
    )


def test_the_index_begins_with_what_a_reader_asks_first():
    made = [Rendered(name) for name in ("another", *NAMES, "organisation-x")]
    questions, dossiers = group_reports(made)
    names = [report.name for report in questions["reports"]]
    assert names[:2] == ["positions", "disagreements"] and set(names) == {"another", *NAMES}
    assert names[-2:] == ["another", "organisation"], "a notebook that nobody ordered comes last"
    assert [report.name for report in dossiers["reports"]] == ["organisation-x"]
