"""An article's annotations -> brat stand-off (.txt, .ann, annotation.conf), and back without loss.

What brat shows and a person may change there: the type (our variable), the span, the attribute
Code, and the relation Describes from an attribute to what it is about. What brat has no place for
stands as JSON in the annotation's note; an annotation whose note was not touched comes back as it
was. brat breaks a span at line ends into fragments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hkresearch.core.article import Annotation, Article
from hkresearch.exchange.anchor import anchor, raise_faults

# Wherever a reader of lines may break one.
LINE_ENDS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
PLAIN_CODE = re.compile(r"[A-Za-z0-9_.+-]+\Z")
NO_TYPE_CHARACTER = re.compile(r"[^A-Za-z0-9_-]")
# Types of notes: of an annotation that brat shows, and of one without a visible character.
SHOWN_NOTE, HIDDEN_NOTE = "AnnotatorNotes", "Hkresearch"
NOTE_TEXTS = ("id", "subject", "variable", "code", "coder")
NOTE_OFFSETS = ("start", "end")
HIGHEST_OFFSET = 10**9
OVERLAP = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
DESCRIBES = "Describes\tArg1:<ENTITY>, Arg2:<ENTITY>"

CharacterSpan = tuple[int, int]
BratNote = dict[str, Any]


# ---------------------------------------------------------------------------------------- writing


def write_brat(article: Article, annotations: Iterable[Annotation]) -> tuple[str, str]:
    """Return (the .txt, the .ann) of one page.

    A span without a visible character stands in a note alone.
    """
    marks = list(annotations)
    fragments = {mark.id: _list_fragments(article.text, mark.start, mark.end) for mark in marks}
    shown = [mark.id for mark in marks if fragments[mark.id]]
    names = {id: f"T{number}" for number, id in enumerate(shown, 1)}
    lines: list[str] = []
    notes: list[str] = []
    for number, mark in enumerate(marks, 1):
        name = names.get(mark.id)
        note = _write_brat_note(mark)
        if name is None:
            target = "T1" if names else "*"
            notes.append(f"#{number}\t{HIDDEN_NOTE} {target}\t{note}")
        else:
            notes.append(f"#{number}\t{SHOWN_NOTE} {name}\t{note}")
            spans = fragments[mark.id]
            lines += _write_shown(article.text, mark, name, spans, names.get(mark.subject))
    return article.text, "".join(f"{line}\n" for line in [*lines, *notes])


def _write_brat_note(mark: Annotation) -> str:
    """Return the whole annotation as JSON, for what brat has no place for."""
    note = {
        "id": mark.id,
        "start": mark.start,
        "end": mark.end,
        "subject": mark.subject,
        "variable": mark.variable,
        "code": mark.code,
        "coder": mark.coder,
    }
    return json.dumps(note, ensure_ascii=True)


def _write_shown(
    text: str, mark: Annotation, name: str, spans: Sequence[CharacterSpan], parent: str | None
) -> Iterator[str]:
    """Yield the lines of an annotation: its span, its code, and what it describes."""
    number = name.removeprefix("T")
    places = ";".join(f"{start} {end}" for start, end in spans)
    words = " ".join(text[start:end] for start, end in spans)
    yield f"{name}\t{name_type(mark.variable)} {places}\t{words}"
    if PLAIN_CODE.match(mark.code):
        yield f"A{number}\tCode {name} {mark.code}"
    if parent is not None:
        yield f"R{number}\tDescribes Arg1:{name} Arg2:{parent}"


def _list_fragments(text: str, start: int, end: int) -> list[CharacterSpan]:
    """Return the parts of a span between line ends."""
    fragments = []
    position = start
    for found in LINE_ENDS.finditer(text, start, end):
        if found.start() > position:
            fragments.append((position, found.start()))
        position = found.end()
    if end > position:
        fragments.append((position, end))
    return fragments


def name_type(variable: str) -> str:
    """Return `variable` as brat may name a type: other signs become their code points."""
    named = NO_TYPE_CHARACTER.sub(lambda found: f"_u{ord(found.group()):04X}", variable)
    return named or "_"


def write_brat_configuration(annotations: Iterable[Annotation]) -> str:
    """Return the annotation.conf: types, one relation, the codes as an attribute's values."""
    marks = list(annotations)
    codes = sorted({mark.code for mark in marks if PLAIN_CODE.match(mark.code)})
    sections = {
        "entities": sorted({name_type(mark.variable) for mark in marks}),
        "relations": [OVERLAP, DESCRIBES],
        "events": [],
        "attributes": [f"Code\tArg:<ENTITY>, Value:{'|'.join(codes)}"] if codes else [],
    }
    blocks = []
    for name, lines in sections.items():
        blocks.append(f"[{name}]\n" + "".join(f"{line}\n" for line in lines))
    return "\n".join(blocks)


# ---------------------------------------------------------------------------------------- reading


class DrawnSpan(NamedTuple):
    """A line T of an .ann file."""

    type: str
    fragments: list[CharacterSpan]
    words: str
    line: int


@dataclass(slots=True)
class AnnFile:
    """What an .ann file says, by the names of its spans (T1, T2, ...).

    Attributes
    ----------
    spans, codes, parents, notes
        What a span is, its code, the span that it describes, and our note on it.
    hidden : list of (note, line)
        Annotations without a visible character.
    order : dict
        Annotation id -> its place among our notes.
    faults : list of str
        Lines that cannot be read.
    """

    spans: dict[str, DrawnSpan] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    notes: dict[str, BratNote] = field(default_factory=dict)
    hidden: list[tuple[BratNote, int]] = field(default_factory=list)
    order: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_brat(text: str, article: Article, coder: str = "brat") -> list[Annotation]:
    """Return the annotations of an .ann file of `article`.

    Those drawn or changed in brat are by `coder`. Raises HkresearchError naming every line that
    does not fit the page.
    """
    file = AnnFile()
    for number, line in enumerate(text.split("\n"), 1):
        try:
            _read_line(file, line, number)
        except (ValueError, TypeError, RecursionError) as error:
            file.faults.append(f"line {number}: {error}")
    found = _make_annotations(file, article, coder)
    for note, number in file.hidden:
        _try_anchor(found, file.faults, number, article, note)
    raise_faults(f"{article.id}.ann", file.faults)
    return sorted(found, key=lambda mark: file.order.get(mark.id, len(file.order)))


def _read_line(file: AnnFile, line: str, number: int) -> None:
    """Add what one line says to `file`; raises ValueError for one that cannot be read."""
    name, _, rest = line.partition("\t")
    head, _, tail = rest.partition("\t")
    if line.startswith("T"):
        type, _, places = head.partition(" ")
        fragments = [_read_fragment(piece) for piece in places.split(";")]
        file.spans[name] = DrawnSpan(type, fragments, tail, number)
    elif line.startswith("A") and head.startswith("Code "):
        _, target, code = head.split(" ", 2)
        file.codes[target] = code
    elif line.startswith("R") and head.startswith("Describes "):
        _, one, other = head.split()
        file.parents[one.removeprefix("Arg1:")] = other.removeprefix("Arg2:")
    elif line.startswith("#") and tail.startswith("{"):
        _read_note(file, head, tail, number)


def _read_note(file: AnnFile, head: str, tail: str, number: int) -> None:
    kind, _, target = head.partition(" ")
    if kind not in (SHOWN_NOTE, HIDDEN_NOTE):
        return
    note = json.loads(tail)
    if not _is_our_note(note):
        return  # a person's own
    file.order[note["id"]] = len(file.order)
    if kind == HIDDEN_NOTE:
        file.hidden.append((note, number))
    else:
        file.notes[target] = note


def _is_our_note(note: BratNote) -> bool:
    if not all(isinstance(note.get(name), str) for name in NOTE_TEXTS):
        return False
    offsets = [note.get(name) for name in NOTE_OFFSETS]
    return all(type(offset) is int and 0 <= offset < HIGHEST_OFFSET for offset in offsets)


def _read_fragment(piece: str) -> CharacterSpan:
    start, end = map(int, piece.split())
    return start, end


def _make_annotations(file: AnnFile, article: Article, coder: str) -> list[Annotation]:
    """Return the annotations of all spans, what an attribute describes before the attribute."""
    found: list[Annotation] = []
    ids: dict[str, str] = {}
    waiting = dict.fromkeys(sorted(file.spans, key=lambda name: (len(name), name)))
    while waiting:
        ready = [name for name in waiting if file.parents.get(name) not in waiting]
        for name in ready or list(waiting):  # two may describe each other
            parent = ids.get(file.parents.get(name, ""))
            given = _read_span(file, article, coder, name, parent)
            if _try_anchor(found, file.faults, file.spans[name].line, article, given):
                ids[name] = found[-1].id
            del waiting[name]
    return found


def _read_span(
    file: AnnFile, article: Article, coder: str, name: str, parent: str | None
) -> dict[str, Any]:
    """Return what a span says, as `anchor` takes it; `parent` is the id of what it describes."""
    span, note = file.spans[name], file.notes.get(name)
    drawn: dict[str, Any] = {
        "start": span.fragments[0][0],
        "end": span.fragments[-1][1],
        "subject": parent or article.id,
        "variable": span.type,
        "code": file.codes.get(name, ""),
        "coder": coder,
    }
    if note is None:
        words = " ".join(article.text[start:end] for start, end in span.fragments)
        return drawn if span.words == words else {**drawn, "exact": span.words}
    if name_type(note["variable"]) == span.type:
        drawn["variable"] = note["variable"]
    drawn["code"] = file.codes.get(name, note["code"])
    drawn["subject"] = parent or note["subject"]
    if _list_fragments(article.text, note["start"], note["end"]) == span.fragments:
        drawn |= {"start": note["start"], "end": note["end"]}
        names = ("variable", "code", "subject")
        if all(drawn[name] == note[name] for name in names):
            return {**drawn, "coder": note["coder"], "id": note["id"]}
    return {**drawn, "id": ""}


def _try_anchor(
    found: list[Annotation], faults: list[str], number: int, article: Article, given: BratNote
) -> bool:
    """Add the annotation that `given` describes to `found`, or its fault to `faults`."""
    try:
        found.append(anchor(article, given))
    except (ValueError, KeyError, TypeError) as error:
        faults.append(f"line {number}: {error}")
        return False
    return True
