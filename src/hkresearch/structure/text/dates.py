"""Words for a date in a text, and the page's own date -> ISO 8601 dates and intervals, as precise as known."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hkresearch.codebook.book import Codebook
from hkresearch.core.article import Article

MONTHS = (
    "january february march april may june july august september october november december".split()
)
MONTH = r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
LAST = r"(?:last|final|previous|past)"
YEAR = rf"(?P<year>(?:19|20)\d\d)|(?P<relative>{LAST}\s+(?:year|yr)|this\s+(?:year|yr))"
OF_YEAR = rf"(?:,?\s*(?:of\s+|in\s+)?(?:{YEAR}))"
ENGLISH = re.compile(
    rf"\b(?:(?P<iso>(?:19|20)\d\d-\d\d(?:-\d\d)?)|(?:(?:from|between|in)\s+)?{MONTH.format('from')}\s*(?:to|and|through|until|[-–])\s*{MONTH.format('to')}(?P<of>{OF_YEAR})?(?!\s*\d)"
    rf"|(?P<half>first|second|latter|last)\s+(?:half|six\s+months)\s+of\s+(?P<half_of>{YEAR.replace('year>', 'year2>').replace('relative>', 'relative2>')})"
    rf"|(?P<day1>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH.format('month1')}(?:,?\s+(?P<year3>(?:19|20)\d\d))?(?!\w)"
    rf"|{MONTH.format('month2')}\s+(?P<day2>\d\d?)(?:st|nd|rd|th)?\b(?:,?\s+(?P<year4>(?:19|20)\d\d))?(?!\d)"
    rf"|{MONTH.format('month3')},?\s+(?P<year5>(?:19|20)\d\d)|(?:in|last|since|until)\s+{MONTH.format('month4')}(?!\s*\w*\d)\b"
    rf"|(?P<weekday>(?:last\s+)?(?:{'|'.join(WEEKDAYS)}))|(?P<near>yesterday|today|{LAST}\s+(?:week|month|year|yr)|this\s+(?:week|month|year))"
    rf"|(?P<same>(?:that|the)\s+(?:very\s+)?same\s+(?:day|evening|night|afternoon|morning)|that\s+(?:very\s+)?(?:day|evening|night))"
    rf"|(?P<ago>\d+|two|three|four|five|six|ten)\s+(?P<ago_unit>years?|days?|weeks?|months?)\s+ago|(?:in|since|during|for|of)\s+(?P<year6>(?:19|20)\d\d)\b(?!-))\b",
    re.IGNORECASE,
)
HAN_YEAR = r"(?:(?P<{0}>(?:19|20)\d\d)\s*年|(?P<{1}>去年|今年|前年))"
CHINESE = re.compile(
    rf"{HAN_YEAR.format('year_a', 'relative_a')}?\s*(?P<from>\d\d?)\s*月?\s*(?:至|到|-)\s*(?P<to>\d\d?)\s*月(?!\s*\d)"
    rf"|{HAN_YEAR.format('year_b', 'relative_b')}(?P<half>上半年|下半年)"
    rf"|{HAN_YEAR.format('year_c', 'relative_c')}?\s*(?P<month>\d\d?)\s*月\s*(?P<day>\d\d?)\s*[日號号]"
    rf"|{HAN_YEAR.format('year_d', 'relative_d')}\s*(?P<only_month>\d\d?)\s*月"
    rf"|(?:周|週|星期|禮拜|礼拜)(?P<weekday>[一二三四五六日天])|(?P<near>昨日|昨天|昨|今日|今天|上周|上週|上星期|上月|去年|本周|本週|本月)|(?P<same>同日|當日|当日|同一天)|(?P<year_only>(?:19|20)\d\d)\s*年"
)
# Without any of these a span holds no date; most sentences do not.
HINT = re.compile(
    r"\d|day\b|last|final|this|prev|past|ago\b|\b(?:in|since|until)\s+(?:jan|feb|mar|apr|may|ju|aug|sep|oct|nov|dec)|[年月日周週昨今本去]|(?:星期|禮拜)|(?:to|and)\s+(?:jan|feb|mar|apr|may|ju|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}


def find_dates(
    article: Article, start: int, end: int, codebook: Codebook
) -> list[tuple[int, int, str]]:
    """Return (start, end, ISO date or interval) of the dates in the span; what cannot be resolved is left out.

    "That day" is the day named before it in the span. A weekday or "last week" needs the page's own date. A date without
    a year takes the page's year, else the one that the codebook's `default_year` states for pages without a date.
    """
    if not HINT.search(article.text, start, end):
        return []
    published = _read_day(article.date_published)
    default = codebook.topic.get("default_year")
    year = (
        published.year
        if published
        else int(article.date_published[:4])
        if article.date_published[:4].isdigit()
        else int(default)
        if default
        else None
    )
    found = (
        _find_anniversaries(article, start, end, codebook)
        if "nniversary" in article.text[start:end]
        else []
    )
    taken = [(a, b) for a, b, _ in found]
    for reader, pattern in ((_read_english, ENGLISH), (_read_chinese, CHINESE)):
        if pattern is CHINESE and article.text[start:end].isascii():
            continue
        for match in pattern.finditer(article.text, start, end):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            if match["same"]:
                before = max(
                    (d for d in found if d[1] <= match.start() and len(d[2]) == 10), default=None
                )
                found += [(match.start(), match.end(), before[2])] if before else []
            elif iso := reader(match, published, year):
                found.append((match.start(), match.end(), iso))
    return sorted(found)


def _read_day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _find_anniversaries(
    article: Article, start: int, end: int, codebook: Codebook
) -> list[tuple[int, int, str]]:
    """Return the dates given as an anniversary of an event that the codebook dates ("the eve of the 23rd ...")."""
    found = []
    for event in codebook.topic.get("events", {}).values():
        names = "|".join(re.escape(n) for n in event.get("names", {}).get("en", ()))
        if not names:
            continue
        pattern = rf"(?P<eve>eve\s+of\s+)?(?:the\s+)?(?P<n>\d+)(?:st|nd|rd|th)\s+anniversary\s+of\s+[^.;]{{0,60}}?(?:{names})"
        for match in re.compile(pattern, re.IGNORECASE).finditer(article.text, start, end):
            day = date.fromisoformat(event["date"])
            day = day.replace(year=day.year + int(match["n"])) - timedelta(days=bool(match["eve"]))
            found.append((match.start(), match.end(), day.isoformat()))
    return found


def _month(name: str) -> int:
    return next(i for i, m in enumerate(MONTHS, 1) if m.startswith(name.lower()[:3]))


def _relative_year(words: str | None, digits: str | None, year: int | None) -> int | None:
    if digits:
        return int(digits)
    if words and year:
        return (
            year
            if words.lower().startswith(("this", "今年"))
            else year - (2 if words == "前年" else 1)
        )
    return None


def _write_months(year: int, first: int, last: int) -> str:
    year_end, month_end = (year, last) if last >= first else (year + 1, last)
    after = date(year_end + month_end // 12, month_end % 12 + 1, 1)
    return f"{year:04d}-{first:02d}-01/{(after - timedelta(days=1)).isoformat()}"


def _write_day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _latest(month: int, day: int, published: date | None, year: int | None) -> int | None:
    """Return the year that puts the day nearest before the page's date (or at most a month after it)."""
    if (
        published
        and (month, day) > (published.month, published.day)
        and (month - published.month) % 12 > 1
    ):
        return published.year - 1
    return year


def _read_english(match: re.Match, published: date | None, year: int | None) -> str:
    got = match.groupdict()
    if got["iso"]:
        return got["iso"]
    if got["from"]:
        of = _relative_year(got["relative"], got["year"], year)
        return _write_months(of, _month(got["from"]), _month(got["to"])) if of else ""
    if got["half"]:
        of = _relative_year(got["relative2"], got["year2"], year)
        return (
            _write_months(of, *((1, 6) if got["half"].lower() == "first" else (7, 12)))
            if of
            else ""
        )
    for number, also in (("1", "3"), ("2", "4")):
        if got["day" + number]:
            month, day = _month(got["month" + number]), int(got["day" + number])
            of = (
                int(got["year" + also])
                if got["year" + also]
                else _latest(month, day, published, year)
            )
            return _write_day(of, month, day) if of else ""
    if got["month3"]:
        return f"{got['year5']}-{_month(got['month3']):02d}"
    if got["month4"]:
        month = _month(got["month4"])
        if not published:
            return ""
        return f"{published.year - (month > published.month):04d}-{month:02d}"
    if got["year6"]:
        return got["year6"]
    if got["ago"]:
        n = NUMBERS.get(got["ago"].lower()) or int(got["ago"])
        return f"{year - n:04d}" if year and got["ago_unit"].lower().startswith("year") else ""
    if got["weekday"]:
        words = got["weekday"].lower().split()
        return _write_weekday(WEEKDAYS.index(words[-1]), published, len(words) > 1)
    return _write_near(" ".join(got["near"].lower().split()), published, year)


def _write_weekday(weekday: int, published: date | None, before: bool = False) -> str:
    if not published:
        return ""
    back = (published.weekday() - weekday) % 7
    return (published - timedelta(days=back or (7 if before else 0))).isoformat()


def _write_near(words: str, published: date | None, year: int | None) -> str:
    if words.endswith(("year", "yr")) or words == "去年":
        return f"{year - (not words.startswith('this')):04d}" if year else ""
    if not published:
        return ""
    if words in ("today", "今日", "今天"):
        return published.isoformat()
    if words in ("yesterday", "昨日", "昨天", "昨"):
        return (published - timedelta(days=1)).isoformat()
    this = words.startswith(("this", "本"))
    if words.endswith(("week", "周", "週", "星期")):
        monday = published - timedelta(days=published.weekday() + (0 if this else 7))
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    first = published.replace(day=1)
    return (first if this else first - timedelta(days=1)).isoformat()[:7]


def _read_chinese(match: re.Match, published: date | None, year: int | None) -> str:
    got = match.groupdict()
    of = next(
        (
            _relative_year(got["relative_" + k], got["year_" + k], year)
            for k in "abcd"
            if got["relative_" + k] or got["year_" + k]
        ),
        None,
    )
    if got["from"]:
        first, last = int(got["from"]), int(got["to"])
        return _write_months(of, first, last) if of and 1 <= first <= 12 and 1 <= last <= 12 else ""
    if got["half"]:
        return _write_months(of, *((1, 6) if got["half"] == "上半年" else (7, 12))) if of else ""
    if got["month"]:
        month, day = int(got["month"]), int(got["day"])
        of = of or _latest(month, day, published, year)
        return _write_day(of, month, day) if of else ""
    if got["only_month"]:
        return (
            f"{of}-{int(got['only_month']):02d}" if of and 1 <= int(got["only_month"]) <= 12 else ""
        )
    if got["weekday"]:
        return _write_weekday("一二三四五六日".index(got["weekday"].replace("天", "日")), published)
    if got["year_only"]:
        return got["year_only"]
    return _write_near(got["near"], published, year)
