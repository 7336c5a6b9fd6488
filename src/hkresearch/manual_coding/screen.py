"""A Judging -> what its screen shows: as data for the widget, as static HTML, as plain text.

Page text stays text.
"""

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
from hkresearch.tables.coding_checks import NOTHING_TO_CODE

# Characters that would be obeyed instead of shown; each is replaced by exactly one, so that no
# offset moves.
CONTROL_CHARACTER = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
LANGUAGE_TAG = re.compile(r"[A-Za-z0-9-]{2,20}")
LONGEST_SUBJECT = 60  # characters of the words that a passage describes
CONTEXT_WIDTH = 160  # characters of context each side in the static form
OWN_QUESTIONS = {
    "quotation": "How are the words given: word for word, in the page's own words, or both?",
    "part": "What is this part of the page?",
    "modality": "Does the page state it, expect it, or say that it is considered?",
    "organisation": "Whose words are they?",
}


def show_controls(text: str) -> str:
    """Return `text` with each control and direction mark as a visible sign, of the same length."""
    return CONTROL_CHARACTER.sub(_replace_control, text)


def _replace_control(found: re.Match[str]) -> str:
    character = found.group()
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"


def describe_coded_page(article: Article) -> dict[str, str]:
    """Return a page as the widget shows it; its text has as many code points as the text layer."""
    source = [article.publisher, article.date_published, article.file]
    language = article.in_language
    return {
        "id": article.id,
        "title": show_controls(article.headline or article.id),
        "where": show_controls(" · ".join(filter(None, source))),
        "language": language if LANGUAGE_TAG.fullmatch(language) else "",
        "text": show_controls(article.text),
    }


def describe_book(judging: Judging) -> dict[str, Any]:
    """Return what a passage added by hand may be about: entities, and variables with codes."""
    labels = {id: entity.get("label", id) for id, entity in judging.book["entities"].items()}
    subjects = sorted(labels.items(), key=lambda item: item[1].casefold())
    variables = judging.book["variables"]
    coded = sorted({passage.variable for passage in judging.queue})
    names = dict.fromkeys([*coded, *variables])
    shown = [name for name in names if "attribute_of" not in variables.get(name, {})]
    return {
        "subjects": [{"id": id, "label": label} for id, label in subjects],
        "variables": [_describe_variable(name, judging) for name in shown],
    }


def _describe_variable(name: str, judging: Judging) -> dict[str, Any]:
    label = _name_variable(name, judging.book)
    return {"id": name, "label": label, "codes": _label_codes(name, judging)}


def describe_screen(judging: Judging) -> dict[str, Any]:
    """Return what the widget shows of the passage at hand.

    Without its code where the question is blind.
    """
    passage, answers = judging.passage, judging.find_answers()
    shown = judging.added if _is_blind(passage) else [*judging.queue, *judging.added]
    marks = {
        (other.start, other.end)
        for other in shown
        if other.article_id == passage.article_id and other is not passage
    }
    return {
        "at": judging.at,
        "total": len(answers),
        "n_answered": sum(map(bool, answers)),
        "article_id": passage.article_id,
        "start": passage.start,
        "end": passage.end,
        "marks": sorted(marks),
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
    }


def name_file(path: Path) -> str:
    """Return the end of `path`, enough to know which file it is."""
    return "/".join(path.parts[-3:])


def _is_blind(passage: Passage) -> bool:
    return not passage.code


def name_subject(passage: Passage, judging: Judging) -> str:
    """Return whom the passage is about: an entity's label, "this page", or the words described."""
    if passage.subject == passage.article_id:
        return "this page"
    if entity := judging.book["entities"].get(passage.subject):
        return str(entity.get("label", passage.subject))
    words = judging.words.get(passage.subject, "")
    if not words:
        return passage.subject
    end = "…" if len(words) > LONGEST_SUBJECT else ""
    return f"“{show_controls(words[:LONGEST_SUBJECT])}{end}”"


def ask_question(passage: Passage, book: Mapping[str, Any]) -> str:
    """Return what the codebook asks of the passage's variable."""
    asked = book["variables"].get(passage.variable, {}).get("question")
    return asked or OWN_QUESTIONS.get(passage.variable, "")


def _name_variable(variable: str, book: Mapping[str, Any]) -> str:
    return book["variables"].get(variable, {}).get("label") or variable.replace("_", " ")


def _label_code(variable: str, code: str, book: Mapping[str, Any]) -> str:
    if code == NOTHING_TO_CODE:
        return "nothing to code"
    codes = book["variables"].get(variable, {}).get("codes", {})
    label = codes.get(code, {}).get("label") or book["entities"].get(code, {}).get("label")
    return label or code.replace("_", " ")


def _label_codes(variable: str, judging: Judging) -> list[dict[str, str]]:
    codes = judging.list_codes(variable)
    return [{"code": code, "label": _label_code(variable, code, judging.book)} for code in codes]


def write_view_text(judging: Judging) -> str:
    """Return the passage at hand as lines of text, with what may be answered."""
    passage, answers = judging.passage, judging.find_answers()
    text = show_controls(judging.articles[passage.article_id].text)
    words = text[passage.start : passage.end]
    coded = "(hidden)" if _is_blind(passage) else f"{passage.code}  ({passage.coder})"
    codes = judging.list_codes(passage.variable)
    choices = " | ".join(map(repr, codes)) if codes else "VALUE"
    progress = f"{judging.at + 1} of {len(answers)}, {sum(map(bool, answers))} judged"
    lines = [
        f"<CodingView passage {progress}, in {name_file(judging.file)}>",
        f"{passage.article_id} {passage.start}:{passage.end}",
        f"  {_before(text, passage)}[[{words}]]{_after(text, passage)}",
        f"{name_subject(passage, judging)}: {ask_question(passage, judging.book)}",
        f"  coded: {coded}; your answer: {answers[judging.at] or '(none yet)'}",
        f"  .accept() .reject() .recode({choices}) .skip() .undo()",
    ]
    return "\n".join(lines)


def _before(text: str, passage: Passage) -> str:
    return " ".join(
        text[max(0, passage.start - CONTEXT_WIDTH) : passage.start].split("\n")[-2:]
    ).lstrip()


def _after(text: str, passage: Passage) -> str:
    return " ".join(text[passage.end : passage.end + CONTEXT_WIDTH].split("\n")[:2])


QUEUE_STYLE = (
    ".hk-by-hand .hk-queue{border-collapse:collapse;font:14px/1.5 system-ui,sans-serif;"
    "text-align:left}"
    ".hk-by-hand table.hk-queue th,.hk-by-hand table.hk-queue td"
    "{padding:.3em .7em;border-bottom:1px solid #8888;vertical-align:top;text-align:left}"
    ".hk-by-hand table.hk-queue td.hk-words"
    "{min-width:16em;max-width:44em;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".hk-queue mark{background:#fde68a;color:#111;padding:0 1px}"
    ".hk-scroll{max-width:100%;overflow-x:auto}"
    ".hk-how{font:14px/1.5 system-ui,sans-serif;max-width:46rem}"
)
MOST_QUEUE_ROWS = 50
QUEUE_HEADINGS = ("Passage", "Words", "About", "Coded", "Your answer")


def write_static(judging: Judging) -> str:
    """Return the queue as a table, for where no widget runs, and how to answer.

    It has MOST_QUEUE_ROWS rows, from the passage at hand on.
    """
    answers = judging.find_answers()
    numbers = range(judging.at, min(judging.at + MOST_QUEUE_ROWS, len(answers)))
    rows = "".join(_write_row(n, judging.queue[n], answers[n], judging) for n in numbers)
    head = "".join(f'<th scope="col">{name}</th>' for name in QUEUE_HEADINGS)
    n_more = len(answers) - len(numbers) - judging.at
    more = f'<p class="hk-how">{n_more:,} more follow.</p>' if n_more else ""
    table = f'<table class="hk-queue"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return (
        f'<div class="hk-by-hand {NO_FORMULAS}"><style>{QUEUE_STYLE}</style>'
        f'<p class="hk-how">{_explain_answers(judging, answers)}</p>'
        f'<div class="hk-scroll">{table}</div>{more}</div>'
    )


def _explain_answers(judging: Judging, answers: list[str]) -> str:
    """Return in HTML how far the coder is, and what to type."""
    codes = judging.list_codes(judging.passage.variable)
    code = escape(codes[0] if codes else "VALUE")
    n_judged = sum(map(bool, answers))
    return (
        f"{n_judged} of {len(answers)} passages judged by {escape(judging.coder)}; "
        f"answers go to <code>{escape(name_file(judging.file))}</code>. "
        "No keyboard view can be shown here. In a cell, with this view as <code>view</code>: "
        "<code>view.accept()</code>, <code>view.reject()</code>, "
        f"<code>view.recode(&quot;{code}&quot;)</code>, <code>view.skip()</code>, "
        "<code>view.undo()</code>; the first three take a reason too."
    )


def _write_row(number: int, passage: Passage, answer: str, judging: Judging) -> str:
    text = show_controls(judging.articles[passage.article_id].text)
    before, after = escape(_before(text, passage)), escape(_after(text, passage))
    words = escape(text[passage.start : passage.end])
    page = escape(show_controls(passage.article_id))
    subject = escape(name_subject(passage, judging))
    variable = escape(_name_variable(passage.variable, judging.book))
    coded = "(hidden)"
    if not _is_blind(passage):
        coded = _label_code(passage.variable, passage.code, judging.book)
    return (
        f'<tr><th scope="row">{number + 1}<br><small>{page}</small></th>'
        f'<td class="hk-words">{before}<mark>{words}</mark>{after}</td>'
        f"<td>{subject}: {variable}</td><td>{escape(coded)}</td><td>{escape(answer)}</td></tr>"
    )
