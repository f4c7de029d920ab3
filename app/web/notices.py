"""The words for trouble outside: from what went wrong to the banner that tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.bungie import errors
from app.bungie.errors import BungieError
from app.web.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class NoticeView:
    """The banner of a degraded page. `kind` is maintenance | stale | throttled | manifest-missing | reconnect."""

    kind: str
    title: str
    text: str
    action_label: str = ""
    action_url: str = ""
    action_is_post: bool = False


class _Words(NamedTuple):
    """A kind of banner, in the language of whoever asks."""

    kind: str
    title: LazyString
    text: LazyString


_STALE = _Words("stale", _l("Bungie.net does not answer"), _l("This is what we last saw. We keep trying."))
_BY_ERROR: dict[type[BungieError], _Words] = {
    errors.Maintenance: _Words(
        "maintenance",
        _l("Bungie.net is down for maintenance"),
        _l("Nothing is lost and you stay signed in. This is what we last saw; it refreshes by itself afterwards."),
    ),
    errors.Throttled: _Words(
        "throttled",
        _l("Bungie.net asks us to slow down"),
        _l("This is what we last saw. The next try is a few seconds away."),
    ),
    errors.BadPayload: _Words(
        "stale", _l("Bungie.net sent something unreadable"), _l("So this is what we last saw. We keep trying.")
    ),
    errors.NotFound: _Words(
        "stale",
        _l("Bungie.net does not find this Destiny account"),
        _l("If you moved platforms, choose another one under Account."),
    ),
    errors.ApplicationRefused: _Words(
        "stale",
        _l("This site's registration with Bungie.net does not work"),
        _l("Its operator has to look at it."),
    ),
}


def notice_for(trouble: BungieError, sign_in_url: str) -> NoticeView:
    """The banner for a failure of Bungie's; a lost grant brings the button that mends it."""
    if isinstance(trouble, errors.GrantRevoked | errors.TokenRefused):
        return NoticeView(
            "reconnect",
            gettext("Please connect to Bungie.net again"),
            gettext("Our permission to read your account has ended. Nothing that we keep for you is lost."),
            action_label=gettext("Connect again"),
            action_url=sign_in_url,
            action_is_post=True,
        )
    words = _BY_ERROR.get(type(trouble), _STALE)
    return NoticeView(words.kind, str(words.title), str(words.text))


def without_data(notice: NoticeView) -> NoticeView:
    """The same trouble for a player of whom nothing was fetched yet."""
    if notice.kind == "reconnect":
        return notice
    text = gettext("So there is nothing to show yet. You stay signed in, and nothing of yours is lost.")
    return replace(notice, text=text)


def without_sign_in(notice: NoticeView) -> NoticeView:
    """The same trouble for somebody who is only about to sign in: there is nothing yet that they could stay or see."""
    if notice.kind == "reconnect":
        return notice
    text = gettext("So nobody can be signed in just now. Nothing is lost: try again in a few minutes.")
    return replace(notice, text=text)


def manifest_missing() -> NoticeView:
    return NoticeView(
        "manifest-missing",
        gettext("The game's item data is still being loaded"),
        gettext(
            "Everything you own is here, some of it by number only. Names and icons follow within a minute or two."
        ),
    )


def manifest_degraded() -> NoticeView:
    return NoticeView(
        "manifest-missing",
        gettext("Our item data is out of reach"),
        gettext("Everything you own is here. What our last copy does not name shows by number until it is back."),
    )


def language_missing(wanted: str, shown: str) -> NoticeView:
    """For a language whose definitions are still on their way; both are Bungie's names of languages."""
    names = {"wanted": LANGUAGES[wanted].name, "shown": LANGUAGES[shown].name}
    return NoticeView(
        "manifest-missing",
        gettext("The game's texts in your language are still being loaded"),
        gettext("Until they are here (%(wanted)s), items are named in another language (%(shown)s).", **names),
    )
