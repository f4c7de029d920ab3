"""A database that hangs or is locked: an answer in time that says so, and all is well again without a restart."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from app.sandbox import SandboxServer
from tests.fixtures.site import ON_POSTGRES
from tests.fixtures.waiting import wait_until
from tests.visitor import Visitor, soup

# What nobody may wait longer for, in seconds.
A_PAGE_S = 13.0
AT_ONCE_S = 1.0


class StoppablePostgres:
    def __init__(self, server: str) -> None:
        with psycopg.connect(server) as asked:
            (folder,) = asked.execute("SHOW data_directory").fetchone() or ("",)
        self._postmaster = int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])

    def freeze(self) -> None:
        """Connections are taken by the system, and nothing is ever answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        children = Path(f"/proc/{self._postmaster}/task/{self._postmaster}/children").read_text().split()
        for process in (self._postmaster, *map(int, children)):
            os.kill(process, number)


@pytest.fixture
def visitor(definitions: None, live_server: str, sandbox: SandboxServer) -> Visitor:
    signed_in = Visitor(live_server)
    signed_in.sign_in(next(iter(sandbox.app.state.players)))
    return signed_in


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[StoppablePostgres]:
    made = StoppablePostgres(postgres_server)
    yield made
    made.thaw()


class TestPostgres:
    @pytest.fixture
    def database_url(self, migrated_postgres_url: str) -> str:
        return migrated_postgres_url

    def test_a_hung_database_is_a_notice_in_time_and_heals_without_a_restart(
        self, visitor: Visitor, postgres: StoppablePostgres
    ) -> None:
        before = visitor.tiles("/vault")
        postgres.freeze()
        assert timed(visitor, "/vault") < A_PAGE_S
        for _ in range(3):  # and the pages after the first do not wait one after the other
            assert timed(visitor, "/vault") < A_PAGE_S / 2
        began = time.monotonic()
        assert visitor.get("/healthz").status_code == 200
        assert time.monotonic() - began < AT_ONCE_S
        ready = visitor.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "unavailable")
        postgres.thaw()
        wait_until(lambda: visitor.get("/vault").status_code == 200, "the database is used again", limit_s=15)
        assert visitor.tiles("/vault") == before
        assert visitor.get("/readyz").status_code == 200

    def test_what_one_statement_waits_for_is_bounded_by_the_server(
        self, visitor: Visitor, migrated_postgres_url: str
    ) -> None:
        """Somebody has locked the sessions; the connection is still good afterwards."""
        with psycopg.connect(migrated_postgres_url.replace("+psycopg", "")) as other:
            other.execute("LOCK TABLE login_sessions")
            assert timed(visitor, "/vault") < A_PAGE_S
        assert visitor.get("/vault").status_code == 200


@pytest.mark.skipif(ON_POSTGRES, reason="about SQLite's one writer")
def test_a_locked_sqlite_is_a_notice_in_time_and_loses_nothing(visitor: Visitor, database: Path) -> None:
    before = visitor.tiles("/vault")
    account = visitor.get("/account")
    with locked(database):
        began = time.monotonic()
        assert visitor.get("/vault").status_code == 200  # reading goes on beside a writer
        answer = visitor.submit(account, "/account/sign-out-everywhere")
        assert time.monotonic() - began < A_PAGE_S
        assert answer.status_code == 503
        assert soup(answer).select("[data-notice]")
        assert visitor.get("/healthz").status_code == 200
    assert visitor.tiles("/vault") == before


def timed(visitor: Visitor, path: str) -> float:
    """Seconds until the page that says that the database does not answer."""
    began = time.monotonic()
    answer = visitor.get(path)
    took_s = time.monotonic() - began
    assert answer.status_code == 503
    assert soup(answer).select_one("[data-notice]")
    return took_s


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
