"""Searching all items as one types: only the finds change, the address follows, and without scripts a form does it."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")


def test_the_finds_follow_what_is_typed_and_chosen_without_signing_in(
    page: Page, live_server: str, watch: Watch
) -> None:
    page.goto(f"{live_server}/database")
    page.evaluate("document.querySelector('h1').dataset.stays = 'yes'")
    page.keyboard.press("/")
    page.keyboard.type("exotic")
    expect(page).to_have_url(f"{live_server}/database?q=exotic")
    page.get_by_label("Element").select_option("Arc")
    expect(page).to_have_url(f"{live_server}/database?q=exotic&element=arc")
    expect(page.locator(".finds-line")).to_contain_text("Element: Arc")
    found = page.locator("#found [data-item-hash]").count()
    assert page.locator("h1[data-stays=yes]").count() == 1
    page.reload()
    assert page.locator("#found [data-item-hash]").count() == found > 0
    assert page.locator("#search").input_value() == "exotic"
    page.locator("#found a[data-item-hash]").first.click()
    expect(page.locator("h1#item-name")).to_be_visible()
    assert watch.troubles == []


def test_without_scripts_the_form_finds_the_same(open_browser: OpenBrowser, live_server: str) -> None:
    page = open_browser(390, 844, java_script_enabled=False).new_page()
    page.goto(f"{live_server}/database")
    page.locator("#search").fill("ace of spades")
    page.get_by_label("Rarity").select_option("Exotic")
    page.get_by_role("button", name="Search", exact=True).click()
    assert page.locator("#found .tile-name").first.text_content() == "Ace of Spades"
    page.get_by_role("link", name="Rarity: Exotic").click()
    assert page.locator("#search").input_value() == "ace of spades"


@pytest.mark.parametrize("width", [390, 834, 1440])
def test_the_pages_fit_every_screen(open_browser: OpenBrowser, live_server: str, width: int) -> None:
    page = open_browser(width).new_page()
    for number, path in enumerate(("/database", "/database?q=zz&tier=exotic", "/database/347366834", "/database/1")):
        page.goto(live_server + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{width}-{number}.png")
