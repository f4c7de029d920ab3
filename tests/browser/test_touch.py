"""What a finger has to hit on a phone is as high as a fingertip, and no bar cuts the ring around what has the focus."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide

pytestmark = pytest.mark.usefixtures("definitions")

FINGERTIP = 40
PATHS = (
    "/vault", "/vault?q=is:weapon", "/vault?view=duplicates", "/vault?view=together", "/characters", "/database",
    "/tags", "/searches", "/account", "/organizer", "/loadouts", "/vendors", "/moves", "/search/help",
)  # fmt: skip

# Links within a sentence stay in their line, and a box to tick is hit through its label.
_LOW = """(least) => [...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")]
    .filter((each) => each.checkVisibility() && !each.closest(".skip, .tile, table"))
    .filter((each) => !(each.localName === "a" && getComputedStyle(each).display === "inline"))
    .map((each) => [each, (/checkbox|radio/.test(each.type) && each.closest("label")) || each])
    .map(([each, target]) => [each, target.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height < least - 0.5)
    .map(([each, box]) => `${each.localName}.${each.className} "${each.textContent.trim()}": ${box.height}`)"""

_CUT = """(element) => {
    const bar = element.parentElement.getBoundingClientRect(), box = element.getBoundingClientRect();
    const style = getComputedStyle(element), out = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
    return box.top - out < bar.top - 0.5 || box.bottom + out > bar.bottom + 0.5;
}"""


def low(page: Page) -> list[str]:
    return page.evaluate(_LOW, FINGERTIP)


def test_a_finger_hits_everything_on_a_phone(open_browser: OpenBrowser, live_server: str, player_id: str) -> None:
    page, found = open_browser(390, has_touch=True).new_page(), {}
    sign_in(page, live_server, player_id)
    own = [page.locator(tile).first.get_attribute("href") for tile in ("a[data-item-id].is-masterwork", "a.banner")]
    for path in (*PATHS, *map(str, own)):
        page.goto(live_server + path)
        found[path] = low(page) + too_wide(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_the_ring_around_a_tab_is_seen_whole(vault: Page) -> None:
    vault.locator("#search").focus()
    tab = vault.locator(".tabs a").first
    for _ in range(8):
        vault.keyboard.press("Tab")
        if tab.evaluate("(element) => element === document.activeElement"):
            break
    assert tab.evaluate("(element) => element.matches(':focus-visible')")
    assert not tab.evaluate(_CUT)
