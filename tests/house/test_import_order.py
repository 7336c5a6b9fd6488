"""The order of the rooms, as import-linter reads it from pyproject.toml, lazy and typing imports included."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.paths import ROOT


def lint_imports(source):
    """Return import-linter's exit status and words for the package below `source`."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


def test_a_room_imports_only_from_rooms_below_it():
    status, said = lint_imports(ROOT / "src")
    assert status == 0, said
    assert "2 kept, 0 broken" in said


@pytest.mark.parametrize(
    ("file", "lines", "why"),
    [
        (
            "core/article.py",
            "def look():\n    from hkresearch.tables.tables import Tables\n\n    return Tables\n",
            "an import inside a function counts",
        ),
        (
            "reconcile/claims.py",
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
            "    from hkresearch.report.render import Rendered\n",
            "an import for types counts",
        ),
        ("clean/metadata.py", "import pandas\n", "what sees one article imports no pandas"),
    ],
)
def test_a_broken_order_is_found(file, lines, why, tmp_path):
    shutil.copytree(ROOT / "src/hkresearch", tmp_path / "hkresearch")
    with (tmp_path / "hkresearch" / file).open("a", encoding="utf-8") as stream:
        stream.write("\n\n" + lines)
    status, said = lint_imports(tmp_path)
    assert status == 1 and "BROKEN" in said, why


def test_the_top_of_the_package_holds_folders_and_the_way_in():
    package = ROOT / "src/hkresearch"
    files = {path.name for path in package.iterdir() if path.is_file()}
    assert files == {"__init__.py", "__main__.py", "entry.py"}
