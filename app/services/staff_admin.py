"""What operators do to accounts with a password: list them, change roles and passwords, switch them off and on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.services.account_rules import StaffError, check_role, clean_name
from app.services.audit import AuditService, Kind
from app.services.credentials import Credentials, EndsSessions

_LAST_ADMIN = "This is the last active admin. Make somebody else an admin first."


class StaffAdmin:
    """Every change ends all sessions of the account: what was allowed before must be asked for again."""

    def __init__(
        self,
        session: scoped_session[Session],
        credentials: Credentials,
        sessions: EndsSessions,
        audit: AuditService,
    ) -> None:
        self._session = session
        self._credentials = credentials
        self._sessions = sessions
        self._audit = audit

    def everybody(self) -> Sequence[User]:
        """The accounts with a name, by name."""
        return self._session.scalars(select(User).where(User.name.is_not(None)).order_by(User.name)).all()

    def set_role(self, name: str, role: str) -> None:
        """Raises StaffError for an unknown name or role and for the last active admin."""
        check_role(role)
        user = self._locked(name)
        if role != "admin":
            self._keep_one_admin(user)
        self._audit.record(Kind.ROLE_CHANGED, user.id, f"{user.role} to {role}")
        user.role = role
        self._sessions.end_all(user.id)

    def set_password(self, name: str, password: str) -> None:
        """Raises StaffError for an unknown name and for a password that will not do."""
        self._credentials.replace(self._locked(name), password, "by an operator")

    def deactivate(self, name: str) -> None:
        """Nobody signs in to the account any more. Raises StaffError for an unknown name and the last active admin."""
        user = self._locked(name)
        self._keep_one_admin(user)
        user.is_active = False
        if user.email_confirmed_at is None:
            user.email = None  # the link that would confirm it would also open the account again
        self._audit.record(Kind.DEACTIVATED, user.id)
        self._sessions.end_all(user.id)

    def activate(self, name: str) -> None:
        """Raises StaffError for an unknown name."""
        user = self._locked(name)
        user.is_active = True
        self._audit.record(Kind.ACTIVATED, user.id)
        self._session.commit()

    def is_last_admin(self, user_id: int) -> bool:
        """Whether nobody could administrate the site without this person."""
        return [user.id for user in self._active_admins()] == [user_id]

    def _locked(self, name: str) -> User:
        self._active_admins()  # locked first, so that two admins cannot take each other's role at the same time
        user = self._session.scalar(select(User).where(User.name == clean_name(name)))
        if user is None:
            raise StaffError(f"There is no account named {clean_name(name)}.")
        return user

    def _keep_one_admin(self, user: User) -> None:
        if self.is_last_admin(user.id):
            raise StaffError(_LAST_ADMIN)

    def _active_admins(self) -> Sequence[User]:
        query = select(User).where(User.role == "admin", User.is_active).order_by(User.id)
        return self._session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
