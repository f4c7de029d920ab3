"""Loadouts in a browser: made, put on and shared on a phone and on a desk, with nothing in anybody's way."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide
from tests.browser.test_accessibility import serious

pytestmark = pytest.mark.usefixtures("definitions")

TITAN = "2305843009000000100"


def faults(page: Page) -> list[str]:
    return [*serious(page), *too_wide(page)]


@pytest.mark.parametrize("width", [390, 1440])
def test_a_loadout_from_making_to_wearing(
    open_browser: OpenBrowser, live_server: str, player_id: str, width: int
) -> None:
    page, found = open_browser(width).new_page(), {}
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/loadouts")
    found["none yet"] = faults(page)
    page.get_by_role("button", name="From what Titan wears").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("New loadout")
    found["one"] = faults(page)
    page.get_by_role("textbox", name="Name").fill("Raid #boss")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Raid #boss")
    page.locator(".build-acts").get_by_role("link", name="Mods").nth(1).click()
    found["sockets of a piece"] = faults(page)
    field = page.locator("select[name^=socket-]").first
    field.select_option("0")
    page.get_by_role("button", name="Save").click()
    page.locator(".build-acts").get_by_role("link", name="Mods").nth(1).click()
    expect(field).to_have_value("0")
    page.get_by_role("link", name="Back to the loadout").click()
    page.get_by_role("link", name="Put items in").click()
    found["items to pick"] = faults(page)
    page.locator("input[name=item]:enabled").first.check()
    page.get_by_role("button", name="Put in, to be carried").click()
    page.get_by_role("link", name="What will happen").first.click()
    found["a plan"] = faults(page)
    page.goto(f"{live_server}/loadouts?q=%23boss")
    expect(page.locator(".build")).to_have_count(1)
    found["found by hashtag"] = faults(page)
    page.goto(f"{live_server}/characters/{TITAN}/loadouts")
    page.locator("details.more").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
    found["the game's own"] = faults(page)
    gun = page.locator("#slot-1 .build-piece a").first.get_attribute("href")
    page.goto(f"{live_server}{gun}")
    held = page.locator("[data-held]")
    expect(held.get_by_role("link", name="Raid #boss")).to_be_visible()
    found["what holds an item"] = faults(page)
    held.get_by_role("link", name="Raid", exact=True).click()
    expect(page.locator("#slot-1")).to_be_in_viewport()
    page.goto(f"{live_server}/loadouts")
    page.get_by_role("button", name="An empty one").click()
    found["an empty one"] = faults(page)
    assert {state: issues for state, issues in found.items() if issues} == {}


def test_a_backup_is_imported_from_a_file(open_browser: OpenBrowser, live_server: str, player_id: str) -> None:
    loadouts = [{"name": f"Number {number}", "equipped": [{"hash": 347366834}]} for number in range(3)]
    backup = json.dumps({"loadouts": loadouts}).encode()
    page = open_browser(390).new_page()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/loadouts")
    page.get_by_text("From a link or from another program").click()
    assert faults(page) == []
    page.locator("#import-file").set_input_files({"name": "d.json", "mimeType": "application/json", "buffer": backup})
    page.get_by_role("button", name="Import the file").click()
    expect(page.get_by_text("3 loadouts are new.")).to_be_visible()
    expect(page.locator(".build")).to_have_count(3)
    assert faults(page) == []


def test_a_shared_link_works_for_somebody_who_is_not_signed_in(
    open_browser: OpenBrowser, live_server: str, player_id: str
) -> None:
    page = open_browser().new_page()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/loadouts")
    page.get_by_role("button", name="From what Titan wears").click()
    link = page.locator("#share-link").input_value()
    stranger = open_browser(390).new_page()
    stranger.goto(link)
    expect(stranger.locator(".build-piece")).to_have_count(12)
    expect(stranger.get_by_text("Missing")).to_have_count(0)
    assert faults(stranger) == []
