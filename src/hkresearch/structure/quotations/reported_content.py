"""A reporting verb and its subject -> the tokens of what is reported, left and right of the verb."""

from __future__ import annotations

from hkresearch.structure.quotations.reporting_lexicon import (
    ADDRESS,
    INFINITIVE,
    OBJECT,
    SHOW,
    SPEECH,
    THAT_ONLY,
    THOUGHT,
    Cue,
)
from hkresearch.structure.quotations.tokens import Clause, Report

SCENE_WORDS = frozenset("as when while after before because since".split())
SAYING = SPEECH | THOUGHT | SHOW
NEGATORS = frozenset({"not", "never", "no"})


def read_left(
    clause: Clause,
    start: int,
    speaker: tuple[int, int],
    cue: tuple[int, int],
    frames: Cue,
    after: int,
) -> Report | None:
    """`"...", X said` and `..., X said`: what stands before, and after, the cue's clause."""
    head = min(start, speaker[0])
    at = head - 1
    if at > clause.low and clause.words[at] == "as" and clause.tags[at - 1] in ",QN":
        at -= 1
    if (
        at < clause.low
        or clause.tags[at] not in (",", "Q", "-", ".")
        and clause.words[at + 1] != "as"
    ):
        return None
    stop = at + 1 if clause.tags[at] in "QN" else at
    begin = left_begin(clause, stop)
    if begin is None or stop <= begin:
        return None
    tail = _skip_apposition(clause, max(after, cue[1], speaker[1]))
    if not _is_content(clause, begin, stop):
        if begin > clause.low or tail >= clause.high - 1 or clause.tags[tail] != ",":
            return None
        opens = tail == cue[1] and clause.tags[begin] in "PSL"  # During the war, X said, ...
        is_split = (
            clause.tags[begin] in "XDNR" and clause.tags[tail + 1] in "AV"
        )  # The men, X said, were ...
        if not opens and not is_split:
            return None
        contents = [(begin, stop), (tail + 1, find_end(clause, tail + 1, start))]
        clause.reports.append(Report(cue, speaker, contents, "around", None, frames.frames))
        return clause.reports[-1]
    contents = [(begin, stop)]
    if tail < clause.high and clause.tags[tail] in ",:-":
        tail += 1
        if tail < clause.high and _continues(clause, tail, clause.tags[stop - 1] == "Q"):
            contents.append((tail, find_end(clause, tail, start)))
    elif tail < clause.high and clause.tags[tail] == "Q":
        contents.append((tail, clause.high))
    report = Report(
        cue, speaker, contents, "before" if len(contents) == 1 else "around", None, frames.frames
    )
    clause.reports.append(report)
    return report


def _skip_apposition(clause: Clause, at: int) -> int:
    """Return where `, a professor at X, ` and adjuncts end, if they do."""
    while at < clause.high and clause.tags[at] not in ",Q:;-":
        at += 1
    if (
        at < clause.high
        and clause.tags[at] == ","
        and at + 1 < clause.high
        and clause.tags[at + 1] in "DNXPEGWK"
    ):
        comma = next((j for j in range(at + 1, clause.high) if clause.tags[j] in ",Q"), None)
        if comma is not None:
            if clause.tags[comma] == "Q":
                return comma
            if comma + 1 < clause.high and clause.tags[comma + 1] == "Q":
                return comma
    return at


def _continues(clause: Clause, at: int, after_speech: bool) -> bool:
    """Whether what follows `, X said,` goes on with the content; after speech in marks only speech in marks does."""
    if clause.tags[at] == "Q":
        return True
    if after_speech:
        return clause.tags[at] in "CT" and clause.tags[at + 1 : at + 2] == ["Q"]
    return clause.tags[at] in "CTSAt" and clause.words[at] not in SCENE_WORDS


def left_begin(clause: Clause, stop: int) -> int | None:
    begin = clause.low
    for report in clause.reports:
        edge = max([report.cue[1]] + [c[1] for c in report.contents])
        if edge <= stop - 1:
            begin = max(begin, edge)
    while begin < stop and clause.tags[begin] in (",", ";", "C", "-") and begin > clause.low:
        begin += 1
    return begin


def _is_content(clause: Clause, begin: int, stop: int) -> bool:
    """A clause or speech, not an adjunct such as `In Flint,`."""
    if any(clause.tags[j] == "Q" for j in range(begin, stop)):
        return True
    if clause.tags[begin] in "SP" and not any(clause.tags[j] == "," for j in range(begin, stop)):
        return False
    return stop - begin >= 3 and any(clause.tags[j] in "AVKE'" for j in range(begin + 1, stop))


def skip_adjuncts(clause: Clause, at: int, cue: Cue) -> int:
    """Skip `on Monday`, `in a statement`, `Friday` after the verb."""
    tags, words = clause.tags, clause.words
    while at < clause.high:
        tag = tags[at]
        if tag in "LM":
            at += 1
        elif (
            tag == "P"
            and words[at] not in cue.prepositions
            or tag == "t"
            and tags[at + 1 : at + 2] in (["D"], ["X"], ["O"])
        ):
            end = at + 1
            while end < clause.high and (tags[end] in "XN0D'MGEOLP…"):
                end += 1
            at = end
        elif tag == "," and tags[at - 1] == "X" and at + 2 < clause.high and tags[at + 1] == "X":
            end = at + 1
            while end < clause.high and tags[end] == "X":
                end += 1
            if end >= clause.high or tags[end] != ",":
                break
            at = end + 1
        else:
            break
    return at


def read_right(clause: Clause, i: int, start: int, speaker, cue: Cue, form: str) -> Report | None:
    tags, words = clause.tags, clause.words
    frames = cue.frames
    at = i + 1
    listener = None
    while at + 1 < clause.high and tags[at] in "LM" and tags[at + 1] != "'":
        at += 1
    if at >= clause.high:
        return None
    if frames & ADDRESS and tags[at] in "XDONR0":
        listener = _find_listener(clause, at, frames)
        if listener:
            at = listener[1]
    if at >= clause.high:
        return None
    particles = [p[1:] for p in cue.prepositions if p[0] == "+"]
    if words[at] in particles:
        at += 1
        if at >= clause.high:
            return None
    opens = (
        tags[at] == "," and tags[at + 1 : at + 2] in (["Q"], ["T"]) or _is_infinitive(clause, at)
    )
    if tags[at] in "Pt," and not opens and words[at] not in cue.prepositions:
        skipped = skip_adjuncts(clause, at, cue)
        marked = tags[skipped : skipped + 1]
        if (
            marked in (["T"], ["Q"], [":"])
            or marked == [","]
            and tags[skipped + 1 : skipped + 2] in (["Q"], ["T"])
        ):
            at = skipped
        else:
            return None
    found = _find_begin(clause, at, i, cue, form, bool(listener))
    if found is None:
        return None
    begin, pattern = found
    if (
        pattern == "object"
        and frames & SPEECH
        and any(w in NEGATORS or w.endswith("n't") for w in words[start:i])
    ):
        return None  # "has not announced a change": nothing was announced
    if pattern == "infinitive" and listener:
        begin = listener[0]
    end = find_end(clause, begin, start)
    if pattern == "object":
        end = _find_object_end(clause, begin, end)
    elif tags[begin] == "Q" and clause.line.is_stopped(begin):
        end = _find_quote_end(clause, begin, end)
    if end <= begin:
        return None
    report = Report((start, i + 1), speaker, [(begin, end)], pattern, listener, frames)
    clause.reports.append(report)
    return report


def _is_infinitive(clause: Clause, at: int) -> bool:
    return at + 1 < clause.high and clause.tags[at] == "t" and clause.tags[at + 1] in "NKVALQ"


def _find_begin(
    clause: Clause, at: int, i: int, cue: Cue, form: str, has_listener: bool
) -> tuple[int, str] | None:
    """Return where the content begins and what kind of complement it is; None where the verb governs none."""
    tags, frames, words = clause.tags, cue.frames, clause.words
    tag = tags[at]
    following = tags[at + 1] if at + 1 < clause.high else ""
    if tag == "T" and frames & (SAYING | ADDRESS) and following:
        return at + 1, "that"
    if tag == "Q":
        return at, "quote"
    if tag == ":" and following:
        return at + 1, "colon"
    if tag == "," and following in ("Q", "T"):
        return at + 1, "quote"
    if tag == "t" and _is_infinitive(clause, at):
        return (
            (at, "infinitive")
            if frames & (INFINITIVE | ADDRESS if has_listener else INFINITIVE)
            else None
        )
    if words[at] in ("whether", "if") or tag == "W":
        return (at, "question") if frames & (SAYING | ADDRESS | OBJECT) else None
    if words[at] in cue.prepositions and following:
        return at + 1, "preposition"
    if tag in "RDXN0'EGOALM(K":
        if frames & SAYING and (not frames & THAT_ONLY or tag == "R") and has_clause(clause, at):
            return at, "clause"
        if not has_listener and frames & OBJECT and tag in "DXN0OGRKM":
            return at, "object"
    return None


def has_clause(clause: Clause, at: int) -> bool:
    """Whether a subject and a finite verb follow."""
    if clause.tags[at] == "R":
        return True
    for j in range(at + 1, min(clause.high, at + 25)):
        tag = clause.tags[j]
        if tag in "AV":
            return True
        if tag == "K" and clause.tags[j - 1] not in "D'P":
            return True
        if (
            tag == "E"
            and clause.tags[j - 1] in "XN"
            and j + 1 < clause.high
            and clause.words[j + 1] not in ("by",)
        ):
            return True
        if tag == "Q" and clause.line.segments[j].end - clause.line.segments[j].start > 12:
            return True
        if tag in ",;:WTSQ":
            return False
    return False


def _find_listener(clause: Clause, at: int, frames: int) -> tuple[int, int] | None:
    tags, words = clause.tags, clause.words
    if tags[at] == "O" or words[at] in clause.lexicon.listeners:
        return (at, at + 1)
    if tags[at] == "R":
        return (at, at + 1) if words[at] in ("you", "it") or words[at] == "everyone" else None
    end = at
    while end < clause.high and (
        tags[end] in "XN0'"
        or tags[end] == "D"
        and end == at
        or tags[end] == "D"
        and tags[end - 1] in "PC"
        or tags[end] in "PC"
        and end + 1 < clause.high
        and tags[end + 1] in "XDN"
    ):
        end += 1
    end_tag = tags[end] if end < clause.high else ""
    return (at, end) if end > at and (end_tag in "TtQ:WRD,PSM" or end_tag == "") else None


def find_end(clause: Clause, begin: int, start: int) -> int:
    """Return where the content stops: the sentence's end, or where its reporter goes on with another verb."""
    tags, words = clause.tags, clause.words
    depth = 0
    relative = (
        start > clause.low
        and tags[start - 1] in "W"
        and start - 1 > clause.low
        and tags[start - 2] == ","
    )
    inside = _is_inside(clause, start)
    for j in range(begin, clause.high):
        tag = tags[j]
        if tag == "(":
            depth += 1
        elif tag == ")":
            if depth == 0:
                return j
            depth -= 1
        elif depth:
            continue
        elif tag == ";":
            return j
        elif tag == "-" and clause.line.ends[j - 1] < clause.line.starts[j]:
            return j
        elif tag == "," and j > begin:
            if _ends_at_comma(clause, j, relative or inside):
                return j
        elif tag == "C" and j > begin and _ends_at_conjunction(clause, j):
            return j
        elif words[j] == "according" and j + 1 < clause.high and words[j + 1] == "to":
            return j
    return clause.high


def _find_quote_end(clause: Clause, begin: int, end: int) -> int:
    """`"That makes me smart," when ...`: a closed speech is the whole content, with the speech after it."""
    for j in range(begin + 1, end):
        if clause.tags[j] != "Q":
            return j
    return end


def _find_object_end(clause: Clause, begin: int, end: int) -> int:
    tags, words = clause.tags, clause.words
    for j in range(begin + 1, end):
        tag = tags[j]
        if tag == "," and not _is_series(clause, j, end) or tag == "S" and words[j] != "as":
            return j
        if tag == "P" and tags[j + 1 : j + 3] == ["0", "M"]:  # their plans on 6 July
            return j
        is_scene = (
            tag == "P"
            and j + 1 < end
            and (tags[j + 1] == "M" or words[j] in ("during", "amid", "despite"))
        )
        if tag == "M" or is_scene:
            return j
    return end


def _is_series(clause: Clause, j: int, end: int) -> bool:
    return any(clause.words[k] in ("and", "or") for k in range(j + 1, min(end, j + 12)))


def _is_inside(clause: Clause, start: int) -> bool:
    """Whether the cue stands in a clause that something follows: `When X said A, B`."""
    opening = (
        clause.tags[clause.low] == "S"
        or start <= clause.low + 1
        and clause.forms.get(start) == "participle"
    )
    return opening and not any(clause.tags[j] == "," for j in range(clause.low, start))


def _ends_at_comma(clause: Clause, j: int, is_inside: bool) -> bool:
    tags, words = clause.tags, clause.words
    k = j + 1
    while k < clause.high and tags[k] == "L":
        k += 1
    if k >= clause.high:
        return True
    if is_inside:
        return True
    if tags[k] == "K":
        cue = clause.lexicon.cues[words[k]]
        if "ing" in cue.forms or cue.frames & SPEECH and "past" in cue.forms:
            return True
    if tags[k] == "C" and _ends_at_conjunction(clause, k):
        return True
    while k + 1 < clause.high and (
        tags[k] == "M" or words[k] in ("days", "hours", "weeks", "months", "shortly", "just", "a")
    ):
        k += 1
    if words[k] in clause.lexicon.scene or words[k : k + 4] == ["in", "the", "wake", "of"]:
        return True
    return _is_parenthetical(clause, k)


def _is_parenthetical(clause: Clause, k: int) -> bool:
    """`, he said` and `, Jane Doe said`."""
    for m in range(k, min(clause.high, k + 8)):
        if clause.tags[m] == "K" and m > k:
            cue = clause.lexicon.cues[clause.words[m]]
            after = clause.tags[m + 1] if m + 1 < clause.high else ""
            return bool(
                cue.frames & SPEECH
                and cue.forms & {"past", "s"}
                and (after == "" or after in ",.PM")
            )
        if clause.tags[m] not in "XNDR0'":
            return False
    return False


def _ends_at_conjunction(clause: Clause, j: int) -> bool:
    """`... and called for`: the reporter goes on; `... and Jane Doe said`: another one does."""
    tags, words = clause.tags, clause.words
    k = j + 1
    while k < clause.high and tags[k] == "L":
        k += 1
    if k < clause.high and tags[k] == "K":
        cue = clause.lexicon.cues[words[k]]
        after = tags[k + 1] if k + 1 < clause.high else ""
        governs = (
            after in "TDRXQW:ONG"
            or after == "t"
            and cue.frames & INFINITIVE
            or words[k + 1] in cue.prepositions
        )
        return bool(
            governs
            and cue.forms & {"past", "s"}
            and "base" not in cue.forms
            and not cue.is_ambiguous
        )
    return False
