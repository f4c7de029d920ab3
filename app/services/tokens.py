"""Players' tokens: kept sealed, refreshed in time, and refreshed once however many requests ask.

The lease that makes it once is a column taken by one atomic UPDATE. It works the same on SQLite and PostgreSQL, between
threads, processes and machines, and does not depend on Redis being there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, scoped_session

from app.bungie.errors import BungieError, GrantRevoked, Maintenance, Throttled, Unavailable
from app.bungie.http import Deadline
from app.bungie.oauth import TokenPair
from app.models import BungieAccount
from app.services.audit import AuditService, Kind
from app.services.clock import Clock
from app.services.sealing import Sealer, SealError

log = logging.getLogger(__name__)

REFRESH_BEFORE = timedelta(minutes=5)
_LEASE = timedelta(seconds=20)
_POLL_S = 0.05
_ACCESS, _REFRESH = "access", "refresh"
# Asked with every answer of Bungie's, so it is put together once.
_IS_THERE = select(BungieAccount.id).where(BungieAccount.id == bindparam("of"))
_UNREADABLE = "what we keep of it cannot be opened"


class RefreshesTokens(Protocol):
    def refresh(self, refresh_token: str, deadline: Deadline | None = None) -> TokenPair: ...


class TokenService:
    """Gives out valid access tokens. Sessions are committed before every wait, so no lock is held across a call."""

    def __init__(
        self,
        session: scoped_session[Session],
        oauth: RefreshesTokens,
        sealer: Sealer,
        audit: AuditService,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._session = session
        self._oauth = oauth
        self._sealer = sealer
        self._audit = audit
        self._clock = clock
        self._sleep = sleep

    def store(self, account: BungieAccount, pair: TokenPair) -> None:
        """Puts a new pair into the row; the caller commits."""
        now = self._clock()
        account.access_token = self._seal(account, _ACCESS, pair.access_token)
        account.refresh_token = self._seal(account, _REFRESH, pair.refresh_token)
        account.key_id = self._sealer.key_id
        account.access_ends_at = now + timedelta(seconds=pair.access_expires_in_s)
        account.refresh_ends_at = now + timedelta(seconds=pair.refresh_expires_in_s)
        account.needs_reconnect = False
        account.token_version = (account.token_version or 0) + 1
        account.lease_until = None

    def access_token(self, account_id: int, deadline: Deadline, *, refused: str = "") -> str:
        """A token that is good for the next minutes; `refused` is one that Bungie has just turned down.

        Raises GrantRevoked when only the player can help, other BungieErrors when Bungie cannot answer now.
        """
        while deadline.remaining_s() > 0:
            account = self._load(account_id)
            token = self._usable(account, refused)
            if token:
                return token
            if self._take_lease(account):
                return self._refresh(account, refused, deadline)
            self._sleep(_POLL_S)
        raise Unavailable("another request is still refreshing this token")

    def is_connected(self, account_id: int) -> bool:
        """Whether the account's row is still there, as other processes see it now."""
        self._session.commit()
        return self._session.scalar(_IS_THERE, {"of": account_id}) is not None

    def forget(self, account: BungieAccount, why: str) -> None:
        """Marks the grant as lost: the tokens are worthless and the player has to connect again. The caller commits."""
        self._audit.record(Kind.GRANT_LOST, account.user_id, why)
        account.access_token = account.refresh_token = ""
        account.needs_reconnect = True
        account.lease_until = None

    def rotate(self) -> int:
        """Seals every stored pair with the first key; returns how many rows were changed. A broken row is lost."""
        changed = 0
        for account in self._session.scalars(self._stale_rows()).all():
            try:
                pair = [(kind, self._open(account, kind)) for kind in (_ACCESS, _REFRESH)]
            except SealError:
                self.forget(account, _UNREADABLE)
            else:
                account.access_token, account.refresh_token = (self._seal(account, kind, text) for kind, text in pair)
            account.key_id = self._sealer.key_id
            changed += 1
        self._session.commit()
        return changed

    def waiting_for_rotation(self) -> int:
        """How many rows are still sealed with an older key."""
        return len(self._session.scalars(self._stale_rows()).all())

    def _stale_rows(self) -> Select[BungieAccount]:
        return select(BungieAccount).where(BungieAccount.key_id != self._sealer.key_id)

    def _load(self, account_id: int) -> BungieAccount:
        self._session.commit()  # see what other processes have committed since
        account = self._session.get(BungieAccount, account_id, populate_existing=True)
        if account is None or account.needs_reconnect:
            raise GrantRevoked("no grant is stored")
        return account

    def _usable(self, account: BungieAccount, refused: str) -> str:
        if account.access_ends_at - self._clock() <= REFRESH_BEFORE:
            return ""
        token = self._open_or_forget(account, _ACCESS)
        return "" if token == refused else token

    def _take_lease(self, account: BungieAccount) -> bool:
        now = self._clock()
        free = or_(BungieAccount.lease_until.is_(None), BungieAccount.lease_until < now)
        taken = self._session.execute(
            update(BungieAccount)
            .where(BungieAccount.id == account.id, BungieAccount.token_version == account.token_version, free)
            .values(lease_until=now + _LEASE)
            .execution_options(synchronize_session=False)
        )
        self._session.commit()
        self._session.expire(account)  # also where a commit leaves what was read: the row has its lease now
        return isinstance(taken, CursorResult) and taken.rowcount == 1

    def _refresh(self, account: BungieAccount, refused: str, deadline: Deadline) -> str:
        refresh_token = self._open_or_forget(account, _REFRESH)
        try:
            pair = self._oauth.refresh(refresh_token, deadline)
        except GrantRevoked:
            self.forget(account, "Bungie.net refused to renew it")
            self._session.commit()
            raise
        except BungieError as error:
            return self._make_do(account, refused, error)
        self.store(account, pair)
        self._session.commit()
        return pair.access_token

    def _make_do(self, account: BungieAccount, refused: str, error: BungieError) -> str:
        """After a failed refresh: the old token while it lasts. No answer of this kind costs the grant."""
        failed = {"kind": type(error).__name__, "code": error.code, "status": error.status, "user_id": account.user_id}
        # Waiting helps against these two; the rest wants somebody to look.
        expected = isinstance(error, Maintenance | Throttled)
        log.log(logging.WARNING if expected else logging.ERROR, "a refresh failed, the grant is kept", extra=failed)
        account.lease_until = None
        self._session.commit()
        token = self._open_or_forget(account, _ACCESS)
        if account.access_ends_at > self._clock() and token != refused:
            return token
        raise error

    def _open_or_forget(self, account: BungieAccount, kind: str) -> str:
        try:
            return self._open(account, kind)
        except SealError:
            self.forget(account, _UNREADABLE)
            self._session.commit()
            raise GrantRevoked("the stored grant cannot be opened") from None

    def _open(self, account: BungieAccount, kind: str) -> str:
        sealed = account.access_token if kind == _ACCESS else account.refresh_token
        return self._sealer.open(sealed, owner=account.membership_id, purpose=kind)

    def _seal(self, account: BungieAccount, kind: str, text: str) -> str:
        return self._sealer.seal(text, owner=account.membership_id, purpose=kind)
