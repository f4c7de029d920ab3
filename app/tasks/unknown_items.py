"""Naming what the definitions do not know, as a task; and a refresh when it may help."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery import shared_task
from kombu.exceptions import OperationalError

from app.tasks import UNKNOWN_TASK, wish_for_refresh
from app.wiring import services

log = logging.getLogger(__name__)
_EXPIRES_S = 120


@shared_task(name=UNKNOWN_TASK, soft_time_limit=90, time_limit=100)  # type: ignore[untyped-decorator]
def name_items(locale: str, hashes: list[int]) -> None:
    if services().single_definitions.fetch(locale, hashes):
        wish_for_refresh("unknown")


def wish_for_names(locale: str, hashes: Sequence[int]) -> None:
    """Asks the workers for these; when the queue does not answer, a later page asks again."""
    try:
        name_items.apply_async(args=(locale, list(hashes)), expires=_EXPIRES_S, ignore_result=True)
    except OperationalError:
        log.warning("the task queue does not answer")
