"""One line of text and its marked segments -> tagged tokens, a marked segment being one token."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hkresearch.structure.quotations.reporting_lexicon import Lexicon
from hkresearch.structure.text.quotation_marks import Segment

TOKEN = re.compile(
    r"\$?\d+(?:[.,:/]\d+)*%?"  # 1,000.5 and 20:15 and 9/11
    r"|[’'](?:s|S)\b"  # the possessive, or is
    r"|(?:[A-Za-z]\.){2,}"  # U.S.
    r"|[^\W\d_](?:\w|[-&.](?=\w)|[’'](?![sS]\b)(?=[^\W\d_]))*"
    r"|\w+|\.\.\.|--|\S"
)
MOST_READ = 50_000  # words remembered between sentences
MARKS = {",": ",", ";": ";", ":": ":", ".": ".", "!": ".", "?": ".", "…": "…", "...": "…", "(": "(", "[": "(", ")": ")",
         "]": ")", "—": "-", "–": "-", "―": "-", "--": "-", "-": "-"}  # fmt: skip


FIRST = frozenset(".Q:-(…")  # after these a capital says nothing


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of one line in parallel lists; `segments` maps the index of a Q token to its marked segment.

    Tags: X name, N noun or adjective, 0 number, D determiner, R subject pronoun, O object pronoun, ' possessive,
    P preposition, t to, T that, W relative, S subordinator, C conjunction, L adverb, M time, A auxiliary, V verb,
    K reporting verb, E other -ed form, G -ing form, Q marked segment; other marks stand for themselves.
    """

    words: list[str]
    tags: list[str]
    starts: list[int]
    ends: list[int]
    segments: dict[int, Segment]
    text: str

    def is_brief(self, index: int) -> bool:
        """Return whether the marked segment is a term rather than a clause, going by its length."""
        return self.segments[index].end - self.segments[index].start < 20

    def is_stopped(self, index: int) -> bool:
        """Return whether the marked segment at token `index` ends with a stop inside or right after its marks."""
        segment = self.segments[index]
        return (
            self.text[segment.end - 1] in ",.?!;…"
            or self.text[segment.outer_end : segment.outer_end + 1] == ","
        )


@dataclass(slots=True)
class Report:
    """One reported content: half-open token ranges; `speaker` is None where the sentence names none."""

    cue: tuple[int, int]
    speaker: tuple[int, int] | None
    contents: list[tuple[int, int]]
    pattern: str  # before, around, according, noun, or what follows the verb: that, clause, quote, object, ...
    listener: tuple[int, int] | None = None
    frames: int = 0


class Clause:
    """The tokens [low, high) of one sentence, with what has been read of it so far, from left to right."""

    def __init__(self, line: Line, low: int, high: int, lexicon: Lexicon):
        while high > low and line.tags[high - 1] in (".", "…"):
            high -= 1
        self.line, self.words, self.tags, self.lexicon = line, line.words, line.tags, lexicon
        self.low, self.high = low, high
        self.reports: list[Report] = []
        self.forms: dict[int, str] = {}  # of the reporting verbs, by token
        self.subjects: dict[int, tuple[int, int] | None] = {}  # of the same verbs


def read_tokens(text: str, start: int, end: int, segments: list[Segment], lexicon: Lexicon) -> Line:
    """Return the tokens of text[start:end]; time grows with its length alone."""
    line = Line([], [], [], [], {}, text)
    is_title = is_title_case(text, start, end)
    position = start
    for segment in segments:
        _add_plain(line, text, position, segment.outer_start, lexicon, is_title)
        line.segments[len(line.words)] = segment
        line.words.append('"')
        line.tags.append("Q")
        line.starts.append(segment.outer_start)
        line.ends.append(segment.outer_end)
        position = segment.outer_end
    _add_plain(line, text, position, end, lexicon, is_title)
    return line


def _add_plain(
    line: Line, text: str, start: int, end: int, lexicon: Lexicon, is_title: bool
) -> None:
    words, tags, starts, ends = line.words, line.tags, line.starts, line.ends
    read = lexicon.read
    for match in TOKEN.finditer(text, start, end):
        raw = match.group()
        if (known := read.get(raw)) is None:
            if len(read) > MOST_READ:
                read.clear()
            known = read[raw] = _read_word(raw, lexicon)
        word, tag, is_name_inside = known
        if word == "'s":
            tag = "A" if tags and tags[-1] in "RWT" else "'"  # he's against Ann's
        elif is_name_inside and not is_title and tags and tags[-1] not in FIRST:
            tag = "X"
        words.append(word)
        tags.append(tag)
        starts.append(match.start())
        ends.append(match.end())


def _read_word(raw: str, lexicon: Lexicon) -> tuple[str, str, bool]:
    """Return (word, tag, whether it is a name inside a sentence that is not set like a title)."""
    word = raw.lower().replace("’", "'")
    if raw in MARKS:
        return word, MARKS[raw], False
    tag = lexicon.tags.get(word) or ("K" if word in lexicon.cues else None)
    if tag is None:
        return word, _guess_tag(raw, word, lexicon), False
    return word, tag, raw[0].isupper() and tag not in "RM"


def _guess_tag(raw: str, word: str, lexicon: Lexicon) -> str:
    first = raw[0]
    if first.isupper():
        return "X"
    if first.isdigit() or first == "$":
        return "0"
    if word.endswith("ing") and len(word) > 4:
        return "G"
    if word.endswith("ly") and len(word) > 4:
        return "L"
    if word.endswith("ed") and len(word) > 3 and word not in lexicon.not_past:
        return "E"
    return "N" if first.isalpha() else first if first.isascii() else "X"


def is_title_case(text: str, start: int, end: int) -> bool:
    """Return whether most words of the line begin with a capital, as headlines in English often do."""
    words = text[start:end].split()
    return 4 <= len(words) <= 30 and sum(word[0].isupper() for word in words) > 0.65 * len(words)
