"""The command line: its process is prepared, its arguments are read, faults become messages."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence

from hkresearch.commands.app import app
from hkresearch.commands.messages import warn
from hkresearch.commands.options import join_parameters
from hkresearch.core.article import HkresearchError
from hkresearch.core.safe_text import write_any_letter

OBJECTS_BEFORE_COLLECTION = 50_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a fault is one readable message and exit status 1, not a traceback.

    Without `arguments` they are those of this process, which is then prepared for it.
    """
    if arguments is None:
        _prepare_process()
        arguments = sys.argv[1:]
    write_any_letter()
    try:
        app(args=join_parameters(arguments))
    except HkresearchError as error:
        warn(f"hkresearch: {error}")
        sys.exit(1)
    except OSError as error:
        what = f"{error.filename or 'the file system'}: {error.strerror or error}"
        warn(f"hkresearch: {what}. What was there before is left as it was.")
        sys.exit(1)


def _prepare_process() -> None:
    """Start again in UTF-8 where the locale is another; collect garbage and use threads less."""
    if sys.getfilesystemencoding() != "utf-8":  # it cannot write every page's name
        _restart_in_utf8()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)  # importing makes many objects and drops few
    atexit.register(gc.freeze)
    if sys.argv[1:2] in (["build"], ["report"]):
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for small products more only wait


def _restart_in_utf8() -> None:
    os.environ["PYTHONUTF8"] = "1"  # kernels and workers too
    command = [sys.executable, "-P", "-m", "hkresearch", *sys.argv[1:]]
    os.execv(sys.executable, [os.fsencode(word) for word in command])


if __name__ == "__main__":
    main()
