"""A run of the game data goes on before the eyes of whoever looks, and its page shows the end by itself."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.wiring import services
from tests.browser.conftest import OpenBrowser
from tests.integration.test_admin import PASSWORD, begin_run


@pytest.mark.parametrize("place", ["/admin/manifest", "/admin/manifest/{run}"])
def test_the_page_goes_on_without_a_reload_and_then_shows_the_end(
    app: Flask, live_server: str, open_browser: OpenBrowser, place: str
) -> None:
    with app.app_context():
        services().staff.create("zavala", PASSWORD, "admin")
    run_id, owner = begin_run(app)
    page = open_browser(width=390).new_page()
    page.goto(f"{live_server}/login")
    page.fill("[name=name]", "zavala")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto(live_server + place.format(run=run_id))
    page.evaluate("window.isTheSamePage = true")
    panel = page.locator("[data-run]")
    expect(panel).to_contain_text("12.3 MB")
    with app.app_context():
        manifest = services().manifest
        manifest._lock.tell(owner, {"stage": "en: switching", "bytes_downloaded": 20_000_000, "rows_read": 9000})
        expect(panel).to_contain_text("20.0 MB", timeout=5000)
        expect(panel).to_contain_text("Switching (en)")
        assert page.evaluate("window.isTheSamePage")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        run = manifest._runs.find(run_id)
        assert run
        manifest._runs.finish(run, [])
        manifest._lock.release(owner)
    expect(page.locator("main")).to_contain_text("Nothing new", timeout=5000)
    assert page.evaluate("window.isTheSamePage === undefined")
