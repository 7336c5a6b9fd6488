"""One process with everything imported -> forked, real IPython kernels that start at once.

Importing pandas, matplotlib and ipykernel costs more than running a report. The nursery pays for it
once; each kernel is a fork of it. The nursery itself is a fork of the run that asks for it, with
what that has imported and read, unless that has begun what cannot be shared. Notebooks stay on the
plain `python3` kernel: only who starts the process differs.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from importlib import import_module
from typing import IO, Any

PROVISIONER = "hkresearch-warm"
DRAWING = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as ipykernel itself sets it
SETTLING = (
    "IPython",
    "ipykernel",
    "matplotlib",
    "zmq",
)  # a process that has one of them is not forked
# What the run needs as well, to ask for kernels and to talk to them: imported once, before it is
# forked.
SHARED_IMPORTS = ("jupyter_client.provisioning", "ipykernel.kernelspec", "IPython", "psutil")
# Not pyplot nor the inline backend: imported before the fork, they settle how a kernel's figures
# are drawn.
WARM_IMPORTS = (
    "ipykernel.debugger", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "pandas",
    "pyarrow.parquet", "matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "tornado.platform.asyncio",
    "pandas.core.methods.to_dict", "psutil", "faulthandler", "pyarrow.dataset", "pyarrow.pandas_compat",
    "hkresearch.display.html_cards", "hkresearch.display.exhibit", "hkresearch.display.svg", "hkresearch.tables.tables", "hkresearch.analysis.views",
    "hkresearch.analysis.charts",
)  # fmt: skip


class ForkedProcess:
    """A kernel forked by the nursery, with as much of Popen's interface as a kernel provisioner
    uses.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, nursery: Nursery):
        self.pid, self.returncode, self._nursery = pid, None, nursery

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.find_status(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The warm process, seen from the one that runs the notebooks.

    Safe to ask from several threads.
    """

    def __init__(self) -> None:
        start = _fork_nursery if can_fork_here() else _start_nursery
        self._requests, self._answers, self._wait = start()
        self._lock, self._asking = threading.Condition(), threading.Lock()
        self._statuses: dict[int, int] = {}
        self._born: list[int] = []
        self._is_closed = False
        threading.Thread(target=self._listen, daemon=True).start()

    def fork_kernel(
        self, arguments: list[str], cwd: str | None, environment: dict[str, str]
    ) -> ForkedProcess:
        """Return a new kernel process, forked from the warm one."""
        request = json.dumps({"arguments": arguments, "cwd": cwd, "environment": environment})
        with self._asking:
            self._requests.write(request.encode() + b"\n")
            self._requests.flush()
            with self._lock:
                self._lock.wait_for(lambda: self._born or self._is_closed, timeout=60)
                if not self._born:
                    raise OSError("the warm kernel process ended")
                return ForkedProcess(self._born.pop(), self)

    def find_status(self, pid: int) -> int | None:
        """Return the exit status of the kernel `pid`, None while it runs, -9 if the nursery itself
        is gone.
        """
        with self._lock:
            return self._statuses.get(pid, -signal.SIGKILL if self._is_closed else None)

    def close(self) -> None:
        """End the warm process; its kernels have been shut down by their own clients."""
        self._requests.close()
        self._wait()

    def _listen(self) -> None:
        for line in self._answers:
            message = json.loads(line)
            with self._lock:
                if "born" in message:
                    self._born.append(message["born"])
                else:
                    self._statuses[message["ended"]] = message["status"]
                self._lock.notify_all()
        with self._lock:
            self._is_closed = True
            self._lock.notify_all()


def can_fork_here() -> bool:
    """Return whether this process is as good a beginning for kernels as a fresh one: alone, and
    nothing settled yet.
    """
    return threading.active_count() == 1 and not any(name in sys.modules for name in SETTLING)


def _start_nursery() -> tuple[IO[bytes], IO[bytes], Callable[[], Any]]:
    """Return where to write requests, where to read answers, and what waits for the end, of a new
    interpreter.
    """
    process = subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "hkresearch.report.warm_kernels",
        ],  # -P: no module of the folder one stands in
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | DRAWING,
    )
    return process.stdin, process.stdout, process.wait


def _fork_nursery() -> tuple[IO[bytes], IO[bytes], Callable[[], Any]]:
    """Return the same of a fork of this process."""
    for name in SHARED_IMPORTS:
        import_module(name)
    (inbox, requests), (answers, outbox) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid:
        os.close(inbox)
        os.close(outbox)
        return os.fdopen(requests, "wb"), os.fdopen(answers, "rb"), lambda: os.waitpid(pid, 0)
    try:
        os.dup2(inbox, 0)
        os.dup2(outbox, 1)
        os.closerange(3, 4096)  # the lock too, which is the run's alone
        os.environ.update(DRAWING)
        if sys.path and sys.path[0] in ("", os.getcwd(), os.path.dirname(sys.argv[0])):
            del sys.path[0]  # as -P does
        if sys.modules.get("rfc3987_syntax", True) is None:
            del sys.modules["rfc3987_syntax"]  # see report/run.py; a notebook may want it
        run_nursery()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(0)


_nursery: Nursery | None = None


def open_nursery() -> Nursery | None:
    """Return a running nursery, or None where processes cannot be forked."""
    return Nursery() if hasattr(os, "fork") and sys.platform != "darwin" else None


@contextmanager
def use_warm_kernels(nursery: Nursery | None):
    """Let every kernel started inside this block come from `nursery`.

    With None, kernels start as they always do.
    """
    global _nursery
    if nursery is None:
        yield
        return
    from jupyter_client.provisioning import KernelProvisionerFactory

    factory = KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    _nursery, factory.default_provisioner_name = nursery, PROVISIONER
    try:
        yield
    finally:
        _nursery, factory.default_provisioner_name = None, before
        nursery.close()


def __getattr__(name: str) -> Any:
    if (
        name == "WarmProvisioner"
    ):  # made on demand: the nursery itself never needs jupyter_client's client side
        return _make_provisioner()
    raise AttributeError(name)


def _make_provisioner() -> type:
    from jupyter_client.provisioning import LocalProvisioner

    class WarmProvisioner(LocalProvisioner):
        """A kernel provisioner that forks IPython kernels from the nursery and starts any other as
        usual.
        """

        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            if _nursery is None or "ipykernel_launcher" not in cmd:
                return await super().launch_kernel(cmd, **kwargs)
            arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
            cwd = kwargs.get("cwd") or os.getcwd()
            self.process = _nursery.fork_kernel(
                arguments, str(cwd), dict(kwargs.get("env") or os.environ)
            )
            self.pid = self.pgid = self.process.pid
            self.cwd = cwd
            return self.connection_info

    return WarmProvisioner


def run_nursery() -> None:
    """Serve fork requests, one JSON line each on standard input, until it closes."""
    import gc

    gc.disable()  # importing makes much and drops nothing
    sys.modules["debugpy"] = None  # nobody debugs a report, and each kernel would import it anew
    for name in WARM_IMPORTS:
        import_module(name)
    del sys.modules["debugpy"]
    import_module(
        "hkresearch.analysis.charts.canvas"
    ).list_families()  # reading the names of those fonts takes its time too
    gc.freeze()
    gc.enable()
    inbox, outbox = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # a kernel's own standard output must never reach the protocol
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pending = b""
    while True:
        ready, _, _ = select.select([inbox, awake], [], [])
        if awake in ready:
            os.read(awake, 512)
            _bury_children(outbox)
        if inbox in ready:
            piece = os.read(inbox, 65536)
            if not piece:
                return
            *lines, pending = (pending + piece).split(b"\n")
            for line in lines:
                _fork_child(json.loads(line), outbox, (inbox, outbox, awake, wake))


def _bury_children(outbox: int) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell(outbox, {"ended": pid, "status": os.waitstatus_to_exitcode(status)})


def _tell(outbox: int, message: dict[str, int]) -> None:
    os.write(outbox, json.dumps(message).encode() + b"\n")


def _fork_child(request: dict[str, Any], outbox: int, private: tuple[int, ...]) -> None:
    pid = os.fork()
    if pid:
        _tell(outbox, {"born": pid})
        return
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(
                number, signal.SIG_DFL if number == signal.SIGCHLD else signal.default_int_handler
            )
        for descriptor in private:
            os.close(descriptor)
        os.setsid()
        os.chdir(request["cwd"])
        sys.path.append(
            ""
        )  # last: a module beside a notebook can be imported, and stands for no other
        os.environ.clear()
        os.environ.update(request["environment"])
        parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # a kernel ends with the nursery
        sys.argv = ["ipykernel_launcher", *request["arguments"], parent]
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    run_nursery()
