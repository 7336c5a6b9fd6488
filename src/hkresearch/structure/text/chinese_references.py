"""A Chinese sentence -> the references in it to organisations named before."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.codebook.plain_text import Plain
from hkresearch.core.words import UNSPACED_CHARACTER
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import group_mentions
from hkresearch.structure.text.reference_state import ReferenceState


def find_chinese_references(
    plain: Plain, sentence, own: Sequence[Mention], lexicon: Lexicon, state: ReferenceState
) -> list[Mention]:
    """Return the references of a Chinese sentence; a subject that is left out is for the coders to see."""
    words = lexicon.references.get("zh", {})
    found = []
    for match in lexicon.han.finditer(plain.cased, sentence.start, sentence.end):
        phrase, previous = match.group(), plain.cased[match.start() - 1 : match.start()]
        if previous == "等":  # "X, Y and other apps": X and Y are named
            continue
        if phrase in lexicon.han_names or (
            phrase in words.get("bare", ())
            and UNSPACED_CHARACTER.match(previous)
            and previous not in words.get("before_bare", ())
        ):
            continue
        before = [m for m in own if m.end <= match.start() and lexicon.kinds[m.entity] == "company"]
        current = (before[-1].entity,) if before else state.companies
        if phrase in words.get("plural", ()):
            groups = [
                g
                for g in group_mentions(plain, before, lexicon, sentence.start)
                if len(g.entities) > 1
            ]
            entities = groups[-1].entities if groups else state.plural
        elif phrase in words.get("owners", ()):
            parent = lexicon.owners.get(current[-1]) if current else None
            entities = (parent,) if parent else ()
        elif phrase in lexicon.described_han:
            known = [e for e in (*state.recent, *current) if e in lexicon.described_han[phrase]]
            entities = tuple(known[-1:]) or (
                tuple(lexicon.described_han[phrase])
                if len(lexicon.described_han[phrase]) == 1
                else ()
            )
        elif phrase in words.get("people", ()):
            entities = () if before and match.start() - before[-1].end <= 6 else current
        else:
            entities = current[-1:]
        found += [Mention(match.start(), match.end(), entity, "reference") for entity in entities]
    return found
