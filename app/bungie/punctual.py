"""Connections on which the wait for an answer has an end, however slowly its head or its body drips.

The standard library waits anew for every packet: a status line or a header that comes at one byte a second would keep
its reader for hours. Here every wait is also held to the moment that `within` has set.
"""

from __future__ import annotations

import io
import math
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import Any

from requests import Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

_ends: ContextVar[float] = ContextVar("the moment by which an answer must have come", default=math.inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is read inside of it by a `punctual_session` ends after so many seconds, with a TimeoutError at the latest.

    The libraries tell it as theirs: requests' or urllib3's own kind of timeout.
    """
    before = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


class _Incoming(io.RawIOBase):
    """The bytes of a socket. Its own time limit holds for each wait, and the common end for all of them."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._bytes = connection.makefile("rb", buffering=0)
        self._patience_s = connection.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left_s = _ends.get() - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the answer took too long")
        if self._patience_s is not None and self._patience_s <= left_s:
            return self._bytes.readinto(buffer)
        self._socket.settimeout(left_s if left_s < math.inf else None)
        try:
            return self._bytes.readinto(buffer)
        finally:
            self._socket.settimeout(self._patience_s)  # the connection may serve another request

    def close(self) -> None:
        self._bytes.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Incoming(sock))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def punctual_session(connections: int = 10) -> Session:
    """A session over connections that know of `within`; so many of them are kept for each host."""
    session = Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(pool_maxsize=connections))
    return session


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _made_punctual(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return _made_punctual(super().proxy_manager_for(*args, **kwargs))


def _made_punctual(pools: PoolManager) -> PoolManager:
    pools.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return pools
