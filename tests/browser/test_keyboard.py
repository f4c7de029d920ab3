"""Everything that a mouse can do here, a keyboard can, and it always shows where it is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

# What has the focus: its tile, how the focus shows, and whether something lies over its middle or it is off the screen.
_STOP = """() => {
    const target = document.activeElement, style = getComputedStyle(target), box = target.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const hasOutline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return {
        is_page: target === document.body,  // past the last stop, before the first one
        tile: target.matches("[data-item-hash]") ? target.getAttribute("href") : null,
        words: (target.getAttribute("aria-label") ?? target.textContent).trim().slice(0, 60),
        shows: hasOutline && style.outlineColor !== "rgba(0, 0, 0, 0)",
        is_covered: !target.contains(top) && !target.closest("label")?.contains(top),
    };
}"""
_FOCUSABLE = (
    "document.querySelectorAll('a[href], button:not(dialog *), input:not([type=hidden]), select, summary, "
    '[tabindex="0"]\').length'
)
_FOCUSED = "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()"


def tab_to(page: Page, words: str, limit: int = 40) -> None:
    """Tab until what has the focus reads `words`."""
    met = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        met.append(page.evaluate(_FOCUSED))
        if words in met[-1]:
            return
    pytest.fail(f"Tab never reached {words!r}, only {met}")


def walk(page: Page, key: str, times: int) -> list[dict[str, Any]]:
    """Presses `key` so often; what it reached, in order."""
    stops = []
    for _ in range(times):
        page.keyboard.press(key)
        stops.append(page.evaluate(_STOP))
    return stops


def test_the_first_stop_leads_past_the_navigation(vault: Page) -> None:
    vault.keyboard.press("Tab")
    skip = vault.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    vault.keyboard.press("Enter")
    expect(vault.locator("main")).to_be_focused()
    vault.keyboard.press("Tab")
    assert vault.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_signing_in_and_out_needs_no_mouse(page: Page, watch: Watch, live_server: str, player_id: str) -> None:
    page.goto(live_server)
    tab_to(page, "Sign in with Bungie.net")
    page.keyboard.press("Enter")
    page.locator(f"button[name=account][value='{player_id}']").wait_for()
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == player_id:
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server}/vault")
    tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign in with Bungie.net")).to_be_visible()
    assert watch.troubles == []


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_every_tile_that_is_a_link_is_reached_and_seen(
    open_browser: OpenBrowser, live_server: str, player_id: str, key: str
) -> None:
    """All of them forwards; backwards a hundred, whom the bar at the top of the screen could lie over."""
    page = open_browser(reduced_motion="reduce").new_page()
    sign_in(page, live_server, player_id)
    links = page.locator("a[data-item-hash]").evaluate_all("(tiles) => tiles.map((tile) => tile.getAttribute('href'))")
    assert len(links) >= 200
    walked = walk(page, key, page.evaluate(_FOCUSABLE) if key == "Tab" else 140)
    stops = [stop for stop in walked if not stop["is_page"]]
    in_order = [stop["tile"] for stop in stops if stop["tile"]]
    assert in_order == (links if key == "Tab" else links[::-1][: len(in_order)])
    assert len(in_order) >= 100
    assert [stop["words"] for stop in stops if not stop["shows"]] == []
    assert [stop["words"] for stop in stops if stop["is_covered"]] == []


def test_stacks_are_stops_too(vault: Page) -> None:
    stacks = vault.locator("[data-item-hash]:not([data-item-id])")
    assert stacks.count() > 10
    assert stacks.evaluate_all("(tiles) => tiles.filter((tile) => tile.tabIndex < 0).length") == 0


def test_an_item_opens_with_enter(vault: Page, live_server: str) -> None:
    tile = vault.locator("a[data-item-id]").nth(3)
    address, name = tile.get_attribute("href"), tile.locator(".tile-name").text_content()
    tile.focus()
    vault.keyboard.press("Enter")
    vault.wait_for_url(f"{live_server}{address}")
    expect(vault.get_by_role("dialog").get_by_role("heading", level=1)).to_have_text(name or "")


def test_icons_only_is_switched_by_the_space_bar_and_remembered(vault: Page) -> None:
    name = vault.locator("a[data-item-id] .tile-name").first
    expect(name).to_be_visible()
    vault.locator("#compact").focus()
    vault.keyboard.press("Space")
    expect(name).to_be_hidden()
    vault.reload()
    expect(vault.locator("#compact")).to_be_checked()
    expect(name).to_be_hidden()
    vault.locator("a[data-item-id]").first.focus()
    vault.keyboard.press("Shift+Tab")
    vault.keyboard.press("Tab")  # a focus that came from the keyboard shows the name
    expect(name).to_be_visible()
