"""decisions.csv -> a person's corrections, applied to what the coders found."""

from __future__ import annotations

import os
from typing import Any


def read_decisions(path: str | os.PathLike) -> list[dict[str, Any]]:
    return []


def apply_decisions(frames, book, decisions):
    return frames, {}


def split_key(id):
    return id
