"""The signed-in person of a request: a cookie's secret name on one side, a `Viewer` from the database on the other."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, session
from flask_babel import gettext, ngettext
from flask_login import UserMixin, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import login_manager
from app.services.sessions import Viewer
from app.web.access import nobody_is_known, viewer
from app.web.browsers import browser_words
from app.web.errors import wants_json
from app.wiring import services

PLATFORMS = {
    1: "Xbox", 2: "PlayStation", 3: "Steam", 4: "Battle.net", 5: "Stadia", 6: "Epic Games", 10: "Demon", 20: "Marathon",
}  # fmt: skip


class Identity(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds. Its id is the session's secret name: ending the session ends every copy of the cookie."""

    def __init__(self, token: str, viewer: Viewer) -> None:
        self._token = token
        self.viewer = viewer

    def get_id(self) -> str:
        return self._token


@dataclass(frozen=True, slots=True)
class PlayerView:
    """Who is signed in, for the header of every page."""

    name: str
    platform: str
    role: str  # player | poster | admin
    has_vault: bool
    permission_note: str  # a sentence in the last week of Bungie's permission, else ""


def load_identity(token: str) -> Identity | None:
    try:
        found = services().sessions.recognise(token, extend=_is_a_persons_doing())
    except SQLAlchemyError as error:
        nobody_is_known(error)  # public pages must still stand
        return None
    return Identity(token, found) if found else None


def sign_in(user_id: int, how: str = "") -> None:
    """Begins a new session; nothing of the old one survives, so a planted cookie gains nothing."""
    current = viewer()
    if current is not None:
        services().sessions.sign_out(current.user_id, current.session_id)
    _carry(services().sessions.start(user_id, _browser(), how))


def renew(user_id: int) -> None:
    """Ends all sessions of a person and begins another in this browser, after a change that others must not outlive."""
    _carry(services().sessions.renew(user_id, _browser()))


def sign_out() -> None:
    current = viewer()
    if current is not None:
        services().sessions.sign_out(current.user_id, current.session_id)
    forget()


def forget() -> None:
    """Empties this browser's cookie; the session itself has ended already."""
    logout_user()
    session.clear()


def _carry(token: str) -> None:
    session.clear()
    found = services().sessions.recognise(token)
    if found is not None:
        login_user(Identity(token, found))
        session.pop("_id", None)  # Flask-Login's print of address and browser: unused, and nobody's business


def _browser() -> str:
    return browser_words(request.user_agent.string)


def _is_a_persons_doing() -> bool:
    """A page that somebody opened or a form that somebody sent, not what a script asks for by itself."""
    return not wants_json() and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def player_view() -> PlayerView | None:
    current = viewer()
    if current is None:
        return None
    return PlayerView(
        name=current.name,
        platform=PLATFORMS.get(current.membership_type, ""),
        role=current.role,
        has_vault=current.has_vault,
        permission_note=permission_note(current.permission_days_left),
    )


def permission_note(days_left: int | None) -> str:
    """The warning of the last week; "" before it."""
    if days_left is None:
        return ""
    if days_left == 0:
        return gettext(
            "Our permission to read your Bungie account runs out today. Connect again to keep your vault here."
        )
    if days_left == 1:
        return gettext(
            "Our permission to read your Bungie account runs out tomorrow. Connect again to keep your vault here."
        )
    return ngettext(
        "Our permission to read your Bungie account runs out in %(num)d day. Connect again to keep your vault here.",
        "Our permission to read your Bungie account runs out in %(num)d days. Connect again to keep your vault here.",
        days_left,
    )


def init_app(app: Flask) -> None:
    login_manager.session_protection = None  # it trusts a client's X-Forwarded-For; our sessions end in the database
    login_manager.user_loader(load_identity)
    app.context_processor(lambda: {"player": player_view()})
