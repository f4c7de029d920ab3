"""Child processes: started in groups of their own, watched, and ended together without leaving one behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

POLL_S = 0.1
GRACE_S = 5.0
_TAIL_BYTES = 16_384


class Stopped(Exception):
    """The person at the terminal, or the system, asked for the end."""


class ChildFailed(Exception):
    """A child ended that should not have, or did not become ready in time. Carries the end of its log."""

    def __init__(self, sentence: str, log_tail: str) -> None:
        self.sentence = sentence
        self.log_tail = log_tail
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Child:
    """One process with a name that people understand and a file with all it printed."""

    name: str
    process: subprocess.Popen[str]
    log: Path

    def exit_code(self) -> int | None:
        """Its exit code (negative: the signal), or None while it runs.

        It is looked at without being reaped: until `end_group` its number cannot become somebody else's.
        """
        if self.process.returncode is not None:
            return self.process.returncode
        seen = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        if seen is None:
            return None
        return seen.si_status if seen.si_code == os.CLD_EXITED else -seen.si_status

    def tail(self, lines: int = 20) -> str:
        """The last `lines` lines of its log."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
            text = log.read().decode("utf-8", "replace")
        return "\n".join(text.splitlines()[-lines:])

    def terminate(self) -> None:
        # Only the leader is asked: gunicorn and Celery then end their own workers in good order.
        if self.exit_code() is None:
            self.process.terminate()

    def end_group(self) -> None:
        """Kill whatever is left of its group, then reap it."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Processes:
    """The children of one run. `stopping` is set by a signal handler; every wait here looks at it."""

    def __init__(self, folder: Path, cwd: Path, environ: Mapping[str, str], stopping: Event) -> None:
        self._folder = folder
        self._cwd = cwd
        self._environ = dict(environ)
        self._stopping = stopping
        self._running: list[Child] = []

    def start(self, name: str, command: Sequence[str], *, typed: str | None = None) -> Child:
        """Start a child that is expected to stay. `typed` is what it finds on its standard input."""
        child = self._spawn(name, command, typed)
        self._running.append(child)
        return child

    def run(self, name: str, command: Sequence[str], limit_s: float, *, typed: str | None = None) -> None:
        """Run a child to its end. Raises ChildFailed when it exits with anything but 0 or takes too long."""
        child = self._spawn(name, command, typed)
        try:
            self.wait_until(name, lambda: child.exit_code() is not None, limit_s, log_of=child)
            if child.exit_code() != 0:
                raise ChildFailed(f"{name} failed with exit code {child.exit_code()}.", child.tail())
        finally:
            child.end_group()

    def wait_until(self, name: str, ready: Callable[[], bool], limit_s: float, *, log_of: Child | None = None) -> None:
        """Wait until `ready()`. Raises Stopped, or ChildFailed when a child dies or `limit_s` seconds pass."""
        give_up = time.monotonic() + limit_s
        while not ready():
            self.pause()
            if time.monotonic() > give_up:
                raise ChildFailed(f"{name} was not ready after {limit_s:.0f} s.", log_of.tail() if log_of else "")

    def pause(self, seconds: float = POLL_S) -> None:
        """Let time pass. Raises Stopped when the end was asked for, ChildFailed when a child has died."""
        if self._stopping.wait(seconds):
            raise Stopped
        for child in self._running:
            code = child.exit_code()
            if code is not None:
                raise ChildFailed(f"{child.name} ended by itself ({_how(code)}).", child.tail())

    def stop_all(self) -> None:
        """Ask every child to end, newest first; after GRACE_S seconds kill what is left."""
        for child in reversed(self._running):
            child.terminate()
        give_up = time.monotonic() + GRACE_S
        while any(child.exit_code() is None for child in self._running) and time.monotonic() < give_up:
            time.sleep(POLL_S)
        for child in self._running:
            child.end_group()

    def _spawn(self, name: str, command: Sequence[str], typed: str | None) -> Child:
        log = self._folder / f"{name.replace(' ', '-')}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                cwd=self._cwd,
                env=self._environ,
                stdin=subprocess.DEVNULL if typed is None else subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # Ctrl-C of the terminal reaches only us: we end them in order
            )
        if typed is not None and process.stdin is not None:
            with process.stdin as keyboard:
                keyboard.write(typed)
        return Child(name, process, log)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
