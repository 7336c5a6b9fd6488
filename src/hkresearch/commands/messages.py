"""What a command has to say -> lines on the terminal, and its exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import typer

from hkresearch.core.safe_text import reveal_text

if TYPE_CHECKING:
    from hkresearch.pipeline.workflow import Outcome


def say(line: str, stream: TextIO | None = None) -> None:
    """Print `line`, on standard output if no `stream` is given, above any progress bar."""
    visible = _reveal_controls(line)
    if "tqdm" in sys.modules and stream is None:
        sys.modules["tqdm"].tqdm.write(visible)
    else:
        print(visible, file=stream or sys.stdout, flush=True)


def _reveal_controls(line: str) -> str:
    """Return `line`, which may quote pages, so that nothing in it acts on a terminal."""
    return reveal_text(line).replace("\r", "\u240d").replace("\f", "\u240c")


def warn(line: str) -> None:
    """Print `line` on standard error."""
    say(line, sys.stderr)


def list_faults(faults: Sequence[str], what: str = "") -> None:
    """Print every fault and their number; exit with status 1 if there is one."""
    for fault in faults:
        warn(fault)
    say(f"{what}{len(faults)} fault(s).")
    if faults:
        raise typer.Exit(1)


def finish_run(outcome: Outcome, line: str, is_strict: bool) -> None:
    """Print how a build or publication ended: `line`, what failed, and the pages left out.

    The exit status is 1 when a report failed, and where `is_strict` when a page was left out.
    """
    say(f"{line}  (nothing had changed)" if outcome.is_unchanged else line)
    for failure in outcome.failed:
        warn(f"failed: {failure}")
    if outcome.refused:
        warn(f"warning: {len(outcome.refused)} page(s) refused; the others are built:")
    for file, reason in outcome.refused:
        warn(f"  {file}: {reason}")
    if outcome.failed or (outcome.refused and is_strict):
        raise typer.Exit(1)
