"""The order of finds: the whole name, its beginning, its words, their beginnings; weapons and armor before the rest."""

from __future__ import annotations

from app.inventory.finder import GEAR, TIER, Content, Finder, Question

# Places in the order of names: two Outlaws, of which the second is a weapon, and what begins or ends like one.
NAMES = ["my outlaw", "outlaw", "outlaw", "outlaw trail", "outlaws", ""]
HASHES = [10, 11, 12, 13, 14, 15]


def finder() -> Finder:
    words = {"my": [0], "outlaw": [0, 1, 2, 3], "trail": [3], "outlaws": [4]}
    return Finder(Content(HASHES, NAMES, words, {"exotic": [4, 5]}, {GEAR: {"1": [2, 5]}, TIER: {"6": [5], "5": [2]}}))


def test_the_whole_name_comes_first_and_the_weapon_before_the_perk_of_its_name() -> None:
    assert finder().find(Question("Outlaw")).hashes == (12, 11, 13, 14, 10)


def test_without_words_the_rarest_weapon_comes_first() -> None:
    assert finder().find(Question()).hashes == (15, 12, 10, 11, 13, 14)


def test_a_page_is_a_part_of_the_whole() -> None:
    whole = finder().find(Question("outlaw"))
    parts = [finder().find(Question("outlaw"), start, 2).hashes for start in (0, 2, 4, 6)]
    assert sum(parts, ()) == whole.hashes
    assert whole.total == 5


def test_a_facet_that_nothing_has_finds_nothing() -> None:
    assert finder().find(Question("outlaw", {TIER: 3})).total == 0
    assert Finder(Content()).find(Question("outlaw")).total == 0
