"""An item opens over the page that its tile stands on, and leaves as easily as it came."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")


def a_tile(page: Page) -> Locator:
    """A weapon with a name that nobody meant to harm with."""
    return page.locator("section[data-bucket='1498876634'] a[data-item-id]:not(:has-text('<'))").nth(3)


def open_item(page: Page) -> tuple[Locator, str]:
    """Clicks a tile and waits for its item; the tile, and its item's name."""
    tile = a_tile(page)
    name = tile.locator(".tile-name").inner_text()
    tile.click()
    expect(page.locator("#item-dialog #item-name")).to_have_text(name)
    return tile, name


def test_a_tile_opens_its_item_over_the_page_and_the_address_is_the_item_s(vault: Page, watch: Watch) -> None:
    tile, name = open_item(vault)
    expect(vault.locator("#item-dialog")).to_be_visible()
    assert vault.url.endswith(tile.get_attribute("href") or "?")
    assert vault.title().startswith(name)
    assert vault.locator("[data-store=vault]").count() == 1
    vault.reload()
    expect(vault.get_by_role("heading", level=1)).to_have_text(name)
    assert vault.locator("#item-dialog").count() == 0
    assert watch.troubles == []


@pytest.mark.parametrize("way", ["escape", "button", "backdrop", "back"])
def test_it_closes_in_every_usual_way_and_the_focus_returns_to_the_tile(
    vault: Page, watch: Watch, live_server: str, way: str
) -> None:
    tile, _ = open_item(vault)
    assert vault.evaluate("document.activeElement.id") == "item-name"
    match way:
        case "escape":
            vault.keyboard.press("Escape")
        case "button":
            vault.get_by_role("button", name="Close").click()
        case "backdrop":
            vault.mouse.click(5, 5)
        case _:
            vault.go_back()
    expect(vault.locator("#item-dialog")).to_be_hidden()
    vault.wait_for_url(f"{live_server}/vault")
    expect(tile).to_be_focused()
    assert vault.title().startswith("Vault")
    assert watch.troubles == []


def test_the_focus_stays_inside_while_it_is_open(vault: Page) -> None:
    open_item(vault)
    for _ in range(12):
        vault.keyboard.press("Tab")
        assert vault.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")


def test_another_copy_opens_in_the_same_window_and_one_step_back_leaves_it(vault: Page, live_server: str) -> None:
    vault.goto(f"{live_server}/vault")
    addresses = vault.locator("a[data-item-id]").evaluate_all(
        """(tiles) => tiles.map((tile) => [tile.dataset.itemHash, tile.getAttribute("href")])"""
    )
    hashes = [item_hash for item_hash, _ in addresses]
    twin = next(address for item_hash, address in addresses if hashes.count(item_hash) > 1)
    vault.locator(f"a[href='{twin}']").click()
    other = vault.locator("#item-dialog .copies a").first
    address = other.get_attribute("href")
    other.click()
    vault.wait_for_url(f"{live_server}{address}")
    vault.go_back()
    expect(vault.locator("#item-dialog")).to_be_hidden()
    vault.wait_for_url(f"{live_server}/vault")


def test_a_click_that_asks_for_a_new_tab_gets_one(vault: Page) -> None:
    with vault.context.expect_page() as opened:
        a_tile(vault).click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("h1#item-name")).to_be_visible()
    expect(vault.locator("#item-dialog")).to_be_hidden()


def test_an_item_that_is_gone_is_told_by_a_page_of_its_own(vault: Page, watch: Watch) -> None:
    watch.expected.append("404")
    a_tile(vault).evaluate("(tile) => { tile.href = '/items/6917529999999999999'; }")
    a_tile(vault).click()
    expect(vault.locator(".code")).to_contain_text("404")
    assert watch.troubles == []


def test_on_a_phone_it_is_a_sheet_with_perks_before_numbers(
    open_browser: OpenBrowser, live_server: str, player_id: str
) -> None:
    page = open_browser(390).new_page()
    sign_in(page, live_server, player_id)
    open_item(page)
    box = page.locator("#item-dialog").bounding_box()
    assert box is not None
    assert (round(box["x"]), round(box["width"])) == (0, 390)
    assert round(box["y"] + box["height"]) == 900
    assert box["y"] > 0
    headings = page.locator("#item-dialog h2").all_inner_texts()
    assert headings.index("Perks") < headings.index("Stats")
    assert too_wide(page) == []


def test_without_scripts_a_tile_leads_to_the_item_s_page(
    open_browser: OpenBrowser, live_server: str, player_id: str
) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, live_server, player_id)
    name = a_tile(page).locator(".tile-name").inner_text()
    a_tile(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
