"""The site's routes: written down with method, access and rate class, and each tried as anybody, player and admin."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import User
from app.sandbox import SandboxServer
from app.web.access import ADMIN, PERSON, PLAYER, PUBLIC
from app.web.limits import RATES
from app.wiring import services as services_of_current_app
from tests.shared import ROOT

LISTED = ROOT / "tests" / "contracts" / "routes.json"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
ENDS_SESSIONS = {"/logout", "/account/sign-out-everywhere"}
EXAMPLES = {
    "search_id": "1",
    "character_id": "1", "instance_id": "1", "public_id": "0123456789abcdef", "run_id": "1", "item_hash": "347366834",
    "filename": "css/base.css", "kind": "weapons", "slot": "0", "piece": "1",
    "vendor_hash": "2190858386",
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    return sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"), key=lambda rule: rule.rule)


def described(app: Flask) -> list[dict[str, object]]:
    return [
        {
            "path": rule.rule,
            "methods": sorted(rule.methods - {"HEAD", "OPTIONS"}),  # type: ignore[operator]
            "access": app.view_functions[rule.endpoint].access_level,  # type: ignore[attr-defined]
            "rate": app.view_functions[rule.endpoint].rate_class,  # type: ignore[attr-defined]
        }
        for rule in rules(app)
    ]


def by_path(rows: list[dict[str, object]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def test_the_routes_are_those_that_are_written_down(app: Flask) -> None:
    """A difference is a review: change routes.json together with the route."""
    assert by_path(described(app)) == by_path(json.loads(LISTED.read_text()))


def test_every_route_has_a_known_access_level_and_rate_class(app: Flask) -> None:
    for row in described(app):
        assert row["access"] in {PUBLIC, PERSON, PLAYER, ADMIN}
        assert row["rate"] in RATES


def test_a_view_without_an_access_mark_is_closed(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code in {303, 403}
    assert b"secret" not in answer.data


# The fixture `services` would keep one application context open, and with it one remembered person for all clients.


def browser_of(app: Flask, user_id: int) -> FlaskClient:
    with app.app_context():
        token = services_of_current_app().sessions.start(user_id)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def staff(app: Flask, name: str, role: str) -> int:
    with app.app_context():
        return services_of_current_app().staff.create(name, "a long enough password", role).id


@pytest.fixture
def people(app: Flask, sandbox: SandboxServer) -> dict[str, FlaskClient]:
    player = next(iter(sandbox.app.state.players.values()))
    with app.app_context():
        code = sandbox.app.state.grants.new_code(player.bungie_id)
        player_id = services_of_current_app().accounts.connect(code)
    return {
        "anonymous": app.test_client(),
        "player": browser_of(app, player_id),
        "poster": browser_of(app, staff(app, "cayde", "poster")),
        "admin": browser_of(app, staff(app, "zavala", "admin")),
    }


def call(client: FlaskClient, rule: Rule, method: str) -> TestResponse:
    path = rule.rule
    for name in rule.arguments:
        path = re.sub(rf"<(?:[^<>]*:)?{name}>", EXAMPLES[name], path)
    return client.open(path, method=method)


MAY = {
    PUBLIC: {"anonymous", "player", "poster", "admin"},
    PERSON: {"player", "poster", "admin"},
    PLAYER: {"player"},
    ADMIN: {"admin"},
}


def test_every_route_lets_in_whom_it_should_and_nobody_else(app: Flask, people: dict[str, FlaskClient]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in rules(app):
        if rule.rule in ENDS_SESSIONS:
            continue  # the rest of this test needs them
        level = app.view_functions[rule.endpoint].access_level  # type: ignore[attr-defined]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):  # type: ignore[operator]
            for who, client in people.items():
                answer = call(client, rule, method)
                assert answer.status_code != 500, (rule.rule, who)
                is_in = not _is_refusal(answer, level)
                assert is_in == (who in MAY[level]), (rule.rule, method, who, answer.status_code)


def _is_refusal(answer: TestResponse, level: str) -> bool:
    if level == PUBLIC:
        return answer.status_code == 403
    if answer.status_code in {401, 403}:
        return True
    place = answer.headers.get("Location", "")
    return answer.status_code == 303 and (place == "/" or place.startswith(("/?next=", "/login?next=")))


def test_every_unsafe_route_refuses_a_request_without_its_token(app: Flask, people: dict[str, FlaskClient]) -> None:
    tried = 0
    for rule in rules(app):
        for method in UNSAFE & rule.methods:  # type: ignore[operator]
            for client in people.values():
                assert call(client, rule, method).status_code == 400, rule.rule
                tried += 1
    assert tried >= 20


def test_reading_any_route_changes_nothing_at_bungie(
    app: Flask, people: dict[str, FlaskClient], sandbox: SandboxServer
) -> None:
    sandbox.app.state.requests.clear()
    for rule in rules(app):
        if "GET" in rule.methods:  # type: ignore[operator]
            for client in people.values():
                call(client, rule, "GET")
    assert not [row for row in sandbox.app.state.requests.recent if row[0] != "GET"]


def change(app: Flask, user_id: int, **facts: object) -> None:
    with app.app_context():
        db.session.execute(update(User).where(User.id == user_id).values(**facts))
        db.session.commit()


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(app: Flask) -> None:
    admin_id = staff(app, "zavala", "admin")
    client = browser_of(app, admin_id)
    assert client.get("/admin/manifest").status_code == 200
    change(app, admin_id, role="poster")
    assert client.get("/admin/manifest").status_code == 403
    change(app, admin_id, is_active=False)
    assert client.get("/admin/manifest").status_code == 303


def test_every_answer_carries_the_security_headers(app: Flask, people: dict[str, FlaskClient]) -> None:
    nonces = set()
    for rule in rules(app):
        for client in people.values():
            answer = call(client, rule, "GET")
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["Cache-Control"] == "no-store"
            nonces.add(policy)
    assert len(nonces) > 50


def test_our_own_files_are_kept_for_a_year_under_their_version(client: FlaskClient) -> None:
    page = client.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0].replace("&amp;", "&")
    with client.get(address) as versioned, client.get("/static/css/base.css") as plain:
        assert versioned.status_code == 200
        assert "immutable" in versioned.headers["Cache-Control"]
        assert "immutable" not in plain.headers.get("Cache-Control", "")


def test_the_site_waits_for_one_style_sheet_and_gets_texts_compressed(client: FlaskClient) -> None:
    page = client.get("/").text
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    drawing = re.findall(r'<use href="([^"#]+)', page)[0]
    for address in (sheet, drawing, "/static/vendor/htmx/htmx.min.js"):
        with client.get(address, headers={"Accept-Encoding": "br"}) as small, client.get(address) as plain:
            assert small.headers["Content-Encoding"] == "br"
            assert len(small.data) < len(plain.data) / 2
            assert "Accept-Encoding" in small.headers["Vary"]
    with client.get(sheet) as first:
        again = client.get(sheet, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.mimetype, again.status_code, again.data) == ("text/css", 304, b"")
