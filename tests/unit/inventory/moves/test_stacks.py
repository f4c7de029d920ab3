"""All pieces of a stack: brought together, or dealt out evenly; and never more than there are."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.inventory.buckets import LOST_ITEMS, VAULT
from app.inventory.definitions import BucketDefinition, ItemDefinition
from app.inventory.items import Item, Place
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Wish
from app.inventory.moves.planner import plan
from app.inventory.moves.stacks import gather, spread, stores_of
from app.inventory.moves.world import World
from app.inventory.profile import Character, Profile
from tests.builders import CONSUMABLES, KINETIC, FakeDefinitions

HUNTER, TITAN, WARLOCK = "1", "2", "3"
PRISM, SEED, BOUND = 106, 107, 108
DEFINITIONS = FakeDefinitions(
    {
        PRISM: ItemDefinition(PRISM, "Prism", bucket_hash=CONSUMABLES, max_stack=10),
        SEED: ItemDefinition(SEED, "Seed", bucket_hash=KINETIC, max_stack=5),
        BOUND: ItemDefinition(BOUND, "Relic", bucket_hash=KINETIC, is_transferable=False),
    },
    {
        KINETIC: BucketDefinition(KINETIC, capacity=200, is_vaultable=True),
        CONSUMABLES: BucketDefinition(CONSUMABLES, capacity=200, scope=1, is_vaultable=True),
        VAULT: BucketDefinition(VAULT, capacity=1000, scope=1),
    },
)


def pile(item_hash: int, store: str, quantity: int, bucket_hash: int = KINETIC) -> Item:
    if store == VAULT_STORE:
        return Item(item_hash, "", quantity, VAULT, Place.VAULT, "")
    if store == ACCOUNT_STORE:
        return Item(item_hash, "", quantity, CONSUMABLES, Place.ACCOUNT, "")
    return Item(item_hash, "", quantity, bucket_hash, Place.CARRIED, store)


def profile(*items: Item) -> Profile:
    return Profile(characters=tuple(Character(id=each, class_type=1) for each in (HUNTER, TITAN, WARLOCK)), items=items)


def held_after(piles: Profile, item_hash: int, wishes: list[Wish]) -> dict[str, int]:
    """Where everything lies once each of these has been planned and done."""
    world = World(piles, DEFINITIONS)
    for wish in wishes:
        plan(world, wish)
    held: Counter[str] = Counter()
    for stack in world.stacks():
        if stack.item.hash == item_hash:
            held[stack.store] += stack.quantity
    return dict(held)


def test_every_place_that_may_hold_it_is_named_and_the_postmaster_is_not() -> None:
    piles = profile(pile(SEED, VAULT_STORE, 3), pile(SEED, TITAN, 4), pile(SEED, TITAN, 9, LOST_ITEMS))
    assert stores_of(piles, DEFINITIONS, SEED) == {HUNTER: 0, TITAN: 4, WARLOCK: 0, VAULT_STORE: 3}


def test_what_belongs_to_the_account_has_two_places_and_is_not_spread() -> None:
    piles = profile(pile(PRISM, VAULT_STORE, 3), pile(PRISM, ACCOUNT_STORE, 4))
    held = stores_of(piles, DEFINITIONS, PRISM)
    assert held == {ACCOUNT_STORE: 4, VAULT_STORE: 3}
    assert spread(held, PRISM) == []
    assert held_after(piles, PRISM, gather(held, PRISM, ACCOUNT_STORE)) == {ACCOUNT_STORE: 7}
    assert held_after(piles, PRISM, gather(held, PRISM, VAULT_STORE)) == {VAULT_STORE: 7}


def test_what_cannot_leave_or_is_not_owned_has_no_places() -> None:
    piles = profile(pile(BOUND, TITAN, 2))
    assert stores_of(piles, DEFINITIONS, BOUND) == {}
    assert stores_of(piles, DEFINITIONS, SEED) == {}
    assert stores_of(piles, DEFINITIONS, 999) == {}


def test_there_is_nothing_to_gather_where_no_such_stack_may_lie() -> None:
    held = stores_of(profile(pile(SEED, TITAN, 4)), DEFINITIONS, SEED)
    assert gather(held, SEED, ACCOUNT_STORE) == []
    assert gather(held, SEED, "77") == []


amounts = st.fixed_dictionaries({store: st.integers(0, 40) for store in (HUNTER, TITAN, WARLOCK, VAULT_STORE)})


@given(amounts, st.sampled_from([HUNTER, WARLOCK, VAULT_STORE]))
def test_gathered_it_lies_in_one_place(there: dict[str, int], target: str) -> None:
    piles = profile(*(pile(SEED, store, pieces) for store, pieces in there.items() if pieces))
    held, total = stores_of(piles, DEFINITIONS, SEED), sum(there.values())
    assert held_after(piles, SEED, gather(held, SEED, target)) == ({target: total} if total else {})


@given(amounts)
def test_spread_every_character_has_as_many_give_or_take_one(there: dict[str, int]) -> None:
    piles = profile(*(pile(SEED, store, pieces) for store, pieces in there.items() if pieces))
    held, total = stores_of(piles, DEFINITIONS, SEED), sum(there.values())
    after = held_after(piles, SEED, spread(held, SEED))
    assert sum(after.values()) == total
    assert after.get(VAULT_STORE, 0) == 0
    shares = [after.get(store, 0) for store in (HUNTER, TITAN, WARLOCK)]
    assert max(shares) - min(shares) <= 1
    assert spread({**dict.fromkeys(held, 0), **after}, SEED) == []  # and then there is nothing left to do
