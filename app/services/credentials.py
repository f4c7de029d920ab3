"""The passwords of accounts: tried at the same cost for everybody, and replaced with all that follows from it."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.services.account_rules import check_password
from app.services.audit import AuditService, Kind


class HashesPasswords(Protocol):
    def hash(self, password: str) -> str: ...
    def verify(self, password_hash: str, password: str) -> bool: ...
    def is_outdated(self, password_hash: str) -> bool: ...


class EndsSessions(Protocol):
    def end_all(self, user_id: int) -> None:
        """Ends every session of a person and commits."""
        ...


class Credentials:
    def __init__(
        self,
        session: scoped_session[Session],
        passwords: HashesPasswords,
        sessions: EndsSessions,
        audit: AuditService,
    ) -> None:
        self._session = session
        self._passwords = passwords
        self._sessions = sessions
        self._audit = audit

    def hash(self, password: str, name: str) -> str:
        """Of a new password for the account `name`; raises StaffError with a sentence for one that will not do."""
        check_password(password, name)
        return self._passwords.hash(password)

    def fit(self, user: User | None, password: str) -> bool:
        """Whether the password is this person's. It is nobody's, after the same time."""
        return self._passwords.verify(user.password_hash if user else "", password)

    def renew(self, user: User, password: str) -> None:
        """Stores the right password anew if it was hashed with less work than is asked for now."""
        if self._passwords.is_outdated(user.password_hash):
            user.password_hash = self._passwords.hash(password)
            self._session.commit()

    def replace(self, user: User, password: str, how: str = "") -> None:
        """Ends every session of the person. Raises StaffError with a sentence for a password that will not do."""
        user.password_hash = self.hash(password, user.name or "")
        self._audit.record(Kind.PASSWORD_CHANGED, user.id, how)
        self._sessions.end_all(user.id)
