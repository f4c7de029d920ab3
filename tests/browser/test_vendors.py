"""The visit to the vendors: from the menu to what is for sale, searched as one types, on a phone and on a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide
from tests.browser.test_accessibility import serious
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

TILES = "[data-vendor] [data-item-hash]"


@pytest.mark.parametrize("width", [390, 1440])
def test_a_player_finds_what_is_for_sale_and_looks_at_its_rolls(
    open_browser: OpenBrowser, watch: Watch, live_server: str, player_id: str, width: int
) -> None:
    page = open_browser(width).new_page()
    sign_in(page, live_server, player_id)
    page.get_by_role("link", name="Vendors", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vendors")
    everything = page.locator(TILES).count()
    assert serious(page) + too_wide(page) == []

    page.keyboard.press("/")
    page.keyboard.type("is:exotic")
    expect(page.locator("#search-status")).to_contain_text("offers found")
    assert 0 < page.locator(TILES).count() < everything
    assert page.url.endswith("/vendors?q=is%3Aexotic")
    page.reload()
    expect(page.locator("#search-status")).to_contain_text("offers found")

    page.get_by_role("link", name="Show everything").click()
    page.get_by_role("link", name="Banshee-44", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Banshee-44")
    expect(page.locator(".sale-perks").first).to_be_visible()
    assert serious(page) + too_wide(page) == []
    page.locator("a.banner").nth(1).click()
    expect(page.locator("a.banner").nth(1)).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("heading", level=1)).to_have_text("Banshee-44")
    page.get_by_role("link", name="All vendors").click()
    expect(page.locator("a.banner").nth(1)).to_have_attribute("aria-current", "page")
    assert watch.troubles == []
