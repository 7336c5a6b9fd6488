"""Words for a date in a text, and the page's own date -> ISO 8601 dates, as precise as known."""

from __future__ import annotations


def find_dates(article, start, end, codebook):
    return []
