"""What moves are told in: steps, states, and why something could not be done, in the language of the request."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATES: dict[str, LazyString] = {
    "waiting": _l("Waiting"),
    "running": _l("Under way"),
    "planned": _l("Next"),
    "asked": _l("Not confirmed yet"),
    "done": _l("Done"),
    "partly": _l("Partly done"),
    "failed": _l("Not done"),
    "refused": _l("Not done"),
    "unsure": _l("Not confirmed yet"),
    "cancelled": _l("Cancelled"),
}
_BECAUSE: dict[str, LazyString] = {
    "room": _l("to make room"),
    "take-off": _l("so that the other item can come off"),
    "one-exotic": _l("because only one exotic of a kind can be worn"),
    "keep-lock": _l("because the game may have changed its lock on the way"),
}
_ACTIONS: dict[str, LazyString] = {
    "lock": _l("Lock"),
    "unlock": _l("Unlock"),
    "track": _l("Track"),
    "untrack": _l("Stop tracking"),
}
OBSTACLES: dict[str, LazyString] = {
    "gone": _l("It is not where it was any more. Perhaps it was moved or dismantled in the game."),
    "not-enough": _l("There are not that many."),
    "unknown": _l("Our item data does not know it yet, so we cannot tell where it belongs."),
    "no-character": _l("There is no such place for it."),
    "bound": _l("The game does not let it leave where it is."),
    "not-storable": _l("Things of this kind cannot be moved."),
    "side-effects": _l("It can only be claimed in the game."),
    "no-room": _l("There is no room, and nothing that could make some."),
    "unique": _l("Only one of these may be held there."),
    "wrong-class": _l("This class cannot wear it."),
    "not-wearable": _l("It cannot be worn."),
    "kept": _l("You have put it on, locked or tagged it meanwhile, so it stays."),
    "nothing-else-to-wear": _l("It is worn, and there is nothing else to wear in its place."),
    "no-socket": _l("It has no such socket, or Bungie does not tell what sits in it."),
    "empty-slot": _l("Nothing is saved in that in-game loadout."),
    "away": _l("Bungie.net cannot be asked right now, so nothing was moved. Try again later."),
    "broken-off": _l("Bungie.net stopped answering on the way, so the rest was not done. Look where it is now."),
    "failing": _l("The game's servers failed again and again; it is where it was. Try again later."),
    "reconnect": _l("Our permission for your account has ended. Connect again, then repeat."),
    "too-late": _l("It could not begin in time, so it was left."),
}
_CODES: dict[int, LazyString] = {
    7: _l("Bungie.net did not understand our order. Nothing was changed."),
    18: _l("Bungie.net did not understand our order. Nothing was changed."),
    21: _l("Bungie.net does not find it. Reload and look again."),
    1601: _l("Bungie.net finds no Destiny 2 account there any more."),
    1620: _l("That character is gone. Reload and look again."),
    1625: _l("The vendor does not have it any more."),
    1627: _l("That vendor is not there any more."),
    1623: _l("The game does not find it there. Perhaps you moved it in the game."),
    1622: _l("Bungie.net does not take such orders right now. Try again later."),
    1629: _l("There is no such place for it."),
    1632: _l("It is there already."),
    1633: _l("There is no such place for it."),
    1634: _l("The game refuses this where your character is."),
    1635: _l("Your character has to be in the game for this."),
    1636: _l("Bungie's game servers are still starting. Try again in a few minutes."),
    1637: _l("The inventory is full."),
    1638: _l("The character's level is too low for it."),
    1639: _l("It has not been unlocked for this character."),
    1640: _l("The game does not let this character wear it now. Go to orbit or sign in to the game, then try again."),
    1641: _l("Only one exotic of this kind can be worn."),
    1642: _l("There is no room left."),
    1644: _l("Bungie.net does not do this any more."),
    1645: _l("The game could not move it. Reload and look where it is."),
    1646: _l("Nothing can be moved out of that place."),
    1647: _l("The game could not move it. Reload and look where it is."),
    1648: _l("Only one of these may be held there."),
    1653: _l("Bungie.net does not find it. Reload and look again."),
    1654: _l("Leave the game first."),
    1655: _l("This can be worn only from within the game."),
    1656: _l("It is worn. Put on something else first."),
    1658: _l("It is tracked already."),
    1659: _l("You track as much as the game allows."),
    1660: _l("The game does not let it be moved."),
    1662: _l("The game has just been updated. Try again in a few minutes."),
    1663: _l("The game does not allow this for this item."),
    1665: _l("Your privacy settings at Bungie.net forbid this."),
    1666: _l("Our permission does not cover this. Connect again."),
    1670: _l("This account belongs to a platform that Bungie.net has given up."),
    1671: _l("This cannot be done where your character is: go to orbit or a social space first."),
    1673: _l("It can only be claimed in the game."),
    1674: _l("It is locked."),
    1675: _l("This costs materials, and those can be spent only in the game."),
    1676: _l("The game does not let this go in now: not enough energy, or something else has to come out first."),
    1677: _l("It has no such socket."),
    1678: _l("The game does not allow this socket to be changed from outside."),
    1679: _l("It is in there already."),
    1680: _l("You have not unlocked this yet."),
    1681: _l("The character has to leave the game first."),
    1682: _l("Your privacy settings at Bungie.net forbid this."),
    2108: _l("Our permission does not cover this. Connect again."),
}
_SLOWER = _l("Bungie.net asks us to slow down. Try again in a minute.")
# Codes of which what became of the order tells more than they do: this is said where nothing else is known.
_KINDS: dict[int, LazyString] = {
    **dict.fromkeys((5, 2101, 2102, 2103, 2107), OBSTACLES["away"]),
    **dict.fromkeys((2, 3, 27, 1618, 1626, 1643, 1651, 1652, 1688), OBSTACLES["failing"]),
    **dict.fromkeys((31, 35, 36, 37, 51, 54, 55, 56, 57, 1672), _SLOWER),
    **dict.fromkeys((22, 99, 2106, *range(2110, 2127)), OBSTACLES["reconnect"]),
}


def reason(obstacle: str, code: int) -> str:
    """Why an order was not done, in one sentence; "" when there is nothing to tell."""
    known = _CODES.get(code) or OBSTACLES.get(obstacle) or _KINDS.get(code)
    if known is not None:
        return str(known)
    return gettext("The game refused it (code %(code)d).", code=code) if code else ""


def because(reason: str) -> str:
    """Why a step is there, behind its text; "" for what was asked for."""
    return str(_BECAUSE.get(reason, ""))


def step_text(kind: str, name: str, character: str) -> str:
    """One request, as a person would say it."""
    told = {
        "pull": _l("%(name)s from the postmaster of %(character)s", name=name, character=character),
        "store": _l("%(name)s from %(character)s to the vault", name=name, character=character),
        "fetch": _l("%(name)s from the vault to %(character)s", name=name, character=character),
        "equip": _l("%(name)s is worn by %(character)s", name=name, character=character),
    }
    return str(told[kind]) if kind in told else action_text(kind, name)


def action_text(action: str, name: str) -> str:
    return f"{_ACTIONS[action]}: {name}"


def plug_text(plug: str, name: str) -> str:
    return gettext("%(plug)s into %(name)s", plug=plug, name=name)


def set_text(slot: int, character: str) -> str:
    """Wearing an in-game loadout; slots are counted from 0 at Bungie and from 1 by people."""
    return gettext("In-game loadout %(number)d on %(character)s", number=slot + 1, character=character)
