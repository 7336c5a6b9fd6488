"""A finished report -> the same report sealed with the hash of all its other bytes, and the check of such a seal.

A seal shows that nothing was changed by accident or in passing. Whoever rewrites a report on purpose can seal it
again: then the evidence inside it, checked against the pages, has to speak.
"""

from __future__ import annotations

import hashlib
import re

BLANK = "0" * 64
HTML_SEAL = re.compile(rb'<meta name="hkresearch-seal" content="([0-9a-f]{64})">')
PDF_SEAL = re.compile(rb"%hkresearch-seal ([0-9a-f]{64})\n\Z")


def seal_html(page: str) -> str:
    """Return `page` with its blank seal filled in."""
    data = page.encode("utf-8")
    found = HTML_SEAL.search(data)
    digest = hashlib.sha256(data).hexdigest().encode()
    return (data[: found.start(1)] + digest + data[found.end(1) :]).decode("utf-8")


def seal_pdf(data: bytes) -> bytes:
    """Return `data` with a comment after its end, where PDF allows one, that holds its hash."""
    return data + b"%hkresearch-seal " + hashlib.sha256(data).hexdigest().encode() + b"\n"


def find_seal_fault(data: bytes, is_pdf: bool) -> str:
    """Return what is wrong with the seal of a report, or an empty string."""
    found = (PDF_SEAL if is_pdf else HTML_SEAL).search(data)
    if found is None:
        return "it has no seal: it was edited, or it is not a report of hkresearch"
    rest = (
        data[: found.start()]
        if is_pdf
        else data[: found.start(1)] + BLANK.encode() + data[found.end(1) :]
    )
    if hashlib.sha256(rest).hexdigest().encode() != found.group(1):
        return "its seal does not fit its bytes: it was edited after it was published"
    return ""
