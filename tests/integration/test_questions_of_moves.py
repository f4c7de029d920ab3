"""How often a move asks and writes the database: what it adds to Bungie's own time."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.inventory.moves.plan import VAULT_STORE, Wish
from app.sandbox.player import Player
from app.services.sessions import Viewer
from app.wiring import Services
from tests.integration.loadout_support import TITAN, carried

pytestmark = pytest.mark.usefixtures("definitions")

# Taking the turn with what was asked for; each step before it is asked; its end with everything that follows.
MOST_COMMITS = 4
MOST_STATEMENTS = 16


def test_a_move_of_one_step_takes_few_statements_and_fewer_commits(
    app: Flask, services: Services, viewer: Viewer, player: Player
) -> None:
    item = carried(player)[0]["itemInstanceId"]
    assert services.moves.order_one(viewer, "the-first-one", item, Wish(0, "", TITAN, VAULT_STORE))
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_more: seen.append(statement))
        event.listen(db.engine, "commit", lambda _connection: seen.append("COMMIT"))
        report = services.moves.order_one(viewer, "the-second-one", item, Wish(0, "", VAULT_STORE, TITAN))
    assert report
    assert (report.state, len(report.orders[0].steps)) == ("done", 1)
    assert seen.count("COMMIT") <= MOST_COMMITS, "\n".join(seen)
    assert len(seen) - seen.count("COMMIT") <= MOST_STATEMENTS, "\n".join(seen)
