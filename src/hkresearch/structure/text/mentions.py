"""Sentences of one article -> mentions of the codebook's entities: names and references."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import Plain, PlainWord, read_plain
from hkresearch.core.article import Article
from hkresearch.structure.text.chinese_references import is_background
from hkresearch.structure.text.entity_names import Lexicon, Mention, find_names, read_lexicon
from hkresearch.structure.text.mention_lists import Group, group_mentions
from hkresearch.structure.text.reference_state import ReferenceState
from hkresearch.structure.text.references import find_references
from hkresearch.structure.text.sentences import Sentence

# Characters; what is longer is a list, or a page without marks, and is not read.
_LONGEST_SENTENCE = 3000


class SentenceParts(NamedTuple):
    """A sentence with its mentions and its words."""

    sentence: Sentence
    mentions: Sequence[Mention]
    words: Sequence[PlainWord]


def find_mentions(
    article: Article, sentences: Sequence[Sentence], codebook: Codebook
) -> list[Mention]:
    """Return every mention in the sentences, sorted; a reference is never guessed."""
    lexicon, plain = read_lexicon(codebook), read_plain(article.text)
    names = find_names(plain, lexicon)
    mentions: list[Mention] = []
    state = ReferenceState(article.text, names)
    for sentence, own, words in split_by_sentence(sentences, names, plain.words):
        references = find_references(plain, sentence, own, words, lexicon, state)
        found = sorted({*own, *references}, key=lambda m: (m.start, -m.end, m.entity))
        mentions += found
        groups = group_mentions(plain, found, lexicon, sentence.start)
        groups = _put_main_first(plain, sentence, words, groups, lexicon)
        if is_background(plain, sentence, lexicon):
            state.close_background(groups)
        else:
            state.close_sentence(groups)
    return sorted(mentions, key=lambda m: (m.start, m.end, m.entity))


def split_by_sentence(
    sentences: Iterable[Sentence], mentions: Sequence[Mention], words: Sequence[PlainWord]
) -> Iterator[SentenceParts]:
    """Yield each sentence with what stands in it, in one pass; endless lines are left out."""
    first_mention = first_word = 0
    for sentence in sentences:
        while first_mention < len(mentions) and mentions[first_mention].start < sentence.start:
            first_mention += 1
        last_mention = first_mention
        while last_mention < len(mentions) and mentions[last_mention].start < sentence.end:
            last_mention += 1
        first_word = bisect_left(words, (sentence.start,), first_word)
        last_word = bisect_left(words, (sentence.end,), first_word)
        if sentence.end - sentence.start <= _LONGEST_SENTENCE:
            own = mentions[first_mention:last_mention]
            yield SentenceParts(sentence, own, words[first_word:last_word])
        first_mention, first_word = last_mention, last_word


def find_side(codebook: Codebook, entity: str) -> str:
    """Return "here" for the topic's place and its bodies, "foreign" for other places', else ""."""
    return _read_sides(codebook).get(entity, "")


@lru_cache(maxsize=8)
def _read_sides(codebook: Codebook) -> dict[str, str]:
    """Return entity -> its side, for those that have one."""
    place = codebook.topic.get("gate", {}).get("place", "")
    sides = {id: "foreign" for id, table in codebook.entities.items() if table.get("foreign")}
    if place:
        bodies = (id for id, table in codebook.entities.items() if table.get("part_of") == place)
        sides |= dict.fromkeys((place, *bodies), "here")
    return sides


def is_mainly_here(codebook: Codebook, mentions: Iterable[Mention]) -> bool:
    """Return whether the page names the topic's place more than any foreign one.

    As often will do when it is named first, or twice.
    """
    counts: dict[str, int] = {}
    first = ""
    sides = _read_sides(codebook)
    for mention in mentions:
        if side := sides.get(mention.entity):
            place = side if side == "here" else mention.entity
            counts[place] = counts.get(place, 0) + 1
            first = first or side
    here = counts.pop("here", 0)
    foreign = max(counts.values(), default=0)
    return here > foreign or 0 < here == foreign and (here > 1 or first == "here")


def _put_main_first(
    plain: Plain,
    sentence: Sentence,
    words: Sequence[PlainWord],
    groups: list[Group],
    lexicon: Lexicon,
) -> list[Group]:
    """Return the groups with the main clause's subject first ("While X has paused, Y ...": Y)."""
    first = words[0][2] if words else ""
    english = lexicon.english
    if first not in english.get("openers", ()) or first in english.get("plain_openers", ()):
        return groups
    for group in groups[1:]:
        if group.can_act and plain.lower[sentence.start : group.start].rstrip().endswith(","):
            return [group, *(other for other in groups if other is not group)]
    return groups
