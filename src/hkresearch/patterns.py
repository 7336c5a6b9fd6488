"""Patterns of a codebook, written in words -> regular expressions over a text whose offsets stay the article's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

HAN = r"\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[^\W_{HAN}]+")
HAS_HAN = re.compile(rf"[{HAN}]")
SEPARATOR = r"[^\w.;:!?]+"  # between two words: anything but a letter or the end of a clause
LONGEST_GAP = 10  # words that `..` may skip
LONGEST_HAN_GAP = 20  # characters that `..` may skip
SHORT = 2.5  # `~` skips so many times less
# One character becomes one character, so that an offset into the plain text is an offset into the text layer.
PLAIN = str.maketrans(dict.fromkeys("“”„\"«»「」『』‟〝〞《》\u00a0\u2009\u202f\u3000\t\n\r", " ") | dict.fromkeys("’‘ʼ`´", "'") | dict.fromkeys("‐‑", "-"))
ABBREVIATION = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)|(?<=\b[A-Z]\.[A-Z])\.|(?<=\b(?:Inc|Ltd))\.|(?<=\bCorp)\.")
ELEMENT = re.compile(r"\{(\w+)\}|\[([^\]]*)\]|\(([^)]*)\)|(\.\.|~)|([^\s{}\[\]()~]+)")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with quotation marks blanked, in its own case and in lower case, and its Latin words; offsets unchanged."""

    cased: str
    lower: str
    words: tuple[tuple[int, int, str], ...]  # start, end, lower-case word
    has_han: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: what it is written as, what it codes, and its compiled form."""

    text: str
    code: str
    regex: re.Pattern


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Patterns of one language, found by their first word; Han patterns by one search for any first element."""

    patterns: tuple[Pattern, ...]
    heads: tuple[tuple[re.Pattern, int], ...]
    language: str

    def find(self, plain: Plain, start: int, end: int, words: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, Pattern]]:
        """Return (start, end, pattern) of every match inside [start, end), by start, the longest first."""
        found = []
        if self.language == "zh":
            for pattern in self.patterns:
                found += [(m.start(), m.end(), pattern) for m in pattern.regex.finditer(plain.lower, start, end)]
        else:
            for word_start, _, word in words:
                for index in _find_heads(self, word):
                    if match := self.patterns[index].regex.match(plain.lower, word_start, end):
                        found.append((word_start, match.end(), self.patterns[index]))
        return sorted(found, key=lambda hit: (hit[0], -hit[1], hit[2].code, hit[2].text))


    def is_in(self, plain: Plain, start: int, end: int, words: Iterable[tuple[int, int, str]]) -> bool:
        """Return whether any pattern matches inside [start, end)."""
        return bool(self.patterns) and bool(self.find(plain, start, end, words))


@lru_cache(maxsize=1 << 16)
def _find_heads(patterns: PatternSet, word: str) -> tuple[int, ...]:
    return tuple(index for head, index in patterns.heads if head.fullmatch(word))


@lru_cache(maxsize=4)
def read_plain(text: str) -> Plain:
    """Return the plain form of `text`, of the same length: marks blanked, lower-cased, split into Latin words."""
    cased = text.translate(PLAIN)
    if "." in cased:
        cased = ABBREVIATION.sub(lambda m: " " if len(m.group()) == 1 else m.group(1) + "\u2024", cased)
    lower = cased.lower()
    if len(lower) != len(cased):  # a few capitals grow when lower-cased
        lower = "".join(c if len(c.lower()) != 1 else c.lower() for c in cased)
    words = tuple((m.start(), m.end(), m.group()) for m in WORD.finditer(lower))
    return Plain(cased, lower, words, bool(HAS_HAN.search(text)))


def compile_patterns(written: Iterable[tuple[str, str]], words: Mapping[str, Sequence[str]], language: str) -> PatternSet:
    """Return the set of the (code, pattern) pairs; raises ValueError that says which pattern cannot be read."""
    patterns, heads = [], []
    for code, text in written:
        elements = _read_elements(text, words, language)
        regex = re.compile(_join(elements, language, words))
        if regex.match(""):
            raise ValueError(f"pattern {text!r} matches nothing at all as well")
        heads += [(re.compile(head), len(patterns)) for head in [_read_head(elements[0][1])]]
        patterns.append(Pattern(text, code, regex))
    return PatternSet(tuple(patterns), tuple(heads), language)


def compile_continuation(text: str, words: Mapping[str, Sequence[str]], language: str) -> re.Pattern:
    """Return the expression of a pattern that goes on from a given place; unlike others it may begin with a gap."""
    gap, _, rest = text.partition(" ")
    if gap not in ("~", ".."):
        return re.compile(_join(_read_elements(text, words, language), language, words))
    return re.compile(_join([("gap" if gap == ".." else "short gap", []), *_read_elements(rest, words, language)], language, words).removeprefix(SEPARATOR))


def compile_lead(text: str, words: Mapping[str, Sequence[str]], language: str) -> re.Pattern:
    """Return the expression of a pattern that must end right before a given place."""
    end = r"\s*$" if language == "zh" else r"[^\w.;:!?]*$"
    return re.compile(_join(_read_elements(text, words, language), language, words) + end)


def compile_for_check(text: str, words: Mapping[str, Sequence[str]], language: str, use: str) -> re.Pattern:
    """Return an expression that finds the pattern anywhere in an example; `use` is its key in the book."""
    if use in ("after", "not_after"):
        return re.compile(rf"(?<![^\W_{HAN}])" + compile_continuation(text, words, language).pattern)
    if use != "links":
        return compile_patterns([("", text)], words, language).patterns[0].regex
    parts = re.split(r"<\w+>", text)
    if len(parts) != 3 or not {"<subject>", "<code>"} <= set(re.findall(r"<\w+>", text)):
        raise ValueError(f"the link {text!r} must name <subject> and <code> once each")
    return re.compile("[^.;]+?".join(compile_link(p.strip(), words, language).pattern for p in parts))


def compile_link(text: str, words: Mapping[str, Sequence[str]], language: str, starts: bool = False, ends: bool = False) -> re.Pattern:
    """Return the expression of the words between two mentions, or, with `starts` or `ends`, behind or before them."""
    around = r"\s*" if language == "zh" else r"[^\w.;:!?]*"
    gaps = {"~": (r"[^。；！？]{0,8}?" if language == "zh" else rf"(?:\w+{SEPARATOR}){{0,4}}?")}
    out = around
    for part in ELEMENT.finditer(text):
        if part.group() in gaps:
            out += gaps[part.group()]
        elif maybe := part[2]:
            out += f"(?:{_write_choice(_expand_choices(maybe, words), language)}{around})?"
        else:
            out += _write_choice(_read_elements(part.group(), words, language)[0][1], language) + around
    return re.compile(out + ("$" if ends else ""))


def _read_elements(text: str, words: Mapping[str, Sequence[str]], language: str) -> list[tuple[str, list[str]]]:
    """Return [(kind, phrases)]: kind is "word", "maybe" or "gap"; the phrases are plain words, longest first."""
    elements = []
    for class_name, maybe, choice, gap, literal in ELEMENT.findall(text):
        if gap:
            elements.append(("gap" if gap == ".." else "short gap", []))
        elif class_name:
            elements.append(("word", expand_class(class_name, words)))
        elif maybe:
            elements.append(("maybe", _expand_choices(maybe, words)))
        elif choice:
            elements.append(("word", _expand_choices(choice, words)))
        else:
            elements.append(("word", [literal]))
    if not elements or elements[0][0] != "word" or elements[-1][0].endswith("gap"):
        raise ValueError(f"pattern {text!r} must begin with a word that is not optional, and not end with a gap")
    return elements


def _expand_choices(text: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    phrases = []
    for part in text.split("|"):
        part = part.strip()
        phrases += expand_class(part[1:-1], words) if part.startswith("{") else [part]
    return _sort_phrases(phrases)


def expand_class(name: str, words: Mapping[str, Sequence[str]], above: tuple[str, ...] = ()) -> list[str]:
    """Return the phrases of a class of words, those of the classes it uses included, longest first."""
    if name not in words:
        raise ValueError(f"no class of words is called {{{name}}}; there are: {', '.join(sorted(words))}")
    if name in above:
        raise ValueError(f"the class {{{name}}} uses itself")
    phrases = []
    for phrase in words[name]:
        phrases += expand_class(phrase[1:-1], words, (*above, name)) if phrase.startswith("{") else [phrase]
    return _sort_phrases(phrases)


def _sort_phrases(phrases: Iterable[str]) -> list[str]:
    return sorted({p.lower().translate(PLAIN) for p in phrases}, key=lambda p: (-len(p), p))


def _write_phrase(phrase: str, language: str) -> str:
    if language == "zh":
        return re.escape(phrase)
    return SEPARATOR.join(re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w) + r"\b" for w in re.split(r"[\s-]+", phrase))


def _write_choice(phrases: Sequence[str], language: str) -> str:
    return "(?:" + "|".join(_write_phrase(p, language) for p in phrases) + ")"


def _join(elements: Sequence[tuple[str, list[str]]], language: str, words: Mapping[str, Sequence[str]]) -> str:
    """Return the regular expression; gaps are bounded, so matching takes time linear in the text."""
    if language == "zh":
        stop = rf"(?!{_write_choice(expand_class('barrier', words), language)})" if "barrier" in words else ""
        gap = rf"(?:{stop}[^。；！？\n]){{0,%d}}?".replace("{{", "{").replace("}}", "}")
        between = r"\s*"
    else:
        barrier = expand_class("barrier", words) if "barrier" in words else []
        stop = rf"(?!{_write_choice(barrier, language)})" if barrier else ""
        gap = rf"(?:{stop}\w+{SEPARATOR}){{0,%d}}?".replace("{{", "{").replace("}}", "}")
        between = SEPARATOR
    out, glue = "", ""
    for kind, phrases in elements:
        if kind.endswith("gap"):
            longest = LONGEST_HAN_GAP if language == "zh" else LONGEST_GAP
            glue = glue if out else ""
            out, glue = out + glue + gap.replace("%d", str(longest if kind == "gap" else int(longest / SHORT))), ""
        elif kind == "maybe":
            choice = _write_choice(phrases, language)
            out += f"(?:{glue}{choice})?" if glue else f"(?:{choice}{between})?"
        else:
            out, glue = out + glue + _write_choice(phrases, language), between
    return out


def _read_head(phrases: Sequence[str]) -> str:
    firsts = {re.split(r"[\s'-]+", p)[0] for p in phrases}
    return "|".join(sorted(re.escape(f[:-1]) + r"\w*" if f.endswith("*") else re.escape(f) for f in firsts))
