"""Sentences, mentions and the codebook's patterns -> organisations' positions, each with its evidence and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain, read_plain
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.positions.actors import find_subject
from hkresearch.structure.positions.attributes import read_attributes
from hkresearch.structure.positions.found import Found, choose_matches, settle_stops
from hkresearch.structure.positions.grammar import Grammar, read_grammar
from hkresearch.structure.positions.matches import SAME, Match, SentenceReading
from hkresearch.structure.positions.modality import read_modality
from hkresearch.structure.positions.places import is_here
from hkresearch.structure.positions.polarity import read_polarity
from hkresearch.structure.positions.third_party_speakers import Tellers
from hkresearch.structure.text.clause_words import read_chinese_clause_words, read_clause_words
from hkresearch.structure.text.clauses import read_clauses
from hkresearch.structure.text.entity_names import Lexicon, Mention, read_lexicon
from hkresearch.structure.text.mention_lists import group_mentions
from hkresearch.structure.text.mentions import find_side, is_mainly_here, split_by_sentence
from hkresearch.structure.text.sentences import Sentence

CODER = "positions/1"
SERVED = re.compile(
    r"^[^.;]{0,80}\b(?:for|across|including)\s(?:(?:its|the|both|messaging|app|service|platform|subsidiary)\s)*$"
)
WITHHOLD = ("pause", "refuse", "stop")
INVERTED_REACH = 14  # characters between "as did" and the name of who did
OTHER_VERB = re.compile(r"\w(?:ed|ing|ows)\b")  # "a move that surprised X"
OTHER_OBJECT = re.compile(r"(?:\s+(?!and\b|but\b)[\w'-]+){0,3}\s+")


def code_positions(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    quotations: Sequence[Annotation],
    codebook: Codebook,
    days: Mapping[str, str],
) -> list[Annotation]:
    """Return the positions of the page and their attributes; a page that never speaks of the topic yields none.

    `days` are the dates of the codebook's events (`date_events`).
    """
    grammars = read_grammar(codebook)
    if not grammars or not any(m.kind == "name" for m in mentions):
        return []
    reader = PositionReader(article, codebook, grammars, mentions, days)
    rows = list(split_by_sentence(sentences, mentions, reader.plain.words))
    if not reader.is_on_topic(rows):
        return []
    for sentence, own, words in rows:
        reader.read_sentence(sentence, own, words)
    tellers = Tellers(article, quotations, codebook)
    return _write_positions(article, settle_stops(reader.found), mentions, tellers, reader)


class PositionReader:
    """One article being read: its plain text, the positions found so far, and whom earlier sentences spoke of."""

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
        self.grammars, self.codebook, self.days = grammars, codebook, days
        self.clause_words = read_clause_words(codebook)
        self.chinese_words = read_chinese_clause_words(codebook)
        self.codes = codebook.variables.get("position", {}).get("codes", {})
        self.found: list[Found] = []
        self.last: tuple[str, ...] = ()
        # What "the same" means: the code by whether it was stated, and the last with the end of its sentence.
        self.copied = {True: "", False: ""}
        self.nearest = (-1, "")
        self.here = is_mainly_here(codebook, mentions)

    def is_on_topic(self, rows: Sequence[tuple]) -> bool:
        """Return whether some sentence speaks of the topic's objects, on a page or in a sentence about the place."""
        for sentence, own, words in rows:
            if self.here or any(find_side(self.codebook, m.entity) == "here" for m in own):
                for language, grammar in self.grammars.items():
                    if (language != "zh" or self.plain.has_han) and grammar.gate.find(
                        self.plain, sentence.start, sentence.end, words
                    ):
                        return True
        return False

    def read_sentence(
        self, sentence: Sentence, own: Sequence[Mention], words: Sequence[tuple]
    ) -> None:
        """Add what one sentence says to `found`."""
        for language, grammar in self.grammars.items():
            if language == "zh" and not self.plain.has_han:
                continue
            span = (self.plain, sentence.start, sentence.end, words)
            hits, inverted = grammar.patterns.find(*span), grammar.inverted.find(*span)
            if not hits and not inverted:
                continue
            if language == "en" and not any(self.lexicon.kinds[m.entity] == "company" for m in own):
                continue  # nobody who could do it
            hits = self.drop_exceptions(hits, grammar, span)
            reading = self.read_clauses(sentence, own, words, hits, language)
            if language == "en":
                hits = [hit for hit in hits if not _crosses_clauses(hit, reading)]
            hits = choose_matches(hits)
            for start, end, pattern, head_end in hits:
                match = Match(start, end, head_end, pattern.code, language)
                self.keep(self.read_match(match, reading, grammar))
            for _, end, _, _ in inverted:
                self.keep(self.read_inverted(reading, end))
        if self.plain.has_han and own:
            # A Chinese sentence may leave out a subject that an earlier one named.
            groups = group_mentions(self.plain, own, self.lexicon, sentence.start)
            companies = [g for g in groups if g.kind == "company" and g.can_act]
            self.last = companies[0].entities if companies else self.last

    def drop_exceptions(self, hits: Sequence[tuple], grammar: Grammar, span: tuple) -> list[tuple]:
        """Return the matches without those about requests of another kind, in or right behind them."""
        others = grammar.exceptions.find(*span) if hits else []
        if others and (allowed := grammar.allowed.find(*span)):
            others = [o for o in others if not any(o[0] <= a[0] and a[1] <= o[1] for a in allowed)]
        return [hit for hit in hits if not any(self.is_excepted(hit, other) for other in others)]

    def is_excepted(self, hit: tuple, other: tuple) -> bool:
        if hit[0] < other[1] and other[0] < hit[1]:
            return True
        return other[0] >= hit[1] and bool(
            OTHER_OBJECT.fullmatch(self.plain.lower, hit[1], other[0])
        )

    def read_clauses(
        self, sentence: Sentence, own: Sequence[Mention], words: Sequence[tuple],
        hits: Sequence, language: str,
    ) -> SentenceReading:  # fmt: skip
        """Return the sentence with its lists of mentions and its clauses."""
        groups = group_mentions(self.plain, own, self.lexicon, sentence.start)
        # A government inside a match is its object ("gave the government data"), never a subject.
        groups = [
            g
            for g in groups
            if g.kind == "company" or not any(hit[0] <= g.start < hit[1] for hit in hits)
        ]
        verbs = {hit[0] for hit in hits}
        clauses = (
            read_clauses(
                self.plain, sentence.start, sentence.end, words, groups, verbs, self.clause_words
            )
            if language == "en"
            else []
        )
        return SentenceReading(
            self.plain, sentence, own, words, groups, clauses, self.lexicon,
            self.clause_words, self.chinese_words, self.last,
        )  # fmt: skip

    def keep(self, found: Found | None) -> None:
        """Add the position; "the same" then means "pause" once anybody paused, else what the last withheld."""
        if found is None:
            return
        self.found.append(found)
        is_stated = found.modality == "stated"
        if found.code in (*WITHHOLD, "exit"):
            self.nearest = (found.sentence.end, found.code)
            if self.copied[is_stated] != "pause":
                self.copied[is_stated] = found.code

    def copy_code(self, sentence: Sentence) -> str:
        """Return the withholding code that others took in the sentence before, or before that; nothing when nobody did."""
        if 0 <= sentence.start - self.nearest[0] <= 3:
            return self.nearest[1]
        return self.copied[True] or self.copied[False]

    # ---- one match ----

    def read_match(self, match: Match, reading: SentenceReading, grammar: Grammar) -> Found | None:
        """Return the position that the match states, or nothing when it states none."""
        if not is_here(reading, match, grammar, self.codebook, self.here):
            return None
        subject = find_subject(match, reading)
        if subject is None or not subject.entities:
            return None
        code = read_polarity(match, subject, reading, self.codes)
        if code != match.code:
            subject = replace(subject, tail=self.clause_words.none.sub("", subject.tail))
        pronoun = self.plain.lower[subject.start : match.start].split(" ")[0]
        speaks = pronoun in self.lexicon.references.get("en", {}).get("speaker", ())
        after = self.plain.lower[match.end : reading.sentence.end]
        modality = code and read_modality(
            subject, after, grammar.modality, code, match.language, speaks
        )
        if not modality:
            return None
        code = self.settle_code(code, match, reading, grammar)
        if not code:
            return None
        entities = self.add_owned(subject.entities, match, reading)
        named = [
            m.start for m in reading.mentions if m.entity in entities and m.start < match.start
        ]
        return Found(
            start=min([subject.start, match.start, *named]),
            end=reading.sentence.end,
            hit=(match.start, match.end),
            object=(match.end if match.code == SAME else match.head_end, match.end),
            entities=entities,
            code=code,
            modality=modality,
            sentence=reading.sentence,
            is_lasting=code == "stop" and self.is_lasting(match, reading, grammar),
            is_own=speaks,
        )

    def settle_code(
        self, code: str, match: Match, reading: SentenceReading, grammar: Grammar
    ) -> str:
        """Return the code, or the one that other words of the sentence make of it; "the same" is what others did."""
        sentence = reading.sentence
        if code in grammar.instead:
            other, patterns = grammar.instead[code]
            hits = patterns.find(self.plain, sentence.start, sentence.end, reading.words)
            if any(hit[0] >= match.start for hit in hits):
                return other
        return self.copy_code(sentence) if code == SAME else code

    def is_lasting(self, match: Match, reading: SentenceReading, grammar: Grammar) -> bool:
        sentence = reading.sentence
        lasting = grammar.lasting.find(self.plain, sentence.start, sentence.end, reading.words)
        return any(hit[0] < match.end and match.start < hit[1] for hit in lasting)

    def add_owned(
        self, entities: tuple[str, ...], match: Match, reading: SentenceReading
    ) -> tuple[str, ...]:
        """Return the organisations with those that they own and do it for ("for all of its services")."""
        lower, sentence = self.plain.lower, reading.sentence
        owned = [m for m in reading.mentions if self.lexicon.owners.get(m.entity) in entities]
        reach = self.lexicon.reach.get(match.language)
        if reach and reach.search(lower, match.start, sentence.end):
            return tuple(dict.fromkeys((*entities, *(m.entity for m in owned))))
        if match.language == "en" and match.code in WITHHOLD:
            behind = [m for m in owned if m.start >= match.end]
            served = [m.entity for m in behind if SERVED.search(lower[match.end : m.start])]
            return tuple(dict.fromkeys((*entities, *served)))
        return entities

    def read_scope(self, start: int, end: int) -> str:
        """Return which requests the words of the object name, by the variable `scope`; its default when none do."""
        words = self.plain.list_words(start, end)
        for grammar in self.grammars.values():
            if hits := grammar.scope.find(self.plain, start, end, words):
                return hits[0][2].code
        return self.codebook.variables.get("scope", {}).get("default", "")

    def read_inverted(self, reading: SentenceReading, end: int) -> Found | None:
        """Return the position of the organisations that follow the match ("as did X")."""
        sentence = reading.sentence
        for group in reading.groups:
            is_near = group.kind == "company" and 0 < group.start - end <= INVERTED_REACH
            is_near = is_near and not OTHER_VERB.search(self.plain.lower, end, group.start)
            if is_near and (code := self.copy_code(sentence)):
                hit = (sentence.start, group.end)
                return Found(sentence.start, sentence.end, hit, (0, 0), group.entities, code,
                             "stated", sentence)  # fmt: skip
        return None


def _crosses_clauses(hit: tuple, reading: SentenceReading) -> bool:
    """Return whether a match goes on into a clause of somebody else, or behind an insertion."""
    return any(
        clause.kind in ("main", "resumed") and hit[3] <= clause.start < hit[1]
        for clause in reading.clauses
    )


# ---- annotations ----


def _credits(via: tuple | None, third: tuple) -> bool:
    """Whether the outlet of the row `via` is the speaker `third`, by its id or because its name stands there."""
    return via is not None and (via[1] == third[0] or via[2] < third[2] and third[1] < via[3])


def _write_positions(
    article: Article,
    found: Sequence[Found],
    mentions: Sequence[Mention],
    tellers: Tellers,
    reader: PositionReader,
) -> list[Annotation]:
    written: dict[str, Annotation] = {}
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
            written[position.id] = position
            own = {row[0]: row for row in reversed(attributes) if not row[4] or entity in row[4]}
            if third and entity in third[3] and not _credits(own.get("via"), third):
                own["third"] = ("via", *third)
            rows = [("modality", f.modality, start, end, ()), *own.values()]
            for variable, code, first, last, _ in rows:
                attribute = annotate(article, first, last, position.id, variable, code, CODER)
                written[attribute.id] = attribute
    return sorted(written.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.id))
