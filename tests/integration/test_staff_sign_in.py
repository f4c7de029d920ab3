"""Signing in with a name and a password: nothing tells a known name from an unknown one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models import AuditEvent, User
from app.wiring import Services
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.site import NewSite

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _ikora(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        services_of_current_app().staff.create("ikora", PASSWORD, "admin")


def outcome(app: Flask, name: str, password: str) -> tuple[int, str, dict[str, str]]:
    """Status, page and headers of a sign-in from a fresh browser, without what differs in every answer."""
    answer = app.test_client().post("/login", data={"name": name, "password": password})
    headers = {key: value for key, value in answer.headers.items() if key not in {"Content-Length", "X-Request-ID"}}
    # The limiter's headers count seconds, which may turn between two answers.
    headers = {key: unique(value) for key, value in headers.items() if key != "Retry-After"}
    return answer.status_code, unique(answer.text).replace(name, "NAME"), headers


def unique(text: str) -> str:
    text = re.sub(r"nonce-[\w-]+", "nonce", text)
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*|vault_raider=[^;]*', r"\1", text)


PASSWORDS = ["x", "x" * 71, "x" * 72, "x" * 73, "x" * 128, "🦀" * 32, "x" * 1025, ""]


@pytest.mark.parametrize("password", PASSWORDS)
def test_known_and_unknown_names_answer_alike_at_every_length(app: Flask, password: str) -> None:
    known, unknown = outcome(app, "ikora", password), outcome(app, "osiris", password)
    assert known == unknown
    assert known[0] == (401 if 0 < len(password) <= 1024 else 400)


def test_a_deactivated_account_answers_like_none(app: Flask) -> None:
    with app.app_context():
        use_cases = services_of_current_app()
        use_cases.staff.create("cayde", PASSWORD, "poster")
        use_cases.staff_admin.deactivate("cayde")
    assert outcome(app, "cayde", PASSWORD) == outcome(app, "osiris", PASSWORD)


def test_a_name_with_nul_is_nobody_s(app: Flask) -> None:
    assert app.test_client().post("/login", data={"name": "\0", "password": "x"}).status_code in {400, 401}


def test_a_password_stored_with_less_work_is_stored_anew_at_sign_in(
    new_site: NewSite, settings: Settings, app: Flask
) -> None:
    def stored() -> str:
        db.session.expire_all()
        return db.session.scalars(select(User.password_hash).where(User.name == "ikora")).one()

    with new_site(replace(settings, bcrypt_rounds=5)).app_context():
        staff, weak = services_of_current_app().staff, stored()
        assert weak.startswith("$2b$04$")
        assert staff.authenticate("ikora", "wrong horse battery") is None
        assert stored() == weak
        assert staff.authenticate("ikora", PASSWORD)
        assert stored().startswith("$2b$05$")
        assert staff.authenticate("ikora", PASSWORD)


def test_good_and_bad_sign_ins_are_written_down_without_what_was_typed(app: Flask, services: Services) -> None:
    client: FlaskClient = app.test_client()
    client.post("/login", data={"name": "ikora", "password": "typed by mistake"})
    client.post("/login", data={"name": "somebody", "password": "typed by mistake"})
    client.post("/login", data={"name": "ikora", "password": PASSWORD})
    rows = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    known = services.staff.find("ikora")
    assert known
    assert [(row.kind, row.user_id) for row in rows] == [
        ("sign-in failed", known.id), ("sign-in failed", None), ("signed in", known.id),
    ]  # fmt: skip
    assert all(row.request_id for row in rows)
    assert not [row for row in rows if "mistake" in row.detail or "somebody" in row.detail]
