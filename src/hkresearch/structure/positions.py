"""Sentences, mentions and the codebook's patterns -> organisations' positions, each with its evidence and attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..article import Annotation, Article, annotate
from ..codebook import Codebook
from ..patterns import PatternSet, Plain, compile_patterns, read_plain, read_wordings
from .dates import find_dates
from .mentions import Group, Lexicon, Mention, find_side, group_mentions, is_mainly_here, read_lexicon, split_by_sentence

CODER = "positions/1"
SAME = "same"
WITHHOLD = ("pause", "refuse", "stop")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled position patterns and modality words of one language."""

    patterns: PatternSet
    inverted: PatternSet
    gate: PatternSet
    exceptions: PatternSet
    scope: PatternSet
    instead: dict  # code -> (the code that it becomes, the patterns that make it so)
    modality: dict  # kind -> compiled words


@dataclass(frozen=True, slots=True)
class Found:
    """One position of a list of organisations, before it is written as annotations."""

    start: int
    end: int
    hit: tuple[int, int]
    object: tuple[int, int]  # empty when it lies in an earlier sentence
    entities: tuple[str, ...]
    code: str
    modality: str
    sentence: object


@lru_cache(maxsize=8)
def read_grammar(codebook: Codebook) -> dict[str, Grammar]:
    """Return the compiled patterns of the variable `position`, by language; empty when the book has none."""
    topic, languages = codebook.topic, read_wordings(codebook)
    variable = codebook.variables.get("position", {})
    grammars = {}
    for language, wording in languages.items():
        written = [(code, p) for code, table in variable.get("codes", {}).items() for p in table.get("patterns", {}).get(language, ())]
        same = variable.get("same", {})
        written += [(SAME, p) for p in same.get("patterns", {}).get(language, ())]
        inverted = [(SAME, p) for p in same.get("inverted", {}).get(language, ())]
        gate = [("gate", p) for p in topic.get("gate", {}).get("patterns", {}).get(language, ())]
        scope = [(code, p) for code, table in codebook.variables.get("scope", {}).get("codes", {}).items() for p in table.get("patterns", {}).get(language, ())]
        instead = {
            code: (table["instead"]["code"], compile_patterns([(code, p) for p in table["instead"].get("patterns", {}).get(language, ())], wording))
            for code, table in variable.get("codes", {}).items()
            if "instead" in table
        }
        exceptions = [("except", p) for p in topic.get("gate", {}).get("except", {}).get("patterns", {}).get(language, ())]
        modality = {
            kind: re.compile("|".join((r"%s" if language == "zh" or w == "n't" else r"\b%s\b") % re.escape(w) for w in phrases))
            for kind, phrases in codebook.news.get("modality", {}).get(language, {}).items()
        }
        grammars[language] = Grammar(
            compile_patterns(written, wording), compile_patterns(inverted, wording), compile_patterns(gate, wording), compile_patterns(exceptions, wording), compile_patterns(scope, wording), instead, modality
        )
    return grammars


def code_positions(
    article: Article, sentences: Sequence, mentions: Sequence[Mention], quotations: Sequence[Annotation], codebook: Codebook
) -> list[Annotation]:
    """Return the positions of the page and their attributes; a page that never speaks of the topic yields none."""
    grammars = read_grammar(codebook)
    if not grammars or not mentions or not any(m.kind == "name" for m in mentions):
        return []
    reader = _Reader(article, codebook, grammars, mentions)
    rows = list(split_by_sentence(sentences, mentions, reader.plain.words))
    if not reader.is_on_topic(rows):
        return []
    found: list[Found] = []
    for sentence, own, words in rows:
        reader.read_sentence(sentence, own, words, found)
    return _write(article, _settle_stops(found), sentences, mentions, codebook, reader)


JOINING = re.compile(
    r"\b(?:(?:joining|joins|joined)|(?:following|after|echoing|mirroring|matching) (?:in the footsteps of|the lead of|(?:the |a )?(?:similar|same|identical) (?:\w+ )?(?:moves?|steps?|decisions?|announcements?|action) (?:by|from|of)))"
    r" (?:the |rivals? |fellow |likes of |peers? |tech |giants? |companies )*$"
)


OPENING = re.compile(r"\W*(?:by|in|after|before|while|when|having|for|despite)\s+(?:\w+ly\s+)?")


class _Reader:
    """One article being read: its plain text, where its places are, and whom earlier sentences spoke of."""

    def __init__(self, article: Article, codebook: Codebook, grammars: dict[str, Grammar], mentions: Sequence[Mention]) -> None:
        self.plain: Plain = read_plain(article.text)
        self.lexicon: Lexicon = read_lexicon(codebook)
        self.grammars, self.codebook = grammars, codebook
        self.last: tuple[str, ...] = ()
        nouns = "|".join(sorted(self.lexicon.references.get("en", {}).get("plural_nouns", ()))) or "(?!)"
        # "X quits as other firms halt": whoever the plural stands for, it is not X.
        self.others = re.compile(rf"\b(?:as|while|and|when|after|but|that|said|because|,)\s+(?:[\w-]+\s+){{0,3}}?(?:{nouns})(?:\s+(?:have|has|are|will|would|also|all|both|to|had|were|say|said|now)){{0,4}}\s*\Z")
        self.here = is_mainly_here(codebook, mentions)

    def side_of(self, entity: str) -> str:
        return find_side(self.codebook, entity)

    def is_on_topic(self, rows: Sequence[tuple]) -> bool:
        """Return whether some sentence speaks of the topic's objects, on a page or in a sentence about the place."""
        for sentence, own, words in rows:
            if self.here or any(self.side_of(m.entity) == "here" for m in own):
                for language, grammar in self.grammars.items():
                    if (language != "zh" or self.plain.has_han) and grammar.gate.find(self.plain, sentence.start, sentence.end, words):
                        return True
        return False

    def read_sentence(self, sentence, own: Sequence[Mention], words: Sequence[tuple], out: list[Found]) -> None:
        """Add what one sentence says to `out`, which holds what the sentences before it say."""
        groups = None
        for language, grammar in self.grammars.items():
            if language == "zh" and not self.plain.has_han:
                continue
            hits = grammar.patterns.find(self.plain, sentence.start, sentence.end, words)
            inverted = grammar.inverted.find(self.plain, sentence.start, sentence.end, words)
            if not hits and not inverted:
                continue
            if groups is None:
                groups = group_mentions(self.plain, own, self.lexicon)
            others = grammar.exceptions.find(self.plain, sentence.start, sentence.end, words) if hits else []
            hits = [hit for hit in hits if not any(hit[0] < other[1] and other[0] < hit[1] for other in others)]
            chosen = _choose(hits)
            # A government inside a match is its object ("gave the government data"), never the subject of the next one.
            actors = [g for g in groups if g.kind == "company" or not any(hit[0] <= g.start < hit[1] for hit in chosen)]
            for start, end, pattern, head_end in chosen:
                found = self.read_hit(sentence, own, words, actors, grammar, language, start, end, head_end, pattern.code, out)
                if found:
                    out.append(found)
            for _, end, _, _ in inverted:
                out += self.read_inverted(sentence, groups, end, out)
        if self.plain.has_han and own:  # a Chinese sentence may leave out a subject that an earlier one named
            groups = group_mentions(self.plain, own, self.lexicon) if groups is None else groups
            companies = [g for g in groups if g.kind == "company" and g.can_act]
            self.last = companies[0].entities if companies else self.last

    # ---- one match ----

    def read_hit(self, sentence, own, words, groups, grammar: Grammar, language: str, start: int, end: int, head_end: int, code: str, earlier) -> Found | None:
        """Return the position that the match at [start, end) states, or nothing when it states none."""
        if not self.is_here(own, start, end, sentence):
            return None
        entities, begin, between = self.find_subject(sentence, groups, start, end, language, code)
        if not entities:
            return None
        modality = _read_modality(between, self.plain.lower[end : sentence.end], grammar.modality, code, language)
        if not modality:
            return None
        if code in grammar.instead:
            other, patterns = grammar.instead[code]
            if any(hit[0] >= start for hit in patterns.find(self.plain, sentence.start, sentence.end, words)):
                code = other
        subject_matter = (head_end, end)
        if code == SAME:
            code, subject_matter = _copy_code(earlier, entities), (end, end)
            if not code:
                return None
        named = [m.start for m in own if m.entity in entities and m.start < start]
        return Found(min([begin, start, *named]), sentence.end, (start, end), subject_matter, entities, code, modality, sentence)

    def is_here(self, own: Sequence[Mention], start: int, end: int, sentence) -> bool:
        """Return whether what the match speaks of belongs to the topic's place."""
        stop = re.compile(r"[.;:!?。；]|, (?:but|while)").search(self.plain.lower, end, sentence.end)
        until = min(stop.start() if stop else sentence.end, end + 80)
        sides = {self.side_of(m.entity) for m in own if start <= m.start < until}
        if "here" in sides:
            return True
        if "foreign" in sides:
            return False
        sides = {self.side_of(m.entity) for m in own}
        return "here" in sides or self.here

    def find_subject(self, sentence, groups: Sequence[Group], start: int, end: int, language: str, code: str) -> tuple[tuple[str, ...], int, str]:
        """Return (organisations, where they begin, the words between them and the match)."""
        lower = self.plain.lower
        agent = re.compile(r"(?:[\w-]+ ){0,10}?by (?:the |both )?(?:[\w-]+ ){0,3}?").match(lower, end + 1, sentence.end) if language == "en" and code != SAME else None
        for group in groups:
            if agent and group.kind == "company" and group.start == agent.end():
                return group.entities, start, lower[max(sentence.start, start - 40) : start]
        if agent:
            for group in groups:
                if group.kind == "company" and end <= group.start <= end + 60 and re.search(r"\bby (?:[\w-]+ ){0,3}$", lower[end : group.start]):
                    return group.entities, start, lower[max(sentence.start, start - 40) : start]
        before = [g for g in groups if g.end <= start and (g.can_act or language == "zh") and not self.is_modifier(g)]
        if before:
            chosen = before[-1]
            if chosen.kind != "company":
                if language == "zh":
                    before = [g for g in before if g.kind == "company"]
                    if before:
                        chosen = before[-1]
                        return self.widen(groups, chosen), chosen.start, lower[max(sentence.start, chosen.start - 12) : chosen.start] + "\x00" + lower[chosen.end : start]
                elif chosen.kind == "law":
                    companies = [g for g in before if g.kind == "company"]
                    if companies:
                        return companies[-1].entities, companies[-1].start, lower[companies[-1].end : start]
                return (), start, ""
            if language == "en" and self.others.search(lower[chosen.end : start]):
                return (), start, ""
            entities = self.widen(groups, chosen)
            return entities, chosen.start, lower[max(sentence.start, chosen.start - 12) : chosen.start] + "\x00" + lower[chosen.end : start]
        if language == "zh":
            unnamed = any(w in lower[sentence.start : start] for w in self.lexicon.references.get("zh", {}).get("unnamed", ()))
            return () if unnamed else self.last, start, lower[sentence.start : start]
        after = [g for g in groups if g.start >= end and g.kind == "company"]
        if after and OPENING.fullmatch(lower[sentence.start : start]) and lower[after[0].start - 2] == ",":
            return after[0].entities, start, ""
        if after and not re.search(r"\b(?:as|while|after|when|that|but|who|which)\b", lower[end : after[0].start]) and re.search(r"(?:\b(?:by|include|includes|including|are|is|were|such as|from|at|said|says|according to)|:|,)\s*(?:the |a |an |both )?(?:[\w-]+ ){0,2}$", lower[end : after[0].start]):
            return after[0].entities, start, lower[sentence.start : start]
        if code == SAME:
            return (), start, ""
        reporting = self.lexicon.references.get("en", {}).get("reporting", ())
        for group in after:
            if (word := re.compile(r"\W*(?:further |also |later )?(\w+)").match(lower, group.end)) and word[1] in reporting:
                return group.entities, start, lower[sentence.start : start]
        return (), start, ""

    def read_scope(self, sentence, start: int, end: int) -> str:
        """Return which requests the words of the object name, by the variable `scope`; its default when none do."""
        words = [w for w in self.plain.words if start <= w[0] < end]
        for grammar in self.grammars.values():
            if hits := grammar.scope.find(self.plain, start, end, words):
                return hits[0][2].code
        return self.codebook.variables.get("scope", {}).get("default", "")

    def is_modifier(self, group: Group) -> bool:
        """Return whether the group only qualifies the noun after it ("police requests", "X users")."""
        return bool(re.compile(r"(?:'s?)? (?:authorities|police|user|users|data|request|requests|demands|law|laws|officials|information|accounts?)\b").match(self.plain.lower, group.end))

    def widen(self, groups: Sequence[Group], chosen: Group) -> tuple[str, ...]:
        """Return the group's organisations and those said to do the same ("X, like Y,", "X joined Y in")."""
        entities = list(chosen.entities)
        for group in groups:
            if group is chosen or group.kind != "company":
                continue
            gap = self.plain.lower[group.end : chosen.start]
            if group.end <= chosen.start and re.fullmatch(r"\W*(?:has|have|had|also|now|is|was|are|\W)*(?:join\w*)(?: by)?(?: the| fellow| rivals?| both| likes of| its| parent| sister| company)* ?", gap):
                entities += group.entities
            if self.plain.lower[group.start - 1 : group.start] in ("繼", "继") and re.match(r"(?:之後|之后|後|后)", self.plain.lower[group.end :]):
                entities += group.entities
            before = self.plain.lower[max(0, group.start - 60) : group.start]
            if group.start > chosen.end and JOINING.search(before):
                entities += group.entities
            if group.end <= chosen.start + 1 and re.search(r"(?<!un)\b(?:like|along with|alongside|as with|together with|joining)\s+(?:\w+ )?$", before) and re.fullmatch(r",? (?:the |\w+ ){0,3}", gap):
                entities += group.entities
            gap = self.plain.lower[chosen.end : group.start]
            if group.start >= chosen.end and re.fullmatch(r",? (?:like|along with|alongside|as with|together with|joining|as well as) (?:\w+ ){0,3}", gap):
                entities += group.entities
        return tuple(dict.fromkeys(entities))

    def read_inverted(self, sentence, groups: Sequence[Group], end: int, earlier) -> list[Found]:
        """Return the position of the organisations that follow the match ("as did X")."""
        for group in groups:
            if group.kind == "company" and 0 < group.start - end <= 14 and (code := _copy_code(earlier, group.entities)):
                return [Found(sentence.start, sentence.end, (sentence.start, group.end), (0, 0), group.entities, code, "stated", sentence)]
        return []


def _choose(hits: Sequence[tuple]) -> list[tuple]:
    """Return the matches that do not overlap, the leftmost and longest first."""
    chosen, reached = [], -1
    for hit in hits:
        if hit[0] >= reached:
            chosen.append(hit)
            reached = hit[1]
    return chosen


def _read_modality(between: str, after: str, words: dict, code: str, language: str) -> str:
    """Return stated, expected or considered; nothing when the words between subject and verb leave no position."""
    head, _, tail = between.rpartition("\x00")
    if language == "en":
        last = re.split(r"[,;]| (?:said|says|that|and|but|which|who) ", tail)[-1]
        near = " ".join(re.findall(r"[\w'-]+", last)[-7:])
        lead = " ".join(re.findall(r"[\w'-]+", head)[-2:])
    else:
        last = near = tail[-12:]
        lead = head[-4:]
    if "asked" in words and re.search(words["asked"], lead):
        return ""
    if re.search(words["hypothetical"], f"{lead} {near}"):
        return ""
    if code == "never_complied" and re.match(r"[^.;]{0,120}\bsince\b", after):
        return ""
    if code == "review" and language == "zh" and words["subordinate"].search(tail[-6:]):
        return ""
    if code == "review" and language == "en":
        prior = " ".join(re.findall(r"[\w'-]+", head.split(",")[-1])[-1:])
        if words["subordinate"].fullmatch(prior) and prior not in ("the", "by", "to", "for"):
            return ""
        final = near.split()[-1:] or [""]
        if words["subordinate"].fullmatch(final[0]) and not (final[0] == "to" and words["purpose_verbs"].search(near)):
            return ""
        if re.search(r"\b(?:while|as|pending|until)\b", near):
            return ""
    if re.search(words["negation"], near) and code not in ("no_change",):
        return ""
    if re.search(words["expected"], near):
        return "expected"
    if re.search(words["considered"], near):
        return "considered" if code not in ("comply", "continue", "review", "never_complied") else ""
    return "stated"


def _copy_code(earlier: Sequence[Found], entities: Sequence[str]) -> str:
    """Return the withholding code that others took before, "pause" first; nothing when nobody did."""
    others = [f for f in earlier if f.code in (*WITHHOLD, "exit")]
    others = [f for f in others if f.modality == "stated"] or others
    if not others:
        return ""
    return "pause" if any(f.code == "pause" for f in others) else others[-1].code


def _settle_stops(found: Sequence[Found]) -> list[Found]:
    """Return the positions with "stopped" read as "paused" for whom the page elsewhere says that they paused."""
    paused = {entity for f in found if f.code == "pause" for entity in f.entities}
    out = []
    for f in found:
        if f.code != "stop":
            out.append(f)
            continue
        for code, entities in (("pause", [e for e in f.entities if e in paused]), ("stop", [e for e in f.entities if e not in paused])):
            if entities:
                out.append(replace(f, code=code, entities=tuple(entities)))
    return out


# ---- annotations ----

CONDITION = re.compile(r"\b(?:pending|until|unless|as long as|for now|for the time being|in the absence of|while (?:it|they|we)|as (?:it|they) (?:assess|review)\w*)\b[^.;]*|直至[^。；]*|直到[^。；]*|待[^。；，]{3,}")
QUOTE_END = re.compile(r"[,.]?[”\"»」](?=[\s,]*(?:,|a |an |the |he |she |it |\w+ sa|\d|$))|[,.][”\"]")
MORE = re.compile(r"(?:\s+(?:from|by|made by|for|of|relat(?:ed|ing) to|concerning|about|in|to hand over|on)\b(?:\s+(?!(?:after|when|while|as|until|pending|since|on|following|amid|and|but|for now)\b)[\w'-]+){1,6}){1,2}")
CREDIT_BEFORE = re.compile(r"\b(?:told|tells|to|reported by|according to|report in|reports?|by)\s+(?:the )?$")
CREDIT_AFTER = re.compile(r" (?:reported|said|reports|wrote)\b")
SINCE = re.compile(r"\b(?:since|after|when|once|immediately after|from|effective|as of)\b[^.;,]*")


def _write(article: Article, found: Sequence[Found], sentences, mentions, codebook, reader: _Reader) -> list[Annotation]:
    out: dict[str, Annotation] = {}
    text = article.text
    for f in found:
        start, end = f.start, f.end
        while end > start and text[end - 1] in " .。\"'”’」』…\n":
            end -= 1
        end = max(end, f.hit[1])
        attributes = _read_attributes(article, f, end, reader, mentions)
        for entity in sorted(f.entities):
            position = annotate(article, start, end, entity, "position", f.code, CODER)
            out[position.id] = position
            for variable, code, a, b in [("modality", f.modality, start, end), *attributes]:
                attribute = annotate(article, a, b, position.id, variable, code, CODER)
                out[attribute.id] = attribute
    return sorted(out.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.id))


def _read_attributes(article: Article, f: Found, end: int, reader: _Reader, mentions: Sequence[Mention]) -> list[tuple[str, str, int, int]]:
    """Return (variable, code, start, end) of the object, scope, condition, dates and credited outlet of one position."""
    text, lower, codebook, sentence = article.text, reader.plain.lower, reader.codebook, f.sentence
    out = []
    condition = CONDITION.search(lower, f.hit[0], sentence.end)
    if condition:
        a, b = condition.start(), min(condition.end(), max(end, condition.start() + 1))
        b = next((a + m.start() for m in [QUOTE_END.search(text[a:b])] if m), b)
        out.append(("condition", _tidy(text[a:b]), a, b))
    if f.object[1] > f.object[0]:
        a, b = f.object[0], _extend_object(lower, f.object[1], condition.start() if condition else end)
        a = max(a, min(m.end() for m in [re.compile(r"\W*").match(lower, a)]))
        if a < b:
            out.append(("object", _tidy(text[a:b]), a, b))
            if f.code in WITHHOLD:
                out.append(("scope", reader.read_scope(sentence, a, b), a, b))
    for a, b, iso in find_dates(article, sentence.start, sentence.end, codebook):
        if condition and a >= condition.start():
            continue
        if len(iso) == 4 or "/" in iso and iso[8:10] == "01" and iso[:7] != iso[11:18]:
            out.append(("period", iso, a, b))
        elif a >= f.hit[0] and SINCE.search(lower, max(f.hit[1] - 30, f.hit[0]), a):
            out.append(("effective_from", iso, a, b))
        elif a < f.hit[0] or a > f.hit[1]:
            out.append(("announced_on", iso, a, b))
    out += [("via", m.entity, m.start, m.end) for m in mentions if sentence.start <= m.start < sentence.end and _is_credited(m, lower, codebook)]
    return list({row[0]: row for row in reversed(out)}.values())


def _tidy(words: str) -> str:
    return " ".join(words.split()).strip(" ,.“”\"'")


def _extend_object(lower: str, end: int, limit: int) -> int:
    """Return where "requests" goes on to ("... from the authorities for data")."""
    more = MORE.match(lower, end, max(limit, end))
    return more.end() if more else end


def _is_credited(mention: Mention, lower: str, codebook: Codebook) -> bool:
    if codebook.entities.get(mention.entity, {}).get("kind") != "outlet":
        return False
    return bool(CREDIT_BEFORE.search(lower[max(0, mention.start - 24) : mention.start]) or CREDIT_AFTER.match(lower, mention.end))
