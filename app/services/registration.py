"""Accounts that people make for themselves, where the operator allows it. No answer tells whether a name is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.inventory.sentences import N_
from app.models import User
from app.services.account_rules import StaffError, checked_name
from app.services.audit import AuditService, Kind
from app.services.clock import Clock
from app.services.credentials import Credentials
from app.services.letters import Letter
from app.services.signed_links import CONFIRM, MailLinks

_ADDRESS = re.compile(r"[!-?A-~]+@[a-z0-9\-]+(\.[a-z0-9\-]+)+")
_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Rules:
    """Whether people may register, and whether they have to confirm a mail address (where mail is configured)."""

    is_open: bool
    needs_mail: bool


class RegistrationService:
    def __init__(
        self,
        session: scoped_session[Session],
        credentials: Credentials,
        links: MailLinks,
        audit: AuditService,
        clock: Clock,
        rules: Rules,
    ) -> None:
        self._session = session
        self._credentials = credentials
        self._links = links
        self._audit = audit
        self._clock = clock
        self.rules = rules

    def register(self, name: str, password: str, email: str = "") -> tuple[Letter, int] | None:
        """Makes the account if name and address are free; returns the letter to send, to which user's address.

        Raises StaffError with a sentence for what would not do for anybody. Whether a name or an address is taken
        changes neither the answer nor, but for a query, the time that it takes.
        """
        name = checked_name(name)
        address = _checked_address(email) if self.rules.needs_mail else None
        password_hash = self._credentials.hash(password, name)
        self._forget_the_unconfirmed(address)
        taken = self._session.scalar(select(User).where(User.email == address)) if address else None
        if taken is not None:
            self._session.commit()
            return Letter.ALREADY_REGISTERED, taken.id
        user = self._added(User(name=name, password_hash=password_hash, email=address, is_active=address is None))
        return (Letter.CONFIRM, user.id) if user is not None and address else None

    def is_good(self, token: str) -> bool:
        return self._links.owner(token) is not None

    def confirm(self, token: str, password: str) -> int | None:
        """Opens the account; None when token and password do not belong together.

        The password is asked for because an address may have been given by somebody else, with a password of theirs.
        """
        user = self._links.owner(token)
        if user is None or not self._credentials.fit(user, password):
            return None
        user.email_confirmed_at = self._clock()
        user.is_active = True
        self._audit.record(Kind.REGISTERED, user.id)
        self._session.commit()
        return user.id

    def _added(self, user: User) -> User | None:
        user.created_at = self._clock()
        user.role = "player"
        self._session.add(user)
        try:
            self._session.flush()
        except IntegrityError:  # the name is taken
            self._session.rollback()
            return None
        if user.is_active:
            self._audit.record(Kind.REGISTERED, user.id)
        self._session.commit()
        return user

    def _forget_the_unconfirmed(self, address: str | None) -> None:
        """Names and addresses that nobody confirmed in time are free again; another try replaces the one before."""
        stale = User.created_at < self._clock() - CONFIRM.lifetime
        self._session.execute(
            delete(User).where(
                ~User.is_active,
                User.email.is_not(None),
                User.email_confirmed_at.is_(None),
                or_(stale, User.email == address),
            )
        )


def _checked_address(email: str) -> str:
    address = email.strip().casefold()
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise StaffError(N_("This is no mail address."))
    return address
