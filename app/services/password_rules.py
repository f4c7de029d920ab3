"""Which passwords will do: long enough, not widely known, not made of the site's own words. Composition is free."""

from __future__ import annotations

import re

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.inventory.sentences import N_

SHORTEST = 12
LONGEST = 128

# Leaked passwords by frequency, 30,000 of them, as the zxcvbn package carries them.
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_OURS = ("destiny", "vault", "raider", "bungie", "guardian")
_LEAST_OF_ONES_OWN = 6
_MOST_DECORATION = 6
_SHORTEST_NAME = 4


def objection(password: str, name: str = "") -> str:
    """Why this password will not do, as a sentence, or "". Lengths are counted in characters."""
    if not SHORTEST <= len(password) <= LONGEST:
        return N_("The password must have 12 to 128 characters.")
    if _is_common(password.casefold()):
        return N_("This password is widely known. Take one that nobody else uses.")
    if _own_part(password.casefold(), name.casefold()) < _LEAST_OF_ONES_OWN:
        return N_("This password is made of the site's name or your own. Take one that nobody can guess.")
    return ""


def _is_common(password: str) -> bool:
    """As it stands, or with a few digits and marks around it."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
    return password in _COMMON or (core in _COMMON and len(password) - len(core) <= _MOST_DECORATION)


def _own_part(password: str, name: str) -> int:
    """How many characters are left when the words that everybody would try first are taken out."""
    for word in (*_OURS, *([name] if len(name) >= _SHORTEST_NAME else [])):
        password = password.replace(word, "")
    return len(password)
