"""A position's sentence -> what stands in one clause with its verb, and what reports it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.positions.found import FoundPosition
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.word_alternatives import join_classes

_RELATIVE = re.compile(r",\s*(?:which|who|whose|all|both)\b")
_LIST_GAP = re.compile(r"\W*(?:,|、|和|及)?\s*(?:and )?\s*")
_JOINED = re.compile(r"(?:\b(?:and|but|while|as)|，|；)\s*(?:the )?$")
_JOINED_REACH = 12  # characters before a name in which "and" begins a clause of its own
_LIST_REACH = 30  # characters between two names of one list
_MARK = re.compile(r"[,;,；，]")
_SPEECH_END = re.compile(r"[,”\"’」]")
_CUE_PHRASE = re.compile(r"[a-z]+(?:\s+[\w'-]+){0,6}\s*")
_LATIN_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class VerbClausePatterns:
    """What ends a clause, and what reports one."""

    clause_break: re.Pattern[str]
    inner_clause: re.Pattern[str]
    other_clause: re.Pattern[str]
    reporting: frozenset[str]
    reporting_phrases: tuple[str, ...]
    reporting_han: re.Pattern[str]


@lru_cache(maxsize=8)
def read_verb_clause_patterns(codebook: Codebook) -> VerbClausePatterns:
    """Return the expressions, made of the codebook's word classes."""
    english, chinese = (read_position_words(codebook, language) for language in ("en", "zh"))
    classes = {**english, "han_contrasts": chinese["contrasts"]}
    news = codebook.news
    announcing = news.get("positions", {}).get("en", {}).get("announcing", ())
    reporting = news.get("references", {}).get("en", {}).get("reporting", "").split()
    speech = join_classes(news.get("quotations", {}).get("zh", {}), "speech")
    return VerbClausePatterns(
        clause_break=compile_with_classes(
            r"[;；。！？]|[:：](?!\s*[\"“'‘「『])|,?\s(?:%(contrasts)s)\b"
            r"|[,，]\s*(?:which|who|whose|where)\b|，(?:%(han_contrasts)s)|則|则",
            classes,
        ),
        inner_clause=compile_with_classes(
            r",\s+(?:[a-z]+ly\s+)?(?!(?:%(no_clause_participles)s)\b)[a-z]+ing\b"
            r"|\b(?:%(clause_openers)s)\b",
            english,
        ),
        other_clause=compile_with_classes(r"[;；]|\b(?:%(contrasts)s|and)\b", english),
        reporting=frozenset(reporting) | {word for word in announcing if " " not in word},
        reporting_phrases=tuple(phrase for phrase in announcing if " " in phrase),
        reporting_han=re.compile(speech),
    )


class VerbClause:
    """The sentence of one position, seen from its verb.

    `companies` are the sentence's mentions of organisations.
    """

    def __init__(
        self,
        text: str,
        plain: Plain,
        position: FoundPosition,
        companies: Sequence[Mention],
        codebook: Codebook,
    ) -> None:
        self.text, self.lower = text, plain.lower
        self.position, self.companies = position, companies
        self.patterns = read_verb_clause_patterns(codebook)

    def is_of_somebody_else(self) -> bool:
        """Return whether nobody who acts in the verb's clause is named in it."""
        start = self.position.match.start
        named = [
            mention.end
            for mention in self.companies
            if mention.entity in self.position.entities and mention.start < start
        ]
        return bool(named) and re.search(r"[;；]", self.text[named[-1] : start]) is not None

    def find_relative(self, at: int) -> int:
        """Return where the relative clause around `at` begins ("X, whose pause began"), else -1."""
        starts = [
            match.start()
            for match in _RELATIVE.finditer(self.lower, self.position.sentence.start, at)
        ]
        if not starts or _MARK.search(self.lower[starts[-1] + 1 : at]):
            return -1
        return starts[-1]

    def find_owners(self, at: int) -> tuple[str, ...]:
        """Return who stands before the relative clause of `at`, if the position is theirs."""
        edge = self.find_relative(at)
        if edge < 0:
            return ()
        owners = set()
        for mention in reversed(self.companies):
            if mention.end <= edge and _LIST_GAP.fullmatch(self.lower, mention.end, edge):
                owners.add(mention.entity)
                edge = mention.start
        return tuple(sorted(owners & set(self.position.entities)))

    def find_begin(self, at: int) -> int:
        """Return where the clause around `at` begins."""
        start = self.position.sentence.start
        for match in self.patterns.clause_break.finditer(
            self.text, self.position.sentence.start, at
        ):
            start = match.end()
        return start

    def is_apart(self, start: int, end: int) -> bool:
        """Return whether a clause ends in [start, end), or another organisation acts there."""
        if self.patterns.clause_break.search(self.text, start, end):
            return True
        own = self.position.entities
        between = [mention for mention in self.companies if start <= mention.start < end]
        is_behind = start >= self.position.match.end
        if is_behind and any(mention.entity not in own for mention in between):
            return True
        for mention in between:
            reach = max(start, mention.start - _JOINED_REACH)
            joint = _JOINED.search(self.lower, reach, mention.start)
            if not joint or self._is_listed(mention, start):
                continue
            if mention.entity not in own or joint.group()[0] != "，":
                return True
        return False

    def opens_inner(self, at: int) -> bool:
        """Return whether a clause opens between the verb and `at`, behind it, that holds `at`.

        A participle behind a comma ("..., making permanent what"), a relative clause of something
        that is named there ("a measure that it took"), or a reason.
        """
        return (
            self.patterns.inner_clause.search(self.lower, self.position.match.end, at) is not None
        )

    def _is_listed(self, mention: Mention, start: int) -> bool:
        """Return whether another organisation stands before it in the same list ("X, Y and Z")."""
        return any(
            start <= other.start < mention.start and mention.start - other.end < _LIST_REACH
            for other in self.companies
        )

    def is_reported(self, start: int, end: int) -> bool:
        """Return whether the words in [start, end) tell that something was said."""
        words, patterns = self.lower[start:end], self.patterns
        if any(phrase in words for phrase in patterns.reporting_phrases):
            return True
        if any(word in patterns.reporting for word in _LATIN_WORD.findall(words)):
            return True
        return patterns.reporting_han.search(words) is not None

    def is_told_after(self, end: int, at: int) -> bool:
        """Return whether the date at `at` dates what reports the verb that ends at `end`.

        Such as "..., X said on Monday"; not "X, which has stopped ..., said on Monday that".
        """
        if self.find_relative(self.position.match.start) >= 0:
            return False
        between = self.lower[end:at]
        cues = [
            match
            for match in _LATIN_WORD.finditer(between)
            if match.group() in self.patterns.reporting
        ]
        if not cues or not _CUE_PHRASE.fullmatch(between[cues[-1].start() :]):
            return False
        cue = end + cues[-1].start()
        first = _SPEECH_END.search(self.text[end:cue])
        if not first:
            return False
        if self.patterns.other_clause.search(self.text[end + first.start() : cue]):
            return False
        subjects = [mention for mention in self.companies if end <= mention.start < cue]
        own = self.position.entities
        return not subjects or any(mention.entity in own for mention in subjects)
