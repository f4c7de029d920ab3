"""The list of what happened: sign-ins, links, moves, admin acts. Written in the transaction of what it tells about."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.models import AuditEvent
from app.services.clock import Clock

log = logging.getLogger(__name__)
_LONGEST_DETAIL = 200


class Kind(StrEnum):
    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGNED_OUT = "signed out"
    SIGNED_OUT_EVERYWHERE = "signed out everywhere"
    CONNECTED = "account connected"
    DISCONNECTED = "account disconnected"
    LINK_REFUSED = "connection refused"
    GRANT_LOST = "permission lost"
    CHOSE_MEMBERSHIP = "membership chosen"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - a word, no password
    ROLE_CHANGED = "role changed"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    REGISTERED = "registered"
    MANIFEST_ASKED = "definitions asked for"
    MOVE_ASKED = "move asked for"
    EXPORTED = "data exported"
    LIMIT_HIT = "limit hit"


class AuditService:
    """`request_id` names the request that is being answered, "" outside of one."""

    def __init__(self, session: scoped_session[Session], clock: Clock, request_id: Callable[[], str]) -> None:
        self._session = session
        self._clock = clock
        self._request_id = request_id

    def record(self, kind: Kind, user_id: int | None, detail: str = "") -> None:
        """Adds one event and logs it; the caller commits."""
        request_id = self._request_id()
        self._session.add(
            AuditEvent(
                at=self._clock(),
                user_id=user_id,
                kind=kind.value,
                detail=detail[:_LONGEST_DETAIL],
                request_id=request_id,
            )
        )
        log.info(kind.value, extra={"user_id": user_id})

    def note(self, kind: Kind, user_id: int | None, detail: str = "") -> None:
        """Adds one event by itself, for what changes nothing in our tables."""
        self.record(kind, user_id, detail)
        self._session.commit()

    def latest(self, user_id: int, limit: int = 100) -> Sequence[AuditEvent]:
        """A person's newest events first."""
        query = select(AuditEvent).where(AuditEvent.user_id == user_id)
        return self._session.scalars(query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)).all()
