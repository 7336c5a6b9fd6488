"""Sentences, mentions and the codebook's quantity variables -> figures with value, unit, period and whom they concern."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.expressions import compile_continuation, compile_lead
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.codebook.plain_text import Plain, read_plain
from hkresearch.core.article import Annotation, Article, annotate
from hkresearch.structure.text.dates import find_dates
from hkresearch.structure.text.mentions import (
    Group,
    Lexicon,
    Mention,
    find_side,
    group_mentions,
    is_mainly_here,
    read_lexicon,
    split_by_sentence,
)

CODER = "quantities/1"
LEAD = 50  # characters before a figure in which the words that must lead up to it stand
HEADINGS = (
    "headline",
    "standfirst",
    "subhead",
)  # their subject is not the one that the text before them spoke of
CLAUSE_END = re.compile(r"[;；]|,\s*(?:while|whereas|but)\b|，而")
DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
WORDS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
WORDS |= {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}
BEFORE = re.compile(r"(?:(hk|us|au|s|nt)?\s?([$£€¥])|(hkd|usd|gbp|eur|rmb|港幣|港元|美元))\s*$")
AFTER = re.compile(
    r"\s?(?P<scale>million|billion|thousand|mn|bn|k\b|m\b|萬|万|億|亿)?(?:\s?-?(?P<percent>%|％|percent\b|per cent\b|pct\b)"
    r"|[\s-]?(?P<month>months?\b'?|mos?\b|個月|个月)|[\s-]?(?P<year>years?\b'?|yrs?\b|年)|[\s-]?(?P<week>weeks?\b)|[\s-]?(?P<day>days?\b|天))?"
)
HAN_NUMBER = re.compile(
    r"[零一二兩两三四五六七八九十百千萬万]+(?=[個个宗項项名萬万年次元港成類类]|\s*港)"
)
SCALED = re.compile(r"\d\s*[多餘余幾几]?$")
HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"兩": 2, "两": 2}
SCALES = {
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "thousand": 1000,
    "k": 1000,
    "萬": 10**4,
    "万": 10**4,
    "億": 10**8,
    "亿": 10**8,
}
SIGNS = {"£": "GBP", "€": "EUR", "¥": "CNY"}
DOLLARS = {"hk": "HKD", "us": "USD", "au": "AUD", "s": "SGD", "nt": "TWD"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as the text gives it; `kind` is count, percent, money, duration or ordinal."""

    start: int
    end: int
    number_end: int
    value: str
    kind: str
    unit: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity variable of the codebook, compiled."""

    variable: str
    kind: str
    unit: str
    subject: str
    before: tuple[re.Pattern, ...]
    after: tuple[re.Pattern, ...]
    not_after: tuple[re.Pattern, ...]
    near: tuple[PatternSet, ...]
    same: tuple[PatternSet, ...]  # words that repeat an amount given before ("the same fine")


@dataclass(frozen=True, slots=True)
class Money:
    """The words for currencies, and what a bare dollar sign means."""

    behind: re.Pattern
    codes: dict
    bare_dollar: str


@lru_cache(maxsize=8)
def read_money(codebook: Codebook) -> Money:
    """Return the words for currencies of news.toml."""
    codes = {
        word: code for code, words in codebook.news.get("currencies", {}).items() for word in words
    }
    behind = "|".join(re.escape(w) for w in sorted(codes, key=lambda w: (-len(w), w))) or r"(?!)"
    return Money(
        re.compile(rf"\s?(?:{behind})(?![a-z])"), codes, codebook.topic.get("bare_dollar", "USD")
    )


@lru_cache(maxsize=8)
def read_measures(codebook: Codebook) -> tuple[Measure, ...]:
    """Return the codebook's variables that measure something, in its order."""
    out = []
    for id, variable in codebook.variables.items():
        if kind := variable.get("measures"):
            languages = read_wordings(codebook)
            after, not_after = (
                tuple(
                    compile_continuation(p, wording)
                    for lang, wording in languages.items()
                    for p in variable.get(key, {}).get(lang, ())
                )
                for key in ("after", "not_after")
            )
            before = tuple(
                compile_lead(p, wording)
                for lang, wording in languages.items()
                for p in variable.get("before", {}).get(lang, ())
            )
            near, same = (
                tuple(
                    compile_patterns([(id, p) for p in table.get(lang, ())], wording)
                    for lang, wording in languages.items()
                )
                for table in (
                    variable.get("near", {}),
                    variable.get("same", {}).get("patterns", {}),
                )
            )
            out.append(
                Measure(
                    id,
                    kind,
                    variable.get("unit", ""),
                    variable.get("subject", ""),
                    before,
                    after,
                    not_after,
                    near,
                    same,
                )
            )
    return tuple(out)


def code_quantities(
    article: Article, sentences: Sequence, mentions: Sequence[Mention], codebook: Codebook
) -> list[Annotation]:
    """Return the figures that a quantity variable of the codebook gives a meaning; other numbers are left alone."""
    measures = read_measures(codebook)
    if not measures or not any(find_side(codebook, m.entity) == "here" for m in mentions):
        return []
    plain, lexicon = read_plain(article.text), read_lexicon(codebook)
    out: dict[str, Annotation] = {}
    company: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    period = ""
    given: dict[
        str, list[Figure]
    ] = {}  # what the last sentence with such a figure set for an addressee
    just_given: set[str] = set()
    money = read_money(codebook)
    mainly_here = is_mainly_here(codebook, mentions)
    for sentence, own, words in split_by_sentence(sentences, mentions, plain.words):
        figures = list(find_figures(plain, sentence.start, sentence.end, words, money))
        groups = group_mentions(plain, own, lexicon, sentence.start) if figures else None
        named = _find_addressees(own, codebook)
        coded: dict[str, list[Figure]] = {}
        if figures:
            dates = find_dates(article, sentence.start, sentence.end, codebook)
            here = _find_period(dates)
            spoken_of = () if sentence.part in HEADINGS else company
            for figure in figures:
                dated = any(a <= figure.start < b for a, b, _ in dates)
                whom = _choose_addressees(figure.start, named, plain, sentence) or addressees
                for measure in measures:
                    if dated and measure.kind != "ordinal":
                        continue
                    goes_on = bool(named) and measure.variable in just_given
                    if not _fits(figure, measure, plain, sentence, words, goes_on):
                        continue
                    subjects = _find_subjects(figure, measure, groups, spoken_of, whom)
                    if not subjects or not _is_here(figure, own, mainly_here, codebook):
                        continue
                    scale = here or (period if measure.kind in ("count", "percent") else "")
                    scale = (
                        scale
                        if measure.kind in ("count", "percent") and not measure.subject
                        else ""
                    )
                    _write(out, article, figure, measure, subjects, scale)
                    coded.setdefault(measure.variable, []).append(figure)
                    break
            period = here or period
        for measure in measures if named and given else ():
            for figure, subjects in _repeat(measure, given, named, plain, sentence, words):
                _write(out, article, figure, measure, subjects, "")
        company = _find_company(groups, own, lexicon) or company
        addressees = tuple(dict.fromkeys(m.entity for m in named)) or (
            addressees if figures else ()
        )
        if coded:
            given, just_given = given | coded, set(coded)
        elif not named:
            just_given = set()
    return sorted(out.values(), key=lambda a: (a.start, a.end, a.subject, a.variable, a.id))


def find_figures(
    plain: Plain, start: int, end: int, words: Sequence[tuple], money: Money
) -> Iterator[Figure]:
    """Yield the numbers of the span with their units; clock times, identifiers and parts of words are none."""
    text, reached = plain.lower, start
    for a, b, word in words:
        if a < reached or not (word[0].isdecimal() or word in WORDS):
            continue
        if figure := _read_figure(text, a, b, word, end, money):
            reached = figure.end
            yield figure
    if plain.has_han:
        for match in HAN_NUMBER.finditer(text, start, end):
            # A scale alone ("some 10-odd ten-thousands") is no number of its own.
            if (
                match.start() < reached
                or text[match.start()] in "萬万"
                or SCALED.search(text, max(0, match.start() - 4), match.start())
            ):
                continue
            unit = AFTER.match(text, match.end(), end)
            if (
                (unit and unit.group().strip())
                or money.behind.match(text, match.end())
                or re.match(r"[宗項项名次個个類类成]", text[match.end() : match.end() + 1])
            ):
                yield _build(
                    text,
                    match.start(),
                    match.start(),
                    match.end(),
                    Decimal(_read_han(match.group())),
                    unit,
                    money,
                )


def _read_figure(text: str, a: int, b: int, word: str, end: int, money: Money) -> Figure | None:
    if word[0].isdecimal():
        match = DIGITS.match(text, a, end)
        stop = match.end()
        following = text[stop : stop + 2]
        if (
            text[a - 1 : a] in (":", "@", "/", "#", "_")
            and a
            or (a > 1 and text[a - 1] in ".,-" and text[a - 2].isalnum())
        ):
            return None
        if re.match(r":\d|-\w*\d|/\d|@", following) or (
            following[:1] == "-" and text[stop + 1 : stop + 2].isdecimal()
        ):
            return None
        if ordinal := re.compile(r"(?:st|nd|rd|th)\b").match(text, stop, end):
            return Figure(a, ordinal.end(), ordinal.end(), match.group(), "ordinal", "")
        if (
            following[:1].isalpha()
            and not AFTER.match(text, stop, end).group()
            and not "\u3400" <= following[0] <= "\u9fff"
        ):
            return None
        return _build(
            text,
            a,
            a,
            stop,
            Decimal(match.group().replace(",", "")),
            AFTER.match(text, stop, end),
            money,
        )
    unit = AFTER.match(text, b, end)
    if word in ("a", "an") and not any(unit[k] for k in ("month", "year", "week", "day")):
        return None
    return _build(text, a, a, b, Decimal(WORDS[word]), unit, money)


def _build(
    text: str, a: int, start: int, stop: int, value: Decimal, unit: re.Match | None, money: Money
) -> Figure:
    got = unit.groupdict() if unit else {}
    if got.get("scale"):
        value *= SCALES[got["scale"].strip()]
    end = unit.end() if unit and unit.group().strip() else stop
    kind, code = "count", ""
    if before := BEFORE.search(text[max(0, a - 6) : a]):
        start = a - len(before.group().lstrip())
        country, sign, letters = before.groups()
        code = (
            money.codes.get(letters, "")
            if letters
            else SIGNS.get(sign) or DOLLARS.get(country or "", money.bare_dollar)
        )
        kind = "money"
    if behind := money.behind.match(text, end if got.get("scale") else stop):
        kind, code, end = "money", money.codes[behind.group().strip()], behind.end()
    elif got.get("percent"):
        kind, code = "percent", "percent"
    elif kind != "money" and (
        duration := next((k for k in ("month", "year", "week", "day") if got.get(k)), None)
    ):
        kind, code = "duration", duration
    number = format(value.normalize(), "f")
    return Figure(start, end, stop, number, kind, code)


def _read_han(digits: str) -> int:
    total = section = digit = 0
    for c in digits:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
        elif c in "萬万":
            total, section, digit = total + (section + digit or 1) * 10**4, 0, 0
        else:
            section, digit = section + (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c], 0
    return total + section + digit


def _fits(
    figure: Figure,
    measure: Measure,
    plain: Plain,
    sentence,
    words: Sequence[tuple],
    goes_on: bool = False,
) -> bool:
    """Return whether the figure is one that the variable measures.

    With `goes_on` the sentence before gave such a figure, so that this one, of another addressee, need not name it.
    """
    behind = figure.end
    if measure.kind == "ordinal":
        if figure.kind not in ("ordinal", "duration"):
            return False
        behind = figure.number_end
    elif figure.kind != measure.kind:
        return False
    if measure.kind == "count" and re.fullmatch(r"(?:19|20)\d\d", figure.value):
        return False
    if measure.before and not any(
        p.search(plain.lower, max(sentence.start, figure.start - LEAD), figure.start)
        for p in measure.before
    ):
        return False
    if measure.after or measure.not_after:
        skip = re.compile(r"[^\w.;:!?]*").match(plain.lower, behind, sentence.end).end()
        if measure.after and not any(
            p.match(plain.lower, skip, sentence.end) for p in measure.after
        ):
            return False
        if any(p.match(plain.lower, skip, sentence.end) for p in measure.not_after):
            return False
    near = [p for p in measure.near if p.patterns]
    return (
        not near
        or goes_on
        or any(p.is_in(plain, sentence.start, sentence.end, words) for p in near)
    )


def _find_subjects(
    figure: Figure,
    measure: Measure,
    groups: Sequence[Group],
    company: tuple[str, ...],
    addressees: tuple[str, ...],
) -> tuple[str, ...]:
    if measure.subject == "addressee":
        return addressees
    if measure.subject:
        return (measure.subject,)
    companies = [g for g in groups if g.kind == "company"]
    before = [g for g in companies if g.end <= figure.start]
    able = [g for g in before if g.can_act]
    chosen = able or before or companies
    if chosen:
        return chosen[-1].entities if able or before else chosen[0].entities
    return company if len(company) == 1 else ()


def _find_company(
    groups: Sequence[Group] | None, own: Sequence[Mention], lexicon: Lexicon
) -> tuple[str, ...]:
    """Return whom the sentence leaves as the company spoken of: its first subject, else the first that it names."""
    if groups is not None and (able := [g for g in groups if g.kind == "company" and g.can_act]):
        return able[0].entities
    return next(((m.entity,) for m in own if lexicon.kinds[m.entity] == "company"), ())


def _find_addressees(own: Sequence[Mention], codebook: Codebook) -> list[Mention]:
    return [m for m in own if codebook.entities.get(m.entity, {}).get("addressee")]


def _choose_addressees(
    place: int, named: Sequence[Mention], plain: Plain, sentence
) -> tuple[str, ...]:
    """Return whom the sentence addresses where `place` stands: those of its clause, else of the nearest one before it."""
    ends = [
        sentence.start,
        *(m.end() for m in CLAUSE_END.finditer(plain.lower, sentence.start, sentence.end)),
    ]
    for start, end in reversed(list(zip(ends, [*ends[1:], sentence.end]))):
        if start <= place and (inside := [m for m in named if start <= m.start < end]):
            inside = [m for m in inside if m.start < place] or inside
            return tuple(dict.fromkeys(m.entity for m in inside))
    return tuple(dict.fromkeys(m.entity for m in named))


def _repeat(
    measure: Measure,
    given: dict[str, list[Figure]],
    named: Sequence[Mention],
    plain: Plain,
    sentence,
    words,
) -> Iterator[tuple[Figure, tuple[str, ...]]]:
    """Yield (figure, addressees) of amounts that the sentence repeats in words ("the same fine")."""
    for patterns in measure.same if measure.variable in given else ():
        for start, end, *_ in patterns.find(plain, sentence.start, sentence.end, words)[:1]:
            for figure in given[measure.variable]:
                repeated = replace(figure, start=start, end=end)
                yield repeated, _choose_addressees(start, named, plain, sentence)


def _is_here(figure: Figure, own: Sequence[Mention], mainly_here: bool, codebook: Codebook) -> bool:
    """Return whether the figure belongs to the topic's place."""
    sides = {find_side(codebook, m.entity) for m in own}
    return (
        "here" in sides
        or mainly_here
        and not any(
            find_side(codebook, m.entity) == "foreign" and 0 <= m.start - figure.start < 80
            for m in own
        )
    )


def _find_period(dates: Sequence[tuple[int, int, str]]) -> str:
    """Return the interval that the sentence speaks of, if it names just one."""
    intervals = [
        iso for _, _, iso in dates if "/" in iso and iso[8:10] == "01" and iso[:7] != iso[11:18]
    ]
    years = [f"{iso}-01-01/{iso}-12-31" for _, _, iso in dates if len(iso) == 4]
    return intervals[0] if intervals else years[0] if years else ""


def _write(
    out: dict[str, Annotation],
    article: Article,
    figure: Figure,
    measure: Measure,
    subjects: Sequence[str],
    period: str,
) -> None:
    value = figure.value if measure.kind != "ordinal" else re.sub(r"\D", "", figure.value)
    for subject in sorted(subjects):
        quantity = annotate(
            article, figure.start, figure.end, subject, measure.variable, value, CODER
        )
        out[quantity.id] = quantity
        for variable, code in (("unit", measure.unit or figure.unit), ("period", period)):
            attribute = annotate(
                article, figure.start, figure.end, quantity.id, variable, code, CODER
            )
            out[attribute.id] = attribute
