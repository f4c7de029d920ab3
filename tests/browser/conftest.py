"""What every journey starts with: a watched browser and the player who owns the most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.sandbox import SandboxServer
from tests.browser.journey import sign_in
from tests.browser.watch import Watch

OpenBrowser = Callable[..., BrowserContext]

# Browsers hang up on pictures when the reader goes on; Werkzeug's development server then leaves the file open.
_HUNG_UP = "ignore:unclosed file .*/app/static/:ResourceWarning"
_HERE = Path(__file__).parent
# How long a page may take on a busy machine before we say that something never happened, in milliseconds.
_PATIENCE = 20_000
expect.set_options(timeout=_PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(_HUNG_UP))


@pytest.fixture
def player_id(sandbox: SandboxServer) -> str:
    """The account with the most items."""
    return max(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def open_browser(browser: Browser, watch: Watch) -> Iterator[OpenBrowser]:
    """Opens a watched profile of a width in pixels that waits for nothing longer than our patience.

    `more` are Playwright's options.
    """
    opened: list[BrowserContext] = []

    def open_one(width: int = 1440, height: int = 900, **more: Any) -> BrowserContext:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        opened.append(context)
        context.set_default_timeout(_PATIENCE)
        watch.attach(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(open_browser: OpenBrowser) -> Page:
    return open_browser().new_page()


@pytest.fixture
def vault(page: Page, live_server: str, player_id: str) -> Page:
    """The vault of the signed-in player, 1440 pixels wide."""
    sign_in(page, live_server, player_id)
    return page
