"""Requests that no page of ours sends: forged by other sites, without a token, to no host, with NUL in them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import csrf
from tests.contracts.test_routes import UNSAFE, call, rules
from tests.contracts.test_routes import people as people  # noqa: PLC0414 - a fixture

HERE = "http://localhost"
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    {"Sec-Fetch-Site": "unheard-of"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://evil.example@other"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "https://evil.example", "Referer": HERE + "/"},
    {"Referer": "https://evil.example/http://localhost/"},
]
OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": HERE},
    {"Origin": "http://LOCALHOST"},
    {"Referer": HERE + "/vault?q=x"},
]


def token_of(client: FlaskClient) -> str:
    """The token that the sign-in page of this browser carries."""
    return client.get("/login").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def begin_sign_in(client: FlaskClient, token: str, **headers: object) -> TestResponse:
    return client.post("/login/bungie", data={"csrf_token": token}, **headers)  # type: ignore[arg-type]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_request_is_refused_although_its_token_is_good(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = begin_sign_in(client, token_of(client), headers=headers)
    assert answer.status_code == 403
    assert "Location" not in answer.headers


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_request_of_our_own_page_is_served(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = begin_sign_in(client, token_of(client), headers=headers)
    assert answer.status_code == 303
    assert "/en/OAuth/Authorize?" in answer.headers["Location"]


def test_a_link_from_anywhere_may_lead_to_us(client: FlaskClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_no_unsafe_route_answers_a_foreign_site(app: Flask, people: dict[str, FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # so that only the second line stands
    tried = 0
    for rule in rules(app):
        for method in UNSAFE & set(rule.methods or ()):
            for client in people.values():
                client.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
                assert call(client, rule, method).status_code == 403, rule.rule
                tried += 1
    assert tried >= 20


def test_no_view_is_exempt_from_the_token() -> None:
    assert csrf._exempt_views == set()
    assert csrf._exempt_blueprints == set()


@pytest.mark.parametrize(
    "body", [{"json": {"membership": "1"}}, {"data": b"<x/>", "content_type": "text/xml"}], ids=str
)
def test_a_body_that_is_no_form_needs_the_token_as_well(client: FlaskClient, body: dict) -> None:
    assert client.post("/login/bungie", **body).status_code == 400
    assert client.post("/login/bungie", headers={"X-CSRFToken": token_of(client)}, **body).status_code == 303


def test_the_token_of_one_browser_is_worthless_in_another(app: Flask) -> None:
    mine, other = app.test_client(), app.test_client()
    token_of(other)
    assert begin_sign_in(other, token_of(mine)).status_code == 400


@pytest.mark.parametrize(
    "host",
    ["evil.example/path", "evil example", "a@b", "evil.example:99999", "evil.example:port", "<b>", "a\\b", "a?b",
     "caf\u00e9.example", "a,b", "[::1", "evil.example:0", "..", ".", "a" * 300, "a..b", "-" * 70 + ".example"],
)  # fmt: skip
def test_a_host_that_is_no_name_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "did not make sense" in answer.text
    assert f"//{host}" not in answer.text


@pytest.mark.parametrize("host", ["vault.example", "vault.example:8443", "127.0.0.1:5000", "[::1]:5000", "LOCALHOST"])
def test_a_host_that_is_a_name_is_served_and_never_repeated(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 200
    assert host.partition(":")[0] not in answer.text or host.startswith(("[", "127"))
    assert client.get("/vault", headers={"Host": host}).headers["Location"].startswith("/?next=")


@pytest.mark.parametrize("path", ["/%00", "/?next=%00", "/?%00=1", "/items/1%00", "/static/%00.css", "/vault?q=a%00b"])
def test_nul_in_an_address_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_nul_in_a_form_reaches_no_query(client: FlaskClient) -> None:
    form = {"csrf_token": token_of(client), "name": "zavala\x00", "password": "x" * 20}
    assert client.post("/login", data=form).status_code == 400


@pytest.mark.parametrize("query", ["q=\xed\xa0\x80", "\xff", "next=/vault\xc3"])
def test_a_query_that_is_no_text_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get("/", environ_overrides={"QUERY_STRING": query}).status_code == 400
