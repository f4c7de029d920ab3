"""A forgotten password, replaced by whoever reads the mails of the account. No answer tells who has an account."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.services.credentials import Credentials
from app.services.signed_links import MailLinks


class PasswordReset:
    def __init__(self, session: scoped_session[Session], credentials: Credentials, links: MailLinks) -> None:
        self._session = session
        self._credentials = credentials
        self._links = links

    def addressee(self, email: str) -> int:
        """The user whose mail address this is; 0, which is nobody's id, when a link would be of no use to them."""
        user = self._session.scalar(select(User).where(User.email == email.strip().casefold()))
        return user.id if user is not None and _may_reset(user) else 0

    def is_good(self, token: str) -> bool:
        return self._owner(token) is not None

    def reset(self, token: str, password: str) -> int | None:
        """Sets the password and ends every session of the token's owner; their id, or None when the token is no good.

        Raises StaffError with a sentence for a password that will not do; the token stays good then.
        """
        user = self._owner(token)
        if user is None:
            return None
        self._credentials.replace(user, password, "by a link in a mail")
        return user.id

    def _owner(self, token: str) -> User | None:
        user = self._links.owner(token)
        return user if user is not None and _may_reset(user) else None


def _may_reset(user: User) -> bool:
    return user.is_active and user.email_confirmed_at is not None and bool(user.password_hash)
