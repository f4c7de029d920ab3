"""The vault in a real browser: what is folded stays so, news come in without a jump, one place at a time on a phone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from app.sandbox import SandboxServer
from config import Settings
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in
from tests.browser.test_accessibility import serious
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

KINETIC = "vault-1498876634"
VIEWS = ("/vault", "/vault?view=together", "/vault?view=duplicates", "/vault?group=rarity&sort=name")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bungie is asked again for every page that is a second old."""
    return replace(settings, profile_ttl_s=1)


def test_a_section_that_is_folded_is_folded_when_one_comes_back(vault: Page, watch: Watch) -> None:
    section = vault.locator(f"details[data-fold='{KINETIC}']")
    with vault.expect_response("**/vault/fold") as told:
        section.locator("summary").focus()
        vault.keyboard.press("Enter")
    assert told.value.status == 204
    vault.reload()
    expect(section).not_to_have_attribute("open", "")
    expect(section.locator("[data-item-hash]").first).to_be_hidden()
    assert watch.troubles == []


def test_news_come_in_by_themselves_where_something_changed_and_nothing_jumps(
    page: Page, live_server: str, player_id: str, sandbox: SandboxServer, watch: Watch
) -> None:
    page.clock.install()
    sign_in(page, live_server, player_id)
    player = sandbox.app.state.players[player_id]
    item = next(each for each in player.account_items() if each.get("lockable") and not each["state"] & 1)
    tile = page.locator(f"[data-item-id='{item['itemInstanceId']}']")
    tile.focus()
    page.evaluate("document.querySelector('h1').dataset.stays = 'yes'")
    scrolled = page.evaluate("scrollY")
    item["state"] |= 1
    page.clock.fast_forward(301_000)
    expect(tile).to_have_class(re.compile(r"\bis-locked\b"))
    expect(tile).to_be_focused()
    assert page.evaluate("scrollY") == scrolled
    assert page.locator("h1[data-stays=yes]").count() == 1
    assert watch.troubles == []


def test_a_page_that_nobody_looks_at_asks_for_nothing(page: Page, live_server: str, player_id: str) -> None:
    page.clock.install()
    sign_in(page, live_server, player_id)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "fetch" else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    page.clock.fast_forward(1_000_000)
    page.wait_for_timeout(200)
    assert asked == []


def test_a_phone_shows_one_place_at_a_time_without_a_script(
    open_browser: OpenBrowser, live_server: str, player_id: str
) -> None:
    page = open_browser(390, 844, java_script_enabled=False).new_page()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/vault?view=together")
    stores = page.locator("section.store")
    for number, tab in enumerate(page.locator(".store-tabs label").all()):
        tab.click()
        assert [each.is_visible() for each in stores.all()] == [number == place for place in range(stores.count())]


@pytest.mark.parametrize("width", [390, 834, 1440])
def test_no_view_is_wider_than_the_screen_or_hard_to_use(
    width: int, open_browser: OpenBrowser, live_server: str, player_id: str
) -> None:
    page = open_browser(width).new_page()
    sign_in(page, live_server, player_id)
    for path in VIEWS:
        page.goto(live_server + path)
        page.locator(".layout summary").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert width > 390 or serious(page) == [], path


@pytest.mark.parametrize("width", [390, 1440])
def test_a_jump_leads_to_its_group(vault: Page, width: int) -> None:
    vault.set_viewport_size({"width": width, "height": 800})
    link = vault.locator(".jump-links a").last
    group = vault.locator(str(link.get_attribute("href")))
    link.click()
    expect(group.locator("[data-item-hash]").first).to_be_in_viewport()
    vault.wait_for_timeout(300)
    expect(group.locator("h2").first).to_be_in_viewport()


def test_on_a_phone_the_pages_of_the_site_are_one_line_with_this_one_in_sight(
    page: Page, live_server: str, player_id: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, live_server, player_id)
    for path in ("/vault", "/moves", "/database"):
        page.goto(f"{live_server}{path}")
        here = page.locator(".nav [aria-current]")
        expect(here).to_be_in_viewport(ratio=1)
        tops = page.locator(".nav a").evaluate_all("(all) => all.map((each) => each.offsetTop)")
        assert len(set(tops)) == 1
        assert here.evaluate("(link) => link.offsetHeight") >= 44
