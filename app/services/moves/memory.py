"""What has been read stays read, where nobody else writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session, scoped_session


@contextmanager
def remembering(session: scoped_session[Session]) -> Iterator[None]:
    """A commit does not make the session read everything anew that it has in hand; a rollback still does."""
    here = session()
    forgets, here.expire_on_commit = here.expire_on_commit, False
    try:
        yield
    finally:
        here.expire_on_commit = forgets
