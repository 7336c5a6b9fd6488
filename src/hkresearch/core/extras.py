"""A package that not everybody needs -> the module, or what to install."""

from __future__ import annotations

from typing import Any

from hkresearch.core.article import HkresearchError


def import_extra(name: str) -> Any:
    """Return a module of the extra `cluster`; raises HkresearchError saying what to type where it is not installed."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise HkresearchError(
            f"this needs {name}. Type: python -m pip install 'hkresearch[cluster]'"
        ) from None
