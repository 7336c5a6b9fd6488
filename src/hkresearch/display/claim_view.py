"""Tables and a claim -> the passages it rests on, side by side, with their differences marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hkresearch.core.safe_text import escape_text, reveal_text
from hkresearch.core.word_diff import are_similar, diff_words
from hkresearch.core.words import DIFF_TOKEN
from hkresearch.display.article_view import PageView
from hkresearch.display.html_cards import write_card, write_details, write_html_table

if TYPE_CHECKING:
    from hkresearch.tables.tables import Tables

PLAIN_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
# Below this share of common words two passages are two sentences, and marking every word would say
# nothing.
LEAST_SHARED = 0.4
MOST_PAIRS = 3_000_000  # of words compared
CLAIM_STYLE = (
    ".hk-sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));"
    "gap:.8em;margin:.5em 0}"
    ".hk-side{border:1px solid rgba(127,127,127,.4);border-top:3px solid rgba(59,130,246,.8);"
    "border-radius:4px;padding:.5em .8em}"
    ".hk-side .hk-words{white-space:pre-wrap}.hk-side .hk-around{opacity:.72}"
    ".hk ins{text-decoration:underline 2px rgba(34,197,94,.95);background:rgba(34,197,94,.22)}"
    ".hk del{text-decoration:line-through 2px rgba(239,68,68,.95);background:rgba(239,68,68,.18)}"
)
KEY = '<p class="hk-quiet">Against the claim’s text: <ins>added</ins>, <del>left out</del>.</p>'
WORDING_LABELS = {
    "verbatim": "verbatim",
    "fragment": "a part of it",
    "altered": "altered",
    "paraphrase": "retold",
    "translated": "another language",
}
RIVAL_COLUMNS = ["claim_id", "code", "status", "n_articles", "n_origins", "text"]

AppearanceRow = Mapping[str, Any]  # of `trace_claim`


def show_claim(tables: Tables, claim_id: str) -> PageView:
    """Return the passages that a claim rests on, side by side; words added and lost are marked.

    The beginning of the claim's id is enough where only one claim has it.

    >>> altered = tables.appearances.query("wording == 'altered'").claim_id.iloc[0]
    >>> "<ins>" in hk.show_claim(tables, altered)._repr_html_()
    True
    """
    from hkresearch.tables.trace import trace_claim

    order = list(WORDING_LABELS)
    traced = trace_claim(tables, claim_id).to_dict("records")
    rows = sorted(traced, key=lambda row: order.index(row["wording"]))
    claim = tables.claims[tables.claims["claim_id"] == rows[0]["claim_id"]].iloc[0]
    subject = tables.label_of(claim["subject"]) or "speaker not known"
    title = f"{subject} | {claim['variable']} = {claim['code']}"
    counts = f"{claim['n_articles']} page(s), {claim['n_origins']} independent origin(s)"
    about = f"{claim['status']}: {counts}. Claim {claim['claim_id']}"
    sides = "".join(_show_side(row, claim["text"]) for row in rows)
    html = write_card(
        title,
        f"<p>{escape_text(about)}.</p><p>Its text: <q>{escape_text(claim['text'])}</q></p>",
        KEY,
        f'<div class="hk-sides">{sides}</div>',
        _show_rivals(tables, claim),
        style=CLAIM_STYLE,
    )
    return PageView(html, "\n".join([f"{title} ({about})", *map(_write_line, rows)]))


def _write_line(row: AppearanceRow) -> str:
    words = reveal_text(" ".join(row["exact"].split()))
    return f"  {row['article_id']}, line {row['line']} ({row['wording']}): {words}"


def _show_side(row: AppearanceRow, model: str) -> str:
    """Return one passage, marked against `model`, the text of the claim."""
    publisher = row["publisher"] or "outlet unknown"
    date = row["date_published"] or "no date"
    place = f"line {row['line']}, characters {row['start']}–{row['end']}"
    is_translated = row["wording"] == "translated"
    text = row["exact"]
    marked = escape_text(text) if is_translated else highlight_changes(model, text)
    wording = WORDING_LABELS[row["wording"]]
    if row["wording"] == "altered" and "<ins>" not in marked and "<del>" not in marked:
        wording = "in other words"
    before, after = escape_text(row["before"]), escape_text(row["after"])
    source = escape_text(f"{row['file']}, {place}, {row['coder']}")
    return (
        f'<div class="hk-side"><p><strong>{escape_text(f"{publisher}, {date}")}</strong> '
        f'({wording})</p><p class="hk-words"><span class="hk-around">{before}</span>{marked}'
        f'<span class="hk-around">{after}</span></p><p class="hk-quiet">{source}</p></div>'
    )


def _show_rivals(tables: Tables, claim: Mapping[str, Any]) -> str:
    """Return what else is claimed on the same question.

    Nothing for statements, which answer none.
    """
    claims = tables.claims
    is_same_question = (claims["subject"] == claim["subject"]) & (
        claims["variable"] == claim["variable"]
    )
    others = claims[is_same_question & (claims["claim_id"] != claim["claim_id"])]
    if others.empty or claim["variable"] == "statement":
        return ""
    table = write_html_table(RIVAL_COLUMNS, others[RIVAL_COLUMNS].itertuples(index=False))
    summary = f"Other claims on the same question ({len(others)})"
    return write_details(summary, table, is_open=claim["status"] == "contested")


def highlight_changes(model: str, text: str) -> str:
    """Return `text` as HTML with what it adds to `model` in `ins` and what it leaves out in `del`.

    Case and the form of quotation marks do not count. A passage that shares little with `model` is
    shown unmarked.
    """
    old, new = list(DIFF_TOKEN.finditer(model)), list(DIFF_TOKEN.finditer(text))
    if len(old) * len(new) > MOST_PAIRS:
        return escape_text(text)
    old_words, new_words = [_fold(token) for token in old], [_fold(token) for token in new]
    if not are_similar(old_words, new_words, LEAST_SHARED):
        return escape_text(text)
    pieces = []
    done = 0  # characters of `text`
    for edit in diff_words(old_words, new_words):
        start = end = done
        if edit.new_end > edit.new_start:
            start, end = new[edit.new_start].start(), new[edit.new_end - 1].end()
        pieces.append(escape_text(text[done:start]))
        if edit.operation in ("delete", "replace"):
            words = model[old[edit.old_start].start() : old[edit.old_end - 1].end()]
            lost = f"<del>{escape_text(words)}</del>"
            follows_word = edit.operation == "delete" and not text[done : done + 1].strip()
            pieces.append(f" {lost}" if follows_word else f"{lost} ")
        said = escape_text(text[start:end])
        is_added = edit.operation in ("insert", "replace")
        pieces.append(f"<ins>{said}</ins>" if is_added else said)
        done = end
    return "".join([*pieces, escape_text(text[done:])])


def _fold(token: re.Match[str]) -> str:
    return token.group().casefold().translate(PLAIN_MARKS)
