"""A sentence of running text -> the outlets that it credits: "told NAME", "according to NAME"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hkresearch.clean.credit_words import CreditWords
from hkresearch.clean.outlet_names import NamedOutlet, Outlets, fold_outlet, is_shaped, match_outlet
from hkresearch.core.words import has_han

_LONGEST_NAME = 60  # characters
_NAME = re.compile(
    r"(?:[Tt]he\s)?[A-Z][\w&'’.-]*(?:\s(?:(?:of|the|and|for|&)\s)?[A-Z][\w&'’.-]*){0,5}"
)
_NAME_AT_END = re.compile(
    r"(?:[Tt]he\s)?[A-Z][\w&’.-]*(?:\s(?:(?:of|the|for|&)\s)?[A-Z][\w&’.-]*){0,5}\Z"
)
_OWNER = re.compile(r"['’]s?\Z")
_WHICH = re.compile(r",?\s*(?:which|that)\s+\Z")
_LIST_GOES_ON = re.compile(r"(?:,\s*(?:and\s+)?|\s+and\s+)(?:the\s+)?")
_TITLE = re.compile(r"[《〈](?P<name>[^《》〈〉，。]{2,20})[》〉]")
_TITLE_OPENERS, _TITLE_CLOSERS = ("《", "〈"), ("》", "〉")
_HAN_CONTEXT = 8  # characters before a name in which the expression stands


def find_sentence_credits(line: str, words: CreditWords, outlets: Outlets) -> Iterator[NamedOutlet]:
    """Yield the outlets that a line of running text credits with something, in its language."""
    if has_han(line):
        yield from _find_han(line, words, outlets)
        return
    heading = match_outlet(line[:_LONGEST_NAME], 0, outlets)
    if heading and line[heading.end : heading.end + 2] == ": ":
        yield heading
    yield from _find_behind(line, words, outlets)
    yield from _find_before(line, words, outlets)


def _find_behind(line: str, words: CreditWords, outlets: Outlets) -> Iterator[NamedOutlet]:
    """Yield the names that stand behind "told", "according to a report in" and the like."""
    for frame in words.behind.finditer(line):
        described = words.described.match(line, frame.end())
        starts = {frame.end(), described.end() if described else frame.end()}
        for start in sorted(starts, reverse=True):
            found = _read_name(line, start, outlets) or _read_press(
                line, frame, start, words, outlets
            )
            if found and _read_next_word(line, found.end) in words.audiences:
                break
            if found:
                yield found
                yield from _read_list(line, found.end, outlets)
                break


def _read_next_word(line: str, end: int) -> str:
    following = re.match(r"['’]?s?\s+(\w+)", line[end : end + 30])
    return following.group(1).casefold() if following else ""


def _read_name(line: str, start: int, outlets: Outlets) -> NamedOutlet | None:
    """Return the outlet whose name begins at `start`: a known one, or one by its form."""
    known = match_outlet(line[start : start + _LONGEST_NAME], start, outlets)
    if known:
        return None if _goes_on(line, known, outlets) else known
    name = _NAME.match(line, start)
    if not name:
        return None
    text = _OWNER.sub("", name.group().rstrip(".,"))
    return NamedOutlet(start, start + len(text), text) if is_shaped(text, outlets) else None


def _goes_on(line: str, known: NamedOutlet, outlets: Outlets) -> bool:
    """Return whether a known name is only the beginning of another one."""
    follows = re.match(r"\s([A-Z][\w’'-]*)", line[known.end :])
    if not follows or line[known.end - 1] in ".,":
        return False
    if (
        known.name.isupper()
        or len(known.name.removeprefix("The ").removeprefix("the ").split()) > 1
    ):
        return False
    return not is_shaped(f"{known.name} {follows.group(1)}", outlets)


def _read_press(
    line: str, frame: re.Match[str], start: int, words: CreditWords, outlets: Outlets
) -> NamedOutlet | None:
    """Return any proper name whom a spokesperson tells something, or who is told by letter."""
    if not frame.group().casefold().startswith(("told", "tell")):
        return None
    name = _NAME.match(line, start)
    if not name:
        return None
    text = _OWNER.sub("", name.group().rstrip(".,"))
    end = start + len(text)
    is_press = (
        " the " in frame.group()
        or words.contacts.search(line[: frame.start()])
        or words.channels.match(line, end)
    )
    if is_press and not outlets.is_other(text):
        return NamedOutlet(start, end, text)
    return None


def _read_list(line: str, end: int, outlets: Outlets) -> Iterator[NamedOutlet]:
    """Yield the names that go on a list: "told X, Y and Z"."""
    while link := _LIST_GOES_ON.match(line, end):
        found = match_outlet(line[link.end() : link.end() + _LONGEST_NAME], link.end(), outlets)
        if not found:
            return
        yield found
        end = found.end


def _find_before(line: str, words: CreditWords, outlets: Outlets) -> Iterator[NamedOutlet]:
    """Yield the names that stand before "reported", "request for comment" and the like."""
    for frame in words.before.finditer(line):
        before = line[max(0, frame.start() - _LONGEST_NAME - 20) : frame.start()]
        if not before.endswith(" "):
            continue
        offset = frame.start() - len(before)
        before = words.adverbs.sub(" ", before)
        stripped = _OWNER.sub("", _WHICH.sub("", before).rstrip(" ,"))
        name = _NAME_AT_END.search(stripped)
        if not name:
            continue
        if found := _read_last_name(name.group(), offset + name.start(), outlets):
            yield found
            yield from _read_list_before(line, found.start, outlets)


def _read_last_name(text: str, start: int, outlets: Outlets) -> NamedOutlet | None:
    """Return the outlet with whose name `text` ends: "the state paper Global Times"."""
    begins = [word.start() for word in re.finditer(r"\S+", text)]
    for begin in begins:
        name = text[begin:]
        known = match_outlet(name, start + begin, outlets)
        if known and known.end == start + len(text):
            return known
    return NamedOutlet(start, start + len(text), text) if is_shaped(text, outlets) else None


def _read_list_before(line: str, start: int, outlets: Outlets) -> Iterator[NamedOutlet]:
    """Yield the names before "and NAME contributed"."""
    while link := re.search(r"(?:,\s*(?:and\s+)?|\s+and\s+)(?:the\s+)?\Z", line[:start]):
        name = _NAME_AT_END.search(line[max(0, link.start() - _LONGEST_NAME) : link.start()])
        if not name:
            return
        begin = link.start() - len(name.group())
        found = _read_last_name(name.group(), begin, outlets)
        if not found:
            return
        yield found
        start = found.start


def _find_han(line: str, words: CreditWords, outlets: Outlets) -> Iterator[NamedOutlet]:
    """Yield the outlets that a Chinese line credits, by what stands on both sides of the name."""
    for found in _list_han_names(line, outlets):
        start = found.start - (line[found.start - 1 : found.start] in _TITLE_OPENERS)
        end = found.end + (line[found.end : found.end + 1] in _TITLE_CLOSERS)
        if words.han_source.search(line, max(0, start - _HAN_CONTEXT), start):
            yield found
        elif words.han_verb.match(line, end):
            yield found
        elif words.han_address.search(line, max(0, start - _HAN_CONTEXT), start):
            if words.han_answer.match(line, end):
                yield found
    for match in words.han_unlisted.finditer(line):
        name = match["name"]
        if is_shaped(name, outlets) or fold_outlet(name) in outlets.names:
            yield NamedOutlet(match.start("name"), match.end("name"), name)


def _list_han_names(line: str, outlets: Outlets) -> Iterator[NamedOutlet]:
    """Yield the known names of a Chinese line, and those in title marks with an outlet's ending."""
    for match in outlets.han_names.finditer(line):
        yield NamedOutlet(match.start(), match.end(), match.group())
    for title in _TITLE.finditer(line):
        name = title["name"]
        if not outlets.han_names.search(name) and is_shaped(name, outlets):
            yield NamedOutlet(title.start("name"), title.end("name"), name)
