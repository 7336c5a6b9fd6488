"""A folder of tables about to be replaced -> a copy beside it, so that a report can compare."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATAPACKAGE = "datapackage.json"


def place_earlier(folder: str | os.PathLike[str]) -> Path:
    """Return the folder of the tables that those in `folder` replaced."""
    folder = Path(folder)
    return folder.with_name(folder.name + ".earlier")


@contextmanager
def keep_earlier(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Keep the tables of `folder` beside it if the body of `with` replaces them by others.

    The same tables written again, or with other codings by people alone, replace nothing.
    """
    folder, candidate = Path(folder), _place_candidate(folder)
    settle_earlier(folder)
    if (folder / DATAPACKAGE).is_file():
        shutil.copytree(folder, candidate, copy_function=_link)
    try:
        yield
        settle_earlier(folder)
    finally:
        shutil.rmtree(candidate, ignore_errors=True)


def settle_earlier(folder: str | os.PathLike[str]) -> None:
    """Make the copy of `folder` the earlier tables if other tables have replaced it since.

    A killed run may have left that undone.
    """
    candidate, earlier = _place_candidate(folder), place_earlier(folder)
    if not candidate.exists():
        return
    hashes = _read_hashes(candidate)
    if hashes and hashes != _read_hashes(Path(folder)):
        shutil.rmtree(earlier, ignore_errors=True)
        os.replace(candidate, earlier)
    shutil.rmtree(candidate, ignore_errors=True)


def _place_candidate(folder: str | os.PathLike[str]) -> Path:
    return Path(os.fspath(place_earlier(folder)) + ".new")


def _link(source: str, target: str) -> None:
    """Link `target` to the same bytes, at no cost; copy where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _read_hashes(folder: Path) -> dict[str, str]:
    """Return table -> its hash, without codings, in which nothing is compared."""
    try:
        package = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))
        hashes = {resource["name"]: resource["hash"] for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    hashes.pop("codings", None)
    return hashes
