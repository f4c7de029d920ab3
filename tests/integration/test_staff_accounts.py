"""Accounts with a password: changed by their owner, and by operators who cannot lock themselves out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models import AuditEvent, User
from app.sandbox import SandboxServer
from app.services.account_rules import StaffError
from app.wiring import Services
from app.wiring import services as services_of_current_app
from tests.shared import ROOT

OLD, NEW = "correct horse battery", "another horse entirely"


@pytest.fixture(autouse=True)
def _ikora(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        services_of_current_app().staff.create("ikora", OLD, "admin")


def signed_in(app: Flask, password: str = OLD) -> FlaskClient:
    client = app.test_client()
    assert client.post("/login", data={"name": "ikora", "password": password}).status_code == 303
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/admin/manifest").status_code == 200


def change(client: FlaskClient, current: str, new: str) -> tuple[int, str]:
    answer = client.post("/account/password", data={"current": current, "new": new})
    return answer.status_code, answer.text


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))


# --- one's own password -------------------------------------------------------------------------------------------


def test_changing_the_password_ends_every_other_session_and_keeps_this_one(app: Flask) -> None:
    here, there = signed_in(app), signed_in(app)
    copy = app.test_client()
    with here.session_transaction() as mine, copy.session_transaction() as copied:
        copied.update(mine)
    assert change(here, OLD, NEW)[0] == 303
    assert is_in(here)
    assert not is_in(there)
    assert not is_in(copy)
    assert "password changed" in kinds(app)
    assert app.test_client().post("/login", data={"name": "ikora", "password": OLD}).status_code == 401
    signed_in(app, NEW)


def test_the_change_needs_the_current_password(app: Flask) -> None:
    here, there = signed_in(app), signed_in(app)
    status, page = change(here, "not the password", NEW)
    assert status == 401
    assert "not your current password" in page
    assert is_in(there)
    assert "password changed" not in kinds(app)
    signed_in(app, OLD)


@pytest.mark.parametrize("new", ["short", "x" * 129, "password1234", "VaultRaider2026!"])
def test_a_new_password_that_will_not_do_is_told_why_and_changes_nothing(app: Flask, new: str) -> None:
    here, there = signed_in(app), signed_in(app)
    status, page = change(here, OLD, new)
    assert status == 400
    assert "field-error" in page
    assert is_in(there)
    signed_in(app, OLD)


def test_guessing_the_current_password_is_limited(app: Flask) -> None:
    here = signed_in(app)
    assert [change(here, f"guess {number}", NEW)[0] for number in range(11)] == [401] * 10 + [429]


def test_the_account_page_leads_to_the_change(app: Flask) -> None:
    assert 'href="/account/password"' in signed_in(app).get("/account").text


def test_the_page_says_that_mail_is_off(app: Flask) -> None:
    assert "Mail is off" in signed_in(app).get("/account/password").text


def test_whoever_signs_in_at_bungie_has_no_password_to_change(app: Flask, sandbox: SandboxServer) -> None:
    player = next(iter(sandbox.app.state.players.values()))
    with app.app_context():
        use_cases = services_of_current_app()
        token = use_cases.sessions.start(
            use_cases.accounts.connect(sandbox.app.state.grants.new_code(player.bungie_id))
        )
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert client.get("/account/password").status_code == 404
    assert change(client, "", NEW)[0] == 404
    assert change(app.test_client(), OLD, NEW)[0] == 303  # nobody is sent to sign in
    signed_in(app, OLD)


# --- what operators do --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["role", "password", "deactivate"])
def test_what_an_operator_changes_ends_the_sessions_at_once(app: Flask, act: str) -> None:
    client = signed_in(app)
    with app.app_context():
        staff = services_of_current_app().staff_admin
        services_of_current_app().staff.create("zavala", OLD, "admin")
        acts = {
            "role": lambda: staff.set_role("Ikora", "poster"),
            "password": lambda: staff.set_password("Ikora", NEW),
            "deactivate": lambda: staff.deactivate("Ikora"),
        }
        acts[act]()
    assert not is_in(client)
    assert kinds(app)[-1] in {"role changed", "password changed", "deactivated"}


def test_a_session_from_before_a_deactivation_stays_dead_after_it(app: Flask) -> None:
    client = signed_in(app)
    with app.app_context():
        staff = services_of_current_app().staff_admin
        services_of_current_app().staff.create("zavala", OLD, "admin")
        staff.deactivate("ikora")
        staff.activate("ikora")
    assert not is_in(client)
    signed_in(app)


def test_the_last_admin_stays_admin_and_active(services: Services) -> None:
    for act in (
        lambda: services.staff_admin.set_role("ikora", "poster"),
        lambda: services.staff_admin.deactivate("ikora"),
    ):
        with pytest.raises(StaffError, match="last active admin"):
            act()
    ikora = services.staff.find("ikora")
    assert ikora
    assert services.staff_admin.is_last_admin(ikora.id)
    services.staff.create("zavala", OLD, "admin")
    services.staff_admin.deactivate("zavala")
    with pytest.raises(StaffError, match="last active admin"):
        services.staff_admin.set_role("ikora", "player")  # a deactivated admin is none
    services.staff_admin.activate("zavala")
    services.staff_admin.set_role("ikora", "player")
    with pytest.raises(StaffError, match="last active admin"):
        services.staff_admin.deactivate("zavala")


def test_no_page_makes_an_admin(app: Flask) -> None:
    """There is no account that was not asked for, and whoever registers is a player."""
    with app.app_context():
        assert [user.name for user in db.session.scalars(select(User))] == ["ikora"]
    fields = {"name": "cayde", "password": OLD, "role": "admin"}
    assert app.test_client().post("/register", data=fields).status_code == 404
    assert app.test_client().get("/register").status_code == 404
    assert app.test_client().get("/register/done").status_code == 404
    assert app.test_client().get("/register/confirm").status_code == 404


# --- the command line ---------------------------------------------------------------------------------------------


@pytest.fixture
def environ(database_url: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "FLASK_CONFIG": "testing", "DATABASE_URL": database_url}


def users(environ: dict[str, str], *arguments: str, typed: str = "") -> tuple[int, str]:
    command = [sys.executable, "manage.py", "users", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, input=typed, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_accounts_are_listed_changed_and_switched_off_by_command(environ: dict[str, str], services: Services) -> None:
    assert users(environ, "create", "Zavala", "--role", "admin", typed=f"{OLD}\n{OLD}\n")[0] == 0
    assert users(environ, "role", "zavala", "poster")[0] == 0
    assert users(environ, "password", "zavala", typed=f"{NEW}\n{NEW}\n")[0] == 0
    assert services.staff.authenticate("zavala", NEW)
    assert users(environ, "deactivate", "zavala")[0] == 0
    assert services.staff.authenticate("zavala", NEW) is None
    said = users(environ, "list")[1]
    assert "ikora  admin  active" in said
    assert "zavala  poster  deactivated" in said
    assert users(environ, "activate", "zavala")[0] == 0
    assert services.staff.authenticate("zavala", NEW)


def test_what_cannot_be_done_by_command_is_a_sentence(environ: dict[str, str]) -> None:
    assert users(environ, "deactivate", "ikora") == (
        1,
        "Error: This is the last active admin. Make somebody else an admin first.\n",
    )
    assert users(environ, "role", "ikora", "player")[0] == 1
    assert users(environ, "role", "nobody", "admin") == (1, "Error: There is no account named nobody.\n")
    assert users(environ, "role", "ikora", "king")[0] == 2
    assert users(environ, "password", "ikora", typed="password1234\npassword1234\n")[0] == 1


# --- below the pages ----------------------------------------------------------------------------------------------


def test_the_service_itself_ends_the_sessions(services: Services) -> None:
    ikora = services.staff.find("ikora")
    assert ikora
    token = services.sessions.start(ikora.id)
    assert services.staff.change_password(ikora.id, OLD, NEW)
    assert services.sessions.recognise(token) is None
