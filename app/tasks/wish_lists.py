"""Wish lists from addresses: one that was just added or asked for, and every day all of them."""

from __future__ import annotations

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from app.tasks import WISHES_TASK, WISHES_TICK_TASK
from app.wiring import services

log = logging.getLogger(__name__)
_EXPIRES_S = 600


@shared_task(name=WISHES_TASK, soft_time_limit=90, time_limit=110)  # type: ignore[untyped-decorator]
def fetch(list_id: int) -> None:
    services().wish_lists.fetch(list_id)


@shared_task(name=WISHES_TICK_TASK, soft_time_limit=600, time_limit=660)  # type: ignore[untyped-decorator]
def fetch_due() -> None:
    services().wish_lists.fetch_due()


def hand_over_wish_list(list_id: int) -> bool:
    """Asks the workers for a list; when the queue does not answer, the next tick finds it."""
    try:
        fetch.apply_async(args=(list_id,), expires=_EXPIRES_S, ignore_result=True)
    except OperationalError:
        log.warning("the task queue does not answer")
        return False
    return True
