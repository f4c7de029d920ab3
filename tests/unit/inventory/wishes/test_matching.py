"""Which roll a copy fulfils: what it could choose counts, the first roll wins, enhanced is as good as plain."""

from __future__ import annotations

import pytest

from app.inventory.definitions import ItemDefinition
from app.inventory.items import ItemDetails
from app.inventory.search.facts import WEAPON, Reading, subject_of
from app.inventory.search.offers import offer_of, plain_perks
from app.inventory.telling.roles import Role
from app.inventory.telling.sockets import is_enhanced
from app.inventory.wishes.matching import NamedRolls, Offer, WishBook
from app.inventory.wishes.packing import pack, unpack
from app.inventory.wishes.reading import read_list
from tests.builders import FakeDefinitions, item
from tests.shared import requires_shared
from tests.unit.inventory.search import recorded
from tests.unit.inventory.search.cases import choices, owned, sockets


def book(*texts: str) -> WishBook:
    return WishBook(
        [NamedRolls(f"list {place}", unpack(pack(read_list(text).rolls))) for place, text in enumerate(texts)]
    )


def offer(*plugs: int) -> Offer:
    return Offer(frozenset(plugs))


def wished(text: str, given: Offer, item_hash: int = 100, categories: tuple[int, ...] = ()) -> bool | None:
    """True: recommended, False: to be thrown away, None: not spoken of."""
    found = book(text).wish_for(item_hash, categories, given)
    return None if found is None else not found.is_trash


def test_all_perks_of_a_roll_must_be_there_and_more_may_be() -> None:
    text = "dimwishlist:item=100&perks=1,2"
    assert wished(text, offer(1, 2, 3))
    assert wished(text, offer(1, 3)) is None
    assert wished(text, offer(1, 2), item_hash=101) is None


def test_a_minus_sign_says_throw_away_and_any_item_is_any_item() -> None:
    assert wished("dimwishlist:item=-100&perks=1", offer(1)) is False
    assert wished("dimwishlist:item=-100", offer(5)) is False
    assert wished("dimwishlist:item=-69420&perks=1", offer(1), item_hash=999) is True
    assert wished("dimwishlist:item=49&perks=1", offer(1), categories=(20, 49)) is True
    assert wished("dimwishlist:item=49&perks=1", offer(1), categories=(20,)) is None


def test_a_roll_of_the_item_goes_before_one_of_any_item_and_the_first_line_before_the_second() -> None:
    text = "dimwishlist:item=-69420&perks=1\ndimwishlist:item=-100&perks=1\ndimwishlist:item=100&perks=2"
    assert wished(text, offer(1)) is False
    assert wished(text, offer(1, 2)) is False
    assert wished(text, offer(2)) is True
    assert wished(text, offer(1), item_hash=5) is True


def test_an_earlier_list_goes_before_a_later_one_and_says_its_name_and_why() -> None:
    lists = book("dimwishlist:item=100&perks=1#notes:nice", "dimwishlist:item=-100&perks=1")
    found = lists.wish_for(100, (), offer(1, 8))
    assert found
    assert (found.is_trash, found.perks, found.notes, found.list_title) == (False, {1}, "nice", "list 0")
    assert lists.names(100)
    assert not lists.names(101)


def test_a_roll_from_a_link_wants_one_of_its_perks_in_every_column() -> None:
    text = "https://banshee-44.com/?weapon=100&socketEntries=1,2,3"
    columns = (frozenset({1, 9}), frozenset({2}))
    assert wished(text, Offer(frozenset({1, 2, 9}), columns)) is True
    assert wished(text, Offer(frozenset({1, 2, 9}), (*columns, frozenset({7})))) is None
    assert wished(text, offer(1, 2, 3)) is None


PLAIN, BETTER, OTHER = 11, 12, 13
PLUGS = {
    PLAIN: ItemDefinition(PLAIN, name="Kill Clip", plug_category="frames", tier=2, item_type=19),
    BETTER: ItemDefinition(BETTER, name="Kill Clip", plug_category="frames", tier=3, item_type=19),
    OTHER: ItemDefinition(OTHER, name="Rampage", plug_category="frames", tier=2, item_type=19),
}
GUN = ItemDefinition(100, name="Gun", item_type=WEAPON, tier=5)


@pytest.mark.parametrize(
    ("wanted", "has", "expected"),
    [(PLAIN, PLAIN, True), (PLAIN, BETTER, True), (BETTER, BETTER, True), (BETTER, PLAIN, None), (OTHER, BETTER, None)],
)
def test_an_enhanced_perk_is_as_good_as_the_plain_one_and_never_the_other_way(
    wanted: int, has: int, expected: bool | None
) -> None:
    known = FakeDefinitions(items=PLUGS)
    copy = subject_of(owned(GUN, item(100, "1")))
    held = offer_of(copy, Reading({"1": ItemDetails(sockets=sockets(has))}, known), plain_perks((wanted,), known))
    chosen = ItemDetails(sockets=sockets(OTHER), choices=choices(_0=(OTHER, has)))
    could_choose = offer_of(copy, Reading({"1": chosen}, known), plain_perks((wanted,), known))
    text = f"dimwishlist:item=100&perks={wanted}"
    assert wished(text, held) is expected
    if wanted != OTHER:
        assert wished(text, could_choose) is expected


@requires_shared
def test_in_the_games_own_definitions_plain_and_enhanced_perks_share_name_and_category() -> None:
    known = recorded.definitions()
    plugs = [
        each for each in known._tables["DestinyInventoryItemDefinition"].values() if each.plug_category == "frames"
    ]
    better = {each.name for each in plugs if is_enhanced(Role.PERK, each)}
    plain = {name for name, _ in plain_perks([each.hash for each in plugs], known)}
    assert len(better) > 200
    assert len(better & plain) / len(better) > 0.9
