"""A step's effect on what we know, and how a newer profile tells whether it happened."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inventory.items import ItemState, Place
from app.inventory.moves.effects import Unfolding, after, held_before, shows
from app.inventory.moves.plan import Because, Step, StepKind
from app.inventory.moves.planner import plan
from app.inventory.moves.world import World
from app.inventory.profile import Character, Profile
from tests.unit.inventory.moves.test_planner import (
    GUN,
    HUNTER,
    OTHER_GUN,
    PRISM,
    TITAN,
    account,
    carried,
    copy,
    definitions,
    lost,
    vaulted,
    worn,
)

PROFILE = Profile(
    (Character(HUNTER, class_type=1), Character(TITAN, class_type=0)),
    (
        worn(GUN, "w"),
        carried(GUN, "a"),
        lost(OTHER_GUN, "p"),
        vaulted(GUN, "v"),
        account(PRISM, 8),
        vaulted(PRISM, quantity=9),
    ),
)


def step(kind: StepKind, item_hash: int, instance_id: str = "", quantity: int = 1, character_id: str = HUNTER) -> Step:
    return Step(kind, item_hash, instance_id, quantity, character_id, Because.WISH)


STEPS = [
    step(StepKind.STORE, GUN, "a"),
    step(StepKind.FETCH, GUN, "v"),
    step(StepKind.PULL, OTHER_GUN, "p"),
    step(StepKind.EQUIP, GUN, "a"),
    step(StepKind.LOCK, GUN, "v"),
    step(StepKind.TRACK, GUN, "a"),
    step(StepKind.STORE, PRISM, quantity=8),
    step(StepKind.FETCH, PRISM, quantity=3),
]


MANY = [
    *STEPS,
    *(step(StepKind.STORE, GUN, name, character_id=owner) for name in ("a", "v", "w") for owner in (HUNTER, TITAN)),
    *(step(StepKind.FETCH, GUN, name, character_id=owner) for name in ("a", "v", "w") for owner in (HUNTER, TITAN)),
    *(step(StepKind.EQUIP, GUN, name) for name in ("v", "w")),
    step(StepKind.UNLOCK, GUN, "v"),
    step(StepKind.LOCK, GUN, "a"),
    step(StepKind.PLUG, GUN, "a"),
]


@pytest.mark.parametrize("each", STEPS, ids=lambda each: f"{each.kind}-{each.item_hash}")
def test_what_was_done_is_seen_and_what_was_not_is_not(each: Step) -> None:
    held = held_before(PROFILE, each)
    assert not shows(PROFILE, each, held)
    assert shows(after(PROFILE, definitions(), each), each, held)


def test_a_lock_is_taken_off_again() -> None:
    locked = after(PROFILE, definitions(), step(StepKind.LOCK, GUN, "v"))
    unlocked = after(locked, definitions(), step(StepKind.UNLOCK, GUN, "v"))
    assert shows(unlocked, step(StepKind.UNLOCK, GUN, "v"), 0)
    assert unlocked == PROFILE


def test_wearing_one_takes_the_other_off() -> None:
    now = after(PROFILE, definitions(), step(StepKind.EQUIP, GUN, "a"))
    places = {item.instance_id: (item.place, item.transfer_status) for item in now.items}
    assert (places["a"], places["w"]) == ((Place.EQUIPPED, 1), (Place.CARRIED, 0))


def test_a_step_that_finds_nothing_changes_nothing() -> None:
    now = after(PROFILE, definitions(), step(StepKind.FETCH, GUN, "elsewhere"))
    assert sorted(now.items) == sorted(PROFILE.items)


def test_a_moved_copy_keeps_its_own_lock_where_another_stays_behind() -> None:
    mine = carried(GUN, "a", state=ItemState.LOCKED)._replace(is_lockable=True)
    both = replace(PROFILE, items=(mine, carried(GUN, "b")))
    steps = plan(World(both, definitions()), copy("a", HUNTER, TITAN))
    assert [(each.kind, each.because) for each in steps] == [
        (StepKind.STORE, Because.WISH),
        (StepKind.LOCK, Because.KEEP_LOCK),
        (StepKind.FETCH, Because.WISH),
    ]


@given(st.lists(st.tuples(st.sampled_from(MANY), st.integers(0, 9)), max_size=12))
def test_many_steps_are_unfolded_as_one_after_the_other(steps: list[tuple[Step, int]]) -> None:
    """Whatever was asked in whatever order, and whatever lay there then."""
    expected, unfolding = PROFILE, Unfolding(PROFILE, definitions(), [each for each, _ in steps])
    for each, held in steps:
        if not shows(expected, each, held):
            expected = after(expected, definitions(), each)
        unfolding.add(each, held)
    assert Counter(unfolding.profile().items) == Counter(expected.items)


def test_what_a_profile_shows_already_is_left_as_it_is() -> None:
    unlocking = step(StepKind.UNLOCK, GUN, "v")
    unfolding = Unfolding(PROFILE, definitions(), [unlocking])
    unfolding.add(unlocking, 0)
    assert unfolding.profile() is PROFILE


def test_what_comes_off_for_another_item_is_carried_afterwards() -> None:
    profile = replace(PROFILE, items=(worn(OTHER_GUN, "o"), carried(GUN, "a"), account(PRISM, 8)))
    wearing = step(StepKind.EQUIP, GUN, "a")
    unfolding = Unfolding(profile, definitions(), [wearing])
    unfolding.add(wearing, 1)
    places = {item.instance_id: item.place for item in unfolding.profile().items}
    assert places == {"o": Place.CARRIED, "a": Place.EQUIPPED, "": Place.ACCOUNT}
