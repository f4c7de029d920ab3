"""The sandbox refuses what the game refuses, and loses nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from app.sandbox.definitions import Definitions, ItemFacts
from app.sandbox.demo import demo_world
from app.sandbox.demo.catalogue import CLASSIFIED, SIDE_EFFECTS, UNKNOWN
from app.sandbox.envelope import BungieError, Json
from app.sandbox.player import POSTMASTER, VAULT, Player
from app.sandbox.rules import Carrier, Order
from app.sandbox.wearing import equip
from tests.unit.sandbox.visitor import belongings

TITAN, HUNTER = "2305843009000000100", "2305843009000000101"
KINETIC, CHEST, CONSUMABLES = 1498876634, 14239492, 1469714392
PRISM = 4257549984


@pytest.fixture(scope="module")
def definitions() -> Iterator[Definitions]:
    world = demo_world()
    made = Definitions(world.manifest, world.known_items)
    yield made
    made.close()


@pytest.fixture
def player() -> Player:
    return Player(demo_world().accounts[0])


@pytest.fixture
def carrier(player: Player, definitions: Definitions) -> Carrier:
    return Carrier(player, definitions)


def order(item: Json, character_id: str = TITAN, amount: int = 1) -> Order:
    return Order(item["itemHash"], item.get("itemInstanceId", "0"), amount, character_id)


def in_bucket(items: list[Json], bucket: int) -> list[Json]:
    return [item for item in items if item["bucketHash"] == bucket]


def vaulted(player: Player, definitions: Definitions, home: int) -> list[Json]:
    stored = in_bucket(player.account_items(), VAULT)
    return [item for item in stored if (facts := definitions.item(item["itemHash"])) and facts.bucket_hash == home]


def code_of(call: Callable[..., None], *arguments: object) -> int:
    with pytest.raises(BungieError) as refused:
        call(*arguments)
    return refused.value.code


def test_an_item_moves_to_the_vault_and_says_where_it_is(player: Player, carrier: Carrier) -> None:
    item = in_bucket(player.carried(TITAN), KINETIC)[0]
    carrier.to_vault(order(item))
    place, found = player.find(item["itemInstanceId"])
    assert place.character_id is None
    assert (found["bucketHash"], found["location"]) == (VAULT, 2)
    row = player.instance_data("instances", item["itemInstanceId"])
    assert (row["canEquip"], row["cannotEquipReason"]) == (False, 16)


def test_an_item_comes_back_to_its_own_bucket_of_the_character_named(player: Player, carrier: Carrier) -> None:
    item = in_bucket(player.carried(TITAN), KINETIC)[0]
    carrier.to_vault(order(item))
    carrier.from_vault(order(item, HUNTER))
    place, found = player.find(item["itemInstanceId"])
    assert place.character_id == HUNTER
    assert (found["bucketHash"], found["location"]) == (KINETIC, 1)
    assert player.instance_data("instances", item["itemInstanceId"])["cannotEquipReason"] == 0


def test_armor_of_another_class_is_carried_but_not_wearable(
    player: Player, carrier: Carrier, definitions: Definitions
) -> None:
    plate = next(i for i in vaulted(player, definitions, CHEST) if definitions.item(i["itemHash"]).class_type == 0)
    carrier.from_vault(order(plate, HUNTER))
    assert player.instance_data("instances", plate["itemInstanceId"])["canEquip"] is False
    assert code_of(equip, player, definitions, HUNTER, plate["itemInstanceId"]) == 1640


def test_a_worn_item_does_not_move(player: Player, carrier: Carrier) -> None:
    worn = in_bucket(player.worn(TITAN), KINETIC)[0]
    assert code_of(carrier.to_vault, order(worn)) == 1656
    assert code_of(carrier.from_vault, order(worn)) == 1656


def test_an_item_that_is_not_there_is_not_found(player: Player, carrier: Carrier) -> None:
    carried = in_bucket(player.carried(TITAN), KINETIC)[0]
    assert code_of(carrier.to_vault, order(carried, HUNTER)) == 1623
    assert code_of(carrier.from_vault, order(carried)) == 1623
    assert code_of(carrier.to_vault, Order(1, carried["itemInstanceId"], 1, TITAN)) == 1623


def test_a_bucket_of_ten_takes_the_tenth_and_refuses_the_eleventh(
    player: Player, carrier: Carrier, definitions: Definitions
) -> None:
    stored = vaulted(player, definitions, KINETIC)
    held = len(in_bucket(player.carried(TITAN), KINETIC)) + len(in_bucket(player.worn(TITAN), KINETIC))
    for item in stored[: 10 - held]:
        carrier.from_vault(order(item))
    assert code_of(carrier.from_vault, order(stored[10 - held])) == 1642
    assert len(in_bucket(player.carried(TITAN), KINETIC)) == 9


def test_the_vault_refuses_when_its_own_count_is_reached(
    player: Player, carrier: Carrier, definitions: Definitions
) -> None:
    vault = in_bucket(player.account_items(), VAULT)
    room = definitions.bucket(VAULT).capacity - len(vault)
    movable = [item for item in player.carried(TITAN) if item["bucketHash"] in {KINETIC, CHEST, 2465295065, 953998645}]
    movable += [i for i in player.carried(TITAN) if i["bucketHash"] in {3448274439, 20886954, 3551918588, 1585787867}]
    assert room == 15
    for item in movable[:room]:
        carrier.to_vault(order(item))
    assert code_of(carrier.to_vault, order(movable[room])) == 1642


def test_what_is_hidden_in_the_vault_takes_room(player: Player, definitions: Definitions) -> None:
    crowded = Carrier(player, definitions, hidden_vault_items=15)
    assert code_of(crowded.to_vault, order(in_bucket(player.carried(TITAN), KINETIC)[0])) == 1642


@pytest.mark.parametrize("bucket", [3284755031, 4274335291, 1345459588, 375726501])
def test_what_never_moves_is_refused(player: Player, carrier: Carrier, bucket: int) -> None:
    assert code_of(carrier.to_vault, order(in_bucket(player.carried(TITAN), bucket)[0])) == 1660


def test_what_lies_in_a_bucket_without_a_way_to_the_vault_stays_there(player: Player) -> None:
    made = {"itemHash": 5, "itemInstanceId": "5", "bucketHash": 3284755031, "transferStatus": 0, "state": 0}
    player.carried(TITAN).append(made)
    definitions = Definitions(demo_world().manifest, {5: ItemFacts(3284755031)})
    assert code_of(Carrier(player, definitions).to_vault, order(made)) == 1646
    definitions.close()


def test_a_full_account_bucket_merges_but_opens_no_new_stack(player: Player, definitions: Definitions) -> None:
    capacity, held = definitions.bucket(CONSUMABLES).capacity, len(in_bucket(player.account_items(), CONSUMABLES))
    stack = next(item for item in player.account_items() if item["itemHash"] == PRISM)
    filler = [stack | {"itemHash": 7, "bucketHash": CONSUMABLES} for _ in range(capacity - held)]
    player.account_items().extend(filler)
    stored = next(item for item in in_bucket(player.account_items(), VAULT) if item["itemHash"] == PRISM)
    stored["quantity"] = 200
    carrier = Carrier(player, definitions)
    assert code_of(carrier.from_vault, order(stored, amount=141)) == 1642
    carrier.from_vault(order(stored, amount=140))
    assert prisms(player, CONSUMABLES) == [200, 200, 200]


def test_items_in_the_postmaster_cannot_go_straight_to_the_vault(
    player: Player, carrier: Carrier, definitions: Definitions
) -> None:
    lost = next(
        i
        for i in in_bucket(player.carried(TITAN), POSTMASTER)
        if definitions.item(i["itemHash"]).bucket_hash == KINETIC
    )
    assert code_of(carrier.to_vault, order(lost)) == 1646


def test_the_postmaster_gives_to_the_home_bucket_until_that_is_full(
    player: Player, carrier: Carrier, definitions: Definitions
) -> None:
    lost = [
        i
        for i in in_bucket(player.carried(TITAN), POSTMASTER)
        if definitions.item(i["itemHash"]).bucket_hash == KINETIC
    ]
    room = 10 - len(in_bucket(player.carried(TITAN), KINETIC)) - 1
    for item in lost[:room]:
        carrier.from_postmaster(order(item))
        assert item["bucketHash"] == KINETIC
    assert code_of(carrier.from_postmaster, order(lost[room])) == 1642


def test_the_postmaster_keeps_what_only_the_game_may_give(player: Player, carrier: Carrier) -> None:
    sealed = next(item for item in player.carried(TITAN) if item["itemHash"] == SIDE_EFFECTS)
    assert code_of(carrier.from_postmaster, order(sealed)) == 1673


def test_the_postmaster_of_one_character_is_not_anothers(player: Player, carrier: Carrier) -> None:
    lost = in_bucket(player.carried(TITAN), POSTMASTER)[-1]
    assert code_of(carrier.from_postmaster, order(lost, HUNTER)) == 1623


def test_a_stack_from_the_postmaster_merges_into_the_account_bucket(player: Player, carrier: Carrier) -> None:
    lost = next(
        i
        for i in in_bucket(player.carried(TITAN), POSTMASTER)
        if "itemInstanceId" not in i and i["itemHash"] != SIDE_EFFECTS
    )
    before = belongings(player.components)
    stacks = len(in_bucket(player.account_items(), CONSUMABLES))
    carrier.from_postmaster(order(lost, amount=lost["quantity"]))
    assert belongings(player.components) == before
    assert len(in_bucket(player.account_items(), CONSUMABLES)) in {stacks, stacks + 1}


def prisms(player: Player, bucket: int) -> list[int]:
    return sorted(item["quantity"] for item in in_bucket(player.account_items(), bucket) if item["itemHash"] == PRISM)


def test_part_of_a_stack_fills_the_open_stack_before_it_begins_another(player: Player, carrier: Carrier) -> None:
    assert prisms(player, CONSUMABLES) == [60, 200, 200]
    assert prisms(player, VAULT) == [66]
    carrier.from_vault(Order(PRISM, "0", 60, TITAN))
    assert prisms(player, CONSUMABLES) == [120, 200, 200]
    carrier.to_vault(Order(PRISM, "0", 286, TITAN))
    assert prisms(player, CONSUMABLES) == [34, 200]
    assert prisms(player, VAULT) == [92, 200]


def test_more_than_there_is_moves_nothing(player: Player, carrier: Carrier) -> None:
    assert code_of(carrier.from_vault, Order(PRISM, "0", 67, TITAN)) == 1623
    assert prisms(player, VAULT) == [66]


def test_a_single_stack_item_never_has_two_stacks_in_one_place(
    player: Player, carrier: Carrier, definitions: Definitions
) -> None:
    limited = next(
        item
        for item in in_bucket(player.account_items(), CONSUMABLES)
        if (facts := definitions.item(item["itemHash"])) and facts.stack_label and item["quantity"] > 1
    )
    facts = definitions.item(limited["itemHash"])
    player.account_items().append(limited | {"bucketHash": VAULT, "location": 2, "quantity": facts.max_stack})
    assert code_of(carrier.to_vault, order(limited)) == 1648


def test_a_lock_is_inherited_only_when_the_old_bug_is_switched_on(player: Player, definitions: Definitions) -> None:
    first, second = in_bucket(player.carried(TITAN), KINETIC)[:2]
    second["itemHash"] = first["itemHash"]
    first["state"], second["state"] = 0, 1
    Carrier(player, definitions).to_vault(order(first))
    assert first["state"] == 0
    Carrier(player, definitions).from_vault(order(first))
    Carrier(player, definitions, inherits_lock=True).to_vault(order(first))
    assert first["state"] == 1


@pytest.mark.parametrize("item_hash", [*list(UNKNOWN)[1:2], *list(CLASSIFIED)[:2]])
def test_unknown_and_classified_items_move_like_any_other(
    player: Player, carrier: Carrier, definitions: Definitions, item_hash: int
) -> None:
    item = next(item for item in player.account_items() if item["itemHash"] == item_hash)
    carrier.from_vault(order(item))
    assert item["bucketHash"] == definitions.item(item_hash).bucket_hash
    carrier.to_vault(order(item))
    assert item["bucketHash"] == VAULT


def test_equipping_swaps_and_leaves_exactly_one_worn(player: Player, definitions: Definitions) -> None:
    worn, carried = in_bucket(player.worn(TITAN), 2465295065)[0], in_bucket(player.carried(TITAN), 2465295065)[0]
    light = player.data("characters")[TITAN]["light"]
    equip(player, definitions, TITAN, carried["itemInstanceId"])
    assert [item["itemInstanceId"] for item in in_bucket(player.worn(TITAN), 2465295065)] == [carried["itemInstanceId"]]
    assert worn in player.carried(TITAN)
    assert (worn["transferStatus"], carried["transferStatus"]) == (0, 1)
    assert player.instance_data("instances", carried["itemInstanceId"])["isEquipped"] is True
    assert player.data("characters")[TITAN]["light"] != light


def test_a_second_exotic_of_a_group_is_refused_but_the_same_slot_may_change(
    player: Player, carrier: Carrier, definitions: Definitions
) -> None:
    exotics = [
        i
        for i in in_bucket(player.account_items(), VAULT)
        if definitions.item(i["itemHash"]).unique_label == "exotic_weapon"
    ]
    energy = next(i for i in exotics if definitions.item(i["itemHash"]).bucket_hash == 2465295065)
    kinetic = next(i for i in exotics if definitions.item(i["itemHash"]).bucket_hash == KINETIC)
    carrier.from_vault(order(energy))
    carrier.from_vault(order(kinetic))
    assert code_of(equip, player, definitions, TITAN, energy["itemInstanceId"]) == 1641
    equip(player, definitions, TITAN, kinetic["itemInstanceId"])
    assert kinetic in player.worn(TITAN)


def test_only_what_is_on_the_character_can_be_put_on(player: Player, definitions: Definitions) -> None:
    elsewhere = in_bucket(player.account_items(), VAULT)[0]
    lost = in_bucket(player.carried(TITAN), POSTMASTER)[-1]
    assert code_of(equip, player, definitions, TITAN, elsewhere["itemInstanceId"]) == 1623
    assert code_of(equip, player, definitions, TITAN, lost["itemInstanceId"]) == 1623


def one_random_action(dice: random.Random, player: Player, definitions: Definitions) -> bool:
    """Try something; whether it was allowed. Only refusals that the game knows may be raised."""
    try:
        try_something(dice, player, definitions)
    except BungieError as refused:
        if refused.code not in {1623, 1640, 1641, 1642, 1646, 1648, 1656, 1660, 1673}:
            raise
        return False
    return True


def try_something(dice: random.Random, player: Player, definitions: Definitions) -> None:
    place = dice.choice([place for place in player.places() if place.items])
    item = dice.choice(place.items)
    wanted = replace(order(item, dice.choice(player.character_ids)), amount=dice.randint(1, item["quantity"]))
    carrier = Carrier(player, definitions)
    if dice.random() < 0.2 and "itemInstanceId" in item:
        equip(player, definitions, wanted.character_id, item["itemInstanceId"])
    else:
        dice.choice([carrier.to_vault, carrier.from_vault, carrier.from_vault, carrier.from_postmaster])(wanted)


@pytest.mark.parametrize("seed", range(6))
def test_no_sequence_of_actions_loses_doubles_or_overfills(player: Player, definitions: Definitions, seed: int) -> None:
    dice, before, done = random.Random(seed), belongings(player.components), 0
    for _ in range(400):
        done += one_random_action(dice, player, definitions)
        assert belongings(player.components) == before
    assert done > 20
    assert_within_capacity(player, definitions)


def assert_within_capacity(player: Player, definitions: Definitions) -> None:
    assert len(in_bucket(player.account_items(), VAULT)) <= definitions.bucket(VAULT).capacity
    assert len(in_bucket(player.account_items(), CONSUMABLES)) <= definitions.bucket(CONSUMABLES).capacity
    for character_id in player.character_ids:
        for slot in (KINETIC, CHEST, 2465295065):
            assert len(in_bucket(player.worn(character_id), slot)) == 1
            assert len(in_bucket(player.carried(character_id), slot)) <= 9
        labels = [definitions.item(item["itemHash"]).unique_label for item in player.worn(character_id)]
        assert labels.count("exotic_weapon") <= 1
        assert labels.count("exotic_armor") <= 1
