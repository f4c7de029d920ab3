"""Every item that Bungie lists is shown exactly once, wherever it lies and whatever is known of it."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bungie.profiles import parse_profile
from app.inventory.arrange import Inventory, arrange
from app.inventory.buckets import Group
from app.inventory.items import Instance, Item, Place, power_of
from app.inventory.profile import Character, Profile
from tests.builders import (
    CONSUMABLES,
    GLIMMER,
    HELMET,
    KINETIC,
    LOST_ITEMS,
    VAULT,
    FakeDefinitions,
    bucket,
    item,
    weapon,
    with_power,
)  # fmt: skip
from tests.shared import requires_shared, shared_dir

GAME = FakeDefinitions(
    items={1: weapon(1), 2: weapon(2, "Sunshot"), 3: weapon(3, "Old friend", tier=5)},
    bucket_rows={
        KINETIC: bucket(KINETIC, "Kinetic Weapons"),
        VAULT: bucket(VAULT, "General", 700),
        LOST_ITEMS: bucket(LOST_ITEMS, "Lost Items", 21),
        GLIMMER: bucket(GLIMMER, "Glimmer", 1, category=2),
    },
)


def shown(inventory: Inventory) -> list[Item]:
    stores = [inventory.vault, inventory.account, inventory.currencies]
    stores += [store.sections for store in inventory.characters]
    return [owned.item for sections in stores for section in sections for owned in section.items]


def test_a_vaulted_weapon_stands_under_its_home_bucket() -> None:
    inventory = arrange(Profile((), (item(1, "11"),)), GAME)
    assert [(section.bucket_hash, section.group) for section in inventory.vault] == [(KINETIC, Group.WEAPONS)]
    assert (inventory.vault_used, inventory.vault_capacity) == (1, 700)


def test_an_item_without_a_definition_stays_in_the_vault_s_own_section() -> None:
    inventory = arrange(Profile((), (item(999, "11"),)), GAME)
    (section,) = inventory.vault
    assert (section.bucket_hash, section.items[0].definition) == (VAULT, None)


def test_an_item_in_a_bucket_nobody_knows_is_shown_under_other() -> None:
    hunter = Character("c1")
    lost = item(1, "11", bucket_hash=77, place=Place.CARRIED, owner="c1")
    inventory = arrange(Profile((hunter,), (lost,)), GAME)
    (section,) = inventory.characters[0].sections
    assert (section.bucket_hash, section.group, section.capacity) == (77, Group.OTHER, None)


def test_what_is_worn_stands_first_then_rarity_power_and_name_decide() -> None:
    hunter = Character("c1")
    carried = {"bucket_hash": KINETIC, "place": Place.CARRIED, "owner": "c1"}
    items = (
        item(3, "legendary", **carried, instance=with_power(2000)),
        item(1, "exotic-low", **carried, instance=with_power(10)),
        item(2, "exotic-high", **carried, instance=with_power(20)),
        item(3, "worn", **(carried | {"place": Place.EQUIPPED})),
    )
    (section,) = arrange(Profile((hunter,), items), GAME).characters[0].sections
    assert [owned.item.instance_id for owned in section.items] == ["worn", "exotic-high", "exotic-low", "legendary"]
    assert section.capacity == 10


def test_the_postmaster_is_recognised_by_bucket_because_bungie_gives_it_the_inventory_s_location() -> None:
    hunter = Character("c1")
    waiting = item(1, "11", bucket_hash=LOST_ITEMS, place=Place.CARRIED, owner="c1")
    (section,) = arrange(Profile((hunter,), (waiting,)), GAME).characters[0].sections
    assert (section.group, section.capacity) == (Group.POSTMASTER, 21)


def test_currencies_and_account_wide_stacks_have_their_own_places() -> None:
    glimmer = item(50, quantity=250_000, bucket_hash=GLIMMER, place=Place.CURRENCY)
    cores = item(60, quantity=7, bucket_hash=CONSUMABLES, place=Place.ACCOUNT)
    inventory = arrange(Profile((), (glimmer, cores)), GAME)
    assert [section.bucket_hash for section in inventory.currencies] == [GLIMMER]
    assert [section.bucket_hash for section in inventory.account] == [CONSUMABLES]


def test_only_power_stats_count_as_power() -> None:
    speed = Instance(primary_stat_hash=1501155019, primary_stat=160)
    assert power_of(item(1, "1", instance=speed)) is None
    assert power_of(item(1, "1", instance=with_power(550))) == 550
    assert power_of(item(1, "1", instance=Instance(item_level=55, quality=3)), is_redacted=True) == 553


PLACES = st.sampled_from([
    (Place.VAULT, "", VAULT), (Place.ACCOUNT, "", CONSUMABLES), (Place.CURRENCY, "", GLIMMER),
    (Place.CARRIED, "c1", KINETIC), (Place.EQUIPPED, "c1", HELMET), (Place.CARRIED, "c2", LOST_ITEMS),
    (Place.CARRIED, "c2", 0),
])  # fmt: skip


@given(st.lists(st.tuples(PLACES, st.sampled_from([0, 1, 2, 3, 999]), st.sampled_from(["", "7", "8"])), max_size=60))
def test_any_profile_is_shown_completely_and_without_doubles(entries: list) -> None:
    items = tuple(
        item(item_hash, instance_id, place=place, owner=owner, bucket_hash=bucket_hash)
        for (place, owner, bucket_hash), item_hash, instance_id in entries
    )
    inventory = arrange(Profile((Character("c1"), Character("c2")), items), GAME)
    assert Counter(shown(inventory)) == Counter(items)


@requires_shared
@pytest.mark.parametrize("path", sorted((shared_dir() or pytest).glob("worlds/*/accounts/*/profile.json"))
                         if shared_dir() else [], ids=lambda path: path.parent.name)  # fmt: skip
def test_every_recorded_account_is_shown_completely_even_without_any_definition(path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    raw = orjson.loads(path.read_bytes())
    profile = parse_profile(raw.get("Response", raw))
    listed = _listed(raw.get("Response", raw))
    inventory = arrange(profile, FakeDefinitions())
    assert Counter((each.hash, each.instance_id, each.quantity) for each in shown(inventory)) == listed


def _listed(response: dict) -> Counter:
    """The items of a raw answer, counted by the test's own reading of it."""
    lists = [
        response.get(name, {}).get("data", {}).get("items", []) for name in ("profileInventory", "profileCurrencies")
    ]
    for name in ("characterInventories", "characterEquipment"):
        lists += [inventory["items"] for inventory in response.get(name, {}).get("data", {}).values()]
    return Counter(
        (each["itemHash"], each.get("itemInstanceId", ""), each["quantity"]) for one in lists for each in one
    )
