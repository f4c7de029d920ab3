"""A person's accounts, sessions and events, as rows -> what /account and /account/activity show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.sentences import N_
from app.main import words
from app.main.viewmodels import AccountChoice, ActivityView, LinkedAccountView, SessionView
from app.models import AuditEvent, BungieAccount, DestinyMembership, LoginSession
from app.services.audit import Kind
from app.services.permission import days_left
from app.services.sessions import Viewer
from app.web.identity import PLATFORMS, permission_note

# The others are names.
_UNKNOWN_BROWSER = "Unknown browser"
_DETAILS: dict[str, LazyString] = {
    "with a password": _l("with a password"),
    "through Bungie.net": _l("through Bungie.net"),
    "after registration": _l("after registration"),
    "by an operator": _l("by an operator"),
    "by a link in a mail": _l("by a link in a mail"),
    "it belongs to another login": _l("it belongs to another login"),
    "what we keep of it cannot be opened": _l("what we keep of it cannot be opened"),
    "Bungie.net refused to renew it": _l("Bungie.net refused to renew it"),
    "password": _l("wrong password"),
    "change of password": _l("wrong password when changing it"),
    "farming": _l("farming"),
}
# What such a part of a detail begins with; a name or a number follows.
_NAMED: dict[str, str] = {
    "Bungie account ": N_("Bungie account %(name)s"),
    "move ": N_("move %(name)s"),
    "run ": N_("run %(name)s"),
}
_SYSTEMS: dict[str, LazyString] = {"an iPhone": _l("an iPhone"), "an iPad": _l("an iPad")}
_EVENTS: dict[str, LazyString] = {
    Kind.SIGNED_IN: _l("Signed in"),
    Kind.SIGN_IN_FAILED: _l("Sign-in failed"),
    Kind.SIGNED_OUT: _l("Signed out"),
    Kind.SIGNED_OUT_EVERYWHERE: _l("Signed out everywhere"),
    Kind.CONNECTED: _l("Account connected"),
    Kind.DISCONNECTED: _l("Account disconnected"),
    Kind.LINK_REFUSED: _l("Connection refused"),
    Kind.GRANT_LOST: _l("Permission lost"),
    Kind.CHOSE_MEMBERSHIP: _l("Membership chosen"),
    Kind.PASSWORD_CHANGED: _l("Password changed"),
    Kind.ROLE_CHANGED: _l("Role changed"),
    Kind.DEACTIVATED: _l("Deactivated"),
    Kind.ACTIVATED: _l("Activated"),
    Kind.REGISTERED: _l("Registered"),
    Kind.MANIFEST_ASKED: _l("Definitions asked for"),
    Kind.MOVE_ASKED: _l("Move asked for"),
    Kind.EXPORTED: _l("Data exported"),
    Kind.LIMIT_HIT: _l("Limit hit"),
}


def account_views(
    rows: Iterable[BungieAccount], viewer: Viewer, now: datetime, is_only_way_in: Callable[[int], bool]
) -> tuple[LinkedAccountView, ...]:
    return tuple(
        LinkedAccountView(
            id=row.id,
            name=row.name or gettext("Bungie account %(id)s", id=row.membership_id),
            connected=words.ago(row.connected_at, now),
            warning=_warning(row, now),
            choices=_choices(row.memberships, viewer.membership_id if row.id == viewer.account_id else "", now),
            is_only_way_in=is_only_way_in(row.id),
        )
        for row in rows
    )


def session_views(rows: Iterable[LoginSession], current_id: int, now: datetime) -> tuple[SessionView, ...]:
    return tuple(
        SessionView(
            id=row.id,
            browser=_browser(row.browser),
            started=words.ago(row.started_at, now),
            seen=words.ago(row.seen_at, now),
            is_current=row.id == current_id,
        )
        for row in rows
    )


def activity_views(rows: Iterable[AuditEvent]) -> tuple[ActivityView, ...]:
    return tuple(
        ActivityView(
            when=words.moment(row.at),
            iso=row.at.isoformat(),
            what=str(_EVENTS.get(row.kind, row.kind.capitalize())),
            detail=_detail(row.detail),
            request_id=row.request_id,
        )
        for row in rows
    )


def _detail(stored: str) -> str:
    """Stored in English, as "with a password, Firefox on Linux"; names that people chose stay as they are."""
    return ", ".join(map(_part, stored.split(", ")))


def _part(stored: str) -> str:
    if stored in _DETAILS:
        return str(_DETAILS[stored])
    if " on " in stored or stored.startswith(_UNKNOWN_BROWSER):
        return _browser(stored)
    beginning = next((each for each in _NAMED if stored.startswith(each)), "")
    return gettext(_NAMED[beginning], name=stored.removeprefix(beginning)) if beginning else stored


def _browser(stored: str) -> str:
    """Stored in English, as "Firefox on Linux"."""
    browser, _, system = stored.partition(" on ")
    if not browser or browser == _UNKNOWN_BROWSER:
        browser = gettext("Unknown browser")
    if not system:
        return browser
    return gettext("%(browser)s on %(system)s", browser=browser, system=str(_SYSTEMS.get(system, system)))


def _warning(row: BungieAccount, now: datetime) -> str:
    if row.needs_reconnect:
        return gettext("Our permission to read this account has ended. Connect it again.")
    return permission_note(days_left(row, now))


def _choices(rows: Iterable[DestinyMembership], shown_id: str, now: datetime) -> tuple[AccountChoice, ...]:
    """The latest played first. Overridden memberships were never kept: Bungie shows nothing of them."""
    return tuple(
        AccountChoice(
            membership_id=row.membership_id,
            name=row.name or gettext("Guardian"),
            platform=PLATFORMS.get(row.membership_type) or gettext("Platform %(number)s", number=row.membership_type),
            last_played=words.ago(datetime.fromisoformat(row.last_played), now) if row.last_played else "",
            is_chosen=row.membership_id == shown_id,
            is_cross_save_primary=row.is_cross_save_primary,
        )
        for row in sorted(rows, key=lambda row: row.last_played, reverse=True)
    )
