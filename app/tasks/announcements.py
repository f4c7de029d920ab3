"""Telling the people who run the site, as tasks: one for each of them, tried again by itself."""

from __future__ import annotations

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from app.services.mail import MailError
from app.services.webhook import WebhookError
from app.tasks import ANNOUNCE_TASK
from app.wiring import services

log = logging.getLogger(__name__)
_EXPIRES_S = 6 * 3600


@shared_task(  # type: ignore[untyped-decorator]
    name=ANNOUNCE_TASK,
    autoretry_for=(MailError, WebhookError),
    max_retries=5,
    retry_backoff=5,
    retry_backoff_max=600,
    soft_time_limit=45,
    time_limit=60,
)
def tell(run_id: str, whom: str) -> None:
    services().announcer.tell(run_id, whom)


def announce_run(run_id: str) -> None:
    """Sees to it that everybody hears of a run that has ended, if it has news. A dead queue costs the news only."""
    try:
        for whom in services().announcer.audience(run_id):
            tell.apply_async(args=(run_id, whom), expires=_EXPIRES_S, ignore_result=True)
    except OperationalError:
        log.error("news of a refresh could not be queued", extra={"run": run_id})  # noqa: TRY400
