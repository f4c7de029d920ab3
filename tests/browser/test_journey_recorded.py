"""The same visit on recorded players, whose pages nobody made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.sandbox import SandboxServer, World, load_world
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import STOPS, everything, journey, listed_by_bungie, sign_in, too_wide, too_wide_at_any_width
from tests.browser.watch import Watch
from tests.shared import requires_shared, shared_dir

pytestmark = [requires_shared, pytest.mark.usefixtures("definitions")]

WORLD = (shared_dir() or Path("nowhere")) / "worlds" / "june-2026"
ACCOUNTS = sorted(path.name for path in WORLD.glob("accounts/*"))


@pytest.fixture(scope="session")
def world() -> World:
    return load_world(WORLD)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_whole_visit_of_the_largest_account_is_silent_and_fits_every_screen(
    open_browser: OpenBrowser, watch: Watch, live_server: str, player_id: str, width: int
) -> None:
    page, seen = open_browser(width).new_page(), []
    measure = too_wide if width == 390 else too_wide_at_any_width
    for stop in journey(page, live_server, player_id):
        seen.append(stop)
        assert measure(page) == [], stop
    assert tuple(seen) == STOPS
    assert watch.troubles == []


@pytest.mark.parametrize("membership_id", ACCOUNTS)
def test_the_browser_holds_exactly_what_bungie_lists(
    open_browser: OpenBrowser, watch: Watch, live_server: str, sandbox: SandboxServer, membership_id: str
) -> None:
    page = open_browser(390).new_page()
    sign_in(page, live_server, membership_id)
    expected = listed_by_bungie(sandbox, membership_id)
    assert sum(expected.values()) >= 400
    assert everything(page, live_server) == expected
    assert watch.troubles == []
