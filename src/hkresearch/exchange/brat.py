"""An article's annotations -> brat stand-off (.txt, .ann, annotation.conf), and back without loss.

What brat shows and a person may change there: the type (our variable), the span, the attribute
Code, and the relation Describes from an attribute to what it is about. What brat has no place for
stands as JSON in the annotation's note; an annotation whose note was not touched comes back as it
was. brat breaks a span at line ends into fragments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from hkresearch.core.article import Annotation, Article
from hkresearch.exchange.anchor import anchor, raise_faults

BREAK = re.compile(
    r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+"
)  # wherever a reader of lines may break one
WORD = re.compile(r"[A-Za-z0-9_.+-]+\Z")
NOTE, UNSHOWN = "AnnotatorNotes", "Hkresearch"


def write_brat(article: Article, annotations: Iterable[Annotation]) -> tuple[str, str]:
    """Return (the .txt, the .ann) of one page.

    A span without a visible character stands in a note alone.
    """
    marks = list(annotations)
    spans = {a.id: list(_list_fragments(article.text, a.start, a.end)) for a in marks}
    numbers = {id: n for n, id in enumerate((a.id for a in marks if spans[a.id]), 1)}
    lines, rest = [], []
    for a in marks:
        note = {"id": a.id, "start": a.start, "end": a.end, "subject": a.subject, "variable": a.variable,
                "code": a.code, "coder": a.coder}  # fmt: skip
        text, n = json.dumps(note, ensure_ascii=True), len(rest) + 1
        if a.id not in numbers:
            rest.append(f"#{n}\t{UNSHOWN} {'T1' if numbers else '*'}\t{text}")
            continue
        t = f"T{numbers[a.id]}"
        where = ";".join(f"{start} {end}" for start, end in spans[a.id])
        words = " ".join(article.text[start:end] for start, end in spans[a.id])
        lines.append(f"{t}\t{name_type(a.variable)} {where}\t{words}")
        rest.append(f"#{n}\t{NOTE} {t}\t{text}")
        if WORD.match(a.code):
            lines.append(f"A{numbers[a.id]}\tCode {t} {a.code}")
        if a.subject in numbers:
            lines.append(f"R{numbers[a.id]}\tDescribes Arg1:{t} Arg2:T{numbers[a.subject]}")
    return article.text, "".join(f"{line}\n" for line in [*lines, *rest])


def _list_fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    for match in BREAK.finditer(text, start, end):
        if match.start() > position:
            yield position, match.start()
        position = match.end()
    if end > position:
        yield position, end


def name_type(variable: str) -> str:
    """Return `variable` as brat may name a type: what is no letter, digit or hyphen becomes its
    code point.
    """
    return re.sub(r"[^A-Za-z0-9_-]", lambda match: f"_u{ord(match.group()):04X}", variable) or "_"


def write_brat_configuration(annotations: Iterable[Annotation]) -> str:
    """Return the annotation.conf for these annotations: types, one relation, the codes as an
    attribute's values.
    """
    marks = list(annotations)
    types = sorted({name_type(a.variable) for a in marks})
    codes = sorted({a.code for a in marks if WORD.match(a.code)})
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    attributes = [f"Code\tArg:<ENTITY>, Value:{'|'.join(codes)}"] if codes else []
    sections = {"entities": types, "relations": [overlap, "Describes\tArg1:<ENTITY>, Arg2:<ENTITY>"], "events": [],
                "attributes": attributes}  # fmt: skip
    return "\n".join(
        f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items()
    )


def read_brat(text: str, article: Article, coder: str = "brat") -> list[Annotation]:
    """Return the annotations of an .ann file of `article`, those drawn in brat under the name
    `coder`.

    Raises HkresearchError naming every line that does not fit the page.
    """
    spans, codes, parents, notes, unshown, faults, order = {}, {}, {}, {}, [], [], {}
    for number, line in enumerate(text.split("\n"), 1):
        try:
            id, _, rest = line.partition("\t")
            head, _, tail = rest.partition("\t")
            if line.startswith("T"):
                type, _, where = head.partition(" ")
                spans[id] = (
                    type,
                    [_read_fragment(piece) for piece in where.split(";")],
                    tail,
                    number,
                )
            elif line.startswith("A") and head.startswith("Code "):
                _, target, codes_value = head.split(" ", 2)
                codes[target] = codes_value
            elif line.startswith("R") and head.startswith("Describes "):
                _, one, other = head.split()
                parents[one.removeprefix("Arg1:")] = other.removeprefix("Arg2:")
            elif (
                line.startswith("#")
                and head.partition(" ")[0] in (NOTE, UNSHOWN)
                and tail.startswith("{")
            ):
                kind, _, target = head.partition(" ")
                note = json.loads(tail)
                if not _is_ours(note):
                    continue  # a person's own note
                order[note["id"]] = len(order)
                if kind == UNSHOWN:
                    unshown.append((note, number))
                else:
                    notes[target] = note
        except (ValueError, TypeError, RecursionError) as error:
            faults.append(f"line {number}: {error}")
    found = _make_annotations(article, coder, spans, codes, parents, notes, faults)
    for note, number in unshown:
        _try(found, faults, number, article, note)
    raise_faults(f"{article.id}.ann", faults)
    return sorted(found, key=lambda a: order.get(a.id, len(order)))


def _is_ours(note: dict[str, Any]) -> bool:
    texts, offsets = ("id", "subject", "variable", "code", "coder"), ("start", "end")
    is_whole = all(isinstance(note.get(name), str) for name in texts)
    return is_whole and all(
        type(note.get(name)) is int and 0 <= note[name] < 10**9 for name in offsets
    )


def _read_fragment(piece: str) -> tuple[int, int]:
    start, end = map(int, piece.split())
    return start, end


def _make_annotations(
    article: Article,
    coder: str,
    spans: dict,
    codes: dict,
    parents: dict,
    notes: dict,
    faults: list[str],
) -> list[Annotation]:
    """Make what an attribute describes before the attribute, so that its subject is known."""
    found: list[Annotation] = []
    made: dict[str, str] = {}
    waiting = dict.fromkeys(sorted(spans, key=lambda t: (len(t), t)))
    while waiting:
        ready = [t for t in waiting if parents.get(t) not in waiting] or list(
            waiting
        )  # two that describe each other
        for t in ready:
            given = _read_span(article, coder, t, spans, codes, notes, made.get(parents.get(t, "")))
            if _try(found, faults, spans[t][3], article, given):
                made[t] = found[-1].id
            del waiting[t]
    return found


def _read_span(
    article: Article, coder: str, t: str, spans: dict, codes: dict, notes: dict, parent: str | None
) -> dict[str, Any]:
    type, fragments, words, _ = spans[t]
    given = {"start": fragments[0][0], "end": fragments[-1][1], "subject": parent or article.id, "variable": type,
             "code": codes.get(t, ""), "coder": coder}  # fmt: skip
    note = notes.get(t)
    if note is None:
        joined = " ".join(article.text[start:end] for start, end in fragments)
        return given | ({"exact": words} if joined != words else {})
    is_moved = list(_list_fragments(article.text, note["start"], note["end"])) != fragments
    span = {} if is_moved else {"start": note["start"], "end": note["end"]}
    variable = note["variable"] if name_type(note["variable"]) == type else type
    code = codes[t] if t in codes and codes[t] != note["code"] else note["code"]
    subject = parent or note["subject"]
    is_changed = (
        is_moved
        or variable != note["variable"]
        or code != note["code"]
        or subject != note["subject"]
    )
    who = {"coder": coder, "id": ""} if is_changed else {"coder": note["coder"], "id": note["id"]}
    return given | span | {"variable": variable, "code": code, "subject": subject} | who


def _try(
    found: list[Annotation], faults: list[str], number: int, article: Article, given: dict[str, Any]
) -> bool:
    try:
        found.append(anchor(article, given))
        return True
    except (ValueError, KeyError, TypeError) as error:
        faults.append(f"line {number}: {error}")
        return False
