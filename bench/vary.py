"""A page's labelled lines -> the page as other tools and writers would have left it, to train on.

What saved text loses is the look of lists: round-ups, live blogs, question-and-answer pages and
company-by-company tables become short lines between short lines. Few annotated pages have them, so
running text is broken up the same way here.
"""

from __future__ import annotations

import random
import re

_SENTENCE = re.compile(r"(?<=[.!?。！？”\"])\s+(?=[\"“„«(]?[^\W\d_a-z])|(?<=[。！？])")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}")
STYLES = ("sentences", "items", "heads", "times", "lead")
BULLETS = ("• ", "- ", "* ", "– ", "· ", "▪ ", "→ ", "")

# Empty lines before it, its text, body (1, 0, -1 neither), title, byline.
Line = tuple[int, str, int, int, int]


def list_lines(text: str, start, body, titles, bylines) -> list[Line]:
    """Return the lines of `text` that are not white space, with the labels of each."""
    lines, gap, number = [], 0, 0
    for raw in text.split("\n"):
        if not raw.strip() or number >= len(start):
            gap += 1
            continue
        lines.append((gap, raw, int(body[number]), int(titles[number]), int(bylines[number])))
        gap, number = 0, number + 1
    return lines


def vary_page(lines: list[Line], seed: str) -> list[Line]:
    """Return a variant of the page: less furniture, some text as lists, other white space."""
    rng = random.Random(seed)
    lines = break_text(lines, rng) if rng.random() < 0.75 else lines
    lines = drop_furniture(lines, rng) if rng.random() < 0.7 else lines
    lines = scatter_furniture(lines, rng) if rng.random() < 0.4 else lines
    return change_gaps(lines, rng)


def break_text(lines: list[Line], rng: random.Random) -> list[Line]:
    """Return the page with some or all of its text as sentences, items or entries under heads."""
    page_style = rng.choice((*STYLES, "mixed"))
    share = rng.choice((0.15, 0.3, 0.6, 1.0))
    bullet = rng.choice(BULLETS)
    names = [name for _, text, body, _, _ in lines if body == 1 for name in _NAME.findall(text)]
    clock = rng.randrange(6 * 60, 14 * 60)
    broken: list[Line] = []
    n_left = 0  # lines that are still to be broken, of a run of them
    for line in lines:
        _, text, body, title, byline = line
        is_running_text = body == 1 and not title and not byline and len(text) >= 60
        if not is_running_text or (n_left <= 0 and rng.random() >= share):
            broken.append(line)
            continue
        n_left = n_left - 1 if n_left > 0 else rng.randrange(1, 6)
        style = rng.choice(STYLES) if page_style == "mixed" else page_style
        if style == "times":
            clock += rng.randrange(4, 40)
        broken += break_line(line, style, names, bullet, clock, rng)
    return broken


def break_line(
    line: Line, style: str, names: list[str], bullet: str, clock: int, rng: random.Random
) -> list[Line]:
    """Return one line of running text as lines of a style; `clock` is in minutes."""
    gap, text = line[:2]
    pieces = [piece for piece in _SENTENCE.split(text.strip()) if piece and piece.strip()]
    if style == "sentences":
        return [(gap, piece, 1, 0, 0) for piece in join_some(pieces, rng)]
    if style == "items":
        if rng.random() < 0.4:
            pieces = [shorten(piece, rng) for piece in pieces]
        return [(gap, bullet + piece, 1, 0, 0) for piece in pieces]
    if style == "heads":
        return put_under_head(gap, text, pieces, names, rng)
    if style == "times":
        return put_under_time(gap, pieces, clock, rng)
    lead = rng.choice(names) if names else text.split()[0]
    mark = rng.choice((".", ":", " -", " –"))
    return [(gap, f"{bullet}{lead}{mark} {' '.join(pieces[:2])}", 1, 0, 0)]


def put_under_head(
    gap: int, text: str, pieces: list[str], names: list[str], rng: random.Random
) -> list[Line]:
    """Return the first sentences as an entry under a name or under the text's first words."""
    if names and rng.random() < 0.7:
        head = rng.choice(names)
    else:
        head = " ".join(text.split()[: rng.randrange(2, 7)]).rstrip(".,;:")
    entry = " ".join(pieces[: rng.randrange(1, 4)])
    return [
        (max(gap, 1), head, 1, 0, 0),
        (rng.randrange(2), shorten(entry, rng, 0.3), 1, 0, 0),
    ]


def put_under_time(gap: int, pieces: list[str], clock: int, rng: random.Random) -> list[Line]:
    """Return the first sentences under or after a time of the day, as live blogs have them."""
    stamp = f"{clock // 60 % 24:02d}:{clock % 60:02d}"
    entry = " ".join(pieces[: rng.randrange(1, 4)])
    if rng.random() < 0.5:
        return [(max(gap, 1), stamp, -1, 0, 0), (0, entry, 1, 0, 0)]
    return [(max(gap, 1), f"{stamp} {entry}", 1, 0, 0)]


def join_some(pieces: list[str], rng: random.Random) -> list[str]:
    """Return the sentences, now and then two on a line."""
    joined: list[str] = []
    for piece in pieces:
        if joined and rng.random() < 0.25:
            joined[-1] += " " + piece
        else:
            joined.append(piece)
    return joined


def shorten(text: str, rng: random.Random, chance: float = 0.6) -> str:
    """Return the first words of `text`, as an entry of a table has it, or all of it."""
    words = text.split()
    if len(words) < 5 or rng.random() >= chance:
        return text
    cut = " ".join(words[: rng.randrange(2, min(len(words), 13))]).rstrip(".,;:")
    return cut + rng.choice((".", ".", ";", ""))


def drop_furniture(lines: list[Line], rng: random.Random) -> list[Line]:
    """Return the page with runs of furniture gone or cut short, as on a half-stripped page."""
    chance = rng.random()
    kept: list[Line] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and line[2] == 0 and not line[3] and not line[4]:
            run.append(line)
            continue
        if rng.random() < chance:
            size = rng.choice((0, 0, 1, 2, 4, 8))
            run = run[-size:] if size and rng.random() < 0.5 else run[:size]
        kept += run
        run = []
        if line is not None:
            kept.append(line)
    return kept


def scatter_furniture(lines: list[Line], rng: random.Random) -> list[Line]:
    """Return the page with a few of its furniture lines moved between lines of running text."""
    loose = [
        line
        for line in lines
        if line[2] == 0 and not line[3] and not line[4] and len(line[1]) < 120
    ]
    inside = [i for i, line in enumerate(lines) if line[2] == 1][1:]
    if not loose or not inside:
        return lines
    places = {rng.choice(inside): rng.choice(loose) for _ in range(rng.randrange(1, 4))}
    scattered: list[Line] = []
    for i, line in enumerate(lines):
        if i in places:
            scattered.append(places[i])
        scattered.append(line)
    return scattered


def change_gaps(lines: list[Line], rng: random.Random) -> list[Line]:
    """Return the page with its empty lines and indents kept, made alike, or gone."""
    way = rng.choice(("keep", "keep", "one", "none", "some"))
    flat = rng.random() < 0.6
    gaps = {
        "keep": lambda gap: gap,
        "one": lambda gap: 1,
        "none": lambda gap: 0,
        "some": lambda gap: min(gap, 1),
    }
    return [
        (gaps[way](gap), text.strip() if flat else text, *labels) for gap, text, *labels in lines
    ]


def join_lines(lines: list[Line]) -> str:
    """Return the text layer of the lines."""
    return "\n".join("\n" * gap + text for gap, text, *_ in lines)
