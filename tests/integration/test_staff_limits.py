"""Every limit answers at the first attempt too many, says when to come back, and shuts out nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from werkzeug.test import TestResponse

from app.extensions import limiter
from app.sandbox import SandboxServer
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.site import NewSite

PASSWORD, WRONG = "correct horse battery", "wrong"


@pytest.fixture(autouse=True)
def _redis_is_trusted() -> None:
    """One limiter serves every application of this process: it may still think that an earlier test's Redis is dead."""
    limiter._storage_dead = False


@pytest.fixture
def site(new_site: NewSite, settings: Settings) -> Flask:
    made = new_site(replace(settings, registration=True))
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        services_of_current_app().staff.create("ikora", PASSWORD, "admin")
    return made


def sign_in(site: Flask, name: str = "ikora", password: str = WRONG, address: str = "127.0.0.1") -> TestResponse:
    return site.test_client().post(
        "/login", data={"name": name, "password": password}, environ_base={"REMOTE_ADDR": address}
    )


def browser_of(site: Flask, user_id: int) -> FlaskClient:
    with site.app_context():
        token = services_of_current_app().sessions.start(user_id)
    client = site.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def admin(site: Flask, name: str) -> FlaskClient:
    with site.app_context():
        user_id = services_of_current_app().staff.create(name, PASSWORD, "admin").id
    return browser_of(site, user_id)


def is_refused(answer: TestResponse, within_s: int) -> bool:
    """429 with a page for people and a time to come back at."""
    if answer.status_code != 429:
        return False
    assert 0 < int(answer.headers["Retry-After"]) <= within_s + 1
    assert "A little too fast" in answer.text
    return True


def test_one_address_signs_in_ten_times_in_five_minutes_and_not_eleven(site: Flask) -> None:
    answers = [sign_in(site, name=f"guess {number}") for number in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    assert is_refused(answers[10], 300)
    assert sign_in(site, address="10.0.0.9").status_code == 401


def test_one_account_is_tried_ten_times_in_five_minutes_and_not_eleven(site: Flask) -> None:
    answers = [sign_in(site, address=f"10.0.0.{number}") for number in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    assert is_refused(answers[10], 300)
    assert sign_in(site, name=" IKORA ", address="10.0.0.99").status_code == 429
    assert sign_in(site, name="zavala", address="10.0.0.99").status_code == 401


def test_everybody_together_is_limited_to_a_thousand(site: Flask) -> None:
    with site.app_context():
        assert limiter.limiter.hit(parse("1000 per 5 minutes"), "all", "sign-in", cost=999)
    assert sign_in(site, name="a", address="10.0.0.1").status_code == 401
    assert is_refused(sign_in(site, name="b", address="10.0.0.2"), 300)


def test_a_flood_from_one_address_leaves_the_account_open_elsewhere(site: Flask) -> None:
    for _ in range(9):
        sign_in(site)
    assert [sign_in(site, name=f"x{number}").status_code for number in range(2)] == [401, 429]
    for _ in range(20):
        assert sign_in(site).status_code == 429
    assert sign_in(site, password=PASSWORD, address="10.0.0.2").status_code == 303


def test_a_stranger_who_never_stops_guessing_does_not_lock_the_owner_out(site: Flask) -> None:
    assert sign_in(site, password=PASSWORD, address="10.0.0.1").status_code == 303
    strangers = [sign_in(site, address=f"10.1.0.{number}").status_code for number in range(15)]
    assert strangers[-1] == 429
    assert sign_in(site, password=PASSWORD, address="10.0.0.1").status_code == 303


def test_the_owner_s_place_is_limited_too(site: Flask) -> None:
    assert sign_in(site, password=PASSWORD, address="10.0.0.1").status_code == 303
    answers = [sign_in(site, address="10.0.0.1").status_code for _ in range(10)]
    assert answers == [401] * 9 + [429]


def test_without_redis_sign_in_is_still_limited(new_site: NewSite, settings: Settings) -> None:
    site = new_site(replace(settings, redis_url="redis://127.0.0.1:1/0"))
    site.config["WTF_CSRF_ENABLED"] = False
    answers = [sign_in(site, name=f"guess {number}") for number in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    assert is_refused(answers[10], 300)


def test_one_address_registers_five_times_an_hour_and_not_six(site: Flask) -> None:
    def register(number: int) -> TestResponse:
        return site.test_client().post("/register", data={"name": f"light{number}", "password": PASSWORD})

    assert site.test_client().post("/register", data={"name": "", "password": ""}).status_code == 400
    assert [register(number).status_code for number in range(5)] == [303] * 5
    assert is_refused(register(5), 3600)


def test_one_browser_starts_ten_connections_an_hour_and_not_eleven(site: Flask) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    first = site.test_client()
    assert [start(first).status_code for _ in range(10)] == [303] * 10
    assert is_refused(start(first), 3600)
    assert start(site.test_client()).status_code == 303  # somebody else behind the same address


def start(client: FlaskClient) -> TestResponse:
    token = client.get("/login").text.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post("/login/bungie", data={"csrf_token": token})


def test_a_signed_in_person_starts_ten_connections_an_hour_and_not_eleven(site: Flask) -> None:
    client = admin(site, "zavala")
    assert [client.post("/login/bungie").status_code for _ in range(10)] == [303] * 10
    assert is_refused(client.post("/login/bungie"), 3600)


def test_new_definitions_are_asked_for_once_in_five_minutes_and_not_twice(site: Flask, sandbox: SandboxServer) -> None:
    client, other = admin(site, "zavala"), admin(site, "saladin")
    first = client.post("/updateManifest")
    assert first.status_code == 202
    again = client.post("/updateManifest")  # while the first waits: the same run
    assert (again.status_code, again.headers["Location"]) == (202, first.headers["Location"])
    with site.app_context():
        services_of_current_app().manifest.abandon(first.headers["Location"].rpartition("/")[2], "stopped by the test")
    assert is_refused(client.post("/updateManifest"), 300)
    assert other.post("/updateManifest").status_code == 202


def test_a_person_makes_sixty_changes_a_minute_and_not_sixty_one(site: Flask, sandbox: SandboxServer) -> None:
    player = next(iter(sandbox.app.state.players.values()))
    with site.app_context():
        user_id = services_of_current_app().accounts.connect(sandbox.app.state.grants.new_code(player.bungie_id))
    client = browser_of(site, user_id)
    answers = [client.post("/account/membership", data={"membership": "1"}).status_code for _ in range(60)]
    assert answers == [404] * 60
    elsewhere = {"REMOTE_ADDR": "10.0.0.7"}
    assert is_refused(client.post("/account/membership", environ_base=elsewhere), 60)


def test_a_player_sends_sixty_moves_a_minute_and_not_sixty_one(site: Flask, sandbox: SandboxServer) -> None:
    player = next(iter(sandbox.app.state.players.values()))
    with site.app_context():
        user_id = services_of_current_app().accounts.connect(sandbox.app.state.grants.new_code(player.bungie_id))
    client = browser_of(site, user_id)
    for _ in range(30):
        assert client.post("/moves", data={"item": "no item"}).status_code == 400
        assert client.post("/items/1/lock", data={}).status_code == 400
    assert is_refused(client.post("/moves", data={"item": "no item"}), 60)
    assert client.get("/moves").status_code == 200


def test_one_browser_searches_five_times_a_second_and_not_more(site: Flask) -> None:
    client = admin(site, "rahool")
    for _ in range(50):
        assert client.get("/search/help?q=x").status_code == 200
    assert is_refused(client.get("/search/help?q=x"), 10)
    assert client.get("/search/help").status_code == 200


def test_a_forwarded_address_from_the_client_changes_nothing(site: Flask) -> None:
    def spoofed(number: int) -> int:
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        data = {"name": f"n{number}", "password": "wrong"}
        return site.test_client().post("/login", data=data, headers=headers).status_code

    assert [spoofed(number) for number in range(11)] == [401] * 10 + [429]


def test_a_page_tells_in_json_when_json_was_asked_for(site: Flask) -> None:
    for number in range(10):
        sign_in(site, name=f"guess {number}")
    answer = site.test_client().post("/login", data={}, headers={"Accept": "application/json"})
    assert answer.status_code == 429
    assert answer.json
    assert answer.json["error"]["status"] == 429
