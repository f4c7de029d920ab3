"""A character's page in a real browser: folded sections stay so, and news come into its panels and its items."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, Route, expect

from app.sandbox import SandboxServer
from config import Settings
from tests.browser.journey import sign_in
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

TITAN = "2305843009000000100"
HEALTH = "392767087"
QUESTS = f"{TITAN}-1345459588"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bungie is asked again for every page that is a second old."""
    return replace(settings, profile_ttl_s=1)


def test_folded_quests_are_folded_when_one_comes_back(
    page: Page, live_server: str, player_id: str, watch: Watch
) -> None:
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/characters/{TITAN}")
    section = page.locator(f"details[data-fold='{QUESTS}']")
    with page.expect_response("**/vault/fold") as told:
        section.locator("summary").first.click()
    assert told.value.status == 204
    page.reload()
    expect(section).not_to_have_attribute("open", "")
    expect(section.locator("[data-item-hash]").first).to_be_hidden()
    assert watch.troubles == []


def test_news_come_into_panels_and_items_and_what_is_unfolded_stays_so(
    page: Page, live_server: str, player_id: str, sandbox: SandboxServer, watch: Watch
) -> None:
    page.clock.install()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/characters/{TITAN}")
    answer = sandbox.app.state.players[player_id].components
    worn = answer["characterEquipment"]["data"][TITAN]["items"][1]
    tile = page.locator(f"a.tile[data-item-id='{worn['itemInstanceId']}']")
    slots = page.locator("#power details")
    slots.locator("summary").click()
    worn["state"] ^= 1
    is_locked = bool(worn["state"] & 1)
    answer["characters"]["data"][TITAN]["stats"][HEALTH] = 199
    page.clock.fast_forward(31_000)
    expect(page.locator(".stat-bars")).to_contain_text("199")
    locked = re.compile(r"\bis-locked\b")
    if is_locked:
        expect(tile).to_have_class(locked)
    else:
        expect(tile).not_to_have_class(locked)
    expect(slots).to_have_attribute("open", "")
    assert watch.troubles == []


def test_news_come_into_the_banner_and_the_title_and_nothing_else_is_touched(
    page: Page, live_server: str, player_id: str, sandbox: SandboxServer, watch: Watch
) -> None:
    page.clock.install()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/characters/{TITAN}")
    characters = sandbox.app.state.players[player_id].components["characters"]["data"]
    here = page.locator("#switcher [aria-current=page]")
    picture = here.locator("img.banner-back").get_attribute("src")
    other = next(each for key, each in characters.items() if key != TITAN)
    here.focus()
    page.evaluate("window.powerBefore = document.querySelector('#power')")
    characters[TITAN] |= {"light": 1234, "titleRecordHash": 0, "emblemBackgroundPath": other["emblemBackgroundPath"]}
    page.clock.fast_forward(301_000)
    expect(here.locator(".banner-light")).to_contain_text("1234")
    expect(here.locator("img.banner-back")).not_to_have_attribute("src", str(picture))
    expect(page.locator("h1")).to_have_text("Titan")
    expect(here).to_be_focused()
    assert page.evaluate("window.powerBefore.isConnected")
    assert watch.troubles == []


def test_what_was_asked_before_the_player_did_something_changes_nothing_any_more(
    page: Page, live_server: str, player_id: str, sandbox: SandboxServer
) -> None:
    page.clock.install()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/characters/{TITAN}")
    held: list[Route] = []
    page.route(f"**/characters/{TITAN}", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it calls
    characters = sandbox.app.state.players[player_id].components["characters"]["data"]
    characters[TITAN]["light"] = 1234
    with page.expect_event("requestfailed", lambda request: "x-news" in request.headers):
        with page.expect_request(f"**/characters/{TITAN}"):
            page.clock.fast_forward(301_000)
        page.locator("a.tile[data-item-id]").first.click()
    expect(page.locator("#item-dialog #item-name")).to_be_visible()
    assert len(held) == 1
    expect(page.locator("#switcher [aria-current=page] .banner-light")).not_to_contain_text("1234")


def test_nothing_is_asked_while_a_move_is_under_way(page: Page, live_server: str, player_id: str) -> None:
    page.clock.install()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/characters/{TITAN}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "x-news" in request.headers else None)
    page.route("**/moves", lambda _route: None)  # the answer is long in coming
    page.locator("section[data-bucket='1498876634'] a.tile[data-item-id]").nth(2).click()
    panel = page.locator("#item-dialog form[data-acts-on]").first
    panel.get_by_role("button", name="Vault").click()
    expect(page.locator("#item-dialog")).to_be_hidden()
    expect(page.locator(".is-waiting")).to_have_count(1)
    page.clock.fast_forward(1_000_000)
    page.wait_for_timeout(200)
    assert asked == []


_LOW = """() => [...document.querySelectorAll('main :is(a, button, summary, select)')]
    .filter((each) => each.offsetParent && !each.closest('p') && each.getBoundingClientRect().height < 24)
    .map((each) => `${each.textContent.trim().slice(0, 30)} in ${each.parentElement.outerHTML.slice(0, 80)}`)"""


def test_what_can_be_pressed_by_itself_is_as_high_as_a_finger_needs(
    page: Page, live_server: str, player_id: str
) -> None:
    sign_in(page, live_server, player_id)
    weapon = page.locator("section[data-bucket='1498876634'] a[data-item-id]").nth(3).get_attribute("href")
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/vault", "/characters", f"/characters/{TITAN}", weapon, "/database"):
            page.goto(f"{live_server}{path}")
            assert page.evaluate(_LOW) == [], (width, path)


def test_order_is_offered_on_the_page_of_all_characters_once_there_is_something_to_order(
    page: Page, live_server: str, player_id: str
) -> None:
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/characters")
    order = page.locator("summary", has_text="Order and groups")
    expect(order).to_be_hidden()
    page.locator("#search").fill("is:weapon")
    expect(order).to_be_visible()
