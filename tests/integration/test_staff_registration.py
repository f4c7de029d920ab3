"""Making an account for oneself: only where it is allowed, confirmed by a real mail, silent about who has one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models import User
from app.services.letters import Letter
from app.services.mail import Mailer, MailError
from app.services.signed_links import CONFIRM, RESET, MailLinks, Purpose
from app.wiring import services as services_of_current_app
from config import Settings, SettingsError, from_env
from tests.fixtures.mail import Mailbox, text
from tests.fixtures.site import NewSite
from tests.fixtures.waiting import wait_until

PASSWORD, OTHER = "correct horse battery", "another horse entirely"
FIELDS = {"name": "Crow", "email": "Crow@example.org", "password": PASSWORD}


@pytest.fixture
def site_environ(site_environ: dict[str, str], mail_environ: dict[str, str]) -> dict[str, str]:
    return site_environ | mail_environ | {"REGISTRATION": "on"}


@pytest.fixture
def app(new_site: NewSite, settings: Settings) -> Flask:
    made = new_site(settings)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def register(app: Flask, **fields: str) -> tuple[int, str, str]:
    answer = app.test_client().post("/register", data=FIELDS | fields)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def deliver(app: Flask, letter: Letter, email: str = "crow@example.org") -> bool:
    with app.app_context():
        user_id = db.session.scalars(select(User.id).where(User.email == email)).one()
        return services_of_current_app().letters.deliver(letter, user_id)


def token_in(mail: Message) -> str:
    link = re.search(r"http://vault\.example/register/confirm\?token=(\S+)", text(mail))
    assert link
    return link[1]


def signs_in(app: Flask, name: str = "crow", password: str = PASSWORD) -> bool:
    return app.test_client().post("/login", data={"name": name, "password": password}).status_code == 303


def test_an_account_opens_with_the_link_of_a_real_mail_and_the_password(
    app: Flask, celery_worker: Path, mailbox: Mailbox
) -> None:
    assert register(app)[:2] == (303, "/register/done")
    assert not signs_in(app)
    wait_until(lambda: bool(mailbox.mails), f"the mail is there; see {celery_worker}", limit_s=30)
    mail = mailbox.mails[0]
    assert (mail["To"], mail["From"]) == ("crow@example.org", "vault@example.org")
    token = token_in(mail)
    client = app.test_client()
    page = client.get(f"/register/confirm?token={token}")
    assert page.status_code == 200
    assert not signs_in(app)  # opening the link has changed nothing
    assert client.post("/register/confirm", data={"token": token, "password": OTHER}).status_code == 401
    assert client.post("/register/confirm", data={"token": token, "password": PASSWORD}).status_code == 303
    assert "Crow".casefold() in client.get("/").text
    assert signs_in(app)
    assert client.get("/admin/manifest").status_code == 403
    again = app.test_client().post("/register/confirm", data={"token": token, "password": PASSWORD})
    assert again.status_code == 400


def test_free_and_taken_names_and_addresses_answer_alike(app: Flask, mailbox: Mailbox) -> None:
    with app.app_context():
        services_of_current_app().staff.create("ikora", PASSWORD, "admin", "ikora@example.org")
    free = register(app)
    assert register(app, name="ikora", email="somebody@example.org") == free
    assert register(app, name="osiris", email="IKORA@example.org") == free
    assert free[0] == 303
    with app.app_context():
        assert set(db.session.scalars(select(User.name))) == {"ikora", "crow"}
    assert deliver(app, Letter.ALREADY_REGISTERED, "ikora@example.org")
    assert "its name is ikora" in text(mailbox.mails[-1])
    assert signs_in(app, "ikora")


def test_an_address_given_by_somebody_else_opens_no_account_of_theirs(app: Flask, mailbox: Mailbox) -> None:
    """The mail's owner follows the link, but does not know the password that a stranger chose."""
    register(app, password=OTHER)
    deliver(app, Letter.CONFIRM)
    stale = token_in(mailbox.mails[-1])
    register(app)  # the owner registers: the stranger's try is gone, and its link with it
    assert app.test_client().post("/register/confirm", data={"token": stale, "password": OTHER}).status_code == 400
    deliver(app, Letter.CONFIRM)
    fresh = token_in(mailbox.mails[-1])
    assert app.test_client().post("/register/confirm", data={"token": fresh, "password": PASSWORD}).status_code == 303


def test_the_link_of_a_mail_does_not_open_an_account_that_was_switched_off(app: Flask, mailbox: Mailbox) -> None:
    register(app)
    deliver(app, Letter.CONFIRM)
    with app.app_context():
        services_of_current_app().staff_admin.deactivate("crow")
    link = {"token": token_in(mailbox.mails[-1]), "password": PASSWORD}
    assert app.test_client().get("/register/confirm", query_string=link).status_code == 400
    assert app.test_client().post("/register/confirm", data=link).status_code == 400
    register(app)
    assert not signs_in(app)
    with app.app_context():
        services_of_current_app().staff_admin.activate("crow")
    assert signs_in(app)


def test_a_link_is_good_for_a_day_for_its_own_purpose_and_key(app: Flask) -> None:
    register(app)
    start = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        token = MailLinks(db.session, "secret", lambda: start, CONFIRM).token(user)

        def owner(hours: float = 0, key: str = "secret", token: str = token, purpose: Purpose = CONFIRM) -> User | None:
            return MailLinks(db.session, key, lambda: start + timedelta(hours=hours), purpose).owner(token)

        assert owner(23.9) is user
        assert owner(24.1) is None
        assert owner(key="another") is None
        assert owner(purpose=RESET) is None
        for bad in ("", "x", token[:-1], "9" + token, token.replace(".", ""), "\0", "é"):
            assert owner(token=bad) is None, bad
        user.password_hash = "another"
        assert owner() is None


def test_a_name_that_nobody_confirmed_is_free_again_after_a_day(app: Flask) -> None:
    register(app)
    with app.app_context():
        db.session.scalars(select(User)).one().created_at = datetime.now(UTC) - timedelta(hours=25)
        db.session.commit()
    register(app, email="second@example.org")
    with app.app_context():
        assert list(db.session.scalars(select(User.email))) == ["second@example.org"]


@pytest.mark.parametrize(
    "fields",
    [{"password": "short"}, {"password": "password1234"}, {"email": "no address"}, {"email": "a@b.org\r\nBcc: c@d.org"},
     {"email": "é@example.org"}, {"name": ""}, {"name": "x" * 65}, {"name": "a\nb"}],
)  # fmt: skip
def test_what_would_do_for_nobody_is_told(app: Flask, fields: dict[str, str]) -> None:
    status, _, page = register(app, **fields)
    assert status == 400
    assert "field-error" in page
    with app.app_context():
        assert not db.session.scalars(select(User)).all()


def test_a_changed_password_is_told_by_mail(app: Flask, mailbox: Mailbox, celery_worker: Path) -> None:
    with app.app_context():
        services_of_current_app().staff.create(
            "ikora", PASSWORD, "poster", "ikora@example.org"
        )  # admins get other mails too
    client: FlaskClient = app.test_client()
    client.post("/login", data={"name": "ikora", "password": PASSWORD})
    assert client.post("/account/password", data={"current": PASSWORD, "new": OTHER}).status_code == 303
    wait_until(lambda: bool(mailbox.mails), f"the mail is there; see {celery_worker}", limit_s=30)
    mail = mailbox.mails[0]
    assert (mail["To"], mail["Subject"]) == ("ikora@example.org", "Your password was changed")
    assert PASSWORD not in text(mail)
    assert OTHER not in text(mail)


def test_an_unconfirmed_address_gets_nothing_but_the_question(app: Flask, mailbox: Mailbox) -> None:
    register(app)
    assert not deliver(app, Letter.PASSWORD_CHANGED)
    assert not deliver(app, Letter.ALREADY_REGISTERED)
    with app.app_context():
        assert not services_of_current_app().letters.deliver(Letter.CONFIRM, 4711)
    assert not mailbox.mails


def test_without_a_queue_the_answer_is_the_same(new_site: NewSite, settings: Settings) -> None:
    cut_off = new_site(replace(settings, celery_broker_url="redis://127.0.0.1:1/0"))
    cut_off.config["WTF_CSRF_ENABLED"] = False
    assert register(cut_off)[:2] == (303, "/register/done")


def test_without_mail_an_account_opens_at_once_and_the_page_says_that_mail_is_off(
    new_site: NewSite, settings: Settings
) -> None:
    site = new_site(replace(settings, smtp_url=""))
    site.config["WTF_CSRF_ENABLED"] = False
    assert "Mail is off" in site.test_client().get("/register").text
    first = register(site)
    assert signs_in(site)
    assert register(site, password=OTHER) == first  # the name is taken, and nobody is told
    assert not signs_in(site, password=OTHER)
    with site.app_context():
        assert [(user.role, user.email) for user in db.session.scalars(select(User))] == [("player", None)]


def test_a_mail_server_that_is_away_or_wants_a_password_in_the_clear_is_an_error_without_details() -> None:
    for url in ("", "smtp://127.0.0.1:1"):
        with pytest.raises(MailError) as caught:
            Mailer(url, "vault@example.org").send("canary@example.org", "x", "y")
        assert "canary" not in str(caught.value)


def test_production_wants_to_know_where_links_lead_before_it_sends_any() -> None:
    base = {"FLASK_CONFIG": "production", "REGISTRATION": "on", "SMTP_URL": "smtp://mail.example"}
    with pytest.raises(SettingsError, match="SITE_URL"):
        from_env(base)
    with pytest.raises(SettingsError) as caught:
        from_env(base | {"SITE_URL": "https://vault.example"})
    assert "SITE_URL" not in str(caught.value)
    with pytest.raises(SettingsError, match="REGISTRATION"):
        from_env({"FLASK_CONFIG": "testing", "REGISTRATION": "perhaps"})
