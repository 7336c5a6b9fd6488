"""The tagged tokens of one English sentence -> who reports what in it."""

from __future__ import annotations

from hkresearch.structure.quotations.grammatical_subjects import (
    find_inverted,
    find_noun_phrase,
    find_subject,
)
from hkresearch.structure.quotations.reported_content import (
    find_end,
    has_clause,
    left_begin,
    read_left,
    read_right,
    skip_adjuncts,
)
from hkresearch.structure.quotations.reporting_lexicon import SHOW, SPEECH, THOUGHT
from hkresearch.structure.quotations.reporting_verbs import (
    find_group_start,
    find_quoted,
    follows_quote,
    settle_tags,
)
from hkresearch.structure.quotations.tokens import Clause, Report

SAYING = SPEECH | THOUGHT | SHOW


def read_clause(clause: Clause) -> list[Report]:
    tags, words = clause.tags, clause.words
    settle_tags(clause)
    i = clause.low
    while i < clause.high:
        tag = tags[i]
        if tag == "K":
            i = _read_verb(clause, i)
        elif (
            words[i] in clause.lexicon.nouns
            and tags[i] in "NG"
            and i + 2 < clause.high
            and tags[i + 1] == "T"
        ):
            _read_noun(clause, i)
            i += 2
        elif words[i] == "according" and i + 2 < clause.high and words[i + 1] == "to":
            i = _read_according(clause, i)
        else:
            i += 1
    return clause.reports


def _read_verb(clause: Clause, i: int) -> int:
    cue = clause.lexicon.cues[clause.words[i]]
    form = clause.forms[i]
    start = find_group_start(clause, i)
    quoted = find_quoted(clause, i)
    if quoted is None:
        speaker = find_subject(clause, start, i, form)
    else:
        start, form = find_group_start(clause, quoted), "past"
        is_passive = any(clause.tags[j] == "A" for j in range(start, quoted))
        speaker = find_subject(clause, start, quoted, form) if is_passive else (quoted + 1, i - 1)
        if speaker and speaker[0] >= speaker[1]:
            speaker = None
    inverted = find_inverted(clause, i, start, cue)
    if inverted:
        report = read_left(clause, start, inverted, (start, inverted[1]), cue, inverted[1])
        if report:
            clause.subjects[i] = inverted
            return report.cue[1]
    clause.subjects[i] = speaker
    if (
        speaker
        and cue.frames & SPEECH
        and form != "participle"
        and follows_quote(clause, min(start, speaker[0]))
    ):
        report = read_left(
            clause, start, speaker, (start, i + 1), cue, skip_adjuncts(clause, i + 1, cue)
        )
        if report:
            return report.contents[-1][1] if len(report.contents) > 1 else i + 1
    report = read_right(clause, i, start, speaker, cue, form)
    if (
        report is None
        and speaker
        and cue.frames & SAYING
        and form in ("past", "s", "base", "progressive")
    ):
        read_left(clause, start, speaker, (start, i + 1), cue, skip_adjuncts(clause, i + 1, cue))
    return i + 1


def _read_noun(clause: Clause, i: int) -> None:
    """`his claim that ...`: a clause after `that`, told from a relative one by its own subject."""
    if clause.tags[i + 2] in "AVKLE" or not has_clause(clause, i + 2):
        return
    begin = i + 2
    end = find_end(clause, begin, i)
    start = i
    while start > clause.low and clause.tags[start - 1] in "NXL0G" and i - start < 4:
        start -= 1
    owner = None
    if start > clause.low and clause.tags[start - 1] == "'":
        owner = find_noun_phrase(clause, start - 1)
    elif start > clause.low and clause.words[start - 1] in (
        "his",
        "her",
        "their",
        "its",
        "my",
        "our",
        "your",
    ):
        owner = (start - 1, start)
    if end > begin and all(begin != low for report in clause.reports for low, _ in report.contents):
        clause.reports.append(Report((i, i + 1), owner, [(begin, end)], "noun", None, SPEECH))


def _read_according(clause: Clause, i: int) -> int:
    tags = clause.tags
    end = i + 2
    depth = 0
    while end < clause.high and (tags[end] not in ",:;-Q" or depth):
        depth += tags[end] == "("
        depth -= tags[end] == ")"
        end += 1
    if i == clause.low or i == clause.low + 1 and tags[clause.low] in "CL":
        if end >= clause.high:
            return end
        begin = end + 1 if tags[end] == "," else end
        contents = [(begin, find_end(clause, begin, i))]
    else:
        stop = i - 1 if tags[i - 1] == "," else i
        begin = left_begin(clause, stop)
        if begin is None or stop <= begin:
            return end
        contents = [(begin, stop)]
    if contents[0][1] > contents[0][0]:
        clause.reports.append(Report((i, i + 2), (i + 2, end), contents, "according", None, SPEECH))
    return end
