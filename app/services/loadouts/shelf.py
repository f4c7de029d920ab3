"""Keeps the loadouts of players. Rows become values here; what belongs to somebody else is not found.

Whoever changes one takes the account's turn first: of changes in the same moment none is lost, and no limit is passed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, delete, func, select, update
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.sql.elements import ColumnElement

from app.inventory.loadouts.matching import held_ids
from app.inventory.loadouts.model import Build, Piece, Plug, tidy
from app.models import BungieAccount, Loadout
from app.services.clock import Clock
from app.services.sessions import Viewer

MOST_LOADOUTS = 200
_KEPT_AFTER_DELETION = timedelta(days=1)


class TooManyLoadouts(Exception):
    """There are MOST_LOADOUTS already."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A loadout as it is kept. Times are UTC."""

    public_id: str
    build: Build
    created_at: datetime
    updated_at: datetime


class Shelf:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def all(self, viewer: Viewer) -> list[Kept]:
        """Those that are not deleted, by name."""
        query = select(Loadout).where(*_of(viewer), Loadout.deleted_at.is_(None))
        return [_kept(row) for row in self._session.scalars(query.order_by(func.lower(Loadout.name), Loadout.id))]

    def holders(self, viewer: Viewer) -> dict[str, tuple[Build, ...]]:
        """By instance id the loadouts that hold a copy."""
        builds = {each.public_id: each.build for each in self.all(viewer)}
        held = held_ids({name: build.pieces for name, build in builds.items()})
        return {each: tuple(builds[name] for name in names) for each, names in held.items()}

    def held(self, account_id: int, membership_id: str) -> frozenset[str]:
        """The instance ids of every copy that a loadout of this game account holds."""
        own = (Loadout.account_id == account_id, Loadout.membership_id == membership_id)
        query = select(Loadout.pieces).where(*own, Loadout.deleted_at.is_(None))
        return frozenset(piece["id"] for pieces in self._session.scalars(query) for piece in pieces if piece["id"])

    def holding(self, viewer: Viewer, instance_id: str) -> list[Kept]:
        """Those that hold a copy, by name."""
        of_it = cast(Loadout.pieces, Text).contains(instance_id)  # may say too much; looked at below
        query = select(Loadout).where(*_of(viewer), Loadout.deleted_at.is_(None), of_it)
        found = map(_kept, self._session.scalars(query.order_by(func.lower(Loadout.name), Loadout.id)))
        return [each for each in found if instance_id in {piece.instance_id for piece in each.build.pieces}]

    def find(self, viewer: Viewer, public_id: str) -> Kept | None:
        row = self._row(viewer, public_id)
        return _kept(row) if row and row.deleted_at is None else None

    # --- changing ----------------------------------------------------------------------------------------------------

    def add(self, viewer: Viewer, build: Build) -> Kept:
        """Raises TooManyLoadouts."""
        return self.add_all(viewer, [build])[0]

    def add_all(self, viewer: Viewer, builds: Sequence[Build]) -> list[Kept]:
        """All or none. Raises TooManyLoadouts."""
        self._take_turn(viewer)
        self._forget_deleted(viewer)
        self._refuse_too_many(viewer, len(builds))
        now = self._clock()
        rows = [self._made(viewer, build, now) for build in builds]
        self._session.add_all(rows)
        self._session.commit()
        return [_kept(row) for row in rows]

    def change(self, viewer: Viewer, public_id: str, edit: Callable[[Build], Build]) -> Kept | None:
        """What `edit` makes of it as it is now. None when there is no such loadout of theirs."""
        self._take_turn(viewer)
        row = self._row(viewer, public_id)
        if row is None or row.deleted_at is not None:
            self._session.rollback()
            return None
        _fill(row, edit(_kept(row).build), self._clock())
        self._session.commit()
        return _kept(row)

    def delete(self, viewer: Viewer, public_id: str) -> bool:
        """It can be brought back for a day. False when there is no such loadout of theirs."""
        self._take_turn(viewer)
        row = self._row(viewer, public_id)
        is_there = row is not None and row.deleted_at is None
        if row and is_there:
            row.deleted_at = self._clock()
        self._session.commit()
        return is_there

    def restore(self, viewer: Viewer, public_id: str) -> bool:
        """Raises TooManyLoadouts. False when there is nothing to bring back."""
        self._take_turn(viewer)
        row = self._row(viewer, public_id)
        if row and row.deleted_at is not None:
            self._refuse_too_many(viewer, 1)
            row.deleted_at = None
        self._session.commit()
        return row is not None

    def _take_turn(self, viewer: Viewer) -> None:
        """Every other writer of this account's loadouts waits until this one commits or gives up."""
        self._session.rollback()
        account = update(BungieAccount).where(BungieAccount.id == (viewer.account_id or 0))
        self._session.execute(account.values(id=BungieAccount.id), execution_options={"synchronize_session": False})

    def _refuse_too_many(self, viewer: Viewer, more: int) -> None:
        query = select(func.count()).select_from(Loadout).where(*_of(viewer), Loadout.deleted_at.is_(None))
        if self._session.scalars(query).one() + more > MOST_LOADOUTS:
            self._session.rollback()
            raise TooManyLoadouts

    def _forget_deleted(self, viewer: Viewer) -> None:
        before = self._clock() - _KEPT_AFTER_DELETION
        self._session.execute(delete(Loadout).where(*_of(viewer), Loadout.deleted_at < before))

    def _made(self, viewer: Viewer, build: Build, now: datetime) -> Loadout:
        row = Loadout(
            public_id=secrets.token_urlsafe(12),
            account_id=viewer.account_id,
            membership_id=viewer.membership_id,
            created_at=now,
        )
        _fill(row, build, now)
        return row

    def _row(self, viewer: Viewer, public_id: str) -> Loadout | None:
        return self._session.scalars(select(Loadout).where(*_of(viewer), Loadout.public_id == public_id)).one_or_none()


def _of(viewer: Viewer) -> Sequence[ColumnElement[bool]]:
    return (Loadout.account_id == (viewer.account_id or 0), Loadout.membership_id == viewer.membership_id)


def _fill(row: Loadout, build: Build, now: datetime) -> None:
    row.name, row.class_type, row.notes = build.name, build.class_type, build.notes
    row.pieces = [_written(piece) for piece in tidy(build.pieces)]
    row.updated_at = now


def _written(piece: Piece) -> dict[str, Any]:
    plugs = [list(plug) for plug in piece.plugs]
    return {"hash": piece.item_hash, "id": piece.instance_id, "worn": piece.is_worn, "plugs": plugs}


def _kept(row: Loadout) -> Kept:
    pieces = tuple(_read(each) for each in row.pieces)
    return Kept(row.public_id, Build(row.name, row.class_type, row.notes, pieces), row.created_at, row.updated_at)


def _read(raw: dict[str, Any]) -> Piece:
    return Piece(raw["hash"], raw["id"], raw["worn"], tuple(Plug(*pair) for pair in raw["plugs"]))
