"""Ports on the loopback: which are free, and where HTTP is answered."""

from __future__ import annotations

import random
import socket

import requests

HOST = "127.0.0.1"
# Below the ports that systems hand out to outgoing connections and to whoever asks for "any": one of those could take
# ours between the moment we choose it and the moment a server listens there. None of them is blocked by browsers.
_OURS = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        # As gunicorn does: a port that merely has closing connections of the last run counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody uses at this moment, and that the system gives to nobody by itself."""
    for port in random.sample(_OURS, 200):
        if is_free(port):
            return port
    raise OSError("no free port: 200 were tried")


def next_free(start: int, tries: int = 100) -> int | None:
    """The first free port from `start` on; None when `tries` ports in a row are taken."""
    last = min(start + tries, 65536)
    return next((port for port in range(start, last) if is_free(port)), None)


def answers_http(url: str) -> bool:
    """Whether a GET of `url` gets an answer below 500 within two seconds."""
    session = requests.Session()
    session.trust_env = False  # a proxy from the environment must not see the loopback
    try:
        with session.get(url, timeout=2.0, allow_redirects=False, stream=True) as answer:
            return answer.status_code < 500
    except requests.RequestException:
        return False
    finally:
        session.close()
