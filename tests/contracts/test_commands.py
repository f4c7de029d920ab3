"""What operators type, and what they rely on: exit codes, sentences instead of tracebacks, nothing needed in vain."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from cryptography.fernet import Fernet

from app.cli.demo.ports import free_port
from config import setting_names
from tests.fixtures.waiting import wait_until
from tests.shared import ROOT

PASSWORD = "correct horse battery"
DEAD_REDIS = "redis://127.0.0.1:1/0"
LIMIT_S = 60


def manage(*arguments: str, environ: dict[str, str] | None = None, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run manage.py without a terminal and with nothing in its environment but `environ`."""
    command = [sys.executable, "manage.py", *arguments]
    bare = {"PATH": os.environ["PATH"], **(environ or {"FLASK_CONFIG": "testing"})}
    return subprocess.run(
        command, cwd=ROOT, env=bare, input=typed, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )


def create_user(environ: dict[str, str], name: str = "ana", typed: str = f"{PASSWORD}\n" * 2) -> tuple[int, str]:
    done = manage("users", "create", name, "--role", "admin", environ=environ, typed=typed)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def own_database(database: Path) -> dict[str, str]:
    return {"FLASK_CONFIG": "testing", "DATABASE_URL": f"sqlite:///{database}", "REDIS_URL": DEAD_REDIS}


def test_help_needs_no_settings_and_names_every_command() -> None:
    done = manage("--help", environ={"LC_ALL": "C.UTF-8"})
    assert done.returncode == 0
    for command in ("run", "demo", "sandbox", "db", "manifest", "users", "keys", "routes"):
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE), command


def test_routes_need_neither_database_nor_redis() -> None:
    done = manage(
        "routes", environ={"FLASK_CONFIG": "testing", "REDIS_URL": DEAD_REDIS, "DATABASE_URL": "sqlite:////no/x"}
    )
    assert done.returncode == 0
    assert "/vault" in done.stdout


def test_missing_settings_are_all_named_in_sentences() -> None:
    done = manage("manifest", "status", environ={"FLASK_CONFIG": "production"})
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for name in ("SECRET_KEY", "TOKEN_KEYS", "BUNGIE_API_KEY", "BUNGIE_CLIENT_ID", "BUNGIE_CLIENT_SECRET"):
        assert name in done.stderr


def test_the_sandbox_refuses_to_run_in_production() -> None:
    done = manage("sandbox", "--port", str(free_port()), environ={"FLASK_CONFIG": "production"})
    assert done.returncode == 2
    assert "production" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_password_on_standard_input_makes_an_account_once(own_database: dict[str, str]) -> None:
    assert create_user(own_database) == (0, "Created ana as admin.\n")
    code, said = create_user(own_database)
    assert code == 1
    assert "already an account named ana" in said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "no password"),
        (f"{PASSWORD}\n", "differ"),
        (f"{PASSWORD}\nanother one entirely\n", "differ"),
        ("short\nshort\n", "12 to 128 characters"),
    ],
)
def test_a_password_that_will_not_do_is_a_sentence(own_database: dict[str, str], typed: str, sentence: str) -> None:
    code, said = create_user(own_database, typed=typed)
    assert code == 1
    assert sentence in said


def test_an_unknown_role_is_refused(own_database: dict[str, str]) -> None:
    done = manage("users", "create", "ana", "--role", "king", environ=own_database, typed=f"{PASSWORD}\n" * 2)
    assert done.returncode == 2
    assert "admin" in done.stderr


def test_a_database_without_tables_is_told_how_to_get_them(tmp_path: Path) -> None:
    environ = {"FLASK_CONFIG": "testing", "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    code, said = create_user(environ)
    assert code == 1
    assert "manage.py db upgrade" in said
    assert manage("db", "upgrade", environ=environ).returncode == 0
    assert create_user(environ)[0] == 0


def test_a_redis_that_is_away_is_a_sentence(own_database: dict[str, str]) -> None:
    for command in (("manifest", "status"), ("manifest", "refresh")):
        done = manage(*command, environ=own_database)
        assert done.returncode == 1
        assert "Redis" in done.stderr
        assert "Traceback" not in done.stderr


def test_definitions_are_taken_once_and_again_when_forced(site_environ: dict[str, str]) -> None:
    assert "no definitions yet" in manage("manifest", "status", environ=site_environ).stdout
    first, second, forced = (
        manage("manifest", "refresh", *extra, environ=site_environ) for extra in ((), (), ("--force",))
    )
    assert (first.returncode, second.returncode, forced.returncode) == (0, 0, 0)
    assert first.stdout.startswith("switched to")
    assert second.stdout.startswith("unchanged")
    assert forced.stdout.startswith("switched to")
    assert "no definitions yet" not in manage("manifest", "status", environ=site_environ).stdout


def test_tokens_are_reported_under_the_first_key(own_database: dict[str, str]) -> None:
    done = manage("keys", "rotate", "--check", environ=own_database)
    assert done.returncode == 0
    assert "under the first key" in done.stdout


# --- what starts in production -----------------------------------------------------------------------------------


def procfile() -> dict[str, str]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines)}


def production(tmp_path: Path, port: int) -> dict[str, str]:
    venv = str(Path(sys.executable).parent)
    return {
        "PATH": f"{venv}:{os.environ['PATH']}",
        "FLASK_CONFIG": "production",
        "SECRET_KEY": "one secret that is long enough for anybody",
        "TOKEN_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": f"sqlite:///{tmp_path}/production.sqlite3",
        "REDIS_URL": DEAD_REDIS,
        "BUNGIE_ROOT": "http://127.0.0.1:1",
        "BUNGIE_API_KEY": "key",
        "BUNGIE_CLIENT_ID": "1",
        "BUNGIE_CLIENT_SECRET": "secret",
        "PORT": str(port),
    }


def is_alive(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).status_code == 200
    except requests.RequestException:  # gunicorn listens before its workers have loaded
        return False


@pytest.mark.parametrize("command", [procfile()["web"], "python manage.py run"])
def test_the_site_is_alive_in_production_with_nothing_around_it(command: str, tmp_path: Path) -> None:
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        site = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"], cwd=ROOT, env=production(tmp_path, port), stdout=log, stderr=log
        )
    try:
        wait_until(lambda: is_alive(f"http://127.0.0.1:{port}"), "the site is alive", limit_s=30)
        served = requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
        assert served.headers["Server"] == "gunicorn"
    finally:
        site.terminate()
        assert site.wait(timeout=15) == 0


def test_the_release_migrates(tmp_path: Path) -> None:
    done = subprocess.run(
        procfile()["release"].split(),
        cwd=ROOT,
        env=production(tmp_path, 1),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert (tmp_path / "production.sqlite3").stat().st_size > 0


def test_worker_and_beat_are_processes_of_their_own() -> None:
    processes = procfile()
    assert set(processes) == {"release", "web", "worker", "beat"}
    assert processes["worker"].startswith("celery -A celery_worker.celery worker")
    assert processes["beat"].startswith("celery -A celery_worker.celery beat")
    assert "--beat" not in processes["worker"]  # a scaled worker would bring several beats


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(named) == set(setting_names())


# --- make ----------------------------------------------------------------------------------------------------------


def test_make_help_tells_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^  make {target} +\S", done.stdout, re.MULTILINE), target


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith(("#", "-r "))]
    assert lines
    for line in lines:
        assert re.match(r"[\w.-]+(\[\w+\])?==[\w.]+( |$)", line), line
    names = [re.split(r"[\[=]", line)[0].lower() for line in lines]
    assert len(names) == len(set(names))
