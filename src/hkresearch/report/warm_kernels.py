"""Notebooks to run -> real IPython kernels that start at once, forked from one warm process.

The warm process is itself a fork of the run that asks for it, with what that has imported and read,
unless that has begun what cannot be shared. Notebooks stay on the plain `python3` kernel: only who
starts the process differs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import IO, Any, cast

from hkresearch.report.fork_server import serve_forks

PROVISIONER = "hkresearch-warm"
INLINE_BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as ipykernel sets it
# A process that has one of them is not forked.
UNSHARABLE = ("IPython", "ipykernel", "matplotlib", "zmq")
# What the run needs as well, to ask for kernels and to talk to them: imported once, before the
# fork.
SHARED_IMPORTS = ("jupyter_client.provisioning", "ipykernel.kernelspec", "IPython", "psutil")
LONGEST_START = 60  # seconds
SECONDS_BETWEEN_POLLS = 0.01
HIGHEST_DESCRIPTOR = 4096

# Where to write requests, where to read answers, and what waits for the end.
Connection = tuple[IO[bytes], IO[bytes], Callable[[], Any]]


class ForkedProcess:
    """A forked kernel, with as much of Popen's interface as a kernel provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, server: ForkServer) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._server = server

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._server.find_status(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = float("inf") if timeout is None else time.monotonic() + timeout
        while True:
            status = self.poll()
            if status is not None:
                return status
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(SECONDS_BETWEEN_POLLS)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """The warm process, seen from the one that runs the notebooks.

    Safe to ask from several threads.
    """

    def __init__(self) -> None:
        start = _fork_server if can_fork_here() else _start_server
        self._requests, self._answers, self._wait = start()
        self._changed, self._asking = threading.Condition(), threading.Lock()
        self._statuses: dict[int, int] = {}
        self._started: list[int] = []
        self._is_closed = False
        threading.Thread(target=self._listen, daemon=True).start()

    def fork_kernel(
        self, arguments: list[str], cwd: str | None, environment: dict[str, str]
    ) -> ForkedProcess:
        """Return a new kernel process; raises OSError if the warm process is gone."""
        request = {"arguments": arguments, "cwd": cwd, "environment": environment}
        with self._asking:
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
            with self._changed:
                self._changed.wait_for(
                    lambda: self._started or self._is_closed, timeout=LONGEST_START
                )
                if not self._started:
                    raise OSError("the warm kernel process ended")
                return ForkedProcess(self._started.pop(), self)

    def find_status(self, pid: int) -> int | None:
        """Return a kernel's exit status, None while it runs, -9 if the server is gone."""
        with self._changed:
            unknown = -signal.SIGKILL if self._is_closed else None
            return self._statuses.get(pid, unknown)

    def close(self) -> None:
        """End the warm process; its kernels have been shut down by their own clients."""
        self._requests.close()
        self._wait()

    def _listen(self) -> None:
        for line in self._answers:
            message = json.loads(line)
            with self._changed:
                if "started" in message:
                    self._started.append(message["started"])
                else:
                    self._statuses[message["ended"]] = message["status"]
                self._changed.notify_all()
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


def can_fork_here() -> bool:
    """Return whether kernels may be forked from this process: it has one thread, no kernel."""
    return threading.active_count() == 1 and not any(name in sys.modules for name in UNSHARABLE)


def _start_server() -> Connection:
    """Return the connection to a new interpreter."""
    process = subprocess.Popen(
        # -P: no module of the folder one stands in
        [sys.executable, "-P", "-m", "hkresearch.report.fork_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | INLINE_BACKEND,
    )
    assert process.stdin is not None and process.stdout is not None  # as both are pipes
    return process.stdin, process.stdout, process.wait


def _fork_server() -> Connection:
    """Return the connection to a fork of this process."""
    for name in SHARED_IMPORTS:
        import_module(name)
    (inbox, requests), (answers, outbox) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid:
        os.close(inbox)
        os.close(outbox)
        return os.fdopen(requests, "wb"), os.fdopen(answers, "rb"), lambda: os.waitpid(pid, 0)
    try:
        _become_server(inbox, outbox)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _become_server(inbox: int, outbox: int) -> None:
    """Serve in this fork, which keeps of the run only what it has imported and read."""
    os.dup2(inbox, 0)
    os.dup2(outbox, 1)
    os.closerange(3, HIGHEST_DESCRIPTOR)  # the lock too, which is the run's alone
    os.environ.update(INLINE_BACKEND)
    if sys.path and sys.path[0] in ("", os.getcwd(), os.path.dirname(sys.argv[0])):
        del sys.path[0]  # as -P does
    if sys.modules.get("rfc3987_syntax", True) is None:
        del sys.modules["rfc3987_syntax"]  # see report/run_notebook.py; a notebook may want it
    serve_forks()


_server: ForkServer | None = None


def open_fork_server() -> ForkServer | None:
    """Return a running server, or None where processes cannot be forked."""
    return ForkServer() if hasattr(os, "fork") and sys.platform != "darwin" else None


@contextmanager
def use_warm_kernels(server: ForkServer | None) -> Iterator[None]:
    """Let every kernel started inside this block come from `server`.

    With None, from nowhere special.
    """
    global _server
    if server is None:
        yield
        return
    provisioning: Any = import_module("jupyter_client.provisioning")
    factory = provisioning.KernelProvisionerFactory.instance()
    before = factory.default_provisioner_name
    _server, factory.default_provisioner_name = server, PROVISIONER
    try:
        yield
    finally:
        _server, factory.default_provisioner_name = None, before
        server.close()


def __getattr__(name: str) -> Any:
    # Made on demand: the server itself never needs jupyter_client's client side.
    if name == "WarmProvisioner":
        return _make_provisioner()
    raise AttributeError(name)


def _make_provisioner() -> type:
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner

    class WarmProvisioner(LocalProvisioner):
        """A kernel provisioner that forks IPython kernels and starts any other as usual."""

        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            if _server is None or "ipykernel_launcher" not in cmd:
                return await super().launch_kernel(cmd, **kwargs)
            arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
            cwd = str(kwargs.get("cwd") or os.getcwd())
            environment = dict(kwargs.get("env") or os.environ)
            process = _server.fork_kernel(arguments, cwd, environment)
            self.process = cast(Any, process)
            self.pid = self.pgid = process.pid
            self.cwd = cwd
            return self.connection_info

    return WarmProvisioner
