"""Sizes, colours and letters that all charts share -> an empty Figure, ready to draw on."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from hkresearch.core.words import EAST_ASIAN_CHARACTER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart with every kind of colour vision.
BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
ORANGE, SKY, PURPLE = "#e69f00", "#56b4e9", "#cc79a7"
INK, QUIET_INK, RULE, PALE, PAPER = "#1b1f24", "#57606a", "#d0d7de", "#f0f3f6", "#ffffff"
# Inches: the text width of a printed page; on a phone it is shown at half this size.
CHART_WIDTH = 7.2
SIZE, SMALL = 12, 10.5  # points: still legible at half size

MOST_ROWS_DRAWN = 30  # rows that a chart draws; what it leaves out it says

NOTHING_FOUND = "Nothing found in these pages"
STRAIGHT_QUOTES = str.maketrans("“”‘’", "\"\"''")


@cache
def list_families() -> list[str]:
    """Return the font families for charts: those of reports, else what matplotlib brings."""
    try:
        from hkresearch.display.fonts import add_chart_fonts

        return add_chart_fonts()
    except (ImportError, OSError):
        return ["DejaVu Sans"]


def set_letters(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Return `draw` with the report's letters in force while it runs.

    Nobody else's settings change.
    """

    @wraps(draw)
    def draw_in_letters(*args: Any, **kwargs: Any) -> Figure:
        import matplotlib

        # font.family itself must hold the list: with a list in font.sans-serif alone, Han
        # characters come out empty. A page's "$" is a dollar sign, not mathematics.
        settings: Any = {
            "font.family": list_families(),
            "font.size": SIZE,
            "axes.unicode_minus": False,
            "text.parse_math": False,
        }
        with matplotlib.rc_context(settings):
            return draw(*args, **kwargs)

    return draw_in_letters


def make_figure(height: float) -> Figure:
    """Return an empty Figure CHART_WIDTH inches wide.

    It stays so wide when its margins are trimmed on saving.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    figure = Figure(figsize=(CHART_WIDTH, height))
    FigureCanvasAgg(figure)
    figure.add_artist(
        Rectangle((0, 0), 1, 1, transform=figure.transFigure, fill=False, linewidth=0)
    )
    return figure


def add_axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Return axes placed in inches from the lower left corner, without frame and ticks."""
    total_width, total_height = figure.get_size_inches()
    axes: Axes = figure.add_axes(
        (left / total_width, bottom / total_height, width / total_width, height / total_height)
    )
    axes.set_frame_on(False)
    axes.tick_params(length=0, colors=INK, labelsize=SMALL)
    # So matplotlib need not measure all ticks to place labels that there are none of.
    axes.xaxis.set_label_coords(0, 0)
    axes.yaxis.set_label_coords(0, 0)
    return axes


def draw_nothing(message: str = NOTHING_FOUND) -> Figure:
    """Return a Figure that says that there is nothing to draw."""
    figure = make_figure(1.0)
    figure.text(0.5, 0.5, message, ha="center", va="center", color=QUIET_INK, fontsize=SIZE)
    return figure


def measure_text(figure: Figure, texts: Iterable[str], size: float = SMALL) -> float:
    """Return the width in inches of the widest of `texts`."""
    canvas: Any = figure.canvas
    renderer = canvas.get_renderer()
    widest = 0.0
    for text in texts:
        artist = figure.text(0, 0, text, fontsize=size)
        widest = max(widest, artist.get_window_extent(renderer).width / figure.dpi)
        artist.remove()
    return widest


def wrap_text(text: str, width: int, n_lines: int = 2) -> str:
    """Return `text` on at most `n_lines` lines of about `width` letters, cut with an ellipsis.

    Han counts double.
    """
    text = straighten_quotes(" ".join(str(text).split()))
    if is_wide(text):
        width = max(2, width // 2)
    lines = textwrap.wrap(text, width, max_lines=n_lines, placeholder="…", break_on_hyphens=False)
    return "\n".join(lines) or text


def straighten_quotes(text: str) -> str:
    """Return Latin text with straight quotation marks.

    The Han typeface, which comes first, sets curly ones a letter wide.
    """
    return text if is_wide(text) else text.translate(STRAIGHT_QUOTES)


def is_wide(text: str) -> bool:
    """Return whether most characters of `text` are East Asian."""
    return len(EAST_ASIAN_CHARACTER.findall(text)) * 2 > len(text)


def write_chart_note(figure: Figure, text: str) -> None:
    """Write `text`, if any, under a finished figure, which grows by it when it is saved."""
    if text:
        y = -0.12 / figure.get_size_inches()[1]
        wrapped = textwrap.fill(text, 88)
        figure.text(0, y, wrapped, fontsize=SMALL, color=QUIET_INK, va="top")


def write_beside_bar(axes: Axes, x: float, y: float, text: str) -> None:
    """Write `text` beside the end of a bar."""
    axes.annotate(
        text, (x, y), (4, 0), textcoords="offset points", va="center_baseline", fontsize=SMALL,
        color=INK, annotation_clip=False,
    )  # fmt: skip


def say_rest(n_drawn: int, n_rows: int, what: str) -> str:
    """Return the sentence that says which rows a chart leaves out, if any."""
    if n_drawn >= n_rows:
        return ""
    return f"Drawn are {n_drawn} of {n_rows:,} {what}; for the others see the data of this figure."


def write_gid(evidence: Iterable[str]) -> str | None:
    """Return the id by which a mark on a chart opens its passages, or None without evidence."""
    ids = list(evidence)
    return "evidence:" + ";".join(ids) if ids else None


def draw_key(
    figure: Figure, entries: list[tuple[dict[str, Any], str]], left: float, bottom: float
) -> None:
    """Draw one line of marks and their meaning, in inches from the lower left corner.

    It wraps at the right edge.
    """
    from matplotlib.lines import Line2D

    width, height = figure.get_size_inches()
    x, y = left, bottom
    for mark, text in entries:
        needed = 0.42 + measure_text(figure, [text])
        if x > left and x + needed > width:
            x, y = left, y - 0.26
        point = figure.add_artist(Line2D([(x + 0.1) / width], [y / height], linestyle="", **mark))
        point.set_transform(figure.transFigure)
        figure.text(
            (x + 0.25) / width,
            y / height,
            text,
            fontsize=SMALL,
            va="center_baseline",
            color=QUIET_INK,
        )
        x += needed


def count_key_lines(figure: Figure, texts: list[str], left: float) -> int:
    """Return how many lines draw_key will need for `texts`."""
    width = figure.get_size_inches()[0]
    x, n_lines = left, 1
    for text in texts:
        needed = 0.42 + measure_text(figure, [text])
        if x > left and x + needed > width:
            x = left
            n_lines += 1
        x += needed
    return n_lines
