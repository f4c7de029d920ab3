"""Connections to a PostgreSQL that may stop answering: no page waits for it longer than it may.

What the server can watch it watches itself (`statement_timeout`); a server that hangs as a whole is left by the client.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from psycopg.errors import _WaitTimeout
from sqlalchemy.engine import make_url

_CONNECT_S = 3
_STATEMENT_S = 5
_LOCK_S = 4
# A little longer than the server's own limits, which cost the statement and not the connection.
_PATIENCE_S = 6.0
# Whoever asks right after a failure is told at once: a dozen pages must not wait one after the other.
PAUSE_S = 2.0

_NETWORK: dict[str, Any] = {
    "connect_timeout": _CONNECT_S,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": int(_PATIENCE_S * 1000),
}
# Said after connecting and not as a start-up option, which connection poolers refuse.
_LIMITS = f"SET statement_timeout = '{_STATEMENT_S}s'; SET lock_timeout = '{_LOCK_S}s'"

T = TypeVar("T")


class PatientConnection(psycopg.Connection[Any]):
    """Ends itself when the server has been silent for `patience_s`, None for as long as it takes."""

    patience_s: float | None = _PATIENCE_S
    when_silent: Callable[[], None] = staticmethod(lambda: None)

    def wait(self, gen: Generator[Any, Any, T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, self.patience_s if timeout is None else timeout)
        except _WaitTimeout:
            self.pgconn.finish()
            self.when_silent()
            raise psycopg.OperationalError("PostgreSQL has stopped answering") from None

    def take_time(self) -> None:
        """For a migration, which may rewrite a large table; locks it still does not wait for, as pages need them."""
        self.patience_s = None
        self.autocommit = True
        self.execute("SET statement_timeout = 0")
        self.autocommit = False


class Connector:
    """Makes the connections of one engine; an address' own parameters come before ours."""

    def __init__(self, address: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        url = make_url(address)
        _, named = url.get_dialect()().create_connect_args(url)
        self._parameters: dict[str, Any] = {**_NETWORK, **named}
        self._monotonic = monotonic
        self._not_before = 0.0

    def __call__(self) -> PatientConnection:
        """Raises psycopg.OperationalError, for a moment after the last failure without trying."""
        if self._monotonic() < self._not_before:
            raise psycopg.OperationalError("PostgreSQL is left alone for a moment after a failure")
        try:
            connection = PatientConnection.connect(autocommit=True, **self._parameters)
            connection.execute(_LIMITS)
        except psycopg.OperationalError:
            self._rest()
            raise
        connection.autocommit = False
        connection.when_silent = self._rest
        return connection

    def _rest(self) -> None:
        self._not_before = self._monotonic() + PAUSE_S
