"""News of a refresh reach every admin in their language, and the chat in the site's first."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.models import ManifestRun, User
from app.sandbox import SandboxServer
from app.wiring import services as services_of_current_app
from tests.contracts.test_routes import browser_of
from tests.fixtures.mail import Mailbox, text
from tests.integration.test_announcements import Chat
from tests.integration.test_announcements import chat as chat  # noqa: PLC0414 - a fixture

PASSWORD = "correct horse battery"


@pytest.fixture
def site_environ(site_environ: dict[str, str], mail_environ: dict[str, str], chat: Chat) -> dict[str, str]:
    return site_environ | mail_environ | {"MANIFEST_LOCALES": "de,en", "SLACK_WEBHOOK_URL": chat.address()}


@pytest.fixture
def admins(app: Flask) -> dict[str, int]:
    """The ids of one for each language."""
    made = {}
    with app.app_context():
        for language in ("de", "en"):
            made[language] = (
                services_of_current_app()
                .staff.create(f"admin-{language}", PASSWORD, "admin", f"{language}@example.org")
                .id
            )
            db.session.execute(update(User).where(User.id == made[language]).values(language=language))
        db.session.commit()
    return made


def run_and_tell(app: Flask) -> str:
    """The id of a run of which everybody has heard."""
    with app.app_context():
        use_cases = services_of_current_app()
        run = use_cases.manifest.refresh("beat")
        for whom in use_cases.announcer.audience(run.id):
            use_cases.announcer.tell(run.id, whom)
        return run.id


def mails(mailbox: Mailbox) -> dict[str, str]:
    return {str(mail["To"]).partition("@")[0]: f"{mail['Subject']}\n{text(mail)}" for mail in mailbox.mails}


@pytest.mark.usefixtures("admins")
def test_new_definitions_are_told_to_each_in_their_language(app: Flask, chat: Chat, mailbox: Mailbox) -> None:
    run_and_tell(app)
    told = mails(mailbox)
    assert "New game data is in use" in told["en"]
    assert "the first one here" in told["en"]
    for german in (told["de"], chat.texts[0]):
        assert "Neue Spieldaten sind in Gebrauch" in german
        assert "ist in Gebrauch (de, en), die erste hier." in german
        assert "definitions" not in german


def test_a_failure_is_told_in_translation_by_mail_in_the_chat_and_on_its_page(
    app: Flask, chat: Chat, mailbox: Mailbox, admins: dict[str, int], sandbox: SandboxServer
) -> None:
    sandbox.app.state.faults.set(manifest_missing="*.json", archive="corrupt")
    run_id = run_and_tell(app)
    told = mails(mailbox)
    assert "en: The archive is damaged or no archive at all" in told["en"]
    for german in (told["de"], chat.texts[0]):
        assert "Die Spieldaten konnten nicht aktualisiert werden" in german
        assert "de: Bungies Verzeichnis nennt eine Datei mit Spieldaten, die es nicht gibt (404)." in german
        assert "en: Das Archiv ist beschädigt oder gar keins (BadZipFile)." in german
    pages = {
        language: browser_of(app, admin).get(f"/admin/manifest/{run_id}").text for language, admin in admins.items()
    }
    assert "Das Archiv ist beschädigt oder gar keins (BadZipFile)." in pages["de"]
    assert "The archive is damaged or no archive at all (BadZipFile)." in pages["en"]
    assert "The archive" not in pages["de"]


def test_a_run_that_was_written_down_in_plain_english_is_still_told(app: Flask, admins: dict[str, int]) -> None:
    """As rows were before sentences kept their facts: a known one is translated, any other one stays."""
    with app.app_context():
        run_id = services_of_current_app().manifest.refresh("cli").id
        for error, shown in (
            ("Redis cannot be reached.", "Redis ist nicht erreichbar."),
            ("{odd} 100 %", "{odd} 100 %"),
        ):
            db.session.execute(update(ManifestRun).values(error=error, state="failed", locales=[]))
            db.session.commit()
            assert shown in browser_of(app, admins["de"]).get(f"/admin/manifest/{run_id}").text
