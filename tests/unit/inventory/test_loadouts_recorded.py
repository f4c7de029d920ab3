"""What the characters of recorded accounts wear: as a loadout it has no problem, and nothing has to be done for it."""

from __future__ import annotations

import pytest

from app.inventory.loadouts.analysis import Problem, analyse
from app.inventory.loadouts.capture import worn_pieces
from app.inventory.loadouts.matching import Belongings
from app.inventory.loadouts.model import Build
from app.inventory.loadouts.plan import application
from app.inventory.loadouts.share import decode, encode
from tests.shared import requires_shared
from tests.unit.inventory.search import recorded

# Some recordings are older than the definitions: a weapon has changed its slot since, two things are unknown.
OF_ANOTHER_TIME = {Problem.UNKNOWN, Problem.SAME_SLOT}
_LONGEST_LINK = 1000


@requires_shared
@pytest.mark.parametrize("account", recorded.ACCOUNTS)
def test_what_is_worn_is_a_loadout_that_is_on(account: str) -> None:
    profile, definitions = recorded.parsed(account), recorded.definitions()
    for character in profile.characters:
        pieces = worn_pieces(profile, definitions, character.id)
        build = Build("As worn", character.class_type, "", pieces)
        found = analyse(build, Belongings(profile.items).match_all(pieces, character.id), profile, definitions)
        assert {each.problem for each in found} <= OF_ANOTHER_TIME
        assert len(found) <= 1
        plan = application(build, profile, definitions, character.id)
        assert plan.is_nothing
        assert not plan.missed
        assert plan.settled == len(pieces)
        assert len(decode(encode(build)).pieces) == len(pieces)
        assert len(encode(build)) < _LONGEST_LINK
