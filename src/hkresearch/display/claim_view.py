"""Tables and a claim -> the passages it rests on, side by side, with the words in which they differ marked."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import escape_text, reveal_text
from hkresearch.core.words import UNSPACED
from hkresearch.display.article_view import PageView
from hkresearch.display.html_cards import write_card, write_details, write_table

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

# A Han or kana character is a word of its own; elsewhere a run of letters and digits is one.
TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]")
FOLDED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
ALIKE = 0.4  # below this two passages are two sentences, and marking every word would say nothing
LONGEST = 3_000_000  # pairs of words compared
STYLE = (
    ".hk-sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:.8em;margin:.5em 0}"
    ".hk-side{border:1px solid rgba(127,127,127,.4);border-top:3px solid rgba(59,130,246,.8);border-radius:4px;padding:.5em .8em}"
    ".hk-side .hk-words{white-space:pre-wrap}.hk-side .hk-around{opacity:.72}"
    ".hk ins{text-decoration:underline 2px rgba(34,197,94,.95);background:rgba(34,197,94,.22)}"
    ".hk del{text-decoration:line-through 2px rgba(239,68,68,.95);background:rgba(239,68,68,.18)}"
)
WORDINGS = {
    "verbatim": "verbatim",
    "fragment": "a part of it",
    "altered": "altered",
    "translated": "another language",
}


def show_claim(tables: Tables, claim_id: str) -> PageView:
    """Return the passages that a claim rests on, side by side; words added to its text and words lost are marked.

    The beginning of the claim's id is enough where only one claim has it.

    >>> altered = tables.appearances.query("wording == 'altered'").claim_id.iloc[0]
    >>> "<ins>" in hk.show_claim(tables, altered)._repr_html_()
    True
    """
    from hkresearch.tables.trace import trace_claim

    order = list(WORDINGS)
    rows = sorted(
        trace_claim(tables, claim_id).to_dict("records"),
        key=lambda row: order.index(row["wording"]),
    )
    claim = tables.claims[tables.claims["claim_id"] == rows[0]["claim_id"]].iloc[0]
    subject = tables.label_of(claim["subject"]) or "speaker not known"
    title = f"{subject} | {claim['variable']} = {claim['code']}"
    pages, origins = claim["n_articles"], claim["n_origins"]
    about = f"{claim['status']}: {pages} page(s), {origins} independent origin(s). Claim {claim['claim_id']}."
    key = '<p class="hk-quiet">Against the claim’s text: <ins>added</ins>, <del>left out</del>.</p>'
    sides = "".join(_show_side(row, claim["text"]) for row in rows)
    html = write_card(
        title, f"<p>{escape_text(about)}</p><p>Its text: <q>{escape_text(claim['text'])}</q></p>", key,
        f'<div class="hk-sides">{sides}</div>', _show_rivals(tables, claim), style=STYLE,
    )  # fmt: skip
    lines = (
        f"  {r['article_id']}, line {r['line']} ({r['wording']}): {reveal_text(' '.join(r['exact'].split()))}"
        for r in rows
    )
    return PageView(html, "\n".join([f"{title} ({about[:-1]})", *lines]))


def _show_side(row: dict[str, Any], model: str) -> str:
    who = ", ".join(
        filter(None, (row["publisher"] or "outlet unknown", row["date_published"] or "no date"))
    )
    where = (
        f"{row['file']}, line {row['line']}, characters {row['start']}–{row['end']}, {row['coder']}"
    )
    marked = (
        escape_text(row["exact"])
        if row["wording"] == "translated"
        else mark_differences(model, row["exact"])
    )
    wording = WORDINGS[row["wording"]]
    if row["wording"] == "altered" and "<ins>" not in marked and "<del>" not in marked:
        wording = "in other words"
    return (
        f'<div class="hk-side"><p><strong>{escape_text(who)}</strong> ({wording})</p>'
        f'<p class="hk-words"><span class="hk-around">{escape_text(row["before"])}</span>{marked}'
        f'<span class="hk-around">{escape_text(row["after"])}</span></p><p class="hk-quiet">{escape_text(where)}</p></div>'
    )


def _show_rivals(tables: Tables, claim: Any) -> str:
    """Return what else is claimed on the same question; nothing for statements, which answer none."""
    others = tables.claims[
        (tables.claims["subject"] == claim["subject"]) & (tables.claims["variable"] == claim["variable"])
        & (tables.claims["claim_id"] != claim["claim_id"])
    ]  # fmt: skip
    if others.empty or claim["variable"] == "statement":
        return ""
    columns = ["claim_id", "code", "status", "n_articles", "n_origins", "text"]
    table = write_table(columns, others[columns].itertuples(index=False))
    return write_details(
        f"Other claims on the same question ({len(others)})",
        table,
        is_open=claim["status"] == "contested",
    )


def mark_differences(model: str, text: str) -> str:
    """Return `text` as HTML with what it adds to `model` in `ins` and what it leaves out in `del`.

    Case and the form of quotation marks do not count. A passage that shares little with `model` is shown unmarked.
    """
    one, two = list(TOKEN.finditer(model)), list(TOKEN.finditer(text))
    if len(one) * len(two) > LONGEST:
        return escape_text(text)
    matcher = SequenceMatcher(
        None, [_fold(t) for t in one], [_fold(t) for t in two], autojunk=False
    )
    if matcher.quick_ratio() < ALIKE or matcher.ratio() < ALIKE:
        return escape_text(text)
    pieces, done = [], 0
    for operation, i, j, k, m in matcher.get_opcodes():
        start, end = (two[k].start(), two[m - 1].end()) if m > k else (done, done)
        pieces.append(escape_text(text[done:start]))
        if operation in ("delete", "replace"):
            lost = f"<del>{escape_text(model[one[i].start() : one[j - 1].end()])}</del>"
            pieces.append(
                f" {lost}"
                if operation == "delete" and not text[done : done + 1].strip()
                else f"{lost} "
            )
        said = escape_text(text[start:end])
        pieces.append(f"<ins>{said}</ins>" if operation in ("insert", "replace") else said)
        done = end
    return "".join([*pieces, escape_text(text[done:])])


def _fold(token: re.Match) -> str:
    return token.group().casefold().translate(FOLDED)
