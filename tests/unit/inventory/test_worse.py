"""Which copy is the worse one: never one of two equals, never one that has anything the other lacks."""

from __future__ import annotations

import random

import pytest

from app.inventory.worse import Respect, Standing, standing_of, worse_copies
from tests.shared import requires_shared
from tests.unit.inventory.search import recorded

PLAIN = frozenset({("Outlaw", False), ("Kill Clip", False)})
ENHANCED = PLAIN | {("Kill Clip", True)}
OTHER = frozenset({("Rampage", False)})
GOOD = Standing("good", power=400, tier=3, stats=(10, 20), perks=PLAIN, is_masterworked=True, is_locked=True)


def reasons(**worse: object) -> list[Respect]:
    """Why a copy that differs in this is worse than a good one; none where nobody says so."""
    found = worse_copies([GOOD, GOOD._replace(key="this", **worse)])  # type: ignore[arg-type]
    assert "good" not in found
    return list(found["this"].reasons) if "this" in found else []


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({"power": 399}, [Respect.POWER]),
        ({"tier": 2}, [Respect.TIER]),
        ({"stats": (10, 19)}, [Respect.STATS]),
        ({"perks": frozenset({("Outlaw", False)})}, [Respect.PERKS]),
        ({"is_masterworked": False, "is_locked": False}, [Respect.MASTERWORK, Respect.LOCK]),
        ({"wish": -1}, [Respect.WISHES]),
        ({"wish": -1, "perks": OTHER}, [Respect.WISHES]),
        ({"tag": -1, "power": 1}, [Respect.POWER, Respect.TAG]),
    ],
)
def test_a_copy_that_is_less_in_something_and_more_in_nothing_is_worse(
    differs: dict[str, object], why: list[Respect]
) -> None:
    assert reasons(**differs) == why


@pytest.mark.parametrize(
    "differs",
    [
        {},
        {"power": 399, "is_in_loadout": True},
        {"power": 399, "is_crafted": True},
        {"power": 399, "perks": OTHER},
        {"power": 399, "perks": None},
        {"power": 399, "stats": None},
        {"stats": (11, 19)},
        {"kind": "another element", "power": 1},
        {"power": 399, "tag": 1},
    ],
)
def test_equals_and_copies_with_something_of_their_own_are_not_worse(differs: dict[str, object]) -> None:
    assert worse_copies([GOOD, GOOD._replace(key="this", **differs)]) == {}  # type: ignore[arg-type]


def test_an_enhanced_perk_is_a_plain_one_and_more() -> None:
    assert list(worse_copies([GOOD, GOOD._replace(key="better", perks=ENHANCED)])) == ["good"]


def test_of_any_number_of_copies_one_at_least_is_never_called_worse() -> None:
    chance = random.Random(3)
    for _ in range(500):
        copies = [
            Standing(
                str(number),
                power=chance.randrange(3),
                stats=(chance.randrange(2), chance.randrange(2)),
                perks=chance.choice((PLAIN, ENHANCED, OTHER, None)),
                wish=chance.choice((-1, 0, 1)),
                is_locked=chance.random() < 0.5,
            )
            for number in range(chance.randrange(1, 7))
        ]
        found = worse_copies(copies)
        assert len(found) < len(copies)
        for key, each in found.items():
            assert each.reasons
            assert each.copy.key == key != each.better.key


@requires_shared
@pytest.mark.parametrize("account", recorded.ACCOUNTS[:3])
def test_copies_of_recorded_accounts_are_judged_by_what_bungie_sent(account: str) -> None:
    facts = recorded.collection(account)
    by_hash: dict[int, list[Standing]] = {}
    for subject in facts.subjects:
        if subject.item.instance_id and subject.known.item_type in {2, 3}:
            by_hash.setdefault(subject.item.hash, []).append(standing_of(subject, facts))
    for copies in by_hash.values():
        assert len(worse_copies(copies)) < len(copies)
