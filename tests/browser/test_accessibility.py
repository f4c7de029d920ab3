"""axe-core finds nothing serious on any page, on a phone and on a desk."""

from __future__ import annotations

import pytest
import redis
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from app.extensions import db
from app.manifest.difference import Difference
from app.sandbox import SandboxServer
from app.services.manifest_changes import ChangeLog
from app.wiring import services as services_of_current_app
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import begin_to_sign_in, journey, pick, sign_in

pytestmark = pytest.mark.usefixtures("definitions")

PASSWORD = "a long enough password"
# Text outside of landmarks is never told as more than moderate, and is what takes longest to look for after contrast.
_OPTIONS = {"resultTypes": ["violations"], "rules": {"region": {"enabled": False}}}


def serious(page: Page) -> list[str]:
    """Each issue that keeps somebody from using the page, with the first places where it is."""
    found = Axe().run(page, options=_OPTIONS).response["violations"]
    return [
        f"{issue['id']} at {[node['target'] for node in issue['nodes'][:5]]}: {issue['nodes'][0]['html'][:200]}"
        for issue in found
        if issue["impact"] in {"serious", "critical"}
    ]


def test_the_visit_of_a_player_on_a_phone(open_browser: OpenBrowser, live_server: str, player_id: str) -> None:
    """On a desk every page is looked at by test_every_page."""
    page = open_browser(390).new_page()
    found = {stop: serious(page) for stop in journey(page, live_server, player_id)}
    assert {stop: issues for stop, issues in found.items() if issues} == {}


def test_pages_for_anybody(page: Page, live_server: str) -> None:
    found = {}
    for path in ("/login", "/styleguide", "/no/such/page", "/callback/bungie?error=access_denied"):
        page.goto(live_server + path)
        found[path] = serious(page)
    assert {path: issues for path, issues in found.items() if issues} == {}


@pytest.mark.usefixtures("definitions")
@pytest.mark.parametrize("width", [390, 1440])
def test_the_item_database(open_browser: OpenBrowser, live_server: str, width: int) -> None:
    page, found = open_browser(width).new_page(), {}
    for path in ("/database?q=exotic&element=arc", "/database?q=zzz", "/database/347366834", "/database/1"):
        page.goto(live_server + path)
        found[path] = serious(page)
    assert {path: issues for path, issues in found.items() if issues} == {}


@pytest.mark.parametrize("width", [390, 1440])
def test_what_changed_in_the_games_data(open_browser: OpenBrowser, app: Flask, live_server: str, width: int) -> None:
    page, difference = open_browser(width).new_page(), Difference()
    page.goto(f"{live_server}/database/changes")
    found = {"empty": serious(page)}
    for each in range(100):
        difference.note(each, None, {"n": f"Newcomer {each}", "t": "Hand Cannon"})
    with app.app_context():
        log = ChangeLog(db.session, services_of_current_app().clock)  # type: ignore[arg-type]
        log.prepare("build", ("one", "two"), difference)
        log.settle("build")
    page.reload()
    assert page.locator("[data-item-hash]").count() == 60
    found["full"] = serious(page)
    assert {state: issues for state, issues in found.items() if issues} == {}


@pytest.mark.parametrize("bucket", [1498876634, 3448274439], ids=["weapon", "armor"])
def test_an_item_with_everything_unfolded(vault: Page, bucket: int) -> None:
    vault.locator(f"section[data-bucket='{bucket}'] a[data-item-id].is-masterwork").first.click()
    vault.locator("#item-dialog #item-name").wait_for()
    vault.locator("#item-dialog details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
    assert serious(vault) == []


def test_the_vault_as_icons_only(vault: Page) -> None:
    vault.locator("#compact").check()
    assert serious(vault) == []


def test_the_page_of_a_player_of_whom_nothing_is_known(
    page: Page, live_server: str, sandbox: SandboxServer, player_id: str
) -> None:
    begin_to_sign_in(page, live_server)
    sandbox.app.state.faults.set(status_502_html=f"*/Profile/{player_id}/")
    pick(page, live_server, player_id)
    assert page.get_by_role("link", name="Try again").count() == 1
    assert serious(page) == []


def test_trouble_above_the_vault(vault: Page, live_server: str, sandbox: SandboxServer, redis_url: str) -> None:
    """Definitions are gone: a banner, and a vault of numbers."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    vault.goto(f"{live_server}/vault")
    assert vault.locator("[data-notice]").count() == 1
    assert serious(vault) == []


def test_a_mistyped_password(page: Page, live_server: str) -> None:
    page.goto(f"{live_server}/login")
    page.locator("input[name=name]").fill("zavala")
    page.locator("input[name=password]").fill("not it at all")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
    assert serious(page) == []


def test_the_pages_of_an_admin(page: Page, app: Flask, live_server: str) -> None:
    with app.app_context():
        services_of_current_app().staff.create("zavala", PASSWORD, "admin")
        services_of_current_app().manifest.refresh(trigger="test")
    page.goto(f"{live_server}/login?next=/updateManifest")
    page.locator("input[name=name]").fill("zavala")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{live_server}/updateManifest")
    assert serious(page) == []
    page.get_by_role("link", name="Game data").click()
    page.wait_for_url(f"{live_server}/admin/manifest")
    assert page.locator("table tbody tr").count() >= 1
    assert serious(page) == []


def test_two_accounts_to_choose_from(page: Page, live_server: str, sandbox: SandboxServer) -> None:
    crossroads = next(each for each in sandbox.app.state.players.values() if each.display_name == "Crossroads")
    sign_in(page, live_server, crossroads.membership_id)
    page.goto(f"{live_server}/account")
    assert page.locator(".choice").count() >= 1
    assert serious(page) == []
