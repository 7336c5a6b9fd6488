"""The command line's way in: ends at once where nothing has changed, else loads the commands."""

from __future__ import annotations

import sys

from hkresearch.pipeline.up_to_date import leave_if_fresh


def main() -> None:
    """Run the command line, loading no more than it needs."""
    leave_if_fresh(sys.argv[1:])
    from hkresearch.__main__ import main as run

    run()
