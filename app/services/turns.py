"""Who changes what a person keeps takes that person's turn: nothing done in one moment is lost, no limit is passed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import update
from sqlalchemy.orm import Session, scoped_session

from app.models import User


@contextmanager
def turn_of(session: scoped_session[Session], user_id: int) -> Iterator[None]:
    """Whoever else wants this person's turn waits until the block ends; what it has not committed is undone then."""
    session.rollback()
    person = update(User).where(User.id == user_id).values(id=User.id)
    session.execute(person, execution_options={"synchronize_session": False})
    try:
        yield
    finally:
        session.rollback()
