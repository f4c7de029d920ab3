"""Reading the JSON bodies of actions, and the checks that every action begins with."""

from app.sandbox.call import Call
from app.sandbox.envelope import BungieError, Json

SLOW_SPACING = 10  # times the spacing of a move: tracking and loadouts once a second
_MOST_DIGITS = 20


def begin(call: Call, action: str, spacing: int = 1) -> Json:
    """The body of an action once it is known to be this player's, for a character of theirs, and not too soon."""
    player, body = call.owner, call.body()
    if number(body, "membershipType") != player.membership_type:
        raise BungieError(18)
    if text(body, "characterId") not in player.character_ids:
        raise BungieError(1620)
    if call.state.is_too_soon(player, action, spacing * call.state.options.action_spacing_s):
        raise BungieError(36)
    return body


def number(body: Json, name: str) -> int:
    """A number of the body; Bungie reads numbers written as strings, too. Raises `BungieError` 7."""
    value = body.get(name)
    if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) <= _MOST_DIGITS:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BungieError(7)
    return value


def text(body: Json, name: str) -> str:
    """An id of the body, given as string or number. Raises `BungieError` 7."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BungieError(7)
    return str(value)
