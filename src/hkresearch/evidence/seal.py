"""A finished report -> the same report with the hash of all its other bytes, and its check.

A seal shows that nothing was changed by accident or in passing. Whoever rewrites a report on
purpose can seal it again: then the evidence inside it is checked against the pages.
"""

from __future__ import annotations

import re

from hkresearch.core.files import hash_bytes

BLANK = "0" * 64
HTML_SEAL = re.compile(rb'<meta name="hkresearch-seal" content="([0-9a-f]{64})">')
PDF_SEAL = re.compile(rb"%hkresearch-seal ([0-9a-f]{64})\n\Z")


def seal_html(page: str) -> str:
    """Return `page` with its blank seal filled in; raises ValueError if it has none."""
    data = page.encode("utf-8")
    found = HTML_SEAL.search(data)
    if found is None:
        raise ValueError("the page has no place for a seal")
    digest = hash_bytes(data).encode()
    return (data[: found.start(1)] + digest + data[found.end(1) :]).decode("utf-8")


def seal_pdf(data: bytes) -> bytes:
    """Return `data` with a comment after its end, where PDF allows one, that holds its hash."""
    return data + b"%hkresearch-seal " + hash_bytes(data).encode() + b"\n"


def find_seal_fault(data: bytes, is_pdf: bool) -> str:
    """Return what is wrong with the seal of a report, or ""."""
    found = (PDF_SEAL if is_pdf else HTML_SEAL).search(data)
    if found is None:
        return "it has no seal: it was edited, or it is not a report of hkresearch"
    sealed = data[: found.start()]
    if not is_pdf:
        sealed = data[: found.start(1)] + BLANK.encode() + data[found.end(1) :]
    if hash_bytes(sealed).encode() != found.group(1):
        return "its seal does not fit its bytes: it was edited after it was published"
    return ""
