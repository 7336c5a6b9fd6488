"""The [quotations] section of the codebook -> the word lists that find who says what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

SPEECH, ADDRESS, THOUGHT, SHOW, OBJECT, INFINITIVE, PASSIVE, THAT_ONLY = (1 << n for n in range(8))
FRAMES = {
    "speech": SPEECH, "address": ADDRESS, "thought": THOUGHT, "show": SHOW, "object": OBJECT, "infinitive": INFINITIVE,
    "passive": PASSIVE,
}  # fmt: skip
TAGS = {
    "determiners": "D", "subject_pronouns": "R", "object_pronouns": "O", "auxiliaries": "A", "prepositions": "P",
    "subordinators": "S", "relatives": "W", "conjunctions": "C", "adverbs": "L", "times": "M", "verbs": "V",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """One inflected form of a reporting verb: its frames, the prepositions it governs, and which forms it can be."""

    frames: int
    prepositions: frozenset[str]
    forms: frozenset[str]  # base, s, past, participle, ing
    is_ambiguous: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word -> tag, word -> cue, and the other lists of one language."""

    tags: Mapping[str, str] = field(repr=False)
    cues: Mapping[str, Cue] = field(repr=False)
    nouns: frozenset[str]
    adjectives: frozenset[str]
    listeners: frozenset[str]
    scene: frozenset[str]
    channels: frozenset[str]
    not_past: frozenset[str]
    read: dict = field(
        default_factory=dict, repr=False, compare=False
    )  # words met before, as they were read


def read_lexicon(section: Mapping[str, Any]) -> Lexicon:
    """Return the English lists of the codebook's [quotations.en] section, every verb with all its forms."""
    return _build(_freeze(section))


def _freeze(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple((key, _freeze(part)) for key, part in value.items())
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=8)
def _build(frozen: tuple) -> Lexicon:
    section = dict(frozen)
    lists = {name: value.split() for name, value in section.items() if isinstance(value, str)}
    irregular = {}
    for entry in lists.get("irregular", ()):
        base, forms = entry.split(":")
        irregular[base] = dict(
            zip(("s", "past", "participle", "ing"), forms.split(","), strict=True)
        )
    frames: dict[str, int] = {}
    prepositions: dict[str, set[str]] = {}
    for name, bit in FRAMES.items():
        for verb in lists.get(name, ()):
            base, _, particle = verb.partition("_")
            frames[base] = frames.get(base, 0) | (0 if particle else bit)
            if particle:
                prepositions.setdefault(base, set()).add(f"+{particle}")
    for verb in lists.get("prepositional", ()):
        base, _, preposition = verb.partition("_")
        frames.setdefault(base, 0)
        prepositions.setdefault(base, set()).add(preposition)
    tags = {
        word: tag
        for name, tag in reversed(TAGS.items())
        for word in dict(section.get("words", ())).get(name, "").split()
    }
    tags |= {"that": "T", "to": "t"}
    not_past = frozenset(dict(section.get("words", ())).get("not_past", "").split())
    return Lexicon(
        tags=tags,
        cues=_inflect_all(
            frames,
            prepositions,
            irregular,
            frozenset(lists.get("ambiguous", ())),
            frozenset(lists.get("that_only", ())),
        ),  # fmt: skip
        nouns=frozenset(form for noun in lists.get("nouns", ()) for form in (noun, f"{noun}s")),
        adjectives=frozenset(lists.get("adjectives", ())),
        listeners=frozenset(lists.get("listeners", ())),
        scene=frozenset(lists.get("scene", ())),
        channels=frozenset(lists.get("channels", ())),
        not_past=not_past,
    )


def _inflect_all(
    frames: dict, prepositions: dict, irregular: dict, ambiguous: frozenset, that_only: frozenset
) -> dict[str, Cue]:
    found: dict[str, tuple[int, set[str], set[str]]] = {}
    for base, bits in frames.items():
        for form, word in ({"base": base} | (irregular.get(base) or inflect_verb(base))).items():
            old = found.setdefault(word, (0, set(), set()))
            if base in that_only:
                bits |= THAT_ONLY
            found[word] = (old[0] | bits, old[1] | prepositions.get(base, set()), old[2] | {form})
    return {
        word: Cue(bits, frozenset(after), frozenset(forms), word in ambiguous)
        for word, (bits, after, forms) in found.items()
    }


def inflect_verb(base: str) -> dict[str, str]:
    """Return the regular forms of an English verb: s, past, participle, ing."""
    if base.endswith("e"):
        stem, s = base[:-1], base + "s"
    elif base.endswith("y") and base[-2:-1] not in "aeiou":
        return {
            "s": base[:-1] + "ies",
            "past": base[:-1] + "ied",
            "participle": base[:-1] + "ied",
            "ing": base + "ing",
        }
    else:
        stem, s = base, base + ("es" if base.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    return {"s": s, "past": stem + "ed", "participle": stem + "ed", "ing": stem + "ing"}
