"""What a finger has to hit on a phone is as high as a fingertip; the ring around what has the focus is seen whole."""

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
    "/styleguide",
)  # fmt: skip

# Links within a sentence stay in their line, and a box to tick is hit through its label.
_LOW = """(least) => [...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")]
    .filter((each) => each.checkVisibility() && !each.closest(".skip, .tile, table"))
    .filter((each) => !(each.localName === "a" && getComputedStyle(each).display === "inline"))
    .map((each) => [each, (/checkbox|radio/.test(each.type) && each.closest("label")) || each])
    .map(([each, target]) => [each, target.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height < least - 0.5)
    .map(([each, box]) => `${each.localName}.${each.className} "${each.textContent.trim()}": ${box.height}`)"""

# Of each kind of thing that takes the focus one: it has a ring, and what scrolls or hides does not cut it.
_RINGS = """() => {
    const wrong = [], seen = new Set();
    const size = (style) => style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
    for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
        const kind = `${each.parentElement.className} > ${each.localName}.${each.className}`;
        if (seen.has(kind) || each.disabled || each.type === "hidden" || !each.checkVisibility()) continue;
        seen.add(kind);
        each.focus({ focusVisible: true });
        const ringed = [each, each.closest("label")].find((one) => one && size(getComputedStyle(one)) >= 1);
        if (!ringed) { wrong.push(`${kind} has no ring`); continue; }
        const clips = (style) => style.overflowX !== "visible" || style.overflowY !== "visible";
        let bar = ringed.parentElement;
        while (!/^(main|body)$/.test(bar.localName) && !clips(getComputedStyle(bar))) bar = bar.parentElement;
        const style = getComputedStyle(ringed), out = parseFloat(style.outlineOffset) + size(style) - 0.6;
        const inner = ringed.getBoundingClientRect(), outer = bar.getBoundingClientRect();
        if (inner.top - out < outer.top || inner.bottom + out > outer.bottom) wrong.push(`${kind} is cut`);
    }
    return wrong;
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


@pytest.mark.parametrize("path", ["/styleguide", "/vault", "/moves/select?q=is:bow"])
def test_the_ring_around_what_has_the_focus_is_seen_whole(vault: Page, live_server: str, path: str) -> None:
    """The style guide has every component; the vault has the bars that scroll."""
    vault.goto(live_server + path)
    assert vault.evaluate(_RINGS) == []
