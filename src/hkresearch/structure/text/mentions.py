"""Sentences of one article -> mentions of the codebook's entities: names, and references resolved to them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import PLAIN_CHARACTERS, Plain, read_plain
from hkresearch.core.article import Article
from hkresearch.core.words import UNSPACED, UNSPACED_CHARACTER

ABBREVIATED = re.compile(r"\b([A-Z])\.(?=[A-Z]\b)")
ACTORS = ("company", "government")
LONGEST_SENTENCE = (
    3000  # characters; what is longer is a list or a page without marks, and is not read
)
QUOTED_BEFORE = 1000  # characters in which the mark that opens a quotation is looked for
QUOTATION_MARK = re.compile(r"[\"“”„«‘「『]|(?<!\w)'")
GAP_LIMIT = 60  # characters between two names of one list
JOINED_HAN = re.compile(
    r"\s*[）)]?\s*(?:[、,，/]|和|及|與|与|以及|同|跟|連同|联同|聯同|或|、?以及)\s*(?:(?:旗下|其)[^，。；、]{0,10}|社交\w{0,4}|通訊\w{0,4})?\s*"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity where the text names it ("name") or refers to it ("reference"); offsets as in the text layer."""

    start: int
    end: int
    entity: str
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that stand as one list ("X and Y"), and whether they can be a subject where they stand."""

    start: int
    end: int
    entities: tuple[str, ...]
    can_act: bool
    kind: str  # the entities' kind: company, government, ...


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The codebook's names and reference words in the form in which they are looked up."""

    names: dict  # first word as written -> ((name, entity), ...), the longest first
    han: re.Pattern | None
    han_names: dict
    described: dict  # description -> entity ids
    described_han: dict
    references: dict  # news.toml [references], word lists as sets
    reach: dict  # language -> the words that carry what an owner does to all that it owns
    kinds: dict  # entity id -> kind
    owners: dict


def find_mentions(article: Article, sentences: Sequence, codebook: Codebook) -> list[Mention]:
    """Return every mention in the sentences, sorted; a reference that cannot be resolved is left out, never guessed."""
    lexicon, plain = read_lexicon(codebook), read_plain(article.text)
    names = _find_names(plain, lexicon)
    mentions, state = [], _State(article.text)
    for sentence, own, words in split_by_sentence(sentences, names, plain.words):
        references = _find_references(plain, sentence, own, words, lexicon, state)
        found = sorted({*own, *references}, key=lambda m: (m.start, -m.end, m.entity))
        mentions += found
        groups = group_mentions(plain, found, lexicon, sentence.start)
        state.close_sentence(_put_main_first(plain, sentence, words, groups, lexicon))
    return sorted(mentions, key=lambda m: (m.start, m.end, m.entity))


def split_by_sentence(
    sentences: Sequence, mentions: Sequence[Mention], words: Sequence[tuple]
) -> Iterable[tuple]:
    """Yield (sentence, its mentions, its words) in order, in one pass over each list; endless lines are left out."""
    first_mention = first_word = 0
    for sentence in sentences:
        while first_mention < len(mentions) and mentions[first_mention].start < sentence.start:
            first_mention += 1
        last_mention = first_mention
        while last_mention < len(mentions) and mentions[last_mention].start < sentence.end:
            last_mention += 1
        first_word = bisect_left(words, (sentence.start,), first_word)
        last_word = bisect_left(words, (sentence.end,), first_word)
        if sentence.end - sentence.start <= LONGEST_SENTENCE:
            yield sentence, mentions[first_mention:last_mention], words[first_word:last_word]
        first_mention, first_word = last_mention, last_word


def find_side(codebook: Codebook, entity: str) -> str:
    """Return "here" for the topic's place and its bodies, "foreign" for those of other places, else nothing."""
    table, place = (
        codebook.entities.get(entity, {}),
        codebook.topic.get("gate", {}).get("place", ""),
    )
    if place and (entity == place or table.get("part_of") == place):
        return "here"
    return "foreign" if table.get("foreign") else ""


def is_mainly_here(codebook: Codebook, mentions: Iterable[Mention]) -> bool:
    """Return whether the page names the topic's place more than any foreign one, or as often and first or twice."""
    counts: dict[str, int] = {}
    first = ""
    for m in mentions:
        side = find_side(codebook, m.entity)
        if side:
            key = side if side == "here" else m.entity
            counts[key] = counts.get(key, 0) + 1
            first = first or side
    here = counts.pop("here", 0)
    foreign = max(counts.values(), default=0)
    return here > foreign or 0 < here == foreign and (here > 1 or first == "here")


# ---- names ----


@lru_cache(maxsize=8)
def read_lexicon(codebook: Codebook) -> Lexicon:
    """Return the names and reference words of the codebook, ready to look up."""
    names, han_names, described, described_han = {}, {}, {}, {}
    for id, entity in codebook.entities.items():
        for written in (n for names_of in entity.get("names", {}).values() for n in names_of):
            name = written.translate(PLAIN_CHARACTERS).rstrip(".")
            if UNSPACED_CHARACTER.search(name):
                han_names[name] = id
                continue
            for form in (
                {name, name.upper(), name[0].upper() + name[1:]} if len(name) > 2 else {name}
            ):
                first = re.match(rf"[^\W_{UNSPACED}]+", form).group()
                names.setdefault(first, {}).setdefault(ABBREVIATED.sub("\\1\u2024", form), id)
        for phrase in entity.get("described", {}).get("en", ()):
            described.setdefault(phrase.lower(), []).append(id)
        for phrase in entity.get("described", {}).get("zh", ()):
            described_han.setdefault(phrase, []).append(id)
    references = {
        language: {
            key: value if isinstance(value, list) else frozenset(value.split())
            for key, value in words.items()
        }
        for language, words in codebook.news.get("references", {}).items()
    }
    zh = references.get("zh", {})
    phrases = (w for key in ("singular", "plural", "owners", "people") for w in zh.get(key, ()))
    han = sorted({*han_names, *described_han, *phrases}, key=lambda n: (-len(n), n))
    return Lexicon(
        names={
            k: tuple(sorted(v.items(), key=lambda item: (-len(item[0]), item[0])))
            for k, v in names.items()
        },
        han=re.compile("|".join(map(re.escape, han))) if han else None,
        han_names=han_names,
        described=described,
        described_han=described_han,
        references=references,
        reach={
            language: re.compile("|".join(map(re.escape, phrases)))
            for language, phrases in codebook.news.get("reconcile", {}).get("reach", {}).items()
            if phrases
        },
        kinds={id: entity.get("kind", "") for id, entity in codebook.entities.items()},
        owners={
            id: entity["owner"] for id, entity in codebook.entities.items() if entity.get("owner")
        },
    )


def _find_names(plain: Plain, lexicon: Lexicon) -> list[Mention]:
    """Return the names of the text, the longest at each place; a name inside a word never counts."""
    found, text, end = [], plain.cased, 0
    suffixes = lexicon.references.get("en", {}).get("suffixes", ())
    for start, word_end, _ in plain.words:
        if start < end or (candidates := lexicon.names.get(text[start:word_end])) is None:
            continue
        for name, entity in candidates:
            stop = start + len(name)
            if text.startswith(name, start) and (
                stop == word_end or not _is_inside_word(text, stop)
            ):
                space = text.find(" ", stop + 1, stop + 14) if text.startswith(" ", stop) else -1
                if (
                    lexicon.kinds[entity] == "company"
                    and text[stop + 1 : space if space > 0 else stop + 14].rstrip(",.\u2024")
                    in suffixes
                ):
                    stop += 1 + len(
                        text[stop + 1 : space if space > 0 else stop + 14].rstrip(",.\u2024")
                    )
                found.append(Mention(start, stop, entity, "name"))
                end = stop
                break
    if plain.has_han and lexicon.han:
        for match in lexicon.han.finditer(text):
            if entity := lexicon.han_names.get(match.group()):
                found.append(Mention(match.start(), match.end(), entity, "name"))
        found.sort(key=lambda m: (m.start, m.end))
    return found


def _is_inside_word(text: str, position: int) -> bool:
    return (
        position < len(text)
        and text[position].isalnum()
        and not UNSPACED_CHARACTER.match(text[position])
    )


# ---- lists of names ----


def group_mentions(
    plain: Plain, mentions: Sequence[Mention], lexicon: Lexicon, begin: int
) -> list[Group]:
    """Return the mentions of companies, governments and laws of the sentence that begins at `begin` as lists."""
    words = lexicon.references.get("en", {})
    groups: list[list[Mention]] = []
    wanted = [
        m for m in mentions if lexicon.kinds.get(m.entity) in ("company", "government", "law")
    ]
    named = {(m.start, m.entity) for m in wanted if m.kind == "name"}
    # "its parent X": the name stands for both.
    wanted = [
        m
        for m in wanted
        if m.kind == "name" or not {(m.end, m.entity), (m.end + 1, m.entity)} & named
    ]
    # "the X-owned app": X only says whose it is.
    owned = [
        m for m in wanted if m.kind == "reference" and "-owned " in plain.lower[m.start : m.end]
    ]
    wanted = [
        m
        for m in wanted
        if m.kind != "name" or not any(r.start < m.start and m.end < r.end for r in owned)
    ]
    # "X's Y", where Y belongs to X: Y alone.
    wanted = [
        m for m, n in zip(wanted, [*wanted[1:], None]) if not _only_owns(plain, m, n, lexicon)
    ]
    for mention in wanted:
        if groups and _are_joined(plain, groups[-1], mention, lexicon):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    if groups and OPENED.fullmatch(plain.lower, begin, groups[0][0].start):
        groups[:1] = _split_opening(plain, groups[0])
    out = []
    for group in groups:
        start, end = group[0].start, max(m.end for m in group)
        entities = tuple(dict.fromkeys(m.entity for m in group))
        can_act = _can_act(plain.lower, start, end, words, begin)
        out.append(Group(start, end, entities, can_act, lexicon.kinds[entities[0]]))
    return out


def _only_owns(plain: Plain, mention: Mention, following: Mention | None, lexicon: Lexicon) -> bool:
    if (
        following is None
        or mention.kind != "name"
        or lexicon.owners.get(following.entity) != mention.entity
    ):
        return False
    return plain.lower[mention.end : following.start] in ("'s ", "' ")


OPENED = re.compile(
    r"(?:un)?like |(?:along|together|as) with |(?:alongside|joining|following|after|echoing|mirroring|behind) "
    r"|(?:following|walking|treading) in the footsteps of |following the (?:lead|example) of "
)


def _split_opening(plain: Plain, group: list[Mention]) -> list[list[Mention]]:
    """Return "Like X and Y, Z has": those before the last comma, and those after it, who act."""
    for at in range(len(group) - 1, 0, -1):
        if plain.lower[group[at - 1].end : group[at].start].strip() == ",":
            return [group[:at], group[at:]]
    return [group]


JOINER = re.compile(
    r"\s*(?:\([^)]{0,30}\))?\s*(?:\(including\b|,|/|&|\band\b|\bor\b|\bas well as\b|\balong with\b|\btogether with\b|\bplus\b|\bnor\b|\balongside\b|\band also\b|\bbut also\b|\blike\b|\bas has\b|\bas have\b)(?:\s*\b(?:and|or|as well as|plus|nor|even|also|along with|its|now|then|later)\b)*\s*((?:[\w'-]+\s+){0,5}|[\w' -]*owned\s+)$"
)


def _are_joined(plain: Plain, group: Sequence[Mention], mention: Mention, lexicon: Lexicon) -> bool:
    last = max(group, key=lambda m: m.end)
    if mention.start <= last.start:
        return True  # two entities of one reference
    if mention.start < last.end:
        return True
    if (
        lexicon.kinds[last.entity] != lexicon.kinds[mention.entity]
        or mention.start - last.end > GAP_LIMIT
    ):
        return False
    if mention.kind == "reference" and last.kind == "name" and mention.entity != last.entity:
        return False
    between = plain.lower[last.end : mention.start].removeprefix(")")  # "X (XX), Y (YY) and Z"
    if between.strip() in ("", "(", "（") and last.entity == mention.entity:
        return True
    if plain.has_han and JOINED_HAN.fullmatch(between):
        return True
    if plain.lower.startswith("-owned", last.end):
        return False
    if RELATIVE.fullmatch(between) and plain.lower.startswith((", which ", ", who "), mention.end):
        return False  # "X, which did this, and Y, which did that"
    if RELATIVE.fullmatch(between) or APPOSED.fullmatch(between):
        return True
    match = JOINER.match(between)
    if match is None:
        return False
    # "X, Y's parent": the possessive names someone else, unless the list goes on after it.
    if plain.lower.startswith("'s ", mention.end) and not re.match(
        r"'s (?:[\w-]+ ){0,2}\w+ and ", plain.lower[mention.end : mention.end + 40]
    ):
        if "," in between and " and " not in between:
            return False
    inner = (match.group(1) or "").split()
    if inner and inner[-1].endswith("owned"):
        return True
    return not any(
        word.strip("'") in lexicon.references.get("en", {}).get("not_in_list", ()) for word in inner
    )


APPOSED = re.compile(
    r",? and (?:its|their) (?:[a-z-]+ ){1,3}(?:[a-z]+-owned )?"
)  # "X and its parent Y"
RELATIVE = re.compile(r", (?:which|who|whose) [^,;:.]{3,50}, and (?:also )?")
PERSON = r"(?:spokes\w+|representatives?|executives?|officials?|statements?|rep|reps|announcements?|decisions?|moves?|blog ?posts?|emails?)"
BEFORE_PERSON = re.compile(rf"{PERSON}\s+(?:for|from|at|of|by)\s+(?:the\s+|\w+\s+)?$")
INCLUDING = re.compile(
    r"\b(?:companies|firms|platforms|giants|services|apps|networks|groups|sites|players|names|heavyweights|brands|corporations|tech|behemoths|titans)\s*,?\s*(?:including|such as|together with|along with|like|notably|namely|among them|from)\s+(?:the\s+)?$"
)
WORD = re.compile(r"[\w'-]+")
# "X's doing the same": a verb; "X's handling of": a noun.
OWNS = re.compile(r" (?:also )?(?:owns?|owned|bought|acquired|runs|controls|makes)\b")
CONTRACTED = re.compile(
    r"'s (?:\w+ly |also |now |still |just )*(?:been|not|got|gone|\w+ing(?! of\b))\b"
)
CHOICE = re.compile(
    r"\b(?:position|line|answer|intention|decision|move|announcement|pledge|vow|promise|choice|plan|refusal|stance|response|step|suspension|pause|halt|freeze|moratorium|action|policy|reports?|spokes\w+|representatives?|statement|boycott)\b"
)


def _can_act(lower: str, start: int, end: int, words: dict, begin: int) -> bool:
    """Return whether the group may be the subject of a verb that follows it."""
    after = lower[end : end + 40]
    if OWNS.match(after) and lower.endswith((" which ", " that "), begin, start):
        return False  # "Y, which X owns, has"
    if after.startswith(("-owned", "-based", "-like", "-backed")):
        return False
    if (
        after.startswith(("'s ", "' "))
        and lower[start:end] not in ("it", "that")
        and not CONTRACTED.match(after)
    ):
        return bool(
            CHOICE.match(after[2:].strip().split(",")[0])
            or CHOICE.search(" ".join(after.split()[1:5]))
        )
    before = lower[max(begin, start - 40) : start]
    if BEFORE_PERSON.search(before):
        return True
    if INCLUDING.search(before):
        return True
    before_words = [
        w for w in WORD.findall(before) if not w.endswith(("-based", "-owned", "-headquartered"))
    ]
    while before_words and before_words[-1] in words.get("appositions", ()):
        before_words.pop()
    return not (
        before_words
        and before_words[-1] in words.get("prepositions", ())
        and not before.rstrip().endswith((",", ";", ":", ".", "!", "?"))
    )


# ---- references ----


def _put_main_first(
    plain: Plain, sentence, words: Sequence[tuple], groups: list[Group], lexicon: Lexicon
) -> list[Group]:
    """Return the groups with the main clause's subject first ("While X has paused, Y ...": Y)."""
    openers = lexicon.references.get("en", {}).get("openers", ())
    if (
        words
        and words[0][2] in openers
        and words[0][2] not in ("and", "but", "so", "however", "meanwhile")
    ):
        for group in groups[1:]:
            if group.can_act and plain.lower[sentence.start : group.start].rstrip().endswith(","):
                return [group, *(g for g in groups if g is not group)]
    return groups


class _State:
    """What earlier sentences made salient: the last subjects, and the order in which entities were last named."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.focus: tuple[str, ...] = ()
        self.companies: tuple[str, ...] = ()
        self.plural: tuple[str, ...] = ()
        self.recent: list[str] = []

    def close_sentence(self, groups: Sequence[Group]) -> None:
        for group in groups:
            for entity in group.entities:
                if entity in self.recent:
                    self.recent.remove(entity)
                self.recent.append(entity)
        actors = [g for g in groups if g.kind in ACTORS and g.can_act] or [
            g for g in groups if g.kind == "company"
        ]
        if actors or groups:
            self.focus = (actors or groups)[0].entities
        companies = [g for g in actors if g.kind == "company"]
        named = [g for g in groups if g.kind == "company"]
        if companies := companies or (
            named if len(named) == 1 and len(named[0].entities) == 1 else []
        ):
            # The subject of the sentence; a later subject of a later clause takes over only when it is a name of its own.
            self.companies = companies[0].entities
            if len(companies[0].entities) > 1 and companies[0].can_act:
                self.plural = companies[0].entities
        together = tuple(
            dict.fromkeys(
                e for g in groups if g.kind == "company" and g.can_act for e in g.entities
            )
        )
        if len(self.plural) < 2 and len(together) > 1:
            self.plural = together


def _find_references(
    plain: Plain,
    sentence,
    own: Sequence[Mention],
    words: Sequence[tuple],
    lexicon: Lexicon,
    state: _State,
) -> list[Mention]:
    english = lexicon.references.get("en", {})
    found: list[Mention] = []
    if english:
        taken = {p for m in own for p in range(m.start, m.end)} if own else set()
        for start, end, entities in _find_english(plain, words, own, lexicon, english, state):
            if start not in taken:
                found += [Mention(start, end, entity, "reference") for entity in entities]
    if plain.has_han and lexicon.han:
        found += _find_han(plain, sentence, own, lexicon, state)
    return found


def _find_english(
    plain: Plain,
    words: Sequence[tuple],
    own: Sequence[Mention],
    lexicon: Lexicon,
    english: dict,
    state: _State,
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
            stop, entities = _read_phrase(
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
    plain: Plain, words: Sequence[tuple], index: int, groups, lexicon: Lexicon, english: dict, state: _State
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
    groups: Sequence[Group], start: int, state: _State, is_quoted: bool
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
    word: str, before: Sequence[Group], english: dict, state: _State, owners: dict
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
        return _pick_one(before[-1].entities, owners)
    return _pick_one(state.focus, owners)


def _pick_one(entities: tuple[str, ...], owners: dict) -> tuple[str, ...]:
    """Return the one organisation that a singular stands for: the owner of the others, else the last named."""
    if len(entities) > 1 and all(owners.get(e) == entities[0] for e in entities[1:]):
        return entities[:1]
    return entities[-1:]


def _read_phrase(
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
        return _pick_one(companies[-1].entities, lexicon.owners)
    one = _pick_one(state.companies, lexicon.owners)
    return one if len(state.companies) == 1 or one == state.companies[:1] else ()


def _find_han(
    plain: Plain, sentence, own: Sequence[Mention], lexicon: Lexicon, state: _State
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
