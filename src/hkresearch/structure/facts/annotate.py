"""Sentences, mentions and fact variables -> what a page says of seats, owners, the law, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import read_plain
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.facts.codes import CodeReader, agrees
from hkresearch.structure.facts.links import Found, LinkReader
from hkresearch.structure.facts.rules import FactRule, read_rules
from hkresearch.structure.text.entity_names import Mention, read_lexicon
from hkresearch.structure.text.mentions import find_side, split_by_sentence
from hkresearch.structure.text.sentences import Sentence

_CODER = "facts/1"


def code_facts(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    codebook: Codebook,
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
        codes = CodeReader(article, plain, sentence, own, words, codebook)
        for rule, found in _find_facts(rules, codes, companies or company, codebook):
            for subject, code, start, end in found:
                fact = annotate(article, start, end, subject, rule.variable, code, _CODER)
                out[fact.id] = fact
        company = companies or company
    return sorted(out.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.code))


def _find_facts(
    rules: Sequence[FactRule], codes: CodeReader, companies: tuple[str, ...], codebook: Codebook
) -> Iterator[tuple[FactRule, list[Found]]]:
    """Yield the rules that the sentence of `codes` fits, with what they find in it."""
    kinds = {codes.lexicon.kinds[m.entity] for m in codes.own} if len(codes.own) > 1 else set()
    if "government" in kinds:
        kinds.add("place")  # it stands for its place
    links = None
    for rule in rules:
        if rule.links and not kinds.issuperset(rule.kinds):
            continue
        if rule.links and not agrees(rule.near, codes.plain, codes.span, codes.words):
            continue
        if rule.links:
            links = links or LinkReader(codes.plain, codes.span, codes.own, codes.lexicon, codebook)
            found = list(links.find(rule))
        else:
            found = list(codes.find(rule, companies)) if rule.codes else []
        if not found:
            continue
        if rule.links or rule.dated or agrees(rule.near, codes.plain, codes.span, codes.words):
            yield rule, found
