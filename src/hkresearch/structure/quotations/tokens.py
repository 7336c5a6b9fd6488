"""One line of text and its marked segments -> tagged tokens, a marked segment being one token."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hkresearch.structure.quotations.parts_of_speech import Pos
from hkresearch.structure.quotations.reporting_lexicon import ReportingLexicon
from hkresearch.structure.text.quotation_marks import Segment

_TOKEN = re.compile(
    r"\$?\d+(?:[.,:/]\d+)*%?"  # 1,000.5 and 20:15 and 9/11
    r"|[’'](?:s|S)\b"  # the possessive, or is
    r"|(?:[A-Za-z]\.){2,}"  # U.S.
    r"|[^\W\d_](?:\w|[-&.](?=\w)|[’'](?![sS]\b)(?=[^\W\d_]))*"
    r"|\w+|\.\.\.|--|\S"
)
_MOST_READ = 50_000  # words remembered between sentences
_SIGNS = {
    ",": Pos.COMMA, ";": Pos.SEMICOLON, ":": Pos.COLON,
    ".": Pos.STOP, "!": Pos.STOP, "?": Pos.STOP, "…": Pos.ELLIPSIS, "...": Pos.ELLIPSIS,
    "(": Pos.OPENING, "[": Pos.OPENING, ")": Pos.CLOSING, "]": Pos.CLOSING,
    "—": Pos.DASH, "–": Pos.DASH, "―": Pos.DASH, "--": Pos.DASH, "-": Pos.DASH,
}  # fmt: skip
_STARTS_AFRESH = frozenset(
    {Pos.STOP, Pos.MARKED, Pos.COLON, Pos.DASH, Pos.OPENING, Pos.ELLIPSIS}
)  # after these a capital says nothing
_PRONOUNS = frozenset({Pos.SUBJECT_PRONOUN, Pos.RELATIVE, Pos.THAT})
_NEVER_NAMES = frozenset({Pos.SUBJECT_PRONOUN, Pos.TIME})
_BRIEF = 20  # characters; a marked segment below that is a term rather than a clause
_STOPS_INSIDE_MARKS = ",.?!;…"


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of one line in parallel lists; `segments` maps a token to its marked segment."""

    words: list[str]
    tags: list[str]
    starts: list[int]
    ends: list[int]
    segments: dict[int, Segment]
    text: str

    def tag_at(self, index: int) -> str:
        """Return the tag of a token, empty behind the last one."""
        return self.tags[index] if index < len(self.tags) else ""

    def add(self, word: str, tag: str, start: int, end: int) -> None:
        """Append one token."""
        self.words.append(word)
        self.tags.append(tag)
        self.starts.append(start)
        self.ends.append(end)

    def find_span(self, tokens: tuple[int, int] | None) -> tuple[int, int] | None:
        """Return the span of a token range; None for none, and for an empty one."""
        if tokens is None or tokens[0] >= tokens[1]:
            return None
        return self.starts[tokens[0]], self.ends[tokens[1] - 1]

    def is_brief(self, index: int) -> bool:
        """Return whether the marked segment is a term rather than a clause, by its length."""
        segment = self.segments[index]
        return segment.end - segment.start < _BRIEF

    def is_stopped(self, index: int) -> bool:
        """Return whether the marked segment ends with a stop inside or right after its marks."""
        segment = self.segments[index]
        if self.text[segment.end - 1] in _STOPS_INSIDE_MARKS:
            return True
        return self.text.startswith(",", segment.outer_end)


def read_tokens(
    text: str, start: int, end: int, segments: list[Segment], lexicon: ReportingLexicon
) -> Line:
    """Return the tokens of text[start:end]; time grows with its length alone."""
    line = Line([], [], [], [], {}, text)
    is_title = _is_title_case(text, start, end)
    position = start
    for segment in segments:
        _add_plain(line, position, segment.outer_start, lexicon, is_title)
        line.segments[len(line.words)] = segment
        line.add('"', Pos.MARKED, segment.outer_start, segment.outer_end)
        position = segment.outer_end
    _add_plain(line, position, end, lexicon, is_title)
    return line


def _add_plain(line: Line, start: int, end: int, lexicon: ReportingLexicon, is_title: bool) -> None:
    words, tags, starts, ends = line.words, line.tags, line.starts, line.ends
    read = lexicon.read
    for match in _TOKEN.finditer(line.text, start, end):
        raw = match.group()
        if (known := read.get(raw)) is None:
            if len(read) > _MOST_READ:
                read.clear()
            known = read[raw] = _read_word(raw, lexicon)
        word, tag, is_name_inside = known
        if word == "'s":  # he's against Ann's
            tag = Pos.AUXILIARY if tags and tags[-1] in _PRONOUNS else Pos.POSSESSIVE
        elif is_name_inside and not is_title and tags and tags[-1] not in _STARTS_AFRESH:
            tag = Pos.NAME
        words.append(word)
        tags.append(tag)
        starts.append(match.start())
        ends.append(match.end())


def _read_word(raw: str, lexicon: ReportingLexicon) -> tuple[str, str, bool]:
    """Return (word, tag, whether it is a name inside a sentence that is not set like a title)."""
    word = raw.lower().replace("’", "'")
    if raw in _SIGNS:
        return word, _SIGNS[raw], False
    tag = lexicon.tags.get(word)
    if tag is None and word in lexicon.cues:
        tag = Pos.REPORTING_VERB
    if tag is None:
        return word, _guess_tag(raw, word, lexicon), False
    return word, tag, raw[0].isupper() and tag not in _NEVER_NAMES


def _guess_tag(raw: str, word: str, lexicon: ReportingLexicon) -> str:
    """Return the tag of a word that no list has, by its form."""
    first = raw[0]
    if first.isupper():
        return Pos.NAME
    if first.isdigit() or first == "$":
        return Pos.NUMBER
    if word.endswith("ing") and len(word) > 4:
        return Pos.ING_FORM
    if word.endswith("ly") and len(word) > 4:
        return Pos.ADVERB
    if word.endswith("ed") and len(word) > 3 and word not in lexicon.words["not_past"]:
        return Pos.PAST_FORM
    if first.isalpha():
        return Pos.NOUN
    if first == "'":  # the possessive of a plural
        return Pos.POSSESSIVE
    return first if first.isascii() else Pos.NAME


def _is_title_case(text: str, start: int, end: int) -> bool:
    """Return whether most words of the line begin with a capital, as headlines often do."""
    words = text[start:end].split()
    if not 4 <= len(words) <= 30:
        return False
    return sum(word[0].isupper() for word in words) > 0.65 * len(words)
