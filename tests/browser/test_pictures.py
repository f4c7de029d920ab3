"""Pictures come late, small and sometimes not at all; the page stands still and always shows a drawing."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page, Route

from app.sandbox import SandboxServer
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import begin_to_sign_in, pick, sign_in, wait_in
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

_COUNT_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
    for (const shift of list.getEntries())
        if (!shift.hadRecentInput)
            window.shifts.push([shift.value, ...shift.sources.map((source) => source.node?.outerHTML?.slice(0, 120))]);
}).observe({ type: "layout-shift", buffered: true });
"""
_UNLOADED = "(images) => images.filter((image) => !image.hidden && !(image.complete && image.naturalWidth > 0)).length"
_SCROLL_TO_THE_END = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo({ top: y, behavior: "instant" });
        await new Promise((done) => setTimeout(done, 50));
    }
}"""
# Colours of a picture, coarse enough that smoothing does not count as one.
_COLOURS = """async (picture) => {
    const image = new Image();
    image.src = "data:image/png;base64," + picture;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    const { data } = drawing.getImageData(0, 0, image.width, image.height), count = {};
    for (let at = 0; at < data.length; at += 4) {
        const colour = [data[at] >> 4, data[at + 1] >> 4, data[at + 2] >> 4].join();
        count[colour] = (count[colour] ?? 0) + 1;
    }
    return count;
}"""


def break_icons(page: Page, site: str) -> list[str]:
    """From now on every picture of Bungie's is missing; the list that is returned fills with those asked for."""
    asked: list[str] = []

    def missing(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=404, content_type="text/html", body="<h1>404</h1>")

    page.route(lambda address: not address.startswith(site), missing)
    return asked


def test_broken_icons_give_way_to_the_drawing(vault: Page, watch: Watch, live_server: str) -> None:
    watch.expected.append("404")
    asked = break_icons(vault, live_server)
    vault.reload()
    vault.evaluate(_SCROLL_TO_THE_END)
    assert len(asked) > 50
    icons = vault.locator("[data-item-hash] > img:first-child")
    wait_in(vault, lambda: icons.evaluate_all(_UNLOADED) == 0, "every tile has a picture")
    replaced = vault.locator("[data-item-hash] > img.is-missing:first-child")
    assert replaced.count() > 50
    assert replaced.first.evaluate("(image) => image.src").startswith(f"{live_server}/static/img/placeholder.svg")
    assert vault.locator(".wm.is-missing:visible").count() == 0
    assert watch.troubles == []


def test_items_without_an_icon_show_the_drawing_at_once(vault: Page, live_server: str) -> None:
    for words, drawing in (("Unknown item", "unknown"), ("Classified", "classified")):
        icon = vault.locator(f"[data-item-hash][aria-label^='{words}'] img").first
        icon.scroll_into_view_if_needed()
        wait_in(vault, lambda icon=icon: icon.evaluate("(image) => image.naturalWidth") > 0, f"{words} has a drawing")
        assert icon.get_attribute("src").startswith(f"/static/img/{drawing}.svg")


def test_without_scripts_a_broken_icon_is_covered_by_the_drawing(
    open_browser: OpenBrowser, live_server: str, sandbox: SandboxServer, player_id: str
) -> None:
    page, judge = open_browser(java_script_enabled=False).new_page(), open_browser().new_page()
    begin_to_sign_in(page, live_server)
    sandbox.app.state.faults.set(status_502_html="*.[jps][npv]g")
    pick(page, live_server, player_id)  # without scripts no picture is lazy: when the page has loaded, all have failed
    icons = page.locator("a[data-item-id] > img:first-child")
    broken = icons.nth(icons.evaluate_all("(all) => all.findIndex((image) => image.complete && !image.naturalWidth)"))
    covered = judge.evaluate(_COLOURS, base64.b64encode(broken.screenshot()).decode())
    page.evaluate("document.styleSheets[0].insertRule('.tile img::after { display: none !important }')")
    bare = judge.evaluate(_COLOURS, base64.b64encode(broken.screenshot()).decode())
    assert covered != bare
    assert len(covered) >= 4


@pytest.mark.parametrize("width", [390, 1440])
def test_only_pictures_near_the_screen_are_asked_for(
    open_browser: OpenBrowser, live_server: str, player_id: str, width: int
) -> None:
    page = open_browser(width).new_page()
    asked: set[str] = set()
    sign_in(page, live_server, player_id)
    page.goto("about:blank")
    page.on("request", lambda request: asked.add(request.url) if request.resource_type == "image" else None)
    page.goto(f"{live_server}/vault", wait_until="networkidle")
    sources = set(page.locator("[data-item-hash] img").evaluate_all("(images) => images.map((image) => image.src)"))
    at_first = len(asked & sources)
    below = page.locator("[data-item-hash] img").evaluate_all(
        "(images) => images.filter((image) => image.getBoundingClientRect().top > 4000).length"
    )
    assert at_first > 5
    if below > 20:
        assert at_first < 0.8 * len(sources)
    page.evaluate(_SCROLL_TO_THE_END)
    wait_in(page, lambda: asked >= sources, "the rest is asked for on the way down")


def test_every_picture_of_a_tile_knows_its_size_before_it_comes(vault: Page) -> None:
    images = vault.locator("main img")
    assert images.count() > 300
    unsized = "(all) => all.filter((image) => !(image.hasAttribute('width') && image.hasAttribute('height'))).length"
    assert images.evaluate_all(unsized) == 0
    assert vault.locator("[data-item-hash] img:not([loading=lazy])").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_while_pictures_arrive(
    open_browser: OpenBrowser, live_server: str, sandbox: SandboxServer, player_id: str, width: int
) -> None:
    context = open_browser(width)
    context.add_init_script(_COUNT_SHIFTS)
    page = context.new_page()
    sign_in(page, live_server, player_id)
    sandbox.app.state.faults.set(latency_s={"/common/*": 0.05, "/img/*": 0.05})
    page.reload(wait_until="commit")
    page.wait_for_load_state("load")
    page.evaluate(_SCROLL_TO_THE_END)
    icons = page.locator("[data-item-hash] > img:first-child")
    wait_in(page, lambda: icons.evaluate_all(_UNLOADED) == 0, "every picture has come")
    shifts = page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) < 0.05, shifts
