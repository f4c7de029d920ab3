"""A server that answers with exactly the bytes it is told, at the pace it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[socket.socket], None]


def answer(body: bytes, status: str = "200 OK", headers: str = "Content-Type: application/json") -> Answer:
    head = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    return lambda connection: connection.sendall(head + body)


@contextmanager
def raw_server(behave: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """Yields its address and the list of requests (heads and first bodies) that reached it."""
    requests: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # the test is over
            threading.Thread(target=_converse, args=(connection, behave, requests), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
    finally:
        listener.close()


def _converse(connection: socket.socket, behave: Answer, requests: list[bytes]) -> None:
    with connection:
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                return
            received += piece
        requests.append(received)
        try:
            behave(connection)
        except OSError:
            return  # the client hung up, as some tests want it to
