"""Every shape of a move: which steps it takes, what has to make room, and when there is no way."""

from __future__ import annotations

import pytest

from app.inventory.buckets import LOST_ITEMS, VAULT
from app.inventory.definitions import TIER_EXOTIC, TIER_LEGENDARY, BucketDefinition, ItemDefinition
from app.inventory.items import Item, ItemState, Place
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Because, CannotMove, Obstacle, Step, StepKind, Wish
from app.inventory.moves.planner import plan
from app.inventory.moves.ranking import Preferences, Tag
from app.inventory.moves.world import World
from app.inventory.profile import Character, Profile
from tests.builders import CONSUMABLES, HELMET, KINETIC, FakeDefinitions

ENERGY, ENGRAMS, EMBLEMS = 2465295065, 375726501, 4274335291
HUNTER, TITAN, WARLOCK = "1", "2", "3"
GUN, OTHER_GUN, EXOTIC_GUN, EXOTIC_BOW, HELM, PRISM, RELIC, BADGE, BAD_PARCEL = range(101, 110)

DEFINITIONS = {
    GUN: ItemDefinition(GUN, "Gun", bucket_hash=KINETIC, tier=TIER_LEGENDARY, is_equippable=True, type_name="Rifle"),
    OTHER_GUN: ItemDefinition(OTHER_GUN, "Other", bucket_hash=KINETIC, tier=TIER_LEGENDARY, is_equippable=True),
    EXOTIC_GUN: ItemDefinition(
        EXOTIC_GUN, "Ace", bucket_hash=KINETIC, tier=TIER_EXOTIC, is_equippable=True, unique_label="exotic_weapon"
    ),
    EXOTIC_BOW: ItemDefinition(
        EXOTIC_BOW, "Bow", bucket_hash=ENERGY, tier=TIER_EXOTIC, is_equippable=True, unique_label="exotic_weapon"
    ),
    HELM: ItemDefinition(HELM, "Helm", bucket_hash=HELMET, tier=TIER_LEGENDARY, is_equippable=True, class_type=0),
    PRISM: ItemDefinition(PRISM, "Prism", bucket_hash=CONSUMABLES, max_stack=10),
    RELIC: ItemDefinition(RELIC, "Relic", bucket_hash=KINETIC, is_transferable=False),
    BADGE: ItemDefinition(BADGE, "Badge", bucket_hash=EMBLEMS, is_equippable=True),
    BAD_PARCEL: ItemDefinition(BAD_PARCEL, "Parcel", bucket_hash=CONSUMABLES, pull_has_side_effects=True),
}


def definitions(vault: int = 100, slots: int = 10, consumables: int = 5) -> FakeDefinitions:
    def bucket(bucket_hash: int, capacity: int, scope: int = 0, *, is_vaultable: bool = True) -> BucketDefinition:
        return BucketDefinition(bucket_hash, capacity=capacity, scope=scope, is_vaultable=is_vaultable)

    rows = [
        *(bucket(each, slots) for each in (KINETIC, ENERGY, HELMET)),
        bucket(CONSUMABLES, consumables, scope=1),
        bucket(VAULT, vault, scope=1, is_vaultable=False),
        bucket(EMBLEMS, slots, is_vaultable=False),
    ]
    return FakeDefinitions(DEFINITIONS, {row.hash: row for row in rows})


def vaulted(item_hash: int, instance_id: str = "", quantity: int = 1) -> Item:
    return Item(item_hash, instance_id, quantity, VAULT, Place.VAULT, "")


def carried(item_hash: int, instance_id: str, owner: str = HUNTER, bucket_hash: int = 0, state: int = 0) -> Item:
    home = bucket_hash or DEFINITIONS[item_hash].bucket_hash
    return Item(item_hash, instance_id, 1, home, Place.CARRIED, owner, state=state)


def worn(item_hash: int, instance_id: str, owner: str = HUNTER) -> Item:
    return Item(item_hash, instance_id, 1, DEFINITIONS[item_hash].bucket_hash, Place.EQUIPPED, owner, transfer_status=1)


def account(item_hash: int, quantity: int) -> Item:
    return Item(item_hash, "", quantity, DEFINITIONS[item_hash].bucket_hash, Place.ACCOUNT, "")


def lost(item_hash: int, instance_id: str = "", quantity: int = 1, owner: str = HUNTER) -> Item:
    return Item(item_hash, instance_id, quantity, LOST_ITEMS, Place.CARRIED, owner)


def world(*items: Item, facts: FakeDefinitions | None = None, full: tuple[tuple[str, int], ...] = ()) -> World:
    characters = (Character(HUNTER, class_type=1), Character(TITAN, class_type=0), Character(WARLOCK, class_type=2))
    return World(Profile(characters, items), facts or definitions(), full)


def told(steps: tuple[Step, ...]) -> list[tuple[StepKind, str, str]]:
    return [(step.kind, step.instance_id or str(step.item_hash), step.character_id) for step in steps]


def obstacle(here: World, wish: Wish, preferences: Preferences | None = None) -> Obstacle:
    before = dict(here.places)
    with pytest.raises(CannotMove) as refused:
        plan(here, wish, preferences)
    assert here.places == before
    return refused.value.obstacle


def copy(instance_id: str, source: str, target: str, item_hash: int = GUN, *, equip: bool = False) -> Wish:
    return Wish(item_hash, instance_id, source, target, equip=equip)


def test_one_hop_is_one_request() -> None:
    assert told(plan(world(vaulted(GUN, "a")), copy("a", VAULT_STORE, TITAN))) == [(StepKind.FETCH, "a", TITAN)]
    assert told(plan(world(carried(GUN, "a")), copy("a", HUNTER, VAULT_STORE))) == [(StepKind.STORE, "a", HUNTER)]


def test_between_characters_everything_goes_through_the_vault() -> None:
    steps = plan(world(carried(GUN, "a")), copy("a", HUNTER, TITAN))
    assert told(steps) == [(StepKind.STORE, "a", HUNTER), (StepKind.FETCH, "a", TITAN)]


def test_what_is_there_already_takes_no_step() -> None:
    assert plan(world(carried(GUN, "a")), copy("a", HUNTER, HUNTER)) == ()
    assert plan(world(worn(GUN, "a")), copy("a", HUNTER, HUNTER, equip=True)) == ()


def test_what_is_worn_is_taken_off_first_for_something_of_the_same_type() -> None:
    here = world(worn(GUN, "a"), carried(OTHER_GUN, "b"), carried(GUN, "c"))
    steps = plan(here, copy("a", HUNTER, VAULT_STORE))
    assert told(steps) == [(StepKind.EQUIP, "c", HUNTER), (StepKind.STORE, "a", HUNTER)]
    assert steps[0].because is Because.TAKE_OFF


def test_something_to_wear_is_fetched_from_the_vault_when_nothing_is_at_hand() -> None:
    here = world(worn(GUN, "a"), vaulted(OTHER_GUN, "b"), carried(OTHER_GUN, "c", TITAN))
    assert told(plan(here, copy("a", HUNTER, VAULT_STORE))) == [
        (StepKind.FETCH, "b", HUNTER),
        (StepKind.EQUIP, "b", HUNTER),
        (StepKind.STORE, "a", HUNTER),
    ]


def test_the_only_thing_to_wear_stays() -> None:
    assert obstacle(world(worn(GUN, "a")), copy("a", HUNTER, VAULT_STORE)) is Obstacle.NOTHING_ELSE_TO_WEAR


def test_an_exotic_is_worn_instead_only_when_nothing_else_is_left_and_no_other_is_worn() -> None:
    plain = world(worn(GUN, "a"), carried(EXOTIC_GUN, "x"), carried(OTHER_GUN, "b"))
    assert plan(plain, copy("a", HUNTER, VAULT_STORE))[0].instance_id == "b"
    only = world(worn(GUN, "a"), carried(EXOTIC_GUN, "x"))
    assert plan(only, copy("a", HUNTER, VAULT_STORE))[0].instance_id == "x"
    clash = world(worn(GUN, "a"), carried(EXOTIC_GUN, "x"), worn(EXOTIC_BOW, "y"))
    assert obstacle(clash, copy("a", HUNTER, VAULT_STORE)) is Obstacle.NOTHING_ELSE_TO_WEAR


def test_a_second_exotic_takes_the_first_one_off() -> None:
    energy = ItemDefinition(200, "Plain", bucket_hash=ENERGY, tier=TIER_LEGENDARY, is_equippable=True)
    facts = definitions()
    facts.items = {**DEFINITIONS, 200: energy}
    plain = Item(200, "p", 1, ENERGY, Place.CARRIED, HUNTER)
    here = world(worn(GUN, "a"), worn(EXOTIC_BOW, "y"), plain, vaulted(EXOTIC_GUN, "x"), facts=facts)
    steps = plan(here, copy("x", VAULT_STORE, HUNTER, EXOTIC_GUN, equip=True))
    assert told(steps) == [
        (StepKind.FETCH, "x", HUNTER),
        (StepKind.EQUIP, "p", HUNTER),
        (StepKind.EQUIP, "x", HUNTER),
    ]
    assert steps[1].because is Because.ONE_EXOTIC


def test_an_exotic_in_the_same_slot_needs_no_detour() -> None:
    here = world(worn(EXOTIC_GUN, "x"), carried(EXOTIC_GUN, "z"))
    assert told(plan(here, copy("z", HUNTER, HUNTER, EXOTIC_GUN, equip=True))) == [(StepKind.EQUIP, "z", HUNTER)]


def test_a_full_bucket_sends_its_least_wanted_item_to_the_vault() -> None:
    here = world(
        worn(GUN, "w", TITAN),
        carried(GUN, "locked", TITAN, state=ItemState.LOCKED),
        carried(GUN, "loadout", TITAN),
        carried(GUN, "kept", TITAN),
        carried(GUN, "junk", TITAN),
        vaulted(GUN, "a"),
        facts=definitions(slots=5),
    )
    tags = {"kept": Tag.KEEP, "junk": Tag.JUNK}
    mine = Preferences(loadouts=lambda: {"loadout"}, tags=lambda: tags)
    steps = plan(here, copy("a", VAULT_STORE, TITAN), mine)
    assert told(steps) == [(StepKind.STORE, "junk", TITAN), (StepKind.FETCH, "a", TITAN)]
    assert steps[0].because is Because.ROOM


def test_treasures_make_room_when_there_is_nothing_else() -> None:
    here = world(
        worn(GUN, "w", TITAN),
        carried(GUN, "locked", TITAN, state=ItemState.LOCKED),
        vaulted(GUN, "a"),
        facts=definitions(slots=2),
    )
    assert plan(here, copy("a", VAULT_STORE, TITAN))[0].instance_id == "locked"


@pytest.mark.parametrize("moved_last", ["a", "b", "c"])
def test_what_the_player_has_moved_last_makes_room_after_the_rest_of_its_place(moved_last: str) -> None:
    moved_at = dict.fromkeys("abc", 100.0) | {moved_last: 200.0}
    mine = Preferences(moved_at=lambda: moved_at)
    on_titan = world(*(carried(GUN, each, TITAN) for each in "abc"), vaulted(GUN, "x"), facts=definitions(slots=3))
    in_vault = world(*(vaulted(GUN, each) for each in "abc"), carried(GUN, "x", TITAN), facts=definitions(vault=3))
    for here, wish in ((on_titan, copy("x", VAULT_STORE, TITAN)), (in_vault, copy("x", TITAN, VAULT_STORE))):
        gone = plan(here, wish, mine)[0]
        assert (gone.because, gone.instance_id) == (Because.ROOM, "b" if moved_last == "a" else "a")


def test_the_other_items_of_a_batch_never_make_room() -> None:
    here = world(carried(GUN, "b", TITAN), carried(GUN, "c", TITAN), vaulted(GUN, "a"), facts=definitions(slots=2))
    assert plan(here, copy("a", VAULT_STORE, TITAN), Preferences(reserved=frozenset({"b"})))[0].instance_id == "c"


def test_what_is_worn_never_makes_room() -> None:
    here = world(worn(GUN, "w", TITAN), carried(GUN, "b", TITAN), vaulted(GUN, "a"), facts=definitions(slots=2))
    batch = Preferences(reserved=frozenset({"b"}))
    assert obstacle(here, copy("a", VAULT_STORE, TITAN), batch) is Obstacle.NO_ROOM


def test_with_the_last_slot_of_the_vault_needed_for_the_hop_another_character_takes_the_item() -> None:
    here = world(
        carried(GUN, "a", HUNTER),
        carried(GUN, "t", TITAN),
        vaulted(RELIC, "r"),
        facts=definitions(vault=2, slots=1),
    )
    steps = plan(here, copy("a", HUNTER, TITAN))
    assert told(steps) == [
        (StepKind.STORE, "t", TITAN),
        (StepKind.FETCH, "t", WARLOCK),
        (StepKind.STORE, "a", HUNTER),
        (StepKind.FETCH, "a", TITAN),
    ]


def test_a_full_vault_gives_something_to_the_character_played_longest_ago() -> None:
    here = world(carried(GUN, "a"), vaulted(OTHER_GUN, "v"), facts=definitions(vault=1))
    steps = plan(here, copy("a", HUNTER, VAULT_STORE))
    assert told(steps) == [(StepKind.FETCH, "v", WARLOCK), (StepKind.STORE, "a", HUNTER)]


def test_when_everything_is_full_nothing_moves() -> None:
    full = [carried(GUN, f"{owner}-full", owner) for owner in (HUNTER, TITAN, WARLOCK)]
    here = world(*full, vaulted(GUN, "a"), facts=definitions(vault=1, slots=1))
    assert obstacle(here, copy("a", VAULT_STORE, TITAN)) is Obstacle.NO_ROOM


def test_a_place_that_refused_an_item_is_relieved_first_whatever_it_looks_like() -> None:
    here = world(carried(GUN, "a"), vaulted(OTHER_GUN, "v"), full=((VAULT_STORE, VAULT),))
    steps = plan(here, copy("a", HUNTER, VAULT_STORE))
    assert told(steps) == [(StepKind.FETCH, "v", WARLOCK), (StepKind.STORE, "a", HUNTER)]
    alone = world(carried(GUN, "a"), full=((VAULT_STORE, VAULT),))
    assert obstacle(alone, copy("a", HUNTER, VAULT_STORE)) is Obstacle.NO_ROOM


def test_from_the_postmaster_to_its_owner_and_beyond() -> None:
    assert told(plan(world(lost(GUN, "a")), copy("a", HUNTER, HUNTER))) == [(StepKind.PULL, "a", HUNTER)]
    assert told(plan(world(lost(GUN, "a")), copy("a", HUNTER, TITAN))) == [
        (StepKind.PULL, "a", HUNTER),
        (StepKind.STORE, "a", HUNTER),
        (StepKind.FETCH, "a", TITAN),
    ]


def test_what_may_only_be_claimed_in_the_game_stays_with_the_postmaster() -> None:
    assert obstacle(world(lost(BAD_PARCEL)), Wish(BAD_PARCEL, "", HUNTER, HUNTER)) is Obstacle.SIDE_EFFECTS


def test_stacks_of_the_account_have_no_owner() -> None:
    steps = plan(world(vaulted(PRISM, quantity=4)), Wish(PRISM, "", VAULT_STORE, TITAN, 4))
    assert [step[:5] for step in steps] == [(StepKind.FETCH, PRISM, "", 4, HUNTER)]
    assert plan(world(account(PRISM, 4)), Wish(PRISM, "", TITAN, WARLOCK, 4)) == ()


def test_pieces_of_a_stack_merge_and_no_piece_is_lost() -> None:
    here = world(account(PRISM, 8), vaulted(PRISM, quantity=9))
    plan(here, Wish(PRISM, "", ACCOUNT_STORE, VAULT_STORE, 5))
    assert [each.quantity for each in here.at(ACCOUNT_STORE, CONSUMABLES)] == [3]
    assert [each.quantity for each in here.in_vault()] == [10, 4]


def test_a_stack_that_merges_needs_no_slot() -> None:
    here = world(account(PRISM, 1), vaulted(PRISM, quantity=9), facts=definitions(vault=1))
    assert told(plan(here, Wish(PRISM, "", ACCOUNT_STORE, VAULT_STORE, 1))) == [(StepKind.STORE, str(PRISM), HUNTER)]


def test_only_one_stack_of_some_things_may_exist() -> None:
    label = ItemDefinition(PRISM, "Prism", bucket_hash=CONSUMABLES, max_stack=10, stack_unique_label="one")
    facts = definitions()
    facts.items = {**DEFINITIONS, PRISM: label}
    here = world(account(PRISM, 8), vaulted(PRISM, quantity=9), facts=facts)
    assert obstacle(here, Wish(PRISM, "", VAULT_STORE, HUNTER, 3)) is Obstacle.UNIQUE


@pytest.mark.parametrize(
    ("here", "wish", "why"),
    [
        (world(), copy("a", VAULT_STORE, TITAN), Obstacle.GONE),
        (world(account(PRISM, 2)), Wish(PRISM, "", ACCOUNT_STORE, VAULT_STORE, 3), Obstacle.NOT_ENOUGH),
        (world(vaulted(GUN, "a")), copy("a", VAULT_STORE, "9"), Obstacle.NO_CHARACTER),
        (world(vaulted(GUN, "a")), copy("a", VAULT_STORE, ACCOUNT_STORE), Obstacle.NO_CHARACTER),
        (world(vaulted(999, "a")), copy("a", VAULT_STORE, TITAN, 999), Obstacle.UNKNOWN),
        (world(carried(RELIC, "a")), copy("a", HUNTER, VAULT_STORE, RELIC), Obstacle.BOUND),
        (world(carried(BADGE, "a")), copy("a", HUNTER, TITAN, BADGE), Obstacle.NOT_STORABLE),
        (world(vaulted(HELM, "a")), copy("a", VAULT_STORE, HUNTER, HELM, equip=True), Obstacle.WRONG_CLASS),
        (world(carried(GUN, "a")), copy("a", HUNTER, VAULT_STORE, equip=True), Obstacle.NOT_WEARABLE),
        (world(account(PRISM, 2)), Wish(PRISM, "", HUNTER, HUNTER, 1, equip=True), Obstacle.NOT_WEARABLE),
    ],
    ids=lambda value: str(value) if isinstance(value, Obstacle) else "",
)
def test_what_cannot_be_is_refused_with_its_reason(here: World, wish: Wish, why: Obstacle) -> None:
    assert obstacle(here, wish) is why


def test_armor_of_another_class_may_be_carried() -> None:
    assert told(plan(world(vaulted(HELM, "a")), copy("a", VAULT_STORE, HUNTER, HELM))) == [
        (StepKind.FETCH, "a", HUNTER)
    ]


def test_what_does_not_move_can_still_be_worn() -> None:
    here = world(worn(BADGE, "b"), carried(BADGE, "a"))
    assert told(plan(here, copy("a", HUNTER, HUNTER, BADGE, equip=True))) == [(StepKind.EQUIP, "a", HUNTER)]


def test_a_copy_that_was_moved_meanwhile_is_found_where_it_is() -> None:
    assert told(plan(world(carried(GUN, "a", TITAN)), copy("a", VAULT_STORE, TITAN))) == []


def test_what_cannot_be_stored_does_not_make_room() -> None:
    full = [carried(BADGE, "b"), lost(BADGE, "a")]
    assert obstacle(world(*full, facts=definitions(slots=1)), copy("a", HUNTER, HUNTER, BADGE)) is Obstacle.NO_ROOM
