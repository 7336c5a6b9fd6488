"""The words of a sentence -> who can be the subject of a verb in it, named or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hkresearch.codebook.plain_text import Plain, PlainWord
from hkresearch.structure.text.clause_words import ClauseWords
from hkresearch.structure.text.mention_lists import Group

UNNAMED = "unnamed"  # the kind of those who act without a name: "rivals", "users"
_JOIN_REACH = 5  # words before a noun phrase in which "joins the list of" stands
_LONGEST_PHRASE = 8  # words of a noun phrase, before and behind its noun
_APPOSITION = re.compile(r",? (?:an? |the |one of )?")
_FELLOWS = re.compile(r",? (?:and|or|like|as well as) ")
_CLAUSE_MARK = re.compile(r"[;:.!?]")
_SOFT_MARKS = ("", ",", "(", "-", "—", "–", ":", ";")
_PHRASE_GAPS = (" ", "-", "'", "'s ")


@dataclass(frozen=True, slots=True)
class SentenceGrammar:
    """One sentence as the clause reader sees it.

    `verbs` are the offsets of words that are known to be verbs, such as where a pattern of the
    codebook matches.
    """

    plain: Plain
    words: Sequence[PlainWord]
    groups: Sequence[Group]
    verbs: Collection[int]
    grammar: ClauseWords

    def get_class(self, name: str) -> Collection[str]:
        """Return the words of a class of news.toml."""
        return self.grammar.sets[name]

    def is_in(self, word: str, *names: str) -> bool:
        """Return whether the word is of one of the classes."""
        sets = self.grammar.sets
        for name in names:
            if word in sets[name]:
                return True
        return False

    def gap_before(self, index: int) -> str:
        """Return what stands between a word and the one before it."""
        return self.plain.lower[self.words[index - 1][1] : self.words[index][0]]

    def is_verb(self, index: int) -> bool:
        """Return whether a verb group begins at the word; adverbs before the verb belong to it."""
        sets = self.grammar.sets
        for start, _, word in self.words[index : index + 4]:
            if start in self.verbs or word in self.grammar.reporting:
                return True
            if word in sets["auxiliaries"] or word in sets["verbs"]:
                return True
            if word not in sets["adverbs"] and not word.endswith("ly"):
                return word.endswith("ed")
        return False

    def may_be_verb(self, word: str) -> bool:
        """Return whether a word can be a finite verb."""
        if word in self.get_class("verbs"):
            return True
        return word.endswith("ed") and word not in self.get_class("adjectives")

    def find_left_end(self, index: int) -> int:
        """Return the index of the first word of the noun phrase that ends at `index`."""
        first = index
        while first and index - first < _LONGEST_PHRASE:
            word = self.words[first - 1][2]
            if self.gap_before(first) not in _PHRASE_GAPS or word in self.grammar.reporting:
                break
            if word in self.grammar.phrase_ends or self.may_be_verb(word):
                break
            first -= 1
        return first


def find_agents(sentence: SentenceGrammar) -> list[Group]:
    """Return who can be the subject of a verb, in order: groups, and those who are not named."""
    groups, nouns = sentence.groups, sentence.get_class("agents")
    unnamed = [
        Group(start, end, (), True, UNNAMED)
        for index, (start, end, word) in enumerate(sentence.words)
        if word in nouns
        and not any(group.start <= start < group.end for group in groups)
        and _is_unnamed_agent(sentence, index)
    ]
    named = [group for group in groups if group.can_act and not _is_object(sentence, group)]
    return sorted((*named, *unnamed), key=lambda group: (group.start, group.end))


def _is_unnamed_agent(sentence: SentenceGrammar, index: int) -> bool:
    """Return whether the noun heads a noun phrase that a verb follows.

    An object of another verb and an apposition of somebody named are none.
    """
    words, end = sentence.words, sentence.words[index][1]
    gap = sentence.gap_before(index + 1) if index + 1 < len(words) else "."
    if gap.startswith("'") or any(0 <= group.start - end <= 1 for group in sentence.groups):
        return False  # "users' data", "the app X"
    if gap == " " and words[index + 1][2] in sentence.get_class("not_agents_before"):
        return False
    if not _is_followed_by_verb(sentence, index):
        return False
    first = sentence.find_left_end(index)
    start = words[first][0]
    if beside := [group for group in sentence.groups if group.end <= start]:
        between = sentence.plain.lower[beside[-1].end : start]
        if _APPOSITION.fullmatch(between):  # "X, a company whose"
            return words[first][2] in sentence.get_class("relatives")
        if _FELLOWS.fullmatch(between):  # "X and other firms": X
            return False
    left = sentence.gap_before(first).strip() if first else ""
    if left not in _SOFT_MARKS:
        return False
    nearby = words[max(0, first - _JOIN_REACH) : first]
    if not left and any(sentence.is_in(word, "joins") for _, _, word in nearby):
        return False  # "X joins rivals in halting": X
    return bool(left) or _may_follow(sentence, first, index)


def _may_follow(sentence: SentenceGrammar, first: int, index: int) -> bool:
    """Return whether words[first:index + 1] can be a subject behind the word before them."""
    words = sentence.words
    before = words[first - 1][2] if first else ""
    if sentence.is_in(before, "prepositions") and not sentence.is_in(before, "subordinators"):
        if before == "of" and first > 1:
            return sentence.is_in(words[first - 2][2], "quantities")
        return sentence.is_in(before, "absolutes") and _has_participle(sentence, index)
    if before in sentence.grammar.reporting or not sentence.may_be_verb(before):
        return not sentence.is_in(before, "copulas")
    # "urged rivals to": the object of one verb, the subject of the next
    return _is_controlled(sentence, index)


def _has_participle(sentence: SentenceGrammar, index: int) -> bool:
    """Return whether what follows the noun says what it does: "with rivals in the city leaving"."""
    for step in range(index + 1, min(index + 6, len(sentence.words))):
        word = sentence.words[step][2]
        if sentence.is_in(word, "auxiliaries", "coordinators"):
            return False
        if word == "to" or word.endswith("ing") or sentence.is_verb(step):
            return True
    return False


def _is_controlled(sentence: SentenceGrammar, index: int) -> bool:
    """Return whether what follows makes the noun do something: "urged rivals in the city to"."""
    following = [word for _, _, word in sentence.words[index + 1 : index + 6]]
    if not following:
        return False
    return "to" in following or following[0] in ("of", "from") or following[0].endswith("ing")


def _is_followed_by_verb(sentence: SentenceGrammar, index: int) -> bool:
    """Return whether a verb follows the noun, at once or behind a phrase that belongs to it."""
    words = sentence.words
    if index + 1 >= len(words):
        return False
    word, gap = words[index + 1][2], sentence.gap_before(index + 1)
    if _CLAUSE_MARK.search(gap):
        return False
    if gap != " ":
        return "," in gap and sentence.is_in(word, "relatives")
    if sentence.is_verb(index + 1) or word.endswith("ing") or word == "to":
        return True
    if word == "of" and words[index + 2 : index + 3] and words[index + 2][0] in sentence.verbs:
        return True  # "accused other firms of complying"
    if word != "that" and not sentence.is_in(word, "prepositions", "relatives"):
        return False
    for step in range(index + 2, min(index + 1 + _LONGEST_PHRASE, len(words))):
        if _CLAUSE_MARK.search(sentence.gap_before(step)):
            return False
        if words[step][0] in sentence.verbs or sentence.is_in(words[step][2], "auxiliaries"):
            return True
    return False


def _is_object(sentence: SentenceGrammar, group: Group) -> bool:
    """Return whether somebody else does something with the group ("a lawmaker who uses X")."""
    if sentence.plain.lower.startswith(("'s ", "' "), group.end):
        return False
    names = [word for start, _, word in sentence.words if start < group.start][-3:]
    for step, name in enumerate(names[:-1]):
        told = any(word in sentence.grammar.reporting for word in names[step + 1 :])
        if name in ("who", "that") and not told:
            return names[-1].endswith(("s", "ed")) and names[-1] not in ("as", "was", "is", "has")
    return False
