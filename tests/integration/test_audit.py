"""The list of what happened: sign-ins, failures, connections, choices and admin acts, each with its request's id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import AuditEvent
from app.sandbox import SandboxServer
from app.wiring import Services
from config import Settings
from tests.fixtures.logs import Written
from tests.visitor import Visitor, soup

PASSWORD = "a horse, correct and stapled"


# A staff account's tries in five minutes; whoever counts them changes when Redis is slow, and begins anew then.
TRIES = 10


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Every page asks Bungie anew, so that nothing here depends on what a Redis remembers or forgets."""
    return replace(settings, profile_ttl_s=0, bungie=replace(settings.bungie, player_pause_s=0.001))


@pytest.fixture
def visitor(live_server: str) -> Visitor:
    return Visitor(live_server)


def players(sandbox: SandboxServer) -> list[str]:
    return list(sandbox.app.state.players)


def events(app: Flask) -> list[AuditEvent]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def listed(visitor: Visitor) -> list[list[str]]:
    page = soup(visitor.get("/account/activity"))
    return [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in page.select("tbody tr")]


def test_everything_a_person_does_is_listed_newest_first(visitor: Visitor, sandbox: SandboxServer) -> None:
    first, second = players(sandbox)[0], players(sandbox)[2]
    visitor.sign_in(first)
    visitor.submit(visitor.submit(visitor.get("/account"), "/account/connect"), "", account=second)
    visitor.submit(visitor.get("/account"), "/account/membership", membership=first)
    visitor.submit(visitor.get("/account"), "/account/export")
    visitor.sign_out()
    visitor.sign_in(first)
    assert [row[1] for row in listed(visitor)] == [
        "Signed in", "Signed out", "Data exported", "Membership chosen", "Account connected", "Signed in",
        "Account connected",
    ]  # fmt: skip
    assert "through Bungie.net" in listed(visitor)[0][2]


def test_an_event_carries_the_time_and_the_id_of_its_request(
    visitor: Visitor, sandbox: SandboxServer, app: Flask
) -> None:
    visitor.sign_in(players(sandbox)[0])
    form = visitor.get("/account")
    answer = visitor.submit(form, "/account/export")
    exported = events(app)[-1]
    assert exported.kind == "data exported"
    assert exported.request_id == answer.headers["X-Request-ID"]
    assert exported.at.utcoffset() == timedelta(0)
    assert abs(exported.at - datetime.now(exported.at.tzinfo)) < timedelta(seconds=30)
    assert exported.request_id in visitor.get("/account/activity").text


def test_a_failed_attempt_of_a_signed_in_person_is_listed(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.sign_in(players(sandbox)[0])
    picker = visitor.submit(visitor.get("/account"), "/account/connect")
    assert visitor.submit(picker, "", refuse="1").status_code == 403
    assert listed(visitor)[0][1:3] == ["Sign-in failed", "You were not signed in"]


def test_bad_callbacks_of_strangers_fill_no_table(visitor: Visitor, app: Flask) -> None:
    for _ in range(5):
        assert visitor.get("/callback/bungie?code=x&state=y").status_code == 400
    assert events(app) == []


def test_an_admins_wish_for_definitions_is_listed(visitor: Visitor, services: Services, app: Flask) -> None:
    services.staff.create("zavala", PASSWORD, "admin")
    visitor.sign_in_staff("zavala", PASSWORD)
    assert visitor.submit(visitor.get("/updateManifest"), "/updateManifest").status_code == 202
    newest = listed(visitor)[0]
    assert newest[1] == "Definitions asked for"
    assert newest[2].startswith("run ")


def move_something(visitor: Visitor, key: str) -> str:
    """Asks for one item of the vault to be brought to a character; where the answer leads."""
    vault = visitor.page("/vault")
    character = str(visitor.page("/characters").select("[data-character]")[0]["data-character"])
    form = {
        "csrf_token": str(vault.select("[name=csrf_token]")[0]["value"]), "key": key, "equip": "0", "quantity": "1",
        "item": str(vault.select("[data-store=vault] [data-item-id]")[0]["data-item-id"]),
        "from": "vault", "to": character,
    }  # fmt: skip
    answer = visitor.session.post(visitor.site + "/moves", form, timeout=30, allow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["Location"]


@pytest.mark.usefixtures("definitions")
def test_a_move_is_listed_once_however_often_its_form_is_sent(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.sign_in(players(sandbox)[0])
    (where,) = {move_something(visitor, "the same key") for _ in range(2)}
    moved = [row for row in listed(visitor) if row[1] == "Move asked for"]
    assert [row[2] for row in moved] == [f"move {where.rpartition('/')[2]}"]


def test_nobody_sees_the_events_of_another(visitor: Visitor, live_server: str, sandbox: SandboxServer) -> None:
    other = Visitor(live_server)
    other.sign_in(players(sandbox)[2])
    other.submit(other.get("/account"), "/account/export")
    visitor.sign_in(players(sandbox)[0])
    assert "exported" not in visitor.get("/account/activity").text
    anonymous = Visitor(live_server)
    assert anonymous.get("/account/activity", allow_redirects=False).status_code == 303


# What happens to somebody in a browser; a change of role is an operator's command and has no request.
LOGGED = {
    "signed in", "sign-in failed", "signed out", "account connected", "account disconnected",
    "a refresh failed, the grant is kept", "permission lost", "definitions asked for", "limit hit",
    "move asked for", "a person was deleted at their word",
}  # fmt: skip


@pytest.mark.usefixtures("definitions")
def test_what_matters_for_security_is_in_the_log_with_the_time_and_the_request(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, services: Services, written: Written
) -> None:
    _a_bad_day_of_a_player(visitor, sandbox)
    services.staff.create("zavala", PASSWORD, "admin")
    services.staff_admin.set_role("zavala", "admin")
    admin = Visitor(live_server)
    admin.sign_in_staff("zavala", PASSWORD)
    admin.submit(admin.get("/updateManifest"), "/updateManifest")
    tries = (Visitor(live_server).sign_in_staff("zavala", "a wrong password") for _ in range(3 * TRIES))
    assert 429 in {answer.status_code for answer in until_refused(tries)}
    lines = [json.loads(line) for line in written.lines]
    told = {line["event"]: line for line in lines if line["event"] in LOGGED | {"role changed"}}
    assert set(told) == LOGGED | {"role changed"}
    for event, line in told.items():
        assert line["time"].endswith("+00:00"), line
        assert event == "role changed" or re.fullmatch("[0-9a-f]{16}", line["request_id"]), line


def until_refused(answers: Iterator[requests.Response]) -> Iterator[requests.Response]:
    for answer in answers:
        yield answer
        if answer.status_code == 429:
            return


def _a_bad_day_of_a_player(visitor: Visitor, sandbox: SandboxServer) -> None:
    """A move, a refresh that fails, a lost grant, one more account, signed out and in, and both disconnected."""
    player, bungie = players(sandbox)[0], sandbox.app.state
    visitor.sign_in(player)
    move_something(visitor, "another key")
    for trouble in (lambda: bungie.faults.set(status_502_html="*OAuth/token*"), bungie.revoke_grants):
        bungie.expire_tokens()
        trouble()
        visitor.get("/vault")
        bungie.faults.clear()
    visitor.submit(visitor.submit(visitor.get("/account"), "/account/connect"), "", account=players(sandbox)[2])
    visitor.sign_out()
    visitor.sign_in(player)
    for _ in range(2):  # without the last account there is no way in, so the person goes too
        visitor.submit(visitor.get("/account"), "/account/disconnect")
