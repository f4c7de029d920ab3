"""The mails of this site: which there are, what they say, and who may get them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.services.mail import Mailer
from app.services.signed_links import MailLinks

_FOOT = "\n\nVault Raider\n{site}\nNobody reads answers to this mail.\n"


class Letter(StrEnum):
    CONFIRM = "confirm"
    ALREADY_REGISTERED = "already registered"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - a word, no password
    RESET = "new password"


_SUBJECTS = {
    Letter.CONFIRM: "Confirm your mail address",
    Letter.ALREADY_REGISTERED: "You have an account already",
    Letter.PASSWORD_CHANGED: "Your password was changed",
    Letter.RESET: "Choose a new password",
}
_TEXTS = {
    Letter.CONFIRM: (
        "Somebody, hopefully you, made the account {name} with this address.\n\n"
        "Open this page within 24 hours and enter the password you chose:\n{site}/register/confirm?token={token}\n\n"
        "If it was not you, do nothing: the account is forgotten by itself."
    ),
    Letter.ALREADY_REGISTERED: (
        "Somebody, perhaps you, wanted to make an account with this address.\n"
        "There is one already; its name is {name}. Nothing was changed.\n\n"
        "If you have forgotten the password, choose a new one here:\n{site}/login/forgotten"
    ),
    Letter.PASSWORD_CHANGED: (
        "The password of your account {name} was changed, and every other browser was signed out.\n\n"
        "If it was not you, ask whoever runs the site to lock the account at once."
    ),
    Letter.RESET: (
        "Somebody, hopefully you, has forgotten the password of your account {name}.\n\n"
        "Open this page within an hour to choose a new one:\n{site}/login/reset?token={token}\n\n"
        "If it was not you, do nothing: the password stays as it is."
    ),
}


class LetterService:
    """`links` makes the tokens of the letters that have one; `site` is where they lead, "" when nobody has said."""

    def __init__(
        self, session: scoped_session[Session], mailer: Mailer, links: Mapping[Letter, MailLinks], site: str
    ) -> None:
        self._session = session
        self._mailer = mailer
        self._links = links
        self._site = site

    @property
    def is_on(self) -> bool:
        return self._mailer.is_on

    @property
    def can_link(self) -> bool:
        """Whether a mail can lead back to this site."""
        return self.is_on and bool(self._site)

    def deliver(self, letter: Letter, user_id: int) -> bool:
        """Sends the letter to the person's address; False when they are not meant to get it (any more).

        Raises MailError when the server does not take it.
        """
        user = self._session.get(User, user_id)
        if user is None or user.email is None or not _is_meant(letter, user):
            return False
        token = self._links[letter].token(user) if letter in self._links else ""
        text = (_TEXTS[letter] + _FOOT).format(name=user.name, site=self._site, token=token)
        self._mailer.send(user.email, _SUBJECTS[letter], text)
        return True


def _is_meant(letter: Letter, user: User) -> bool:
    """An address that nobody has confirmed gets nothing but the question whether it is right."""
    is_confirmed = user.email_confirmed_at is not None
    if letter is Letter.RESET and not user.is_active:
        return False
    return is_confirmed != (letter is Letter.CONFIRM)
