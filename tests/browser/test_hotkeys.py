"""Keys lead everywhere and do what is done most; a sheet lists them; they rest while somebody writes, or for good."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in
from tests.browser.test_accessibility import serious
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

GEAR = "a[data-item-id]"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused_hash(page: Page) -> str | None:
    return page.evaluate("document.activeElement.dataset.itemHash ?? null")


def test_the_sheet_opens_and_closes_and_the_focus_returns(vault: Page) -> None:
    tile = vault.locator(GEAR).nth(4)
    tile.focus()
    sheet = vault.get_by_role("dialog", name="Keys")
    press(vault, "?")
    expect(sheet).to_be_visible()
    assert serious(vault) == []
    press(vault, "Escape")
    expect(sheet).to_be_hidden()
    expect(tile).to_be_focused()
    press(vault, "?", "?")
    expect(sheet).to_be_hidden()
    expect(tile).to_be_focused()


def test_the_sheet_has_a_button_for_whoever_does_not_know_its_key(vault: Page) -> None:
    button = vault.locator("footer").get_by_role("button", name="Keys")
    button.click()
    sheet = vault.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    expect(button).to_be_focused()


def test_every_key_of_the_sheet_that_leads_somewhere_does(vault: Page, live_server: str) -> None:
    for keys, path in (
        ("g c", "/characters"),
        ("g m", "/moves"),
        ("g a", "/account"),
        ("g d", "/database"),
        ("g v", "/vault"),
        ("g h", "/"),
    ):
        press(vault, *keys.split())
        vault.wait_for_url(live_server + path)


def test_keys_rest_while_somebody_writes(vault: Page, live_server: str) -> None:
    press(vault, "/")
    box = vault.locator("#search")
    expect(box).to_be_focused()
    vault.keyboard.type("g c?i")
    expect(box).to_have_value("g c?i")
    expect(vault.get_by_role("dialog")).to_have_count(0)
    expect(vault.locator("#compact")).not_to_be_checked()


def test_a_key_with_a_modifier_stays_with_the_browser(vault: Page, live_server: str) -> None:
    press(vault, "Control+i", "Alt+i", "g", "Control+c")
    expect(vault.locator("#compact")).not_to_be_checked()
    expect(vault).to_have_url(f"{live_server}/vault")


def test_who_wants_no_keys_switches_them_off(vault: Page) -> None:
    press(vault, "?")
    vault.get_by_label("Use these keys in this browser").uncheck()
    press(vault, "Escape", "i")
    expect(vault.locator("#compact")).not_to_be_checked()
    vault.reload()
    press(vault, "?")
    expect(vault.get_by_role("dialog")).to_have_count(0)


def test_arrows_lead_from_tile_to_tile(vault: Page) -> None:
    names = vault.locator("main a.tile").evaluate_all("(tiles) => tiles.map((tile) => tile.dataset.itemHash)")
    vault.locator("main a.tile").first.focus()
    press(vault, "ArrowRight", "ArrowRight", "ArrowLeft")
    assert focused_hash(vault) == names[1]
    left = vault.evaluate("document.activeElement.getBoundingClientRect().left")
    press(vault, "ArrowDown")
    assert vault.evaluate("document.activeElement.getBoundingClientRect().left") == left
    assert focused_hash(vault) != names[2]
    press(vault, "ArrowUp")
    assert focused_hash(vault) == names[1]


def test_newer_data_is_asked_for_by_a_key(vault: Page, live_server: str) -> None:
    with vault.expect_request(f"{live_server}/vault/refresh"):
        press(vault, "r")


def test_an_open_item_is_locked_by_a_key(vault: Page, watch: Watch) -> None:
    tile = vault.locator(f"{GEAR}:not(.is-locked)").first
    item = tile.get_attribute("data-item-id")
    tile.click()
    vault.locator("#item-dialog #item-name").wait_for()
    vault.evaluate("document.body.dataset.before = 'r'")
    press(vault, "r")  # what that presses lies under the dialog: the page stays the one that it was
    expect(vault.locator("#item-dialog")).to_be_visible()
    expect(vault.locator("body[data-before]")).to_have_count(1)
    press(vault, "l")
    expect(vault.locator("#item-dialog")).to_be_hidden()
    # The item's own page may still lie in the dialog for a moment: the tile is the one on the page.
    expect(vault.locator(f"#found [data-item-id='{item}']")).to_have_class(re.compile("is-locked"))
    assert watch.troubles == []


def test_without_scripts_there_are_no_keys_and_nothing_speaks_of_them(
    open_browser: OpenBrowser, live_server: str, player_id: str
) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    sign_in(page, live_server, player_id)
    expect(page.get_by_role("button", name="Keys")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
