"""Ticking many in a browser: what is ticked is counted, rows and ranges are ticked at once, and buttons wait for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journey import too_wide_at_any_width
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")


def test_rows_and_ranges_are_ticked_counted_and_moved(vault: Page, watch: Watch) -> None:
    vault.goto(f"{vault.url.removesuffix('/vault')}/moves/select")
    count, to_vault = vault.locator(".picking-count"), vault.get_by_role("button", name="Vault", exact=True)
    expect(count).to_have_text("0")
    expect(to_vault).to_be_disabled()
    shelf = vault.locator(".picking-shelf", has_text="Kinetic").first
    boxes = shelf.locator("input[name=item]")
    shelf.get_by_role("button", name="Tick all").click()
    expect(count).to_have_text(str(boxes.count()))
    shelf.get_by_role("button", name="Tick all").click()
    expect(count).to_have_text("0")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(count).to_have_text("4")
    assert too_wide_at_any_width(vault) == []
    vault.set_viewport_size({"width": 390, "height": 844})
    hidden = "bar => bar.scrollWidth - bar.clientWidth"
    assert vault.locator(".picking").evaluate(hidden) == 0  # nothing to be scrolled for
    vault.get_by_role("button", name="Lock", exact=True).click()
    vault.wait_for_url("**/moves/*")
    assert vault.locator("[data-order]").count() > 0
    assert watch.troubles == []


def test_boxes_come_and_go_in_the_place_of_the_tiles_without_another_page(vault: Page, watch: Watch) -> None:
    vault.evaluate("window.isTheSamePage = true")
    tiles, select = vault.locator("#found a.tile"), vault.get_by_role("link", name="Select several")
    before = tiles.count()
    select.click()
    box = vault.locator("#found .picking-shelf input[name=item]").first
    box.click()
    expect(vault.locator(".picking-count")).to_have_text("1")
    assert before > 0
    expect(tiles).to_have_count(0)
    select.click()
    expect(tiles).to_have_count(before)
    select.click()
    box.click()
    assert vault.evaluate("window.isTheSamePage")
    vault.locator(".picking").get_by_role("button", name="Lock", exact=True).click()
    vault.wait_for_url("**/moves/*")
    expect(vault.locator("[data-order]")).to_have_count(1)
    assert watch.troubles == []
