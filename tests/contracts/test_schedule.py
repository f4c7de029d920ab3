"""What beat schedules exists, is consumed by the deployed worker, expires, and takes ids only."""

from __future__ import annotations

import re

import pytest
from celery import Celery

from app import create_app
from config import from_env
from tests.shared import ROOT


@pytest.fixture(scope="module")
def celery() -> Celery:
    app = create_app(from_env({"FLASK_CONFIG": "testing", "MANIFEST_REFRESH_S": "123"}))
    made = app.extensions["celery"]
    made.loader.import_default_modules()
    return made


def test_every_scheduled_task_exists_and_expires_before_it_repeats(celery: Celery) -> None:
    assert celery.conf.beat_schedule
    for entry in celery.conf.beat_schedule.values():
        assert entry["task"] in celery.tasks
        assert 0 < entry["options"]["expires"] <= entry["schedule"]


def test_the_refresh_beats_as_often_as_the_setting_says(celery: Celery) -> None:
    assert celery.conf.beat_schedule["refresh-definitions"]["schedule"] == 123


def test_only_json_is_accepted_and_every_task_has_limits(celery: Celery) -> None:
    assert celery.conf.accept_content == ["json"]
    ours = [task for name, task in celery.tasks.items() if not name.startswith("celery.")]
    assert ours
    for task in ours:
        assert task.time_limit or celery.conf.task_time_limit


def test_a_task_ends_before_the_queue_takes_it_for_lost(celery: Celery) -> None:
    """Else a second worker begins with what the first one is still doing."""
    refresh = celery.tasks["manifest.refresh"]
    assert refresh.acks_late  # what a killed worker leaves comes again
    assert (refresh.soft_time_limit, refresh.time_limit) == (540, 600)
    assert (celery.conf.task_soft_time_limit, celery.conf.task_time_limit) == (120, 240)
    limits = [task.time_limit or celery.conf.task_time_limit for task in celery.tasks.values()]
    assert max(limits) < celery.conf.broker_transport_options["visibility_timeout"]


def test_the_deployed_worker_listens_where_tasks_are_sent(celery: Celery) -> None:
    procfile = (ROOT / "Procfile").read_text()
    worker = next(line for line in procfile.splitlines() if line.startswith("worker:"))
    queues = re.search(r"(?:-Q|--queues)[ =](\S+)", worker)
    listened = set(queues.group(1).split(",")) if queues else {celery.conf.task_default_queue}
    assert celery.conf.task_default_queue in listened
    assert {"release", "web", "worker", "beat"} <= {line.split(":")[0] for line in procfile.splitlines() if line}
