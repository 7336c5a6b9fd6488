"""Who acts -> with the services that they own and do it for ("for all of its apps")."""

from __future__ import annotations

import re
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.structure.positions.matches import WITHHOLDING_CODES, ParsedSentence, PositionMatch
from hkresearch.structure.positions.word_classes import compile_with_classes, read_position_words


@lru_cache(maxsize=8)
def read_service_pattern(codebook: Codebook) -> re.Pattern[str]:
    """Return what stands between a match and a service that it is done for ("for its app X")."""
    return compile_with_classes(
        r"^[^.;]{0,80}\b(?:%(serving)s)\s(?:(?:%(services)s)\s)*$",
        read_position_words(codebook, "en"),
    )


def add_owned_services(
    entities: tuple[str, ...], match: PositionMatch, parsed: ParsedSentence
) -> tuple[str, ...]:
    """Return the organisations with those that they own and do it for."""
    lower, lexicon, sentence = parsed.plain.lower, parsed.lexicon, parsed.sentence
    owned = [
        mention for mention in parsed.mentions if lexicon.owners.get(mention.entity) in entities
    ]
    reach = lexicon.reach.get(match.language)
    if not (reach and reach.search(lower, match.start, sentence.end)):
        serves = read_service_pattern(parsed.codebook)
        is_withheld = match.language == "en" and match.code in WITHHOLDING_CODES
        owned = [
            mention
            for mention in owned
            if is_withheld
            and mention.start >= match.end
            and serves.search(lower[match.end : mention.start])
        ]
    return tuple(dict.fromkeys((*entities, *(mention.entity for mention in owned))))
