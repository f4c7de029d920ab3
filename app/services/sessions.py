"""Signed-in browsers: started, recognised, listed, ended. The server decides; the cookie only carries a random name."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.orm import Session, scoped_session

from app.inventory.layout import Layout
from app.models import BungieAccount, LoginSession, User
from app.services.audit import AuditService, Kind
from app.services.clock import Clock
from app.services.new_items import Seen, seen_by
from app.services.permission import days_left
from app.services.preferences import kept_layout

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=20)
STAFF_IDLE = timedelta(minutes=30)

_TOUCH_EVERY = timedelta(minutes=1)
_KEEP_ENDED = timedelta(days=30)
# Asked by every page, so it is put together once: who it is, with the account shown or else the last connected one.
_OF_COOKIE = (
    select(LoginSession, User, BungieAccount)
    .join(User, User.id == LoginSession.user_id)
    .outerjoin(BungieAccount, BungieAccount.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("hash"), LoginSession.ended_at.is_(None), User.is_active)
    .order_by(case((BungieAccount.id == User.shown_account_id, 0), else_=1), BungieAccount.connected_at.desc())
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking, as read from the database for this request. `account_id` is None for staff without Bungie.

    `permission_days_left` is None while Bungie's permission lasts longer than a week. `layout` is what they have kept,
    `seen` what they have looked at before: every page of items needs both, and here they cost no further question.
    `annotations_version` is 0 until they tag something, and another after every change.
    """

    user_id: int
    session_id: int
    role: str
    name: str
    account_id: int | None = None
    membership_id: str = ""
    membership_type: int = 0
    needs_reconnect: bool = False
    permission_days_left: int | None = None
    language: str | None = None
    layout: Layout = field(default_factory=Layout)
    seen: Seen = field(default_factory=Seen)
    annotations_version: int = 0

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def has_vault(self) -> bool:
        return self.account_id is not None


class SessionService:
    def __init__(self, session: scoped_session[Session], audit: AuditService, clock: Clock) -> None:
        self._session = session
        self._audit = audit
        self._clock = clock

    def start(self, user_id: int, browser: str = "", how: str = "") -> str:
        """The secret name of a new session, for the cookie. `how` says by what one signed in, `browser` where."""
        self._audit.record(Kind.SIGNED_IN, user_id, ", ".join(filter(None, (how, browser))))
        return self._begin(user_id, browser)

    def renew(self, user_id: int, browser: str = "") -> str:
        """Ends every session of a person, this one too, and begins another: no older copy of a cookie is good."""
        self._end_all(user_id)
        return self._begin(user_id, browser)

    def recognise(self, token: str, *, extend: bool = True) -> Viewer | None:
        """The person behind a cookie, or None when the session is unknown, ended, too old, or the person is barred.

        Only what a person does (`extend`) keeps a session from idling out, not what a page asks in the background.
        """
        found = self._session.execute(_OF_COOKIE, {"hash": _hash(token)}).first()
        if found is None:
            return None
        login, user, account = found
        if not self._is_alive(login, user):
            return None
        if extend:
            self._touch(login)
        return self._viewer(login, user, account)

    def alive(self, user_id: int) -> tuple[LoginSession, ...]:
        """A person's sessions that still count, the latest used first."""
        user = self._session.get(User, user_id)
        open_ones = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        rows = self._session.scalars(open_ones.order_by(LoginSession.seen_at.desc()))
        return tuple(row for row in rows if user and self._is_alive(row, user))

    def sign_out(self, user_id: int, session_id: int) -> bool:
        """Ends one session of this person; False when it is not theirs or has ended before."""
        ended = self._session.execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
            .values(ended_at=self._clock())
            .returning(LoginSession.id)
        ).all()
        if ended:
            self._audit.record(Kind.SIGNED_OUT, user_id)
        self._session.commit()
        return bool(ended)

    def sign_out_everywhere(self, user_id: int) -> None:
        self._audit.record(Kind.SIGNED_OUT_EVERYWHERE, user_id)
        self.end_all(user_id)

    def end_all(self, user_id: int) -> None:
        """Ends every session of a person, for whoever changes a role or a password."""
        self._end_all(user_id)
        self._session.commit()

    def _begin(self, user_id: int, browser: str) -> str:
        token = secrets.token_urlsafe(32)
        now = self._clock()
        self._session.execute(
            delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.started_at < now - _KEEP_ENDED)
        )
        row = LoginSession(token_hash=_hash(token), user_id=user_id, browser=browser, started_at=now, seen_at=now)
        self._session.add(row)
        self._session.commit()
        return token

    def _end_all(self, user_id: int) -> None:
        self._session.execute(
            update(LoginSession)
            .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
            .values(ended_at=self._clock())
        )

    def _is_alive(self, login: LoginSession, user: User) -> bool:
        now = self._clock()
        idle = IDLE if user.role == "player" else STAFF_IDLE
        return now - login.seen_at < idle and now - login.started_at < ABSOLUTE

    def _touch(self, login: LoginSession) -> None:
        now = self._clock()
        if now - login.seen_at >= _TOUCH_EVERY:
            login.seen_at = now
            self._session.commit()

    def _viewer(self, login: LoginSession, user: User, account: BungieAccount | None) -> Viewer:
        layout = kept_layout(user)
        if account is None:
            return Viewer(user.id, login.id, user.role, user.name or "Staff", language=user.language, layout=layout)
        chosen = next((row for row in account.memberships if row.membership_id == account.chosen_membership_id), None)
        return Viewer(
            user_id=user.id,
            session_id=login.id,
            role=user.role,
            name=(chosen.name if chosen else "") or account.name or "Guardian",
            account_id=account.id,
            membership_id=chosen.membership_id if chosen else "",
            membership_type=chosen.membership_type if chosen else 0,
            needs_reconnect=account.needs_reconnect,
            permission_days_left=days_left(account, self._clock()),
            language=user.language,
            layout=layout,
            seen=seen_by(account),
            annotations_version=account.annotations_version,
        )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
