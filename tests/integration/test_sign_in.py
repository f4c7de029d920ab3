"""Signing in through Bungie and out again, over real sockets."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from app.sandbox import SandboxServer
from app.wiring import Services
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def visitor(live_server: str) -> Visitor:
    return Visitor(live_server)


def account_of(sandbox: SandboxServer, position: int = 0) -> str:
    return list(sandbox.app.state.players)[position]


def token_calls(sandbox: SandboxServer) -> int:
    return sum(count for name, count in sandbox.app.state.requests.counts.items() if "token" in name)


def begin(visitor: Visitor) -> str:
    """Starts an attempt and returns its state."""
    picker = visitor.submit(visitor.get("/"), "/login/bungie")
    return parse_qs(urlsplit(picker.url).query)["state"][0]


def fresh_code(sandbox: SandboxServer) -> str:
    player = next(iter(sandbox.app.state.players.values()))
    return str(sandbox.app.state.grants.new_code(player.bungie_id))


def test_a_player_signs_in_sees_the_vault_and_signs_out(visitor: Visitor, sandbox: SandboxServer) -> None:
    answer = visitor.sign_in(account_of(sandbox))
    assert answer.url.endswith("/vault")
    assert soup(answer).select("[data-store=vault] [data-item-hash]")
    out = visitor.sign_out()
    assert urlsplit(out.url).path == "/"
    assert not soup(visitor.get("/vault")).select("[data-item-hash][data-item-id]")


def test_a_cookie_saved_before_sign_out_is_worthless_after_it(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.sign_in(account_of(sandbox))
    saved = requests.Session()
    saved.cookies.update(visitor.session.cookies)
    visitor.sign_out()
    assert saved.get(visitor.site + "/vault", allow_redirects=False, timeout=10).status_code == 303


def test_sign_in_begins_with_a_form_only(visitor: Visitor, sandbox: SandboxServer) -> None:
    assert visitor.get("/login/bungie").status_code == 405
    assert visitor.get("/logout").status_code == 405
    bare = visitor.session.post(visitor.site + "/login/bungie", timeout=10, allow_redirects=False)
    assert bare.status_code == 400
    assert token_calls(sandbox) == 0


BAD_CALLBACKS = [
    "", "?code={code}", "?state={state}", "?code={code}&state=", "?code={code}&state=wrong",
    "?error=access_denied&state={state}", "?state={state}&code=",
]  # fmt: skip


@pytest.mark.parametrize("query", BAD_CALLBACKS)
def test_a_bad_callback_is_a_calm_page_and_costs_no_token_call(
    visitor: Visitor, sandbox: SandboxServer, query: str
) -> None:
    state = begin(visitor)
    answer = visitor.get("/callback/bungie" + query.format(code=fresh_code(sandbox), state=state))
    assert answer.status_code in {400, 403}
    assert token_calls(sandbox) == 0


def test_a_state_works_once_in_its_own_browser_and_only_the_newest(
    visitor: Visitor, live_server: str, sandbox: SandboxServer
) -> None:
    older = begin(visitor)
    newer = begin(visitor)
    assert visitor.get(f"/callback/bungie?code={fresh_code(sandbox)}&state={older}").status_code == 400
    newer = begin(visitor)
    stranger = Visitor(live_server)
    assert stranger.get(f"/callback/bungie?code={fresh_code(sandbox)}&state={newer}").status_code == 400
    assert visitor.get(f"/callback/bungie?code={fresh_code(sandbox)}&state={newer}").status_code == 200
    assert visitor.get(f"/callback/bungie?code={fresh_code(sandbox)}&state={newer}").status_code == 400


def test_what_the_provider_says_is_never_shown(visitor: Visitor) -> None:
    state = begin(visitor)
    answer = visitor.get(f"/callback/bungie?error=canary-error&error_description=canary-text&state={state}")
    assert "canary" not in answer.text


@pytest.mark.parametrize("fault", [{"maintenance": "api"}, {"status_502_html": "*"}, {"reset": "*Platform*"}])
def test_trouble_at_bungie_during_sign_in_is_a_notice_and_never_a_500(
    visitor: Visitor, sandbox: SandboxServer, fault: dict
) -> None:
    state, code = begin(visitor), fresh_code(sandbox)
    sandbox.app.state.faults.set(**fault)
    answer = visitor.get(f"/callback/bungie?code={code}&state={state}")
    assert answer.status_code == 503
    notice = soup(answer).select_one("[data-notice]")
    assert notice is not None
    assert "So nobody can be signed in just now." in notice.get_text()
    assert answer.text.count("So nobody can be signed in just now.") == 1
    assert "last saw" not in answer.text  # nothing was ever seen of them
    assert "stay signed in" not in answer.text


def test_a_stranger_finds_the_way_in_on_every_page(visitor: Visitor) -> None:
    assert soup(visitor.get("/database")).select_one("header a[href='/login']")
    assert soup(visitor.get("/no/such/page")).select_one("header a[href='/login']")


def test_a_used_code_is_a_friendly_page(visitor: Visitor, sandbox: SandboxServer) -> None:
    code = fresh_code(sandbox)
    visitor.get(f"/callback/bungie?code={code}&state={begin(visitor)}")
    assert Visitor(visitor.site).get("/").status_code == 200
    second = Visitor(visitor.site)
    assert second.get(f"/callback/bungie?code={code}&state={begin(second)}").status_code == 400


def test_the_wanted_page_follows_sign_in_but_never_a_foreign_one(visitor: Visitor, sandbox: SandboxServer) -> None:
    front = visitor.get("/characters")
    assert urlsplit(front.url).path == "/"
    picker = visitor.submit(front, "/login/bungie")
    assert visitor.submit(picker, "", account=account_of(sandbox)).url.endswith("/characters")
    other = Visitor(visitor.site)
    picker = other.submit(other.get("/?next=//evil.example/"), "/login/bungie", next="//evil.example/")
    assert other.submit(picker, "", account=account_of(sandbox)).url.endswith("/vault")


def test_two_browsers_never_share_a_session(live_server: str, sandbox: SandboxServer) -> None:
    first, second = Visitor(live_server), Visitor(live_server)
    first.sign_in(account_of(sandbox, 0))
    second.sign_in(account_of(sandbox, 1))
    first_name, second_name = (
        soup(each.get("/account")).select_one("header").get_text()
        for each in (first, second)  # type: ignore[union-attr]
    )
    assert first_name != second_name
    assert first.tiles("/vault") != second.tiles("/vault")


def test_an_overridden_membership_is_not_offered(visitor: Visitor, sandbox: SandboxServer, services: Services) -> None:
    for position in range(len(sandbox.app.state.players)):
        each = Visitor(visitor.site)
        each.sign_in(account_of(sandbox, position))
        page = each.get("/account")
        assert page.status_code == 200
        chosen = soup(page).select("[name=membership][checked], [aria-current=true], .is-chosen")
        assert chosen, soup(page).get_text()


def test_no_token_reaches_a_page_or_a_cookie(visitor: Visitor, sandbox: SandboxServer) -> None:
    answer = visitor.sign_in(account_of(sandbox))
    grants = repr(vars(sandbox.app.state.grants))
    tokens = set(re.findall(r"[\w-]{60,}", grants))
    assert tokens
    seen = answer.text + repr(visitor.session.cookies.get_dict()) + repr(dict(answer.headers))
    assert not [token for token in tokens if token in seen]


def test_staff_sign_in_with_a_password(visitor: Visitor, services: Services) -> None:
    services.staff.create("ikora", "correct horse battery", "admin")
    wrong = visitor.sign_in_staff("ikora", "wrong horse battery!")
    assert wrong.status_code == 401
    unknown = visitor.sign_in_staff("nobody", "wrong horse battery!")
    assert unknown.status_code == 401
    assert visitor.sign_in_staff("Ikora", "correct horse battery").status_code == 200
    assert visitor.get("/admin/manifest").status_code == 200


@pytest.mark.parametrize("password", ["a" * 71, "a" * 72, "a" * 73, "a" * 128, "🦀" * 32])
def test_long_passwords_are_whole_passwords(services: Services, password: str) -> None:
    user = services.staff.create("long", password, "poster")
    assert services.staff.authenticate("long", password) == user.id
    assert services.staff.authenticate("long", password[:-1]) is None
    assert services.staff.authenticate("nobody", password) is None


def test_two_tabs_of_a_new_player_at_once_are_one_account(
    live_server: str, sandbox: SandboxServer, services: Services
) -> None:
    tabs = [Visitor(live_server) for _ in range(6)]
    pickers = [tab.submit(tab.get("/"), "/login/bungie") for tab in tabs]
    with ThreadPoolExecutor(len(tabs)) as pool:
        waiting = [
            pool.submit(tab.submit, picker, "", account=account_of(sandbox))
            for tab, picker in zip(tabs, pickers, strict=True)
        ]
        answers = [each.result(timeout=30) for each in waiting]
    assert {answer.status_code for answer in answers} == {200}
    assert len({tab.page("/account").select("header")[0].get_text() for tab in tabs}) == 1
