"""A forgotten password: replaced by whoever reads the account's mails, and by nobody else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models import AuditEvent, User
from app.services.letters import Letter
from app.services.signed_links import RESET, MailLinks
from app.wiring import services as services_of_current_app
from config import Settings, from_env
from tests.fixtures.mail import Mailbox, text
from tests.fixtures.site import NewSite
from tests.fixtures.waiting import wait_until

OLD, NEW = "correct horse battery", "another horse entirely"
MAIL = "ikora@example.org"


@pytest.fixture
def site_environ(site_environ: dict[str, str], mail_environ: dict[str, str]) -> dict[str, str]:
    return site_environ | mail_environ


@pytest.fixture
def app(new_site: NewSite, settings: Settings) -> Flask:
    made = new_site(settings)
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        services_of_current_app().staff.create("ikora", OLD, "poster", MAIL)
    return made


def ask(app: Flask, email: str) -> tuple[int, str, str]:
    answer = app.test_client().post("/login/forgotten", data={"email": email})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def signed_in(app: Flask, password: str) -> FlaskClient | None:
    client = app.test_client()
    status = client.post("/login", data={"name": "ikora", "password": password}).status_code
    return client if status == 303 else None


def token_for(app: Flask, age: timedelta = timedelta()) -> str:
    """The token of a letter that was sent a while ago."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == MAIL)).one()
        return MailLinks(db.session, app.config["SECRET_KEY"], lambda: datetime.now(UTC) - age, RESET).token(user)


def set_password(app: Flask, token: str, password: str = NEW) -> int:
    return app.test_client().post("/login/reset", data={"token": token, "new": password}).status_code


def addressee(app: Flask, email: str) -> int:
    with app.app_context():
        return services_of_current_app().password_reset.addressee(email)


def test_a_forgotten_password_is_replaced_through_a_real_mail_and_every_browser_is_out(
    app: Flask, mailbox: Mailbox, celery_worker: Path
) -> None:
    before = signed_in(app, OLD)
    assert before
    assert "/login/forgotten" in app.test_client().get("/login").text
    assert ask(app, " Ikora@Example.org ")[:2] == (303, "/login/forgotten/sent")
    wait_until(lambda: bool(mailbox.mails), f"the mail is there; see {celery_worker}", limit_s=30)
    assert mailbox.mails[0]["To"] == MAIL
    link = re.search(r"http://vault\.example(/login/reset\?token=(\S+))", text(mailbox.mails[0]))
    assert link
    assert app.test_client().get(link[1]).status_code == 200
    assert signed_in(app, OLD)  # opening the link has changed nothing
    assert set_password(app, link[2]) == 303
    assert before.get("/account").status_code == 303
    assert not signed_in(app, OLD)
    assert signed_in(app, NEW)
    wait_until(lambda: len(mailbox.mails) > 1, f"the change is told; see {celery_worker}", limit_s=30)
    assert mailbox.mails[1]["Subject"] == "Your password was changed"
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "password changed")).one()
        assert event.detail == "by a link in a mail"


def test_a_known_and_an_unknown_address_answer_alike(app: Flask) -> None:
    assert ask(app, MAIL) == ask(app, "nobody@example.org") == ask(app, "no address")
    assert (bool(addressee(app, MAIL)), addressee(app, "nobody@example.org")) == (True, 0)


def test_a_letter_to_nobody_is_queued_and_never_sent(app: Flask, mailbox: Mailbox) -> None:
    with app.app_context():
        assert not services_of_current_app().letters.deliver(Letter.RESET, 0)
    assert mailbox.mails == []


def test_a_link_is_good_once_and_for_an_hour(app: Flask) -> None:
    assert set_password(app, token_for(app, timedelta(minutes=61))) == 400
    token = token_for(app, timedelta(minutes=59))
    assert set_password(app, token) == 303
    assert set_password(app, token, OLD) == 400
    assert app.test_client().get("/login/reset", query_string={"token": token}).status_code == 400
    for forged in ("", "x", "1.9999999999.0123456789abcdef.x"):
        assert set_password(app, forged) == 400
    assert signed_in(app, NEW)


def test_a_password_that_will_not_do_is_told_and_the_link_stays_good(app: Flask) -> None:
    token = token_for(app)
    answer = app.test_client().post("/login/reset", data={"token": token, "new": "short"})
    assert answer.status_code == 400
    assert "field-error" in answer.text
    assert signed_in(app, OLD)
    assert set_password(app, token) == 303


def test_an_account_that_is_switched_off_stays_off(app: Flask, mailbox: Mailbox) -> None:
    token = token_for(app)
    with app.app_context():
        services_of_current_app().staff_admin.deactivate("ikora")
        user_id = db.session.scalars(select(User.id)).one()
        assert not services_of_current_app().letters.deliver(Letter.RESET, user_id)
    assert addressee(app, MAIL) == 0
    assert set_password(app, token) == 400
    assert mailbox.mails == []


def test_an_address_that_nobody_confirmed_gets_no_link(app: Flask) -> None:
    with app.app_context():
        db.session.scalars(select(User)).one().email_confirmed_at = None
        db.session.commit()
    assert addressee(app, MAIL) == 0


def test_one_mailbox_gets_five_links_a_day_and_not_six(app: Flask) -> None:
    def status(email: str, address: str) -> int:
        where = {"REMOTE_ADDR": address}
        return app.test_client().post("/login/forgotten", data={"email": email}, environ_base=where).status_code

    assert [status(MAIL, f"10.0.0.{number}") for number in range(6)] == [303] * 5 + [429]
    assert status(MAIL.upper(), "10.0.0.9") == 429
    assert status("another@example.org", "10.0.0.9") == 303


@pytest.mark.parametrize("without", ["smtp_url", "site_url"])
def test_where_no_mail_can_lead_back_the_pages_do_not_exist(
    new_site: NewSite, settings: Settings, without: str
) -> None:
    client = new_site(replace(settings, **{without: ""})).test_client()
    for path in ("/login/forgotten", "/login/forgotten/sent", "/login/reset?token=x"):
        assert client.get(path).status_code == 404
    assert "Forgotten" not in client.get("/login").text


def test_in_production_nobody_guesses_where_links_lead(site_environ: dict[str, str]) -> None:
    production = site_environ | {"FLASK_CONFIG": "production"}
    assert from_env(production).site_url == "http://vault.example"
    del production["SITE_URL"]
    assert from_env(production).site_url == ""
