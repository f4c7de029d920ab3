"""Which definitions are one piece of gear that the game has issued more than once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.inventory.definitions import ItemDefinition
from app.inventory.duplicates import is_reissue
from tests.builders import weapon

FIRST = weapon(1, "Loaded Question", 5, item_type=3, sub_type=11)
AGAIN = replace(FIRST, hash=2)


def test_a_weapon_under_the_same_name_and_of_the_same_kind_is_the_same_one_issued_again() -> None:
    assert is_reissue(FIRST, AGAIN)


@pytest.mark.parametrize(
    "other",
    [
        None,
        replace(AGAIN, name="Found Verdict"),
        replace(AGAIN, sub_type=13),
        replace(AGAIN, class_type=1),
        replace(AGAIN, redacted=True),
    ],
    ids=["unknown", "other name", "other kind", "other class", "classified"],
)
def test_anything_that_differs_is_another_item(other: ItemDefinition | None) -> None:
    assert not is_reissue(FIRST, other)


def test_things_without_a_name_and_things_that_are_no_gear_are_never_the_same() -> None:
    assert not is_reissue(replace(FIRST, name=""), replace(AGAIN, name=""))
    assert not is_reissue(replace(FIRST, item_type=9), replace(AGAIN, item_type=9))
