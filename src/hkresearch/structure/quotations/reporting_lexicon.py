"""The [quotations.en] section of news.toml -> the word lists that find who says what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hkresearch.structure.quotations.parts_of_speech import Pos

# What a verb can govern; a verb's frames are the sum of these.
SPEECH, ADDRESS, THOUGHT, SHOW, OBJECT, INFINITIVE, THAT_ONLY = (1 << n for n in range(7))
SAYING = SPEECH | THOUGHT | SHOW
_FRAMES = {
    "speech": SPEECH, "address": ADDRESS, "thought": THOUGHT, "show": SHOW, "object": OBJECT,
    "infinitive": INFINITIVE, "passive": 0,
}  # fmt: skip
_TAGS = {
    "determiners": Pos.DETERMINER, "subject_pronouns": Pos.SUBJECT_PRONOUN,
    "object_pronouns": Pos.OBJECT_PRONOUN, "auxiliaries": Pos.AUXILIARY,
    "prepositions": Pos.PREPOSITION, "subordinators": Pos.SUBORDINATOR, "relatives": Pos.RELATIVE,
    "conjunctions": Pos.CONJUNCTION, "adverbs": Pos.ADVERB, "times": Pos.TIME, "verbs": Pos.VERB,
}  # fmt: skip
_FORM_NAMES = ("s", "past", "participle", "ing")
# The lists whose words are looked up as they stand.
_WORD_LISTS = (
    "listeners", "scene", "channels", "time_units", "quoted_by", "title_before", "formulas",
)  # fmt: skip
_WORD_CLASSES = (
    "not_past", "be", "have", "totals", "plural_subjects", "scene_subordinators", "negators",
    "scene_prepositions", "possessives", "refusing", "handled", "phrase_prepositions", "of_names",
    "title_inside",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a reporting verb: its frames, the prepositions it governs, which forms it is."""

    frames: int
    prepositions: frozenset[str]
    particles: frozenset[str]  # "point out": governed, and part of the verb
    forms: frozenset[str]  # base, s, past, participle, ing
    is_ambiguous: bool

    def is_form(self, *forms: str) -> bool:
        """Return whether the word can be one of these forms."""
        return not self.forms.isdisjoint(forms)


@dataclass(frozen=True, slots=True)
class ReportingLexicon:
    """Word -> tag, word -> cue, and the other lists of one language by their names."""

    tags: Mapping[str, Pos] = field(repr=False)
    cues: Mapping[str, Cue] = field(repr=False)
    nouns: frozenset[str]
    words: Mapping[str, frozenset[str]]
    sources: Mapping[str, list[tuple[str, ...]]]  # first word -> phrases before a source
    # Words met before, as they were read.
    read: dict[str, tuple[str, str, bool]] = field(default_factory=dict, repr=False, compare=False)


def read_reporting_lexicon(section: Mapping[str, Any]) -> ReportingLexicon:
    """Return the lists of the codebook's [quotations.en] section, every verb with all its forms."""
    return _build(_freeze(section))


def _freeze(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple((key, _freeze(part)) for key, part in value.items())
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=8)
def _build(frozen: tuple[tuple[str, Any], ...]) -> ReportingLexicon:
    section = dict(frozen)
    lists = {name: value.split() for name, value in section.items() if isinstance(value, str)}
    classes = {name: words.split() for name, words in dict(section.get("words", ())).items()}
    words = {name: frozenset(lists.get(name, ())) for name in _WORD_LISTS}
    words |= {name: frozenset(classes.get(name, ())) for name in _WORD_CLASSES}
    nouns = lists.get("nouns", [])
    return ReportingLexicon(
        tags=_read_tags(classes),
        cues=_read_cues(lists),
        nouns=frozenset(nouns) | {f"{noun}s" for noun in nouns},
        words=words,
        sources=_read_phrases(section.get("source_phrases", ())),
    )


def _read_phrases(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return first word -> the phrases that begin with it, in words."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in phrases:
        words = tuple(phrase.split())
        found[words[0]].append(words)
    return dict(found)


def _read_tags(classes: Mapping[str, list[str]]) -> dict[str, Pos]:
    """Return word -> tag; a word of several classes has the tag of the first."""
    tags: dict[str, Pos] = {}
    for name, tag in reversed(_TAGS.items()):
        tags |= dict.fromkeys(classes.get(name, ()), tag)
    return tags | {"that": Pos.THAT, "to": Pos.TO}


@dataclass(slots=True)
class _Verb:
    """What the lists say of one verb, or of one form of several."""

    frames: int = 0
    prepositions: set[str] = field(default_factory=set)
    particles: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)


def _read_cues(lists: Mapping[str, list[str]]) -> dict[str, Cue]:
    """Return every form of every reporting verb."""
    verbs = _read_verbs(lists)
    irregular = dict(_read_irregular(lists.get("irregular", ())))
    found: dict[str, _Verb] = defaultdict(_Verb)
    for base, verb in verbs.items():
        for form, word in ({"base": base} | (irregular.get(base) or inflect_verb(base))).items():
            known = found[word]
            known.frames |= verb.frames
            known.prepositions |= verb.prepositions
            known.particles |= verb.particles
            known.forms.add(form)
    ambiguous = frozenset(lists.get("ambiguous", ()))
    return {
        word: Cue(
            known.frames,
            frozenset(known.prepositions),
            frozenset(known.particles),
            frozenset(known.forms),
            word in ambiguous,
        )
        for word, known in found.items()
    }


def _read_verbs(lists: Mapping[str, list[str]]) -> dict[str, _Verb]:
    """Return what each verb governs; `point_out` has a particle, `call_for` a preposition."""
    verbs: dict[str, _Verb] = defaultdict(_Verb)
    for name, frame in _FRAMES.items():
        for entry in lists.get(name, ()):
            base, _, particle = entry.partition("_")
            verb = verbs[base]
            if particle:
                verb.particles.add(particle)
            else:
                verb.frames |= frame
    for entry in lists.get("prepositional", ()):
        base, _, preposition = entry.partition("_")
        verbs[base].prepositions.add(preposition)
    for base in lists.get("that_only", ()):
        if base in verbs:
            verbs[base].frames |= THAT_ONLY
    return verbs


def _read_irregular(entries: Iterable[str]) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield (verb, its forms) of entries such as "say:says,said,said,saying"."""
    for entry in entries:
        base, forms = entry.split(":")
        yield base, dict(zip(_FORM_NAMES, forms.split(","), strict=True))


def inflect_verb(base: str) -> dict[str, str]:
    """Return the regular forms of an English verb: s, past, participle, ing."""
    stem, third = base, base + "s"
    if base.endswith("e"):
        stem = base[:-1]
    elif base.endswith("y") and base[-2:-1] not in "aeiou":
        past = base[:-1] + "ied"
        return {"s": base[:-1] + "ies", "past": past, "participle": past, "ing": base + "ing"}
    elif base.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = base + "es"
    return {"s": third, "past": stem + "ed", "participle": stem + "ed", "ing": stem + "ing"}
