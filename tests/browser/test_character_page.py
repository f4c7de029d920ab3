"""A character's page in a real browser: folded sections stay so, and news come into its panels and its items."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

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
