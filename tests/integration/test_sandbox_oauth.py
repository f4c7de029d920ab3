"""The sandbox's sign-in behaves as Bungie's: one code once, tokens that rotate and expire, errors in OAuth's shape."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup

from app.sandbox import SandboxServer, demo_world
from tests.unit.sandbox.visitor import CALLBACK, CLIENT, DEMO_ID, OPTIONS, TIMEOUT_S, Clock, Visitor, serve


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SandboxServer]:
    with serve(demo_world(), clock=clock) as running:
        yield running


@pytest.fixture
def visitor(server: SandboxServer) -> Visitor:
    return Visitor(server)


def authorize(visitor: Visitor, locale: str = "en", **query: str) -> requests.Response:
    asked = {"client_id": OPTIONS.client_id, "response_type": "code", "state": "s&1"} | query
    return requests.get(f"{visitor.url}/{locale}/OAuth/Authorize", params=asked, timeout=TIMEOUT_S)


def error_of(answer: requests.Response) -> tuple[int, str, str]:
    body = answer.json()
    return answer.status_code, body["error"], body["error_description"]


@pytest.mark.parametrize("locale", ["en", "pt-br"])
def test_the_page_offers_every_account_and_a_refusal(visitor: Visitor, locale: str) -> None:
    page = BeautifulSoup(authorize(visitor, locale).text, "lxml")
    assert [button["value"] for button in page.select("button[name=account]")] == list(visitor.server.app.state.players)
    assert "items" in page.select_one("button[name=account]").text
    assert page.select_one("button[name=refuse]")
    assert page.select_one("input[name=state]")["value"] == "s&1"


@pytest.mark.parametrize(
    "query",
    [{"client_id": "1"}, {"response_type": "token"}, {"redirect_uri": "https://elsewhere.invalid/"}],
)
def test_a_sign_in_that_cannot_end_well_does_not_begin(visitor: Visitor, query: dict[str, str]) -> None:
    answer = authorize(visitor, **query)
    assert answer.status_code == 400
    assert "button" not in answer.text.split("</style>")[1]


def test_the_state_comes_back_unchanged_beside_the_code(visitor: Visitor) -> None:
    target = urlsplit(visitor.pick(state="a b&c=d/ü").headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == CALLBACK
    assert parse_qs(target.query)["state"] == ["a b&c=d/ü"]


def test_a_refusal_says_access_denied(visitor: Visitor) -> None:
    query = parse_qs(urlsplit(visitor.pick(refuse="1").headers["Location"]).query)
    assert (query["error"], query["state"], "code" in query) == (["access_denied"], ["st"], False)


def test_a_code_is_exchanged_once_for_a_pair_that_speaks_for_the_bungie_user(visitor: Visitor) -> None:
    code = visitor.code()
    pair = visitor.token(grant_type="authorization_code", code=code).json()
    assert (pair["token_type"], pair["expires_in"], pair["refresh_expires_in"]) == ("Bearer", 3600, 7_776_000)
    assert pair["membership_id"] == "40000001"
    again = visitor.token(grant_type="authorization_code", code=code)
    assert error_of(again) == (400, "invalid_grant", "AuthorizationCodeInvalid")


def test_a_code_is_stale_after_ten_minutes(visitor: Visitor, clock: Clock) -> None:
    early, late = visitor.code(), visitor.code()
    clock.now_s += 599
    assert visitor.token(grant_type="authorization_code", code=early).status_code == 200
    clock.now_s += 1
    stale = visitor.token(grant_type="authorization_code", code=late)
    assert error_of(stale) == (400, "invalid_grant", "AuthorizationCodeStale")


def test_a_refresh_token_is_good_once_and_gives_a_new_pair(visitor: Visitor) -> None:
    first = visitor.sign_in()
    second = visitor.token(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    again = visitor.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert error_of(again) == (400, "invalid_grant", "ProvidedTokenNotValidRefreshToken")
    assert visitor.get("/User/GetMembershipsForCurrentUser/").status_code == 200


def test_a_refresh_token_expires(visitor: Visitor, clock: Clock) -> None:
    pair = visitor.sign_in()
    clock.now_s += 7_776_000
    expired = visitor.token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert error_of(expired) == (400, "invalid_grant", "RefreshTokenExpired")


def test_an_expired_access_token_meets_a_page_with_401(visitor: Visitor, clock: Clock) -> None:
    visitor.sign_in()
    clock.now_s += 3599
    assert visitor.get("/User/GetMembershipsForCurrentUser/").status_code == 200
    clock.now_s += 1
    answer = visitor.get("/User/GetMembershipsForCurrentUser/")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("text/html")


def test_without_a_token_a_private_call_is_code_99(visitor: Visitor) -> None:
    answer = visitor.get("/User/GetMembershipsForCurrentUser/")
    assert (answer.status_code, answer.json()["ErrorCode"]) == (500, 99)


def test_a_revoked_grant_keeps_its_access_token_but_cannot_refresh(visitor: Visitor) -> None:
    pair = visitor.sign_in()
    visitor.server.app.state.revoke_grants()
    assert visitor.get("/User/GetMembershipsForCurrentUser/").status_code == 200
    refused = visitor.token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert error_of(refused) == (400, "invalid_grant", "AuthorizationRecordRevoked")


def test_a_client_may_identify_itself_with_a_basic_header(visitor: Visitor) -> None:
    packed = base64.b64encode(f"{OPTIONS.client_id}:{OPTIONS.client_secret}".encode()).decode()
    form = {"grant_type": "authorization_code", "code": visitor.code()}
    url, headers = f"{visitor.url}/Platform/App/OAuth/token/", {"Authorization": f"Basic {packed}"}
    assert requests.post(url, data=form, headers=headers, timeout=TIMEOUT_S).status_code == 200


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, ("invalid_request", "Missing required parameter grant_type")),
        ({"grant_type": "refresh_token", "client_id": "x"}, ("invalid_request", "Cannot parse client_id")),
        ({"grant_type": "refresh_token"}, ("invalid_request", "Missing required parameter refresh_token")),
        ({"grant_type": "authorization_code", "code": "made-up"}, ("invalid_grant", "AuthorizationCodeInvalid")),
        (
            {"grant_type": "refresh_token", "client_secret": "wrong"},
            ("invalid_client", "ApplicationAuthorizationFailed"),
        ),
    ],
)
def test_bad_token_requests_are_told_apart(visitor: Visitor, form: dict[str, str], expected: tuple[str, str]) -> None:
    assert error_of(visitor.token(**form)) == (400, *expected)


def test_a_json_body_is_not_a_form(visitor: Visitor) -> None:
    body = CLIENT | {"grant_type": "authorization_code", "code": visitor.code()}
    answer = requests.post(f"{visitor.url}/Platform/App/OAuth/token/", json=body, timeout=TIMEOUT_S)
    assert error_of(answer)[2] == "Missing required parameter grant_type"


def test_a_public_client_gets_no_refresh_token() -> None:
    with serve(demo_world(), replace(OPTIONS, client_secret="")) as server:
        pair = Visitor(server).sign_in()
    assert "refresh_token" not in pair


def test_without_a_registered_redirect_the_referring_site_is_sent_back_to() -> None:
    with serve(demo_world(), replace(OPTIONS, redirect_uri=None)) as server:
        asked = {"client_id": OPTIONS.client_id, "response_type": "code"}
        url, headers = f"{server.url}/en/OAuth/Authorize", {"Referer": "http://127.0.0.1:5000/"}
        page = BeautifulSoup(requests.get(url, params=asked, headers=headers, timeout=TIMEOUT_S).text, "lxml")
        redirect = page.select_one("input[name=redirect]")["value"]
        assert redirect == "http://127.0.0.1:5000/callback/bungie"
        target = Visitor(server).pick(DEMO_ID, redirect=redirect).headers["Location"]
        assert target.startswith("http://127.0.0.1:5000/callback/bungie?code=")
        assert Visitor(server).pick(DEMO_ID, redirect="javascript:alert(1)").status_code == 400
        odd = asked | {"redirect_uri": "javascript:alert(1)"}
        assert requests.get(url, params=odd, timeout=TIMEOUT_S).status_code == 400


def test_a_site_that_names_no_redirect_and_sends_no_referrer_is_the_usual_one() -> None:
    options = replace(OPTIONS, redirect_uri=None, usual_redirect="http://127.0.0.1:5001/callback/bungie")
    with serve(demo_world(), options) as server:
        asked = {"client_id": OPTIONS.client_id, "response_type": "code"}
        answer = requests.get(f"{server.url}/en/OAuth/Authorize", params=asked, timeout=TIMEOUT_S)
        page = BeautifulSoup(answer.text, "lxml")
    assert page.select_one("input[name=redirect]")["value"] == "http://127.0.0.1:5001/callback/bungie"
