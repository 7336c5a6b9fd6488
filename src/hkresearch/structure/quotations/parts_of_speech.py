"""The tags of tokens, and the sets of tags by which the grammar of reported speech asks."""

from __future__ import annotations

from enum import StrEnum


class Pos(StrEnum):
    """The part of speech of a token; a sign that is not listed here is its own tag."""

    NAME = "name"
    NOUN = "noun"  # or an adjective
    NUMBER = "number"
    DETERMINER = "determiner"
    SUBJECT_PRONOUN = "subject pronoun"
    OBJECT_PRONOUN = "object pronoun"
    POSSESSIVE = "possessive"
    PREPOSITION = "preposition"
    TO = "to"
    THAT = "that"
    RELATIVE = "relative"
    SUBORDINATOR = "subordinator"
    CONJUNCTION = "conjunction"
    ADVERB = "adverb"
    TIME = "time"
    AUXILIARY = "auxiliary"
    VERB = "verb"
    REPORTING_VERB = "reporting verb"
    PAST_FORM = "past form"  # another word in -ed
    ING_FORM = "ing form"
    MARKED = "marked segment"  # what stands between quotation marks is one token
    COMMA = ","
    SEMICOLON = ";"
    COLON = ":"
    STOP = "."
    ELLIPSIS = "…"
    OPENING = "("
    CLOSING = ")"
    DASH = "-"


# The words of a noun phrase, without what may be joined to it.
PHRASE_WORDS = frozenset({Pos.NAME, Pos.NOUN, Pos.NUMBER, Pos.DETERMINER, Pos.POSSESSIVE})
NAMES_AND_NOUNS = frozenset({Pos.NAME, Pos.NOUN})
ADVERBIALS = frozenset({Pos.ADVERB, Pos.TIME})
FINITE_VERBS = frozenset({Pos.AUXILIARY, Pos.VERB})
# What can begin a predicate.
PREDICATE_WORDS = FINITE_VERBS | {Pos.REPORTING_VERB, Pos.PAST_FORM}
