"""What Bungie's answer says about a step that it was asked for: done, surely not, not this way, or nobody knows."""

from __future__ import annotations

from app.bungie.errors import (
    ApplicationRefused,
    BungieError,
    GrantRevoked,
    Maintenance,
    Throttled,
    TokenRefused,
)

WORN, NOT_CARRIED, ANOTHER_EXOTIC = 1, 1623, 1641
UNIQUE = 1648  # making room does not help against it
NOT_HERE = 1671
# It is worn, it is there already, it is tracked already: our picture was old, and a new plan knows better.
OLD_PICTURE = frozenset({1632, 1656, 1658})
# Bungie's codes for "something failed": the game may have done it all the same.
OPEN_CODES = frozenset({0, 2, 3, 27, 1618, 1626, 1643, 1651, 1652, 1688})
# Of one copy among several that were to be worn at once: by itself, with a plan of its own, it may still be worn.
WORTH_ANOTHER_TRY = frozenset({36, 57, 1672, NOT_CARRIED, ANOTHER_EXOTIC, *OLD_PICTURE})

_NEVER_DONE = (Maintenance, TokenRefused, ApplicationRefused)
_SIGN_IN_AGAIN = 401


def is_surely_not_done(error: BungieError) -> bool:
    """Only when Bungie says so itself: a gateway's page may hide an action that went through.

    Whoever has no token to ask with has not asked, or was sent away with the one before.
    """
    if isinstance(error, Throttled | GrantRevoked):
        return True
    return isinstance(error, _NEVER_DONE) and bool(error.code or error.status == _SIGN_IN_AGAIN)
