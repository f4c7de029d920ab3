"""Bungie goes away while somebody is looking: their vault stays on the screen, and the page says why it is old."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from app.sandbox import SandboxServer
from config import Settings
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import begin_to_sign_in, pick, sign_in, tiles, too_wide
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A profile is asked for again on every page, so that trouble shows at once."""
    return replace(settings, profile_ttl_s=0)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    ("fault", "kind"), [({"maintenance": "api"}, "maintenance"), ({"status_502_html": "*Profile*"}, "stale")]
)
def test_trouble_is_told_above_the_last_known_vault(
    open_browser: OpenBrowser,
    watch: Watch,
    live_server: str,
    sandbox: SandboxServer,
    player_id: str,
    width: int,
    fault: dict,
    kind: str,
) -> None:
    page = open_browser(width).new_page()
    sign_in(page, live_server, player_id)
    before = tiles(page)
    expect(page.locator("[data-notice]")).to_have_count(0)
    sandbox.app.state.faults.set(**fault)
    page.reload()
    notice = page.locator(f"[data-notice={kind}]")
    expect(notice).to_be_in_viewport(ratio=1)
    assert len((notice.text_content() or "").split()) > 5
    assert tiles(page) == before
    assert sum(before.values()) >= 200
    assert too_wide(page) == []
    assert watch.troubles == []


def test_a_player_of_whom_nothing_is_known_gets_a_way_to_try_again(
    open_browser: OpenBrowser, watch: Watch, live_server: str, sandbox: SandboxServer, player_id: str
) -> None:
    watch.expected.append("503")
    page = open_browser(390).new_page()
    begin_to_sign_in(page, live_server)
    sandbox.app.state.faults.set(status_502_html=f"*/Profile/{player_id}/")
    pick(page, live_server, player_id)
    expect(page.locator("[data-notice]")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Try again")).to_have_attribute("href", "/vault")
    expect(page.locator(".me").get_by_role("button", name="Sign out")).to_be_visible()
    assert tiles(page) == {}
    assert too_wide(page) == []
    assert watch.troubles == []
