"""The headers of every kind of answer: pages, redirects, errors, JSON and our own files."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.contracts.test_routes import people as people  # noqa: PLC0414 - a fixture

YEAR_S = 31_536_000
ANSWERS = {
    "a page": ("/", 200),
    "JSON": ("/healthz", 200),
    "JSON about trouble": ("/readyz", 503),
    "a redirect": ("/vault", 303),
    "not found": ("/nothing/here", 404),
    "a missing file": ("/static/nothing.css", 404),
    "not allowed": ("/logout", 405),
    "a bad callback": ("/callback/bungie", 400),
    "a bad address": ("/%00", 400),
    "a closed API": ("/api/v1/inventory", 401),
    "a style sheet": ("/static/css/base.css", 200),
    "a picture": ("/static/img/favicon.svg", 200),
    "a breakdown": ("/broken", 500),
}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    def broken() -> str:
        raise RuntimeError("a test")

    broken.access_level = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/broken", "broken", broken)
    return app.test_client()


def policy(answer: TestResponse) -> dict[str, str]:
    directives = answer.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (each.partition(" ") for each in directives)}


def nonce(answer: TestResponse) -> str:
    found = re.search(r"'nonce-([\w-]{20,})'", answer.headers["Content-Security-Policy"])
    assert found
    return found[1]


@pytest.mark.parametrize(("path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_carries_exactly_this_policy(app: Flask, client: FlaskClient, path: str, status: int) -> None:
    with client.get(path) as answer:
        assert answer.status_code == status
        root = urlsplit(app.config["BUNGIE_ROOT"])
        bungie = f"{root.scheme}://{root.netloc}"
        assert policy(answer) == {
            "default-src": "'none'",
            "script-src": f"'self' 'nonce-{nonce(answer)}'",
            "style-src": "'self'",
            "img-src": f"'self' data: {bungie}",
            "font-src": "'self'",
            "connect-src": "'self'",
            "form-action": f"'self' {bungie}",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
            "object-src": "'none'",
        }


@pytest.mark.parametrize(("path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_forbids_what_we_never_need(client: FlaskClient, path: str, status: int) -> None:
    with client.get(path) as answer:
        headers = answer.headers
        assert answer.status_code == status
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        features = headers["Permissions-Policy"].split(", ")
        assert {"camera=()", "geolocation=()", "microphone=()"} <= set(features)
        assert all(feature.endswith("=()") for feature in features)
        assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-ID"])
        assert "X-Powered-By" not in headers


@pytest.mark.parametrize(("path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_https_is_remembered_for_a_year_and_only_over_https(client: FlaskClient, path: str, status: int) -> None:
    with client.get(path) as plain, client.get(path, base_url="https://localhost") as secure:
        assert (plain.status_code, secure.status_code) == (status, status)
        assert "Strict-Transport-Security" not in plain.headers
        assert secure.headers["Strict-Transport-Security"] == f"max-age={YEAR_S}; includeSubDomains"


@pytest.mark.parametrize("path", ["/", "/static/css/base.css", "/nothing/here"])
def test_a_nonce_is_never_used_twice(client: FlaskClient, path: str) -> None:
    seen = set()
    for _ in range(100):
        with client.get(path) as answer:
            seen.add(nonce(answer))
    assert len(seen) == 100


@pytest.mark.parametrize(
    ("path", "status"), [each for name, each in ANSWERS.items() if name not in {"a style sheet", "a picture"}]
)
def test_no_cache_keeps_a_page_whatever_its_status(client: FlaskClient, path: str, status: int) -> None:
    for address in (path, f"{path}?v=1"):
        with client.get(address) as answer:
            assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_about_a_missing_file_shows_the_person_and_is_kept_by_nobody(people: dict[str, FlaskClient]) -> None:
    with people["player"].get("/static/missing.css?v=1") as answer:
        assert 'action="/logout"' in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_our_files_are_kept_for_a_year_and_carry_no_cookie(people: dict[str, FlaskClient]) -> None:
    with people["player"].get("/static/css/base.css?v=123") as answer:
        assert answer.headers["Cache-Control"] == f"public, max-age={YEAR_S}, immutable"
        assert "Set-Cookie" not in answer.headers
