"""What changed about an item is told once and rightly, from the records of two versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.inventory.news import ChangeKind
from app.manifest.build import Builder, Record
from app.manifest.difference import Difference, ItemChange
from app.manifest.plans import ITEM

ICON = "/common/destiny2_content/icons/a.png"
ACE: Mapping[str, Any] = {
    "displayProperties": {"name": "Ace of Spades", "icon": ICON},
    "itemTypeDisplayName": "Hand Cannon",
    "inventory": {"tierType": 6, "bucketTypeHash": 1498876634},
    "itemType": 3,
    "itemSubType": 9,
    "stats": {"stats": {"4284893193": {"value": 140}, "155624089": {"value": 50}}},
}


def built(raw: Mapping[str, Any]) -> Record:
    record = Builder().record(ITEM, 7, raw)
    assert record is not None
    return record


def told(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, **how: bool) -> list[ItemChange]:
    difference = Difference()
    difference.note(7, *(None if raw is None else built(raw) for raw in (before, after)), **how)
    assert difference.counts.total() == len(difference.changes)
    return difference.changes


def test_a_new_item_is_added_with_its_name_icon_and_type() -> None:
    assert told(None, ACE) == [ItemChange(ChangeKind.ADDED, 7, "Ace of Spades", ICON, "Hand Cannon")]


def test_an_item_that_is_gone_is_removed_under_its_old_name() -> None:
    assert told(ACE, None) == [ItemChange(ChangeKind.REMOVED, 7, "Ace of Spades", ICON, "Hand Cannon")]


def test_another_name_is_told_with_the_old_one() -> None:
    (change,) = told(ACE, {**ACE, "displayProperties": {"name": "Ace of Hearts", "icon": ICON}})
    assert (change.kind, change.name) == (ChangeKind.RENAMED, "Ace of Hearts")
    assert change.detail == {"name": ("Ace of Spades", "Ace of Hearts")}


def test_other_stats_are_told_one_by_one_also_those_that_came_or_went() -> None:
    (change,) = told(ACE, {**ACE, "stats": {"stats": {"4284893193": {"value": 180}, "943549884": {"value": 5}}}})
    assert change.kind == ChangeKind.RESTATTED
    assert change.detail == {"4284893193": (140, 180), "155624089": (50, 0), "943549884": (0, 5)}


def test_the_order_of_stats_means_nothing() -> None:
    assert told(ACE, {**ACE, "stats": {"stats": dict(reversed(ACE["stats"]["stats"].items()))}}) == []


def test_a_plug_that_gives_other_points_has_other_stats() -> None:
    mod = {"displayProperties": {"name": "Mod"}, "investmentStats": [{"statTypeHash": 5, "value": 10}]}
    (change,) = told(mod, {**mod, "investmentStats": [{"statTypeHash": 5, "value": 15}]})
    assert (change.kind, change.detail) == (ChangeKind.RESTATTED, {"5": (10, 15)})


def test_another_tier_type_or_bucket_is_a_new_class() -> None:
    after = {**ACE, "itemTypeDisplayName": "Sword", "inventory": {"tierType": 5, "bucketTypeHash": 953998645}}
    (change,) = told(ACE, after)
    assert change.kind == ChangeKind.RECLASSIFIED
    assert change.detail == {
        "type_name": ("Hand Cannon", "Sword"), "tier": (6, 5), "bucket_hash": (1498876634, 953998645),
    }  # fmt: skip


def test_what_is_no_longer_classified_is_told_once_and_not_as_renamed_or_with_other_stats() -> None:
    hidden = {"displayProperties": {"name": "Classified"}, "redacted": True}
    (change,) = told(hidden, ACE)
    assert change.kind == ChangeKind.RECLASSIFIED
    assert change.detail == {"redacted": (True, False), "name": ("Classified", "Ace of Spades")}
    (back,) = told(ACE, hidden)
    assert back.detail["redacted"] == (False, True)


def test_an_item_may_have_changed_in_several_ways() -> None:
    after = {**ACE, "displayProperties": {"name": "Ace"}, "itemSubType": 10, "stats": {}}
    assert {change.kind for change in told(ACE, after)} == {
        ChangeKind.RENAMED, ChangeKind.RESTATTED, ChangeKind.RECLASSIFIED,
    }  # fmt: skip


def test_other_words_or_pictures_alone_are_no_news() -> None:
    assert told(ACE, {**ACE, "flavorText": "Other.", "screenshot": ICON}) == []


def test_items_that_never_had_a_name_are_nobodys_news() -> None:
    nameless = {key: value for key, value in ACE.items() if key != "displayProperties"}
    assert told(None, nameless) == told(nameless, None) == told(nameless, {**nameless, "itemType": 5}) == []
    assert [change.kind for change in told(nameless, ACE)] == [ChangeKind.RENAMED]


def test_records_of_another_build_are_compared_by_name_only() -> None:
    after = {**ACE, "displayProperties": {"name": "Ace"}, "stats": {}, "itemType": 5}
    assert [change.kind for change in told(ACE, after, is_same_format=False)] == [ChangeKind.RENAMED]


def test_beyond_ten_thousand_items_only_the_counts_go_on() -> None:
    difference = Difference()
    for each in range(10_050):
        difference.note(each, None, {"n": "x"})
    assert difference.counts[ChangeKind.ADDED] == 10_050
    assert len(difference.changes) == 10_000
