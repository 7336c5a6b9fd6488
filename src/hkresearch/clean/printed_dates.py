"""A line -> the full date that it prints."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_MONTH_NAMES = (
    "jan january januar janvier enero gennaio janeiro ene",
    "feb february februar février febrero febbraio fevereiro",
    "mar march märz mars marzo março",
    "apr april avril abril aprile abr",
    "may mai mayo maggio maio",
    "jun june juni juin junio giugno junho",
    "jul july juli juillet julio luglio julho",
    "aug august août agosto ago",
    "sep sept september septembre septiembre settembre setembro",
    "oct october oktober octobre octubre ottobre outubro okt",
    "nov november novembre noviembre novembro",
    "dec december dezember décembre diciembre dicembre dezembro dez dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = (
    re.compile(rf"(?<!\d){_YEAR}[-/.]\s?(?P<month>\d{{1,2}})[-/.]\s?(?P<day>\d{{1,2}})(?!\d)"),
    re.compile(
        rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]"
    ),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º|er)?[\s-]+(?:de |of )?"
        rf"(?P<name>{_MONTH})\b\.?,?[\s-]+(?:de |del )?{_YEAR}",
        re.I,
    ),
    re.compile(rf"(?P<name>{_MONTH})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.I),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d)(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/{_YEAR}(?!\d)"),
)
_FOUR_DIGITS = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=4096)
def find_date(text: str) -> tuple[int, int, str] | None:
    """Return (start, end, ISO date) of the first full date that `text` prints, else None.

    03/04/2020 may be two days: it is none.
    """
    if not _FOUR_DIGITS.search(text):
        return None
    best = None
    for pattern in _DATES:
        found = pattern.search(text)
        if not found or (best is not None and found.start() >= best[0]):
            continue
        if day := _read_groups(found.groupdict()):
            best = (found.start(), found.end(), day)
    return best


def _read_groups(groups: dict[str, str]) -> str:
    """Return the ISO date of a match's named groups, "" when it is no day of the calendar."""
    if "one" in groups:
        one, two = int(groups["one"]), int(groups["two"])
        if one <= 12 and two <= 12 and one != two:
            return ""
        day, month = (one, two) if two <= 12 else (two, one)
    else:
        day = int(groups["day"])
        month = _MONTHS[groups["name"].lower()] if "name" in groups else int(groups["month"])
    try:
        return date(int(groups["year"]), month, day).isoformat()
    except ValueError:
        return ""
