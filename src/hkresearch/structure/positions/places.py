"""A match and the places of its sentence -> whether its requests are those of the topic's place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.grammar import Grammar
from hkresearch.structure.positions.matches import ParsedSentence, PositionMatch
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mentions import find_side
from hkresearch.structure.text.word_alternatives import join_classes

_REQUEST_CLAUSE_END = re.compile(r"[.;:!?。；]|, (?:but|while)| and that\b|，(?:但|而|惟|卻)")
_PLACE_REACH = 80  # characters behind a match in which a place belongs to it
_BEFORE_REACH = 60  # characters before a place in which "from" makes it a sender
_AUTHORITY_REACH = 40  # characters behind a place in which its authority stands
_SEATED_LENGTH = 20  # characters before "in X" in which the authority stands
# "Requests from X", "data to X", "the authorities in X": X is whose requests they are.
_SENDER = re.compile(r"\b(?:from|to|by|with|for|of)\s+(?:the\s+)?\Z|[向給给應应由]\Z")
_SEATED = re.compile(r"\b(?:in|of|across|within)\s+(?:the\s+)?\Z")
_FRONTED = re.compile(r"\W*(?:elsewhere )?(?:in|across|inside|within|throughout)\s+(?:the\s+)?")


@dataclass(frozen=True, slots=True)
class PlacePatterns:
    """What stands behind the name of a place: its authority, or a noun that it only qualifies."""

    authority: re.Pattern[str]
    qualifies: re.Pattern[str]  # "to X users"
    of_companies: re.Pattern[str]  # "X companies": nothing is said of the place


@lru_cache(maxsize=8)
def read_place_patterns(codebook: Codebook) -> PlacePatterns:
    """Return the expressions, made of the codebook's words for authorities."""
    words = codebook.topic.get("words", {})
    english = [word.rstrip("*") for word in words.get("en", {}).get("authority", ())]
    chinese = words.get("zh", {}).get("authority", ())
    references = codebook.news.get("references", {}).get("en", {})
    companies = join_classes(references, "nouns", "plural_nouns")
    english_words = "|".join(map(re.escape, english)) or "(?!)"
    chinese_words = "|".join(map(re.escape, chinese)) or "(?!)"
    return PlacePatterns(
        authority=re.compile(
            rf"(?:'s)?[ -](?:[\w-]+ ){{0,2}}?(?:{english_words})|的?(?:{chinese_words})"
        ),
        of_companies=re.compile(rf"[ -](?:[\w-]+ ){{0,2}}?(?:{companies})\b"),
        qualifies=compile_with_classes(
            r"'s|[ -](?!(?:%(no_noun_behind_place)s)\b)\w", read_position_words(codebook, "en")
        ),
    )


def is_here(
    parsed: ParsedSentence, match: PositionMatch, grammar: Grammar, is_page_here: bool
) -> bool:
    """Return whether what the match speaks of belongs to the topic's place.

    A sender that is named decides.
    """
    if parsed.is_object_acting(match) and "here" in _list_sides(parsed, match.start, match.end):
        return True  # whoever leaves the place, leaves it
    until = _find_reach(parsed, match)
    comma = parsed.plain.lower.find(",", match.end, until)
    senders = _find_senders(parsed, match.start, comma if comma >= 0 else until)
    elsewhere = grammar.elsewhere.find(
        parsed.plain, parsed.sentence.start, parsed.sentence.end, parsed.words
    )
    if any(match.start <= other.start < until for other in elsewhere):
        senders.add("elsewhere")
    if senders:
        return "here" in senders
    if _is_fronted_elsewhere(parsed):
        return False
    sides = _list_sides(parsed, match.start, until)
    if "here" in sides or "foreign" in sides:
        return "here" in sides
    sides = {find_side(parsed.codebook, mention.entity) for mention in parsed.mentions}
    if "here" in sides or is_page_here:
        return True
    words = parsed.plain.list_words(match.start, until)
    return grammar.here.is_in(parsed.plain, match.start, until, words)


def _find_reach(parsed: ParsedSentence, match: PositionMatch) -> int:
    """Return up to where a place behind the match belongs to it."""
    codes = parsed.codebook.variables["position"]["codes"]
    if codes.get(match.code, {}).get("family") == "open":
        return match.end  # what is not decided yet concerns no request
    end = parsed.sentence.end
    stop = _REQUEST_CLAUSE_END.search(parsed.plain.lower, match.end, end)
    return min(stop.start() if stop else end, match.end + _PLACE_REACH)


def _list_sides(parsed: ParsedSentence, start: int, end: int) -> set[str]:
    """Return the sides of the places named in [start, end), but for those of companies."""
    of_companies = read_place_patterns(parsed.codebook).of_companies
    return {
        find_side(parsed.codebook, mention.entity)
        for mention in parsed.mentions
        if start <= mention.start < end and not of_companies.match(parsed.plain.lower, mention.end)
    }


def _find_senders(parsed: ParsedSentence, start: int, end: int) -> set[str]:
    """Return "here" and "elsewhere" for the places whose authorities [start, end) names."""
    lower, codebook = parsed.plain.lower, parsed.codebook
    near = [mention for mention in parsed.mentions if start <= mention.start < end]
    senders = set()
    for number, mention in enumerate(near):
        kind = codebook.entities.get(mention.entity, {}).get("kind")
        if kind not in ("place", "government"):
            continue
        if kind == "government":
            owner = near[number - 1] if number else None
            if owner and lower[owner.end : mention.start].strip(" 的") == "":
                continue  # another place's police: the place itself says so
        elif not _is_sender(lower, mention, read_place_patterns(codebook)):
            continue
        is_ours = find_side(codebook, mention.entity) == "here"
        senders.add("here" if is_ours else "elsewhere")
    return senders


def _is_sender(lower: str, place: Mention, patterns: PlacePatterns) -> bool:
    """Return whether the name of a place stands for its authorities, or has them beside it."""
    before = lower[max(0, place.start - _BEFORE_REACH) : place.start]
    behind = lower[place.end : place.end + _AUTHORITY_REACH]
    if patterns.authority.match(behind):
        return True
    if _SENDER.search(before) and not patterns.qualifies.match(behind):
        return True
    seat = _SEATED.search(before)
    return seat is not None and bool(
        patterns.authority.search(before[: seat.start()][-_SEATED_LENGTH:])
    )


def _is_fronted_elsewhere(parsed: ParsedSentence) -> bool:
    """Return whether the sentence opens with another place ("In the United States, ...")."""
    lower, start, codebook = parsed.plain.lower, parsed.sentence.start, parsed.codebook
    for mention in parsed.mentions:
        if codebook.entities.get(mention.entity, {}).get("kind") != "place":
            continue
        opens = _FRONTED.fullmatch(lower, start, mention.start)
        if opens and lower.startswith(",", mention.end):
            return find_side(codebook, mention.entity) != "here"
    return False
