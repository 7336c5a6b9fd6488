"""The sentences of one article -> the positions that they state, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.patterns import PatternMatch
from hkresearch.codebook.plain_text import Plain, PlainWord, read_plain
from hkresearch.core.article import Article
from hkresearch.structure.positions.actors import find_acting_organisations
from hkresearch.structure.positions.copied_codes import OthersCodes
from hkresearch.structure.positions.exceptions import drop_exceptions
from hkresearch.structure.positions.found import FoundPosition, TextSpan, choose_matches
from hkresearch.structure.positions.grammar import Grammar, read_grammar
from hkresearch.structure.positions.matches import (
    SAME,
    ParsedSentence,
    PositionMatch,
    Subject,
)
from hkresearch.structure.positions.modality import read_modality
from hkresearch.structure.positions.owned_services import add_owned_services
from hkresearch.structure.positions.places import is_here
from hkresearch.structure.positions.polarity import read_polarity, remove_denials
from hkresearch.structure.text.clause_words import read_chinese_clause_words, read_clause_words
from hkresearch.structure.text.clauses import Clause, read_clauses
from hkresearch.structure.text.entity_names import Lexicon, Mention, read_lexicon
from hkresearch.structure.text.mention_lists import Group, group_mentions
from hkresearch.structure.text.mentions import find_side, is_mainly_here
from hkresearch.structure.text.sentences import Sentence

SentenceRow = tuple[Sentence, Sequence[Mention], Sequence[PlainWord]]

_INVERTED_REACH = 14  # characters between "as did" and the name of who did
_OTHER_VERB = re.compile(r"\w(?:ed|ing|ows)\b")  # "a move that surprised X"


class SentenceReader:
    """One article being read: its plain text, and the positions found so far."""

    def __init__(self, article: Article, codebook: Codebook, mentions: Sequence[Mention]) -> None:
        self.plain: Plain = read_plain(article.text)
        self.lexicon: Lexicon = read_lexicon(codebook)
        self.grammars, self.codebook = read_grammar(codebook), codebook
        self.clause_words = read_clause_words(codebook)
        self.chinese_words = read_chinese_clause_words(codebook)
        self.codes = codebook.variables.get("position", {}).get("codes", {})
        self.is_page_here = is_mainly_here(codebook, mentions)
        self.found: list[FoundPosition] = []
        self.last: tuple[str, ...] = ()  # whom earlier Chinese sentences spoke of
        self.others = OthersCodes()

    def list_grammars(self) -> Iterable[tuple[str, Grammar]]:
        """Yield (language, grammar) of the scripts that the page has."""
        for language, grammar in self.grammars.items():
            if language != "zh" or self.plain.has_han:
                yield language, grammar

    def is_on_topic(self, rows: Sequence[SentenceRow]) -> bool:
        """Return whether some sentence speaks of the topic's objects.

        The page must be about the topic's place, or the sentence name it.
        """
        for sentence, own, words in rows:
            sides = {find_side(self.codebook, mention.entity) for mention in own}
            if not self.is_page_here and "here" not in sides:
                continue
            for _, grammar in self.list_grammars():
                if grammar.gate.find(self.plain, sentence.start, sentence.end, words):
                    return True
        return False

    def read_sentence(
        self, sentence: Sentence, own: Sequence[Mention], words: Sequence[PlainWord]
    ) -> None:
        """Add what one sentence says to `found`."""
        names_company = any(self.lexicon.kinds[mention.entity] == "company" for mention in own)
        for language, grammar in self.list_grammars():
            if language == "zh" or names_company:  # else nobody who could do it
                self._read_in_language(language, grammar, sentence, own, words)
        if self.plain.has_han and own:
            # A Chinese sentence may leave out a subject that an earlier one named.
            groups = group_mentions(self.plain, own, self.lexicon, sentence.start)
            companies = [group for group in groups if group.kind == "company" and group.can_act]
            self.last = companies[0].entities if companies else self.last

    def _read_in_language(
        self,
        language: str,
        grammar: Grammar,
        sentence: Sentence,
        own: Sequence[Mention],
        words: Sequence[PlainWord],
    ) -> None:
        start, end = sentence.start, sentence.end
        matches = grammar.patterns.find(self.plain, start, end, words)
        inverted = grammar.inverted.find(self.plain, start, end, words)
        if not matches and not inverted:
            return
        matches = drop_exceptions(matches, grammar, self.plain, sentence, words)
        parsed = self._parse_sentence(sentence, own, words, matches, language)
        if language == "en":
            matches = [
                match
                for match in matches
                if not _crosses_clauses(match, parsed) and not self._denies(match, sentence)
            ]
        for start, end, pattern, head_end in choose_matches(matches):
            match = PositionMatch(start, end, head_end, pattern.code, language)
            self._keep(self._read_match(match, parsed, grammar))
        for found in inverted:
            self._keep(self._read_inverted(parsed, found.end))

    def _denies(self, match: PatternMatch, sentence: Sentence) -> bool:
        """Return whether the verb of a match denies something ("denied having given")."""
        unreal = self.clause_words.unreal
        return unreal.match(self.plain.lower, match.start, sentence.end) is not None

    def _parse_sentence(
        self,
        sentence: Sentence,
        own: Sequence[Mention],
        words: Sequence[PlainWord],
        matches: Sequence[PatternMatch],
        language: str,
    ) -> ParsedSentence:
        """Return the sentence with its lists of mentions and its clauses."""
        # A government inside a match is its object ("gave the government data"), never a subject.
        groups = [
            group
            for group in group_mentions(self.plain, own, self.lexicon, sentence.start)
            if group.kind == "company" or not _is_inside(group, matches)
        ]
        clauses: list[Clause] = []
        if language == "en":
            verbs = {match.start for match in matches}
            start, end = sentence.start, sentence.end
            clauses = read_clauses(self.plain, start, end, words, groups, verbs, self.clause_words)
        return ParsedSentence(
            self.plain, sentence, own, words, groups, clauses, self.codebook,
            self.lexicon, self.clause_words, self.chinese_words, self.last,
        )  # fmt: skip

    def _keep(self, found: FoundPosition | None) -> None:
        """Add the position, and note what "the same" means from now on."""
        if found is None:
            return
        self.found.append(found)
        self.others.note(found)

    def _read_match(
        self, match: PositionMatch, parsed: ParsedSentence, grammar: Grammar
    ) -> FoundPosition | None:
        """Return the position that the match states, or nothing when it states none."""
        if not is_here(parsed, match, grammar, self.is_page_here):
            return None
        subject = find_acting_organisations(match, parsed)
        if subject is None or not subject.entities:
            return None
        speaks = self._is_first_person(subject, match)
        code = read_polarity(match, subject, parsed, self.codes)
        if code != match.code:
            tail = remove_denials(self.clause_words.none.sub("", subject.tail), self.codebook)
            subject = replace(subject, tail=tail)
        after = self.plain.lower[match.end : parsed.sentence.end]
        modality = code and read_modality(
            subject, after, grammar.modality, code, match.language, speaks, self.codebook
        )
        code = self._settle_code(code, match, parsed, grammar) if modality else ""
        if not code:
            return None
        entities = add_owned_services(subject.entities, match, parsed)
        named = [
            mention.start
            for mention in parsed.mentions
            if mention.entity in entities and mention.start < match.start
        ]
        return FoundPosition(
            start=min([subject.start, match.start, *named]),
            end=parsed.sentence.end,
            match=TextSpan(match.start, match.end),
            object=TextSpan(match.end if match.code == SAME else match.head_end, match.end),
            entities=entities,
            code=code,
            modality=modality,
            sentence=parsed.sentence,
            is_lasting=code == "stop" and self._is_lasting(match, parsed, grammar),
            is_own=speaks,
            is_copied=match.code == SAME,
        )

    def _is_first_person(self, subject: Subject, match: PositionMatch) -> bool:
        pronoun = self.plain.lower[subject.start : match.start].split(" ")[0]
        return pronoun in self.lexicon.references.get("en", {}).get("speaker", ())

    def _settle_code(
        self, code: str, match: PositionMatch, parsed: ParsedSentence, grammar: Grammar
    ) -> str:
        """Return the code, or the one that other words of the sentence make of it.

        "The same" is what others did.
        """
        sentence = parsed.sentence
        if code in grammar.instead:
            other, patterns = grammar.instead[code]
            found = patterns.find(self.plain, sentence.start, sentence.end, parsed.words)
            if any(words.start >= match.start for words in found):
                return other
        return self.others.copy_match(match, parsed) if code == SAME else code

    def _is_lasting(self, match: PositionMatch, parsed: ParsedSentence, grammar: Grammar) -> bool:
        sentence = parsed.sentence
        lasting = grammar.lasting.find(self.plain, sentence.start, sentence.end, parsed.words)
        return any(words.start < match.end and match.start < words.end for words in lasting)

    def read_scope(self, span: TextSpan, sentence: Sentence) -> str:
        """Return which requests the words of the object name, by the variable `scope`.

        Its default when none do.
        """
        whole = sentence.start, sentence.end
        sentence_words = self.plain.list_words(*whole)
        words = self.plain.list_words(*span)
        for _, grammar in self.list_grammars():
            if not grammar.scope.list_possible_codes(self.plain, *whole, sentence_words):
                continue
            if found := grammar.scope.find(self.plain, *span, words):
                return found[0].pattern.code
        return str(self.codebook.variables.get("scope", {}).get("default", ""))

    def _read_inverted(self, parsed: ParsedSentence, end: int) -> FoundPosition | None:
        """Return the position of the organisations that follow the match ("as did X")."""
        sentence = parsed.sentence
        for group in parsed.groups:
            if group.kind != "company" or not 0 < group.start - end <= _INVERTED_REACH:
                continue
            if _OTHER_VERB.search(self.plain.lower, end, group.start):
                continue
            if code := self.others.copy(sentence):
                match = TextSpan(sentence.start, group.end)
                return FoundPosition(
                    sentence.start, sentence.end, match, TextSpan(0, 0), group.entities, code,
                    "stated", sentence, is_copied=True,
                )  # fmt: skip
        return None


def _is_inside(group: Group, matches: Iterable[PatternMatch]) -> bool:
    return any(match.start <= group.start < match.end for match in matches)


def _crosses_clauses(match: PatternMatch, parsed: ParsedSentence) -> bool:
    """Return whether a match goes on into a clause of somebody else, or behind an insertion."""
    return any(
        clause.kind in ("main", "resumed") and match.first_end <= clause.start < match.end
        for clause in parsed.clauses
    )
