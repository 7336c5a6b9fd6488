"""A notebook -> the files beside it that its report depends on."""

from __future__ import annotations

from pathlib import Path

LOCK = "requirements.lock"


def find_lock(notebook: Path) -> Path | None:
    """Return the lock file of the project that `notebook` lies in, if there is one."""
    for folder in notebook.resolve().parents:
        if (folder / LOCK).is_file():
            return folder / LOCK
    return None


def list_modules(notebook: Path) -> list[Path]:
    """Return the Python files in the folder of `notebook`, which it may import."""
    return sorted(notebook.parent.glob("*.py"))
