"""Farming: what goes to the vault so that places stay free, and what never does."""

from __future__ import annotations

from app.inventory.buckets import LOST_ITEMS, VAULT
from app.inventory.definitions import BucketDefinition, ItemDefinition
from app.inventory.items import Item, ItemState, Place
from app.inventory.moves.farming import makes_room
from app.inventory.moves.plan import VAULT_STORE, Wish
from app.inventory.moves.ranking import Preferences, Tag
from app.inventory.moves.world import World
from app.inventory.profile import Character, Profile
from tests.builders import HELMET, KINETIC, FakeDefinitions

HUNTER, TITAN = "1", "2"
GUN, HELM, RELIC, GHOST = 101, 102, 103, 104
GHOSTS = 4023194814


def definitions(vault: int = 100) -> FakeDefinitions:
    rows = [
        *(BucketDefinition(each, capacity=10, is_vaultable=True) for each in (KINETIC, HELMET, GHOSTS)),
        BucketDefinition(VAULT, capacity=vault, scope=1),
    ]
    items = {
        GUN: ItemDefinition(GUN, "Gun", bucket_hash=KINETIC, is_equippable=True),
        HELM: ItemDefinition(HELM, "Helm", bucket_hash=HELMET, is_equippable=True),
        RELIC: ItemDefinition(RELIC, "Relic", bucket_hash=KINETIC, is_transferable=False),
        GHOST: ItemDefinition(GHOST, "Shell", bucket_hash=GHOSTS, is_equippable=True),
    }
    return FakeDefinitions(items, {row.hash: row for row in rows})


def carried(
    number: int, item_hash: int = GUN, bucket_hash: int = KINETIC, owner: str = HUNTER, **facts: object
) -> Item:
    plain = {"quantity": 1, "bucket_hash": bucket_hash, "place": Place.CARRIED, "owner": owner}
    return Item(hash=item_hash, instance_id=str(number), **(plain | facts))  # type: ignore[arg-type]


def full_slot(**facts: object) -> list[Item]:
    """Ten guns: number 1 is worn, 10 is the newest. `facts` are those of the ones that are carried."""
    return [carried(1, place=Place.EQUIPPED), *(carried(number, **facts) for number in range(2, 11))]


def goes(items: list[Item], slots: int, preferences: Preferences | None = None, vault: int = 100) -> list[int]:
    profile = Profile(
        characters=tuple(Character(id=each, class_type=1) for each in (HUNTER, TITAN)), items=tuple(items)
    )
    wishes = makes_room(World(profile, definitions(vault)), preferences or Preferences(), HUNTER, slots)
    assert all(wish == Wish(wish.item_hash, wish.instance_id, HUNTER, VAULT_STORE) for wish in wishes)
    return [int(wish.instance_id) for wish in wishes]


def test_of_a_full_slot_as_many_go_as_are_to_be_free_the_newest_first() -> None:
    assert goes(full_slot(), 3) == [10, 9, 8]


def test_where_enough_is_free_nothing_goes() -> None:
    assert goes(full_slot()[:7], 3) == []
    assert goes(full_slot()[:8], 3) == [8]


def test_every_slot_is_looked_at_by_itself_and_only_weapons_and_armor() -> None:
    helms = [carried(20 + number, HELM, HELMET) for number in range(10)]
    shells = [carried(40 + number, GHOST, GHOSTS) for number in range(10)]
    assert goes([*full_slot(), *helms, *shells], 1) == [10, 29]


def test_what_is_worn_locked_kept_or_in_a_loadout_or_bound_stays() -> None:
    assert goes(full_slot(state=ItemState.LOCKED), 9) == []
    assert goes(full_slot(transfer_status=2), 9) == []
    assert goes(full_slot(item_hash=RELIC), 9) == []
    tags = {"10": Tag.KEEP, "9": Tag.FAVORITE, "8": Tag.JUNK}
    kept = Preferences(loadouts=lambda: {"7"}, tags=lambda: tags)
    assert goes(full_slot(), 2, kept) == [8, 6]


def test_other_characters_and_the_postmaster_are_left_alone() -> None:
    others = [carried(30 + number, owner=TITAN) for number in range(10)]
    assert goes([*others, carried(50, bucket_hash=LOST_ITEMS)], 9) == []


def test_no_more_goes_than_the_vault_holds() -> None:
    assert goes(full_slot(), 5, vault=2) == [10, 9]
    stored = Item(hash=GUN, instance_id="99", quantity=1, bucket_hash=VAULT, place=Place.VAULT, owner="")
    assert goes([*full_slot(), stored], 5, vault=1) == []
