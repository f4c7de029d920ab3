"""Five thousand broken requests: wrong encodings, NUL, endless addresses and cookies, bodies that lie. Never a 500."""

from __future__ import annotations

import io
import random
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.contracts.test_routes import EXAMPLES, UNSAFE, rules
from tests.contracts.test_routes import people as people  # noqa: PLC0414 - a fixture

REQUESTS = 5000
EXPECTED = {200, 202, 303, 308, 400, 401, 403, 404, 405, 409, 413, 415, 416, 429, 503}
PIECES = [
    "\x00", "%00", "%", "%zz", "%c3%28", "%ff%fe", "\xff\xfe", "\xed\xa0\x80", "..", "../" * 8, "//", "\\", "\r\n",
    "%0d%0aX: y", "\u00e9".encode().decode("latin-1"), "\U0001f980".encode().decode("latin-1"), "<script>", "{{7*7}}",
    "'; DROP TABLE users; --", "A" * 300, "9" * 40, "-1", "1e999", "null", "%u0041", ";", "?", "#", "&", "=", "[]",
    "__proto__", "%2e%2e%2f", "\x7f", "\x1b[31m", "\xe2\x80\xae",
]  # fmt: skip
METHODS = ["GET"] * 6 + ["POST"] * 5 + ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "BREW", "A" * 40]
TYPES = [
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "application/json",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "text/plain", "\xff",
    "multipart/form-data; boundary=" + "x" * 300, "", "a/b/c; ;;=",
]  # fmt: skip
HEADERS = [
    "HTTP_HOST", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_REFERER",
    "HTTP_ORIGIN", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_USER_AGENT", "HTTP_X_CSRFTOKEN",
    "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE", "HTTP_SEC_FETCH_SITE", "HTTP_CONTENT_ENCODING",
]  # fmt: skip


class Mess:
    """Makes requests that get less and less like a request; the same seed makes the same ones."""

    def __init__(self, seed: int, paths: list[str], keys: list[tuple[str, str]]) -> None:
        """`keys` are the cookie and the form token of some browsers."""
        self._random = random.Random(seed)
        self._paths, self._keys = paths, keys

    def environ(self, number: int) -> dict[str, Any]:
        pick = self._random
        made = EnvironBuilder("/", method="GET").get_environ()
        made["REMOTE_ADDR"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"  # each its own limit
        made["REQUEST_METHOD"] = pick.choice(METHODS)
        made["PATH_INFO"] = self._path()
        made["QUERY_STRING"] = pick.choice(["", "", self._line(), f"next={self._line()}", "a=" + "b" * 8192])
        made["HTTP_COOKIE"], token = pick.choice([*self._keys, (self._cookie(), "")])
        for name in pick.sample(HEADERS, pick.choice((0, 0, 1, 2))):
            made[name] = self._line()
        if made["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            self._body(made, token)
        return made

    def _text(self) -> str:
        return "".join(self._random.choice(PIECES) for _ in range(self._random.randint(0, 4)))

    def _line(self) -> str:
        """As every web server hands headers and queries on: a line end has ended them."""
        return self._text().replace("\r\n", "")

    def _path(self) -> str:
        path = self._random.choice(self._paths)
        kind = self._random.random()
        if kind < 0.6:
            return path
        if kind < 0.9:
            return path.rpartition("/")[0] + "/" + self._text()
        return "/" + "x" * 8192 if kind < 0.95 else self._text()

    def _cookie(self) -> str:
        names = ["vault_raider", "session", "__Host-vault_raider", "remember_token"]
        return "; ".join(
            f"{self._random.choice(names)}={self._random.choice(['A' * 100_000, self._text(), '.' + 'e' * 60])}"
            for _ in range(2)
        )

    def _body(self, made: dict[str, Any], token: str) -> None:
        pick = self._random
        form = f"csrf_token={token}&{pick.choice(FIELDS)}={self._text()}&password={self._text()}&item=1"
        many = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{number}"\r\n\r\n1\r\n'
            for number in range(pick.choice((3, 300)))
        )
        body = pick.choice([form, form, form, form, many + "--x--", self._text(), "{" * 500, "a=" + "b" * 70_000, ""])
        raw = body.encode("latin-1", "replace")
        made["wsgi.input"] = io.BytesIO(raw)
        made["CONTENT_TYPE"] = TYPES[0] if body == form else pick.choice(TYPES)
        made["CONTENT_LENGTH"] = pick.choice([str(len(raw))] * 6 + ["", "-1", "abc", "99999999999", str(len(raw) + 9)])


FIELDS = ["name", "membership", "next", "locked", "quantity", "csrf_token", "email", "session", "account", "word"]
# They would end the session that the rest needs.
GOODBYES = {"/logout", "/account/sign-out-everywhere"}


def paths(app: Flask) -> list[str]:
    found = ["/static/css/base.css", "/static/" + "../" * 6 + "etc/passwd", "/nothing", ""]
    for rule in rules(app):
        path = rule.rule
        if path in GOODBYES:
            continue
        for name in rule.arguments:
            path = path.replace(f"<{name}>", EXAMPLES[name])
        found += [path] * (2 if UNSAFE & set(rule.methods or ()) else 1)
    return found


def key_of(client: FlaskClient) -> tuple[str, str]:
    """The cookie of this browser and the token of its forms."""
    token = client.get("/login").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    found = client.get_cookie("vault_raider")
    assert found is not None
    return f"vault_raider={found.value}", token


@pytest.mark.parametrize("seed", range(5))
def test_no_broken_request_breaks_the_site(app: Flask, people: dict[str, FlaskClient], seed: int) -> None:
    keys = [key_of(client) for client in people.values()]
    mess = Mess(seed, paths(app), keys)
    met: Counter[int] = Counter()
    for number in range(REQUESTS // 5):
        environ = mess.environ(number)
        told = repr(
            {key: str(value)[:200] for key, value in environ.items() if not key.startswith(("wsgi", "werkzeug"))}
        )
        _, status, headers = run_wsgi_app(app, environ, buffered=True)
        code = int(status.split()[0])
        assert code in EXPECTED, (status, told)
        assert "Content-Security-Policy" in headers, (status, told)
        met[code] += 1
    assert {200, 303, 400, 403, 404, 405, 413} <= set(met), met
    assert met[429] < REQUESTS // 50, met
