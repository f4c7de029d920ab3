"""Sign in, look at everything, sign out: on a phone and on a desk, with scripts and without, and nothing goes wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.sandbox import SandboxServer
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import (
    STOPS,
    begin_to_sign_in,
    everything,
    journey,
    listed_by_bungie,
    sign_in,
    too_wide,
    too_wide_at_any_width,
)
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.mark.parametrize(
    ("width", "with_scripts"), [(390, True), (1440, True), (390, False)], ids=["phone", "desk", "no scripts"]
)
def test_the_whole_visit_is_silent_and_fits_every_screen(
    open_browser: OpenBrowser, watch: Watch, live_server: str, player_id: str, width: int, with_scripts: bool
) -> None:
    page, seen = open_browser(width, java_script_enabled=with_scripts).new_page(), []
    measure = too_wide if width == 390 else too_wide_at_any_width
    for stop in journey(page, live_server, player_id):
        seen.append(stop)
        assert measure(page) == [], stop
    assert tuple(seen) == STOPS
    assert watch.troubles == []


def test_the_browser_holds_exactly_what_bungie_lists(
    page: Page, watch: Watch, live_server: str, sandbox: SandboxServer, player_id: str
) -> None:
    sign_in(page, live_server, player_id)
    expected = listed_by_bungie(sandbox, player_id)
    assert sum(expected.values()) >= 300
    assert everything(page, live_server) == expected
    assert watch.troubles == []


def test_after_signing_out_the_vault_is_closed_also_to_the_back_button(vault: Page) -> None:
    vault.locator(".me").get_by_role("button", name="Sign out").click()
    expect(vault.get_by_role("button", name="Sign in with Bungie.net")).to_be_visible()
    vault.go_back()
    expect(vault.get_by_role("button", name="Sign in with Bungie.net")).to_be_visible()
    assert vault.locator("[data-store]").count() == 0


def test_a_refusal_at_bungie_is_told_in_a_sentence(page: Page, watch: Watch, live_server: str) -> None:
    watch.expected.append("error=access_denied")  # the page that tells it is a 403
    begin_to_sign_in(page, live_server)
    page.locator("button[name=refuse]").click()
    expect(page.get_by_role("heading", name="You were not signed in")).to_be_visible()
    page.get_by_role("link", name="To the first page").click()
    expect(page.get_by_role("button", name="Sign in with Bungie.net")).to_be_visible()
    assert watch.troubles == []
