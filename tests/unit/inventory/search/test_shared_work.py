"""What several terms and several searches ask of a copy is worked out once, and never mistaken for that of another."""

from __future__ import annotations

from collections import Counter

import pytest

from app.inventory.definitions import ItemDefinition
from app.inventory.items import ItemDetails
from app.inventory.search.compile import compile_query
from app.inventory.search.facts import WEAPON, Collection, Reading
from app.inventory.search.own import Own
from app.inventory.search.parser import parse
from tests.builders import FakeDefinitions, item, weapon
from tests.unit.inventory.search.cases import collection, found, owned, sockets


class CountingDefinitions(FakeDefinitions):
    """Counts how often a plug is looked up."""

    def __init__(self, *plugs: ItemDefinition) -> None:
        super().__init__(items={each.hash: each for each in plugs})
        self.asked: Counter[int] = Counter()

    def item(self, item_hash: int) -> ItemDefinition | None:
        self.asked[item_hash] += 1
        return super().item(item_hash)


def plug(plug_hash: int, category: str = "frames", name: str = "") -> ItemDefinition:
    return ItemDefinition(plug_hash, name=name, plug_category=category)


@pytest.mark.parametrize(
    "text", [" ".join(["-is:new"] * 40), " or ".join(["is:new"] * 40), "is:new (is:new or is:new)"]
)
def test_what_a_search_asks_again_and_again_is_not_looked_at_again_and_again(text: str) -> None:
    asked: Counter[str] = Counter()

    def is_new(instance_id: str) -> bool:
        asked[instance_id] += 1
        return instance_id == "2"

    things = [owned(weapon(1), item(1, each)) for each in ("1", "2", "3")]
    expected = ["1", "3"] if text.startswith("-") else ["2"]
    assert found(text, collection(*things, own=Own(is_new=is_new))) == expected
    assert max(asked.values()) <= 2


def test_terms_that_say_the_same_tell_items_apart_that_have_no_number() -> None:
    things = [owned(weapon(each, f"Thing {each}"), item(each)) for each in (7, 8)]
    facts = collection(*things)
    assert [key.split("/")[0] for key in found("-hash:7 -hash:7 -hash:7", facts)] == ["8"]


def test_what_sits_in_a_copy_is_read_once_for_all_searches_of_a_reading() -> None:
    definitions = CountingDefinitions(plug(11), plug(12, "origins"), plug(13, "mementos", "Gambit"))
    reading = Reading({"1": ItemDetails(sockets=sockets(11, 12, 13))}, definitions)
    for text in ("is:origintrait", "memento:gambit -memento:none", "dupe:traits or is:origintrait"):
        facts = Collection([owned(weapon(1), item(1, "1"))], (), reading)
        assert list(map(compile_query(parse(text), facts), facts.subjects)) == [True], text
    assert set(definitions.asked.values()) == {1}


def test_what_is_remembered_of_copies_is_not_told_of_things_without_a_number() -> None:
    """Weapons that no answer gives numbers of have those of their definition, each its own."""
    rpm = 4284893193
    slow, quick = (weapon(each, item_type=WEAPON, stats={rpm: each * 400}) for each in (1, 2))
    facts = collection(owned(slow, item(1)), owned(quick, item(2)))
    assert [key.split("/")[0] for key in found("stat:rpm:>500", facts)] == ["2"]
    assert [key.split("/")[0] for key in found("stat:rpm:<500", facts)] == ["1"]


def test_of_copies_without_details_nothing_is_kept() -> None:
    """The reading of nobody in particular serves everybody for as long as the process lives."""
    reading = Reading({"2": ItemDetails(sockets=sockets(11))}, CountingDefinitions(plug(11)))
    facts = Collection([owned(weapon(1), item(1, each)) for each in ("1", "2")], (), reading)
    found("is:origintrait stat:rpm:>1 or breaker:any or dupe:traits", facts)
    assert {key for known in reading.told.values() for key in known} == {"2"}
