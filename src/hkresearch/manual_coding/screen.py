"""A Judging -> what its screen shows: as data for the widget, as static HTML, as plain text; page text stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from hkresearch.core.article import Article
from hkresearch.core.safe_text import NO_FORMULAS
from hkresearch.manual_coding.passage_queue import Passage
from hkresearch.manual_coding.session import Judging
from hkresearch.tables.human_codings import NOTHING

# Characters that would be obeyed instead of shown; each is replaced by exactly one, so that no offset moves.
OBEYED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
AROUND = 160  # characters of context each side in the static form
OWN = {
    "quotation": "How are the words given: word for word, in the page's own words, or both?",
    "part": "What is this part of the page?",
    "modality": "Does the page state it, expect it, or say that it is considered?",
    "organisation": "Whose words are they?",
}


def show_controls(text: str) -> str:
    """Return `text` with each control and direction mark as a visible sign, of the same length."""
    return OBEYED.sub(
        lambda match: chr(0x2400 + ord(match.group())) if match.group() < " " else "\ufffd", text
    )


def describe_page(article: Article) -> dict[str, str]:
    """Return a page as the widget shows it; its text has as many code points as the text layer."""
    where = [article.publisher, article.date_published, article.file]
    return {
        "id": article.id,
        "title": show_controls(article.headline or article.id),
        "where": show_controls(" · ".join(filter(None, where))),
        "language": article.in_language
        if re.fullmatch(r"[A-Za-z0-9-]{2,20}", article.in_language)
        else "",
        "text": show_controls(article.text),
    }


def describe_book(judging: Judging) -> dict[str, Any]:
    """Return what a passage added by hand may be about: entities, and variables with their codes."""
    entities = judging.book["entities"]
    coded = {passage.variable for passage in judging.queue}
    names = [
        n
        for n in (*sorted(coded), *judging.book["variables"])
        if n in coded or n in judging.book["variables"]
    ]
    names = [
        n
        for n in dict.fromkeys(names)
        if "attribute_of" not in judging.book["variables"].get(n, {})
    ]
    return {
        "subjects": [
            {"id": id, "label": e.get("label", id)}
            for id, e in sorted(entities.items(), key=_by_label)
        ],
        "variables": [
            {"id": n, "label": _name_variable(n, judging.book), "codes": _label_codes(n, judging)}
            for n in names
        ],
    }


def _by_label(item: tuple[str, Mapping[str, Any]]) -> str:
    return item[1].get("label", item[0]).casefold()


def describe_screen(judging: Judging) -> dict[str, Any]:
    """Return what the widget shows of the passage at hand; without its code where the question is blind."""
    passage, answers = judging.passage, judging.find_answers()
    shown = judging.added if _is_blind(passage) else [*judging.queue, *judging.added]
    return {
        "at": judging.at,
        "total": len(answers),
        "n_answered": sum(map(bool, answers)),
        "article_id": passage.article_id,
        "start": passage.start,
        "end": passage.end,
        "marks": sorted({
            (p.start, p.end) for p in shown if p.article_id == passage.article_id and p is not passage
        }),
        "subject": name_subject(passage, judging),
        "subject_id": passage.subject,
        "variable": _name_variable(passage.variable, judging.book),
        "variable_id": passage.variable,
        "question": ask_question(passage, judging.book),
        "code": passage.code,
        "code_label": _label_code(passage.variable, passage.code, judging.book),
        "found_by": passage.coder,
        "is_blind": _is_blind(passage),
        "codes": _label_codes(passage.variable, judging),
        "answer": answers[judging.at],
        "coder": judging.coder,
        "file": name_file(judging.file),
        "own_file": name_file(judging.own_file),
    }  # fmt: skip


def name_file(path: Path) -> str:
    """Return the end of `path`, enough to know which file it is."""
    return "/".join(path.parts[-3:])


def _is_blind(passage: Passage) -> bool:
    return not passage.code


def name_subject(passage: Passage, judging: Judging) -> str:
    """Return whom or what the passage is about: an entity's label, "this page", or the words it describes."""
    if passage.subject == passage.article_id:
        return "this page"
    if entity := judging.book["entities"].get(passage.subject):
        return entity.get("label", passage.subject)
    words = judging.words.get(passage.subject, "")
    return (
        f"“{show_controls(words[:60])}{'…' if len(words) > 60 else ''}”"
        if words
        else passage.subject
    )


def ask_question(passage: Passage, book: Mapping[str, Any]) -> str:
    """Return what the codebook asks of the passage's variable."""
    return book["variables"].get(passage.variable, {}).get("question") or OWN.get(
        passage.variable, ""
    )


def _name_variable(variable: str, book: Mapping[str, Any]) -> str:
    return book["variables"].get(variable, {}).get("label") or variable.replace("_", " ")


def _label_code(variable: str, code: str, book: Mapping[str, Any]) -> str:
    if code == NOTHING:
        return "nothing to code"
    codes = book["variables"].get(variable, {}).get("codes", {})
    return (
        codes.get(code, {}).get("label")
        or book["entities"].get(code, {}).get("label")
        or code.replace("_", " ")
    )


def _label_codes(variable: str, judging: Judging) -> list[dict[str, str]]:
    return [
        {"code": c, "label": _label_code(variable, c, judging.book)}
        for c in judging.list_codes(variable)
    ]


def write_plain(judging: Judging) -> str:
    """Return the passage at hand as lines of text, with what may be answered."""
    passage, answers = judging.passage, judging.find_answers()
    text = show_controls(judging.articles[passage.article_id].text)
    coded = "(hidden)" if _is_blind(passage) else f"{passage.code}  ({passage.coder})"
    codes = judging.list_codes(passage.variable)
    progress = f"{judging.at + 1} of {len(answers)}, {sum(map(bool, answers))} judged"
    return "\n".join([
        f"<CodingView passage {progress}, in {name_file(judging.file)}>",
        f"{passage.article_id} {passage.start}:{passage.end}",
        f"  {_before(text, passage)}[[{text[passage.start : passage.end]}]]{_after(text, passage)}",
        f"{name_subject(passage, judging)}: {ask_question(passage, judging.book)}",
        f"  coded: {coded}; your answer: {answers[judging.at] or '(none yet)'}",
        f"  .accept() .reject() .recode({' | '.join(map(repr, codes)) if codes else 'VALUE'}) .skip() .undo()",
    ])  # fmt: skip


def _before(text: str, passage: Passage) -> str:
    return " ".join(text[max(0, passage.start - AROUND) : passage.start].split("\n")[-2:]).lstrip()


def _after(text: str, passage: Passage) -> str:
    return " ".join(text[passage.end : passage.end + AROUND].split("\n")[:2])


STYLE = (
    ".hk-by-hand .hk-queue{border-collapse:collapse;font:14px/1.5 system-ui,sans-serif;text-align:left}"
    ".hk-by-hand table.hk-queue th,.hk-by-hand table.hk-queue td"
    "{padding:.3em .7em;border-bottom:1px solid #8888;vertical-align:top;text-align:left}"
    ".hk-by-hand table.hk-queue td.hk-words{min-width:16em;max-width:44em;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".hk-queue mark{background:#fde68a;color:#111;padding:0 1px}.hk-scroll{max-width:100%;overflow-x:auto}"
    ".hk-how{font:14px/1.5 system-ui,sans-serif;max-width:46rem}"
)
SHOWN = 50


def write_static(judging: Judging) -> str:
    """Return the queue as a table, for where no widget runs: `SHOWN` rows from the passage on, and how to answer."""
    answers = judging.find_answers()
    numbers = range(judging.at, min(judging.at + SHOWN, len(answers)))
    rows = "".join(_write_row(n, judging.queue[n], answers[n], judging) for n in numbers)
    codes = judging.list_codes(judging.passage.variable)
    how = (
        f"{sum(map(bool, answers))} of {len(answers)} passages judged by {escape(judging.coder)}; answers go to "
        f"<code>{escape(name_file(judging.file))}</code>. No keyboard view can be shown here. In a cell, with this "
        "view as <code>view</code>: <code>view.accept()</code>, <code>view.reject()</code>, "
        f"<code>view.recode(&quot;{escape(codes[0] if codes else 'VALUE')}&quot;)</code>, <code>view.skip()</code>, "
        "<code>view.undo()</code>; the first three take a reason too."
    )
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Passage", "Words", "About", "Coded", "Your answer")
    )
    rest = len(answers) - len(numbers) - judging.at
    more = f'<p class="hk-how">{rest:,} more follow.</p>' if rest else ""
    table = f'<table class="hk-queue"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return (
        f'<div class="hk-by-hand {NO_FORMULAS}"><style>{STYLE}</style><p class="hk-how">{how}</p>'
        f'<div class="hk-scroll">{table}</div>{more}</div>'
    )


def _write_row(number: int, passage: Passage, answer: str, judging: Judging) -> str:
    text = show_controls(judging.articles[passage.article_id].text)
    words = (
        f"{escape(_before(text, passage))}<mark>{escape(text[passage.start : passage.end])}</mark>"
        f"{escape(_after(text, passage))}"
    )
    coded = (
        "(hidden)"
        if _is_blind(passage)
        else _label_code(passage.variable, passage.code, judging.book)
    )
    where = f"{number + 1}<br><small>{escape(show_controls(passage.article_id))}</small>"
    about = f"{escape(name_subject(passage, judging))}: {escape(_name_variable(passage.variable, judging.book))}"
    return (
        f'<tr><th scope="row">{where}</th><td class="hk-words">{words}</td><td>{about}</td><td>{escape(coded)}</td>'
        f"<td>{escape(answer)}</td></tr>"
    )
