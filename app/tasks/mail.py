"""Mails as a task: a page never waits for a mail server, and the queue holds a word and an id only."""

from __future__ import annotations

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from app.services.letters import Letter
from app.services.mail import MailError
from app.tasks import MAIL_TASK
from app.wiring import services

log = logging.getLogger(__name__)
# A link is good for a day; a mail that comes later than this only confuses.
_EXPIRES_S = 6 * 3600


@shared_task(  # type: ignore[untyped-decorator]
    name=MAIL_TASK,
    autoretry_for=(MailError,),
    max_retries=5,
    retry_backoff=5,
    retry_backoff_max=600,
    soft_time_limit=45,
    time_limit=60,
)
def deliver(letter: str, user_id: int) -> None:
    services().letters.deliver(Letter(letter), user_id)


def enqueue_letter(letter: Letter, user_id: int) -> None:
    """Hands the letter to a worker, after the commit of what it tells about. A dead queue costs the mail only."""
    try:
        deliver.apply_async(args=(letter.value, user_id), expires=_EXPIRES_S, ignore_result=True)
    except OperationalError:
        log.error("a mail could not be queued", extra={"letter": letter.value, "user_id": user_id})  # noqa: TRY400
