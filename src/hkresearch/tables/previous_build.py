"""A folder of tables about to be replaced -> the same beside the new one, so that a report can say what changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "datapackage.json"


def place_earlier(folder: str | os.PathLike) -> Path:
    """Return where the tables lie that those in `folder` replaced."""
    folder = Path(folder)
    return folder.with_name(folder.name + ".earlier")


@contextmanager
def keep_earlier(folder: str | os.PathLike) -> Iterator[None]:
    """Keep the tables of `folder` beside it if what happens inside replaces them by others.

    The same tables written once more, or with other codings by hand alone, replace nothing: the earlier ones stay those
    that differ.
    """
    folder, kept = Path(folder), _place_kept(folder)
    settle_earlier(folder)
    if (folder / PACKAGE).is_file():
        shutil.copytree(folder, kept, copy_function=_link)
    try:
        yield
        settle_earlier(folder)
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def settle_earlier(folder: str | os.PathLike) -> None:
    """Let what was kept of `folder` be the earlier tables if others have taken its place; a killed run may not have."""
    kept, earlier = _place_kept(folder), place_earlier(folder)
    if not kept.exists():
        return
    if (hashes := _read_hashes(kept)) and hashes != _read_hashes(Path(folder)):
        shutil.rmtree(earlier, ignore_errors=True)
        os.replace(kept, earlier)
    shutil.rmtree(kept, ignore_errors=True)


def _place_kept(folder: str | os.PathLike) -> Path:
    return Path(os.fspath(place_earlier(folder)) + ".new")


def _link(source: str, target: str) -> None:
    """A second name for the same bytes costs nothing; where the file system has none, a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _read_hashes(folder: Path) -> dict[str, str]:
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        hashes = {resource["name"]: resource["hash"] for resource in package["resources"]}
        return {
            name: digest for name, digest in hashes.items() if name != "codings"
        }  # which nothing is compared in
    except (OSError, ValueError, KeyError, TypeError):
        return {}
