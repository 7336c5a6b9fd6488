"""A line -> the outlets that it credits the text to: as a dateline, a byline or an ending."""

from __future__ import annotations

import re
from itertools import chain

from hkresearch.clean.boilerplate_cues import Telltales
from hkresearch.clean.copyright_lines import read_copyright
from hkresearch.clean.credit_words import CreditWords
from hkresearch.clean.outlet_names import NamedOutlet, Outlets, is_shaped, match_outlet
from hkresearch.clean.printed_dates import find_date
from hkresearch.core.words import HAN

_DATELINE = re.compile(
    r"(?P<place>[^()（）]{0,60}?)\(\s*(?P<name>[^()\d]{2,40}?)\s*\)\s*(?:[-–—]+|:)\s*"
)
_DATELINE_ALONE = re.compile(
    r"(?P<place>[A-Z][^()（）]{1,60}?)\(\s*(?P<name>[^()\d]{2,40}?)\s*\)\s*(?=[“\"'‘]?[A-Z])"
)
_BARE_DATELINE = re.compile(
    r"(?:[^\W\d_][\w .'’]{0,30}(?:,\s+|\s+[-–—]+\s+))?"
    r"(?P<name>[^\W\d_][\w .&'’]{1,40}?)\s*[-–—]{1,2}\s"
)
_BRACKETED = re.compile(r"[（(【\[〔](?P<name>[^）)】\]〕]{2,24})[）)】\]〕]")
_HEADED = re.compile(rf"(?P<name>[{HAN}]{{2,8}}[／/][{HAN}／/]{{1,12}})[\s　]")
_BRACKETED_PIECE = re.compile(r"[^／/、|｜]+")
_CABLE = re.compile(rf"[{HAN}]{{2}}[^，。\s]{{0,18}}?[電电讯訊][，,：:\s]")
_HAN_RUN = re.compile(rf"[{HAN}A-Za-z]{{3,10}}")
_CABLE_LENGTH = 12  # characters in which the agency stands
_SIGNED = re.compile(
    r"[（(](?P<name>[^（）()\d]{2,24})[）)]\W*\Z"
    r"|[。.!?！？”\"]\s*(?:[-–—]+)\s*(?P<other>[^\d\W][^\d.。]{1,40})\W*\Z"
)
_BEFORE_OUTLET = re.compile(r"(?:,|\||\band\b|\bfor\b|\bof\b|\bfrom\b|\bat\b|·|•|，|、|／)\s*")
_DATE_LENGTH = 24  # characters
_LONGEST_NOTE = 160  # characters of a line that names helpers
_STAFF = ("staff", "reporters", "writers")
_CAPITALISED = re.compile(r"(?:[Tt]he\s)?(?:[A-Z][\w&'’-]*\s?){1,5}")
_LIST_BREAK = re.compile(r"\s*(?:,|/|／|、|;|\band\b|&|和|及)\s*(?:and\s+)?")
_REPORT_END = re.compile(r"(?:報道|報導|报道|消息|外電|外电|電|电)\Z")
_AROUND = " \t\xa0-–—()（）[]【】.。:："


def find_dateline_credit(line: str, outlets: Outlets) -> NamedOutlet | None:
    """Return the agency with which the first line of a report opens.

    "(NAME) -", "PLACE, day (NAME) —", "PLACE (NAME) It", （NAME地點電）, "NAME --".
    """
    if (found := _DATELINE.match(line)) and _is_place(found["place"]):
        known = match_outlet(found["name"], found.start("name"), outlets)
        return known or _accept_name(found, outlets)
    if (found := _DATELINE_ALONE.match(line)) and _is_place(found["place"]):
        return match_outlet(found["name"], found.start("name"), outlets)
    if _CABLE.match(line) and (known := match_outlet(line[:_CABLE_LENGTH], 0, outlets)):
        return known
    if found := _BRACKETED.match(line) or _HEADED.match(line):
        for piece in _BRACKETED_PIECE.finditer(found["name"]):
            start = found.start("name") + piece.start()
            if known := match_outlet(piece.group(), start, outlets):
                return known
    found = _BARE_DATELINE.match(line)
    known = match_outlet(found["name"], found.start("name"), outlets) if found else None
    return known if found and known and known.end == found.end("name") else None


def _is_place(words: str) -> bool:
    """Return whether the words before the brackets are a place and perhaps a day, no sentence."""
    words = words.strip(" ,:")
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


def find_byline_credit(
    line: str, telltales: Telltales, words: CreditWords, outlets: Outlets
) -> NamedOutlet | None:
    """Return the outlet behind the writer's name, or alone on its line.

    "By X, NAME", "X | NAME", "Source: NAME", "NAME".
    """
    if found := _find_source(line, words, outlets) or _find_first_place(line, words, outlets):
        return found
    begin = telltales.skip("byline", line)
    known = match_outlet(line[begin:].strip(), begin, outlets)
    if known and (begin or _is_alone(line, known, telltales)):
        return known
    for piece in _BEFORE_OUTLET.finditer(line):
        is_behind_sign = "," in piece.group() or "|" in piece.group()
        if not begin and not is_behind_sign:
            continue
        known = match_outlet(line[piece.end() :], piece.end(), outlets)
        if known and len(line[known.end :].strip(" .|").split()) <= 2:
            return known
        if begin and (named := _find_employer(line, piece.end(), telltales, outlets)):
            return named
    if begin and "/" in line:
        behind = line[line.rindex("/") + 1 :]
        name = behind.lstrip()
        return match_outlet(name, len(line) - len(name), outlets)
    return None


def _find_employer(
    line: str, start: int, telltales: Telltales, outlets: Outlets
) -> NamedOutlet | None:
    """Return the outlet, known by its form only, with which a byline ends; a role is none."""
    name = line[start:].strip(" .|")
    words = name.split()
    if not words or telltales.match("role", words[-1]) or telltales.match("role", words[0]):
        return None
    is_section = all(word.casefold() in outlets.sections for word in words)
    if is_section or not is_shaped(name, outlets):
        return None
    return NamedOutlet(start, start + len(name), name)


def _is_alone(line: str, known: NamedOutlet, telltales: Telltales) -> bool:
    """Return whether a line is the outlet's name, and at most a role or the day."""
    rest = line[known.end :].strip(" .")
    if not rest or rest[0] in "•·|,—–-":
        return not rest or find_date(rest) is not None
    words = rest.split()
    return len(words) <= 3 and bool(
        telltales.match("role", words[-1]) or words[-1].casefold() in _STAFF
    )


def find_ending_credit(line: str, words: CreditWords, outlets: Outlets) -> NamedOutlet | None:
    """Return the outlet that a line at the end names as the text's.

    Its copyright, where it stood first, its source, its signature.
    """
    if owner := read_copyright(line):
        known = match_outlet(owner.name, owner.start, outlets)
        return known if known and (owner.has_year or not words.pictures.match(line)) else None
    if found := _find_first_place(line, words, outlets) or _find_source(line, words, outlets):
        return found
    signers = list_outlets(line, 0, words, outlets)
    if len(signers) == 1 and signers[0].name.casefold() not in words.nameless:
        return signers[0]
    if not signers and (signed := _SIGNED.search(line)):
        group = "name" if signed["name"] else "other"
        known = match_outlet(signed[group], signed.start(group), outlets)
        return known if known and known.end - known.start >= 0.5 * len(signed[group]) else None
    return None


def _find_first_place(line: str, words: CreditWords, outlets: Outlets) -> NamedOutlet | None:
    """Return the outlet that published the text before, by the line's own words."""
    again = words.republished.search(line)
    if not again:
        return None
    known = match_outlet(line[again.end() :], again.end(), outlets)
    if known or find_date(line[again.end() : again.end() + _DATE_LENGTH]):
        return known
    return _read_capitals(line, again.end()) or _read_han(line, again.end(), outlets)


def _find_source(line: str, words: CreditWords, outlets: Outlets) -> NamedOutlet | None:
    """Return the outlet that a line such as "Source: NAME" names."""
    source = words.sources.match(line) or words.han_sources.search(line)
    if not source:
        return None
    known = match_outlet(line[source.end() :], source.end(), outlets)
    if known:
        return known
    named = _read_capitals(line, source.end()) or _read_han(line, source.end(), outlets)
    is_rest = named is not None and len(line[named.end :].strip(_AROUND).split()) <= 2
    return named if named and is_rest and not outlets.is_other(named.name) else None


def _read_capitals(line: str, start: int) -> NamedOutlet | None:
    """Return the capitalised words at `start`: the name of an outlet that no list knows."""
    found = _CAPITALISED.match(line, start)
    name = found.group().strip() if found else ""
    return NamedOutlet(start, start + len(name), name) if len(name) > 2 else None


def _read_han(line: str, start: int, outlets: Outlets) -> NamedOutlet | None:
    """Return the longest run of Han characters at `start` that has the form of an outlet's name."""
    run = _HAN_RUN.match(line, start)
    for end in range(run.end() if run else start, start, -1):
        if is_shaped(line[start:end], outlets):
            return NamedOutlet(start, end, line[start:end])
    return None


def find_helpers(line: str, words: CreditWords, outlets: Outlets) -> list[NamedOutlet]:
    """Return whom a line credits beside the page's own reporters.

    "With reporting by NAME", "NAME contributed", "NAME and NAME", "(Agencies)", （綜合外電）.
    """
    if len(line) > _LONGEST_NOTE:
        return []
    if given := words.contributed.search(line):
        return list_outlets(line[: given.start()], 0, words, outlets)
    body = line.lstrip(_AROUND)
    start = len(line) - len(body)
    if (name := body.rstrip(_AROUND)).casefold() in words.nameless:
        return [NamedOutlet(start, start + len(name), name)]
    helped = words.helped.match(body) or words.put_together.match(body)
    if helped:
        return list_outlets(line, start + helped.end(), words, outlets)
    signers = list_outlets(line, 0, words, outlets)
    return signers if len(signers) > 1 else []


def list_outlets(line: str, start: int, words: CreditWords, outlets: Outlets) -> list[NamedOutlet]:
    """Return the outlets of a list that is all that a line holds from `start` on.

    Empty where anything else stands between or behind them.
    """
    names: list[NamedOutlet] = []
    position = start
    if not start and not match_outlet(line.lstrip(_AROUND), 0, outlets):
        return []
    for stop in chain(_LIST_BREAK.finditer(line, start), [None]):
        piece = line[position : stop.start() if stop else len(line)]
        name = piece.strip(_AROUND)
        begin = position + piece.find(name)
        position = stop.end() if stop else position
        if not name:
            continue
        name = _REPORT_END.sub("", name)
        known = match_outlet(name, begin, outlets)
        is_whole = known is not None and known.end - known.start >= len(name) - 1
        is_named = is_whole or name.casefold() in words.nameless
        if not is_named and not (start and is_shaped(name, outlets)):
            return []
        names.append(NamedOutlet(begin, begin + len(name), name))
    return names
