"""One line per event, whatever a stranger puts into a request: nobody can write a line of our log."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.fixtures.logs import Written

FORGED = '{"level":"info","event":"signed in","user_id":1}'
ENDS = [
    "\n",
    "\r\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "\x1b[2K\x1b[1A",
    "\ud800",
]


def assert_one_line_each(lines: list[str]) -> None:
    for line in lines:
        assert len(line.splitlines()) == 1, ascii(line)
        assert line.isprintable(), ascii(line)
        assert isinstance(json.loads(line), dict)


@pytest.mark.parametrize("end", ENDS, ids=ascii)
def test_a_message_stays_on_its_line(written: Written, end: str) -> None:
    told = f"somebody{end}{FORGED}"
    error = (ValueError, ValueError(told), None)
    details = {"detail": told, "more": {told: [told]}}
    # Handed over directly: half a surrogate pair in pytest's own copy of the log could not be sent on by xdist.
    make = logging.getLogger("app.example").makeRecord
    written.handle(make("app.example", logging.INFO, __file__, 1, "%s", (told,), None))
    written.handle(make("app.example", logging.WARNING, __file__, 1, "something", (), None, extra=details))
    written.handle(make("app.example", logging.ERROR, __file__, 1, "an error", (), error))
    assert len(written.lines) == 3
    assert_one_line_each(written.lines)
    assert all(json.loads(line)["logger"] == "app.example" for line in written.lines)


def test_a_request_full_of_line_ends_writes_no_line_of_its_own(
    app: Flask, client: FlaskClient, written: Written
) -> None:
    def broken(text: str) -> str:
        raise RuntimeError(text)

    broken.access_level = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/broken/<text>", "broken", broken)
    token = client.get("/login").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    for end in ENDS[:10]:
        client.post("/login", data={"csrf_token": token, "name": f"zavala{end}{FORGED}", "password": "x" * 20})
        client.post("/login", data={"csrf_token": f"x{end}{FORGED}"})
        assert client.get(f"/broken/a{end}{FORGED}", headers={"User-Agent": FORGED}).status_code == 500
    assert len(written.lines) >= 20
    assert_one_line_each(written.lines)
    forged = [line for line in written.lines if json.loads(line).get("event") == "signed in"]
    assert forged == []
