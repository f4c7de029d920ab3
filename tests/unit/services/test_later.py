"""Work beside a page: in a context of its own, once per name, and whatever becomes of it the next one is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.services.later import Beside
from tests.fixtures.waiting import wait_until


@contextmanager
def nothing() -> Iterator[None]:
    yield


def test_what_is_under_way_under_a_name_is_not_begun_again() -> None:
    beside, may_end, begun = Beside(nothing), threading.Event(), threading.Semaphore(0)

    def job() -> None:
        begun.release()
        may_end.wait(10)

    for name in ("one", "one", "other"):
        beside(name, job)
    assert begun.acquire(timeout=5)
    assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.2)
    may_end.set()


def test_a_job_that_fails_makes_way_for_the_next_of_its_name() -> None:
    beside = Beside(nothing, most_at_once=1)
    done: list[str] = []

    def fail() -> None:
        done.append("failed")
        raise RuntimeError

    beside("one", fail)
    wait_until(lambda: bool(done), "the first job")

    def next_is_done() -> bool:
        beside("one", lambda: done.append("next"))
        return "next" in done

    wait_until(next_is_done, "the next job")


def test_each_job_has_a_context_of_its_own() -> None:
    log: list[str] = []

    @contextmanager
    def context() -> Iterator[None]:
        log.append("in")
        yield
        log.append("out")

    beside = Beside(context, most_at_once=1)
    beside("one", lambda: log.append("first"))
    beside("two", lambda: log.append("second"))
    wait_until(lambda: len(log) == 6, "both jobs")
    assert log == ["in", "first", "out", "in", "second", "out"]
