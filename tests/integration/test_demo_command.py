"""The demo as a person runs it: one command, a whole product, and nothing left of it afterwards."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from app.cli.demo.ports import HOST, free_port, is_free
from app.cli.demo.processes import ChildFailed, Processes, Stopped
from tests.fixtures.waiting import wait_until
from tests.shared import ROOT

UP_S = 90
READY = "Ctrl-C ends it all."
DEMO = [sys.executable, "manage.py", "demo"]


@dataclass(frozen=True, slots=True)
class Demo:
    process: subprocess.Popen[bytes]
    printed: Path
    folder: Path

    def output(self) -> str:
        return self.printed.read_text()

    def wait_for(self, text: str) -> str:
        wait_until(lambda: text in self.output() or self.process.poll() is not None, f"demo says {text}", UP_S)
        assert text in self.output(), self.output()
        return self.output()

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def ended(self, within_s: float = 20) -> int:
        return self.process.wait(timeout=within_s)


@contextmanager
def running_demo(folder: Path, *arguments: str, port: int | None = None, by: list[str] = DEMO) -> Iterator[Demo]:
    printed, temporary = folder / "printed", folder / "tmp"
    temporary.mkdir()
    environ = {**os.environ, "TMPDIR": str(temporary), "PORT": str(port or free_port())}
    # What a developer's own shell may hold must not reach the demo.
    environ |= {
        "FLASK_CONFIG": "production",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "MANIFEST_LOCALES": "tlh",
        "DATABASE_URL": "sqlite:////nowhere/x",
        "HTTP_PROXY": "http://127.0.0.1:1",
    }
    with printed.open("wb") as out:
        process = subprocess.Popen(
            [*by, *arguments],
            cwd=ROOT,
            env=environ,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
        )
    demo = Demo(process, printed, temporary)
    try:
        yield demo
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


def assert_nothing_is_left(demo: Demo, family: list[psutil.Process]) -> None:
    alive = [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert alive == []
    assert list(demo.folder.iterdir()) == []
    assert "Traceback" not in demo.output()


def assert_staff_can_sign_in(said: str) -> None:
    """With the name and the password that the demo printed."""
    told = re.search(r"(http://\S+/login) with the name (\S+) and the password (\S+)", said)
    assert told
    with requests.Session() as person:
        form = person.get(told[1], timeout=10).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token
        fields = {"csrf_token": token[1], "name": told[2], "password": told[3]}
        answer = person.post(told[1], data=fields, timeout=10, allow_redirects=False)
        assert answer.status_code == 303
        assert person.get(told[1].replace("/login", "/admin/manifest"), timeout=10).status_code == 200


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def test_one_command_brings_up_everything_lets_staff_in_and_ctrl_c_leaves_nothing(
    tmp_path: Path, taken_port: int
) -> None:
    with running_demo(tmp_path, port=taken_port) as demo:
        said = demo.wait_for(READY)
        assert f"Port {taken_port} is taken; using" in said
        assert "switched to" in said
        url = re.search(r"Open +(http://127\.0\.0\.1:(\d+))", said)
        assert url
        assert requests.get(f"{url[1]}/readyz", timeout=10).status_code == 200
        family = demo.family()
        assert len(family) >= 6  # Redis, sandbox, gunicorn and its workers, Celery's worker and beat
        assert_staff_can_sign_in(said)
        demo.process.send_signal(signal.SIGINT)
        assert demo.ended() == 0
        assert_nothing_is_left(demo, family)
        assert is_free(int(url[2]))


def test_it_ends_cleanly_in_the_middle_of_starting(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.wait_for("Bungie.net")
        family = demo.family()
        demo.process.send_signal(signal.SIGTERM)
        assert demo.ended() == 0
        assert_nothing_is_left(demo, family)


def test_ending_make_ends_the_demo_that_it_started(tmp_path: Path) -> None:
    venv = os.path.relpath(sys.prefix, ROOT)
    with running_demo(tmp_path, by=["make", "-o", f"{venv}/.installed", f"VENV={venv}", "demo"]) as demo:
        demo.wait_for(READY)
        family = demo.family()
        demo.process.send_signal(signal.SIGTERM)
        demo.ended()
        wait_until(lambda: not any(each.is_running() for each in family), "make's demo has ended", limit_s=20)
        assert_nothing_is_left(demo, family)


def test_a_part_that_dies_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.wait_for(READY)
        family = demo.family()
        victim = next(each for each in family if "app.sandbox" in each.cmdline())
        victim.kill()
        assert demo.ended() == 1
        assert "sandbox ended by itself (signal SIGKILL)" in demo.output()
        assert "  | Sandbox Bungie.net of the world" in demo.output()
        assert_nothing_is_left(demo, family)


def test_a_port_that_was_asked_for_is_never_replaced(tmp_path: Path, taken_port: int) -> None:
    with running_demo(tmp_path, "--port", str(taken_port)) as demo:
        assert demo.ended() == 1
        assert f"Port {taken_port} is taken" in demo.output()
        assert_nothing_is_left(demo, [])


# --- the keeper of the children ------------------------------------------------------------------------------------


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def keeper(folder: Path, stopping: threading.Event | None = None) -> Processes:
    return Processes(folder, ROOT, os.environ, stopping or threading.Event())


def test_a_child_that_will_not_end_is_killed_with_its_own_children(tmp_path: Path) -> None:
    children = keeper(tmp_path)
    child = children.start("stubborn", [sys.executable, "-c", STUBBORN])
    wait_until(lambda: child.log.read_text().strip() != "", "the grandchild runs")
    grandchild = int(child.log.read_text())
    before = time.monotonic()
    children.stop_all()
    assert time.monotonic() - before < 10
    assert child.process.returncode == -signal.SIGKILL
    # Only its own parent could reap it, and that is dead: it may be a zombie for a moment, but it runs no more.
    wait_until(lambda: not is_running(grandchild), "the grandchild is gone")


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_step_that_fails_or_hangs_is_told_with_its_log(tmp_path: Path) -> None:
    children = keeper(tmp_path)
    with pytest.raises(ChildFailed, match="migration failed with exit code 3") as failed:
        children.run("migration", [sys.executable, "-c", "print('why'); raise SystemExit(3)"], limit_s=20)
    assert failed.value.log_tail == "why"
    with pytest.raises(ChildFailed, match="was not ready after 1 s"):
        children.run("slow step", [sys.executable, "-c", "import time; time.sleep(60)"], limit_s=1)


def test_every_wait_ends_when_the_end_is_asked_for(tmp_path: Path) -> None:
    stopping = threading.Event()
    threading.Timer(0.2, stopping.set).start()
    with pytest.raises(Stopped):
        keeper(tmp_path, stopping).wait_until("nothing", lambda: False, limit_s=20)
