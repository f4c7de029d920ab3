"""Secrets leave whatever is written down: by their name, by their look, and those of the settings by their value."""

from __future__ import annotations

import json
import logging
import secrets

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from app.web.logs import JsonFormatter
from app.web.redaction import Redactor

CANARY = "canary-1234"

TEXTS = [
    "Authorization: Bearer {}", "Authorization: Basic {}", "{{'Authorization': 'Bearer {}'}}", "X-API-Key: {}",
    "Cookie: a=1; vault_raider={}; b=2", "Set-Cookie: vault_raider={}; HttpOnly", "{{'Cookie': 'x={}; y=1'}}",
    "GET /callback/bungie?code={}&state=x HTTP/1.1", "GET /callback/bungie?state={} HTTP/1.1", "?next=%2F%3Fcode%3D{}",
    '{{"access_token": "{}"}}', "access_token={}", "refresh_token='{}'", '{{\\"refresh_token\\": \\"{}\\"}}',
    "client_secret={}&grant_type=x", "password='with space {}'", "csrf_token={}", "new_password={}",
    "redis://user:{}@127.0.0.1/0", "postgresql://vault:{}@db/x", "session={}", "CSRF-Token = {}", "api_key={}",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_what_has_a_secret_name_is_taken_out(text: str) -> None:
    assert CANARY in text.format(CANARY)
    assert CANARY not in Redactor().text(text.format(CANARY))


@pytest.mark.parametrize("make", [lambda: secrets.token_urlsafe(32), lambda: secrets.token_urlsafe(96),
                                  lambda: Fernet(Fernet.generate_key()).encrypt(b"a token").decode()])  # fmt: skip
def test_what_looks_made_at_random_is_taken_out_without_any_name(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for _ in range(200):
        value = make()
        assert value.strip("=") not in Redactor().text(f"something with {value} in it")


def test_a_value_of_the_settings_is_taken_out_wherever_it_stands() -> None:
    assert Redactor(["plain words"]).text("xxplain wordsxx") == "xx***xx"


def test_what_helps_to_find_a_mistake_stays() -> None:
    text = "Unavailable: GET /Platform/Destiny2/3/Profile/4611686018400000001/ (code 1672, status 503) took_ms=12"
    assert Redactor(["s", "1"]).text(text) == text
    frame = '  File "/srv/app/services/tokens.py", line 120, in test_without_a_database_public_pages_stand'
    assert Redactor().text(frame) == frame


def test_fields_are_redacted_by_name_and_to_the_bottom() -> None:
    found = Redactor().value({"args": [{"password": CANARY, "n": 1}], "headers": {"Cookie": CANARY}, "code": 1672})
    assert found == {"args": [{"password": "***", "n": 1}], "headers": {"Cookie": "***"}, "code": 1672}


@given(st.text())
def test_any_text_can_be_redacted(text: str) -> None:
    assert isinstance(Redactor(["known-value"]).text(text), str)


def test_a_long_hostile_text_costs_little() -> None:
    for piece in ("token", "a-", "code=", "cookie: ", "https://a:"):
        Redactor().text(piece * (4000 // len(piece)))


def line(text: object, *arguments: object, **more: object) -> str:
    record = logging.LogRecord("lib", logging.INFO, "f", 1, text, arguments, None)
    record.__dict__.update(more)
    return JsonFormatter(Redactor([CANARY])).format(record)


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2028", "\x85", "\x0b", "\x1b[2J", "\udc80"])
def test_one_event_is_one_line_whatever_it_says(break_: str) -> None:
    told = line("before%safter", break_, extra_field=break_)
    assert len(told.splitlines()) == 1
    assert told.isascii()
    assert "\x1b" not in told
    assert json.loads(told)["event"] == f"before{break_}after"


def test_exceptions_and_extra_fields_are_redacted_and_cannot_take_the_place_of_our_own() -> None:
    error = ValueError(f"no luck with {CANARY}")
    told = line("failed", exc_info=(ValueError, error, None), refresh_token="abc", level="forged", note=CANARY)
    assert CANARY not in told
    read = json.loads(told)
    assert "ValueError" in read["exception"]
    assert (read["level"], read["refresh_token"], read["note"]) == ("info", "***", "***")


def test_the_time_is_utc() -> None:
    assert json.loads(line("x"))["time"].endswith("+00:00")
