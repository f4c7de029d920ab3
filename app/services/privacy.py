"""What we keep about a person: handed over as plain values, and let go of completely at their word."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import redis
from sqlalchemy import Delete, RowMapping, delete, or_, select, text
from sqlalchemy.orm import Session, scoped_session

from app.models import Base, BungieAccount, DestinyMembership, User
from app.services.audit import AuditService, Kind

log = logging.getLogger(__name__)

# Never handed out: what would let the reader of a lost file act as the person.
_SECRETS = {"access_token", "refresh_token", "token_hash", "password_hash", "key_id", "lease_until", "token_version"}
_SECRET_ENDS = ("_token", "_secret")
# Words for readers instead of the names of tables.
_TITLES = {"login_sessions": "sessions", "audit_events": "activity", "manifest_runs": "definitions_asked_for"}


class CannotForgetError(Exception):
    """Redis does not answer, so a copy might stay behind. Nothing was deleted."""


class LastAdminError(Exception):
    """The only active admin cannot go: nobody could make another from the pages."""


class KeepsProfiles(Protocol):
    def export(self, membership_id: str) -> dict[str, Any] | None: ...
    def erase(self, membership_id: str) -> None: ...


class PrivacyService:
    def __init__(self, session: scoped_session[Session], profiles: KeepsProfiles, audit: AuditService) -> None:
        self._session = session
        self._profiles = profiles
        self._audit = audit

    def export(self, user_id: int) -> dict[str, Any]:
        """Everything stored about a person except secrets, as values that JSON knows.

        `person` is the row itself; every other name is a table's, with the rows that belong to the person, to what
        belongs to them, and so on. A table that is added later is handed out without anybody's doing.
        """
        self._audit.note(Kind.EXPORTED, user_id)
        kept = self._belongings(user_id)
        (person,) = kept.pop(User.__tablename__)
        told: dict[str, Any] = {_TITLES.get(name, name): [_told(row) for row in rows] for name, rows in kept.items()}
        for card in told[DestinyMembership.__tablename__]:
            card["profile"] = self._profiles.export(card["membership_id"])
        return {"person": _told(person)} | told

    def is_only_way_in(self, user_id: int, account_id: int) -> bool:
        """Whether nobody could sign in as this person any more without this Bungie account."""
        if self._session.get_one(User, user_id).password_hash:
            return False
        return {row.id for row in self._accounts(user_id)} == {account_id}

    def disconnect(self, user_id: int, account_id: int) -> bool:
        """Forgets one Bungie account of a person; False when it is not theirs. Raises CannotForgetError.

        Without another way in the person is forgotten too: what is left could be neither seen nor deleted by anybody.
        """
        account = self._session.get(BungieAccount, account_id)
        if account is None or account.user_id != user_id:
            return False
        if self.is_only_way_in(user_id, account_id):
            self.erase(user_id)
            return True
        bungie_id = account.membership_id
        self._let_go([account], delete(BungieAccount).where(BungieAccount.id == account_id))
        self._audit.note(Kind.DISCONNECTED, user_id, f"Bungie account {bungie_id}")
        return True

    def erase(self, user_id: int) -> None:
        """Deletes everything about a person. Raises CannotForgetError and LastAdminError; then nothing was deleted."""
        if self._is_last_admin(user_id):
            raise LastAdminError
        self._let_go(self._accounts(user_id), delete(User).where(User.id == user_id))
        log.info("a person was deleted at their word")

    def _let_go(self, accounts: Iterable[BungieAccount], statement: Delete) -> None:
        """Profiles first: while Redis does not answer, nothing may be half gone. The tables' cascades do the rest."""
        memberships = [card.membership_id for account in accounts for card in account.memberships]
        self._forget(memberships)
        self._session.execute(statement)
        self._session.commit()
        self._forget(memberships)  # a page may have stored one in between; the next one sees that the row is gone
        self._scrub()

    def _forget(self, memberships: Iterable[str]) -> None:
        try:
            for membership_id in memberships:
                self._profiles.erase(membership_id)
        except redis.RedisError:
            raise CannotForgetError from None

    def _scrub(self) -> None:
        """SQLite's write-ahead log would keep the deleted rows readable until it is written over."""
        if self._session.get_bind().dialect.name == "sqlite":
            self._session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            self._session.commit()

    def _is_last_admin(self, user_id: int) -> bool:
        admins = select(User.id).where(User.role == "admin", User.is_active)
        return set(self._session.scalars(admins)) == {user_id}

    def _belongings(self, user_id: int) -> dict[str, list[RowMapping]]:
        """By table the rows that foreign keys lead to from the person's own row."""
        found: dict[str, list[RowMapping]] = {}
        for table in Base.metadata.sorted_tables:  # a table comes after those that it refers to
            if table.name == User.__tablename__:
                owned = [table.c.id == user_id]
            else:
                keys = [key for key in table.foreign_keys if key.column.table.name in found]
                owned = [key.parent.in_([row[key.column.name] for row in found[key.column.table.name]]) for key in keys]
            if owned:
                query = select(table).where(or_(*owned)).order_by(*table.primary_key)
                found[table.name] = list(self._session.execute(query).mappings())
        return found

    def _accounts(self, user_id: int) -> list[BungieAccount]:
        query = select(BungieAccount).where(BungieAccount.user_id == user_id).order_by(BungieAccount.id)
        return list(self._session.scalars(query))


def _told(row: RowMapping) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items() if not _is_secret(str(name))}


def _is_secret(column: str) -> bool:
    return column in _SECRETS or column.endswith(_SECRET_ENDS)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
