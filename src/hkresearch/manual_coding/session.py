"""Passages and one person's answers -> rows of decisions.csv or of the coder's own file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from hkresearch.core.article import Article, HkresearchError
from hkresearch.core.files import DECISIONS_FILE
from hkresearch.manual_coding.csv_ledger import (
    LedgerRow,
    Objection,
    enter_row,
    object_to_nothing,
    read_ledger,
    withdraw_row,
)
from hkresearch.manual_coding.passage_queue import Passage
from hkresearch.reconcile.decisions import DECISION_COLUMNS
from hkresearch.tables.coding_checks import NOTHING_TO_CODE, READ, find_code_faults, list_codes
from hkresearch.tables.coding_files import CODING_COLUMNS, CODINGS

NO_REASON = "no reason given"  # a decision has one, if only this
SAME_DECISION = ("target", "coder")
SAME_CODING = ("article_id", "start", "end", "subject", "variable", "coder")
PLAIN_NAME = re.compile(r"[^\W_][\w. -]{0,59}\Z")


# What undoing takes: the answer's file and columns, its row, the rows it replaced, and where in the
# queue it was given.
GivenAnswer = tuple[Path, Sequence[str], LedgerRow, Sequence[LedgerRow], int]


@dataclass(slots=True)
class Judging:
    """Where a person stands in a queue of passages.

    Every answer is on the disk before the next passage is shown.

    With `own` the answers are codings in `folder`/codings/<coder>.csv, else decisions in
    `folder`/decisions.csv.
    """

    queue: list[Passage]
    articles: Mapping[str, Article]
    book: Mapping[str, Any]
    words: Mapping[str, str]  # of the annotations that others are attributes of
    coder: str
    folder: Path
    own: bool
    at: int = 0
    added: list[Passage] = field(default_factory=list)
    _done: list[GivenAnswer] = field(default_factory=list)

    @property
    def own_file(self) -> Path:
        return self.folder / CODINGS / f"{self.coder}.csv"

    @property
    def file(self) -> Path:
        return self.own_file if self.own else self.folder / DECISIONS_FILE

    @property
    def passage(self) -> Passage:
        return self.queue[self.at]

    def list_codes(self, variable: str) -> list[str]:
        """Return the codes that an answer for `variable` may be, [] where any value may stand."""
        return list_codes(variable, self.book)

    def find_answers(self) -> list[str]:
        """Return this coder's answer to each passage of the queue, as it stands in the file now.

        "" for none yet.
        """
        columns, said = (CODING_COLUMNS, "code") if self.own else (DECISION_COLUMNS, "decision")
        answers = {}
        for row in read_ledger(self.file, columns):
            if self._is_mine(row):
                answers[self._make_row_key(row)] = row[said]
        return [answers.get(self._make_key(passage), "") for passage in self.queue]

    def _make_row_key(self, row: LedgerRow) -> tuple[str, ...]:
        """Return what tells the rows of this person's file apart."""
        return _make_coding_key(row) if self.own else (row["target"],)

    def _make_key(self, passage: Passage) -> tuple[str, ...]:
        """Return the key of the row that answers `passage`."""
        if self.own:
            return _make_coding_key(self._write_coding(passage, ""))
        return (passage.annotation_id,)

    def _is_mine(self, row: LedgerRow) -> bool:
        return " ".join(row.get("coder", "").split()) == self.coder

    def answer(self, code: str, reason: str = "") -> str:
        """Write that the passage's code is `code` (`none`: nothing to code).

        Return what was written, in words.
        """
        passage = self.passage
        self._check_code(passage.variable, code)
        if self.own:
            row = self._write_coding(passage, code, reason)
            self._enter(self.file, CODING_COLUMNS, row, SAME_CODING)
            return f"{passage.variable} = {code}"
        decision = _choose_decision(passage, code)
        row = {
            "target": passage.annotation_id,
            "decision": decision,
            "reason": _tidy(reason) or NO_REASON,
            "coder": self.coder,
            "date": _read_clock(),
        }
        self._enter(self.file, DECISION_COLUMNS, row, SAME_DECISION, self._object)
        return decision

    def _object(self, row: LedgerRow) -> str:
        """Return an objection to a second person's decision: the two would undo each other."""
        if row.get("target") != self.passage.annotation_id or self._is_mine(row):
            return ""
        return (
            f"{row['coder']} decided this one already ({row['decision']}, {row['date']}). "
            f"Nothing was written: talk to {row['coder']}, or code into a file of your own "
            "(own=True)."
        )

    def add(
        self,
        article_id: str,
        start: int,
        end: int,
        subject: str,
        variable: str,
        code: str,
        reason: str = "",
    ) -> str:
        """Write a passage that no coder found into the coder's own file.

        Spaces at its edges are left out.
        """
        text = self.articles[article_id].text
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
        if not 0 <= start < end <= len(text):
            raise HkresearchError("Nothing is selected: select the words of the passage first.")
        self._check_code(variable, code)
        if subject != article_id and subject not in self.book["entities"]:
            raise HkresearchError(
                f"{subject!r} is neither this page nor an entity of the codebook."
            )
        passage = Passage(
            article_id, start, end, text[start:end], subject, variable, code, self.coder
        )
        row = self._write_coding(passage, code, reason)
        self._enter(self.own_file, CODING_COLUMNS, row, SAME_CODING)
        self.added.append(passage)
        return f"added {variable} = {code}"

    def mark_read(self) -> str:
        """Write that the page was read in full for the variable.

        What is not coded there is not there.
        """
        passage = self.passage
        page = self.articles[passage.article_id]
        whole = replace(
            passage, start=0, end=len(page.text), exact="", subject=page.id, variable=READ
        )
        row = self._write_coding(whole, passage.variable)
        self._enter(self.own_file, CODING_COLUMNS, row, (*SAME_CODING, "code"))
        return f"read in full for {passage.variable}"

    def _check_code(self, variable: str, code: str) -> None:
        faults = [] if code.strip() else ["no code was given"]
        if faults := [*faults, *find_code_faults(variable, code, self.book)]:
            raise HkresearchError("; ".join(faults) + ".")

    def undo(self) -> str:
        """Take this person's last answer out of its file and put back what it replaced.

        Return it in words.
        """
        path, columns, row, replaced, at = self._done.pop() if self._done else self._find_earlier()
        if not withdraw_row(path, columns, row, replaced):
            raise HkresearchError(f"{path} no longer holds that answer; nothing was changed.")
        self.at = at
        if columns is DECISION_COLUMNS:
            return f"{row['decision']} of {row['date']}"
        key = _make_coding_key(row)
        self.added = [
            passage
            for passage in self.added
            if _make_coding_key(self._write_coding(passage, "")) != key
        ]
        return f"{row['variable']} = {row['code']} of {row['date']}"

    def _find_earlier(self) -> GivenAnswer:
        """Return the last answer that this person gave before this view was opened."""
        columns = CODING_COLUMNS if self.own else DECISION_COLUMNS
        mine = [row for row in read_ledger(self.file, columns) if self._is_mine(row)]
        if not mine:
            raise HkresearchError(
                f"Nothing to take back: {self.file} holds no answer by {self.coder}."
            )
        keys = [self._make_key(passage) for passage in self.queue]
        key = self._make_row_key(mine[-1])
        place = keys.index(key) if key in keys else self.at
        return self.file, columns, mine[-1], [], place

    def _enter(
        self,
        path: Path,
        columns: Sequence[str],
        row: LedgerRow,
        same: Sequence[str],
        objection: Objection = object_to_nothing,
    ) -> None:
        replaced = enter_row(path, columns, row, same, objection)
        self._done.append((path, columns, row, replaced, self.at))

    def _write_coding(self, passage: Passage, code: str, reason: str = "") -> dict[str, str]:
        """Return the row of the coder's own file that gives `passage` this code."""
        return {
            "article_id": passage.article_id,
            "start": str(passage.start),
            "end": str(passage.end),
            "exact": passage.exact,
            "subject": passage.subject,
            "variable": passage.variable,
            "code": code,
            "coder": self.coder,
            "date": _read_clock(),
            "reason": _tidy(reason),
        }


def _choose_decision(passage: Passage, code: str) -> str:
    """Return the verb of decisions.csv that makes the passage's code `code`."""
    if code == NOTHING_TO_CODE:
        return "reject"
    return "accept" if code == passage.code else f"recode {code}"


def _make_coding_key(row: LedgerRow) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in SAME_CODING)


def _tidy(words: str) -> str:
    return " ".join(words.split())


def _read_clock() -> str:
    return date.today().isoformat()  # when a person decided is input, not output


def check_coder(coder: str) -> str:
    """Return `coder` tidied; a name that could not be a file's name as well raises."""
    name = _tidy(coder)
    if not PLAIN_NAME.match(name) or name.endswith("."):
        raise HkresearchError(
            f"coder {coder!r}: write a name of letters, digits, spaces, dots and hyphens, "
            "such as 'anna'."
        )
    return name


def check_pages(queue: Sequence[Passage], articles: Mapping[str, Article]) -> None:
    """Raise unless every passage stands where its page says.

    Pages and tables must come from the same build.
    """
    for passage in queue:
        page = articles.get(passage.article_id)
        if page is None:
            raise HkresearchError(
                f"{passage.article_id}: this page is not among the articles given."
            )
        if page.text[passage.start : passage.end] != passage.exact:
            raise HkresearchError(
                f"{passage.article_id} {passage.start}:{passage.end} is not {passage.exact!r:.60}: "
                "the tables come from another state of the page. Type: hkresearch build"
            )
