"""What the characters of recorded accounts wear: as a loadout it has no problem, and nothing has to be done for it."""

from __future__ import annotations

import pytest

from app.inventory.buckets import SUBCLASS
from app.inventory.loadouts.analysis import Problem, analyse, plug_problem
from app.inventory.loadouts.capture import worn_pieces
from app.inventory.loadouts.matching import Belongings
from app.inventory.loadouts.model import Build, Plug
from app.inventory.loadouts.options import choices, offers
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


@requires_shared
@pytest.mark.parametrize("account", recorded.ACCOUNTS)
def test_whatever_sits_in_a_socket_of_choice_is_offered_for_it(account: str) -> None:
    profile, definitions = recorded.parsed(account), recorded.definitions()
    for character in profile.characters:
        for piece in worn_pieces(profile, definitions, character.id):
            known, item = definitions.item(piece.item_hash), profile.item(piece.instance_id)
            assert item
            if known is None or not known.sockets:  # what the recordings do not know, or its sockets, offers nothing
                continue
            details = profile.details.item(item)
            found = choices(piece, details, offers(known, details, definitions), definitions)
            still = {socket: plug for socket, plug in piece.plugs if socket < len(known.sockets)}
            assert {each.socket: each.chosen for each in found if each.chosen} == still
            assert all(each.chosen in (0, *each.options) for each in found)
            for each in found:
                free = set(each.options) - {each.chosen}
                assert not [plug for plug in free if plug_problem(known, Plug(each.socket, plug), definitions)]


@requires_shared
def test_a_subclass_offers_its_abilities_aspects_and_fragments() -> None:
    offered = []
    for account in recorded.ACCOUNTS:
        profile, definitions = recorded.parsed(account), recorded.definitions()
        for item in profile.items:
            known = definitions.item(item.hash)
            if item.bucket_hash == SUBCLASS and known and known.sockets:
                offered.append(offers(known, profile.details.item(item), definitions))
    assert any(len(each) > 8 and max(map(len, each.values())) > 10 for each in offered)
