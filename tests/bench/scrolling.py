"""How a table of 1,000 rows feels on a phone with a slow processor: until it stands there, and while it is scrolled.

The site answers in this process with a recorded profile; the browser has all of the rows in one page.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app.cli.demo.ports import free_port
from tests.bench.figure import Figure
from tests.bench.organizer import thousand_rows
from tests.bench.vault import Bench
from tests.fixtures.browser import ARGUMENTS
from tests.fixtures.programs import find_chromium

_SLOWER = 4
_PHONE = {"width": 390, "height": 844}
_STEPS, _STEP_PX = 150, 80
# The time between frames while the table is scrolled by script, as a quick finger does: a step a frame.
_SCROLL = """async ([steps, px]) => {
    const box = document.querySelector(".sheet-box"), times = [];
    let before = await new Promise(requestAnimationFrame);
    for (let step = 0; step < steps; step++) {
        box.scrollTop += px;
        const now = await new Promise(requestAnimationFrame);
        times.push(now - before);
        before = now;
    }
    return times;
}"""
_STOOD_THERE = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()"


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis."""
    chromium = find_chromium()
    if chromium is None:
        return []
    bench = Bench(thousand_rows(world), "scrolled", redis_url, folder, profile_ttl_s=3600)
    bench.client.get("/organizer")
    with _serving(bench) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        context = browser.new_context(viewport=_PHONE)  # type: ignore[arg-type]
        name = bench.app.config["SESSION_COOKIE_NAME"]
        cookie = bench.client.get_cookie(name)
        assert cookie
        context.add_cookies([{"name": name, "value": cookie.value, "url": site}])
        figures = _look(context.new_page(), site)
        browser.close()
    return figures


def _look(page: Page, site: str) -> list[Figure]:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(f"{site}/organizer")
    stood = page.evaluate(_STOOD_THERE)
    rows = page.locator(".sheet tbody tr").count()
    times = sorted(page.evaluate(_SCROLL, [_STEPS, _STEP_PX]))
    note = f"{rows} rows, 390 px, {_SLOWER}x slower processor"
    return [
        Figure("/organizer, first paint", stood, "ms", note=note),
        Figure("/organizer, scrolled, median frame", times[len(times) // 2], "ms", note="16.7 is every frame"),
        Figure("/organizer, scrolled, 95 of 100 frames within", times[len(times) * 95 // 100], "ms"),
    ]


@contextmanager
def _serving(bench: Bench) -> Iterator[str]:
    port = free_port()
    server = make_server("127.0.0.1", port, bench.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
