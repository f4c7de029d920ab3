"""What can go wrong with Bungie, sorted by what the caller should do. Messages never carry bodies or tokens."""

from __future__ import annotations

from typing import ClassVar

from app.inventory.sentences import N_


class BungieError(Exception):
    """Base. `code` is Bungie's ErrorCode (0 = none came), `status` the HTTP status (0 = no answer)."""

    advice: ClassVar[str] = N_("Bungie.net gave an answer that we did not expect.")

    def __init__(self, what: str = "", *, code: int = 0, status: int = 0) -> None:
        self.what = what
        self.code = code
        self.status = status
        super().__init__(f"{type(self).__name__}: {what} (code {code}, status {status})")


class Maintenance(BungieError):
    """Bungie switched the API off on purpose. Wait; nothing of ours is wrong and no token is dead."""

    advice = N_("Bungie.net is down for maintenance.")


class Throttled(BungieError):
    """Too many requests, or the game servers ask for less. Wait `retry_after_s`.

    `told_s` is what Bungie itself says of that (ThrottleSeconds), 0 when it says nothing.
    """

    advice = N_("Bungie.net asks us to slow down.")

    def __init__(self, what: str = "", *, code: int = 0, status: int = 0, retry_after_s: float = 0.0) -> None:
        super().__init__(what, code=code, status=status)
        self.told_s = retry_after_s
        self.retry_after_s = retry_after_s or _DEFAULT_WAIT_S

    @property
    def is_personal(self) -> bool:
        """Whether one player is meant, and not this site as a whole."""
        return self.code in _PERSONAL_THROTTLES


class TokenRefused(BungieError):
    """This access token is not accepted. Refresh once and repeat; then ask the player to reconnect."""

    advice = N_("Bungie.net did not accept our permission for your account.")


class GrantRevoked(BungieError):
    """The refresh token or code is worthless. Only a new sign-in helps."""

    advice = N_("Bungie.net no longer lets us see this account. Please connect again.")


class NotFound(BungieError):
    """No such account, character, item or page."""

    advice = N_("Bungie.net does not know what we asked for.")


class NoRoom(BungieError):
    """The destination is full."""

    advice = N_("There is no room for that item.")


class Refused(BungieError):
    """The game says no, for a reason that `code` names. Repeating does not help."""

    advice = N_("The game refused that.")


class Unavailable(BungieError):
    """No usable answer in time: network trouble, a gateway page, a failing game server. Try again later."""

    advice = N_("Bungie.net does not answer right now.")


class BadPayload(BungieError):
    """An answer came, but it is not what the specification promises."""

    advice = N_("Bungie.net sent something that we cannot read.")


class ApplicationRefused(BungieError):
    """Our API key, client id or secret is wrong. An operator has to act."""

    advice = N_("This site's registration with Bungie.net does not work. Its operator has to look at it.")


_MAINTENANCE = {5}
_THROTTLED = {31, 35, 36, 37, 51, 54, 55, 56, 57, 1672}
_PERSONAL_THROTTLES = {36, 57}  # actions of one player that came too soon after one another
_TOKEN = {22, 99, 2106, 2110, 2111, 2115, 2117, 2118, 2119, 2120, 2121, 2122, 2123, 2124, 2125, 2126}
_NOT_FOUND = {21, 205, 1601, 1620, 1623, 1627, 1653, 1670}
_NO_ROOM = {1637, 1642, 1648}
_UNAVAILABLE = {2, 3, 27, 1618, 1622, 1626, 1636, 1643, 1651, 1652, 1688}
_APPLICATION = {2101, 2102, 2103, 2107}

_BY_CODE: dict[int, type[BungieError]] = {
    **dict.fromkeys(_MAINTENANCE, Maintenance),
    **dict.fromkeys(_THROTTLED, Throttled),
    **dict.fromkeys(_TOKEN, TokenRefused),
    **dict.fromkeys(_NOT_FOUND, NotFound),
    **dict.fromkeys(_NO_ROOM, NoRoom),
    **dict.fromkeys(_UNAVAILABLE, Unavailable),
    **dict.fromkeys(_APPLICATION, ApplicationRefused),
}

_DEFAULT_WAIT_S = 10.0


def from_code(code: int, *, what: str, status: int, throttle_s: float = 0.0) -> BungieError:
    """The error of an envelope's ErrorCode (PlatformErrorCodes of the specification)."""
    kind = _BY_CODE.get(code, Refused)
    if kind is Throttled:
        return Throttled(what, code=code, status=status, retry_after_s=throttle_s)
    return kind(what, code=code, status=status)


def from_status(status: int, *, what: str) -> BungieError:
    """The error of an answer without a readable envelope: a gateway's page, a firewall, a refused bearer."""
    if status == 401:
        return TokenRefused(what, status=status)
    if status == 404:
        return NotFound(what, status=status)
    if status == 429:
        return Throttled(what, status=status)
    if status == 503:
        # Bungie's maintenance page is HTML with this status; the envelope form carries code 5 instead.
        return Maintenance(what, status=status)
    if status >= 500 or status < 400:
        return Unavailable(what, status=status)
    return Refused(what, status=status)
