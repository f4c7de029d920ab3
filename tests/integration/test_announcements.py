"""Whoever runs the site hears once of new definitions, of a failure and of its end, in the chat and by mail."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from app.extensions import db
from app.models import User
from app.sandbox import SandboxServer
from app.services.announcements import Announcer
from app.services.mail import Mailer
from app.services.manifest_changes import ChangeLog
from app.services.webhook import Webhook, WebhookError
from app.tasks.manifest import enqueue_refresh
from app.web.redaction import Redactor
from app.wiring import services
from config import SettingsError, from_env
from tests.fixtures.waiting import wait_until
from tests.integration.manifest_support import Publisher, Rig, item, many_items, publisher, rig
from tests.raw_server import answer, raw_server

PASSWORD = "a long enough password"
SECRET_PATH = "/services/T0CANARY/B0CANARY/canary-of-the-webhook"


@dataclass
class Chat:
    """An incoming webhook on a real socket."""

    url: str = ""
    texts: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    refuse: int = 0

    def address(self) -> str:
        return self.url + SECRET_PATH


@pytest.fixture
def chat() -> Iterator[Chat]:
    heard = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.paths.append(self.path)
            if heard.refuse:
                heard.refuse -= 1
                self.send_error(500)
                return
            heard.texts.append(json.loads(body)["text"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    heard.url = f"http://127.0.0.1:{server.server_port}"
    yield heard
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.url = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert envelope.content
        self.mails.append(message_from_bytes(bytes(envelope.content)))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    box.url = f"smtp://127.0.0.1:{port}"
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def desk(bungie: Publisher, redis_url: str, tmp_path: Path) -> Iterator[Rig]:
    rigged = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3")
    yield rigged
    rigged.close()


def announcer(desk: Rig, mail_url: str = "", chat_url: str = "http://127.0.0.1:9/") -> Announcer:
    changes = ChangeLog(desk.sessions, lambda: datetime.now(UTC))
    mailer = Mailer(mail_url, "vault@example.org")
    return Announcer(desk.sessions, mailer, Webhook(chat_url), "https://vault.example.org", changes)


def refresh_and_tell(desk: Rig, chat: Chat) -> list[str]:
    """What the chat hears of one run."""
    before, telling = len(chat.texts), announcer(desk, chat_url=chat.address())
    run = desk.refresh("test").id
    for whom in telling.audience(run):
        telling.tell(run, whom)
    desk.sessions.remove()
    return chat.texts[before:]


def test_new_definitions_are_told_once_with_what_changed(bungie: Publisher, desk: Rig, chat: Chat) -> None:
    tables = many_items(30)
    bungie.publish(tables, "one", version="1.one")
    (first,) = refresh_and_tell(desk, chat)
    assert "version 1.one is in use (en), the first one here" in first
    assert refresh_and_tell(desk, chat) == []
    rows = tables["DestinyInventoryItemDefinition"]
    rows[2] = item(2, "Thorn & <Friends>")
    rows |= {each: item(each, f"Novelty {each}") for each in range(1001, 1013)}
    bungie.publish(tables, "two", version="2.two")
    (second,) = refresh_and_tell(desk, chat)
    assert "version 2.two is in use (en), before it 1.one" in second
    assert "Items added: 12 (Novelty 1001" in second
    assert "and 4 more)" in second
    assert "Items renamed: 1 (Thorn &amp; &lt;Friends&gt;)" in second
    assert "https://vault.example.org/admin/manifest/" in second
    assert "https://vault.example.org/database/changes" in second
    assert refresh_and_tell(desk, chat) == []
    assert set(chat.paths) == {SECRET_PATH}


def test_a_failure_that_repeats_is_told_once_and_so_is_its_end(bungie: Publisher, desk: Rig, chat: Chat) -> None:
    path = bungie.publish(many_items(30), "one", version="1.one")
    whole = bungie.files.pop(path)
    (failed,) = refresh_and_tell(desk, chat)
    assert "could not be refreshed" in failed
    assert "stay in use" in failed
    assert [refresh_and_tell(desk, chat) for _ in range(3)] == [[], [], []]
    bungie.files[path] = whole
    (healed,) = refresh_and_tell(desk, chat)
    assert "works again" in healed
    assert "1.one is in use" in healed
    assert refresh_and_tell(desk, chat) == []


def test_an_end_without_news_is_told_too(bungie: Publisher, desk: Rig, chat: Chat) -> None:
    bungie.publish(many_items(30), "one", version="1.one")
    refresh_and_tell(desk, chat)
    paths = dict(bungie.index["mobileWorldContentPaths"])
    bungie.index["mobileWorldContentPaths"] = {}
    assert len(refresh_and_tell(desk, chat)) == 1
    bungie.index["mobileWorldContentPaths"] = paths
    (healed,) = refresh_and_tell(desk, chat)
    assert healed.startswith("The game data is refreshed again")


def test_the_same_version_built_anew_is_no_news(bungie: Publisher, desk: Rig, chat: Chat) -> None:
    bungie.publish(many_items(30), "one", version="1.one")
    refresh_and_tell(desk, chat)
    run = desk.service.refresh("test", force=True)
    assert run.state == "switched"
    assert announcer(desk).audience(run.id) == []


def test_a_run_that_was_skipped_neither_tells_nor_ends_anything(bungie: Publisher, desk: Rig, chat: Chat) -> None:
    bungie.index["mobileWorldContentPaths"] = {}
    assert len(refresh_and_tell(desk, chat)) == 1
    owner = desk.lock.acquire()
    assert owner
    assert refresh_and_tell(desk, chat) == []
    desk.lock.release(owner)
    assert refresh_and_tell(desk, chat) == []


def add_user(desk: Rig, name: str, **facts: object) -> int:
    now = datetime.now(UTC)
    made = User(**{"name": name, "created_at": now, "email": f"{name}@example.org", "email_confirmed_at": now, **facts})
    desk.sessions.add(made)
    desk.sessions.commit()
    return made.id


def test_admins_with_a_confirmed_address_get_a_mail_and_nobody_else(
    bungie: Publisher, desk: Rig, mailbox: Mailbox
) -> None:
    add_user(desk, "zavala", role="admin")
    add_user(desk, "poster", role="poster")
    add_user(desk, "gone", role="admin", is_active=False)
    add_user(desk, "unconfirmed", role="admin", email_confirmed_at=None)
    add_user(desk, "nameless", role="admin", email=None)
    bungie.publish(many_items(30), "one", version="1.one")
    run = desk.refresh("test").id
    telling = announcer(desk, mailbox.url, chat_url="")
    for whom in telling.audience(run):
        telling.tell(run, whom)
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("zavala@example.org", "New game data is in use")
    text = bytes(mail.get_payload(decode=True)).decode()  # type: ignore[arg-type]
    assert "1.one" in text
    assert f"https://vault.example.org/admin/manifest/{run}" in text


def test_an_admin_who_left_meanwhile_is_not_told(bungie: Publisher, desk: Rig, mailbox: Mailbox) -> None:
    admin = add_user(desk, "zavala", role="admin")
    bungie.publish(many_items(30), "one")
    run = desk.refresh("test").id
    telling = announcer(desk, mailbox.url, chat_url="")
    assert telling.audience(run) == [str(admin)]
    left = desk.sessions.get(User, admin)
    assert left
    left.is_active = False
    desk.sessions.commit()
    telling.tell(run, str(admin))
    assert mailbox.mails == []


def test_without_chat_and_mail_there_is_nobody_to_tell(bungie: Publisher, desk: Rig) -> None:
    add_user(desk, "zavala", role="admin")
    bungie.publish(many_items(30), "one")
    assert announcer(desk, chat_url="").audience(desk.refresh("test").id) == []


# --- through the workers ------------------------------------------------------------------------------------------


@pytest.fixture
def site_environ(site_environ: dict[str, str], chat: Chat, mailbox: Mailbox) -> dict[str, str]:
    return {**site_environ, "SLACK_WEBHOOK_URL": chat.address(), "SMTP_URL": mailbox.url,
            "SITE_URL": "https://vault.example.org"}  # fmt: skip


def test_a_worker_tells_the_chat_and_every_admin_once_even_when_the_chat_stumbles(
    app: Flask, chat: Chat, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    with app.app_context():
        admin = services().staff.create("zavala", PASSWORD, "admin", "zavala@example.org")
        user = db.session.get(User, admin.id)
        assert user
        user.email_confirmed_at = datetime.now(UTC)
        db.session.commit()
    log = request.getfixturevalue("celery_worker")  # its own first refresh brings the first definitions
    wait_until(lambda: bool(chat.texts and mailbox.mails), f"both have heard; see {log}", limit_s=30)
    with app.app_context():
        assert enqueue_refresh(services().manifest, None)
        wait_until(lambda: services().manifest.status().active is None, "a run without news is over", limit_s=20)
    assert (len(chat.texts), len(mailbox.mails)) == (1, 1)
    assert "canary-of-the-webhook" not in log.read_text()


def test_news_that_cannot_be_queued_cost_the_refresh_nothing(app: Flask, sandbox: SandboxServer) -> None:
    from app.tasks.announcements import announce_run  # noqa: PLC0415

    app.extensions["celery"].conf.broker_url = "redis://127.0.0.1:9/0"
    with app.app_context():
        report = services().manifest.refresh("test")
        announce_run(report.id)
        assert services().manifest.status().is_ready


# --- the address is a secret --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["302 Found", "404 Not Found", "500 Oops", "410 Gone"])
def test_a_refusal_names_its_kind_and_neither_address_nor_text(status: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with raw_server(answer(b"", status, "Location: http://127.0.0.1:9/elsewhere")) as (root, heard):
        with pytest.raises(WebhookError) as caught:
            Webhook(root + SECRET_PATH).post("a text of ours")
        assert len(heard) == 1
    told = f"{caught.value!r}{caught.value.__cause__!r}"
    assert "anary" not in told
    assert "a text of ours" not in told
    assert status[:3] in told


def test_a_chat_whose_answer_drips_is_given_up_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for each in b"X-Slow: " + b"x" * 100:
            connection.sendall(bytes([each]))
            time.sleep(0.05)

    with raw_server(drip) as (root, _):
        began = time.monotonic()
        with pytest.raises(WebhookError, match="Timeout"):
            Webhook(root + SECRET_PATH, total_s=0.5).post("x")
        assert time.monotonic() - began < 3


def test_a_chat_that_cannot_be_reached_is_an_error_without_its_address() -> None:
    with pytest.raises(WebhookError) as caught:
        Webhook("http://127.0.0.1:9" + SECRET_PATH).post("x")
    assert "anary" not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_its_path_alone_is_taken_out_of_log_lines_too(site_environ: dict[str, str], chat: Chat) -> None:
    redactor = Redactor(from_env(site_environ).secrets)
    for told in (chat.address(), f'"POST {SECRET_PATH} HTTP/1.1" 200'):
        assert "anary" not in redactor.text(told)


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("https://hooks.slack.com/services/x", True),
        ("http://127.0.0.1:9000/x", True),
        ("http://hooks.slack.com/services/x", False),
        ("ftp://hooks.slack.com/x", False),
        ("https:///x", False),
        ("hooks.slack.com/x", False),
    ],
)
def test_in_production_it_travels_encrypted(site_environ: dict[str, str], address: str, is_taken: bool) -> None:
    environ = {**site_environ, "FLASK_CONFIG": "production", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuv"}
    problem = ""
    try:
        from_env({**environ, "SLACK_WEBHOOK_URL": address})
    except SettingsError as error:
        problem = str(error)
    assert ("SLACK_WEBHOOK_URL" not in problem) is is_taken
    assert address not in problem
