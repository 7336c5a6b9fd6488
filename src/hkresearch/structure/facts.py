"""Sentences, mentions and the codebook's fact variables -> what a page says of seats, owners, the law, each with evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.expressions import compile_link
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.plain_text import Plain, read_plain
from hkresearch.codebook.wording import Wording
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.text.dates import find_dates
from hkresearch.structure.text.mentions import Mention, find_side, read_lexicon, split_by_sentence

CODER = "facts/1"
NEAR_DATE = 90  # characters between what happened and its date
FARTHEST_LINK = 80  # characters between two mentions that a link joins
FACT_BREAK = re.compile(
    r"[;；。]|,\s*(?:and|but|while|which|who|whose)\b|，(?:而|但|並|并|其)|\b(?:while|whose|but)\b"
)
AFTER_DATE = re.compile(r"\W*(?:and|which|who)\b")  # a date before these closes its own clause
PLACEHOLDERS = ("<subject>", "<code>")


@dataclass(frozen=True, slots=True)
class Link:
    """Two mentions joined by words: which of them comes first, what stands before and between, and after them."""

    subject_first: bool
    before: re.Pattern | None
    between: re.Pattern
    after: re.Pattern | None


@dataclass(frozen=True, slots=True)
class FactRule:
    """One fact variable of the codebook, compiled."""

    variable: str
    kinds: tuple[str, str]  # of the subject and of the code, for links
    links: tuple[Link, ...]
    codes: tuple[PatternSet, ...]  # a match gives the code
    near: tuple[PatternSet, ...]  # must stand in the sentence
    context: tuple[PatternSet, ...]
    subject: str  # a fixed subject; "company" for the organisation spoken of
    dated: bool


@lru_cache(maxsize=8)
def read_rules(codebook: Codebook) -> tuple[FactRule, ...]:
    """Return the codebook's fact variables, in its order."""
    rules = []
    for id, variable in codebook.variables.items():
        if id == "position" or variable.get("measures") or variable.get("attribute_of"):
            continue
        links, codes, near, context = [], [], [], []
        for language, wording in read_wordings(codebook).items():
            links += [
                _read_link(text, wording) for text in variable.get("links", {}).get(language, ())
            ]
            written = [
                (variable.get("code_of", ""), p)
                for p in variable.get("patterns", {}).get(language, ())
            ]
            written += [
                (code, p)
                for code, table in variable.get("codes", {}).items()
                for p in table.get("patterns", {}).get(language, ())
            ]
            codes.append(compile_patterns(written, wording))
            near.append(
                compile_patterns(
                    [(id, p) for p in variable.get("near", {}).get(language, ())], wording
                )
            )
            context.append(
                compile_patterns(
                    [(id, p) for p in variable.get("context", {}).get(language, ())], wording
                )
            )
        kinds = (variable.get("subject_kind", ""), variable.get("code_kind", ""))
        rules.append(
            FactRule(
                id,
                kinds,
                tuple(links),
                tuple(codes),
                tuple(near),
                tuple(context),
                variable.get("subject", ""),
                variable["level"] == "date",
            )
        )
    return tuple(rules)


def _read_link(text: str, wording: Wording) -> Link:
    first, second = sorted(PLACEHOLDERS, key=text.index)
    before, rest = (part.strip() for part in text.split(first, 1))
    between, after = (part.strip() for part in rest.split(second, 1))
    return Link(
        first == "<subject>",
        compile_link(before, wording, ends=True) if before else None,
        compile_link(between, wording),
        compile_link(after, wording) if after else None,
    )


def code_facts(
    article: Article, sentences: Sequence, mentions: Sequence[Mention], codebook: Codebook
) -> list[Annotation]:
    """Return the facts of the page; a page that never names the topic's place yields none."""
    rules = read_rules(codebook)
    if not rules or not any(find_side(codebook, m.entity) == "here" for m in mentions):
        return []
    plain, lexicon = read_plain(article.text), read_lexicon(codebook)
    out: dict[str, Annotation] = {}
    company: tuple[str, ...] = ()
    for sentence, own, words in split_by_sentence(sentences, mentions, plain.words):
        companies = tuple(
            dict.fromkeys(m.entity for m in own if lexicon.kinds[m.entity] == "company")
        )
        kinds = {lexicon.kinds[m.entity] for m in own} if len(own) > 1 else set()
        for rule in rules:
            found = (
                list(_find_links(rule, plain, own, lexicon))
                if rule.links and kinds.issuperset(rule.kinds)
                else []
            )
            if not rule.links and rule.codes:
                found = list(
                    _find_codes(
                        rule,
                        article,
                        plain,
                        sentence,
                        own,
                        words,
                        companies or company,
                        lexicon,
                        codebook,
                    )
                )
            if found and not rule.dated and not _agrees(rule.near, plain, sentence, words):
                continue
            for subject, code, start, end in found:
                fact = annotate(article, start, end, subject, rule.variable, code, CODER)
                out[fact.id] = fact
        company = companies or company
    return sorted(out.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.code))


def _agrees(sets: Sequence[PatternSet], plain: Plain, sentence, words: Sequence[tuple]) -> bool:
    filled = [s for s in sets if s.patterns]
    return not filled or any(s.is_in(plain, sentence.start, sentence.end, words) for s in filled)


def _find_links(
    rule: FactRule, plain: Plain, own: Sequence[Mention], lexicon
) -> Iterator[tuple[str, str, int, int]]:
    """Yield (subject, code, start, end) of each pair of mentions that a link of the rule joins."""
    kinds = lexicon.kinds
    fitting = [m for m in own if kinds[m.entity] in rule.kinds]
    for i, left in enumerate(fitting):
        for right in fitting[i + 1 :]:
            if right.start - left.end > FARTHEST_LINK:
                break
            if right.start < left.end or right.entity == left.entity:
                continue
            pair = (kinds[left.entity], kinds[right.entity])
            if pair != rule.kinds and pair[::-1] != rule.kinds:
                continue
            between = plain.lower[left.end : right.start]
            for link in rule.links:
                if (
                    pair if link.subject_first else pair[::-1]
                ) != rule.kinds or not link.between.fullmatch(between):
                    continue
                subject, code = (left, right) if link.subject_first else (right, left)
                if link.before and not link.before.search(
                    plain.lower, max(0, left.start - 40), left.start
                ):
                    continue
                behind = (
                    link.after.match(plain.lower, right.end, right.end + 40) if link.after else None
                )
                if link.after and not behind:
                    continue
                yield subject.entity, code.entity, left.start, behind.end() if behind else right.end
                break


def _find_codes(
    rule: FactRule,
    article: Article,
    plain: Plain,
    sentence,
    own,
    words,
    companies,
    lexicon,
    codebook: Codebook,
) -> Iterator[tuple[str, str, int, int]]:
    """Yield (subject, code, start, end) of each pattern that matches, or of the dates beside it for a dated variable."""
    for patterns in rule.codes:
        if not patterns.patterns or (patterns.language == "zh" and not plain.has_han):
            continue
        hits = patterns.find(plain, sentence.start, sentence.end, words)
        if not hits:
            continue
        if rule.dated:
            if any(lexicon.kinds[m.entity] == "law" for m in own):
                yield from _find_dated(article, plain, hits, sentence, own, lexicon, codebook)
            continue
        if not _agrees(rule.context, plain, sentence, words):
            continue
        subjects = (
            (rule.subject,)
            if rule.subject and rule.subject != "company"
            else companies[:1]
            if not rule.subject
            else companies
        )
        if (
            rule.subject
            and lexicon.kinds.get(rule.subject) == "law"
            and len({h[2].code for h in hits}) < 2
        ):
            continue  # one offence alone is a word of the story, several are what the law lists
        start, end = min(h[0] for h in hits), max(h[1] for h in hits)
        if (
            not any(find_side(codebook, m.entity) == "foreign" for m in own)
            or rule.subject == "company"
            or any(lexicon.kinds[m.entity] in ("law", "role") for m in own)
        ):
            for code in sorted({h[2].code for h in hits}):
                for subject in subjects:
                    yield subject, code or rule.variable, start, end


def _find_dated(
    article: Article,
    plain: Plain,
    hits: Sequence[tuple],
    sentence,
    own,
    lexicon,
    codebook: Codebook,
) -> Iterator[tuple[str, str, int, int]]:
    """Yield the nearest day in the same clause of each match, for the law that the page names nearest to it."""
    days = [
        d
        for d in find_dates(article, sentence.start, sentence.end, codebook)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", d[2])
    ]
    if not days:
        return
    laws = [m for m in own if lexicon.kinds[m.entity] == "law"]
    others = [m.start for m in own if lexicon.kinds[m.entity] == "company"]
    for first, last, *_ in hits:
        near = [
            (max(start - last, first - end, 0), start, end, iso)
            for start, end, iso in days
            if _is_one_clause(plain.lower, (first, last), (start, end), others)
        ]
        if near and min(near)[0] <= NEAR_DATE:
            _, start, end, iso = min(near)
            law = min(laws, key=lambda m: (max(m.start - last, first - m.end, 0), m.start))
            heads = [
                m
                for m in laws
                if re.fullmatch(r"\W*(?:of|under|to)\W*(?:the\W*)?", plain.lower[m.end : law.start])
            ]
            law = heads[0] if heads else law
            yield law.entity, iso, min(start, first), max(end, last)


def _is_one_clause(
    lower: str, hit: tuple[int, int], day: tuple[int, int], others: Sequence[int]
) -> bool:
    """Return whether no clause ends between what happened and its day, and no organisation begins to act there."""
    a, b = (day[1], hit[0]) if day[0] < hit[0] else (hit[1], day[0])
    if day[0] < hit[0] and AFTER_DATE.match(lower, a, max(a, b)):
        return False
    return not (FACT_BREAK.search(lower, a, max(a, b)) or any(a <= start < b for start in others))
