"""What a link in a mail proves: signed, for one purpose, good for some hours, worthless once the account changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer
from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.services.clock import Clock


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a link is good for, and how long. A token of one purpose is worthless for another."""

    name: str
    lifetime: timedelta


CONFIRM = Purpose("confirm a mail address", timedelta(hours=24))
RESET = Purpose("set a new password", timedelta(hours=1))


class MailLinks:
    """The tokens of one purpose."""

    def __init__(self, session: scoped_session[Session], secret: str, clock: Clock, purpose: Purpose) -> None:
        self._session = session
        self._clock = clock
        self._lifetime = purpose.lifetime
        self._signer = Signer(secret, salt=purpose.name, digest_method=hashlib.sha256)

    def token(self, user: User) -> str:
        until = int((self._clock() + self._lifetime).timestamp())
        return self._signer.sign(f"{user.id}.{until}.{_print(user)}").decode()

    def owner(self, token: str) -> User | None:
        """Whose token it is; None when it is forged, too old, or the account is not what it was."""
        try:
            user_id, until, fingerprint = self._signer.unsign(token).decode().split(".")
        except (BadSignature, ValueError):
            return None
        user = self._session.get(User, int(user_id))
        is_in_time = self._clock() < datetime.fromtimestamp(int(until), UTC)
        return user if user is not None and is_in_time and fingerprint == _print(user) else None


def _print(user: User) -> str:
    """Changes with the address, the password and the confirmation: a used token does not fit any more."""
    text = f"{user.email}\0{user.password_hash}\0{user.email_confirmed_at}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
