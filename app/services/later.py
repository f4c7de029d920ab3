"""Work that nobody waits for, done by one thread of this process once the page is likely to be out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

Job = Callable[[], None]

# A page takes less; so the thread seldom takes time from the one that gave it the work.
_PAUSE_S = 0.05


class Later:
    """Jobs one after the other, in order. A process that ends does what is left first."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="later")

    def __call__(self, job: Job) -> None:
        self._thread.submit(_do, job)


def at_once(job: Job) -> None:
    """For callers that have time: the job is done when this returns."""
    job()


def _do(job: Job) -> None:
    time.sleep(_PAUSE_S)
    try:
        job()
    except Exception:  # the thread has nobody to tell, and the next job is not to blame
        log.exception("work put off has failed")
