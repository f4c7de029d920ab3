"""Transport faults: what a request meets instead of an answer, or what happens to the answer on its way."""

import socket
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from threading import Event
from typing import Any

from werkzeug.wrappers import Response

from app.sandbox.envelope import BungieError, html, plain_json, refusal
from app.sandbox.faults import Faults

_BOMB_MEMBER_BYTES = 16 << 20
_BOMB_MEMBERS = 64
_DRIP_S = 1.0
_LONGEST_HEAD_S = 600
_HTML_BUSY = "<!DOCTYPE html><title>Bungie.net</title><h1>We will be back soon</h1><p>Maintenance.</p>"
_HTML_502 = "<!DOCTYPE html><title>502 Bad gateway</title><h1>502: Bad gateway</h1><p>cloudflare</p>"


def instead_of_answer(faults: Faults, path: str) -> Response | None:
    """The answer of a fault that keeps the request from being handled at all, or None."""
    if faults.hits("status_502_html", path):
        return html(_HTML_502, 502)
    if faults.hits("wrong_json", path):
        return plain_json(["not", "an", "envelope"])
    if faults.hits("broken_json", path):
        return Response('{"Response":{"profile":', mimetype="application/json")
    if faults.hits("gzip_bomb", path):
        return _bomb()
    if faults.hits("refuse", path):
        return refusal(BungieError(faults.refuse_code, faults.refuse_throttle_s))
    return None


def platform_trouble(faults: Faults) -> Response | None:
    """What every /Platform request meets while the game is down or overloaded, or None."""
    if faults.maintenance == "api":
        return refusal(BungieError(5))
    if faults.maintenance in {"html503", "html200"}:
        return html(_HTML_BUSY, 503 if faults.maintenance == "html503" else 200)
    if faults.throttled_s:
        return refusal(BungieError(1672, faults.throttled_s))
    return None


def hang_up(environ: dict[str, Any]) -> None:
    """End the connection unanswered. Raises `ConnectionAbortedError`, which a server takes as a lost client."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("the sandbox hung up, as it was told to")


def drip_head(environ: dict[str, Any], closing: Event) -> None:
    """Begin an answer whose headers come at one byte a second, until the client or the server has had enough.

    Raises `ConnectionAbortedError` then: there is no answer.
    """
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(_LONGEST_HEAD_S):
            if closing.wait(_DRIP_S):
                break
            connection.sendall(b"x")  # raises when the client is gone
    hang_up(environ)


def half_of(response: Response) -> Response:
    """The same answer that breaks off in the middle of the length it announced."""
    body = response.get_data()
    broken = Response(_cut(body), status=response.status, headers=response.headers)
    broken.content_length = len(body)
    return broken


def dripping(response: Response, closing: Event) -> Response:
    """The same answer at one byte a second, until the client or the server has had enough."""
    body = response.get_data()
    slow = Response(_drip(body, closing.wait), status=response.status, headers=response.headers)
    slow.content_length = len(body)
    return slow


def _cut(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise ConnectionAbortedError("the sandbox hung up, as it was told to")


def _drip(body: bytes, wait: Callable[[float], bool]) -> Iterator[bytes]:
    for index in range(len(body)):
        if wait(_DRIP_S):
            return
        yield body[index : index + 1]


def _bomb() -> Response:
    """A gibibyte of zeros in about a megabyte, as many gzip members."""
    response = Response(_members(), mimetype="application/json")
    response.headers["Content-Encoding"] = "gzip"
    return response


def _members() -> Iterable[bytes]:
    for _ in range(_BOMB_MEMBERS):
        yield _member()


@cache
def _member() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(bytes(_BOMB_MEMBER_BYTES)) + packer.flush()
