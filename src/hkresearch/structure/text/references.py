"""A sentence -> the pronouns and descriptions in it that stand for organisations named before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hkresearch.codebook.plain_text import Plain
from hkresearch.structure.text.chinese_references import find_chinese_references
from hkresearch.structure.text.entity_names import Lexicon, Mention
from hkresearch.structure.text.mention_lists import Group, group_mentions
from hkresearch.structure.text.reference_phrases import read_phrase
from hkresearch.structure.text.reference_state import ReferenceState, pick_one

QUOTED_BEFORE = 1000  # characters in which the mark that opens a quotation is looked for
QUOTATION_MARK = re.compile(r"[\"“”„«‘「『]|(?<!\w)'")


def find_references(
    plain: Plain,
    sentence,
    own: Sequence[Mention],
    words: Sequence[tuple],
    lexicon: Lexicon,
    state: ReferenceState,
) -> list[Mention]:
    english = lexicon.references.get("en", {})
    found: list[Mention] = []
    if english:
        taken = {p for m in own for p in range(m.start, m.end)} if own else set()
        for start, end, entities in _find_english(plain, words, own, lexicon, english, state):
            if start not in taken:
                found += [Mention(start, end, entity, "reference") for entity in entities]
    if plain.has_han and lexicon.han:
        found += find_chinese_references(plain, sentence, own, lexicon, state)
    return found


def _find_english(
    plain: Plain,
    words: Sequence[tuple],
    own: Sequence[Mention],
    lexicon: Lexicon,
    english: dict,
    state: ReferenceState,
):
    """Yield (start, end, entities) of each reference that resolves."""
    singular, plural, speaker = english["singular"], english["plural"], english["speaker"]
    groups, places = None, []
    last_end = 0
    for index, (start, end, word) in enumerate(words):
        if start < last_end:
            continue
        following = words[index + 1][2] if index + 1 < len(words) else ""
        is_ours = word == "our" and following in english["ours"]
        if word == "the" and (
            one := _read_one_of_two(plain, words, index, groups, lexicon, english, state)
        ):
            yield start, words[index + 1][1], one
            continue
        is_pronoun = word in singular or word in plural or word in speaker or is_ours
        if (
            not is_pronoun
            and word not in english["determiners"]
            and word not in english["plural_determiners"]
            and word not in ("a", "its", "their", "whose")
        ):
            continue
        if groups is None:
            groups = group_mentions(plain, own, lexicon, words[0][0])
            groups = [g for g in groups if g.kind in ("company", "government")]
            places = [m for m in own if lexicon.kinds[m.entity] == "place"]
        before = [g for g in groups if g.end <= start and g.can_act]
        if not before and is_pronoun:  # "X's rate was higher: it gave"
            before = [
                g
                for g in groups
                if g.end <= start and plain.lower.startswith(("'s ", ", whose "), g.end)
            ][-1:]
        if is_pronoun:
            stop = words[index + 1][1] if is_ours else end
            if word == "both" and following in english["plural_nouns"]:
                stop = words[index + 1][1]
            elif word == "both" and following not in english["verbs"]:
                continue
            if (
                not before
                and word not in speaker
                and not is_ours
                and not _may_look_back(plain, words, index, english, places)
            ):
                continue
            later = [g for g in groups if g.start > start and g.kind == "company" and g.can_act]
            if not before and later and index == 1 and words[0][2] in english["openers"]:
                entities = later[0].entities  # "Before it paused, X had": the name comes after
            else:
                if word in speaker or is_ours:
                    entities = _resolve_speaker(groups, start, state, _is_quoted(state.text, start))
                else:
                    entities = _resolve_pronoun(word, before, english, state, lexicon.owners)
        else:
            stop, entities = read_phrase(
                plain, words, index, before, groups, lexicon, english, state
            )
        if entities:
            last_end = stop
            groups.append(
                Group(
                    start,
                    stop,
                    entities,
                    not plain.lower.startswith("'s", stop),
                    lexicon.kinds[entities[0]],
                )
            )
            groups.sort(key=lambda g: (g.start, g.end))
            yield start, stop, entities


def _read_one_of_two(
    plain: Plain, words: Sequence[tuple], index: int, groups, lexicon: Lexicon, english: dict, state: ReferenceState
) -> tuple[str, ...]:  # fmt: skip
    """Return whom "the former" or "the latter" stands for: the first or the second of the two named last."""
    following = words[index + 1 : index + 3]
    if not following or following[0][2] not in english["first_of_two"] | english["second_of_two"]:
        return ()
    end = following[0][1]
    is_alone = len(following) < 2 or plain.lower[end : following[1][0]] != " "
    is_verb = following[-1][2].endswith("ed") or (
        following[-1][2] in english["verbs"] | english["reporting"] | english["one_of_two_verbs"]
    )
    if not is_alone and not is_verb:
        return ()  # "the former colony"
    before = [g for g in groups or () if g.end <= words[index][0] and len(g.entities) == 2]
    two = before[-1].entities if before else state.plural
    if len(two) != 2:
        return ()
    return two[:1] if following[0][2] in english["first_of_two"] else two[1:]


def _is_quoted(text: str, position: int) -> bool:
    """Return whether a quotation mark stands before the position in its paragraph: a bare "we" is the page's own."""
    paragraph = max(
        text.rfind("\n", max(0, position - QUOTED_BEFORE), position), position - QUOTED_BEFORE, 0
    )
    return QUOTATION_MARK.search(text, paragraph, position) is not None


def _may_look_back(
    plain: Plain, words: Sequence[tuple], index: int, english: dict, places: Sequence[Mention]
) -> bool:
    """Return whether a pronoun before which its sentence names nobody may stand for someone of an earlier sentence."""
    if index == 0:
        return True
    if index <= 8 and all(
        word in english["leads"] or any(m.start <= start < m.end for m in places)
        for start, _, word in words[:index]
    ):
        return True
    gap = plain.lower[words[index - 1][1] : words[index][0]]
    return gap.strip() != "" or words[index - 1][2] in english["openers"]


def _resolve_speaker(
    groups: Sequence[Group], start: int, state: ReferenceState, is_quoted: bool
) -> tuple[str, ...]:
    """Return whom a "we" stands for: who acts in its sentence, else the only one named before it, else the last actor."""
    companies = [g for g in groups if g.kind == "company"]
    if named := [g for g in companies if g.can_act]:
        return named[0].entities
    if not is_quoted:
        return ()
    before = {g.entities for g in companies if g.end <= start}
    return before.pop() if len(before) == 1 else state.companies


def _resolve_pronoun(
    word: str, before: Sequence[Group], english: dict, state: ReferenceState, owners: dict
) -> tuple[str, ...]:
    companies = [g for g in before if g.kind == "company"]
    if word in english["plural"]:
        several = [g for g in before if len(g.entities) > 1 and g.kind == "company"]
        if several:
            return several[-1].entities
        if word == "both":
            both = tuple(dict.fromkeys(e for g in companies for e in g.entities))
            return both if len(both) == 2 else state.plural[-2:]
        if before:
            return before[-1].entities
        return (
            state.plural
            if len(state.focus) < 2 and state.plural and not state.companies
            else state.focus
        )
    if before:
        return pick_one(before[-1].entities, owners)
    return pick_one(state.focus, owners)
