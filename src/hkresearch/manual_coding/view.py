"""Tables, pages and a coder's name -> a view to judge passage after passage by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hkresearch.core.article import Article, HkresearchError
from hkresearch.manual_coding.csv_ledger import FilePath
from hkresearch.manual_coding.passage_queue import list_passages, read_passages
from hkresearch.manual_coding.screen import (
    describe_book,
    describe_coded_page,
    describe_screen,
    name_file,
    write_static,
    write_view_text,
)
from hkresearch.manual_coding.session import Judging, check_coder, check_pages
from hkresearch.tables.coding_checks import NOTHING_TO_CODE

if TYPE_CHECKING:
    from pandas import DataFrame

    from hkresearch.tables.tables import Tables

WIDGET = "application/vnd.jupyter.widget-view+json"


class CodingView:
    """A widget in JupyterLab, static HTML elsewhere, and a method for every key.

    Each method returns what it did in a few words; the answer is on the disk by then.
    """

    def __init__(self, judging: Judging) -> None:
        self._judging = judging
        self._widget: Any = None
        self._status, self._is_error = "", False
        self._open_first()

    def accept(self, reason: str = "") -> str:
        """Agree with the code shown.

        A passage whose code is hidden cannot be accepted, only coded.
        """
        passage = self._judging.passage
        if not passage.code:
            return self._say("The code is hidden here: choose one.", is_error=True)
        return self._try(lambda: self._judging.answer(passage.code, reason), moves=True)

    def reject(self, reason: str = "") -> str:
        """Say that no code of the variable holds for the passage and its subject."""
        return self._try(lambda: self._judging.answer(NOTHING_TO_CODE, reason), moves=True)

    def recode(self, code: str, reason: str = "") -> str:
        """Say that `code` is the right one."""
        return self._try(lambda: self._judging.answer(code, reason), moves=True)

    def skip(self, n: int = 1) -> str:
        """Go `n` passages on (back, if negative) without an answer."""
        last = len(self._judging.queue) - 1
        self._judging.at = min(max(self._judging.at + n, 0), last)
        return self._say(f"Passage {self._judging.at + 1} of {last + 1}.")

    def undo(self) -> str:
        """Take back the last answer, here and in its file."""
        return self._try(lambda: f"Taken back: {self._judging.undo()}.")

    def add(
        self, start: int, end: int, subject: str, variable: str, code: str, reason: str = ""
    ) -> str:
        """Code a passage of the page shown that no coder found.

        It goes into the coder's own file.
        """
        page = self._judging.passage.article_id
        return self._try(
            lambda: self._judging.add(page, start, end, subject, variable, code, reason)
        )

    def mark_read(self) -> str:
        """Say that the page was read in full for the variable.

        What is not coded there counts as absent.
        """
        return self._try(self._judging.mark_read)

    def _try(self, act: Callable[[], str], moves: bool = False) -> str:
        before = self._judging.at
        try:
            done = act()
        except (HkresearchError, OSError) as error:
            return self._say(f"Nothing was saved: {error}", is_error=True)
        if not moves:
            return self._say(done if done.startswith("Taken") else f"Saved: {done}.")
        self._open_next()
        return self._say(f"Saved: passage {before + 1}, {done}.{self._count_rest()}")

    def _say(self, status: str, is_error: bool = False) -> str:
        self._status, self._is_error = status, is_error
        if self._widget is not None:
            self._widget.show(self._describe())
        return status

    def _count_rest(self) -> str:
        n_waiting = len(self._list_waiting())
        if n_waiting:
            return f" {n_waiting} to go."
        return f" That was the last one: all answers are in {name_file(self._judging.file)}."

    def _list_waiting(self) -> list[int]:
        return [n for n, answer in enumerate(self._judging.find_answers()) if not answer]

    def _open_first(self) -> None:
        waiting = self._list_waiting()
        self._judging.at = waiting[0] if waiting else 0
        done = len(self._judging.queue) - len(waiting)
        self._status = f"{done} of {len(self._judging.queue)} judged before." if done else ""

    def _open_next(self) -> None:
        """Go to the next passage without an answer, from the top again after the last."""
        waiting = self._list_waiting()
        later = [n for n in waiting if n > self._judging.at]
        if waiting:
            self._judging.at = (later or waiting)[0]

    def _describe(self) -> dict[str, Any]:
        return describe_screen(self._judging) | {"status": self._status, "is_error": self._is_error}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "text/html": write_static(self._judging)}
        if find_spec("anywidget") is None:
            return bundle
        if self._widget is None:
            from hkresearch.manual_coding.widget import open_widget

            pages = self._judging.articles
            self._widget = open_widget(
                self._obey, lambda id: describe_coded_page(pages[id]), describe_book(self._judging)
            )
            self._widget.show(self._describe())
        found = self._widget._repr_mimebundle_()
        return bundle | {WIDGET: (found[0] if isinstance(found, tuple) else found)[WIDGET]}

    def __repr__(self) -> str:
        return write_view_text(self._judging)

    def _obey(self, order: dict[str, Any]) -> None:
        """Do what a key or button of the widget asks for.

        It names its own passage, by number, so that none is judged unseen.
        """
        number, reason = order.get("at"), str(order.get("reason", ""))
        if isinstance(number, int) and 0 <= number < len(self._judging.queue):
            self._judging.at = number
        acts: dict[str, Callable[[], str]] = {
            "accept": lambda: self.accept(reason),
            "reject": lambda: self.reject(reason),
            "recode": lambda: self.recode(str(order["code"]), reason),
            "skip": lambda: self.skip(int(order["n"])),
            "undo": self.undo,
            "read": self.mark_read,
            "add": lambda: self.add(
                int(order["start"]),
                int(order["end"]),
                str(order["subject"]),
                str(order["variable"]),
                str(order["code"]),
                reason,
            ),
        }
        try:
            acts[order["do"]]()
        except (KeyError, TypeError, ValueError) as error:
            self._say(
                f"Nothing was saved: the view sent something else than an answer ({error!r}).",
                is_error=True,
            )


def code_passages(
    tables: Tables,
    articles: Iterable[Article],
    passages: DataFrame | None = None,
    *,
    coder: str,
    variables: str | Sequence[str] = "position",
    folder: FilePath = "data/raw",
    own: bool = False,
) -> CodingView:
    """Return a view in which `coder` judges passages one by one.

    Every answer is on the disk at once, with undo.

    Shown are all passages coded for `variables`, or the rows of `passages`: some of
    `tables.annotations`, or what `draw_sample` drew, whose codes stay hidden. Answers go to
    `folder`/decisions.csv, which every later build obeys; with `own`, for a sample, and for
    passages added by hand, to `folder`/codings/<coder>.csv, which corrects nothing and serves to
    compare coders. A view opened again goes on where that coder stopped.

    >>> view = hk.code_passages(tables, articles, coder="anna", folder="data/by-hand")
    >>> view.accept("as the page says")
    'Saved: passage 1, accept. ... to go.'
    >>> view.undo()
    'Taken back: accept of ...'
    """
    variables = (variables,) if isinstance(variables, str) else tuple(variables)
    queue = list_passages(tables, variables) if passages is None else read_passages(passages)
    if not queue:
        raise HkresearchError("There is no passage to judge: the passages given are none.")
    pages = {article.id: article for article in articles}
    check_pages(queue, pages)
    own = own or not all(passage.annotation_id for passage in queue)
    annotations = tables.annotations
    subjects = {passage.subject for passage in queue}
    described = annotations[annotations["annotation_id"].isin(subjects)]
    words = dict(zip(described["annotation_id"], described["exact"], strict=True))
    place = _find_folder(Path(folder))
    return CodingView(Judging(queue, pages, tables.codebook, words, check_coder(coder), place, own))


def _find_folder(folder: Path) -> Path:
    """Return `folder`, looked for upward from the working directory as `read_tables` does."""
    if folder.is_absolute():
        return folder.resolve()
    for near in (folder, folder.parent):
        if near == Path():
            continue
        for base in (Path.cwd(), *Path.cwd().parents):
            if (base / near).is_dir():
                return (base / folder).resolve()
    return folder.resolve()
