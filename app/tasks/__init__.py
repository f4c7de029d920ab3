"""Celery: the app object, its habits, the beat schedule. Tasks are a few lines each and call one service."""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery, Task, current_app
from celery.signals import celeryd_init, setup_logging, worker_ready
from flask import Flask
from kombu.exceptions import OperationalError

from config import Settings

log = logging.getLogger(__name__)

REFRESH_TASK = "manifest.refresh"
MAIL_TASK = "mail.deliver"
UNKNOWN_TASK = "manifest.name_items"
ANNOUNCE_TASK = "manifest.announce"
MOVES_TASK = "moves.go_on"
SWEEP_TASK = "moves.sweep"
FARM_TASK = "moves.farm"
FARM_SWEEP_TASK = "moves.farm_sweep"
WISHES_TASK = "wish_lists.fetch"
WISHES_TICK_TASK = "wish_lists.fetch_due"
_SWEEP_EVERY_S = 15.0
_WISHES_EVERY_S = 900.0

# Whoever sends a task waits for the broker this long at most: a page must not hang because the queue does.
_BROKER = {
    "visibility_timeout": 3600,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}


_IMPORTS = (
    "app.tasks.manifest",
    "app.tasks.mail",
    "app.tasks.unknown_items",
    "app.tasks.announcements",
    "app.tasks.moves",
    "app.tasks.wish_lists",
)


def create_celery(app: Flask, settings: Settings) -> Celery:
    class AppTask(Task):  # type: ignore[misc]
        """Runs inside the application's context, as a request does."""

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, task_cls=AppTask)
    celery.conf.update(
        broker_url=settings.celery_broker_url,
        result_backend=settings.celery_result_backend,
        broker_connection_timeout=1,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_BROKER,
        task_publish_retry=False,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_soft_time_limit=120,
        task_time_limit=240,
        task_default_queue="vault_raider",
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        imports=_IMPORTS,
        # Beat remembers nothing on disk: a fresh machine has no folder for that, and a worker that starts refreshes.
        beat_scheduler="celery.beat:Scheduler",
        beat_schedule=_schedule(settings),
    )
    celery.set_default()
    return celery


def _schedule(settings: Settings) -> dict[str, dict[str, Any]]:
    return {
        "refresh-definitions": {
            "task": REFRESH_TASK,
            "schedule": float(settings.manifest.refresh_s),
            "kwargs": {"trigger": "beat"},
            # A backlog after an outage must not replay: the next tick asks the same question.
            "options": {"expires": float(settings.manifest.refresh_s)},
        },
        "sweep-moves": {
            "task": SWEEP_TASK,
            "schedule": _SWEEP_EVERY_S,
            "options": {"expires": _SWEEP_EVERY_S},
        },
        "sweep-farming": {
            "task": FARM_SWEEP_TASK,
            "schedule": _SWEEP_EVERY_S,
            "options": {"expires": _SWEEP_EVERY_S},
        },
        "refresh-wish-lists": {
            "task": WISHES_TICK_TASK,
            "schedule": _WISHES_EVERY_S,
            "options": {"expires": _WISHES_EVERY_S},
        },
    }


def wish_for_refresh(trigger: str = "missing") -> None:
    """Asks the workers for a refresh; when the queue does not answer, the next page asks again."""
    try:
        current_app.send_task(REFRESH_TASK, kwargs={"trigger": trigger}, expires=60, ignore_result=True)
    except OperationalError:
        log.warning("the task queue does not answer")


def hand_over_moves(account_id: int, wait_s: float = 0.0) -> bool:
    """Asks a worker to go on with an account's moves. False when the queue does not answer; the sweep comes later."""
    try:
        current_app.send_task(MOVES_TASK, args=(account_id,), countdown=wait_s or None, ignore_result=True)
    except OperationalError:
        log.warning("the task queue does not answer")
        return False
    return True


@setup_logging.connect  # type: ignore[untyped-decorator]
def _keep_the_one_handler(**_kwargs: Any) -> None:
    """Being connected is what counts: Celery then leaves logging as the application has set it up."""


@celeryd_init.connect  # type: ignore[untyped-decorator]
def _read_with_patience(conf: Any, **_kwargs: Any) -> None:
    """A worker waits for tasks: its reads may block as long as they like."""
    conf.broker_transport_options = {key: value for key, value in _BROKER.items() if key != "socket_timeout"}


@worker_ready.connect  # type: ignore[untyped-decorator]
def _load_definitions_at_once(sender: Any, **_kwargs: Any) -> None:
    """A fresh installation should not wait for the first beat to have names and icons."""
    sender.app.send_task(REFRESH_TASK, kwargs={"trigger": "start"}, expires=600, ignore_result=True)
