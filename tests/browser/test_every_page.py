"""Every page that the site has, full, empty and in trouble: axe finds nothing serious, and it fits every screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, update

from app.extensions import db
from app.models import ManifestRun, User
from app.sandbox import SandboxServer
from app.wiring import services as services_of_current_app
from config import Settings
from tests.browser.journey import sign_in, too_wide
from tests.browser.test_accessibility import serious
from tests.browser.watch import Watch
from tests.shared import ROOT

pytestmark = pytest.mark.usefixtures("definitions")

ROUTES = json.loads((ROOT / "tests" / "contracts" / "routes.json").read_text())
NOT_FOR_EYES = re.compile(r"^/api/|^/healthz$|^/readyz$|\.(?:atom|csv|json)$|^/(?:search|database|vendors)/words$")
ACCESS = {row["path"]: row["access"] for row in ROUTES if "GET" in row["methods"]}
LEADS_AWAY = {"/callback/bungie"}
PATHS = [path for path in ACCESS if path not in LEADS_AWAY and not NOT_FOR_EYES.search(path)]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A profile is asked for again on every page, so that trouble shows at once."""
    return replace(settings, profile_ttl_s=0)


def make_admin(app: Flask) -> str:
    """The only person of the site becomes one; the id of a run that an admin may look at."""
    with app.app_context():
        db.session.execute(update(User).values(role="admin"))
        db.session.commit()
        services_of_current_app().manifest.refresh(trigger="test")
        return str(db.session.scalars(select(ManifestRun.public_id)).first())


def filled(page: Page, site: str, run_id: str) -> dict[str, str]:
    """The path of every route, with the ids of what the player owns and has asked for."""
    page.goto(f"{site}/vault")
    tile = page.locator("a[data-item-id].is-masterwork").first
    item_hash, item = tile.get_attribute("data-item-hash"), tile.get_attribute("data-item-id")
    character = (page.locator("a.banner").first.get_attribute("href") or "").rsplit("/", 1)[-1]
    page.goto(f"{site}/items/{item}")
    plan = page.locator(".move-previews a").first.get_attribute("href")
    page.locator(".move-panel button[name=to]").first.click()
    page.wait_for_url(f"{site}/moves/*")
    known = {
        "character_id": character, "instance_id": item, "item_hash": item_hash, "run_id": run_id,
        "public_id": urlsplit(page.url).path.rsplit("/", 1)[-1], "vendor_hash": "2190858386", "piece": item,
    }  # fmt: skip
    paths = {path: re.sub(r"<(\w+)>", lambda found: str(known[found[1]]), path) for path in PATHS}
    beside = {path: f"{path}?item={item}" for path in ("/compare", "/infuse")}
    return paths | beside | {"/moves/plan": str(plan)}


def look(page: Page, site: str, paths: Iterable[str]) -> dict[str, list[str]]:
    """What is wrong with each of these pages."""
    found = {}
    for path in paths:
        page.goto(site + path)
        found[path] = serious(page) + too_wide(page)
    return {path: wrong for path, wrong in found.items() if wrong}


def test_full(page: Page, watch: Watch, app: Flask, live_server: str, player_id: str) -> None:
    sign_in(page, live_server, player_id)
    watch.expected.extend(["404", "400"])  # forms that a letter leads to, and what is switched off
    assert look(page, live_server, filled(page, live_server, make_admin(app)).values()) == {}
    assert watch.troubles == []


def test_empty(page: Page, app: Flask, live_server: str, sandbox: SandboxServer) -> None:
    newcomer = min(sandbox.app.state.players.values(), key=lambda player: player.item_count())
    sign_in(page, live_server, newcomer.membership_id)
    make_admin(app)
    assert look(page, live_server, [path for path in PATHS if "<" not in path and ACCESS[path] != "public"]) == {}


def test_in_trouble(page: Page, live_server: str, sandbox: SandboxServer, player_id: str) -> None:
    sign_in(page, live_server, player_id)
    paths = filled(page, live_server, "")
    sandbox.app.state.faults.set(maintenance="api")
    assert look(page, live_server, [paths[path] for path in PATHS if ACCESS[path] == "player"]) == {}
    page.goto(f"{live_server}/vault")
    assert page.locator("[data-notice=maintenance]").count() == 1
