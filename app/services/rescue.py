"""Definitions that have vanished are asked for at once: an emptied Redis heals without waiting for the next beat."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PAUSE_S = 15.0


class DefinitionRescue:
    """`send` puts a refresh into the task queue and never raises. Pages that miss definitions call `ask` freely."""

    def __init__(self, send: Callable[[], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._monotonic = monotonic
        self._not_before = 0.0
        self._guard = threading.Lock()

    def ask(self) -> None:
        """Sends at most one wish every PAUSE_S."""
        with self._guard:
            if self._monotonic() < self._not_before:
                return
            self._not_before = self._monotonic() + PAUSE_S
        self._send()
