"""Signed-in browsers: how long they last, what ends them, and what their cookie is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from app.models import Base, User
from app.sandbox import SandboxServer
from app.services.audit import AuditService
from app.services.sessions import SessionService
from app.web.browsers import browser_words
from app.wiring import Services
from config import Settings
from tests.fixtures.clock import MovingClock
from tests.fixtures.site import NewSite
from tests.visitor import Visitor, soup

PASSWORD = "a horse, correct and stapled"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Desk:
    """A session service with its clock, and one person of a role."""

    def __init__(self, session: scoped_session[Session]) -> None:
        self.session, self.clock = session, MovingClock()
        self.service = SessionService(session, AuditService(session, self.clock, lambda: ""), self.clock)

    def person(self, role: str) -> int:
        user = User(role=role, created_at=self.clock())
        self.session.add(user)
        self.session.commit()
        return user.id


@pytest.fixture
def desk(db_session: scoped_session[Session]) -> Desk:
    return Desk(db_session)


@pytest.mark.parametrize(("role", "idle"), [("player", 120), ("poster", 30), ("admin", 30)])
def test_a_session_idles_out_to_the_minute(desk: Desk, role: str, idle: int) -> None:
    token = desk.service.start(desk.person(role))
    desk.clock.move(minutes=idle - 1)
    assert desk.service.recognise(token)
    desk.clock.move(minutes=idle - 1)
    assert desk.service.recognise(token)
    desk.clock.move(minutes=idle)
    assert desk.service.recognise(token) is None


def test_no_session_lasts_longer_than_twenty_hours(desk: Desk) -> None:
    token = desk.service.start(desk.person("player"))
    for _ in range(19):
        desk.clock.move(hours=1)
        assert desk.service.recognise(token)
    desk.clock.move(hours=1)
    assert desk.service.recognise(token) is None


def test_what_happens_in_the_background_does_not_extend_a_session(desk: Desk) -> None:
    token = desk.service.start(desk.person("player"))
    for _ in range(3):
        desk.clock.move(minutes=39)
        assert desk.service.recognise(token, extend=False)
    desk.clock.move(minutes=4)
    assert desk.service.recognise(token, extend=False) is None


def test_a_person_ends_only_their_own_sessions(desk: Desk) -> None:
    mine, theirs = desk.person("player"), desk.person("player")
    token = desk.service.start(theirs)
    (row,) = desk.service.alive(theirs)
    assert not desk.service.sign_out(mine, row.id)
    assert desk.service.recognise(token)
    assert desk.service.sign_out(theirs, row.id)
    assert not desk.service.sign_out(theirs, row.id)
    assert desk.service.recognise(token) is None


def test_renewing_ends_every_older_session_and_begins_one(desk: Desk) -> None:
    user_id = desk.person("player")
    old = [desk.service.start(user_id) for _ in range(3)]
    new = desk.service.renew(user_id)
    assert [desk.service.recognise(token) for token in old] == [None] * 3
    assert desk.service.recognise(new)
    assert len(desk.service.alive(user_id)) == 1


def test_sessions_of_last_month_are_not_kept(desk: Desk) -> None:
    user_id = desk.person("player")
    desk.service.start(user_id)
    desk.clock.move(days=31)
    desk.service.start(user_id)
    desk.session.expire_all()
    assert [row.started_at for row in desk.service.alive(user_id)] == [desk.clock.now]
    assert desk.session.execute(Base.metadata.tables["login_sessions"].select()).rowcount in {1, -1}


# From here on with the whole site


@pytest.fixture
def visitor(live_server: str) -> Visitor:
    return Visitor(live_server)


def account_of(sandbox: SandboxServer) -> str:
    return next(iter(sandbox.app.state.players))


def copy_of(visitor: Visitor) -> Visitor:
    """Another browser that was given a copy of the cookie."""
    copied = Visitor(visitor.site)
    copied.session.cookies.update(visitor.session.cookies)
    return copied


def is_in(visitor: Visitor) -> bool:
    answer = visitor.get("/account", allow_redirects=False)
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def sign_out(visitor: Visitor) -> None:
    visitor.sign_out()


def sign_out_everywhere(visitor: Visitor) -> None:
    visitor.submit(visitor.get("/account"), "/account/sign-out-everywhere")


def disconnect(visitor: Visitor) -> None:
    visitor.submit(visitor.get("/account"), "/account/disconnect")


def delete_everything(visitor: Visitor) -> None:
    visitor.submit(visitor.get("/account/delete"), "/account/delete", word="delete")


@pytest.mark.parametrize("event", [sign_out, sign_out_everywhere, disconnect, delete_everything])
def test_a_cookie_saved_before_is_worthless_afterwards(
    visitor: Visitor, sandbox: SandboxServer, event: Callable[[Visitor], None]
) -> None:
    visitor.sign_in(account_of(sandbox))
    saved = copy_of(visitor)
    assert is_in(saved)
    event(visitor)
    assert not is_in(saved)
    assert not is_in(visitor)


def test_signing_out_everywhere_reaches_the_other_browsers(
    visitor: Visitor, live_server: str, sandbox: SandboxServer
) -> None:
    other = Visitor(live_server)
    visitor.sign_in(account_of(sandbox))
    other.sign_in(account_of(sandbox))
    sign_out_everywhere(visitor)
    assert not is_in(other)


def test_the_list_names_browsers_and_ends_one_of_them(
    visitor: Visitor, live_server: str, sandbox: SandboxServer
) -> None:
    other = Visitor(live_server)
    other.session.headers["User-Agent"] = FIREFOX
    visitor.sign_in(account_of(sandbox))
    other.sign_in(account_of(sandbox))
    page = visitor.get("/account")
    assert "Firefox on Linux" in page.text
    assert "This browser" in page.text
    visitor.submit(page, "/account/sessions/end")
    assert not is_in(other)
    assert is_in(visitor)
    assert "Firefox on Linux" not in visitor.get("/account").text


def test_ending_somebody_elses_session_answers_like_one_that_never_was(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, app: Flask
) -> None:
    other = Visitor(live_server)
    visitor.sign_in(account_of(sandbox))
    other.sign_in(list(sandbox.app.state.players)[1])
    token = str(soup(visitor.get("/account")).select_one("[name=csrf_token]")["value"])  # type: ignore[index]
    answers = [
        visitor.session.post(
            visitor.site + "/account/sessions/end", {"csrf_token": token, "session": number}, timeout=10
        )
        for number in ("2", "999", "x")
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert is_in(other)


def test_signing_in_again_ends_the_session_before(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.sign_in(account_of(sandbox))
    saved = copy_of(visitor)
    visitor.submit(visitor.submit(visitor.get("/login"), "/login/bungie"), "", account=account_of(sandbox))
    assert is_in(visitor)
    assert not is_in(saved)


def test_json_and_scripts_do_not_keep_a_session_alive(
    visitor: Visitor, sandbox: SandboxServer, clock: MovingClock
) -> None:
    visitor.sign_in(account_of(sandbox))
    saved = copy_of(visitor)
    for _ in range(3):
        clock.move(minutes=39)
        assert visitor.get("/api/v1/inventory").status_code == 200
        assert visitor.get("/account", headers={"Sec-Fetch-Mode": "cors"}).status_code == 200
        assert visitor.get("/account", headers={"Accept": "application/json"}).status_code == 200
    clock.move(minutes=4)
    assert not is_in(saved)


def test_a_planted_cookie_gains_nothing_from_a_sign_in(visitor: Visitor, app: Flask, sandbox: SandboxServer) -> None:
    planted = visitor.get("/")
    before = copy_of(visitor)
    visitor.sign_in(account_of(sandbox))
    assert not is_in(before)
    old_token = str(soup(planted).select_one("[name=csrf_token]")["value"])  # type: ignore[index]
    answer = visitor.session.post(visitor.site + "/logout", {"csrf_token": old_token}, timeout=10)
    assert answer.status_code == 400
    assert is_in(visitor)


def test_a_spoofed_address_changes_nothing_about_a_session(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.sign_in(account_of(sandbox))
    visitor.session.headers["X-Forwarded-For"] = "203.0.113.9"
    assert is_in(visitor)


def test_the_largest_cookie_stays_below_a_kilobyte(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.sign_in(account_of(sandbox))
    # Incompressible and as long as a place to return to may be, in the middle of another attempt.
    place = "/" + "".join(f"{number * 2654435761 % 2**32:08x}" for number in range(1, 64))
    begun = visitor.submit(visitor.get("/login"), "/login/bungie", next=place[:512])
    assert begun.status_code == 200
    cookie = visitor.session.cookies["vault_raider"]
    assert len(cookie) < 1024


def test_the_cookie_of_production_is_bound_to_the_host(new_site: NewSite, settings: Settings) -> None:
    strict = new_site(replace(settings, environment="production"))
    answer = strict.test_client().get("/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "vault.example"})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, _, rest = cookie.partition("=")
    attributes = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == "__Host-vault_raider"
    assert attributes == {"secure", "httponly", "path=/", "samesite=lax"}


@pytest.mark.usefixtures("live_server")
def test_a_barred_person_is_out_with_the_next_request(app: Flask, services: Services, visitor: Visitor) -> None:
    user = services.staff.create("ikora", PASSWORD, "admin")
    visitor.sign_in_staff("ikora", PASSWORD)
    assert is_in(visitor)
    services.sessions.end_all(user.id)
    assert not is_in(visitor)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
         "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36",
         "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1",
         "Safari on an iPhone"),
        ("<script>alert(1)</script>", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_and_its_header_is_never_repeated(header: str, words: str) -> None:
    assert browser_words(header) == words
