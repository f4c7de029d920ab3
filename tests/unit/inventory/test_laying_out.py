"""Order, heaps and duplicates: nothing is lost by them, every key can be turned round, and the unknown comes last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bungie.profiles import parse_profile
from app.inventory.arrange import Inventory, OwnedItem, arrange
from app.inventory.definitions import ItemDefinition
from app.inventory.duplicates import duplicates
from app.inventory.grouping import GROUPINGS, heaps
from app.inventory.items import Instance, ItemDetails, ItemState, Place, Socket
from app.inventory.layout import Layout, laid_out
from app.inventory.order_facts import LOW_IS_GOOD, STATS
from app.inventory.profile import Character, Profile
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Reading
from app.inventory.search.keyword import Need
from app.inventory.search.keywords.stats import SIX
from app.inventory.search.narrow import everything
from app.inventory.sorting import KEYS, MOST_KEYS, SortBy, in_order, read_order, written
from tests.builders import ATTACK, KINETIC, FakeDefinitions, bucket, item, weapon
from tests.shared import requires_shared, shared_dir


def owned(name: str = "", instance_id: str = "", power: int | None = None, **facts: object) -> OwnedItem:
    """Facts of the copy by the names of Item and Instance, all others are the definition's."""
    of_item = {key: facts.pop(key) for key in list(facts) if key in {"state", "quantity", "place", "expires_at"}}
    tag = str(facts.pop("tag", ""))
    of_copy = {key: facts.pop(key) for key in list(facts) if key in Instance._fields}
    instance = Instance(**of_copy) if of_copy else None  # type: ignore[arg-type]
    known = ItemDefinition(1, name=name, **facts) if name else None  # type: ignore[arg-type]
    return OwnedItem(item(1, instance_id, instance=instance, **of_item), known, power, tag)


def names(items: tuple[OwnedItem, ...]) -> str:
    return " ".join(each.definition.name if each.definition else "?" for each in items)


A_MARK = "/common/destiny2_content/icons/249813e647271a82x.png"


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("power", owned("A", power=20), owned("B", power=10)),
        ("name", owned("a"), owned("B")),
        ("rarity", owned("A", tier=6), owned("B", tier=5)),
        ("type", owned("A", type_name="Bow"), owned("B", type_name="sword")),
        ("element", owned("A", damage_type=2), owned("B", damage_type=3)),
        ("ammo", owned("A", ammo_type=1), owned("B", ammo_type=3)),
        ("class", owned("A", class_type=0), owned("B", class_type=2)),
        ("recency", owned("A", "6917529000000000010"), owned("B", "6917529000000000009")),
        ("season", owned("A", watermark=A_MARK), owned("B", watermark="/7ba9d804508dd083.png")),
        ("tier", owned("A", gear_tier=5), owned("B", gear_tier=2)),
        ("energy", owned("A", energy_capacity=10), owned("B", energy_capacity=1)),
        ("breaker", owned("A", breaker_type=1), owned("B", breaker_type=2)),
        ("tag", owned("A", tag="keep"), owned("B", tag="junk")),
        ("tag", owned("A", tag="archive"), owned("B", tag="a label")),
        ("tag", owned("A", tag="Early"), owned("B", tag="later")),
        ("quest", owned("A", trait_ids=("quest.exotic",)), owned("B", item_type=26)),
        ("quest", owned("A", item_type=26), owned("B", item_type=12)),
        ("expiry", owned("A", expires_at="2026-11-21T17:00:00Z"), owned("B", expires_at="2026-11-28T17:00:00Z")),
    ],
)
def test_a_key_has_a_natural_direction_can_be_turned_and_leaves_the_unknown_last(
    key: str, first: OwnedItem, second: OwnedItem
) -> None:
    silent = owned()
    for start in ((silent, second, first), (first, silent, second)):
        assert in_order(start, (SortBy(key),)) == (first, second, silent)
        assert in_order(start, (SortBy(key, is_reversed=True),)) == (second, first, silent)


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("amount", owned("A", quantity=300), owned("B", quantity=2)),
        ("masterworked", owned("A", state=int(ItemState.MASTERWORK)), owned("B")),
        ("crafted", owned("A", state=int(ItemState.CRAFTED)), owned("B")),
        ("deepsight", owned("A", state=int(ItemState.DEEPSIGHT)), owned("B")),
        ("locked", owned("A", state=int(ItemState.LOCKED)), owned("B")),
        ("featured", owned("A", is_featured=True), owned("B")),
    ],
)
def test_a_mark_comes_first_and_turned_round_last(key: str, first: OwnedItem, second: OwnedItem) -> None:
    assert in_order((second, first), (SortBy(key),)) == (first, second)
    assert in_order((first, second), (SortBy(key, is_reversed=True),)) == (second, first)


class Sockets(NamedTuple):
    """A copy with one plug in a socket, and its stats."""

    category: str
    name: str = ""
    stats: Mapping[int, int] = {}
    item_type: int = WEAPON

    def owned(self, number: int) -> OwnedItem:
        known = ItemDefinition(number, name=str(number), item_type=self.item_type)
        return OwnedItem(item(number, str(number)), known, None)


def facts_of(*copies: Sockets) -> Collection:
    """What is read of copies numbered from 1."""
    plugs = {100 + place: each for place, each in enumerate(copies, 1)}
    details = {
        str(place): ItemDetails(
            stats=dict(each.stats), sockets=(Socket(100 + place, is_enabled=True, is_visible=True),)
        )
        for place, each in enumerate(copies, 1)
    }
    rows = {place: ItemDefinition(place, name=each.name, plug_category=each.category) for place, each in plugs.items()}
    return Collection((), reading=Reading(details, FakeDefinitions(rows)))


MASTERWORK = "v400.plugs.weapons.masterworks.stat.range"


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("archetype", Sockets("armor_archetypes", "Brawler", item_type=ARMOR),
         Sockets("armor_archetypes", "gunner", item_type=ARMOR)),
        ("frame", Sockets("intrinsics", "Adaptive Frame"), Sockets("intrinsics", "Rapid-Fire Frame")),
        ("total", Sockets("", stats=dict.fromkeys(SIX, 12)), Sockets("", stats=dict.fromkeys(SIX, 10))),
        ("masterworktier", Sockets(MASTERWORK, "Tier 7: Range"), Sockets(MASTERWORK, "Tier 2: Range")),
        *((f"stat.{word}", Sockets("", stats={stat: 9}), Sockets("", stats={stat: 8}))
          for word, stat in STATS.items() if stat not in LOW_IS_GOOD),
        *((f"stat.{word}", Sockets("", stats={stat: 8}), Sockets("", stats={stat: 9}))
          for word, stat in STATS.items() if stat in LOW_IS_GOOD),
    ],
)  # fmt: skip
def test_what_sits_in_sockets_orders_both_ways_and_what_has_none_comes_last(
    key: str, first: Sockets, second: Sockets
) -> None:
    order, facts = (SortBy(key),), facts_of(first, second)
    items = (owned(), second.owned(2), first.owned(1))
    assert [each.item.hash for each in in_order(items, order, facts)][:2] == [1, 2]
    assert [each.item.hash for each in in_order(items, (SortBy(key, is_reversed=True),), facts)][:2] == [2, 1]
    assert in_order(items, order, facts)[2] == in_order(items, (SortBy(key, is_reversed=True),), facts)[2] == items[0]
    assert Layout(order).need == Need.PLUGS
    assert Layout(read_order(["power"])).need == Need.NOTHING


def test_every_key_is_held_by_one_of_the_tests_above() -> None:
    tried = {
        case[0]
        for test in (
            test_a_key_has_a_natural_direction_can_be_turned_and_leaves_the_unknown_last,
            test_a_mark_comes_first_and_turned_round_last,
            test_what_sits_in_sockets_orders_both_ways_and_what_has_none_comes_last,
        )
        for case in test.pytestmark[0].args[1]  # type: ignore[attr-defined]
    }
    assert tried == set(KEYS)


# By which the field's clients order and group, and what that is here.
# Rating is of the first Destiny; owner and bucket are what sections are made by, and columns of a table.
ORDERS_OF_THE_FIELD = {
    "type": "type", "rarity": "rarity", "power": "power", "amount": "amount", "class": "class", "ammo": "ammo",
    "name": "name", "tag": "tag", "season": "season", "recency": "recency", "element": "element",
    "breaker": "breaker", "masterworked": "masterworked", "crafted": "crafted", "deepsight": "deepsight",
    "featured": "featured", "tier": "tier", "archetype": "archetype", "frame": "frame",
    "stat": "stat.range", "stat total": "total", "subtype": "type", "masterwork": "masterworktier",
    "quantity": "amount", "quest group": "quest", "expiry": "expiry", "priority tags": "tag", "damage": "element",
}  # fmt: skip
GROUPS_OF_THE_FIELD = {"type", "rarity", "ammo", "tag", "element", "breaker", "class"}


def test_everything_by_which_other_clients_order_or_group_is_there() -> None:
    assert set(ORDERS_OF_THE_FIELD.values()) <= set(KEYS)
    assert set(GROUPINGS) >= GROUPS_OF_THE_FIELD
    assert {"archetype", "frame", "quest", "crafted", "masterworked", "deepsight", "featured"} <= set(GROUPINGS)


def test_groups_by_what_sits_in_sockets_need_it_read() -> None:
    facts = facts_of(Sockets("intrinsics", "Adaptive Frame"), Sockets("intrinsics", "Rapid-Fire Frame"))
    items = (Sockets("").owned(2), owned(), Sockets("").owned(1))
    assert [heap.mark for heap in heaps(items, "frame", facts)] == ["Adaptive Frame", "Rapid-Fire Frame", ""]
    assert Layout(group="frame").need == Layout(group="archetype").need == Need.PLUGS
    assert [heap.mark for heap in heaps(items, "frame")] == [""]


def test_later_keys_decide_where_earlier_ones_do_not_and_the_rest_stays_as_it_stood() -> None:
    items = (owned("B", power=1), owned("A", power=1), owned("C", power=2), owned("A", "7", power=1))
    assert names(in_order(items, read_order(["power,name"]))) == "C A A B"
    assert in_order(items, read_order(["power,name"]))[1] is items[1]
    assert names(in_order(items, read_order(["-power", "-name"]))) == "B A A C"


def test_what_is_worn_stays_in_front_whatever_the_order() -> None:
    worn = owned("Z", power=1, place=Place.EQUIPPED)
    assert in_order((owned("A", power=9), worn), read_order(["power"]))[0] is worn


def test_an_order_that_nobody_knows_is_passed_over_and_the_rest_counts() -> None:
    assert written(read_order(["powr,-name", "", "name", "-RARITY "])) == "-name,-rarity"
    assert len(read_order([",".join(KEYS)])) == MOST_KEYS
    assert read_order([]) == ()


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text_gives_an_order_that_reads_back_the_same(texts: list[str]) -> None:
    order = read_order(texts)
    assert read_order([written(order)]) == order


def test_heaps_of_the_rarest_come_first_and_what_says_nothing_last() -> None:
    items = (owned("A", tier=5), owned(), owned("B", tier=6), owned("C", tier=5))
    assert [(heap.mark, names(heap.items)) for heap in heaps(items, "rarity")] == [(6, "B"), (5, "A C"), (0, "?")]


def test_heaps_of_the_usual_tags_come_in_their_order_then_labels_and_what_has_none_last() -> None:
    tags = ("raid", "", "junk", "favorite", "Duels", "junk")
    found = heaps([owned(tag=tag) for tag in tags], "tag")
    assert [heap.mark for heap in found] == [1, 4, "Duels", "raid", ""]
    assert [len(heap.items) for heap in found] == [1, 2, 1, 1, 1]


def test_titans_are_a_class_like_the_others() -> None:
    items = (owned("A", class_type=3), owned("B", class_type=1), owned("C", class_type=0))
    assert [heap.mark for heap in heaps(items, "class")] == [0, 1, 3]


def inventory_of(*items: OwnedItem) -> Inventory:
    game = FakeDefinitions({1: weapon(1), 2: weapon(2, "Sunshot"), 3: weapon(3)}, {KINETIC: bucket(KINETIC, "Kinetic")})
    return arrange(Profile((Character("7"),), tuple(each.item for each in items)), game)


def test_duplicates_are_found_across_stores_and_issues_of_a_name_strongest_first() -> None:
    strong = Instance(ATTACK, 500)
    carried = {"place": Place.CARRIED, "owner": "7", "bucket_hash": KINETIC, "instance": strong}
    found = duplicates(
        inventory_of(
            *(OwnedItem(each, None, None) for each in (item(1, "11"), item(3, "13", **carried), item(2, "12")))
        )
    )
    assert [[each.item.instance_id for each in copies.items] for copies in found] == [["13", "11"]]


def test_two_unknown_items_of_one_hash_are_duplicates_and_stacks_are_not() -> None:
    in_kinetic = {"place": Place.CARRIED, "owner": "7", "bucket_hash": KINETIC}
    stacks = [OwnedItem(item(1), None, None)] * 2
    unknown = [OwnedItem(item(9, each, **in_kinetic), None, None) for each in ("1", "2")]
    (copies,) = duplicates(inventory_of(*stacks, *unknown))
    assert {each.item.hash for each in copies.items} == {9}


@requires_shared
@pytest.mark.parametrize("key", [*KEYS, *(f"-{key}" for key in KEYS)])
def test_no_item_of_a_recorded_account_is_lost_by_an_order(key: str) -> None:
    inventory = _largest()
    before = Counter(each.item for each in everything(inventory))
    assert Counter(each.item for each in everything(laid_out(inventory, read_order([key])))) == before


@requires_shared
@pytest.mark.parametrize("grouping", GROUPINGS)
def test_no_item_of_a_recorded_account_is_lost_by_heaps(grouping: str) -> None:
    for section in _largest().vault:
        told = [each.item for heap in heaps(section.items, grouping) for each in heap.items]
        assert Counter(told) == Counter(each.item for each in section.items)


def _largest() -> Inventory:
    shared = shared_dir()
    assert shared
    paths = (shared / "worlds" / "june-2026" / "accounts").glob("*/profile.json")
    raw = orjson.loads(max(paths, key=lambda path: path.stat().st_size).read_bytes())
    return arrange(parse_profile(raw.get("Response", raw)), FakeDefinitions())
