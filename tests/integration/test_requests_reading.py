"""Looking changes nothing: every page as every role, and neither our tables nor Bungie's world are different after."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.sandbox import SandboxServer
from tests.contracts.test_routes import call, rules
from tests.contracts.test_routes import people as people  # noqa: PLC0414 - a fixture

# When a browser or the vault was last looked at is no act of a person; the list of events may note that somebody was
# refused.
_NOT_COUNTED = {"audit_events"}
_MOVING = {"seen_at", "seen_up_to", "newest_item", "looked_at"}


def tables(app: Flask) -> dict[str, list[list[Any]]]:
    """Every row of every table."""
    found = {}
    with app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name not in _NOT_COUNTED:
                columns = [column for column in table.columns if column.name not in _MOVING]
                rows = db.session.execute(select(*columns).order_by(*table.primary_key.columns)).all()
                found[table.name] = [list(row) for row in rows]
    return found


def world(sandbox: SandboxServer) -> str:
    """What every player owns, and how often something was asked that is no reading."""
    with sandbox.app.state.lock:
        owned = {key: player.item_count() for key, player in sandbox.app.state.players.items()}
        acts = [row for row in sandbox.app.state.requests.recent if row[0] != "GET"]
    return json.dumps([owned, acts])


def test_reading_every_page_as_everybody_changes_nothing(
    app: Flask, people: dict[str, FlaskClient], sandbox: SandboxServer
) -> None:
    before, before_there = tables(app), world(sandbox)
    assert sum(map(len, before.values())) >= 8
    read = 0
    for rule in rules(app):
        for method in {"GET", "HEAD", "OPTIONS"} & set(rule.methods or ()):
            for client in people.values():
                call(client, rule, method)
                read += 1
    assert read >= 100
    assert tables(app) == before
    assert world(sandbox) == before_there


def test_unsafe_routes_cannot_be_reached_by_reading(app: Flask, people: dict[str, FlaskClient]) -> None:
    """Only /login and /updateManifest share an address between a page that asks and a form that acts."""
    reading = {rule.rule for rule in rules(app) if "GET" in (rule.methods or ())}
    acting = [rule for rule in rules(app) if "POST" in (rule.methods or ()) and rule.rule not in reading]
    assert acting
    for rule in acting:
        for client in people.values():
            assert call(client, rule, "GET").status_code == 405
