"""Production with a bad key does not start, however it is started: the exit code says so, the value is never shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.contracts.test_commands import production
from tests.shared import ROOT

KEY = Fernet.generate_key().decode()
COMMANDS = {
    "run": ["manage.py", "run"],
    "gunicorn": ["-m", "gunicorn", "app:create_app()"],
    "worker": ["-m", "celery", "-A", "celery_worker.celery", "worker"],
}
BAD = {
    "missing": {"TOKEN_KEYS": ""},
    "placeholder": {"TOKEN_KEYS": "A" * 43 + "="},
    "the cookie's": {"TOKEN_KEYS": KEY, "SECRET_KEY": KEY},
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("bad", BAD)
def test_nothing_of_the_site_starts_in_production_with_a_bad_key(command: str, bad: str, tmp_path: Path) -> None:
    environ = production(tmp_path, 1) | {"PATH": os.environ["PATH"]} | BAD[bad]
    done = subprocess.run(
        [sys.executable, *COMMANDS[command]], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=90,
        check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "TOKEN_KEYS" in said
    value = BAD[bad]["TOKEN_KEYS"]
    assert not value or value not in said
