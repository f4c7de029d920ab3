"""Work that nobody waits for, done by threads of this process: once the page is likely to be out, or beside it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

log = logging.getLogger(__name__)

Job = Callable[[], object]

# A page takes less; so the thread seldom takes time from the one that gave it the work.
_PAUSE_S = 0.05


class Later:
    """Jobs one after the other, in order. A process that ends does what is left first."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="later")

    def __call__(self, job: Job) -> None:
        self._thread.submit(_do, job)


class Beside:
    """Jobs that may wait for the network, a few at a time. Each runs inside of a `context` made where it is ordered.

    A job under the name of one that is not done yet is not done twice.
    """

    def __init__(self, context: Callable[[], AbstractContextManager[object]], most_at_once: int = 4) -> None:
        self._context = context
        self._threads = ThreadPoolExecutor(max_workers=most_at_once, thread_name_prefix="beside")
        self._names: set[str] = set()
        self._guard = threading.Lock()

    def __call__(self, name: str, job: Job) -> None:
        with self._guard:
            if name in self._names:
                return
            self._names.add(name)
        self._threads.submit(self._do, name, job, self._context())

    def _do(self, name: str, job: Job, context: AbstractContextManager[object]) -> None:
        try:
            with context:
                job()
        except Exception:  # the thread has nobody to tell, and the next job is not to blame
            log.exception("work beside a page has failed")
        finally:
            with self._guard:
                self._names.discard(name)


def at_once(job: Job) -> None:
    """For callers that have time: the job is done when this returns."""
    job()


def _do(job: Job) -> None:
    time.sleep(_PAUSE_S)
    try:
        job()
    except Exception:  # the thread has nobody to tell, and the next job is not to blame
        log.exception("work put off has failed")
