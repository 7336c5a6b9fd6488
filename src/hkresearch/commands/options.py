"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from hkresearch.core.article import HkresearchError

NOTEBOOKS = Path("notebooks")

RawOption = Annotated[
    Path, typer.Option("--raw", help="Folder with the pages and their register, articles.csv.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for the tables.", show_default="data/processed")
]
ReportsOption = Annotated[Path, typer.Option("--reports", help="Folder of the reports.")]
CodebookOption = Annotated[
    str | None, typer.Option("--codebook", help="A shipped codebook's id, or a .toml file.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Processes that code pages.",
        show_default="as many as cores and new pages pay for",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Exit with status 1 when a page was refused.")
]
ParameterOption = Annotated[
    list[str] | None,
    typer.Option(
        "-p", "--parameter", metavar="NAME VALUE", help="A notebook parameter: NAME=VALUE."
    ),
]


def list_notebooks() -> list[Path]:
    """Return the notebooks of the project in which the command runs."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def join_parameters(arguments: Sequence[str]) -> list[str]:
    """Return `arguments` with papermill's own spelling, `-p NAME VALUE`, as `-p NAME=VALUE`."""
    joined: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        joined.append(argument)
        if argument not in ("-p", "--parameter"):
            continue
        name = next(rest, "")
        value = None if "=" in name else next(rest, None)
        joined.append(name if value is None else f"{name}={value}")
    return joined


def read_parameters(pairs: Sequence[str]) -> dict[str, str]:
    """Return the values of NAME=VALUE by name; raises HkresearchError for anything else."""
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise HkresearchError(
                f"-p {pair!r}: expected NAME=VALUE (or NAME VALUE), "
                "for example: -p as_of=2020-07-06"
            )
        parameters[name] = value
    return parameters
