"""A stranger's texts in every place that a stranger can write to, on every page, in a real browser: only ever text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update

from app.extensions import db
from app.models import ManifestRun, User
from app.sandbox import SandboxServer, World, demo_world
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in
from tests.browser.watch import Watch
from tests.contracts.test_routes import rules, staff
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script></script><marquee>{{7*7}}\u202e"
LONG = "W" * 2000
BROWSER = "Mozilla \"'><script>alert(1)</script><marquee>"
_ADDED = "marquee, img[src='x'], [onerror], [onmouseover], iframe, object, embed, base, script:not([src^='/static/'])"
_WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def poisoned(told: Any) -> Any:
    """Bungie's answer with every name of a person replaced."""
    if isinstance(told, list):
        return [poisoned(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {
        key: EVIL + LONG
        if key in {"displayName", "bungieGlobalDisplayName", "supplementalDisplayName"}
        else poisoned(each)
        for key, each in told.items()
    }


@pytest.fixture(scope="session")
def world() -> World:
    plain = demo_world()
    accounts = tuple(
        replace(each, linked=poisoned(each.linked), profile=poisoned(each.profile)) for each in plain.accounts
    )
    return replace(plain, accounts=accounts)


@pytest.fixture
def run_id(app: Flask) -> str:
    """A run whose every text came from outside."""
    now = datetime.now(UTC)
    told = EVIL + LONG
    with app.app_context():
        run = ManifestRun(
            public_id="hostile", trigger="test", state="failed", stage=EVIL[:60], created_at=now, started_at=now,
            finished_at=now, version_from=EVIL[:80], version_to=EVIL[:80], path=told, error=told, counts={EVIL: 3},
            locales=[{"locale": EVIL}],
        )  # fmt: skip
        db.session.add(run)
        db.session.commit()
    return "hostile"


def heard(watch: Watch) -> list[str]:
    return [each for each in watch.heard if each.startswith(("content policy", "dialog", "script error"))]


def assert_harmless(page: Page, where: str) -> None:
    assert page.locator(_ADDED).count() == 0, where
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_WIDTH) <= 0, f"{where} at {width} pixels"


def addresses(app: Flask, **known: str) -> Iterator[str]:
    """Every page that can be looked at; a file to keep is none."""
    for rule in rules(app):
        is_file = rule.rule.endswith((".csv", ".json"))
        if "GET" in (rule.methods or ()) and rule.arguments <= known.keys() and not is_file:
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<{name}>", known[name])
            yield path


STRANGE = ["/?next=", "/login?next=", "/nothing/", "/items/", "/characters/", "/callback/bungie?error=", "/static/"]


def visit_all(page: Page, site: str, paths: list[str]) -> None:
    evil = page.evaluate("(text) => encodeURIComponent(text)", EVIL)
    for path in [*paths, *(each + evil for each in STRANGE)]:
        page.goto(site + path, wait_until="load")
        assert_harmless(page, path)


def test_a_player_with_a_hostile_name_sees_only_text(
    open_browser: OpenBrowser, watch: Watch, app: Flask, live_server: str, player_id: str, sandbox: SandboxServer
) -> None:
    page = open_browser(user_agent=BROWSER).new_page()
    sign_in(page, live_server, player_id)
    character = page.locator("a[href^='/characters/2']").first.get_attribute("href") or ""
    items = page.locator("a[data-item-id]").evaluate_all("(all) => all.map((each) => each.dataset.itemId)")
    paths = list(addresses(app, character_id=character.rpartition("/")[2].partition("#")[0], instance_id=items[0]))
    assert {"/vault", "/characters", "/account", f"/items/{items[0]}"} <= set(paths)
    visit_all(page, live_server, paths)
    page.goto(f"{live_server}/account")
    assert EVIL[:40] in page.locator("body").inner_text()
    assert heard(watch) == []


def test_staff_see_only_text(
    open_browser: OpenBrowser, watch: Watch, app: Flask, live_server: str, run_id: str
) -> None:
    admin_id = staff(app, "zavala", "admin")
    visitor = Visitor(live_server)
    assert visitor.sign_in_staff("zavala", "a long enough password").status_code == 200
    with app.app_context():
        db.session.execute(update(User).where(User.id == admin_id).values(name=EVIL[:64]))
        db.session.commit()
    context = open_browser(user_agent=BROWSER)
    take_cookies(visitor, context, live_server)
    page = context.new_page()
    paths = [path for path in addresses(app, run_id=run_id) if path not in {"/vault", "/characters"}]
    assert {"/admin/manifest", "/admin/manifest/hostile", "/updateManifest"} <= set(paths)
    visit_all(page, live_server, paths)
    page.goto(f"{live_server}/admin/manifest/hostile")
    assert EVIL[:40] in page.locator("body").inner_text()
    assert heard(watch) == []


def take_cookies(visitor: Visitor, context: BrowserContext, site: str) -> None:
    context.add_cookies([
        {"name": cookie.name, "value": cookie.value or "", "url": site} for cookie in visitor.session.cookies
    ])  # fmt: skip


def test_what_is_typed_into_the_sign_in_form_comes_back_as_text(
    open_browser: OpenBrowser, watch: Watch, live_server: str
) -> None:
    page = open_browser().new_page()
    page.goto(f"{live_server}/login")
    page.locator("input[name=name]").fill(EVIL[:64])
    page.locator("input[name=password]").fill(EVIL)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state("load")
    assert_harmless(page, "/login")
    assert page.locator("input[name=password]").input_value() == ""
    assert heard(watch) == []


def test_code_that_got_into_a_page_would_not_run_and_would_be_heard(
    open_browser: OpenBrowser, watch: Watch, app: Flask, live_server: str
) -> None:
    """What the tests above hold would be worth nothing if the browser were deaf."""

    def careless() -> str:
        return (
            "<!DOCTYPE html><title>ours</title><script>alert(1); document.title = 'taken'</script>"
            "<script src='http://127.0.0.1:1/evil.js'></script><img src=x onerror='document.title = \"taken\"'>"
            "<style>body { background: red }</style><base href='http://127.0.0.1:1/'>"
        )

    careless.access_level = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/careless", "careless", careless)
    page = open_browser().new_page()
    page.goto(f"{live_server}/careless")
    assert page.title() == "ours"
    blocked = " ".join(heard(watch))
    assert "dialog" not in blocked
    for directive in (
        "script-src-elem blocked inline",
        "script-src-elem blocked http",
        "script-src-attr",
        "style-src",
        "base-uri",
    ):
        assert directive in blocked
