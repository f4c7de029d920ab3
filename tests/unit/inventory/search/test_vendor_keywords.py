"""Keywords about what vendors sell: they look at offers on the pages of vendors, and are harmless everywhere else."""

from __future__ import annotations

import pytest

from app.inventory.items import Place
from app.inventory.search.own import Own
from tests.builders import item, weapon
from tests.unit.inventory.search.cases import collection, found, owned

THINGS = (owned(weapon(1), item(1, "10-1")), owned(weapon(2), item(2, "10-2")))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("is:vendor", ["10-1", "10-2"]),
        ("-is:vendor", []),
        ("is:ininventory", ["10-2"]),
        ("is:vendor -is:ininventory", ["10-1"]),
    ],
)
def test_offers_are_for_sale_and_some_of_them_are_owned_already(text: str, keys: list[str]) -> None:
    assert found(text, collection(*THINGS, own=Own(is_market=True, owned=lambda: frozenset({2, 3})))) == keys


def test_of_what_is_owned_nothing_is_for_sale_and_everything_is_in_the_inventory() -> None:
    facts = collection(*THINGS)
    assert found("is:vendor", facts) == []
    assert found("is:ininventory", facts) == ["10-1", "10-2"]


def test_no_offer_lies_in_the_vault_or_is_new_tagged_or_in_a_loadout() -> None:
    offers = [owned(each.definition, each.item._replace(place=Place.VENDOR)) for each in THINGS]
    facts = collection(*offers, own=Own(is_market=True))
    assert found("is:invault or is:new or is:tagged or is:inloadout or is:equipped", facts) == []
