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
from pathlib import Path
from urllib.request import urlopen

import pytest
from test_browser import browser  # noqa: F401 (a fixture)
from test_coding_view import ATTACK, WORDS
from test_notebooks import FORBIDDEN, LITERALS, read_cells

from hkresearch.lab import TOUR, make_stripper, strip_outputs
from hkresearch.reconcile.decisions import read_decisions
from hkresearch.source import register_files

ROOT = Path(__file__).parents[1]
PAGES = ("harbour-pause.txt", "yangben-weekly.txt")
READY = "text=Python 3 (ipykernel) | Idle"
MOST = 120_000  # ms; a machine that does other work too


def test_what_running_left_behind_is_not_saved(tmp_path):
    cell = {"cell_type": "code", "id": "a", "source": "1", "outputs": [{"x": 1}], "execution_count": 3,
            "metadata": {"tags": ["parameters"], "execution": {"t": 1}, "scrolled": True}}  # fmt: skip
    prose = {"cell_type": "markdown", "id": "b", "source": "words", "metadata": {}}
    notebook = {"cells": [cell, prose], "metadata": {"widgets": {}, "kernelspec": {"name": "python3", "display_name": "Mine"}, "language_info": {"version": "9"}}}
    stripped = strip_outputs(json.loads(json.dumps(notebook)))
    assert stripped["cells"] == [cell | {"outputs": [], "execution_count": None, "metadata": {"tags": ["parameters"]}}, prose]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert stripped["metadata"] == {"kernelspec": kernel, "language_info": {"name": "python"}}
    strip_saved = make_stripper(tmp_path / "notebooks")
    server = type("Server", (), {"root_dir": str(tmp_path)})
    for path, is_stripped in (("notebooks/start/a.ipynb", True), ("mine/a.ipynb", False), ("notebooks.ipynb", False)):
        content = json.loads(json.dumps(notebook))
        strip_saved(model={"type": "notebook", "content": content}, path=path, contents_manager=server)
        assert (content != notebook) is is_stripped, path
    strip_saved(model={"type": "file", "content": "x"}, path="notebooks/a.txt", contents_manager=server)


def test_the_tour_keeps_the_rules_of_notebooks():
    """Pairs of one sentence and one expression, committed without outputs; it is no question, so no report publishes it."""
    path = ROOT / "notebooks" / TOUR
    notebook, cells = json.loads(path.read_text("utf-8")), read_cells(path)
    assert strip_outputs(json.loads(path.read_text("utf-8"))) == notebook and path not in list(path.parents[1].glob("*.ipynb"))
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z][a-z-]*", id) for id in ids)
    assert cells[0]["text"].startswith("# ") and cells[1]["metadata"]["tags"] == ["parameters"]
    for statement in ast.parse(cells[1]["text"]).body:
        assert isinstance(ast.literal_eval(statement.value), LITERALS), "parameters are literals"
    for before, cell in zip(cells, cells[1:]):
        if cell["cell_type"] == "code":
            assert before["cell_type"] == "markdown" or before["id"] == "parameters"
            assert len(cell["text"].splitlines()) <= 8 and max(map(len, cell["text"].splitlines())) <= 100
            found = [node for node in ast.walk(ast.parse(cell["text"])) if isinstance(node, FORBIDDEN)]
            assert not found, f"{cell['id']}: {ast.dump(found[0])}"


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A copy of the project, whose first page attacks, served by `hkresearch lab` with settings of its own."""
    base = tmp_path_factory.mktemp("lab")
    project, port = base / "project", find_port()
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    (base / "a-attack.txt").write_text(f"Headline {ATTACK}\n\n{ATTACK} {WORDS} {ATTACK}\n" * 2, encoding="utf-8")
    register_files(project / "data/raw", [base / "a-attack.txt", *(ROOT / "data/raw" / name for name in PAGES)])
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run", "IPYTHONDIR": "ipython",
           "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
    source = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    settings = {name: str(base / folder) for name, folder in own.items()} | {"PYTHONPATH": source, "OMP_NUM_THREADS": "1"}
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=secret"]
    with open(base / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "hkresearch", "lab", *options], cwd=project, env=os.environ | settings, stdout=log, stderr=log
        )
        try:
            yield project, wait_for(f"http://127.0.0.1:{port}", server, base / "log")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


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


def test_the_tour_in_jupyterlab(browser, lab):  # noqa: F811
    project, address = lab
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(MOST)
    tab, faults, asked = context.new_page(), [], []
    tab.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))

    tab.goto(f"{address}/?token=secret")
    tab.wait_for_selector(".jp-Notebook .jp-CodeCell")
    tab.wait_for_selector(READY)
    assert "tour.ipynb" in tab.title() or tab.get_by_role("tab", name="tour.ipynb").is_visible(), "it opens on the tour"
    choose(tab, "Run", "Run All Cells")
    report = project / "data/tour/reports/positions.html"
    n_cells = len(read_cells(ROOT / "notebooks/start/tour.ipynb", "code"))
    tab.wait_for_function(f"document.querySelector('.jp-Notebook').textContent.includes('[{n_cells}]:')")
    tab.wait_for_selector(READY)
    assert tab.locator(".jp-RenderedText[data-mime-type*=error]").count() == 0
    assert "2020-07-06" in report.read_text("utf-8") and report.with_suffix(".pdf").is_file()

    shown = tab.locator(".jp-OutputArea-output").all_text_contents()
    assert sum("<script>alert(1)</script>" in text for text in shown) >= 3, "pages, highlighted page and coding view"
    assert tab.locator(".jp-OutputArea-output :is(mjx-container, script, iframe, img)").evaluate_all("all => all.map((n) => n.outerHTML)") == []

    view = tab.locator(".hk-coding").first
    view.scroll_into_view_if_needed()
    view.locator(".page").focus()
    for key, said in (("a", "accept"), ("r", "reject"), ("2", "recode refuse"), ("u", "Taken back: recode refuse"), ("3", "recode stop")):
        tab.keyboard.press(key)
        view.get_by_text(re.compile(rf"\b{said}")).and_(view.locator(".status")).wait_for()
    rows = read_decisions(project / "data/tour/decisions.csv")
    assert [(row["decision"], row["coder"]) for row in rows] == [(d, "visitor") for d in ("accept", "reject", "recode stop")]
    assert tab.locator(".jp-Notebook .jp-CodeCell").count() == n_cells, "no key reached the notebook"

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
    mine, theirs = (json.loads(path.read_text("utf-8")) for path in (saved, ROOT / "notebooks/start/tour.ipynb"))
    changed = [one["id"] for one, other in zip(mine["cells"], theirs["cells"], strict=True) if one != other]
    assert changed == ["parameters"] and mine["metadata"] == theirs["metadata"], "git sees what a person typed, and no output"
    outside = sorted({url for url in asked if not url.startswith((address, "data:", "blob:"))})
    assert (faults, outside) == ([], [])
    context.close()
