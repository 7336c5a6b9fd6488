"""A noun phrase with an article ("the search giant", "its parent") -> the organisations that it stands for."""

from __future__ import annotations

from hkresearch.structure.text.reference_state import pick_one


def read_phrase(
    plain, words, index, before, groups, lexicon, english, state
) -> tuple[int, tuple[str, ...]]:
    """Return (end, entities) of the noun phrase that begins at the determiner `index`; no entities if it is none."""
    start, _, first = words[index]
    for owner in english["owners"]:
        if plain.lower.startswith(owner.lower(), start):
            child = [g for g in before if g.kind == "company"]
            entity = (child[-1].entities if child else state.companies)[-1:]
            parent = lexicon.owners.get(entity[0]) if entity else None
            return start + len(owner), (parent,) if parent else ()
    if first in ("its", "their", "whose"):
        return start, ()
    if owned := _read_owned(plain, words, index, groups, lexicon, english, state):
        return owned
    nouns, plurals = english["nouns"], english["plural_nouns"]
    last, noun = None, ""
    for step in range(index + 1, min(index + 6, len(words))):
        word = words[step][2]
        if words[step][0] - words[step - 1][1] > 2 or plain.lower[words[step - 1][1]] in ".;:,!?":
            break
        if word in nouns or word in plurals or word in english["people"]:
            last, noun = step, word
        elif last is not None or word in english["breaks"]:
            break
    if last is None:
        return start, ()
    end = words[last][1]
    if (
        last + 1 < len(words)
        and plain.lower[end : end + 1] == " "
        and words[last + 1][2] in english["not_before"]
    ):
        return start, ()
    if any(words[index][0] < g.end and g.start < end for g in groups) or any(
        0 <= g.start - end <= 2 and plain.lower[end : g.start].strip() == "" for g in groups
    ):
        return start, ()  # "the messaging app X", "the X spokesperson": the name stands there
    if noun in english["people"] and plain.lower[end : end + 5] in (" for ", " from", " at "):
        return start, ()
    if plain.lower[end:].startswith(" of ") and noun in english["people"]:
        return start, ()
    phrase = plain.lower[words[index + 1][0] : end]
    return end, _resolve_phrase(first, phrase, noun, before, lexicon, english, state)


def _read_owned(
    plain, words, index, groups, lexicon, english, state
) -> tuple[int, tuple[str, ...]] | None:
    """Return (end, entities) of "the X-owned app": the one last named, or known, to belong to X."""
    owner = next(
        (g for g in groups if g.kind == "company" and 0 < g.start - words[index][1] <= 2), None
    )
    if owner is None or not plain.lower.startswith("-owned ", owner.end):
        return None
    for step in range(index + 2, min(index + 8, len(words))):
        if words[step][2] in english["nouns"]:
            if step + 1 < len(words) and words[step + 1][2] in english["not_before"]:
                return None
            owned = [e for e, parent in lexicon.owners.items() if parent in owner.entities]
            known = [e for e in state.recent if e in owned] or (owned if len(owned) == 1 else [])
            return (words[step][1], tuple(known[-1:])) if known else None
    return None


def _resolve_phrase(first, phrase, noun, before, lexicon, english, state) -> tuple[str, ...]:
    companies = [g for g in before if g.kind == "company"]
    if noun in english["people"]:
        if (
            noun in ("official", "officials", "statement", "executive", "blogpost")
            and "company" not in phrase
        ):
            return ()
        return companies[-1].entities if companies else state.companies
    if noun in english["plural_nouns"]:
        if first not in english["plural_determiners"]:
            return ()
        return (
            companies[-1].entities
            if companies and len(companies[-1].entities) > 1
            else state.plural
        ) or ()
    if first == "a":
        return ()
    seen = [e for e in state.recent] + [e for g in companies for e in g.entities]
    for cut in range(len(phrase)):
        if cut and phrase[cut - 1] != " ":
            continue
        if candidates := lexicon.described.get(phrase[cut:]):
            if not any(lexicon.kinds[c] == "company" for c in candidates):
                return ()
            known = [e for e in seen if e in candidates]
            focus = [e for e in state.companies if e in candidates]
            return (
                (known[-1],)
                if known and not focus
                else tuple(focus[-1:])
                if focus
                else tuple(candidates)
                if len(candidates) == 1
                else ()
            )
    if companies:
        return pick_one(companies[-1].entities, lexicon.owners)
    one = pick_one(state.companies, lexicon.owners)
    return one if len(state.companies) == 1 or one == state.companies[:1] else ()
