"""Notebooks written for the tests, and the cells of those that are there."""

import ast
import json

HOSTILE = (
    "<script>alert(1)</script> $ # _ * \\ @ [x](javascript:alert(1)) \u202e \x1b[31m 😀 臉書 脸书 "
    + "w" * 90
)


def write_notebook(
    path,
    *cells,
    parameters='data: str = "data/processed"\nsubject: str = "facebook"  # whom\nlimit: int = 3  # rows\n',
):
    import nbformat

    new = nbformat.v4
    parts = [
        new.new_markdown_cell("# Which position?\n\nAs the pages give it."),
        new.new_code_cell(parameters),
    ]
    parts[1].metadata["tags"] = ["parameters"]
    parts.append(new.new_code_cell("import hkresearch as hk\n\ntables = hk.read_tables(data)"))
    parts += [
        new.new_markdown_cell(c[1:]) if c.startswith("#!") else new.new_code_cell(c) for c in cells
    ]
    nbformat.write(new.new_notebook(cells=parts), path)
    return path


TABLE = """view = tables.positions[["organisation", "position", "exact"]].assign(
    words=subject, evidence=[[id] for id in tables.positions["position_id"]])
hk.show_table(view.head(limit), title=subject, tables=tables, note=subject)"""
ANSWER = (
    'hk.show_answer(subject, tables=tables, evidence=list(tables.positions["position_id"])[:2])'
)
FIGURE = """from matplotlib.figure import Figure
figure = Figure(figsize=(4, 2))
bars = figure.subplots().bar([subject[:20]], [1])
hk.show_figure(figure, title="Drawn", alt="One bar.", data=tables.quantities[["value"]], tables=tables)"""

FORBIDDEN = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While, ast.If, ast.IfExp,
    ast.Try, ast.With, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Raise, ast.Assert,
)  # fmt: skip
LITERALS = (str, int, float, bool)


def read_cells(path, kind=None):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [
        cell | {"text": "".join(cell["source"])}
        for cell in cells
        if kind in (None, cell["cell_type"])
    ]
