"""`python -m app.sandbox`: runs, says where, ends when told, refuses where it must."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.shared import ROOT

WAIT_S = 30
REDIRECT = "http://127.0.0.1:5000/callback/bungie"


def command(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    base = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.Popen(
        [sys.executable, "-m", "app.sandbox", *arguments],
        cwd=ROOT,
        env=base | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def running() -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = command("--port", "0", "--redirect", REDIRECT)
    line = process.stdout.readline()
    yield process, re.search(r"http://127\.0\.0\.1:\d+", line).group()
    process.kill()
    process.communicate(timeout=WAIT_S)


def test_it_prints_its_url_and_answers_there(running: tuple[subprocess.Popen[str], str]) -> None:
    _, url = running
    form = {"account": "4611686018400000001", "state": "s"}
    answer = requests.post(f"{url}/en/OAuth/Authorize", data=form, allow_redirects=False, timeout=WAIT_S)
    assert answer.headers["Location"].startswith(f"{REDIRECT}?code=")
    assert "stand-in" in requests.get(url, timeout=WAIT_S).text


def test_without_a_redirect_players_are_sent_to_the_site_of_this_machine() -> None:
    process = command("--port", "0", PORT="5001")
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline()).group()
        asked = {"client_id": "40000", "response_type": "code"}
        page = requests.get(f"{url}/en/OAuth/Authorize", params=asked, timeout=WAIT_S).text
    finally:
        process.kill()
        process.communicate(timeout=WAIT_S)
    assert "http://127.0.0.1:5001/callback/bungie" in page


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_when_told(running: tuple[subprocess.Popen[str], str], sign: signal.Signals) -> None:
    process, _ = running
    process.send_signal(sign)
    _, errors = process.communicate(timeout=WAIT_S)
    assert (process.returncode, errors) == (0, "")


def test_it_refuses_to_run_in_production() -> None:
    process = command("--port", "0", FLASK_CONFIG="production")
    output, errors = process.communicate(timeout=WAIT_S)
    assert (process.returncode, output) == (2, "")
    assert "does not run" in errors
    assert "Traceback" not in errors


def test_a_folder_that_is_no_world_is_a_sentence(tmp_path: Path) -> None:
    process = command("--world", str(tmp_path))
    _, errors = process.communicate(timeout=WAIT_S)
    assert process.returncode == 1
    assert "holds no accounts" in errors
    assert "Traceback" not in errors
