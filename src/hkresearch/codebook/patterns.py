"""Patterns of a codebook, written in words -> where they match in a text whose offsets stay the article's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

HAN = r"\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[^\W_{HAN}]+")
HAS_HAN = re.compile(rf"[{HAN}]")
SEPARATOR = (
    r"[^\w.;:!?]+"  # between two words of a phrase: anything but a letter or the end of a clause
)
CLAUSE_END = re.compile(r"[.;:!?]")
HAN_CLAUSE_END = frozenset("。；！？\n")
GAPS = {"..": 10, "~": 4}  # words that a gap may skip
HAN_GAPS = {"..": 20, "~": 8}  # characters that it may skip
# One character becomes one character, so that an offset into the plain text is an offset into the text layer.
PLAIN = str.maketrans(
    dict.fromkeys('“”„"«»「」『』‟〝〞《》\u00a0\u2009\u202f\u3000\t\n\r', " ")
    | dict.fromkeys("’‘ʼ`´", "'")
    | dict.fromkeys("‐‑", "-")
)
ABBREVIATION = re.compile(
    r"\b([A-Z])\.(?=[A-Z]\b)|(?<=\b[A-Z]\.[A-Z])\.|(?<=\b(?:Inc|Ltd))\.|(?<=\bCorp)\."
)
ELEMENT = re.compile(r"\{(\w+)\}|\[([^\]]*)\]|\(([^)]*)\)|(\.\.|~)|([^\s{}\[\]()~]+)")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with quotation marks blanked, in its own case and in lower case, and its Latin words; offsets unchanged."""

    cased: str
    lower: str
    words: tuple[tuple[int, int, str], ...]  # start, end, lower-case word
    has_han: bool

    def list_words(self, start: int, end: int) -> tuple[tuple[int, int, str], ...]:
        """Return the words that begin in [start, end)."""
        first = bisect_left(self.words, (start,))
        return self.words[first : bisect_left(self.words, (end,), first)]


@lru_cache(maxsize=4)
def read_plain(text: str) -> Plain:
    """Return the plain form of `text`, of the same length: marks blanked, lower-cased, split into Latin words."""
    cased = text.translate(PLAIN)
    if "." in cased:
        cased = ABBREVIATION.sub(
            lambda m: " " if len(m.group()) == 1 else m.group(1) + "\u2024", cased
        )
    lower = cased.lower()
    if len(lower) != len(cased):  # a few capitals grow when lower-cased
        lower = "".join(c if len(c.lower()) != 1 else c.lower() for c in cased)
    words = tuple((m.start(), m.end(), m.group()) for m in WORD.finditer(lower))
    return Plain(cased, lower, words, bool(HAS_HAN.search(text)))


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: what it is written as, what it codes, and its elements as (kind, element) of its wording."""

    text: str
    code: str
    elements: tuple[tuple[str, int | tuple], ...]  # kind is "word", "maybe", ".." or "~"
    needed: frozenset[int]  # elements without which it cannot match


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence read for patterns: its tokens, and where each element of the wording occurs among them."""

    starts: Sequence[int]
    ends: Sequence[int]
    words: Sequence[str]
    found: dict[int, list[tuple[int, int]]]  # element -> (first token, token after the last)
    walls: Sequence[int]  # for each token, how many clause ends stand before it
    barriers: Sequence[int]  # for each token, how many barrier words stand before it


class Wording:
    """The words of one language of a codebook; every pattern compiled with it shares one reading of a sentence."""

    def __init__(self, words: Mapping[str, Sequence[str]], language: str) -> None:
        self.words, self.language = words, language
        self.elements: dict[tuple[str, ...], int] = {}
        self.phrases: dict[tuple[str, ...], set[int]] = {}  # the words of a phrase -> elements
        self.firsts: dict[str, list[tuple[str, ...]]] = {}
        self.prefixes: dict[str, list[tuple[str, ...]]] = {}
        self.known: dict[str, tuple] = {}
        self.barrier = (
            self.add_element(expand_class("barrier", words)) if "barrier" in words else -1
        )
        self.plain: Plain | None = None
        self.scenes: dict[tuple[int, int], Scene] = {}

    def add_element(self, phrases: Sequence[str]) -> int:
        """Return the number of the element that any of the phrases makes."""
        key = tuple(phrases)
        if key not in self.elements:
            self.elements[key] = number = len(self.elements)
            for phrase in key:
                parts = self.split_phrase(phrase)
                if parts not in self.phrases:
                    self.phrases[parts] = set()
                    table = self.prefixes if parts[0].endswith("*") else self.firsts
                    table.setdefault(parts[0].rstrip("*"), []).append(parts)
                self.phrases[parts].add(number)
            self.known, self.plain = {}, None
        return self.elements[key]

    def split_phrase(self, phrase: str) -> tuple[str, ...]:
        """Return the words of a phrase, or its characters in Chinese."""
        parts = tuple(phrase) if self.language == "zh" else tuple(re.findall(r"[^\W_]+\*?", phrase))
        if not parts:
            raise ValueError(f"{phrase!r} has no word in it")
        return parts

    def read_scene(
        self, plain: Plain, start: int, end: int, words: Sequence[tuple[int, int, str]]
    ) -> Scene:
        """Return the reading of one sentence; it is kept until another text is read."""
        if self.plain is not plain:
            self.plain, self.scenes = plain, {}
        if (scene := self.scenes.get((start, end))) is None:
            scene = self.scenes[start, end] = self.scan(plain, start, end, words)
        return scene

    def scan(
        self, plain: Plain, start: int, end: int, words: Sequence[tuple[int, int, str]]
    ) -> Scene:
        text = plain.lower
        if self.language == "zh":
            tokens = [(i, i + 1, c) for i, c in enumerate(text[start:end], start) if c != " "]
        else:  # the "s" of a possessive is no word of its own
            tokens = [t for t in words if t[2] != "s" or text[t[0] - 1] != "'"]
        found: dict[int, list[tuple[int, int]]] = {}
        known, count = self.known, len(tokens)
        for i, (_, _, word) in enumerate(tokens):
            candidates = known.get(word)
            if candidates is None:
                candidates = self.known[word] = self.find_candidates(word)
            alone, phrases, stems = candidates
            if phrases or stems:
                longer = phrases.get(tokens[i + 1][2], ()) if i + 1 < count else ()
                if stems and i + 1 < count:
                    longer = sorted((*longer, *stems), key=lambda row: (-len(row[0]), row[0]))
                for parts, numbers in longer:
                    stop = i + len(parts)
                    if stop <= count and self.are_together(text, tokens, i, parts):
                        for number in numbers:
                            found.setdefault(number, []).append((i, stop))
            for number in alone:
                found.setdefault(number, []).append((i, i + 1))
        return Scene(
            [t[0] for t in tokens],
            [t[1] for t in tokens],
            [t[2] for t in tokens],
            found,
            *self.count_walls(text, tokens, found),
        )

    def find_candidates(self, word: str) -> tuple:
        """Return what may begin with the word: its own elements, and (phrase, elements) by their second word, or stems.

        Longer phrases come first.
        """
        known = list(self.firsts.get(word, ()))
        for length in range(1, len(word) + 1):
            known += self.prefixes.get(word[:length], ())
        alone: list[int] = []
        phrases: dict[str, list] = {}
        stems = []
        for parts in sorted(known, key=lambda parts: (-len(parts), parts)):
            if len(parts) == 1:
                alone += sorted(self.phrases[parts])
            else:
                row = (parts, tuple(sorted(self.phrases[parts])))
                (stems if parts[1][-1] == "*" else phrases.setdefault(parts[1], [])).append(row)
        return tuple(alone), phrases, stems

    def are_together(
        self, text: str, tokens: Sequence[tuple], first: int, parts: Sequence[str]
    ) -> bool:
        """Return whether the rest of a phrase stands behind its first word, inside the clause."""
        for offset in range(1, len(parts)):
            start, _, word = tokens[first + offset]
            part = parts[offset]
            if word != part and not (part[-1] == "*" and word.startswith(part[:-1])):
                return False
            if self.language != "zh":
                gap = text[tokens[first + offset - 1][1] : start]
                if gap != " " and CLAUSE_END.search(gap):
                    return False
        return True

    def count_walls(
        self, text: str, tokens: Sequence[tuple], found: dict
    ) -> tuple[list[int], list[int]]:
        walls, barriers = [0], [0]
        stops = {i for i, _ in found.get(self.barrier, ())}
        for i in range(len(tokens)):
            wall = 0
            if self.language == "zh":
                wall = tokens[i][2] in HAN_CLAUSE_END
            elif i + 1 < len(tokens):
                gap = text[tokens[i][1] : tokens[i + 1][0]]
                wall = gap != " " and CLAUSE_END.search(gap) is not None
            walls.append(walls[-1] + wall)
            barriers.append(barriers[-1] + (i in stops))
        return walls, barriers


@lru_cache(maxsize=8)
def read_wordings(codebook) -> dict[str, Wording]:
    """Return the wording of each language of the codebook; shared by all that compile its patterns."""
    return {
        language: Wording(words, language)
        for language, words in codebook.topic.get("words", {}).items()
    }


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Patterns of one wording, looked for together; `heads` finds them by their first element."""

    patterns: tuple[Pattern, ...]
    wording: Wording
    heads: Mapping[int, tuple[Pattern, ...]]

    @property
    def language(self) -> str:
        return self.wording.language

    def find(
        self, plain: Plain, start: int, end: int, words: Sequence[tuple[int, int, str]]
    ) -> list[tuple[int, int, Pattern, int]]:
        """Return (start, end, pattern, end of its first element) of every match in [start, end).

        The longest come first, of equally long ones that with most parts.
        """
        if not self.heads or self.language == "zh" and not plain.has_han:
            return []
        scene = self.wording.read_scene(plain, start, end, words)
        found = []
        for head in self.heads.keys() & scene.found.keys():
            for pattern in self.heads[head]:
                if pattern.needed <= scene.found.keys():
                    for first, after in scene.found[head]:
                        if last := _match_rest(scene, self.language, pattern.elements, 1, after):
                            found.append(
                                (
                                    scene.starts[first],
                                    scene.ends[last - 1],
                                    pattern,
                                    scene.ends[after - 1],
                                )
                            )
        return (
            sorted(
                found,
                key=lambda hit: (hit[0], -hit[1], -len(hit[2].elements), hit[2].code, hit[2].text),
            )
            if found
            else found
        )

    def is_in(
        self, plain: Plain, start: int, end: int, words: Sequence[tuple[int, int, str]]
    ) -> bool:
        """Return whether any pattern matches inside [start, end)."""
        return bool(self.patterns) and bool(self.find(plain, start, end, words))


def _match_rest(
    scene: Scene, language: str, elements: Sequence[tuple[str, int]], index: int, token: int
) -> int:
    """Return the token after the match of elements[index:] from `token` on, else 0; gaps are as short as they can be."""
    if index == len(elements):
        return token
    kind, element = elements[index]
    if kind == "maybe":
        for parts in element:
            if _stands_at(scene, language, parts, token):
                if last := _match_rest(scene, language, elements, index + 1, token + len(parts)):
                    return last
        return _match_rest(scene, language, elements, index + 1, token)
    longest = 0
    if kind in GAPS:
        longest = (HAN_GAPS if language == "zh" else GAPS)[kind]
        index += 1 + (
            elements[index + 1][0] == "maybe"
        )  # the gap can hold what may stand behind it
        element = elements[index][1]
    places = scene.found.get(element, ())
    # The wall between the last word and the next counts too: walls[token - 1] stands before it only in Latin script.
    base = scene.walls[token if language == "zh" else max(token - 1, 0)]
    for first, after in places[bisect_left(places, (token, 0)) :]:
        if first - token > longest:
            break
        if scene.walls[first] != base or (
            first > token and scene.barriers[first] != scene.barriers[token]
        ):
            break
        if last := _match_rest(scene, language, elements, index + 1, after):
            return last
    return 0


def _stands_at(scene: Scene, language: str, parts: Sequence[str], token: int) -> bool:
    """Return whether the words of an optional phrase stand at the token, inside the clause."""
    if token + len(parts) > len(scene.words):
        return False
    for word, part in zip(scene.words[token : token + len(parts)], parts):
        if word != part and not (part[-1] == "*" and word.startswith(part[:-1])):
            return False
    last = token + len(parts) - 1
    return scene.walls[last] == scene.walls[token if language == "zh" else max(token - 1, 0)]


def compile_patterns(written: Iterable[tuple[str, str]], wording: Wording) -> PatternSet:
    """Return the set of the (code, pattern) pairs; raises ValueError that says which pattern cannot be read."""
    patterns = []
    for code, text in written:
        elements = []
        for kind, phrases in _read_elements(text, wording.words):
            if not elements and kind != "word":
                raise ValueError(f"pattern {text!r} must begin with a word that is not optional")
            if kind == "maybe":
                elements.append((kind, tuple(wording.split_phrase(p) for p in phrases)))
            else:
                elements.append((kind, -1 if kind in GAPS else wording.add_element(phrases)))
        if not elements or elements[-1][0] in GAPS:
            raise ValueError(f"pattern {text!r} must end with a word, not with a gap")
        needed = frozenset(element for kind, element in elements if kind == "word")
        patterns.append(Pattern(text, code, tuple(elements), needed))
    heads: dict[int, tuple[Pattern, ...]] = {}
    for pattern in patterns:
        heads[pattern.elements[0][1]] = (*heads.get(pattern.elements[0][1], ()), pattern)
    return PatternSet(tuple(patterns), wording, heads)


def _read_elements(
    text: str, words: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[str]]]:
    """Yield (kind, phrases) of each element of a pattern, the longest phrase first."""
    for class_name, maybe, choice, gap, literal in ELEMENT.findall(text):
        if gap:
            yield gap, []
        elif class_name:
            yield "word", expand_class(class_name, words)
        elif maybe:
            yield "maybe", _expand_choices(maybe, words)
        elif choice:
            yield "word", _expand_choices(choice, words)
        else:
            yield "word", _sort_phrases([literal])


def _expand_choices(text: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    phrases = []
    for part in text.split("|"):
        part = part.strip()
        phrases += expand_class(part[1:-1], words) if part.startswith("{") else [part]
    return _sort_phrases(phrases)


def expand_class(
    name: str, words: Mapping[str, Sequence[str]], above: tuple[str, ...] = ()
) -> list[str]:
    """Return the phrases of a class of words, those of the classes it uses included, longest first."""
    if name not in words:
        raise ValueError(
            f"no class of words is called {{{name}}}; there are: {', '.join(sorted(words))}"
        )
    if name in above:
        raise ValueError(f"the class {{{name}}} uses itself")
    phrases = []
    for phrase in words[name]:
        phrases += (
            expand_class(phrase[1:-1], words, (*above, name))
            if phrase.startswith("{")
            else [phrase]
        )
    return _sort_phrases(phrases)


def _sort_phrases(phrases: Iterable[str]) -> list[str]:
    return sorted(
        {p.lower().translate(PLAIN) for p in phrases if p.strip()}, key=lambda p: (-len(p), p)
    )


# ---- words around a known place, as regular expressions; their gaps are bounded, so they take linear time ----


def compile_continuation(text: str, wording: Wording) -> re.Pattern:
    """Return the expression of a pattern that goes on from a given place; it may begin with a gap."""
    return re.compile(_write_expression(text, wording))


def compile_lead(text: str, wording: Wording) -> re.Pattern:
    """Return the expression of a pattern that must end right before a given place."""
    return re.compile(_write_expression(text, wording) + r"[^\w.;:!?]*$")


def compile_link(text: str, wording: Wording, ends: bool = False) -> re.Pattern:
    """Return the expression of the words between two mentions, or, with `ends`, of those before them."""
    around = r"\s*" if wording.language == "zh" else r"[^\w.;:!?]*"
    return re.compile(around + _write_expression(text, wording) + around + ("$" if ends else ""))


def compile_link_example(text: str, wording: Wording) -> re.Pattern:
    """Return an expression that finds the whole link in an example, any words standing for its two mentions."""
    parts = re.split(r"<\w+>", text)
    if len(parts) != 3 or not {"<subject>", "<code>"} <= set(re.findall(r"<\w+>", text)):
        raise ValueError(f"the link {text!r} must name <subject> and <code> once each")
    return re.compile("[^.;]+?".join(compile_link(p.strip(), wording).pattern for p in parts))


def _write_expression(text: str, wording: Wording) -> str:
    han = wording.language == "zh"
    space = r"\s*" if han else r"[^\w.;:!?]*"
    out = ""
    for kind, phrases in _read_elements(text, wording.words):
        if kind in GAPS:
            out += (
                f"[^。；！？]{{0,{HAN_GAPS[kind]}}}?"
                if han
                else rf"(?:\w+{SEPARATOR}){{0,{GAPS[kind]}}}?"
            )
            continue
        choice = "(?:" + "|".join(_write_phrase(p, han) for p in phrases) + ")"
        out += f"(?:{choice}{space})?" if kind == "maybe" else choice + space
    return out


def _write_phrase(phrase: str, han: bool) -> str:
    if han:
        return re.escape(phrase)
    words = re.findall(r"[^\W_]+\*?", phrase)
    return SEPARATOR.join(
        re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w) + r"\b" for w in words
    )
