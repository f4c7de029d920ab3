"""The task queue: what has waited too long is not done, what is not JSON is never opened, and the worker lives on."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from kombu import Exchange

from app.tasks import REFRESH_TASK
from app.tasks.manifest import enqueue_refresh
from app.wiring import Services
from tests.fixtures.waiting import wait_until
from tests.shared import ROOT

_BACKLOG = 12


class Opened:
    """Whoever unpickles this makes a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._folder),)


def test_an_hour_of_beats_that_nobody_took_is_not_done_afterwards(
    app: Flask, services: Services, request: pytest.FixtureRequest
) -> None:
    celery = app.extensions["celery"]
    for _ in range(_BACKLOG):  # an hour of them, five minutes apart, each good for one interval
        celery.send_task(REFRESH_TASK, kwargs={"trigger": "beat"}, expires=0.01, ignore_result=True)
    time.sleep(0.05)
    log: Path = request.getfixturevalue("celery_worker")
    wait_until(lambda: log.read_text().count("Discarding revoked task") == _BACKLOG, f"they are put away; see {log}")
    wait_until(lambda: services.manifest.status().is_ready, "the worker's own first run is over", limit_s=30)
    wait_until(lambda: not services.manifest.status().active, "it has ended", limit_s=10)
    assert [run.trigger for run in services.manifest.runs()] == ["start"]


def test_a_pickled_message_is_refused_unopened_and_the_worker_goes_on(
    app: Flask, services: Services, celery_worker: Path, tmp_path: Path
) -> None:
    celery, trap = app.extensions["celery"], tmp_path / "opened"
    queue = celery.conf.task_default_queue
    with celery.connection_for_write() as connection:
        connection.Producer(exchange=Exchange(queue, "direct"), routing_key=queue).publish(
            pickle.dumps(([], {"trigger": Opened(trap)}, {})),
            content_type="application/x-python-serialize",
            content_encoding="binary",
            headers={"lang": "py", "task": REFRESH_TASK, "id": "1", "argsrepr": "", "kwargsrepr": ""},
        )
    wait_until(lambda: "ContentDisallowed" in celery_worker.read_text(), f"it is refused; see {celery_worker}")
    run_id = enqueue_refresh(services.manifest, None)
    assert run_id

    def is_done() -> bool:
        report = services.manifest.run(run_id)
        return report is not None and not report.is_active

    wait_until(is_done, f"the worker does the next task; see {celery_worker}", limit_s=30)
    assert not trap.exists()


def test_beat_keeps_time_on_a_machine_without_any_folder_of_ours(site_environ: dict[str, str], tmp_path: Path) -> None:
    log, elsewhere = tmp_path / "beat.log", tmp_path / "elsewhere"
    elsewhere.mkdir()
    lines = (ROOT / "Procfile").read_text().splitlines()
    command = next(line for line in lines if line.startswith("beat:")).removeprefix("beat:").split()
    environ = {**os.environ, **site_environ, "MANIFEST_REFRESH_S": "1", "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        where = {"cwd": elsewhere, "env": environ}
        beat = subprocess.Popen([sys.executable, "-m", *command], stdout=out, stderr=out, **where)
    try:
        wait_until(lambda: "Sending due task" in log.read_text(), f"it beats; see {log}", limit_s=20)
    finally:
        beat.kill()
        beat.wait(timeout=10)
    assert list(elsewhere.iterdir()) == []
