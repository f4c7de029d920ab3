"""Farming mode: while somebody plays, the workers keep a few places of one character free, for a while."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.bungie.errors import BungieError, GrantRevoked, TokenRefused
from app.inventory.buckets import VAULT
from app.inventory.moves.farming import LEAST_SLOTS, MOST_SLOTS, makes_room
from app.inventory.moves.plan import VAULT_STORE
from app.inventory.moves.world import World
from app.models import Farming
from app.services.audit import AuditService, Kind
from app.services.clock import Clock
from app.services.moves.pictures import Pictures
from app.services.moves.reports import BatchReport
from app.services.moves.service import MoveRequest, MoveService
from app.services.sessions import Viewer

log = logging.getLogger(__name__)

STOPPED, OVER, RECONNECT, GONE = "stopped", "over", "reconnect", "gone"
# Nobody wants things to go on moving after they have stopped playing and forgotten about it.
LASTS = timedelta(hours=2)
# With the beat's own rhythm of 15 s no slot waits longer than a minute.
_LOOK_EVERY = timedelta(seconds=40)
# Asked by every page of a player's items, so it is put together once.
_UNDER_WAY = select(Farming.character_id, Farming.slots, Farming.ends_at).where(
    Farming.account_id == bindparam("of"), Farming.ended_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class FarmingReport:
    """`ended_at` None while it goes on, then `end_reason` is stopped, over, reconnect or gone. `moved` counts items."""

    public_id: str
    character_id: str
    slots: int
    ends_at: datetime
    checked_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    is_vault_full: bool
    moved: int


class FarmingService:
    def __init__(
        self,
        session: scoped_session[Session],
        moves: MoveService,
        pictures: Pictures,
        clock: Clock,
        audit: AuditService,
    ) -> None:
        self._session = session
        self._moves = moves
        self._pictures = pictures
        self._clock = clock
        self._audit = audit

    def start(self, viewer: Viewer, character_id: str, slots: int) -> bool:
        """Begins anew, also when one is under way. False for a character that is not the viewer's.

        Of two that are begun at the same moment one goes on.
        """
        profile = self._pictures.current(self._moves.draft(viewer), is_fresh=False).profile
        if profile.character(character_id) is None:
            return False
        self.stop(viewer)
        now = self._clock()
        self._session.add(
            Farming(
                public_id=secrets.token_urlsafe(12),
                account_id=viewer.account_id,
                membership_type=viewer.membership_type,
                membership_id=viewer.membership_id,
                character_id=character_id,
                slots=min(MOST_SLOTS, max(LEAST_SLOTS, slots)),
                started_at=now,
                ends_at=now + LASTS,
            )
        )
        self._audit.record(Kind.MOVE_ASKED, viewer.user_id, "farming")
        try:
            self._session.commit()
        except IntegrityError:  # the other one of two that came at once
            self._session.rollback()
        return True

    def stop(self, viewer: Viewer) -> None:
        """Also what it has ordered and nobody has begun is left where it is."""
        for row in self._session.scalars(self._active().where(Farming.account_id == viewer.account_id)).all():
            self._end(row, STOPPED)
            self._moves.cancel_farming(row.account_id, row.public_id)

    def under_way(self, viewer: Viewer) -> tuple[str, int] | None:
        """The character and how many places are kept free: one short query, for pages that show little of it."""
        row = self._session.execute(_UNDER_WAY, {"of": viewer.account_id}).one_or_none()
        return (row.character_id, row.slots) if row and self._clock() < row.ends_at else None

    def latest(self, viewer: Viewer) -> FarmingReport | None:
        """The one under way, or the last one. None when there never was one."""
        query = select(Farming).where(Farming.account_id == viewer.account_id).order_by(Farming.id.desc()).limit(1)
        row = self._session.scalars(query).one_or_none()
        return self._report(row) if row else None

    def undo(self, viewer: Viewer, public_id: str, key: str) -> BatchReport | None:
        """Brings back what one session has moved. None for somebody else's, and when there is nothing to bring back."""
        return self._moves.undo_farming(viewer, public_id, key)

    # --- for the workers ---------------------------------------------------------------------------------------------

    def due(self) -> list[int]:
        """Which sessions somebody has to look after now. Each is told to one asker only."""
        before = self._clock() - _LOOK_EVERY
        is_due = or_(Farming.checked_at.is_(None), Farming.checked_at < before)
        found = self._session.scalars(self._active().where(is_due)).all()
        return [row.id for row in found if self._claim(row.id, is_due)]

    def check(self, farming_id: int) -> int | None:
        """Orders what has to make room. Answers whose moves are to be gone on with, None when there are none."""
        row = self._session.get(Farming, farming_id, populate_existing=True)
        if row is None or row.ended_at is not None:
            return None
        if self._clock() >= row.ends_at:
            self._end(row, OVER)
            return None
        try:
            return self._make_room(row)
        except (GrantRevoked, TokenRefused):
            self._end(row, RECONNECT)
            return None
        except BungieError as error:
            log.warning("farming could not look: %s", type(error).__name__)
            return None

    def _make_room(self, row: Farming) -> int | None:
        if self._moves.is_busy(row.account_id):
            return None  # what is under way changes the picture; there is another look in a minute
        draft = self._moves.draft(row)
        picture = self._pictures.current(draft, is_fresh=True)
        if picture.profile.character(row.character_id) is None:
            self._end(row, GONE)
            return None
        world = World(picture.profile, picture.definitions)
        row.is_vault_full = world.free(VAULT_STORE, VAULT) <= 0
        self._session.commit()
        wishes = makes_room(world, self._pictures.preferences(draft, picture), row.character_id, row.slots)
        if not wishes or not self._goes_on(row.id):
            return None
        self._moves.order_for_farming(row, [MoveRequest(wish) for wish in wishes])
        return row.account_id

    def _goes_on(self, farming_id: int) -> bool:
        """Asked last, and held until the orders are written: looking takes its time, and it may have been ended."""
        is_on = update(Farming).where(Farming.id == farming_id, Farming.ended_at.is_(None))
        held = self._session.execute(
            is_on.values(checked_at=self._clock()).execution_options(synchronize_session=False)
        )
        goes_on = isinstance(held, CursorResult) and held.rowcount == 1
        if not goes_on:
            self._session.rollback()
        return goes_on

    def _end(self, row: Farming, reason: str) -> None:
        row.ended_at, row.end_reason = self._clock(), reason
        self._session.commit()

    def _claim(self, farming_id: int, is_due: object) -> bool:
        claimed = self._session.execute(
            update(Farming)
            .where(Farming.id == farming_id, is_due)  # type: ignore[arg-type]
            .values(checked_at=self._clock())
            .execution_options(synchronize_session=False)
        )
        self._session.commit()
        return isinstance(claimed, CursorResult) and claimed.rowcount == 1

    def _active(self) -> Select[Farming]:
        return select(Farming).where(Farming.ended_at.is_(None)).order_by(Farming.id)

    def _report(self, row: Farming) -> FarmingReport:
        moved = self._moves.moved_by_farming(row.account_id, row.public_id)
        return FarmingReport(
            row.public_id, row.character_id, row.slots, row.ends_at, row.checked_at, row.ended_at, row.end_reason,
            row.is_vault_full, moved,
        )  # fmt: skip
