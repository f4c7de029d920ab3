"""Figures of /vault in a real browser with a slow line and a slow processor, for the largest recorded account.

The whole product runs as in the demo. Each visit comes with an empty cache; signed in is the browser already.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.bench.figure import Figure, against
from tests.bench.vault import largest
from tests.browser.journey import sign_in
from tests.fixtures.browser import ARGUMENTS
from tests.fixtures.programs import find_chromium
from tests.recorded import running_demo

_BYTES_PER_S = 9_000_000 / 8
_LINE = {"offline": False, "latency": 170, "downloadThroughput": _BYTES_PER_S, "uploadThroughput": _BYTES_PER_S}
_SLOWER = 4
_VIEWS = ((390, 844), (1440, 900))
_VISITS = 5
_MOST_MS, _MOST_SHIFT = 1500, 50
_SETTLE_MS = 1500  # pictures arrive, scripts have run: whatever would shift has shifted

# A frame begins with the page as it is laid out; by the next frame it has been painted.
_WATCH = """() => {
    window.seen = {tiles: 0, shift: 0};
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
    const isVisible = (tile) => {
        const {top, height} = tile.getBoundingClientRect();
        return height > 0 && top < innerHeight;
    };
    const look = () => {
        if ([...document.querySelectorAll("[data-item-hash]")].some(isVisible))
            requestAnimationFrame(() => { window.seen.tiles = performance.now(); });
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


class Visit(NamedTuple):
    tiles_ms: float  # from the click to the first tiles on the screen
    shift: float


def run(world: Path) -> list[Figure]:
    chromium = find_chromium()
    if chromium is None:
        return []
    with running_demo(world) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        found = [figure for view in _VIEWS for figure in _figures(browser, site, largest(world).parent.name, view)]
        browser.close()
    return found


def _figures(browser: Browser, site: str, membership_id: str, view: tuple[int, int]) -> list[Figure]:
    width, height = view
    context = browser.new_context(viewport={"width": width, "height": height})
    sign_in(context.new_page(), site, membership_id)
    visits = [_visit(context, f"{site}/vault") for _ in range(_VISITS)]
    context.close()
    tiles, shift = min(each.tiles_ms for each in visits), max(each.shift for each in visits)
    note = f"9 Mbit/s, 170 ms, {_SLOWER}x slower, best of {_VISITS}; floor: the most wanted"
    return [
        against(f"/vault, {width} px, first tiles on the screen", tiles, "ms", _MOST_MS, note),
        Figure(
            f"/vault, {width} px, layout shift in thousandths", shift * 1000, "", note=f"below {_MOST_SHIFT} wanted"
        ),
    ]


def _visit(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    page.add_init_script(f"({_WATCH})()")
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", _LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(address)
    page.wait_for_function("window.seen.tiles > 0")
    page.wait_for_timeout(_SETTLE_MS)
    seen = page.evaluate("window.seen")
    page.close()
    return Visit(seen["tiles"], seen["shift"])
