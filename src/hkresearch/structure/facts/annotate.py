"""Sentences and fact variables -> what a page says of seats, owners and the law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkresearch.codebook.book import Codebook
from hkresearch.codebook.plain_text import read_plain
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.facts.codes import CodeReader
from hkresearch.structure.facts.links import CodedFact, LinkReader
from hkresearch.structure.facts.rules import FactRule, read_rule_gates, read_rules
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
    rules, gates = read_rules(codebook), read_rule_gates(codebook)
    is_here = any(find_side(codebook, mention.entity) == "here" for mention in mentions)
    if not rules or not is_here:
        return []
    plain, lexicon = read_plain(article.text), read_lexicon(codebook)
    facts: dict[str, Annotation] = {}
    spoken_of: tuple[str, ...] = ()
    for sentence, own, words in split_by_sentence(sentences, mentions, plain.words):
        named = (m.entity for m in own if lexicon.kinds[m.entity] == "company")
        spoken_of = tuple(dict.fromkeys(named)) or spoken_of
        codes = CodeReader(article, plain, sentence, own, words, codebook)
        possible = codes.list_possible(gates)
        may_fit = [rule for rule in rules if rule.links or rule.variable in possible]
        for rule, found in _find_facts(may_fit, codes, spoken_of, codebook):
            for subject, code, start, end in found:
                fact = annotate(article, start, end, subject, rule.variable, code, _CODER)
                facts[fact.id] = fact
    return sorted(facts.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.code))


def _find_facts(
    rules: Sequence[FactRule], codes: CodeReader, companies: tuple[str, ...], codebook: Codebook
) -> Iterator[tuple[FactRule, list[CodedFact]]]:
    """Yield the rules that the sentence of `codes` fits, with what they find in it."""
    kinds = set(codes.kinds) if len(codes.own) > 1 else set()
    if "government" in kinds:
        kinds.add("place")  # it stands for its place
    links: LinkReader | None = None
    for rule in rules:
        if rule.links and not kinds.issuperset(rule.kinds):
            continue
        if rule.links:
            if not codes.is_near(rule):
                continue
            links = links or LinkReader(codes.plain, codes.span, codes.own, codes.lexicon, codebook)
            found = list(links.find(rule))
        else:
            found = list(codes.find(rule, companies))
        if found and (rule.links or rule.dated or codes.is_near(rule)):
            yield rule, found
