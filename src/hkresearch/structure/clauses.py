"""The tagged tokens of one English sentence -> who reports what in it (token indices)."""

from __future__ import annotations

from dataclasses import dataclass

from .lexicon import ADDRESS, INFINITIVE, OBJECT, SHOW, SPEECH, THAT_ONLY, THOUGHT, Cue, Lexicon
from .tokens import Line

NOUNS = frozenset("XN0D'QO")
NOMINAL = frozenset("XN0D'QEGR(O")
VERBAL = frozenset("AVKE")
SAYING = SPEECH | THOUGHT | SHOW
BE = frozenset("is are was were be been being am isn't aren't wasn't weren't 's".split())
HAVE = frozenset("has have had having hasn't haven't hadn't they've we've i've you've i'd he'd she'd".split())
PRONOMINAL = frozenset("all some many most both each few others several".split())
PLURAL_SUBJECTS = frozenset("they we i you who which that they've we've i've you've".split())


@dataclass(slots=True)
class Report:
    """One reported content: half-open token ranges; `speaker` is None where the sentence names none."""

    cue: tuple[int, int]
    speaker: tuple[int, int] | None
    contents: list[tuple[int, int]]
    pattern: str  # before, after, around, according, noun, colon, dash
    listener: tuple[int, int] | None = None
    frames: int = 0


def words_as(words: list[str], i: int) -> bool:
    """Return whether the verb stands in `was quoted as saying`."""
    return words[max(0, i - 2) : i] == ["quoted", "as"]


class SentenceReader:
    """Reads one sentence, tokens [low, high) of a line, from left to right."""

    def __init__(self, line: Line, low: int, high: int, lexicon: Lexicon):
        self.words, self.tags, self.line = line.words, line.tags, line
        self.low, self.lexicon = low, lexicon
        while high > low and self.tags[high - 1] in (".", "…"):
            high -= 1
        self.high = high
        self.reports: list[Report] = []
        self.forms: dict[int, str] = {}
        self.subjects: dict[int, tuple[int, int] | None] = {}

    def read(self) -> list[Report]:
        tags, words = self.tags, self.words
        self._settle_tags()
        i = self.low
        while i < self.high:
            tag = tags[i]
            if tag == "K":
                i = self._read_verb(i)
            elif words[i] in self.lexicon.nouns and tags[i] in "NG" and i + 2 < self.high and tags[i + 1] == "T":
                self._read_noun(i)
                i += 2
            elif words[i] == "according" and i + 2 < self.high and words[i + 1] == "to":
                i = self._read_according(i)
            else:
                i += 1
        return self.reports

    def _settle_tags(self) -> None:
        """Decide which words that look like reporting verbs are verbs here, from left to right."""
        tags, words = self.tags, self.words
        for i in range(self.low, self.high):
            if tags[i] == "K":
                cue = self.lexicon.cues[words[i]]
                form = self._find_form(i, cue)
                if form is None:
                    tags[i] = "G" if "ing" in cue.forms else "E" if cue.forms & {"past", "participle"} else "N"
                else:
                    self.forms[i] = form
            elif words[i] in ("all", "both") and i > self.low and tags[i - 1] == "A":
                tags[i] = "L"
            elif tags[i] == "." and i > self.low and tags[i - 1] in "XN":
                tags[i] = "X"

    # ---- the verb ----------------------------------------------------------------------------------------------

    def _read_verb(self, i: int) -> int:
        cue = self.lexicon.cues[self.words[i]]
        form = self.forms[i]
        start = self._find_group_start(i)
        if form == "participle" and start < i and words_as(self.words, i):
            form = "past"
        speaker = self._find_subject(start, i, form)
        inverted = self._find_inverted(i, start, cue)
        if inverted:
            report = self._read_left(start, inverted, (start, inverted[1]), cue, inverted[1])
            if report:
                self.subjects[i] = inverted
                return report.cue[1]
        self.subjects[i] = speaker
        if speaker and cue.frames & SPEECH and form != "participle" and self._follows_quote(min(start, speaker[0])):
            report = self._read_left(start, speaker, (start, i + 1), cue, self._skip_adjuncts(i + 1, cue))
            if report:
                return report.contents[-1][1] if len(report.contents) > 1 else i + 1
        report = self._read_right(i, start, speaker, cue, form)
        if report is None and speaker and cue.frames & SAYING and form in ("past", "s", "base", "progressive"):
            self._read_left(start, speaker, (start, i + 1), cue, self._skip_adjuncts(i + 1, cue))
        return i + 1

    def _follows_quote(self, head: int) -> bool:
        """Whether a closed speech stands right before token `head`: `"...," she said`."""
        at = head - 1
        if at > self.low and self.tags[at] == ",":
            return self.tags[at - 1] == "Q"
        return at >= self.low and self.tags[at] == "Q" and self.line.is_stopped(at)

    def _find_form(self, i: int, cue: Cue) -> str | None:
        """Return base, s, past, progressive, participle (-ing) or infinitive; None where the word is no active verb."""
        words, tags = self.words, self.tags
        before = self._skip_back(i - 1)
        tag = tags[before] if before >= self.low else ""
        word = words[before] if before >= self.low else ""
        near = tags[i - 1] if i > self.low else ""
        if near == "D" and words[i - 1] not in PRONOMINAL or near == "'" or (near == "P" and "ing" not in cue.forms):
            return None
        if "ing" in cue.forms:
            return "progressive" if word in BE or word == "'s" or word.endswith(("'m", "'re", "'s")) else "participle"
        if cue.is_ambiguous and not self._has_strong_complement(i, cue) and not self._closes_quote(i):
            return None
        if tag == "A":
            if word in BE:
                return None
            if "base" in cue.forms and word not in HAVE:
                return "base"
            return "past" if word in HAVE and cue.forms & {"past", "participle"} else None
        if word == "'s" and "past" in cue.forms:
            return None
        if tag == "t":
            return "infinitive"
        if "past" in cue.forms:
            if i + 1 < self.high and words[i + 1] == "by":
                return None
            return "past" if self._may_be_subject(before) or near in (",", "Q", "C", "-", ")") else None
        if "s" in cue.forms:
            return "s" if self._may_be_subject(before) or near in (",", "Q", "C", "-", ")") else None
        if "base" in cue.forms:
            plural = word in PLURAL_SUBJECTS or tag == "W" or (tag in "NX" and word.endswith("s")) or word in PRONOMINAL or word == "people" or self.tags[i + 1 : i + 2] == ["T"]
            return "base" if plural or word.endswith(("'ll", "'d")) or near == "C" else None
        return None

    def _closes_quote(self, i: int) -> bool:
        """Whether the verb ends a clause that a marked segment began: `"...," the letter reads.`"""
        if i + 1 < self.high and self.tags[i + 1] not in ".,":
            return False
        return any(self.tags[j] == "Q" and self.line.is_stopped(j) for j in range(max(self.low, i - 6), i))

    def _has_strong_complement(self, i: int, cue: Cue) -> bool:
        if i + 1 >= self.high:
            return False
        tag, word = self.tags[i + 1], self.words[i + 1]
        before = self.tags[i - 1] if i > self.low else ""
        if tag == "t":
            return bool(cue.frames & INFINITIVE)
        if word in cue.prepositions:
            return before in "RAXt" if before else False
        return tag in "TDRQXWO:" or (tag in "NG0S" and before in "RAWt")

    def _may_be_subject(self, at: int) -> bool:
        return at >= self.low and self.tags[at] in "XNR0DWT)Q'EGO"

    def _skip_back(self, at: int) -> int:
        while at >= self.low and (self.tags[at] in "LM" or self.words[at] in ("all", "both")):
            at -= 1
        return at

    def _find_group_start(self, i: int) -> int:
        """Return where the verb group begins: auxiliaries and adverbs before the verb belong to it."""
        start = i
        at = i - 1
        while at >= self.low:
            if self.tags[at] in "ALM":
                start = at
                at -= 1
            elif self.tags[at] == "0" and at > self.low + 1 and self.tags[at - 1] == "P" and self.tags[at - 2] in "W,":
                start, at = at - 1, at - 2  # who in 2010 said
            else:
                break
        if self.words[start - 1 : start] == ["as"] and self.words[start - 2 : start - 1] == ["quoted"]:
            start = self._find_group_start(start - 2)
        return max(start, self.low)

    # ---- the subject -------------------------------------------------------------------------------------------

    def _find_subject(self, start: int, i: int, form: str) -> tuple[int, int] | None:
        at = start - 1
        if at < self.low:
            return self._find_subject_after(i) if form == "participle" else None
        tag = self.tags[at]
        if form == "participle" and (at == self.low and tag in "PS"):
            return self._find_subject_after(i) or self._inherit_subject(at)
        if tag == "t" or form == "participle":
            return self._inherit_subject(at)
        if tag in "RWT":
            return (at, at + 1)
        if tag == "C" or tag == "Q" and not self._is_term(at):
            return self._inherit_subject(at)
        if tag in (",", "-", ")"):
            return self._find_apposed(at) or self._inherit_subject(at)
        return self._find_noun_phrase(at + 1) or self._inherit_subject(at)

    def _is_nested(self, report: Report) -> bool:
        return any(
            low <= report.cue[0] and report.contents[-1][1] <= high
            for other in self.reports
            if other is not report
            for low, high in other.contents
        )

    def _find_subject_after(self, i: int) -> tuple[int, int] | None:
        """`After saying ..., she was ...`: the subject of the clause that follows."""
        for j in range(i + 1, self.high - 1):
            if self.tags[j] == "," or self.tags[j] == "Q" and self.line.is_stopped(j):
                end = j + 1
                while end < self.high and self.tags[end] in "XN0D'R":
                    end += 1
                if end > j + 1 and end < self.high and self.tags[end] in "AVKEL":
                    return (j + 1, end)
        return None

    def _is_term(self, at: int) -> bool:
        return at > self.low and self.tags[at - 1] in "DXN'P"

    def _inherit_subject(self, at: int) -> tuple[int, int] | None:
        """The subject of the verb before: that of the last cue, else the first noun phrase of the sentence."""
        for report in reversed(self.reports):
            if report.speaker and report.contents[-1][1] <= at + 1 and report.pattern != "according":
                if self._is_nested(report):
                    continue
                if self.tags[report.speaker[0]] not in "WT" or report.contents[-1][1] >= at - 1:
                    return report.speaker
        for i in range(at, self.low - 1, -1):
            if i in self.subjects and self.subjects[i]:
                return self.subjects[i]
            if self.tags[i] in "AVE" and i > self.low and self.tags[i - 1] in "XNR0)W":
                if self.tags[i - 1] in "RW":
                    return (i - 1, i)
                found = self._find_noun_phrase(i)
                if found:
                    return found
        return self._find_first_phrase()

    def _find_first_phrase(self) -> tuple[int, int] | None:
        at = self.low
        while at < self.high and self.tags[at] in "LCSP":
            if self.tags[at] in "SP":
                comma = next((j for j in range(at, min(self.high, at + 25)) if self.tags[j] == ","), None)
                if comma is None:
                    return None
                at = comma + 1
            else:
                at += 1
            while at < self.high and self.tags[at] == ",":
                at += 1
        end = at
        while end < self.high and (self.tags[end] in "XN0D'R" or self.tags[end] == "E" and self.tags[end + 1 : end + 2] in (["X"], ["N"])) or end > at and end < self.high and self.words[end] in ("of", "for", "in", "and"):
            end += 1
        while end > at and self.tags[end - 1] in "PC":
            end -= 1
        return (at, end) if end > at else None

    def find_main_subject(self) -> tuple[int, int] | None:
        """Return the subject of the sentence's first verb, where it names somebody or is a pronoun."""
        for i in range(self.low + 1, self.high):
            if self.tags[i] in "AVKE" and self.tags[i - 1] in "XNR)'":
                if self.tags[i - 1] == "R":
                    return (i - 1, i)
                return self._find_noun_phrase(i)
        return None

    def find_speaker_before(self, index: int) -> tuple[int, int] | None:
        """Return who speaks in `X, a firm, put it plainly: "..."`, where no reporting verb says so."""
        return self._find_first_phrase() or self.find_main_subject()

    def _find_apposed(self, at: int) -> tuple[int, int] | None:
        """Return `Jane Doe, a professor at X,` before the verb: the phrase before the apposition, and it."""
        if self.tags[at] == ")":
            opened = next((j for j in range(at - 1, max(self.low, at - 12) - 1, -1) if self.tags[j] == "("), None)
            if opened is None or opened == self.low:
                return None
            found = self._find_noun_phrase(opened)
            return (found[0], at + 1) if found else None
        mark = self.tags[at]
        for j in range(at - 1, max(self.low, at - 40) - 1, -1):
            if self.tags[j] == mark and j > self.low:
                if self.tags[j + 1] in "DXNW0GEVPSKL" and self.tags[j - 1] in "XN0')RQ":
                    if self.tags[j - 1] == ")":
                        return self._find_apposed(j - 1) and (self._find_apposed(j - 1)[0], at)
                    found = self._find_noun_phrase(j)
                    if found and (mark == "-" or self.tags[found[0]] in "XDNR0'" and not self._is_adjunct(found)):
                        return (found[0], at)
            elif self.tags[j] in ";:Q":
                break
        return None

    def _is_adjunct(self, phrase: tuple[int, int]) -> bool:
        return phrase[0] > self.low and self.tags[phrase[0] - 1] in "PS" and phrase[0] - 1 == self.low

    def _find_noun_phrase(self, end: int) -> tuple[int, int] | None:
        """Return the noun phrase that ends before token `end`, with its prepositional phrases and coordinated names."""
        tags, words = self.tags, self.words
        at = end - 1
        start = end
        while at >= self.low:
            tag = tags[at]
            if tag in "XN0D'":
                start = at
            elif tag == ")":
                opened = next((j for j in range(at - 1, max(self.low, at - 8) - 1, -1) if tags[j] == "("), None)
                if opened is None:
                    break
                at = opened
                start = opened
            elif tag == "Q" and at > self.low and tags[at - 1] in "XND" and (at + 1 == end or tags[at + 1] in "NX0") and self._is_short(at):
                start = at
            elif tag == "P" and at > self.low and tags[at - 1] in "XN0)EG" and start < end:
                pass
            elif tag == "C" and words[at] in ("and", "or") and at > self.low and tags[at - 1] in "XN0),":
                if not self._is_list(at):
                    break
            elif tag == "," and self._is_list_comma(at, end):
                pass
            elif tag == "E" and at > self.low and tags[at - 1] in "DX'N" and start < end:
                pass
            elif tag == "G" and at > self.low and tags[at - 1] in "DXN'":
                start = at
            elif tag == "W" and words[at] in ("which", "who") and at > self.low and tags[at - 1] in "XN" and at > end - 12:
                pass
            elif tag == "A" and at > self.low and tags[at - 1] == "W":
                pass
            elif tag == "L" and at > self.low and tags[at - 1] in "DAW":
                pass
            else:
                break
            at -= 1
        while start < end and tags[start] in "'CP,":
            start += 1
        return (start, end) if start < end else None

    def _is_short(self, at: int) -> bool:
        segment = self.line.segments[at]
        return segment.end - segment.start < 40 and segment.is_closed and not self.line.is_stopped(at)

    def _is_list(self, at: int) -> bool:
        """Whether the `and` joins two names rather than two clauses."""
        j = at - 1
        while j >= self.low and self.tags[j] in "XN0D',C)(P":
            j -= 1
        return j < self.low or self.tags[j] in "STP:;.-LWQ"

    def _is_list_comma(self, at: int, end: int) -> bool:
        if self.tags[at - 1 : at] == ["X"] and any(self.words[j] == "and" for j in range(at + 1, end)):
            return all(self.tags[j] in "XN0C,'D" for j in range(at + 1, end))
        return False

    def _find_inverted(self, i: int, start: int, cue: Cue) -> tuple[int, int] | None:
        """Return the subject right of the verb in `..., said Jane Doe, a professor.`"""
        if not cue.frames & SPEECH or start == self.low or start != i or self.tags[i - 1] not in ",Q" or i + 1 >= self.high:
            return None
        if "ing" in cue.forms or self.tags[i + 1] not in "XDNR0":
            return None
        at = i + 1
        while at < self.high and (self.tags[at] in "XN0D'R" or self.tags[at] in "PCt-" and at + 1 < self.high and self.tags[at + 1] in "XDN0"
                                  or self.tags[at] in "GE" and self.tags[at - 1] in "D'"):
            if self.tags[at] == "P" and self.words[at] not in ("of", "for", "at", "from", "with"):
                break
            at += 1
        stop = at
        if stop < self.high and self.tags[stop] == "(":
            closing = next((j for j in range(stop, min(self.high, stop + 8)) if self.tags[j] == ")"), None)
            stop = closing + 1 if closing else stop
        if stop < self.high and self.tags[stop] in "AVKT" or (stop < self.high and self.tags[stop] == "E" and self.tags[i - 1] == ","):
            return None
        return (i + 1, stop)

    # ---- the content -------------------------------------------------------------------------------------------

    def _read_left(self, start: int, speaker: tuple[int, int], cue: tuple[int, int], frames: Cue, after: int) -> Report | None:
        """`"...", X said` and `..., X said`: what stands before, and after, the cue's clause."""
        head = min(start, speaker[0])
        at = head - 1
        if at > self.low and self.words[at] == "as" and self.tags[at - 1] in ",QN":
            at -= 1
        if at < self.low or self.tags[at] not in (",", "Q", "-", ".") and self.words[at + 1] != "as":
            return None
        stop = at + 1 if self.tags[at] in "QN" else at
        begin = self._left_begin(stop)
        if begin is None or stop <= begin:
            return None
        if not self._is_content(begin, stop):
            if not (cue[1] < self.high and self.tags[cue[1]] == "," and self.tags[begin] in "PSL" and begin == self.low):
                return None
            contents = [(begin, stop), (cue[1] + 1, self._find_end(cue[1] + 1, start))]
            self.reports.append(Report(cue, speaker, contents, "around", None, frames.frames))
            return self.reports[-1]
        contents = [(begin, stop)]
        tail = self._skip_apposition(max(after, cue[1], speaker[1]))
        if tail < self.high and self.tags[tail] in ",:-":
            tail += 1
            if tail < self.high and self._continues(tail):
                contents.append((tail, self._find_end(tail, start)))
        elif tail < self.high and self.tags[tail] == "Q":
            contents.append((tail, self.high))
        report = Report(cue, speaker, contents, "before" if len(contents) == 1 else "around", None, frames.frames)
        self.reports.append(report)
        return report

    def _skip_apposition(self, at: int) -> int:
        """Return where `, a professor at X, ` and adjuncts end, if they do."""
        while at < self.high and self.tags[at] not in ",Q:;-":
            at += 1
        if at < self.high and self.tags[at] == "," and at + 1 < self.high and self.tags[at + 1] in "DNXPEGW":
            comma = next((j for j in range(at + 1, self.high) if self.tags[j] in ",Q"), None)
            if comma is not None:
                if self.tags[comma] == "Q":
                    return comma
                if comma + 1 < self.high and self.tags[comma + 1] == "Q":
                    return comma
        return at

    def _continues(self, at: int) -> bool:
        """Whether what follows `, X said,` goes on with the content."""
        if self.tags[at] == "Q":
            return True
        return self.tags[at] in "CTSAt" and self.words[at] not in ("as", "when", "while", "after", "before", "because", "since")

    def _left_begin(self, stop: int) -> int | None:
        begin = self.low
        for report in self.reports:
            edge = max([report.cue[1]] + [c[1] for c in report.contents])
            if edge <= stop - 1:
                begin = max(begin, edge)
        while begin < stop and self.tags[begin] in (",", ";", "C", "-") and begin > self.low:
            begin += 1
        return begin

    def _is_content(self, begin: int, stop: int) -> bool:
        """A clause or speech, not an adjunct such as `In Flint,`."""
        if any(self.tags[j] == "Q" for j in range(begin, stop)):
            return True
        if self.tags[begin] in "SP" and not any(self.tags[j] == "," for j in range(begin, stop)):
            return False
        return stop - begin >= 3 and any(self.tags[j] in "AVKE'" for j in range(begin + 1, stop))

    def _skip_adjuncts(self, at: int, cue: Cue) -> int:
        """Skip `on Monday`, `in a statement`, `Friday` after the verb."""
        tags, words = self.tags, self.words
        while at < self.high:
            tag = tags[at]
            if tag in "LM":
                at += 1
            elif tag == "P" and words[at] not in cue.prepositions or tag == "t" and at + 1 < self.high and tags[at + 1] in "DXO":
                end = at + 1
                while end < self.high and (tags[end] in "XN0D'MGEOLP…"):
                    end += 1
                at = end
            elif tag == "," and tags[at - 1] == "X" and at + 2 < self.high and tags[at + 1] == "X":
                end = at + 1
                while end < self.high and tags[end] == "X":
                    end += 1
                if end >= self.high or tags[end] != ",":
                    break
                at = end + 1
            else:
                break
        return at

    def _read_right(self, i: int, start: int, speaker, cue: Cue, form: str) -> Report | None:
        tags, words = self.tags, self.words
        frames = cue.frames
        at = i + 1
        listener = None
        while at + 1 < self.high and tags[at] in "LM" and tags[at + 1] != "'":
            at += 1
        if at >= self.high:
            return None
        if frames & ADDRESS and tags[at] in "XDONR0":
            listener = self._find_listener(at, frames)
            if listener:
                at = listener[1]
        if at >= self.high:
            return None
        particles = [p[1:] for p in cue.prepositions if p[0] == "+"]
        if words[at] in particles:
            at += 1
            if at >= self.high:
                return None
        if tags[at] in "Pt," and not (tags[at] == "," and at + 1 < self.high and tags[at + 1] in "QT") and words[at] not in cue.prepositions and not (tags[at] == "t" and self._is_infinitive(at)):
            skipped = self._skip_adjuncts(at, cue)
            if skipped < self.high and tags[skipped] in "TQ:," and (tags[skipped] != "," or skipped + 1 < self.high and tags[skipped + 1] in "QT"):
                at = skipped
            else:
                return None
        found = self._find_begin(at, i, cue, form, bool(listener))
        if found is None:
            return None
        begin, pattern = found
        if pattern == "infinitive" and listener:
            begin = listener[0]
        end = self._find_end(begin, start)
        if pattern == "object":
            end = self._find_object_end(begin, end)
        elif tags[begin] == "Q" and self.line.is_stopped(begin):
            end = self._find_quote_end(begin, end)
        if end <= begin:
            return None
        report = Report((start, i + 1), speaker, [(begin, end)], pattern, listener, frames)
        self.reports.append(report)
        return report

    def _is_infinitive(self, at: int) -> bool:
        return at + 1 < self.high and self.tags[at] == "t" and self.tags[at + 1] in "NKVALQ"

    def _find_begin(self, at: int, i: int, cue: Cue, form: str, has_listener: bool) -> tuple[int, str] | None:
        """Return where the content begins and what kind of complement it is; None where the verb governs none."""
        tags, frames, words = self.tags, cue.frames, self.words
        tag = tags[at]
        following = tags[at + 1] if at + 1 < self.high else ""
        if tag == "T" and frames & (SAYING | ADDRESS) and following:
            return at + 1, "that"
        if tag == "Q":
            return at, "quote"
        if tag == ":" and following:
            return at + 1, "colon"
        if tag == "," and following in ("Q", "T"):
            return at + 1, "quote"
        if tag == "t" and self._is_infinitive(at):
            return (at, "infinitive") if frames & (INFINITIVE | ADDRESS if has_listener else INFINITIVE) else None
        if words[at] in ("whether", "if") or tag == "W":
            return (at, "question") if frames & (SAYING | ADDRESS | OBJECT) else None
        if words[at] in cue.prepositions and following:
            return at + 1, "preposition"
        if tag in "RDXN0'EGOALM(K":
            if frames & SAYING and (not frames & THAT_ONLY or tag == "R") and self._has_clause(at):
                return at, "clause"
            if not has_listener and frames & OBJECT and tag in "DXN0OGRKM":
                return at, "object"
        return None

    def _has_clause(self, at: int) -> bool:
        """Whether a subject and a finite verb follow."""
        if self.tags[at] == "R":
            return True
        for j in range(at + 1, min(self.high, at + 25)):
            tag = self.tags[j]
            if tag in "AV" or tag == "'" and j + 1 < self.high and self.tags[j + 1] in "DNEGL" and self.tags[j - 1] in "R":
                return True
            if tag == "K" and self.tags[j - 1] not in "D'P":
                return True
            if tag == "E" and self.tags[j - 1] in "XN" and j + 1 < self.high and self.words[j + 1] not in ("by",):
                return True
            if tag == "Q" and self.line.segments[j].end - self.line.segments[j].start > 12:
                return True
            if tag in ",;:WTSQ":
                return False
        return False

    def _find_listener(self, at: int, frames: int) -> tuple[int, int] | None:
        tags, words = self.tags, self.words
        if tags[at] == "O" or words[at] in self.lexicon.listeners:
            return (at, at + 1)
        if tags[at] == "R":
            return (at, at + 1) if words[at] in ("you", "it") or words[at] == "everyone" else None
        end = at
        while end < self.high and (tags[end] in "XN0'" or tags[end] == "D" and end == at
                                   or tags[end] == "D" and tags[end - 1] in "PC"
                                   or tags[end] in "PC" and end + 1 < self.high and tags[end + 1] in "XDN"):
            end += 1
        end_tag = tags[end] if end < self.high else ""
        return (at, end) if end > at and (end_tag in "TtQ:WRD,PSM" or end_tag == "") else None

    def _find_end(self, begin: int, start: int) -> int:
        """Return where the content stops: the sentence's end, or where its reporter goes on with another verb."""
        tags, words = self.tags, self.words
        depth = 0
        relative = start > self.low and tags[start - 1] in "W" and start - 1 > self.low and tags[start - 2] == ","
        inside = self._is_inside(start)
        for j in range(begin, self.high):
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
            elif tag == "-" and self.line.ends[j - 1] < self.line.starts[j]:
                return j
            elif tag == "," and j > begin:
                if self._ends_at_comma(j, relative or inside):
                    return j
            elif tag == "C" and j > begin and self._ends_at_conjunction(j):
                return j
            elif words[j] == "according" and j + 1 < self.high and words[j + 1] == "to":
                return j
        return self.high

    def _find_quote_end(self, begin: int, end: int) -> int:
        """`"That makes me smart," when ...`: a closed speech is the whole content, with the speech after it."""
        for j in range(begin + 1, end):
            if self.tags[j] != "Q":
                return j
        return end

    def _find_object_end(self, begin: int, end: int) -> int:
        tags, words = self.tags, self.words
        for j in range(begin + 1, end):
            tag = tags[j]
            if tag == "," and not self._is_series(j, end) or tag == "S" and words[j] != "as":
                return j
            if tag == "M" or tag == "P" and j + 1 < end and (tags[j + 1] == "M" or words[j] in ("during", "amid", "despite")):
                return j
        return end

    def _is_series(self, j: int, end: int) -> bool:
        return any(self.words[k] in ("and", "or") for k in range(j + 1, min(end, j + 12)))

    def _is_inside(self, start: int) -> bool:
        """Whether the cue stands in a clause that something follows: `When X said A, B`."""
        opening = self.tags[self.low] == "S" or start <= self.low + 1 and self.forms.get(start) == "participle"
        return opening and not any(self.tags[j] == "," for j in range(self.low, start))

    def _ends_at_comma(self, j: int, is_inside: bool) -> bool:
        tags, words = self.tags, self.words
        k = j + 1
        while k < self.high and tags[k] == "L":
            k += 1
        if k >= self.high:
            return True
        if is_inside:
            return True
        if tags[k] == "K":
            cue = self.lexicon.cues[words[k]]
            if "ing" in cue.forms or cue.frames & SPEECH and "past" in cue.forms:
                return True
        if tags[k] == "C" and self._ends_at_conjunction(k):
            return True
        while k + 1 < self.high and tags[k] == "M" or words[k] in ("days", "hours", "weeks", "months", "shortly", "just", "a"):
            k += 1
        if words[k] in self.lexicon.scene or words[k : k + 4] == ["in", "the", "wake", "of"]:
            return True
        return self._is_parenthetical(k)

    def _is_parenthetical(self, k: int) -> bool:
        """`, he said` and `, Jane Doe said`."""
        for m in range(k, min(self.high, k + 8)):
            if self.tags[m] == "K" and m > k:
                cue = self.lexicon.cues[self.words[m]]
                after = self.tags[m + 1] if m + 1 < self.high else ""
                return bool(cue.frames & SPEECH and cue.forms & {"past", "s"} and (after == "" or after in ",.PM"))
            if self.tags[m] not in "XNDR0'":
                return False
        return False

    def _ends_at_conjunction(self, j: int) -> bool:
        """`... and called for`: the reporter goes on; `... and Jane Doe said`: another one does."""
        tags, words = self.tags, self.words
        k = j + 1
        while k < self.high and tags[k] == "L":
            k += 1
        if k < self.high and tags[k] == "K":
            cue = self.lexicon.cues[words[k]]
            after = tags[k + 1] if k + 1 < self.high else ""
            governs = after in "TDRXQW:ONG" or after == "t" and cue.frames & INFINITIVE or words[k + 1] in cue.prepositions
            return bool(governs and cue.forms & {"past", "s"} and "base" not in cue.forms and not cue.is_ambiguous)
        return False

    # ---- a noun ------------------------------------------------------------------------------------------------

    def _read_noun(self, i: int) -> None:
        """`his claim that ...`: a clause after `that`, told from a relative one by its own subject."""
        if self.tags[i + 2] in "AVKLE" or not self._has_clause(i + 2):
            return
        begin = i + 2
        end = self._find_end(begin, i)
        start = i
        while start > self.low and self.tags[start - 1] in "NXL0G" and i - start < 4:
            start -= 1
        owner = None
        if start > self.low and self.tags[start - 1] == "'":
            owner = self._find_noun_phrase(start - 1)
        elif start > self.low and self.words[start - 1] in ("his", "her", "their", "its", "my", "our", "your"):
            owner = (start - 1, start)
        if end > begin and all(begin != low for report in self.reports for low, _ in report.contents):
            self.reports.append(Report((i, i + 1), owner, [(begin, end)], "noun", None, SPEECH))

    # ---- according to ------------------------------------------------------------------------------------------

    def _read_according(self, i: int) -> int:
        tags = self.tags
        end = i + 2
        depth = 0
        while end < self.high and (tags[end] not in ",:;-Q" or depth):
            depth += tags[end] == "("
            depth -= tags[end] == ")"
            end += 1
        if i == self.low or i == self.low + 1 and tags[self.low] in "CL":
            if end >= self.high:
                return end
            begin = end + 1 if tags[end] == "," else end
            contents = [(begin, self._find_end(begin, i))]
        else:
            stop = i - 1 if tags[i - 1] == "," else i
            begin = self._left_begin(stop)
            if begin is None or stop <= begin:
                return end
            contents = [(begin, stop)]
        if contents[0][1] > contents[0][0]:
            self.reports.append(Report((i, i + 2), (i + 2, end), contents, "according", None, SPEECH))
        return end
