"""Words such as "yesterday", "last week" and "上月", and the page's own date -> ISO dates."""

from __future__ import annotations

from datetime import timedelta

from hkresearch.structure.text.calendar_days import add_months, write_week
from hkresearch.structure.text.date_scene import NEAR_YEARS, DateScene
from hkresearch.structure.text.date_words import PAPER_BEFORE, SPAN_BEFORE

_NEAR_DAYS = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
    "yesterday": -1, "last night": -1, "tomorrow": 1,
    "今日": 0, "今天": 0, "今早": 0, "今晚": 0, "明日": 1, "明天": 1,
    "昨日": -1, "昨天": -1, "昨晚": -1, "昨夜": -1, "昨": -1, "前日": -2, "前天": -2,
}  # fmt: skip
_PERIOD_SHIFTS = {"this": 0, "本": 0, "下": 1}  # others are the period before
_WEEKS = ("week", "周", "週", "星期", "禮拜", "礼拜")


def write_near(words: str, scene: DateScene) -> str:
    """Return the day, week, month or year that lies near the page's own; "" if it is unknown."""
    is_name = words[0].isupper() and PAPER_BEFORE.search(scene.before)  # "USA Today"
    words = " ".join(words.lower().split())
    is_span = SPAN_BEFORE.search(scene.before) is not None
    if words in NEAR_YEARS or words.endswith(("year", "yr")):
        year = scene.find_year(words)
        return f"{year:04d}" if year and not is_span else ""
    if not scene.published or is_name:
        return ""
    if words in _NEAR_DAYS:
        return (scene.published + timedelta(days=_NEAR_DAYS[words])).isoformat()
    if is_span:
        return ""
    first_word, *_ = words.split()
    shift = _PERIOD_SHIFTS.get(first_word, _PERIOD_SHIFTS.get(words[0], -1))
    if words.endswith(_WEEKS):
        return write_week(scene.published, shift)
    return add_months(scene.published, shift)
