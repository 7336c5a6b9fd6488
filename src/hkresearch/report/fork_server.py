"""Requests, a JSON line each on standard input -> IPython kernels forked from one warm process.

Importing pandas, matplotlib and ipykernel costs more than running a report. This process pays for
it once; each kernel is a fork of it. It answers on standard output, a JSON line each: which kernel
was started, which ended and with what status.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

# Not pyplot nor the inline backend: imported before the fork, they settle how a kernel's figures
# are drawn.
WARM_IMPORTS = (
    "ipykernel.debugger", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell",
    "pandas", "pyarrow.parquet", "matplotlib.figure", "matplotlib.font_manager",
    "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio",
    "pandas.core.methods.to_dict", "psutil", "faulthandler", "pyarrow.dataset",
    "pyarrow.pandas_compat", "hkresearch.display.html_cards", "hkresearch.display.exhibit",
    "hkresearch.display.svg", "hkresearch.tables.tables", "hkresearch.analysis.views",
    "hkresearch.analysis.charts",
)  # fmt: skip


def serve_forks() -> None:
    """Serve fork requests until standard input closes."""
    _import_all()
    inbox, outbox = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # a kernel's own standard output must never reach the protocol
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    private = (inbox, outbox, awake, wake)
    pending = b""
    while True:
        ready, _, _ = select.select([inbox, awake], [], [])
        if awake in ready:
            os.read(awake, 512)
            _report_ended(outbox)
        if inbox in ready:
            piece = os.read(inbox, 65536)
            if not piece:
                return
            *lines, pending = (pending + piece).split(b"\n")
            for line in lines:
                _fork_kernel(json.loads(line), outbox, private)


def _import_all() -> None:
    import gc

    gc.disable()  # importing makes much and drops nothing
    modules: dict[str, Any] = sys.modules
    modules["debugpy"] = None  # nobody debugs a report, and each kernel would import it anew
    for name in WARM_IMPORTS:
        import_module(name)
    del modules["debugpy"]
    # Reading the names of the fonts for charts takes its time too.
    import_module("hkresearch.analysis.charts.canvas").list_families()
    gc.freeze()
    gc.enable()


def _report_ended(outbox: int) -> None:
    """Tell the status of every kernel that has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _send(outbox, {"ended": pid, "status": os.waitstatus_to_exitcode(status)})


def _send(outbox: int, message: dict[str, int]) -> None:
    os.write(outbox, json.dumps(message).encode() + b"\n")


def _fork_kernel(request: dict[str, Any], outbox: int, private: Sequence[int]) -> None:
    """Fork a kernel and tell its process id.

    The descriptors in `private` are the server's alone.
    """
    pid = os.fork()
    if pid:
        _send(outbox, {"started": pid})
        return
    status = 1
    try:
        _run_kernel(request, private)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _run_kernel(request: dict[str, Any], private: Sequence[int]) -> None:
    """Turn this process into the kernel that was asked for, and run it to its end."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor in private:
        os.close(descriptor)
    os.setsid()
    os.chdir(request["cwd"])
    sys.path.append("")  # last: a module beside a notebook stands for no other
    os.environ.clear()
    os.environ.update(request["environment"])
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # a kernel ends with the server
    sys.argv = ["ipykernel_launcher", *request["arguments"], parent]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    serve_forks()
