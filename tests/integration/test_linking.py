"""One person, several memberships and several Bungie accounts: connected, shown in turn, refused, disconnected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.bungie.errors import GrantRevoked
from app.bungie.http import Deadline
from app.extensions import db
from app.models import AuditEvent, BungieAccount, DestinyMembership, User
from app.sandbox import SandboxOptions, SandboxServer, World, create_sandbox
from app.services.permission import days_left
from app.wiring import Services
from tests.fixtures.clock import MovingClock
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")
PASSWORD = "a horse, correct and stapled"


@dataclass
class Recorder:
    """What reached Bungie: method, whole address, headers and form of every request."""

    inner: Any
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = _Again(body)
        headers = {name: str(value) for name, value in environ.items() if name.startswith("HTTP_")}
        address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        self.seen.append((environ["REQUEST_METHOD"], address, headers, body))
        return self.inner(environ, start_response)  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class _Again:
    """A request body that has been read and can be read once more."""

    def __init__(self, body: bytes) -> None:
        self._left = body

    def read(self, count: int = -1) -> bytes:
        count = len(self._left) if count < 0 else count
        piece, self._left = self._left[:count], self._left[count:]
        return piece

    def readline(self, count: int = -1) -> bytes:
        end = self._left.find(b"\n") + 1 or len(self._left)
        return self.read(end if count < 0 else min(end, count))


@pytest.fixture
def recorder(world: World, site_port: int) -> Recorder:
    options = SandboxOptions(redirect_uri=f"http://127.0.0.1:{site_port}/callback/bungie")
    return Recorder(create_sandbox(world, options))


@pytest.fixture
def sandbox(recorder: Recorder) -> Iterator[SandboxServer]:
    with SandboxServer(recorder) as server:  # type: ignore[arg-type]
        yield server


@pytest.fixture
def visitor(live_server: str) -> Visitor:
    return Visitor(live_server)


@pytest.fixture
def first(sandbox: SandboxServer) -> str:
    return next(iter(sandbox.app.state.players))


@pytest.fixture
def second(sandbox: SandboxServer) -> str:
    """The account whose PlayStation membership is cross save's primary, with an overridden one on Steam."""
    return list(sandbox.app.state.players)[2]


def link(visitor: Visitor, membership_id: str) -> Any:
    picker = visitor.submit(visitor.get("/account"), "/account/connect")
    return visitor.submit(picker, "", account=membership_id)


def state_of_link(visitor: Visitor) -> str:
    picker = visitor.submit(visitor.get("/account"), "/account/connect")
    return parse_qs(urlsplit(picker.url).query)["state"][0]


def rows(app: Flask, table: type[Any]) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(select(table).order_by(table.id)))


def token_calls(sandbox: SandboxServer) -> int:
    return sum(count for name, count in sandbox.app.state.requests.counts.items() if "token" in name)


def test_a_second_account_is_connected_shown_and_switched_back(
    visitor: Visitor, sandbox: SandboxServer, first: str, second: str, app: Flask
) -> None:
    visitor.sign_in(first)
    firsts = visitor.tiles("/vault")
    answer = link(visitor, second)
    assert urlsplit(answer.url).path == "/account"
    seconds = visitor.tiles("/vault")
    assert seconds != firsts
    assert len(rows(app, User)) == 1
    assert {row.user_id for row in rows(app, BungieAccount)} == {rows(app, User)[0].id}
    visitor.submit(visitor.get("/account"), "/account/membership", membership=first)
    assert visitor.tiles("/vault") == firsts


def test_the_choice_is_remembered_by_the_next_sign_in_of_staff(
    visitor: Visitor, services: Services, first: str, second: str
) -> None:
    services.staff.create("ikora", PASSWORD, "poster")
    visitor.sign_in_staff("ikora", PASSWORD)
    link(visitor, first)
    link(visitor, second)
    visitor.submit(visitor.get("/account"), "/account/membership", membership=first)
    wanted = visitor.tiles("/vault")
    visitor.sign_out()
    visitor.sign_in_staff("ikora", PASSWORD)
    assert visitor.tiles("/vault") == wanted


def test_staff_connect_from_the_front_page_and_keep_their_role(
    visitor: Visitor, services: Services, first: str, app: Flask
) -> None:
    services.staff.create("zavala", PASSWORD, "admin")
    visitor.sign_in_staff("zavala", PASSWORD)
    picker = visitor.submit(visitor.get("/"), "/account/connect")
    visitor.submit(picker, "", account=first)
    assert visitor.tiles("/vault")
    assert visitor.get("/admin/manifest").status_code == 200
    assert len(rows(app, User)) == 1


def test_connecting_asks_bungie_to_offer_another_account(visitor: Visitor, first: str) -> None:
    visitor.sign_in(first)
    picker = visitor.submit(visitor.get("/account"), "/account/connect")
    assert parse_qs(urlsplit(picker.url).query)["reauth"] == ["true"]


def test_an_account_of_another_login_is_refused_with_an_event_and_nothing_changes(
    visitor: Visitor, live_server: str, first: str, second: str, app: Flask
) -> None:
    other = Visitor(live_server)
    other.sign_in(second)
    kept = rows(app, BungieAccount)[0]
    visitor.sign_in(first)
    answer = link(visitor, second)
    assert answer.status_code == 409
    assert "connected elsewhere" in answer.text
    owner = {row.membership_id: row.user_id for row in rows(app, BungieAccount)}
    assert len(set(owner.values())) == 2
    assert rows(app, BungieAccount)[0].refresh_token == kept.refresh_token
    refused = [row for row in rows(app, AuditEvent) if row.kind == "connection refused"]
    assert [row.user_id for row in refused] == [rows(app, BungieAccount)[1].user_id]
    assert other.tiles("/vault")


def test_a_connection_whose_person_is_no_longer_signed_in_is_refused(
    visitor: Visitor, sandbox: SandboxServer, first: str, second: str, app: Flask, services: Services
) -> None:
    visitor.sign_in(first)
    state = state_of_link(visitor)
    services.sessions.end_all(rows(app, User)[0].id)
    code = sandbox.app.state.grants.new_code(sandbox.app.state.players[second].bungie_id)
    calls = token_calls(sandbox)
    assert visitor.get(f"/callback/bungie?code={code}&state={state}").status_code == 400
    assert token_calls(sandbox) == calls
    assert len(rows(app, BungieAccount)) == 1


@pytest.mark.parametrize(("minutes", "status"), [(9.9, 200), (10.1, 400)])
def test_a_state_is_good_for_ten_minutes(
    visitor: Visitor, sandbox: SandboxServer, first: str, clock: MovingClock, minutes: float, status: int
) -> None:
    picker = visitor.submit(visitor.get("/"), "/login/bungie")
    state = parse_qs(urlsplit(picker.url).query)["state"][0]
    clock.move(minutes=minutes)
    code = sandbox.app.state.grants.new_code(sandbox.app.state.players[first].bungie_id)
    answer = visitor.get(f"/callback/bungie?code={code}&state={state}", allow_redirects=True)
    assert answer.status_code == status
    assert token_calls(sandbox) == (status == 200)


def test_nothing_but_what_bungie_documents_is_sent_and_no_secret_in_an_address(
    visitor: Visitor, recorder: Recorder, first: str, second: str
) -> None:
    visitor.sign_in(first)
    link(visitor, second)
    visitor.tiles("/vault")
    asked = [parse_qs(urlsplit(address).query) for _, address, _, _ in recorder.seen if "/OAuth/Authorize" in address]
    assert {frozenset(query) for query in asked if query} == {
        frozenset({"client_id", "response_type", "state"}),
        frozenset({"client_id", "response_type", "state", "reauth"}),
    }
    forms = [parse_qs(body.decode()) for _, address, _, body in recorder.seen if "/OAuth/token" in address]
    assert forms
    for form in forms:
        assert set(form) == {"grant_type", "code", "client_id", "client_secret"}
    for _, address, headers, _ in recorder.seen:
        for word in ("sandbox-secret", "scope", "redirect_uri", "token=", "client_secret"):
            assert word not in address
            assert word not in headers.get("HTTP_REFERER", "")


def test_two_states_are_never_alike_and_long_enough(visitor: Visitor) -> None:
    states = set()
    for _ in range(5):
        picker = visitor.submit(visitor.get("/"), "/login/bungie")
        states.add(parse_qs(urlsplit(picker.url).query)["state"][0])
    assert len(states) == 5
    assert min(map(len, states)) >= 43  # 32 random bytes in base64


def test_the_cross_save_primary_is_marked_and_the_overridden_one_is_hidden(
    visitor: Visitor, second: str, app: Flask
) -> None:
    visitor.sign_in(second)
    page = soup(visitor.get("/account"))
    offered = [each.get_text(" ", strip=True) for each in page.select("li.choice") if "played" in each.get_text()]
    assert len(offered) == 1
    assert "cross save" in offered[0]
    assert "PlayStation" in offered[0]
    assert "4611686018400000004" not in str(page)
    assert [row.membership_id for row in rows(app, DestinyMembership)] == [second]


def test_somebody_elses_membership_or_account_answers_like_one_that_never_was(
    visitor: Visitor, live_server: str, first: str, second: str, app: Flask
) -> None:
    other = Visitor(live_server)
    other.sign_in(second)
    visitor.sign_in(first)
    token = str(soup(visitor.get("/account")).select_one("[name=csrf_token]")["value"])  # type: ignore[index]
    theirs = rows(app, BungieAccount)[0].id
    tries = [
        ("/account/membership", {"membership": second}),
        ("/account/membership", {"membership": "4611686018499999999"}),
        ("/account/disconnect", {"account": str(theirs)}),
        ("/account/disconnect", {"account": "9999"}),
        ("/account/disconnect", {}),
    ]
    for path, form in tries:
        assert visitor.session.post(visitor.site + path, form | {"csrf_token": token}, timeout=10).status_code == 404
    assert len(rows(app, BungieAccount)) == 2
    assert other.tiles("/vault")


def test_disconnecting_leaves_no_row_no_token_and_nothing_to_do_for_later(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, first: str, second: str, app: Flask, services: Services
) -> None:
    visitor.sign_in(first)
    link(visitor, second)
    other = Visitor(live_server)
    other.session.cookies.update(visitor.session.cookies)
    visitor.tiles("/vault")
    gone = rows(app, BungieAccount)[1].id
    answer = visitor.submit(visitor.get("/account"), "/account/disconnect", account=str(gone))
    assert "Bungie.net" in soup(answer).select_one(".notice-success").get_text()  # type: ignore[union-attr]
    assert [row.membership_id for row in rows(app, DestinyMembership)] == [first]
    assert other.get("/account", allow_redirects=False).status_code == 303
    assert visitor.tiles("/vault")
    calls = token_calls(sandbox)
    with pytest.raises(GrantRevoked):
        services.tokens.access_token(gone, Deadline(5))
    assert token_calls(sandbox) == calls


def test_disconnecting_the_only_way_in_says_so_and_leaves_no_person_behind(
    visitor: Visitor, first: str, app: Flask
) -> None:
    visitor.sign_in(first)
    page = visitor.get("/account")
    assert "only way to sign in" in page.text
    answer = visitor.submit(page, "/account/disconnect")
    assert urlsplit(answer.url).path == "/"
    assert rows(app, User) == []
    assert rows(app, AuditEvent) == []
    visitor.sign_in(first)
    assert visitor.tiles("/vault")


def test_staff_who_disconnect_stay_staff(visitor: Visitor, services: Services, first: str, app: Flask) -> None:
    services.staff.create("ikora", PASSWORD, "poster")
    visitor.sign_in_staff("ikora", PASSWORD)
    link(visitor, first)
    visitor.submit(visitor.get("/account"), "/account/disconnect")
    assert rows(app, BungieAccount) == []
    assert visitor.get("/account").status_code == 200
    assert [row.name for row in rows(app, User)] == ["ikora"]


@pytest.mark.parametrize(
    ("refresh_days", "connected_days_ago", "left"),
    [(90, 0, None), (7.5, 0, None), (7, 0, 7), (1.5, 10, 1), (0.5, 10, 0), (-1, 10, None), (90, 357, None),
     (90, 358.5, 6), (90, 366, None)],
)  # fmt: skip
def test_the_end_of_the_permission_is_told_a_week_before(
    refresh_days: float, connected_days_ago: float, left: int | None
) -> None:
    now = MovingClock()()
    account = BungieAccount(
        refresh_ends_at=now + timedelta(days=refresh_days),
        connected_at=now - timedelta(days=connected_days_ago),
        needs_reconnect=False,
    )
    assert days_left(account, now) == left
    account.needs_reconnect = True
    assert days_left(account, now) is None


@pytest.mark.parametrize("column", ["refresh_ends_at", "connected_at"])
def test_the_last_week_is_told_on_every_page_and_one_click_ends_the_worry(
    visitor: Visitor, first: str, app: Flask, column: str
) -> None:
    visitor.sign_in(first)
    assert "runs out" not in visitor.get("/vault").text
    now = MovingClock()()
    moment = now + timedelta(days=5.5) - timedelta(days=365 if column == "connected_at" else 0)
    with app.app_context():
        db.session.execute(update(BungieAccount).values({column: moment}))
        db.session.commit()
    for path in ("/vault", "/account", "/characters"):
        page = visitor.get(path)
        assert "runs out in 5 days" in page.text
        assert not soup(page).select("[data-notice=reconnect]")
    visitor.submit(visitor.submit(visitor.get("/vault"), "/login/bungie"), "", account=first)
    assert "runs out" not in visitor.get("/vault").text
