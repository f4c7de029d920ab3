"""People with a name and a password: made, signed in, and the change of one's own password."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.services.account_rules import StaffError, check_role, checked_name, clean_name
from app.services.audit import AuditService, Kind
from app.services.clock import Clock
from app.services.credentials import Credentials


class StaffService:
    def __init__(
        self, session: scoped_session[Session], credentials: Credentials, audit: AuditService, clock: Clock
    ) -> None:
        self._session = session
        self._credentials = credentials
        self._audit = audit
        self._clock = clock

    def create(self, name: str, password: str, role: str, email: str | None = None) -> User:
        """A new account; whoever makes it vouches for the address.

        Raises StaffError with a sentence for a name, role or password that will not do.
        """
        name = checked_name(name)
        check_role(role)
        password_hash = self._credentials.hash(password, name)
        if self.find(name) is not None:
            raise StaffError(f"There is already an account named {name}.")
        now = self._clock()
        user = User(name=name, password_hash=password_hash, role=role, created_at=now)
        if email:
            user.email, user.email_confirmed_at = email.strip().casefold(), now
        self._session.add(user)
        self._session.commit()
        return user

    def authenticate(self, name: str, password: str) -> int | None:
        """The user's id, or None; a wrong name and a wrong password cost the same time and look the same."""
        user = self.find(clean_name(name))
        is_right = self._credentials.fit(user, password)
        if user is None or not is_right or not user.is_active:
            self._audit.note(Kind.SIGN_IN_FAILED, user.id if user else None, "password")
            return None
        self._credentials.renew(user, password)
        return user.id

    def has_password(self, user_id: int) -> bool:
        user = self._session.get(User, user_id)
        return user is not None and bool(user.password_hash)

    def change_password(self, user_id: int, current: str, new: str) -> bool:
        """False when `current` is wrong. Ends every session of the person, the one that asks too.

        Raises StaffError with a sentence for a new password that will not do.
        """
        user = self._session.get(User, user_id)
        if user is None or not self._credentials.fit(user, current):
            self._audit.note(Kind.SIGN_IN_FAILED, user_id, "change of password")
            return False
        self._credentials.replace(user, new)
        return True

    def find(self, name: str) -> User | None:
        return self._session.scalar(select(User).where(User.name == name))
