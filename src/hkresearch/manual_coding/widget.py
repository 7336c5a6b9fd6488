"""A screen as data -> an anywidget that shows it and sends back keys.

All its code lies beside this module.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class CodingWidget(anywidget.AnyWidget):
    """Draws `screen` and `page`.

    What a person does comes back as a message, and the answer is the next `screen`.
    """

    _esm = (HERE / "view.js").read_text(encoding="utf-8")
    _css = (HERE / "view.css").read_text(encoding="utf-8")
    book = traitlets.Dict().tag(sync=True)
    page = traitlets.Dict().tag(sync=True)
    screen = traitlets.Dict().tag(sync=True)

    def show(self, screen: dict[str, Any]) -> None:
        """Show `screen`; the page's text travels only when it is another page."""
        with self.hold_sync():
            if self.page.get("id") != screen["article_id"]:
                self.page = self.open_page(screen["article_id"])
            self.screen = {**screen, "serial": self.screen.get("serial", 0) + 1}


def open_widget(
    obey: Callable[[dict[str, Any]], None],
    open_page: Callable[[str], dict[str, str]],
    book: dict[str, Any],
) -> CodingWidget:
    """Return a widget that calls `obey` with every order a person gives.

    `open_page` describes a page by its id.
    """
    widget = CodingWidget(book=book)
    widget.open_page = open_page
    widget.on_msg(lambda _, order, buffers: obey(order if isinstance(order, dict) else {}))
    return widget
