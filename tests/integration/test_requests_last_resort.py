"""The page about an error of ours while database, Redis and Bungie are silent: at once, and without asking them."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.extensions import limiter
from app.web.access import PUBLIC, viewer
from config import from_env
from tests.contracts.test_routes import people as people  # noqa: PLC0414 - a fixture


@dataclass
class Silent:
    """A listener that takes calls, never says a word, and counts them."""

    port: int
    calls: int = 0


@contextmanager
def silent() -> Iterator[Silent]:
    listener = socket.create_server(("127.0.0.1", 0))
    found, held = Silent(listener.getsockname()[1]), []

    def take() -> None:
        while True:
            try:
                held.append(listener.accept()[0])
            except OSError:
                return  # the test is over
            found.calls += 1

    threading.Thread(target=take, daemon=True).start()
    try:
        yield found
    finally:
        listener.close()
        for each in held:
            each.close()


@dataclass(frozen=True)
class Dead:
    """A site all of whose services hang. /broken is a page with an error of ours, /asks one that needs its viewer."""

    app: Flask
    services: tuple[Silent, ...]

    def calls(self) -> int:
        return sum(each.calls for each in self.services)

    def get(self, path: str) -> tuple[int, str, float]:
        """Status, text and seconds, for a browser whose cookie says that it is signed in."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = "a token that only the database could tell"
        began = time.monotonic()
        answer = client.get(path)
        return answer.status_code, answer.text, time.monotonic() - began


def add_page(app: Flask, path: str, view: Callable[[], str]) -> None:
    """A page for everybody that no limit counts: the limits' Redis is dead too, and another test's matter."""
    view.access_level = PUBLIC  # type: ignore[attr-defined]
    app.add_url_rule(path, path, view)
    limiter.exempt(view)


def broken() -> str:
    raise RuntimeError("canary-of-the-error")


@pytest.fixture
def dead() -> Iterator[Dead]:
    with silent() as database, silent() as redis, silent() as bungie:
        app = create_app(from_env({
            "FLASK_CONFIG": "testing",
            "DATABASE_URL": f"postgresql://vault@127.0.0.1:{database.port}/vault",
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            "BUNGIE_ROOT": f"http://127.0.0.1:{bungie.port}",
        }))  # fmt: skip
        add_page(app, "/broken", broken)
        yield Dead(app, (database, redis, bungie))


def test_the_page_about_our_error_asks_nobody_and_comes_at_once(dead: Dead) -> None:
    dead.get("/broken")  # templates are read and our files are weighed once
    status, text, took_s = dead.get("/broken")
    assert status == 500
    page = BeautifulSoup(text, "lxml")
    assert [each.get_text() for each in page.select("h1")] == ["Something broke on our side"]
    assert re.fullmatch(r"[0-9a-f]{16}", page.select("code")[-1].get_text())
    assert dead.calls() == 0
    assert took_s < 0.5  # it is far less; the bound is for a busy machine, and far below any wait for a service


def test_the_page_about_our_error_says_nothing_about_it(dead: Dead) -> None:
    _, text, _ = dead.get("/broken")
    assert "canary" not in text
    assert "Traceback" not in text
    assert "RuntimeError" not in text


def test_the_listeners_would_have_noticed_a_question(dead: Dead) -> None:
    add_page(dead.app, "/asks", lambda: viewer() or "nobody")  # type: ignore[arg-type, return-value]
    assert dead.get("/asks")[1] == "nobody"
    assert dead.calls() > 0


def test_an_error_of_the_templates_themselves_is_still_a_page(dead: Dead) -> None:
    def worse() -> dict[str, str]:
        raise RuntimeError("canary-of-the-template")

    dead.app.context_processor(worse)
    status, text, _ = dead.get("/broken")
    assert status == 500
    assert "<h1>Something broke on our side</h1>" in text
    assert re.search(r"<code>[0-9a-f]{16}</code>", text)
    assert "canary" not in text


def test_a_signed_in_persons_error_page_still_lets_them_sign_out(app: Flask, people: dict[str, FlaskClient]) -> None:
    def knows_then_breaks() -> str:
        viewer()
        return broken()

    knows_then_breaks.access_level = PUBLIC  # type: ignore[attr-defined]
    app.add_url_rule("/broken", "broken", knows_then_breaks)
    answer = people["player"].get("/broken")
    assert answer.status_code == 500
    assert 'action="/logout"' in answer.text
