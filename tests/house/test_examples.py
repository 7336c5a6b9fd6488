"""What the documentation shows runs: the README's lines of Python, and the example in each public name's docstring."""

import doctest
import os
import re
from pathlib import Path

import pytest

import hkresearch as hk
from support.paths import ROOT

README = re.search(
    r"## In Python\s+```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S
)[1]
IN_README = set(re.findall(r"\bhk\.(\w+)\(", README)) | {"Article"}


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """What the README's lines define, run where nothing of the project is overwritten."""
    place = tmp_path_factory.mktemp("project")
    (place / "data").mkdir()
    for name in ("data/raw", "notebooks"):
        (place / name).symlink_to(ROOT / name)
    here, found = Path.cwd(), {}
    os.chdir(place)
    try:
        exec(README, found)
        yield found
    finally:
        os.chdir(here)


def test_the_readme_runs(names):
    assert (
        len(names["tables"].claims) > 50 and (Path("data/processed") / "datapackage.json").is_file()
    )


RUNS_KERNELS = {"render_report"}


def mark(name):
    return pytest.param(name, marks=pytest.mark.kernel if name in RUNS_KERNELS else ())


@pytest.mark.parametrize("name", map(mark, sorted(hk.__all__)))
def test_each_public_name_has_an_example_that_runs(name, names):
    thing = getattr(hk, name)
    examples = doctest.DocTestFinder(recurse=False).find(thing, name, globs=dict(names))
    n = sum(len(test.examples) for test in examples)
    assert n or name in IN_README, f"{name}: show it in its docstring, or in the README"
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for test in examples:
        said = []
        runner.run(test, out=said.append)
        assert runner.failures == 0, "".join(said)
