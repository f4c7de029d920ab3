"""How a table of 1,000 rows feels on a phone with a slow processor: until it stands there, and while it is scrolled.

The site answers in this process with a recorded profile; the browser has all of the rows in one page, and gets a
picture of the usual size for each. It is scrolled at once, while they come, and once more when they are there.
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app.cli.demo.ports import free_port
from tests.bench.figure import Figure
from tests.bench.organizer import thousand_rows
from tests.bench.vault import Bench
from tests.fixtures.browser import ARGUMENTS
from tests.fixtures.programs import find_chromium

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
_PICTURES = (".jpg", ".png")
_PICTURE_PX = 96
_QUIET_MS = 3000  # in which a player looks at the first rows
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
    with _serving(bench) as site, sync_playwright() as playwright:
        bench.client.get("/organizer")  # what is kept of the profile is warm from here on
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
    note = f"{rows} rows, 390 px, {_SLOWER}x slower processor"
    at_once = _scrolled(page, "/organizer, scrolled at once")
    page.goto(f"{site}/organizer")
    page.wait_for_timeout(_QUIET_MS)
    return [
        Figure("/organizer, first paint", stood, "ms", note=note),
        *at_once,
        *_scrolled(page, "/organizer, scrolled"),
    ]


def _scrolled(page: Page, name: str) -> list[Figure]:
    times = sorted(page.evaluate(_SCROLL, [_STEPS, _STEP_PX]))
    return [
        Figure(f"{name}, median frame", times[len(times) // 2], "ms", note="16.7 is every frame"),
        Figure(f"{name}, 95 of 100 frames within", times[len(times) * 95 // 100], "ms"),
    ]


@contextmanager
def _serving(bench: Bench) -> Iterator[str]:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    bench.app.config["IMAGE_ROOT"] = site
    server = make_server("127.0.0.1", port, _with_pictures(bench.app), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def _with_pictures(inner: WSGIApplication) -> WSGIApplication:
    """The same site, and below it every picture that its pages name."""
    picture = _png(_PICTURE_PX)
    headers = [("Content-Type", "image/png"), ("Content-Length", str(len(picture))), ("Cache-Control", "max-age=3600")]

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith(_PICTURES):
            return inner(environ, start)
        start("200 OK", headers)
        return [picture]

    return answer


def _png(side: int) -> bytes:
    """A picture without two equal rows, so that it has to be decoded like a drawn one."""
    rows = b"".join(bytes((0, *(x * y % 251 for x in range(side * 3)))) for y in range(side))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
