"""One line of Chinese -> who reports what in it, by the verb between speaker and content (no word spaces needed)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hkresearch.structure.text.quotation_marks import Segment

HAN = re.compile("[\u3400-\u9fff]")
STOPS = "。！？!?；;｡"
EDGES = "，,。！？!?；;：:、｡…"
TRIMMED = " \t\u3000，,：:；;。、"
EDGE = re.compile("[，,；;]")
LONGEST_SPEAKER = 40
LONGEST_OPENING = 200  # characters of a sentence in which its subject is looked for


@dataclass(frozen=True, slots=True)
class HanLexicon:
    """The Chinese lists of the codebook as patterns."""

    cue: re.Pattern  # a cue, or a longer word that only contains one
    cues: frozenset[str]
    thought: frozenset[str]
    according: re.Pattern
    lead: re.Pattern  # what may stand before the speaker
    adjunct: re.Pattern  # what ends the speaker
    role: re.Pattern  # what belongs to the speaker after a name
    negation: re.Pattern
    quoting: re.Pattern  # the speaker comes after it
    joins: re.Pattern  # what stands between the names of one list
    about: re.Pattern  # a clause that begins so ends at its comma


@dataclass(slots=True)
class HanReport:
    """One reported content; offsets in the text layer."""

    cue: tuple[int, int] | None
    speaker: tuple[int, int] | None
    contents: list[tuple[int, int]]
    pattern: str


def is_chinese(text: str, start: int, end: int) -> bool:
    """Return whether at least a fifth of the line is written in Han characters."""
    return 5 * sum(1 for _ in HAN.finditer(text, start, end)) >= end - start


def read_han_lexicon(section: Mapping[str, Any]) -> HanLexicon:
    """Return the patterns of the codebook's [quotations.zh] section."""
    return _build(tuple((key, value) for key, value in section.items() if isinstance(value, str)))


@lru_cache(maxsize=8)
def _build(items: tuple) -> HanLexicon:
    lists = {name: value.split() for name, value in items}

    def join(*names: str) -> str:
        words = {word for name in names for word in lists.get(name, ())}
        return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))

    cues, others = (
        {*lists.get("speech", ()), *lists.get("thought", ())},
        set(lists.get("not_cues", ())),
    )
    words = sorted(cues | others, key=lambda w: (-len(w), w))
    return HanLexicon(
        cue=re.compile("|".join(map(re.escape, words))),
        cues=frozenset(cues - others),
        thought=frozenset(lists.get("thought", ())),
        according=re.compile(
            rf"(?:{join('according')})(.{{1,{LONGEST_SPEAKER}}}?)(?:{join('reports')})?[，,：:]"
        ),
        lead=re.compile(
            rf"(?:{join('leads')}|[0-9０-９一二三四五六七八九十]+(?:年|月|日|號|号)|[ \u3000])+"
        ),
        negation=re.compile(join("negations")),
        quoting=re.compile(join("quoting")),
        joins=re.compile(rf"(?:{join('joins')}|\s)*"),
        about=re.compile(join("about")),
        role=re.compile(f"(?:{join('roles')})+"),
        adjunct=re.compile(rf"{join('adjuncts')}|[0-9０-９]+(?:年|月|日|號|号)"),
    )


def find_han_reports(
    text: str,
    start: int,
    end: int,
    segments: Sequence[Segment],
    lexicon: HanLexicon,
    names: Sequence[tuple[int, int]] = (),
) -> list[HanReport]:
    """Return the reports of one line in order; marked segments that no cue covers go on with the speaker before."""
    reports: list[HanReport] = []
    for low, high, inside in _split_sentences(text, start, end, segments):
        reports += _read_sentence(text, low, high, inside, lexicon, names)
    return reports


def _split_sentences(text: str, start: int, end: int, segments: Sequence[Segment]):
    """Yield (start, end, segments) of the sentences; none ends inside a marked segment."""
    low, inside, position = start, [], start
    for segment in [*segments, None]:
        stop = segment.outer_start if segment else end
        for i in range(position, stop):
            if text[i] in STOPS:
                yield low, i + 1, inside
                low, inside = i + 1, []
        if segment is None:
            break
        inside.append(segment)
        position = segment.outer_end
        introduced = segment.outer_start > low and text[segment.outer_start - 1] in "：:，,"
        goes_on = text[position : position + 1] in tuple("「『“，,")
        if (
            introduced
            and not goes_on
            and text[segment.end - 1] in STOPS
            and text[low : segment.outer_start].strip()
        ):
            yield low, position, inside
            low, inside = position, []
    if low < end:
        yield low, end, inside


def _read_sentence(
    text: str, low: int, high: int, segments: list[Segment], lexicon: HanLexicon, names: Sequence
):
    reports: list[HanReport] = []
    if (
        match := lexicon.according.match(text, low + _count_space(text, low, high), high)
    ) and match.group(1):
        begin, stop = _trim(text, match.end(), high)
        if begin < stop:
            speaker = _trim(text, *match.span(1))
            return [
                HanReport((match.start(), match.start(1)), speaker, [(begin, stop)], "according")
            ]
    found = _find_cues(text, low, high, segments, lexicon)
    starts, ends = [s.outer_start for s in segments], [s.outer_end for s in segments]
    for k, (start, end, clause) in enumerate(found):
        speaker = _find_speaker(text, clause, start, lexicon)
        if speaker is None:
            speaker = (
                reports[-1].speaker
                if reports
                else _find_first_speaker(text, low, start, lexicon, names)
            )
        after = _skip_marks(text, end, high)
        following = (
            bisect_left(starts, after) < len(starts) and starts[bisect_left(starts, after)] == after
        )
        before = segments[bisect_right(ends, clause) - 1] if bisect_right(ends, clause) else None
        if (
            before
            and clause - before.outer_end > 3
            or before
            and text[before.outer_end : clause].strip("，, ")
        ):
            before = None
        if (
            before
            and (k == 0 or not reports)
            and (after >= high or following or text[end : end + 1] in tuple(EDGES))
        ):
            begin = low if before is segments[0] else before.outer_start
            contents = [_trim(text, begin, before.outer_end)]
            if following:
                contents.append((after, _trim(text, after, high)[1]))
            reports.append(HanReport((start, end), speaker, contents, "before"))
            continue
        stop = found[k + 1][2] if k + 1 < len(found) else high
        if lexicon.about.match(text, clause, start) and (edge := EDGE.search(text, after, stop)):
            stop = edge.start()
        begin, stop = _trim(text, after, stop)
        if begin < stop:
            reports.append(HanReport((start, end), speaker, [(begin, stop)], "after"))
    return reports


def _find_cues(
    text: str, low: int, high: int, segments, lexicon: HanLexicon
) -> list[tuple[int, int, int]]:
    """Return (start, end, start of its clause) of the verbs that open a content of their own."""
    found: list[tuple[int, int, int]] = []
    position, open_content = low, -1
    for segment in [*segments, None]:
        stop = segment.outer_start if segment else high
        for match in lexicon.cue.finditer(text, position, stop):
            word = match.group()
            if word not in lexicon.cues or text[match.end() : match.end() + 1] in (
                "的",
                "為",
                "为",
                "之",
            ):
                continue
            clause = _find_clause_start(text, match.start(), max(position, low))
            if open_content >= 0 and clause <= open_content:
                continue  # reported inside what is reported
            if open_content >= 0 and word in lexicon.thought:
                continue
            if match.start() - clause > LONGEST_SPEAKER or lexicon.negation.search(
                text, clause, match.start()
            ):
                continue
            found.append((match.start(), match.end(), clause))
            open_content = _skip_marks(text, match.end(), high)
        if segment:
            position = segment.outer_end
    return found


def _find_clause_start(text: str, at: int, low: int) -> int:
    low = max(low, at - LONGEST_SPEAKER - 1)
    while at > low and text[at - 1] not in "，,；;：:。！？」』”":
        at -= 1
    return at


def _find_speaker(text: str, start: int, end: int, lexicon: HanLexicon) -> tuple[int, int] | None:
    """Return the speaker in [start, end), a clause up to its cue: without time, place and manner."""
    if quoting := lexicon.quoting.search(text, start, end):
        start = quoting.end()
    if lead := lexicon.lead.match(text, start, end):
        start = lead.end()
    if start < end and (adjunct := lexicon.adjunct.search(text, start, end)):
        end = adjunct.start()
    start, end = _trim(text, start, end)
    return (start, end) if start < end and re.search(r"\w", text[start:end]) else None


def _find_first_speaker(
    text: str, low: int, before: int, lexicon: HanLexicon, names: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Return the subject of the clause before, `甲昨日發表聲明，表示……`: a name the book knows, else how the sentence begins."""
    k = bisect_left(names, (before, 0))
    while k and names[k - 1][0] >= max(low, before - LONGEST_OPENING):
        k -= 1
        clause = _find_clause_start(text, names[k][0], low)
        if k == 0 or names[k - 1][0] < clause:
            begin, end = names[k]
            while k + 1 < len(names) and lexicon.joins.fullmatch(text, end, names[k + 1][0]):
                k, end = k + 1, names[k + 1][1]
            role = lexicon.role.match(text, end, before)
            return begin, role.end() if role else end
    position = low
    for edge in EDGE.finditer(text, low, min(before, low + LONGEST_OPENING)):
        speaker = _find_speaker(text, position, edge.start(), lexicon)
        if speaker and speaker[1] < edge.start():
            return speaker
        position = edge.end()
    return None


def _skip_marks(text: str, at: int, high: int) -> int:
    while at < high and text[at] in "，,：: \u3000":
        at += 1
    return at


def _count_space(text: str, low: int, high: int) -> int:
    return len(text[low:high]) - len(text[low:high].lstrip(TRIMMED))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in TRIMMED + STOPS:
        start += 1
    while end > start and text[end - 1] in TRIMMED + STOPS:
        end -= 1
    return start, end


def is_free_standing(text: str, segment: Segment, start: int, end: int) -> bool:
    """Return whether a marked segment is a sentence of its own, and so speech rather than a term or a title."""
    low, high = segment.outer_start, segment.outer_end
    while low > start and text[low - 1].isspace():
        low -= 1
    while high < end and text[high].isspace():
        high += 1
    opens = low == start or text[low - 1] in STOPS + "」』”"
    closes = high == end or text[high] in STOPS + "「『“" or text[segment.end - 1] in STOPS
    return opens and closes and segment.end - segment.start >= 6
