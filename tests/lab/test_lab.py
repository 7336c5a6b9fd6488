"""The real JupyterLab in a real browser: the tour runs, a person codes by keyboard, a report runs again, all stays here."""

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from itertools import pairwise
from urllib.request import urlopen

import pytest

from hkresearch.codebook.book import read_codebook
from hkresearch.core.safe_text import reveal_text
from hkresearch.lab import TOUR, make_stripper, strip_outputs
from hkresearch.pages.register import register_files
from hkresearch.reconcile.decisions import read_decisions
from support.attacks import ATTACK, TEXTS, WORDS, relabel, write_pages
from support.notebooks import FORBIDDEN, LITERALS, read_cells
from support.paths import ROOT

PAGES = ("harbour-pause.txt", "yangben-weekly.txt")
READY = "text=Python 3 (ipykernel) | Idle"
MOST = 120_000  # ms; a machine that does other work too


def test_what_running_left_behind_is_not_saved(tmp_path):
    cell = {"cell_type": "code", "id": "a", "source": "1", "outputs": [{"x": 1}], "execution_count": 3,
            "metadata": {"tags": ["parameters"], "execution": {"t": 1}, "scrolled": True}}  # fmt: skip
    prose = {"cell_type": "markdown", "id": "b", "source": "words", "metadata": {}}
    notebook = {
        "cells": [cell, prose],
        "metadata": {
            "widgets": {},
            "kernelspec": {"name": "python3", "display_name": "Mine"},
            "language_info": {"version": "9"},
        },
    }
    stripped = strip_outputs(json.loads(json.dumps(notebook)))
    assert stripped["cells"] == [
        cell | {"outputs": [], "execution_count": None, "metadata": {"tags": ["parameters"]}},
        prose,
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert stripped["metadata"] == {"kernelspec": kernel, "language_info": {"name": "python"}}
    strip_saved = make_stripper(tmp_path / "notebooks")
    server = type("Server", (), {"root_dir": str(tmp_path)})
    for path, is_stripped in (
        ("notebooks/start/a.ipynb", True),
        ("mine/a.ipynb", False),
        ("notebooks.ipynb", False),
    ):
        content = json.loads(json.dumps(notebook))
        strip_saved(
            model={"type": "notebook", "content": content}, path=path, contents_manager=server
        )
        assert (content != notebook) is is_stripped, path
    strip_saved(
        model={"type": "file", "content": "x"}, path="notebooks/a.txt", contents_manager=server
    )


def test_the_tour_keeps_the_rules_of_notebooks():
    """Pairs of one sentence and one expression, committed without outputs; it is no question, so no report publishes it."""
    path = ROOT / "notebooks" / TOUR
    notebook, cells = json.loads(path.read_text("utf-8")), read_cells(path)
    assert strip_outputs(json.loads(path.read_text("utf-8"))) == notebook and path not in list(
        path.parents[1].glob("*.ipynb")
    )
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z][a-z-]*", id) for id in ids)
    assert cells[0]["text"].startswith("# ") and cells[1]["metadata"]["tags"] == ["parameters"]
    for statement in ast.parse(cells[1]["text"]).body:
        assert isinstance(ast.literal_eval(statement.value), LITERALS), "parameters are literals"
    for before, cell in pairwise(cells):
        if cell["cell_type"] == "code":
            assert before["cell_type"] == "markdown" or before["id"] == "parameters"
            assert (
                len(cell["text"].splitlines()) <= 8
                and max(map(len, cell["text"].splitlines())) <= 100
            )
            found = [
                node for node in ast.walk(ast.parse(cell["text"])) if isinstance(node, FORBIDDEN)
            ]
            assert not found, f"{cell['id']}: {ast.dump(found[0])}"


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A copy of the project, whose first page attacks, and a folder of all vectors, served by `hkresearch lab` with settings of its own."""
    base = tmp_path_factory.mktemp("lab")
    project, port = base / "project", find_port()
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    (base / "a-attack.txt").write_text(
        f"Headline {ATTACK}\n\n{ATTACK} {WORDS} {ATTACK}\n" * 2, encoding="utf-8"
    )
    write_pages(project / "hostile/raw")
    write_hostile(project / "hostile/all.ipynb")
    register_files(
        project / "data/raw", [base / "a-attack.txt", *(ROOT / "data/raw" / name for name in PAGES)]
    )
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run", "IPYTHONDIR": "ipython",
           "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
    source = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    settings = {name: str(base / folder) for name, folder in own.items()} | {
        "PYTHONPATH": source,
        "OMP_NUM_THREADS": "1",
    }
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=secret",
    ]
    with open(base / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "hkresearch", "lab", *options],
            cwd=project,
            env=os.environ | settings,
            stdout=log,
            stderr=log,
        )
        try:
            yield project, wait_for(f"http://127.0.0.1:{port}", server, base / "log")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


HOSTILE = """import dataclasses, json
from hkresearch.tables.tables import replace_frames
import hkresearch as hk
import pandas as pd
pd.set_option("display.html.use_mathjax", False)
texts = json.load(open("texts.json", encoding="utf-8"))
articles = hk.read_articles("raw")
articles[0]
---
book = hk.read_codebook()
dataclasses.replace(book, **json.load(open("book.json", encoding="utf-8")))
---
page = next(article for article in articles if article.id == "page")
marks = [*(parts := hk.clean_article(page, book)), *hk.structure_article(page, parts, book)]
hk.show_article(page, marks)
---
tables = hk.build_tables(articles, book)
tables = replace_frames(tables, codebook=tables.codebook | json.load(open("book.json", encoding="utf-8")))
tables
---
tables.annotations[["exact", "code", "subject"]].sample(150, random_state=1)
---
hk.show_claim(tables, tables.claims.nlargest(1, "n_articles")["claim_id"].iloc[0])
---
hk.find_passages(tables, "alert")
---
hk.show_table(pd.DataFrame({"what": texts, texts[0]: texts[::-1]}), title=texts[1], tables=tables, note=" ".join(texts))
---
hk.show_answer(" ".join(texts), tables=tables)
---
parts = hk.views.list_parts(tables)
hk.show_figure(hk.charts.draw_parts(parts), title=texts[2], alt=texts[3], data=parts, tables=tables)
---
hk.code_passages(tables, articles, coder="anna", folder="mine")
---
print(chr(10).join(texts))
---
raise ValueError(" ".join(texts))"""


def write_hostile(path):
    """A notebook that shows, in every way there is, what the pages, the codebook and a parameter say."""
    import nbformat

    new = nbformat.v4
    cells = [new.new_code_cell(cell) for cell in HOSTILE.split("\n---\n")]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(new.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    texts = [text.replace("\x00", "") for text in TEXTS]
    path.with_name("texts.json").write_text(json.dumps(texts), "utf-8")
    book = read_codebook()
    labelled = {
        "label": texts[5],
        "entities": relabel(dict(book.entities), texts),
        "variables": relabel(dict(book.variables), texts),
    }
    path.with_name("book.json").write_text(json.dumps(labelled), "utf-8")


def wait_for(address, server, log):
    last = time.monotonic() + MOST / 1000
    while time.monotonic() < last and server.poll() is None:
        try:
            with urlopen(f"{address}/api?token=secret", timeout=5):
                return address
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text('utf-8')[-2000:]}")


def choose(tab, menu, item):
    tab.get_by_role("menuitem", name=menu, exact=True).click()
    tab.get_by_role("menuitem", name=item, exact=True).click()


def open_tab(browser):  # noqa: F811
    """A tab of its own context, what went wrong in it, and what it asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(MOST)
    tab, faults, asked = context.new_page(), [], []
    tab.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    return tab, faults, asked


def test_the_tour_in_jupyterlab(browser, lab):  # noqa: F811
    project, address = lab
    tab, faults, asked = open_tab(browser)
    tab.goto(f"{address}/?token=secret")
    tab.wait_for_selector(".jp-Notebook .jp-CodeCell")
    tab.wait_for_selector(READY)
    assert "tour.ipynb" in tab.title() or tab.get_by_role("tab", name="tour.ipynb").is_visible(), (
        "it opens on the tour"
    )
    choose(tab, "Run", "Run All Cells")
    report = project / "data/tour/reports/positions.html"
    n_cells = len(read_cells(ROOT / "notebooks/start/tour.ipynb", "code"))
    tab.wait_for_function(
        f"document.querySelector('.jp-Notebook').textContent.includes('[{n_cells}]:')"
    )
    tab.wait_for_selector(READY)
    assert tab.locator(".jp-RenderedText[data-mime-type*=error]").count() == 0
    assert "2020-07-06" in report.read_text("utf-8") and report.with_suffix(".pdf").is_file()

    shown = tab.locator(".jp-OutputArea-output").all_text_contents()
    assert sum("<script>alert(1)</script>" in text for text in shown) >= 3, (
        "pages, highlighted page and coding view"
    )
    assert (
        tab.locator(".jp-OutputArea-output :is(mjx-container, script, iframe, img)").evaluate_all(
            "all => all.map((n) => n.outerHTML)"
        )
        == []
    )

    view = tab.locator(".hk-coding").first
    view.scroll_into_view_if_needed()
    view.locator(".page").focus()
    for key, said in (
        ("a", "accept"),
        ("r", "reject"),
        ("2", "recode refuse"),
        ("u", "Taken back: recode refuse"),
        ("3", "recode stop"),
    ):
        tab.keyboard.press(key)
        view.get_by_text(re.compile(rf"\b{said}")).and_(view.locator(".status")).wait_for()
    rows = read_decisions(project / "data/tour/decisions.csv")
    assert [(row["decision"], row["coder"]) for row in rows] == [
        (d, "visitor") for d in ("accept", "reject", "recode stop")
    ]
    assert tab.locator(".jp-Notebook .jp-CodeCell").count() == n_cells, (
        "no key reached the notebook"
    )

    before = report.read_text("utf-8")
    cell = tab.locator(".jp-CodeCell").first.locator(".cm-content")
    cell.click()
    tab.keyboard.press("Control+End")
    tab.keyboard.insert_text('\nas_of = "2020-07-02"')
    choose(tab, "Run", "Run All Cells")
    last = time.monotonic() + MOST / 1000
    while report.read_text("utf-8") == before and time.monotonic() < last:
        time.sleep(0.2)
    assert "2020-07-02" in report.read_text("utf-8")

    tab.keyboard.press("Control+s")
    saved = project / "notebooks/start/tour.ipynb"
    tab.wait_for_selector(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)")
    while "2020-07-02" not in saved.read_text("utf-8") and time.monotonic() < last:
        time.sleep(0.2)
    mine, theirs = (
        json.loads(path.read_text("utf-8")) for path in (saved, ROOT / "notebooks/start/tour.ipynb")
    )
    changed = [
        one["id"] for one, other in zip(mine["cells"], theirs["cells"], strict=True) if one != other
    ]
    assert changed == ["parameters"] and mine["metadata"] == theirs["metadata"], (
        "git sees what a person typed, and no output"
    )
    outside = sorted({url for url in asked if not url.startswith((address, "data:", "blob:"))})
    assert (faults, outside) == ([], [])
    tab.context.close()


def test_no_vector_runs_in_jupyterlab(browser, lab):  # noqa: F811
    """Pages, names, register, labels and parameters that attack, in every view and in the browser of files."""
    project, address = lab
    tab, faults, asked = open_tab(browser)
    tab.on("console", lambda message: message.type == "error" and faults.append(message.text))
    tab.goto(f"{address}/lab/workspaces/hostile/tree/hostile/all.ipynb?token=secret")
    tab.wait_for_selector(READY)
    choose(tab, "Run", "Run All Cells")
    last = HOSTILE.count("\n---\n") + 1
    tab.wait_for_function(
        f"document.querySelector('.jp-Notebook').textContent.includes('[{last}]:')"
    )
    tab.wait_for_selector(READY)
    for cell in tab.locator(".jp-CodeCell").all():  # a notebook draws what is in sight
        cell.scroll_into_view_if_needed()
    shown = " ".join(" ".join(tab.locator(".jp-OutputArea-output").all_text_contents()).split())
    assert shown.count("ValueError") == 3 and "Error" not in shown.partition("ValueError")[0], (
        "every cell but the last ended well"
    )
    assert [
        text
        for text in TEXTS
        if " ".join(reveal_text(text.replace("\x00", "")).split()) not in shown
    ] == [], "as text, whole"
    views = tab.locator(".jp-RenderedHTML, .hk-coding")
    assert views.count() >= 11 and tab.locator(".hk-coding").count() == 1
    strange = "img:not([src^='data:image/svg+xml;base64,'])"  # a chart is a picture
    acting = f"script, iframe, object, embed, {strange}, [action], mjx-container, link, meta, base, [onerror], [onload], [href^=javascript]"
    assert views.locator(f":is({acting})").evaluate_all("all => all.map((n) => n.outerHTML)") == []

    tab.locator(".jp-DirListing-item", has_text="raw").dblclick()
    tab.wait_for_selector(".jp-DirListing-item >> text=markup.html")
    names = tab.locator(".jp-DirListing-itemText").all_inner_texts()
    assert any("<script" in name for name in names) and len(names) > 20
    outside = sorted({url for url in asked if not url.startswith((address, "data:", "blob:"))})
    assert (faults, outside) == ([], [])
    tab.context.close()
