"""Leaves a failing Redis alone for a moment: a page asks it a dozen times and must not wait a dozen time-outs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Self

from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

FAILURES = 3
PAUSE_S = 5.0
# A time-out has cost the page its patience already; whatever else the page asks must not wait as well.
SHORT_PAUSE_S = 1.0


class Breaker(Retry):
    """The retry policy of a client that never retries: after FAILURES in a row every call fails at once for PAUSE_S.

    A single time-out is followed by SHORT_PAUSE_S, so that a hung Redis holds a page up once and not a dozen times.
    redis-py sends each command and each connection attempt through the retry object, so this sees them all. Once the
    pause is over calls are tried again; the first success ends the trouble, the next failure begins a new pause.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(NoBackoff(), 0)
        self._monotonic = monotonic
        self._failures = 0
        self._not_before = 0.0
        self._guard = threading.Lock()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self  # redis-py copies the policy for every connection; they must share what they learn

    def call_with_retry(self, do: Callable[[], Any], *arguments: Any, **named: Any) -> Any:
        if self._monotonic() < self._not_before:
            raise RedisConnectionError("Redis is left alone for a moment after failures in a row.")
        try:
            answer = super().call_with_retry(do, *arguments, **named)
        except (RedisConnectionError, RedisTimeoutError, OSError) as error:
            self._note_failure(has_waited=isinstance(error, RedisTimeoutError))
            raise
        self._failures, self._not_before = 0, 0.0
        return answer

    def _note_failure(self, *, has_waited: bool) -> None:
        with self._guard:
            self._failures += 1
            if self._failures >= FAILURES:
                self._not_before = self._monotonic() + PAUSE_S
            elif has_waited:
                self._not_before = self._monotonic() + SHORT_PAUSE_S
