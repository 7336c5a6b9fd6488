"""Sentences, mentions and the codebook's patterns -> organisations' positions, each with its evidence and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.plain_text import Plain, read_plain
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.positions.actors import find_subject
from hkresearch.structure.positions.attributes import read_attributes
from hkresearch.structure.positions.modality import read_modality
from hkresearch.structure.positions.third_party_speakers import Tellers
from hkresearch.structure.text.mentions import (
    Group,
    Lexicon,
    Mention,
    find_side,
    group_mentions,
    is_mainly_here,
    read_lexicon,
    split_by_sentence,
)

CODER = "positions/1"
SAME = "same"
CLAUSE_END = re.compile(r"[.;:!?。；]|, (?:but|while)| and that\b")
SERVED = re.compile(
    r"^[^.;]{0,80}\b(?:for|across|including)\s(?:(?:its|the|both|messaging|app|service|platform|subsidiary)\s)*$"
)
WITHHOLD = ("pause", "refuse", "stop")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled position patterns and modality words of one language."""

    patterns: PatternSet
    inverted: PatternSet
    gate: PatternSet
    exceptions: PatternSet
    scope: PatternSet
    lasting: PatternSet
    instead: dict  # code -> (the code that it becomes, the patterns that make it so)
    modality: dict  # kind -> compiled words


@dataclass(frozen=True, slots=True)
class Found:
    """One position of a list of organisations, before it is written as annotations."""

    start: int
    end: int
    hit: tuple[int, int]
    object: tuple[int, int]  # empty when it lies in an earlier sentence
    entities: tuple[str, ...]
    code: str
    modality: str
    sentence: object
    is_lasting: bool = False  # a stop for good, whatever was said before
    is_own: bool = False  # said of itself: "we"


@lru_cache(maxsize=8)
def read_grammar(codebook: Codebook) -> dict[str, Grammar]:
    """Return the compiled patterns of the variable `position`, by language; empty when the book has none."""
    topic, languages = codebook.topic, read_wordings(codebook)
    variable = codebook.variables.get("position", {})
    grammars = {}
    for language, wording in languages.items():
        written = [
            (code, p)
            for code, table in variable.get("codes", {}).items()
            for p in table.get("patterns", {}).get(language, ())
        ]
        same = variable.get("same", {})
        written += [(SAME, p) for p in same.get("patterns", {}).get(language, ())]
        inverted = [(SAME, p) for p in same.get("inverted", {}).get(language, ())]
        gate = [("gate", p) for p in topic.get("gate", {}).get("patterns", {}).get(language, ())]
        scope = [
            (code, p)
            for code, table in codebook.variables.get("scope", {}).get("codes", {}).items()
            for p in table.get("patterns", {}).get(language, ())
        ]
        instead = {
            code: (
                table["instead"]["code"],
                compile_patterns(
                    [(code, p) for p in table["instead"].get("patterns", {}).get(language, ())],
                    wording,
                ),
            )
            for code, table in variable.get("codes", {}).items()
            if "instead" in table
        }
        lasting = [
            (code, p)
            for code, table in variable.get("codes", {}).items()
            for p in table.get("lasting", {}).get("patterns", {}).get(language, ())
        ]
        exceptions = [
            ("except", p)
            for p in topic.get("gate", {}).get("except", {}).get("patterns", {}).get(language, ())
        ]
        modality = {
            kind: re.compile(
                "|".join(
                    (r"%s" if language == "zh" or w == "n't" else r"\b%s\b") % re.escape(w)
                    for w in phrases
                )
            )
            for kind, phrases in codebook.news.get("modality", {}).get(language, {}).items()
        }
        grammars[language] = Grammar(
            compile_patterns(written, wording),
            compile_patterns(inverted, wording),
            compile_patterns(gate, wording),
            compile_patterns(exceptions, wording),
            compile_patterns(scope, wording),
            compile_patterns(lasting, wording),
            instead,
            modality,
        )
    return grammars


def code_positions(
    article: Article,
    sentences: Sequence,
    mentions: Sequence[Mention],
    quotations: Sequence[Annotation],
    codebook: Codebook,
    days: Mapping[str, str],
) -> list[Annotation]:
    """Return the positions of the page and their attributes; a page that never speaks of the topic yields none.

    `days` are the dates of the codebook's events (`date_events`).
    """
    grammars = read_grammar(codebook)
    if not grammars or not mentions or not any(m.kind == "name" for m in mentions):
        return []
    reader = _Reader(article, codebook, grammars, mentions, days)
    rows = list(split_by_sentence(sentences, mentions, reader.plain.words))
    if not reader.is_on_topic(rows):
        return []
    found: list[Found] = []
    for sentence, own, words in rows:
        reader.read_sentence(sentence, own, words, found)
    return _write(
        article, _settle_stops(found), mentions, Tellers(article, quotations, codebook), reader
    )


class _Reader:
    """One article being read: its plain text, where its places are, and whom earlier sentences spoke of."""

    def __init__(
        self,
        article: Article,
        codebook: Codebook,
        grammars: dict[str, Grammar],
        mentions: Sequence[Mention],
        days: Mapping[str, str],
    ) -> None:
        self.plain: Plain = read_plain(article.text)
        self.lexicon: Lexicon = read_lexicon(codebook)
        self.grammars, self.codebook = grammars, codebook
        self.days = days
        self.last: tuple[str, ...] = ()
        self.codes = {
            True: "",
            False: "",
        }  # whether stated -> what "the same" means after the positions found so far
        self.nearest = (
            -1,
            "",
        )  # where the sentence of the last withholding position ends, and its code
        nouns = (
            "|".join(sorted(self.lexicon.references.get("en", {}).get("plural_nouns", ())))
            or "(?!)"
        )
        # "X quits as other firms halt": whoever the plural stands for, it is not X.
        self.others = re.compile(
            rf"(?<!and )(?<!or )(?<!like )(?<!with )(?<!, )\bother (?:[\w-]+ ){{0,2}}(?:{nouns})\b"
            rf"|\b(?:as|while|and|when|after|but|that|said|because|,)\s+(?:[\w-]+\s+){{0,3}}?(?:{nouns})(?:\s+(?:have|has|are|will|would|also|all|both|to|had|were|say|said|now)){{0,4}}\s*\Z"
        )
        self.here = is_mainly_here(codebook, mentions)

    def side_of(self, entity: str) -> str:
        return find_side(self.codebook, entity)

    def is_on_topic(self, rows: Sequence[tuple]) -> bool:
        """Return whether some sentence speaks of the topic's objects, on a page or in a sentence about the place."""
        for sentence, own, words in rows:
            if self.here or any(self.side_of(m.entity) == "here" for m in own):
                for language, grammar in self.grammars.items():
                    if (language != "zh" or self.plain.has_han) and grammar.gate.find(
                        self.plain, sentence.start, sentence.end, words
                    ):
                        return True
        return False

    def read_sentence(
        self, sentence, own: Sequence[Mention], words: Sequence[tuple], out: list[Found]
    ) -> None:
        """Add what one sentence says to `out`, which holds what the sentences before it say."""
        groups = None
        for language, grammar in self.grammars.items():
            if language == "zh" and not self.plain.has_han:
                continue
            hits = grammar.patterns.find(self.plain, sentence.start, sentence.end, words)
            inverted = grammar.inverted.find(self.plain, sentence.start, sentence.end, words)
            if not hits and not inverted:
                continue
            if groups is None:
                groups = group_mentions(self.plain, own, self.lexicon, sentence.start)
            others = (
                grammar.exceptions.find(self.plain, sentence.start, sentence.end, words)
                if hits
                else []
            )
            hits = [
                hit
                for hit in hits
                if not any(hit[0] < other[1] and other[0] < hit[1] for other in others)
            ]
            chosen = _choose(hits)
            # A government inside a match is its object ("gave the government data"), never the subject of the next one.
            actors = [
                g
                for g in groups
                if g.kind == "company" or not any(hit[0] <= g.start < hit[1] for hit in chosen)
            ]
            for start, end, pattern, head_end in chosen:
                found = self.read_hit(
                    sentence,
                    own,
                    words,
                    actors,
                    grammar,
                    language,
                    start,
                    end,
                    head_end,
                    pattern.code,
                )
                if found:
                    self.keep(found, out)
            for _, end, _, _ in inverted:
                for found in self.read_inverted(sentence, groups, end):
                    self.keep(found, out)
        if (
            self.plain.has_han and own
        ):  # a Chinese sentence may leave out a subject that an earlier one named
            if groups is None:
                groups = group_mentions(self.plain, own, self.lexicon, sentence.start)
            companies = [g for g in groups if g.kind == "company" and g.can_act]
            self.last = companies[0].entities if companies else self.last

    def keep(self, found: Found, out: list[Found]) -> None:
        """Add the position to `out`; "the same" then means "pause" once anybody paused, else what the last withheld."""
        out.append(found)
        is_stated = found.modality == "stated"
        if found.code in (*WITHHOLD, "exit"):
            self.nearest = (found.sentence.end, found.code)
            if self.codes[is_stated] != "pause":
                self.codes[is_stated] = found.code

    def copy_code(self, sentence) -> str:
        """Return the withholding code that others took in the sentence before, or before that; nothing when nobody did."""
        if 0 <= sentence.start - self.nearest[0] <= 3:
            return self.nearest[1]
        return self.codes[True] or self.codes[False]

    # ---- one match ----

    def read_hit(
        self,
        sentence,
        own,
        words,
        groups,
        grammar: Grammar,
        language: str,
        start: int,
        end: int,
        head_end: int,
        code: str,
    ) -> Found | None:
        """Return the position that the match at [start, end) states, or nothing when it states none."""
        if not self.is_here(own, start, end, sentence):
            return None
        entities, begin, between = find_subject(
            self, sentence, groups, start, end, language, code, SAME
        )
        if not entities:
            return None
        reach = self.lexicon.reach.get(language)
        if reach and reach.search(self.plain.lower, start, sentence.end):
            # "for all of its services": those that the sentence names as its own, too
            owned = [m.entity for m in own if self.lexicon.owners.get(m.entity) in entities]
            entities = tuple(dict.fromkeys((*entities, *owned)))
        elif (
            language == "en" and code in WITHHOLD
        ):  # "requests for its own site, for X and for Y": X and Y, too
            owned = [
                m for m in own if m.start >= end and self.lexicon.owners.get(m.entity) in entities
            ]
            named = [m.entity for m in owned if SERVED.search(self.plain.lower[end : m.start])]
            entities = tuple(dict.fromkeys((*entities, *named)))
        subject = self.plain.lower[begin:start].split(" ")[0]
        speaks = subject in self.lexicon.references.get("en", {}).get("speaker", ())
        modality = read_modality(
            between, self.plain.lower[end : sentence.end], grammar.modality, code, language, speaks
        )
        if not modality:
            return None
        if code in grammar.instead:
            other, patterns = grammar.instead[code]
            if any(
                hit[0] >= start
                for hit in patterns.find(self.plain, sentence.start, sentence.end, words)
            ):
                code = other
        subject_matter = (head_end, end)
        if code == SAME:
            code, subject_matter = self.copy_code(sentence), (end, end)
            if not code:
                return None
        named = [m.start for m in own if m.entity in entities and m.start < start]
        lasting = (
            grammar.lasting.find(self.plain, sentence.start, sentence.end, words)
            if code == "stop"
            else ()
        )
        return Found(
            min([begin, start, *named]),
            sentence.end,
            (start, end),
            subject_matter,
            entities,
            code,
            modality,
            sentence,
            any(a < end and start < b for a, b, *_ in lasting),
            speaks,
        )

    def is_here(self, own: Sequence[Mention], start: int, end: int, sentence) -> bool:
        """Return whether what the match speaks of belongs to the topic's place."""
        stop = CLAUSE_END.search(self.plain.lower, end, sentence.end)
        until = min(stop.start() if stop else sentence.end, end + 80)
        sides = {self.side_of(m.entity) for m in own if start <= m.start < until}
        if "here" in sides:
            return True
        if "foreign" in sides:
            return False
        sides = {self.side_of(m.entity) for m in own}
        return "here" in sides or self.here

    def read_scope(self, sentence, start: int, end: int) -> str:
        """Return which requests the words of the object name, by the variable `scope`; its default when none do."""
        words = self.plain.list_words(start, end)
        for grammar in self.grammars.values():
            if hits := grammar.scope.find(self.plain, start, end, words):
                return hits[0][2].code
        return self.codebook.variables.get("scope", {}).get("default", "")

    def read_inverted(self, sentence, groups: Sequence[Group], end: int) -> list[Found]:
        """Return the position of the organisations that follow the match ("as did X")."""
        for group in groups:
            if (
                group.kind == "company"
                and 0 < group.start - end <= 14
                and (code := self.copy_code(sentence))
            ):
                return [
                    Found(
                        sentence.start,
                        sentence.end,
                        (sentence.start, group.end),
                        (0, 0),
                        group.entities,
                        code,
                        "stated",
                        sentence,
                    )
                ]
        return []


def _choose(hits: Sequence[tuple]) -> list[tuple]:
    """Return the matches that do not overlap, the leftmost and longest first."""
    chosen, reached = [], -1
    for hit in hits:
        if hit[0] >= reached:
            chosen.append(hit)
            reached = hit[1]
        elif hit[2].code == chosen[-1][2].code:
            reached = max(
                reached, hit[1]
            )  # what the same code covers from a later word on states nothing else
    return chosen


def _settle_stops(found: Sequence[Found]) -> list[Found]:
    """Return the positions with "stopped" read as "paused" for whom the page elsewhere says that they paused."""
    paused = {entity for f in found if f.code == "pause" for entity in f.entities}
    out = []
    for f in found:
        if f.code != "stop" or f.is_lasting:
            out.append(f)
            continue
        for code, entities in (
            ("pause", [e for e in f.entities if e in paused]),
            ("stop", [e for e in f.entities if e not in paused]),
        ):
            if entities:
                out.append(replace(f, code=code, entities=tuple(entities)))
    return out


# ---- annotations ----


def _credits(via: tuple | None, third: tuple) -> bool:
    """Whether the outlet of the row `via` is the speaker `third`, by its id or because its name stands there."""
    return via is not None and (via[1] == third[0] or via[2] < third[2] and third[1] < via[3])


def _write(
    article: Article,
    found: Sequence[Found],
    mentions: Sequence[Mention],
    tellers: Tellers,
    reader: _Reader,
) -> list[Annotation]:
    out: dict[str, Annotation] = {}
    text = article.text
    for f in found:
        start, end = f.start, f.end
        while end > start and text[end - 1] in " .。\"'”’」』…\n":
            end -= 1
        end = max(end, f.hit[1])
        attributes = read_attributes(article, f, end, reader, mentions, WITHHOLD)
        third = None if f.is_own else tellers.find_third(f.hit[0], f.entities)
        for entity in sorted(f.entities):
            position = annotate(article, start, end, entity, "position", f.code, CODER)
            out[position.id] = position
            own = {row[0]: row for row in reversed(attributes) if not row[4] or entity in row[4]}
            if third and entity in third[3] and not _credits(own.get("via"), third):
                own["third"] = ("via", *third)
            for variable, code, a, b, _ in [
                ("modality", f.modality, start, end, ()),
                *own.values(),
            ]:
                attribute = annotate(article, a, b, position.id, variable, code, CODER)
                out[attribute.id] = attribute
    return sorted(out.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.id))
