"""One position and its sentence's dates and events -> when it was announced, and since when it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from hkresearch.codebook.book import Codebook, read_wordings
from hkresearch.codebook.patterns import PatternSet, compile_patterns
from hkresearch.core.article import Annotation, Article
from hkresearch.structure.text.dates import find_dates

# What is done on a day holds since that day; what is said on a day is announced on it.
ACTS, SAYINGS, PAST = ("pause", "stop", "exit"), ("refuse",), ("comply", "never_complied")
BREAK = re.compile(
    r"[;；。！？]|[:：](?!\s*[\"“'‘「『])|,?\s(?:while|whereas|although|though|but)\b|[,，]\s*(?:which|who|whose|where)\b"
    r"|，(?:而|但|惟|不過|不过|至於|至于|其中)|則|则"
)
LINK = re.compile(r"\band\b|，?(?:並|并|亦|又|及後)")
JOINED = re.compile(r"(?:\b(?:and|but|while|as)|，|；)\s*(?:the )?$")
# A date right after one of these words is the day of what was received, passed or published, not of the position.
OTHER_ACT = re.compile(
    r"\b(?:received|made|sent|filed|issued|submitted|published|passed|enacted|adopted|signed|imposed|introduced|released"
    r"|arrested|until|by|before|through)\b(?:\s+\w+){0,3}\s*$"
)
SINCE = re.compile(
    r"(?:\b(?:since|starting|beginning|effective|as of|as from|with effect from|from)\s+(?:on\s+)?(?:the\s+)?|(?:自從|自|由|從|从)\s*)$"
)
SINCE_HAN = re.compile(r"\s*(?:起|以來|以来|開始|开始)")
WORDS = r"(?:[\w'’-]+\s+){0,6}$"
AT_EVENT = re.compile(
    rf"\b(?:since|when|once|upon|as soon as|the (?:very )?(?:moment|second|minute|instant|day|night)(?: that| when)?)\s+{WORDS}"
    r"|(?:自從|自|由|從|从)[^，。；]{0,8}$"
)
RIGHT_AFTER = re.compile(
    rf"\b(?:immediately|right|directly|straight|instantly) (?:after|following|upon)\s+{WORDS}"
)
AT_EVENT_HAN = re.compile(
    r"(?:當日|当日|當天|当天)?(?:起|以來|以来|開始)|(?:後|后)，?[^，。；]{0,10}?已|當日|当日|當天|当天|時|时"
)
RELATIVE = re.compile(r",\s*(?:which|who|whose|all|both)\b")
LISTED = re.compile(r"\W*(?:,|、|和|及)?\s*(?:and )?\s*")
NEAR_EVENT = 40  # characters between what happened and its own date
NEAR_HIT = 80  # characters between a date and the verb that it goes before


@lru_cache(maxsize=8)
def read_events(codebook: Codebook) -> tuple[PatternSet, ...]:
    """Return the patterns of the codebook's events, a set for each language; those without patterns are left out."""
    events = codebook.topic.get("events", {})
    return tuple(
        compile_patterns(
            [
                (id, p)
                for id, event in events.items()
                for p in event.get("patterns", {}).get(language, ())
            ],
            wording,
        )
        for language, wording in read_wordings(codebook).items()
    )


def date_events(facts: Iterable[Annotation], codebook: Codebook) -> dict[str, str]:
    """Return event -> ISO date, from the page where it gives one date for the event, else from the codebook."""
    days = {id: event["date"] for id, event in codebook.topic.get("events", {}).items()}
    stated: dict[tuple[str, str], set[str]] = {}
    for fact in facts:
        stated.setdefault((fact.subject, fact.variable), set()).add(fact.code)
    for id, event in codebook.topic.get("events", {}).items():
        own = stated.get(tuple(event.get("fact", ())), ())
        if len(own) == 1:
            days[id] = next(iter(own))
    return days


def is_period(iso: str) -> bool:
    """Return whether the date is a year or an interval of whole months: what figures are about, never a day's news."""
    return len(iso) == 4 or "/" in iso and iso[8:10] == "01" and iso[:7] != iso[11:18]


def read_timing(
    article: Article, f, reader, companies: Sequence, condition: int
) -> list[tuple[str, str, int, int, tuple[str, ...]]]:
    """Return (variable, ISO date, start, end, whom; all when empty) of the dates and events in the position's own clause.

    `companies` are the sentence's mentions of organisations; dates from `condition` on belong to the condition.
    """
    sentence, found = f.sentence, []
    dates = find_dates(article, sentence.start, sentence.end, reader.codebook)
    events = _find_events(f, reader)
    clause = _Clause(article.text, reader, f, companies)
    for a, b, iso in dates:
        if is_period(iso):
            found.append(("period", iso, a, b, ()))
        elif not any(_touches(clause.lower, event, a, b) for event in events):
            if whom := clause.find_owners(a):
                found += (
                    [("announced_on", iso, a, b, whom)]
                    if clause.is_reported(clause.find_relative(a), a)
                    else []
                )
            elif variable := clause.place_date(a, b, condition):
                found.append((variable, iso, a, b, ()))
    if f.code not in PAST and f.modality == "stated":
        for event in events:
            own = next(
                (
                    iso
                    for a, b, iso in dates
                    if _touches(clause.lower, event, a, b) and not is_period(iso)
                ),
                "",
            )
            if row := clause.place_event(event, own or reader.days.get(event[2], "")):
                found.append((*row, clause.find_owners(event[0])))
    return sorted(found, key=lambda row: (row[2], row[3], row[0], row[1]))


def _find_events(f, reader) -> list[tuple[int, int, str]]:
    sentence = f.sentence
    own = reader.plain.list_words(sentence.start, sentence.end)
    hits = [
        h
        for s in read_events(reader.codebook)
        for h in s.find(reader.plain, sentence.start, sentence.end, own)
    ]
    return sorted({(hit[0], hit[1], hit[2].code) for hit in hits})


def _touches(lower: str, event: tuple[int, int, str], a: int, b: int) -> bool:
    """Return whether a date stands in or right beside the words of an event, in one clause with them."""
    if a < event[1] and event[0] < b:
        return True
    between = lower[event[1] : a] if a >= event[1] else lower[b : event[0]]
    return len(between) <= NEAR_EVENT and not re.search(
        r"[,;:，；：。]", between.strip(" ,，") if a < event[0] else between
    )


@lru_cache(maxsize=8)
def _compile_words(words: str) -> re.Pattern:
    return re.compile(
        "|".join(sorted(map(re.escape, words.split()), key=lambda w: (-len(w), w))) or "(?!)"
    )


class _Clause:
    """The position's sentence, seen from its verb: what stands in the same clause with it, and what reports it."""

    def __init__(self, text: str, reader, f, companies: Sequence) -> None:
        self.text, self.lower, self.f = text, reader.plain.lower, f
        self.companies = companies
        references = reader.lexicon.references.get("en", {})
        self.reporting = frozenset(references.get("reporting", ())) | {
            *(
                "announce",
                "announces",
                "announced",
                "announcing",
                "announcement",
                "statement",
                "tweeted",
            )
        }
        self.han = _compile_words(
            reader.codebook.news.get("quotations", {}).get("zh", {}).get("speech", "")
        )

    def place_date(self, a: int, b: int, condition: int) -> str:
        """Return which variable the date at [a, b) gives the position; nothing when it belongs to something else."""
        lower, (start, end), code = self.lower, self.f.hit, self.f.code
        named = [m.end for m in self.companies if m.entity in self.f.entities and m.start < start]
        if named and re.search(r"[;；]", self.text[named[-1] : start]):
            return ""  # whoever acts in this clause is not named in it
        since = SINCE.search(lower, max(self.f.sentence.start, a - 24), a) or SINCE_HAN.match(
            lower, b
        )
        if b <= start:
            if self._is_apart(b, start):
                return ""
            if since:
                near = start - b <= NEAR_HIT and not LINK.search(lower[b:start])
                return "effective_from" if near and code not in PAST else ""
            if OTHER_ACT.search(lower, self.f.sentence.start, a):
                return ""
            if self.is_reported(self._find_begin(a), start):
                return "announced_on"
            return self._read_bare() if start - b <= NEAR_HIT else ""
        if self._is_told_after(end, a):
            return "announced_on"
        if a >= condition and not since or self._is_apart(min(end, a), a):
            return ""
        if since:
            return "effective_from" if code not in PAST else ""
        between = lower[min(end, a) : a]
        return (
            ""
            if re.search(r"[,，]", between) or OTHER_ACT.search(lower, start, a)
            else self._read_bare()
        )

    def place_event(
        self, event: tuple[int, int, str], iso: str
    ) -> tuple[str, str, int, int] | None:
        """Return the row of `effective_from` when the event says since when the position holds."""
        (start, end), lower = self.f.hit, self.lower
        low = max(self.f.sentence.start, event[0] - 70)
        at, right_after = (
            AT_EVENT.search(lower, low, event[0]),
            RIGHT_AFTER.search(lower, low, event[0]),
        )
        behind = AT_EVENT_HAN.match(lower, event[1])
        if not iso or not (at or right_after or behind):
            return None
        a = (right_after or at).start() if right_after or at else event[0]
        b = behind.end() if behind else event[1]
        if a >= end and self._is_apart(end, a):
            return None
        if event[1] <= start:
            if (
                self._is_apart(event[1], start)
                or start - event[1] > NEAR_HIT
                or LINK.search(lower[event[1] : start])
            ):
                return None
        return "effective_from", _widen(iso) if right_after else iso, a, b

    def find_relative(self, a: int) -> int:
        """Return where the relative clause begins in which `a` stands ("X, whose pause began on ..."); -1 without one."""
        starts = [m.start() for m in RELATIVE.finditer(self.lower, self.f.sentence.start, a)]
        return (
            starts[-1]
            if starts and not re.search(r"[,;，；]", self.lower[starts[-1] + 1 : a])
            else -1
        )

    def find_owners(self, a: int) -> tuple[str, ...]:
        """Return the list of organisations right before the relative clause of `a`, when the position is theirs."""
        edge, owners = self.find_relative(a), []
        for m in reversed(self.companies if edge >= 0 else ()):
            if m.end <= edge and LISTED.fullmatch(self.lower, m.end, edge):
                owners.append(m.entity)
                edge = m.start
        return tuple(sorted(set(owners) & set(self.f.entities)))

    def _read_bare(self) -> str:
        """Return what a day beside the verb itself means, unless the match itself is a word of saying."""
        if self.is_reported(*self.f.hit) and self.f.code not in PAST:
            return "announced_on"
        return (
            "effective_from"
            if self.f.code in ACTS
            else "announced_on"
            if self.f.code in SAYINGS
            else ""
        )

    def _is_apart(self, a: int, b: int) -> bool:
        """Return whether a clause ends in [a, b), or another organisation begins to act there."""
        if BREAK.search(self.text, a, b):
            return True
        between = [m for m in self.companies if a <= m.start < b]
        if a >= self.f.hit[1] and any(m.entity not in self.f.entities for m in between):
            return True
        for m in between:
            joint = JOINED.search(self.lower, max(a, m.start - 12), m.start)
            if (
                joint
                and not self._is_listed(m, a)
                and (m.entity not in self.f.entities or joint.group()[0] != "，")
            ):
                return True
        return False

    def _is_listed(self, mention, a: int) -> bool:
        """Return whether another organisation stands before it in the same list ("X, Y and Z")."""
        return any(
            a <= m.start < mention.start and mention.start - m.end < 30 for m in self.companies
        )

    def _find_begin(self, a: int) -> int:
        breaks = [m.end() for m in BREAK.finditer(self.text, self.f.sentence.start, a)]
        return breaks[-1] if breaks else self.f.sentence.start

    def is_reported(self, a: int, b: int) -> bool:
        words = self.lower[a:b]
        told = "made public" in words or any(
            w in self.reporting for w in re.findall(r"[a-z]+", words)
        )
        return told or bool(self.han.search(words))

    def _is_told_after(self, end: int, a: int) -> bool:
        """Return whether the date closes a clause behind the position that says who said it ("..., X said on Monday")."""
        between = self.lower[end:a]
        cue = re.search(r"\b([a-z]+)(?:\s+[\w'-]+){0,6}?\s*$", between)
        cues = [m for m in re.finditer(r"[a-z]+", between) if m.group() in self.reporting]
        if (
            not cue
            or not cues
            or not re.fullmatch(r"[a-z]+(?:\s+[\w'-]+){0,6}\s*", between[cues[-1].start() :])
        ):
            return False
        first = re.search(r"[,”\"’」]", self.text[end : end + cues[-1].start()])
        if not first:
            return False
        told = self.text[end + first.start() : end + cues[-1].start()]
        if re.search(r"[;；]|\b(?:while|whereas|although|though|but|and)\b", told):
            return False
        subjects = [m for m in self.companies if end <= m.start < end + cues[-1].start()]
        return not subjects or any(m.entity in self.f.entities for m in subjects)


def _widen(iso: str) -> str:
    """Return the day and the one after it: what follows a day's event at once may fall on either."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", iso):
        return iso
    return f"{iso}/{(date.fromisoformat(iso) + timedelta(days=1)).isoformat()}"
