"""The commands -> the command line that offers them."""

from __future__ import annotations

from typing import Annotated

import typer

from hkresearch.commands.checking import check, diff, trace, verify
from hkresearch.commands.making import add, build, report
from hkresearch.commands.messages import say
from hkresearch.commands.sharing import bundle, export, import_files, lab, merge

app = typer.Typer(name="hkresearch", no_args_is_help=True, pretty_exceptions_enable=False)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from hkresearch import __version__

        say(f"hkresearch {__version__}")
        raise typer.Exit


@app.callback()
def choose(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """From saved news pages to published reports whose every statement leads back to its page."""


for command in (add, build, report, check, trace, verify, bundle, diff, export):
    app.command()(command)
app.command(name="import")(import_files)
app.command(name="merge-codings")(merge)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)
