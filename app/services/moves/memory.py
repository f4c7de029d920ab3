"""What has been read or written stays known, where nobody else writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import Session, make_transient_to_detached, scoped_session

from app.models import MoveBatch
from app.models.base import Base


@contextmanager
def remembering(session: scoped_session[Session]) -> Iterator[None]:
    """A commit does not make the session read everything anew that it has in hand; a rollback still does."""
    here = session()
    forgets, here.expire_on_commit = here.expire_on_commit, False
    try:
        yield
    finally:
        here.expire_on_commit = forgets


def put_down(session: scoped_session[Session], batch: MoveBatch) -> None:
    """Writes a new batch and its orders at once, a third of the work of a flush, and has them in hand afterwards."""
    batch.id = _inserted(session, batch)
    for order in batch.orders:
        order.batch_id = batch.id
        order.id = _inserted(session, order)
        make_transient_to_detached(order)
    make_transient_to_detached(batch)
    session.add(batch)


def _inserted(session: scoped_session[Session], row: Base) -> int:
    statement, defaults = _insert_into(type(row))
    for name, usual in defaults.items():
        if getattr(row, name) is None:
            setattr(row, name, usual)
    values = {name: getattr(row, name) for name in defaults}
    return int(session.execute(statement, values).inserted_primary_key[0])  # type: ignore[attr-defined]


@cache
def _insert_into(kind: type[Base]) -> tuple[Insert, dict[str, Any]]:
    """The statement, and what each column holds where nothing is said."""
    table = cast("Table", kind.__table__)
    usual = {each.key: getattr(each.default, "arg", None) for each in table.columns if not each.primary_key}
    return insert(table), usual
