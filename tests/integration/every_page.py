"""Every page that the site has, as one player who is an admin as well opens it, and what a look at it costs."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.extensions import db
from app.models import User
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.wiring import services as services_of_current_app
from tests.contracts.test_routes import EXAMPLES, browser_of, rules

# Leads to Bungie.net and back, or has an address only while somebody is on the way through it.
NO_PAGES = {"/callback/bungie"}


@dataclass(frozen=True)
class Look:
    """One answer: its status, the names on its tiles, its notices, and what it cost in seconds.

    `worked_s` is what the processor did for it. `waited_s` is what is left of the time after that and after waiting
    for a processor: the same on a busy machine and on an idle one.
    """

    status: int
    names: tuple[str, ...]
    notices: tuple[str, ...]
    waited_s: float
    worked_s: float


def look(client: FlaskClient, path: str) -> Look:
    began, busy, worked = time.perf_counter(), _own_s(), time.thread_time()
    answer = client.get(path)
    worked_s = time.thread_time() - worked
    waited_s = time.perf_counter() - began - (_own_s() - busy)
    page = BeautifulSoup(answer.text, "lxml") if answer.mimetype == "text/html" else BeautifulSoup("", "lxml")
    names = sorted(tile.get_text(" ", strip=True) for tile in page.select("[data-item-hash]"))
    notices = tuple(str(each["data-notice"]) for each in page.select("[data-notice]"))
    return Look(answer.status_code, tuple(names), notices, max(0.0, waited_s), worked_s)


def _own_s() -> float:
    """Seconds that this thread has worked or has stood in line for a processor, as Linux counts them."""
    worked, stood, _ = Path("/proc/thread-self/schedstat").read_text().split()
    return (int(worked) + int(stood)) / 1e9


def admin_and_player(app: Flask, player: Player, sandbox: SandboxServer) -> FlaskClient:
    with app.app_context():
        use_cases = services_of_current_app()
        user_id = use_cases.accounts.connect(sandbox.app.state.grants.new_code(player.bungie_id))
        db.session.execute(update(User).values(role="admin"))
        db.session.commit()
    return browser_of(app, user_id)


def every_page(app: Flask, client: FlaskClient) -> list[str]:
    """The address of every route that can be read, with what this player owns in it."""
    vault = BeautifulSoup(client.get("/vault").text, "lxml")
    tile = vault.select("[data-store=vault] [data-item-id]")[0]
    overview = BeautifulSoup(client.get("/characters").text, "lxml")
    character = str(overview.select("[data-character]")[0]["data-character"])
    item_hash, item = str(tile["data-item-hash"]), str(tile["data-item-id"])
    known = EXAMPLES | {"character_id": character, "instance_id": item, "item_hash": item_hash}
    known["run_id"] = _latest_run(app)
    move = f"/moves/plan?item={item}&from=vault&to={character}&quantity=1&equip=0"
    beside = {
        "/compare": f"/compare?item={item}", "/infuse": f"/infuse?item={item}", "/moves/plan": move,
        "/moves/select": f"/moves/select?item={item}", "/vault": "/vault?q=is:weapon", "/database": "/database?q=a",
    }  # fmt: skip
    paths = {
        rule.rule: re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: known[found[1]], rule.rule)
        for rule in rules(app)
        if "GET" in (rule.methods or ()) and rule.rule not in NO_PAGES
    }
    return ["/vault", *(paths | {rule: path for rule, path in beside.items() if rule in paths}).values()]


def _latest_run(app: Flask) -> str:
    with app.app_context():
        runs = services_of_current_app().manifest.runs(1)
        return runs[0].id if runs else EXAMPLES["run_id"]
