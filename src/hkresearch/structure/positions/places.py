"""A match and the places of its sentence -> whether the requests that it speaks of are those of the topic's place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.grammar import Grammar
from hkresearch.structure.positions.matches import Match, SentenceReading
from hkresearch.structure.text.entity_names import Mention
from hkresearch.structure.text.mentions import find_side

REQUEST_CLAUSE_END = re.compile(r"[.;:!?。；]|, (?:but|while)| and that\b|，(?:但|而|惟|卻)")
PLACE_REACH = 80  # characters behind a match in which a place belongs to it
# "Requests from X", "data to X", "the authorities in X": X is whose requests they are.
SENDER = re.compile(r"\b(?:from|to|by|with|for|of)\s+(?:the\s+)?\Z|[向給给應应由]\Z")
# "To X users": the place only says which users.
QUALIFIES = re.compile(
    r"'s|[ -](?!(?:for|in|and|or|to|on|about|after|under|over|last|this|when|as|but|with|by|at|from|since|until|of|were|was|are|is|had|have|has|will)\b)\w"
)
SEATED = re.compile(r"\b(?:in|of|across|within)\s+(?:the\s+)?\Z")
FRONTED = re.compile(r"\W*(?:elsewhere )?(?:in|across|inside|within|throughout)\s+(?:the\s+)?")


def is_here(
    reading: SentenceReading, match: Match, grammar: Grammar, codebook: Codebook, is_page_here: bool
) -> bool:
    """Return whether what the match speaks of belongs to the topic's place; a sender that is named decides."""
    lower, sentence = reading.plain.lower, reading.sentence
    stop = REQUEST_CLAUSE_END.search(lower, match.end, sentence.end)
    until = min(stop.start() if stop else sentence.end, match.end + PLACE_REACH)
    near = [m for m in reading.mentions if match.start <= m.start < until]
    comma = lower.find(",", match.end, until)
    named = [m for m in near if comma < 0 or m.start < comma]
    senders = _find_senders(reading, named, codebook)
    elsewhere = grammar.elsewhere.find(reading.plain, sentence.start, sentence.end, reading.words)
    if any(match.start <= hit[0] < until for hit in elsewhere):
        senders.add("elsewhere")
    if senders:
        return "here" in senders
    if _is_fronted_elsewhere(reading, codebook):
        return False
    sides = {find_side(codebook, m.entity) for m in near}
    if "here" in sides:
        return True
    if "foreign" in sides:
        return False
    sides = {find_side(codebook, m.entity) for m in reading.mentions}
    return "here" in sides or is_page_here


def _find_senders(
    reading: SentenceReading, near: Sequence[Mention], codebook: Codebook
) -> set[str]:
    """Return "here" and "elsewhere" for the places whose authorities the mentions name."""
    lower, authority = reading.plain.lower, _read_authority(codebook)
    senders = set()
    for number, mention in enumerate(near):
        table = codebook.entities.get(mention.entity, {})
        if table.get("kind") not in ("place", "government"):
            continue
        side = "here" if find_side(codebook, mention.entity) == "here" else "elsewhere"
        before, after = lower[max(0, mention.start - 60) : mention.start], lower[mention.end :][:40]
        if table["kind"] == "government":
            owner = near[number - 1] if number else None
            if owner and lower[owner.end : mention.start].strip(" 的") == "":
                continue  # another place's police: the place itself says so
            senders.add(side)
        elif authority.match(after):
            senders.add(side)
        elif SENDER.search(before) and not QUALIFIES.match(after):
            senders.add(side)
        elif SEATED.search(before) and authority.search(SEATED.sub("", before)[-20:]):
            senders.add(side)
    return senders


@lru_cache(maxsize=8)
def _read_authority(codebook: Codebook) -> re.Pattern:
    """Return the expression of an authority, up to two words behind the name of its place."""
    words = codebook.topic.get("words", {})
    english = [w.rstrip("*") for w in words.get("en", {}).get("authority", ())]
    chinese = words.get("zh", {}).get("authority", ())
    return re.compile(
        rf"(?:'s)?[ -](?:[\w-]+ ){{0,2}}?(?:{'|'.join(map(re.escape, english)) or '(?!)'})"
        rf"|的?(?:{'|'.join(map(re.escape, chinese)) or '(?!)'})"
    )


def _is_fronted_elsewhere(reading: SentenceReading, codebook: Codebook) -> bool:
    """Return whether the sentence opens with another place ("In the United States, ...")."""
    lower, start = reading.plain.lower, reading.sentence.start
    for mention in reading.mentions:
        if codebook.entities.get(mention.entity, {}).get("kind") != "place":
            continue
        opens = FRONTED.fullmatch(lower, start, mention.start)
        if opens and lower.startswith(",", mention.end):
            return find_side(codebook, mention.entity) != "here"
    return False
