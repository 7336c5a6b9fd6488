"""A reporting verb in its sentence -> the tokens of who reports."""

from __future__ import annotations

from hkresearch.structure.quotations.reporting_lexicon import SPEECH, Cue
from hkresearch.structure.quotations.tokens import Clause, Report


def find_subject(clause: Clause, start: int, i: int, form: str) -> tuple[int, int] | None:
    at = start - 1
    if at < clause.low:
        return _find_subject_after(clause, i) if form == "participle" else None
    tag = clause.tags[at]
    if form == "participle" and (at == clause.low and tag in "PS"):
        return _find_subject_after(clause, i) or _inherit_subject(clause, at)
    if tag == "t" or form == "participle":
        return _inherit_subject(clause, at)
    if tag in "RWT":
        return (at, at + 1)
    if tag == "C" or tag == "Q" and not _is_term(clause, at):
        return _inherit_subject(clause, at)
    if tag in (",", "-", ")"):
        return _find_apposed(clause, at) or _inherit_subject(clause, at)
    return find_noun_phrase(clause, at + 1) or _inherit_subject(clause, at)


def _is_nested(clause: Clause, report: Report) -> bool:
    return any(
        low <= report.cue[0] and report.contents[-1][1] <= high
        for other in clause.reports
        if other is not report
        for low, high in other.contents
    )


def _find_subject_after(clause: Clause, i: int) -> tuple[int, int] | None:
    """`After saying ..., she was ...`: the subject of the clause that follows."""
    for j in range(i + 1, clause.high - 1):
        if clause.tags[j] == "," or clause.tags[j] == "Q" and clause.line.is_stopped(j):
            end = j + 1
            while end < clause.high and clause.tags[end] in "XN0D'R":
                end += 1
            if end > j + 1 and end < clause.high and clause.tags[end] in "AVKEL":
                return (j + 1, end)
    return None


def _is_term(clause: Clause, at: int) -> bool:
    return at > clause.low and clause.tags[at - 1] in "DXN'P"


def _inherit_subject(clause: Clause, at: int) -> tuple[int, int] | None:
    """The subject of the verb before: that of the last cue, else the first noun phrase of the sentence."""
    for report in reversed(clause.reports):
        if report.speaker and report.contents[-1][1] <= at + 1 and report.pattern != "according":
            if _is_nested(clause, report):
                continue
            if clause.tags[report.speaker[0]] not in "WT" or report.contents[-1][1] >= at - 1:
                return report.speaker
    if clause.tags[at] == "C" and at - 1 > clause.low and clause.tags[at - 1] == ",":
        if first := _find_first_phrase(clause):
            return first
    if clause.tags[at] == ",":  # `..., saying`: the subject of the main clause
        if main := find_main_subject(clause):
            return main
    for i in range(at, clause.low - 1, -1):
        if i in clause.subjects and clause.subjects[i]:
            return clause.subjects[i]
        if clause.tags[i] in "AVE" and i > clause.low and clause.tags[i - 1] in "XNR0)W":
            if clause.tags[i - 1] in "RW":
                return (i - 1, i)
            found = find_noun_phrase(clause, i)
            if found:
                return found
    return _find_first_phrase(clause)


def _find_first_phrase(clause: Clause) -> tuple[int, int] | None:
    at = clause.low
    while at < clause.high and clause.tags[at] in "LCSP":
        if clause.tags[at] in "SP":
            comma = next(
                (j for j in range(at, min(clause.high, at + 25)) if clause.tags[j] == ","), None
            )
            if comma is None:
                return None
            at = comma + 1
        else:
            at += 1
        while at < clause.high and clause.tags[at] == ",":
            at += 1
    end = at
    while end < clause.high and (
        clause.tags[end] in "XN0D'R"
        or clause.tags[end] == "E"
        and clause.tags[end + 1 : end + 2] in (["X"], ["N"])
        or end > at
        and clause.words[end] in ("of", "for", "in", "and")
    ):
        end += 1
    while end > at and clause.tags[end - 1] in "PC":
        end -= 1
    return (at, end) if end > at else None


def find_main_subject(clause: Clause) -> tuple[int, int] | None:
    """Return the subject of the sentence's first verb, where it names somebody or is a pronoun."""
    for i in range(clause.low + 1, clause.high):
        if clause.tags[i] in "AVKE" and clause.tags[i - 1] in "XNR)'":
            if clause.tags[i - 1] == "R":
                return (i - 1, i)
            return find_noun_phrase(clause, i)
    return None


def find_speaker_before(clause: Clause) -> tuple[int, int] | None:
    """Return who speaks in `X, a firm, put it plainly: "..."`, where no reporting verb says so."""
    return _find_first_phrase(clause) or find_main_subject(clause)


def _find_apposed(clause: Clause, at: int) -> tuple[int, int] | None:
    """Return `Jane Doe, a professor at X,` before the verb: the phrase before the apposition, and it."""
    if clause.tags[at] == ")":
        opened = next(
            (j for j in range(at - 1, max(clause.low, at - 12) - 1, -1) if clause.tags[j] == "("),
            None,
        )
        if opened is None or opened == clause.low:
            return None
        found = find_noun_phrase(clause, opened)
        return (found[0], at + 1) if found else None
    mark = clause.tags[at]
    for j in range(at - 1, max(clause.low, at - 40) - 1, -1):
        if clause.tags[j] == mark and j > clause.low:
            if clause.tags[j + 1] in "DXNW0GEVPSKL" and clause.tags[j - 1] in "XN0')RQ":
                if clause.tags[j - 1] == ")":
                    return _find_apposed(clause, j - 1) and (_find_apposed(clause, j - 1)[0], at)
                found = find_noun_phrase(clause, j)
                if found and (
                    mark == "-"
                    or clause.tags[found[0]] in "XDNR0'"
                    and not _is_adjunct(clause, found)
                ):
                    return (found[0], at)
        elif clause.tags[j] in ";:Q":
            break
    return None


def _is_adjunct(clause: Clause, phrase: tuple[int, int]) -> bool:
    return (
        phrase[0] > clause.low
        and clause.tags[phrase[0] - 1] in "PS"
        and phrase[0] - 1 == clause.low
    )


def find_noun_phrase(clause: Clause, end: int) -> tuple[int, int] | None:
    """Return the noun phrase that ends before token `end`, with its prepositional phrases and coordinated names."""
    tags, words = clause.tags, clause.words
    at = end - 1
    start = end
    while at >= clause.low:
        tag = tags[at]
        if tag in "XN0D'":
            start = at
        elif tag == ")":
            opened = next(
                (j for j in range(at - 1, max(clause.low, at - 8) - 1, -1) if tags[j] == "("), None
            )
            if opened is None:
                break
            at = opened
            start = opened
        elif tag == "Q" and at > clause.low and tags[at - 1] in "XND" and _is_short(clause, at):
            if at + 1 < end and tags[at + 1] not in "NX0":
                break
            start = at
        elif tag == "P" and at > clause.low and tags[at - 1] in "XN0)EG" and start < end:
            pass
        elif (
            tag == "C"
            and words[at] in ("and", "or")
            and at > clause.low
            and tags[at - 1] in "XN0),"
        ):
            if not _is_list(clause, at):
                break
        elif tag == "," and _is_list_comma(clause, at, end):
            pass
        elif tag == "E" and at > clause.low and tags[at - 1] in "DX'N" and start < end:
            pass
        elif (
            tag == "E"
            and at > clause.low
            and tags[at - 1] == "Q"
            and tags[at + 1] in "XN"
            and start < end
        ):
            start = at
        elif tag == "G" and at > clause.low and tags[at - 1] in "DXN'":
            start = at
        elif (
            words[at] in ("which", "who")
            and at > max(clause.low, end - 12)
            and tags[at - 1] in "XN"
        ):
            pass
        elif tag == "A" and at > clause.low and tags[at - 1] == "W":
            pass
        elif tag == "L" and at > clause.low and tags[at - 1] in "DAW":
            pass
        else:
            break
        at -= 1
    while start < end and tags[start] in "'CP,":
        start += 1
    return (start, end) if start < end else None


def _is_short(clause: Clause, at: int) -> bool:
    segment = clause.line.segments[at]
    return segment.end - segment.start < 40 and segment.is_closed and not clause.line.is_stopped(at)


def _is_list(clause: Clause, at: int) -> bool:
    """Whether the `and` joins two names rather than two clauses."""
    j = at - 1
    while j >= clause.low and clause.tags[j] in "XN0D',C)(P":
        j -= 1
    return j < clause.low or clause.tags[j] in "STP:;.-LWQ"


def _is_list_comma(clause: Clause, at: int, end: int) -> bool:
    if clause.tags[at - 1 : at] == ["X"] and any(
        clause.words[j] == "and" for j in range(at + 1, end)
    ):
        return all(clause.tags[j] in "XN0C,'D" for j in range(at + 1, end))
    return False


def find_inverted(clause: Clause, i: int, start: int, cue: Cue) -> tuple[int, int] | None:
    """Return the subject right of the verb in `..., said Jane Doe, a professor.`"""
    if (
        not cue.frames & SPEECH
        or start == clause.low
        or start != i
        or i + 1 >= clause.high
        or clause.tags[i - 1] not in ",Q"
    ):
        return None
    if (
        "ing" in cue.forms
        or clause.tags[i + 1] not in "XDNR0"
        or clause.words[i] in ("told", "tells", "tell")
    ):
        return None
    if (
        clause.tags[i + 1] == "N"
        and not clause.words[i + 1].endswith("s")
        and clause.tags[i + 2 : i + 3] != ["X"]
    ):
        return None
    at = i + 1
    while at < clause.high and (
        clause.tags[at] in "XN0D'R"
        or clause.tags[at] in "PCt-"
        and at + 1 < clause.high
        and clause.tags[at + 1] in "XDN0"
        or clause.tags[at] in "GE"
        and clause.tags[at - 1] in "D'"
    ):
        if clause.tags[at] == "P" and clause.words[at] not in ("of", "for", "at", "from", "with"):
            break
        at += 1
    stop = at
    if stop < clause.high and clause.tags[stop] == "(":
        closing = next(
            (j for j in range(stop, min(clause.high, stop + 8)) if clause.tags[j] == ")"), None
        )
        stop = closing + 1 if closing else stop
    if stop < clause.high and (
        clause.tags[stop] in "AVKT" or clause.tags[stop] == "E" and clause.tags[i - 1] == ","
    ):
        return None
    return (i + 1, stop)
