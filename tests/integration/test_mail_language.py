"""Whoever gets a mail reads it in the language that they have chosen, whatever the browser of its cause asked for."""

from __future__ import annotations

import re
from email.header import decode_header, make_header

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import User
from app.services.letters import Letter
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.mail import Mailbox, text
from tests.fixtures.site import NewSite

MAIL = "ikora@example.org"
IN_GERMAN = {
    Letter.CONFIRM: ("Bestätige deine Mailadresse", "hat mit dieser Adresse das Konto ikora angelegt"),
    Letter.ALREADY_REGISTERED: ("Du hast schon ein Konto", "sein Name ist ikora"),
    Letter.PASSWORD_CHANGED: ("Dein Passwort wurde geändert", "Das Passwort deines Kontos ikora wurde geändert"),
    Letter.RESET: ("Neues Passwort wählen", "hat das Passwort deines Kontos ikora vergessen"),
}
LINKS = {Letter.CONFIRM: "/register/confirm?token=", Letter.ALREADY_REGISTERED: "/login/forgotten",
         Letter.RESET: "/login/reset?token="}  # fmt: skip


@pytest.fixture
def site_environ(site_environ: dict[str, str], mail_environ: dict[str, str]) -> dict[str, str]:
    return site_environ | mail_environ


@pytest.fixture
def app(new_site: NewSite, settings: Settings) -> Flask:
    made = new_site(settings)
    with made.app_context():
        services_of_current_app().staff.create("ikora", "correct horse battery", "poster", MAIL)
    return made


def sent(app: Flask, mailbox: Mailbox, letter: Letter, language: str | None) -> tuple[str, str]:
    """Subject and text of the mail, as a worker sends it."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == MAIL)).one()
        user.language = language
        if letter is Letter.CONFIRM:
            user.email_confirmed_at = None
        db.session.commit()
        assert services_of_current_app().letters.deliver(letter, user.id)
    mail = mailbox.mails[-1]
    return str(make_header(decode_header(str(mail["Subject"])))), text(mail)


@pytest.mark.parametrize("letter", Letter)
def test_every_letter_is_german_for_who_reads_german(app: Flask, mailbox: Mailbox, letter: Letter) -> None:
    subject, body = sent(app, mailbox, letter, "de")
    assert subject == IN_GERMAN[letter][0]
    assert IN_GERMAN[letter][1] in body
    assert not re.search(r"\b(the|you|this|was)\b", body)
    assert f"http://vault.example{LINKS.get(letter, '')}" in body


@pytest.mark.parametrize("language", [None, "en", "fr", "xx"])
def test_everybody_else_reads_english(app: Flask, mailbox: Mailbox, language: str | None) -> None:
    subject, body = sent(app, mailbox, Letter.PASSWORD_CHANGED, language)
    assert subject == "Your password was changed"
    assert "The password of your account ikora was changed" in body
    assert "Nobody reads answers to this mail." in body


def test_the_language_of_a_mail_is_nobody_elses(app: Flask, mailbox: Mailbox) -> None:
    """The worker goes on with the next one in English."""
    sent(app, mailbox, Letter.RESET, "de")
    assert sent(app, mailbox, Letter.RESET, None)[0] == "Choose a new password"
