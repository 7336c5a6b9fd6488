"""The name of an optional package -> its module, or what to install."""

from __future__ import annotations

import importlib
from typing import Any

from hkresearch.core.article import HkresearchError


def import_extra(name: str) -> Any:
    """Return a module of the extra `cluster`.

    Raises HkresearchError with the command that installs it where it is missing.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise HkresearchError(
            f"this needs {name}. Type: python -m pip install 'hkresearch[cluster]'"
        ) from None
