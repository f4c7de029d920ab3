"""Leaves a failing Bungie.net alone: after several failures one request looks every PAUSE_S, and the others wait.

Only trouble of the host counts. The game saying no, a dead token and announced maintenance prove that it answers.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from app.bungie import errors
from app.bungie.errors import BungieError

LOOKED_AT = 10
MOST_FAILURES = 5
PAUSE_S = 30.0

_HOST_CODES = {3, 27, 1618, 1626, 1643, 1651, 1652}


class Breaker:
    """One per host and process. Closed: all pass. Open: none. After the pause one passes, and its answer decides."""

    def __init__(self, pause_s: float = PAUSE_S, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._pause_s = pause_s
        self._monotonic = monotonic
        self._failures: deque[bool] = deque(maxlen=LOOKED_AT)
        self._opened_by: BungieError | None = None
        self._not_before = 0.0
        self._guard = threading.Lock()

    def check(self) -> None:
        """Raises the kind of error that opened it, unless this request may pass."""
        with self._guard:
            if self._opened_by is None:
                return
            now = self._monotonic()
            if now < self._not_before:
                raise type(self._opened_by)("Bungie.net is left alone for a moment", status=self._opened_by.status)
            self._not_before = now + self._pause_s  # this one looks; one that never comes back blocks nobody

    def note(self, error: BungieError | None) -> None:
        """Tells how a request that had passed ended; None is a good answer."""
        with self._guard:
            if not is_the_hosts(error):
                self._recover()
            else:
                self._failures.append(True)
                if self._opened_by or sum(self._failures) >= MOST_FAILURES:
                    self._opened_by, self._not_before = error, self._monotonic() + self._pause_s

    def _recover(self) -> None:
        if self._opened_by:
            self._failures.clear()
        self._opened_by = None
        self._failures.append(False)


def is_the_hosts(error: BungieError | None) -> bool:
    """Whether an error means that the host is in trouble: no answer, a gateway's page, no JSON, a failing service."""
    if error is None:
        return False
    if error.code:
        return error.code in _HOST_CODES
    if isinstance(error, errors.Maintenance | errors.BadPayload):
        return True
    # Below 300: a good answer had begun and did not come to its end in time.
    return isinstance(error, errors.Unavailable) and not 300 <= error.status <= 500
