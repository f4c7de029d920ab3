"""How many questions a page asks the database: few, and no more of them however much a player has kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.sandbox import SandboxServer
from app.wiring import Services
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")

# Who looks, which of their accounts, what was moved, wish lists, farming, and what the search box's menu has.
MOST = 6


@pytest.fixture
def visitor(live_server: str, sandbox: SandboxServer) -> Visitor:
    made = Visitor(live_server)
    made.sign_in(next(iter(sandbox.app.state.players)))
    return made


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        yield seen
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/vault", "/vault?view=together", "/characters"])
def test_a_page_asks_the_database_few_things(visitor: Visitor, app: Flask, services: Services, path: str) -> None:
    for number in range(20):
        services.searches.save(1, f"is:weapon power:>{number}", f"Search {number}")
        services.searches.remember(1, f"is:armor power:>{number}")
    visitor.page(path)
    with asked(app) as statements:
        page = visitor.page(path)
    assert "Search 19" in page.get_text()
    assert "is:armor power:>19" in page.get_text()
    assert len(statements) <= MOST, "\n".join(statements)
    assert len([each for each in statements if "searches" in each]) == 1
