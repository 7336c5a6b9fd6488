"""A line -> the outlet that it credits the text to: as a dateline, a byline or an ending."""

from __future__ import annotations

import re

from hkresearch.clean.boilerplate_cues import Telltales
from hkresearch.clean.copyright_lines import read_copyright
from hkresearch.clean.outlet_names import NamedOutlet, Outlets, fold_outlet, match_outlet
from hkresearch.clean.printed_dates import find_date
from hkresearch.core.words import HAN

_DATELINE = re.compile(
    r"(?P<place>[^()（）]{0,60}?)\(\s*(?P<name>[^()\d]{2,40}?)\s*\)\s*(?:[-–—]+|:)\s*"
)
_BARE_DATELINE = re.compile(
    r"(?:[^\W\d_][\w .'’]{0,30},\s+)?(?P<name>[^\W\d_][\w .&'’]{1,40}?)\s*[-–—]{1,2}\s"
)
_BRACKETED = re.compile(r"[（(【\[〔](?P<name>[^）)】\]〕]{2,24})[）)】\]〕]")
_CABLE = re.compile(rf"[{HAN}]{{2}}[^，。\s]{{0,18}}?[電电讯訊][，,：:\s]")
_CABLE_LENGTH = 12  # characters in which the agency stands
_SIGNED = re.compile(
    r"[（(](?P<name>[^（）()\d]{2,24})[）)]\W*\Z"
    r"|[。.!?！？”\"]\s*(?:[-–—]+)\s*(?P<other>[^\d\W][^\d.。]{1,40})\W*\Z"
)
_SIGNATURE = re.compile(r"[-–—(（【\[]*\s*(?P<name>[^\d\W][^()（）]{1,40}?)\s*[)）】\]]*\W*\Z")
_BEFORE_OUTLET = re.compile(r"(?:,|\||\band\b|\bfor\b|\bof\b|\bfrom\b|\bat\b|·|•|，|、|／)\s*")
_STAFF = ("staff", "reporters", "writers")
_CAPITALISED = re.compile(r"(?:(?:[Tt]he\s)?(?:[A-Z][\w&'’-]*\s?){1,5})")


def find_dateline_credit(line: str, outlets: Outlets) -> NamedOutlet | None:
    """Return the agency with which the first line of a report opens.

    "(NAME) -", "PLACE, day (NAME) —", （NAME地點電）, "NAME --".
    """
    if (found := _DATELINE.match(line)) and _is_place(found["place"]):
        known = match_outlet(found["name"], found.start("name"), outlets)
        return known or _accept_name(found, outlets)
    if _CABLE.match(line) and (known := match_outlet(line[:_CABLE_LENGTH], 0, outlets)):
        return known
    found = _BRACKETED.match(line)
    if found and (known := match_outlet(found["name"], found.start("name"), outlets)):
        return known
    found = _BARE_DATELINE.match(line)
    known = match_outlet(found["name"], found.start("name"), outlets) if found else None
    return known if found and known and known.end == found.end("name") else None


def _is_place(words: str) -> bool:
    """Return whether the words before the brackets are a place and perhaps a day, no sentence."""
    words = words.strip(" ,")
    if not words or words.isupper():
        return True
    return len(words.split()) <= 6 and words[:1].isupper() and "." not in words[:-1]


def _accept_name(found: re.Match[str], outlets: Outlets) -> NamedOutlet | None:
    """Return a name in brackets that no list knows, where it looks like an outlet's.

    A single word follows a place in capitals, or is written or ends like an outlet's name.
    """
    name = found["name"]
    words = name.split()
    is_name = all(word[:1].isupper() for word in words) and len(words) <= 4
    if not is_name or all(word.casefold() in outlets.sections for word in words) or find_date(name):
        return None
    is_plain = len(words) == 1 and not name.isupper() and not outlets.endings.search(name)
    if is_plain and not found["place"].isupper():
        return None
    return NamedOutlet(found.start("name"), found.end("name"), name)


def find_byline_credit(line: str, telltales: Telltales, outlets: Outlets) -> NamedOutlet | None:
    """Return the outlet behind the writer's name, or alone on its line.

    "By X, NAME", "Source: NAME", "NAME".
    """
    if source := outlets.sources.match(line):
        return match_outlet(line[source.end() :], source.end(), outlets)
    begin = telltales.skip("byline", line)
    known = match_outlet(line[begin:].strip(), begin, outlets)
    if known and (begin or _is_alone(line, known)):
        return known
    for piece in _BEFORE_OUTLET.finditer(line):
        known = match_outlet(line[piece.end() :], piece.end(), outlets)
        if not known or len(line[known.end :].strip(" .|").split()) > 2:
            continue
        if begin or "," in piece.group() or "|" in piece.group():
            return known
    if begin and "/" in line:
        behind = line[line.rindex("/") + 1 :]
        name = behind.lstrip()
        return match_outlet(name, len(line) - len(name), outlets)
    return None


def _is_alone(line: str, known: NamedOutlet) -> bool:
    rest = line[known.end :].strip().casefold()
    return known.end >= len(line.rstrip(" .")) or rest in _STAFF


def find_ending_credit(line: str, telltales: Telltales, outlets: Outlets) -> NamedOutlet | None:
    """Return the outlet that a line at the end names as the text's.

    Its copyright, where it stood first, its source, its signature.
    """
    if owner := read_copyright(line):
        known = match_outlet(owner.name, owner.start, outlets)
        return known if known and (owner.has_year or not outlets.pictures.match(line)) else None
    if again := outlets.republished.search(line):
        known = match_outlet(line[again.end() :], again.end(), outlets)
        return known or _read_capitals(line, again.end())
    if source := outlets.sources.match(line):
        return match_outlet(line[source.end() :], source.end(), outlets)
    alone = _SIGNATURE.match(line)
    if alone and fold_outlet(alone["name"]) in outlets.names:
        return NamedOutlet(alone.start("name"), alone.end("name"), alone["name"])
    if signed := _SIGNED.search(line):
        group = "name" if signed["name"] else "other"
        known = match_outlet(signed[group], signed.start(group), outlets)
        return known if known and known.end - known.start >= 0.5 * len(signed[group]) else None
    return None


def _read_capitals(line: str, start: int) -> NamedOutlet | None:
    """Return the capitalised words at `start`: the name of an outlet that no list knows."""
    found = _CAPITALISED.match(line, start)
    name = found.group().strip() if found else ""
    return NamedOutlet(start, start + len(name), name) if len(name) > 2 else None
