"""The command line as a user runs it, or, where nothing depends on a process of its own, in this one."""

import hashlib
import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from support.paths import ROOT


def run(*arguments, cwd=ROOT, status=0, **environment):
    """Run hkresearch in a process of its own; return its output (both streams)."""
    done = subprocess.run(
        [sys.executable, "-m", "hkresearch", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"} | environment, timeout=500,
    )  # fmt: skip
    output = done.stdout + done.stderr
    assert "Traceback" not in output, output
    assert done.returncode == status, output
    return output


def run_here(*arguments, cwd=ROOT, status=0):
    """Run hkresearch in this process, which has loaded what it needs; return its output (both streams)."""
    from hkresearch.__main__ import main

    said, ended = io.StringIO(), 0
    with chdir(cwd), redirect_stdout(said), redirect_stderr(said):
        with patch.dict(os.environ, COLUMNS="200"):
            try:
                main([*map(str, arguments)])
            except SystemExit as end:
                ended = end.code or 0
    assert ended == status, said.getvalue()
    return said.getvalue()


def hash_folder(folder):
    """Return {path below `folder`: SHA-256} of every file, those in caches set aside."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and ".cache" not in path.relative_to(folder).parts
    }
