"""A Redis that does not answer costs a process a few time-outs and not one for every question."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from app.services.redis_breaker import FAILURES, PAUSE_S, SHORT_PAUSE_S, Breaker


@contextmanager
def silence() -> Iterator[tuple[str, list[socket.socket]]]:
    """The URL of a server that accepts connections and never says a word, and the connections that it got."""
    listener, accepted = socket.create_server(("127.0.0.1", 0)), []

    def accept() -> None:
        while True:
            try:
                accepted.append(listener.accept()[0])
            except OSError:
                return  # the test is over

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0", accepted
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
        for each in (listener, *accepted):
            each.close()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def client(url: str, clock: Clock) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.1, socket_connect_timeout=0.1, retry=Breaker(clock))


def test_a_silent_redis_costs_a_page_one_time_out_and_is_then_left_alone() -> None:
    with silence() as (url, connections):
        clock = Clock()
        silent = client(url, clock)
        waits = []
        for _ in range(FAILURES):
            for _ in range(100):
                with pytest.raises(redis.RedisError):
                    silent.get("x")
            waits.append(len(connections))
            clock.now += SHORT_PAUSE_S + 0.1
        assert waits == [1, 2, 3]
        with pytest.raises(redis.RedisError):  # by now the pause is a long one
            silent.get("x")
        assert len(connections) == FAILURES


def test_it_is_tried_again_after_the_pause_and_used_as_soon_as_it_answers(redis_url: str) -> None:
    clock = Clock()
    dead = client("redis://127.0.0.1:9/0", clock)
    for _ in range(FAILURES + 1):
        with pytest.raises(redis.RedisError):
            dead.get("x")
    alive = redis.Redis.from_url(redis_url)
    dead.connection_pool.connection_kwargs["port"] = alive.connection_pool.connection_kwargs["port"]
    dead.connection_pool.reset()
    with pytest.raises(redis.RedisError):
        dead.get("x")
    clock.now += PAUSE_S + 0.1
    assert dead.get("x") is None
    with dead.pipeline() as pipe:
        pipe.set("x", 1)
        assert pipe.execute() == [True]


def test_a_refused_command_is_no_trouble_of_the_connection(redis_url: str) -> None:
    fine = client(redis_url, Clock())
    fine.set("word", "x")
    for _ in range(FAILURES + 2):
        with pytest.raises(redis.ResponseError):
            fine.incr("word")
    assert fine.get("word") == b"x"
