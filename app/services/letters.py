"""The mails of this site: which there are, what they say, and who may get them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session, scoped_session

from app.inventory.sentences import N_
from app.models import User
from app.services.mail import Mailer
from app.services.sentences import Translate, in_english
from app.services.signed_links import MailLinks


class Letter(StrEnum):
    CONFIRM = "confirm"
    ALREADY_REGISTERED = "already registered"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - a word, no password
    RESET = "new password"


class _Text(NamedTuple):
    """`page` is where the paragraph before it leads, "" nowhere; `{token}` in it is the letter's own."""

    subject: str
    before: str
    invitation: str
    page: str
    after: str


_TEXTS = {
    Letter.CONFIRM: _Text(
        N_("Confirm your mail address"),
        N_("Somebody, hopefully you, made the account %(name)s with this address."),
        N_("Open this page within 24 hours and enter the password you chose:"),
        "/register/confirm?token={token}",
        N_("If it was not you, do nothing: the account is forgotten by itself."),
    ),
    Letter.ALREADY_REGISTERED: _Text(
        N_("You have an account already"),
        N_(
            "Somebody, perhaps you, wanted to make an account with this address. "
            "There is one already; its name is %(name)s. Nothing was changed."
        ),
        N_("If you have forgotten the password, choose a new one here:"),
        "/login/forgotten",
        "",
    ),
    Letter.PASSWORD_CHANGED: _Text(
        N_("Your password was changed"),
        N_("The password of your account %(name)s was changed, and every other browser was signed out."),
        "",
        "",
        N_("If it was not you, ask whoever runs the site to lock the account at once."),
    ),
    Letter.RESET: _Text(
        N_("Choose a new password"),
        N_("Somebody, hopefully you, has forgotten the password of your account %(name)s."),
        N_("Open this page within an hour to choose a new one:"),
        "/login/reset?token={token}",
        N_("If it was not you, do nothing: the password stays as it is."),
    ),
}
_FOOT = N_("Nobody reads answers to this mail.")


class LetterService:
    """`links` makes the tokens of the letters that have one; `site` is where they lead, "" when nobody has said.

    Everybody is written to in the language they have chosen, through `translate`.
    """

    def __init__(
        self,
        session: scoped_session[Session],
        mailer: Mailer,
        links: Mapping[Letter, MailLinks],
        site: str,
        translate: Translate = in_english,
    ) -> None:
        self._session = session
        self._mailer = mailer
        self._links = links
        self._site = site
        self._translate = translate

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
        subject = self._translate(_TEXTS[letter].subject, user.language)
        self._mailer.send(user.email, subject, self._text(letter, user, token))
        return True

    def _text(self, letter: Letter, user: User, token: str) -> str:
        text = _TEXTS[letter]
        before, invitation, after, foot = (
            self._translate(each, user.language) % {"name": user.name} if each else ""
            for each in (text.before, text.invitation, text.after, _FOOT)
        )
        link = f"{invitation}\n{self._site}{text.page.format(token=token)}" if text.page else ""
        paragraphs = (before, link, after, f"Vault Raider\n{self._site}\n{foot}\n")
        return "\n\n".join(each for each in paragraphs if each)


def _is_meant(letter: Letter, user: User) -> bool:
    """An address that nobody has confirmed gets nothing but the question whether it is right."""
    is_confirmed = user.email_confirmed_at is not None
    if letter is Letter.RESET and not user.is_active:
        return False
    return is_confirmed != (letter is Letter.CONFIRM)
