"""A line -> the owner that its copyright notice names."""

from __future__ import annotations

import re
from typing import NamedTuple

_SIGN = re.compile(r"(?:©|\(c\)|copyright\b|版權|版权)[\s©:：]*(?:\(c\)\s*)?(?:by\s+)?", re.I)
_YEAR = re.compile(
    r"(?:\s*[,，]?\s*(?:19|20)\d\d(?:\s*[-–]\s*(?:(?:19|20)\d\d|\d\d))?\s*年?[,，]?\s*)"
)
_BY = re.compile(r"(?:by\s+)?(?:©\s*)?", re.I)
_COMPANY_FORM = re.compile(
    r"[,\s]+(?:L\.?P\.?|LLC|Inc\.?|Ltd\.?|Limited|Corp\.?|Co\.?|plc|GmbH|S\.A\.|News & Media)"
    r"(?=\W|\Z).*\Z",
    re.I,
)
_NAME_END = re.compile(
    r"\s*(?:[.。;；|•·,，]|\ball rights\b|\bno part\b|版權|版权|保留).*\Z", re.I | re.S
)
_FURTHEST_SIGN = 60  # characters from the line's beginning
_LONGEST_OWNER = 60  # characters


class CopyrightOwner(NamedTuple):
    """The span of a line that names the owner, without the form of the company."""

    start: int
    end: int
    name: str
    has_year: bool


def is_copyright(line: str) -> bool:
    """Return whether a line claims copyright near its beginning."""
    return _SIGN.search(line, 0, _FURTHEST_SIGN) is not None


def read_copyright(line: str) -> CopyrightOwner | None:
    """Return the owner of the copyright that a line claims, None where it claims none."""
    sign = _SIGN.search(line, 0, _FURTHEST_SIGN)
    if not sign:
        return None
    year = _YEAR.match(line, sign.end())
    by = _BY.match(line, year.end() if year else sign.end())
    start = by.end() if by else sign.end()
    name = _NAME_END.sub("", _COMPANY_FORM.sub("", line[start:]))
    trailing = _YEAR.search(name)
    name = (name[: trailing.start()] if trailing else name).rstrip()
    if not 1 < len(name) <= _LONGEST_OWNER:
        return None
    return CopyrightOwner(start, start + len(name), name, bool(year or trailing))
