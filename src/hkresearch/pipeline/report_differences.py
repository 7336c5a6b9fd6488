"""A published file and the same made again -> the first difference, in words that a reader sees."""

from __future__ import annotations

from collections.abc import Sequence

from hkresearch.evidence.rendered_text import read_report

LONGEST_EXCERPT = 90  # characters of a difference that are shown


def compare_files(name: str, given: bytes, again: bytes) -> str:
    """Return the first difference of `given`, a file called `name`, from `again`; "" for none."""
    if given == again:
        return ""
    is_html = name.endswith(".html")
    if is_html and (difference := _compare_text(given, again)):
        return difference
    place = _find_difference(given, again)
    what = "its visible text is the same, but not its bytes" if is_html else ""
    what = what or "is not what is made again"
    return f"{what}, first at byte {place:,} of {len(given):,}"


def _compare_text(given: bytes, again: bytes) -> str:
    end = ("", "")
    old_lines, new_lines = ([*_read_lines(page), end] for page in (given, again))
    for (section, old), (_, new) in zip(old_lines, new_lines, strict=False):
        if old != new:
            under = f"under {section!r} " if section else ""
            was, now = _cut_around(old, new), _cut_around(new, old)
            return f"{under}it reads {was!r}, made again from the pages it reads {now!r}"
    return ""


def _find_difference(one: Sequence[object], other: Sequence[object]) -> int:
    """Return the index of the first item in which the two differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (old, new) in pairs if old != new), min(len(one), len(other)))


def _cut_around(text: str, other: str) -> str:
    """Return what stands around the first character in which `text` differs from `other`."""
    first = max(0, _find_difference(text, other) - LONGEST_EXCERPT // 2)
    last = first + LONGEST_EXCERPT
    return ("…" if first else "") + text[first:last] + ("…" if len(text) > last else "")


def _read_lines(page: bytes) -> list[tuple[str, str]]:
    """Return each line of text that a report shows, with the heading or caption above it."""
    return read_report(page.decode("utf-8", "replace")).lines
