"""Words for dates -> the patterns that find them, with a named group for each thing they say."""

from __future__ import annotations

import re

MONTH_NAMES = (
    "january february march april may june july august september october november december".split()
)
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
HAN_WEEKDAYS = "一二三四五六日"
SMALL_NUMBERS = {"a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}

MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_LAST = r"(?:last|final|previous|past)"
YEAR_DIGITS = r"(?:19|20)\d\d"
_YEAR = rf"(?P<{{0}}>{YEAR_DIGITS}|(?:{_LAST}|this)\s+(?:year|yr))"
_OF_YEAR = rf"(?:,?\s*(?:of\s+|in\s+)?{_YEAR})"
_TO = r"\s*(?:to|and|through|until|till|[-–—])\s*"
ORDINAL = r"(?:st|nd|rd|th)?"
_ENGLISH_DATES = (
    rf"(?P<iso>{YEAR_DIGITS}-\d\d(?:-\d\d)?)",
    rf"{MONTH.format('month_a')}\s+(?P<day_a>\d\d?){ORDINAL}(?:,?\s+{_YEAR.format('year_a')})?{_TO}"
    rf"{MONTH.format('month_b')}\s+(?P<day_b>\d\d?){ORDINAL}(?:,?\s+{_YEAR.format('year_b')})?",
    rf"(?:(?:from|between|in)\s+)?{MONTH.format('from')}{_TO}{MONTH.format('to')}"
    rf"{_OF_YEAR.format('year_months')}?(?!\s*\d)",
    r"(?P<half>first|second|latter|last)\s+(?:half|six\s+months)"
    rf"(?:\s+of|,|\s+in)?\s+{_YEAR.format('year_half')}",
    rf"(?:(?:in|during|of|for)\s+)?(?P<year_own>{YEAR_DIGITS})'s\s+(?P<half_own>first|second|latter)\s+(?:half|six\s+months)",
    r"six\s+months\s+(?:to|ended|ending|through)\s+(?:the\s+end\s+of\s+)?"
    rf"{MONTH.format('half_end')}(?:\s+3[01])?,?\s+{_YEAR.format('year_end')}",
    r"(?P<quarter>first|second|third|fourth|last|final)\s+(?:quarter|three\s+months)"
    rf"(?:\s+of|,|\s+in)?\s+{_YEAR.format('year_quarter')}",
    rf"(?P<short>[hq][1-4])\s+(?:of\s+)?{_YEAR.format('year_short')}",
    rf"(?P<day1>\d\d?){ORDINAL}\s+(?:of\s+)?{MONTH.format('month1')}"
    rf"(?:,?\s+(?:of\s+)?{_YEAR.format('year1')})?(?!\w)",
    rf"{MONTH.format('month2')}\s+(?P<day2>\d\d?){ORDINAL}\b"
    rf"(?:,?\s+(?:of\s+)?{_YEAR.format('year2')})?(?!\d)",
    rf"{MONTH.format('month3')},?\s+(?:of\s+|in\s+)?{_YEAR.format('year3')}",
    rf"(?P<before4>in|last|since|until)\s+{MONTH.format('month4')}"
    rf"(?!\s*\w*\d|,?\s+(?:of\s+)?(?:{_LAST}|this)\s+(?:year|yr))\b",
    rf"(?P<weekday>(?:(?:last|next|this|this\s+coming|coming)\s+)?(?:{'|'.join(WEEKDAYS)}))",
    rf"(?P<near>yesterday|today|tonight|tomorrow|last\s+night|this\s+(?:morning|afternoon|evening)"
    rf"|{_LAST}\s+(?:week|month|year|yr)|this\s+(?:week|month|year))",
    r"(?P<same>(?:that|the)\s+(?:very\s+)?same\s+(?:day|evening|night|afternoon|morning)"
    r"|that\s+(?:very\s+)?(?:day|evening|night))",
    rf"(?P<ago>\d+|{'|'.join(SMALL_NUMBERS)})\s+(?P<ago_unit>years?|days?)\s+ago",
    rf"(?:in|since|during|for|of)\s+(?P<year_only>{YEAR_DIGITS})\b(?!-)",
)
ENGLISH = re.compile(rf"\b(?:{'|'.join(_ENGLISH_DATES)})\b", re.IGNORECASE)
# The words with which a match of ENGLISH begins, when it begins with no digit; the common ones
# begin a date only before another of these.
COMMON_BEGINNINGS = frozenset("a between during for from in of the".split())
DATE_BEGINNINGS = COMMON_BEGINNINGS | frozenset(
    [
        *MONTH_NAMES,
        *(name[:3] for name in MONTH_NAMES),
        *WEEKDAYS,
        *SMALL_NUMBERS,
        *QUARTERS,
        *(length + number for length in "hq" for number in "1234"),
        *"sept six latter previous past this next coming since until that same very".split(),
        *"yesterday today tonight tomorrow day days year years".split(),
    ]
)
_HAN_YEAR = rf"(?P<{{0}}>{YEAR_DIGITS}\s*年|去年|今年|前年)"
_HAN_WEEK = r"(?:周|週|星期|禮拜|礼拜)"
_CHINESE_DATES = (
    rf"{_HAN_YEAR.format('year_days')}?\s*(?P<month_a>\d\d?)\s*月\s*(?P<day_a>\d\d?)\s*[日號号]?"
    rf"\s*(?:至|到|-|—|–)\s*(?:(?P<year_b>{YEAR_DIGITS})\s*年)?\s*(?:(?P<month_b>\d\d?)\s*月)?"
    r"\s*(?P<day_b>\d\d?)\s*[日號号]",
    rf"{_HAN_YEAR.format('year_months')}?\s*(?P<from>\d\d?)\s*月?\s*(?:至|到|-|—|–)\s*"
    r"(?P<to>\d\d?)\s*月(?!\s*\d)",
    rf"{_HAN_YEAR.format('year_half')}\s*的?(?P<half>上半年|下半年|首六個月|首六个月|首半年)",
    rf"{_HAN_YEAR.format('year_quarter')}\s*的?(?:第(?P<quarter>[一二三四])季度?|首季)",
    rf"{_HAN_YEAR.format('year1')}?\s*(?P<month>\d\d?)\s*月\s*(?P<day>\d\d?)\s*[日號号]",
    rf"{_HAN_YEAR.format('year3')}\s*(?P<only_month>\d\d?)\s*月",
    rf"(?P<which>上|下|本|這|这)?(?:個|个)?{_HAN_WEEK}(?P<weekday>[{HAN_WEEKDAYS}天])",
    r"(?P<unknown>(?:去年|今年|前年)(?:同期|年?初|年?底|末))",
    rf"(?P<near>昨日|昨天|昨晚|昨夜|昨|前日|前天|今日|今天|今早|今晚|明日|明天|[上下本]{_HAN_WEEK}"
    r"|[上下本](?:個|个)?月|去年|今年|前年)",
    r"(?P<same>同日|當日|当日|同一天)",
    rf"(?P<year_only>{YEAR_DIGITS})\s*年",
)
CHINESE = re.compile("|".join(_CHINESE_DATES))
# Without any of these a span in lower case holds no date; most sentences do not.
DATE_HINT = re.compile(
    r"\d|day\b|last|final|this|prev|past|ago\b|tonight|tomorrow"
    r"|(?:in|since|until|to|and)\s+(?:jan|feb|mar|apr|may|ju|aug|sep|oct|nov|dec)"
    r"|[年月日周週昨今本去]|星期|禮拜"
)
# What shows that a day is still to come, in the clause before it; "would" may be the past's future.
AHEAD = re.compile(
    r"\b(?:will|shall|starting|beginning|effective|as of|plans? to|due to|set to|going to)\b"
    r"[^.,;:]{0,110}$|(?:將|将|擬|拟)(?:會|会)?[於于在]?[^，。；]{0,12}$",
    re.IGNORECASE,
)
UNSURE_AHEAD = re.compile(
    r"\bwould\b[^.,;:]{0,110}$|\b(?:by|until|till|before)\s+(?:the\s+)?$", re.IGNORECASE
)
TOLD_BETWEEN = re.compile(
    r"\b(?:said|says|told|announced|wrote|tweeted|confirmed|stated|added|declared|reported)\b",
    re.IGNORECASE,
)
# "The past year" is a span of twelve months, "the previous year" the one before another.
SPAN_BEFORE = re.compile(r"\bthe\s+$", re.IGNORECASE)
PAPER_BEHIND = re.compile(
    r"\s+(?:Times|Herald|Telegraph|Express|Mirror|Mail|Post|Star|Sun|World|Independent|Night Live)"
)
PAPER_BEFORE = re.compile(r"(?:\b[A-Z][A-Za-z]+|Mail on)\s+$")
# What may stand between a weekday and the date that says which day it was.
BESIDE = re.compile(r"[\s,，(（]*(?:the\s+)?")
