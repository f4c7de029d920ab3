"""A table of gear by hand: its columns, its order, what narrows it, and that no cell is a formula."""

from __future__ import annotations

import pytest

from app.inventory.annotations.marks import Annotation, Annotations
from app.inventory.definitions import ItemDefinition
from app.inventory.items import Instance, ItemDetails, ItemState, Place
from app.inventory.organizer import export, table
from app.inventory.organizer.cautious import cautious
from app.inventory.organizer.column import Kind
from app.inventory.organizer.desk import Desk, Extras
from app.inventory.profile import Character
from app.inventory.search.facts import Collection
from app.inventory.search.keywords.stats import WEAPON_STATS
from app.inventory.sorting import KEYS
from tests.builders import ATTACK, HELMET, KINETIC, item
from tests.unit.inventory.search.cases import choices, collection, owned, sockets

RIFLE = ItemDefinition(1, name="Zephyr", item_type=3, sub_type=6, bucket_hash=KINETIC, ammo_type=1, tier=5)
CANNON = ItemDefinition(2, name="Ace", item_type=3, sub_type=9, bucket_hash=KINETIC, ammo_type=1, tier=6)
HELM = ItemDefinition(3, name="Helm", item_type=2, bucket_hash=HELMET, class_type=1)
OUTLAW = ItemDefinition(11, name="Outlaw", plug_category="frames")
RAMPAGE = ItemDefinition(12, name="Rampage", plug_category="frames")
TITAN = Character("7", class_type=0)


def powered(power: int) -> Instance:
    return Instance(primary_stat_hash=ATTACK, primary_stat=power)


@pytest.fixture
def facts() -> Collection:
    return collection(
        owned(RIFLE, item(1, "101", instance=powered(300))),
        owned(RIFLE, item(1, "102", instance=powered(310), state=int(ItemState.LOCKED))),
        owned(CANNON, item(2, "103", instance=powered(310), place=Place.CARRIED, owner="7")),
        owned(CANNON, item(2, "104")),
        owned(HELM, item(3, "105", instance=powered(200))),
        owned(None, item(9, "106", place=Place.CARRIED, owner="7", bucket_hash=KINETIC)),
        characters=[TITAN],
        details={"101": ItemDetails(sockets=sockets(11), choices=choices(_0=(11, 12)))},
        plugs=[OUTLAW, RAMPAGE],
    )


def order_of(facts: Collection, text: str) -> list[str]:
    rows = table.rows_of(Kind.WEAPONS, facts.subjects)
    return [each.key for each in table.in_order(Kind.WEAPONS, rows, table.read_order(Kind.WEAPONS, text), Desk(facts))]


def test_gear_that_the_definitions_do_not_know_goes_by_where_it_lies(facts: Collection) -> None:
    assert [each.key for each in table.rows_of(Kind.WEAPONS, facts.subjects)] == ["101", "102", "103", "104", "106"]
    assert [each.key for each in table.rows_of(Kind.ARMOR, facts.subjects)] == ["105"]


def test_several_columns_decide_and_what_is_unknown_comes_last_either_way_round(facts: Collection) -> None:
    assert order_of(facts, "power") == ["103", "102", "101", "104", "106"]
    assert order_of(facts, "-power") == ["101", "103", "102", "104", "106"]
    assert order_of(facts, "locked,-name") == ["102", "101", "103", "104", "106"]
    assert order_of(facts, "location,recency")[:2] == ["106", "103"]


def test_what_is_no_column_is_passed_over_and_every_column_comes_once() -> None:
    assert table.read_columns(Kind.WEAPONS, "power,nonsense, Perks,power,,total,name") == ("power", "perks")
    assert table.read_columns(Kind.ARMOR, "total,ammo") == ("total",)
    assert [str(each) for each in table.read_order(Kind.WEAPONS, "-power,power,zzz,name")] == ["-power", "name"]
    assert len(table.read_order(Kind.WEAPONS, ",".join(table.columns_of(Kind.WEAPONS)))) == 4
    every = table.choices_of(Kind.WEAPONS)
    assert len(table.read_columns(Kind.WEAPONS, ",".join(every))) == min(len(every), table.MOST_COLUMNS)


def test_a_table_is_narrowed_by_words_and_tells_how_many_each_leaves(facts: Collection) -> None:
    rows = table.rows_of(Kind.WEAPONS, facts.subjects)
    told = {each.word: each.size for each in table.facets(Kind.WEAPONS, rows)}
    assert told == {"kineticslot": 5, "autorifle": 2, "handcannon": 2}
    for word, size in told.items():
        assert len(table.narrowed(Kind.WEAPONS, rows, [word])) == size
    assert table.narrowed(Kind.WEAPONS, rows, ["handcannon", "autorifle"]) == []
    assert table.narrowed(Kind.WEAPONS, rows, ["nonsense"]) == rows


def test_perks_are_told_with_what_a_copy_could_choose(facts: Collection) -> None:
    desk, subject = Desk(facts), facts.subjects[0]
    perks = table.columns_of(Kind.WEAPONS)["perks"]
    told = perks.value(desk, subject)
    assert [(each.name, each.is_chosen) for each in told] == [("Outlaw", True), ("Rampage", False)]
    assert perks.term(desk, subject, told[1]) == "exactperk:Rampage"
    assert perks.value(desk, facts.subjects[1]) is None


def test_all_stats_stand_for_those_that_a_row_knows() -> None:
    impact = 4043523819
    facts = collection(owned(CANNON, item(2, "1")), details={"1": ItemDetails(stats={impact: 84})})
    shown = table.shown_columns(Kind.WEAPONS, ("power", "stats"), Desk(facts), facts.subjects)
    assert [each.key for each in shown] == ["power", "stat.impact"]


def test_what_the_owner_says_is_a_column_too(facts: Collection) -> None:
    said = Annotations({"101": Annotation("keep", "for raids")})
    extras = Extras(said.tags, {"101": "for raids"}, {"101": ("Raid", "Duels")}, frozenset({"102"}))
    columns, subject = table.columns_of(Kind.WEAPONS), facts.subjects[0]
    told = {key: columns[key].value(Desk(facts, extras), subject) for key in ("tag", "notes", "loadouts", "new")}
    assert told == {"tag": "keep", "notes": "for raids", "loadouts": ("Raid", "Duels"), "new": False}
    assert columns["tag"].term(Desk(facts, extras), subject, "keep") == "tag:keep"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_text_that_begins_like_a_formula_is_made_harmless(text: str) -> None:
    assert cautious(text) == "'" + text


def test_other_text_and_numbers_stay_what_they_are() -> None:
    assert [cautious(each) for each in ("Ace", "a=b", "", -5, 7, "x\0y")] == ["Ace", "a=b", "", -5, 7, "xy"]


# Where a column has another name than the key by which a vault is ordered; None for what gear never has.
COLUMN_OF_KEY = {"frame": "archetype", "amount": None, "quest": None, "expiry": None}


def test_a_table_can_be_ordered_by_every_key_of_a_vault() -> None:
    every = {key for kind in Kind for key in table.columns_of(kind)}
    wanted = {COLUMN_OF_KEY.get(key, key) for key in KEYS} - {None}
    assert wanted <= every


def test_tags_of_a_table_stand_in_their_usual_order_then_labels_then_nothing(facts: Collection) -> None:
    tags = {"101": "junk", "102": "Alpha", "104": "favorite"}
    rows = table.rows_of(Kind.WEAPONS, facts.subjects)
    desk = Desk(facts, Extras(tags=tags))
    ordered = table.in_order(Kind.WEAPONS, rows, table.read_order(Kind.WEAPONS, "tag"), desk)
    assert [each.key for each in ordered][:3] == ["104", "101", "102"]


def test_what_nobody_knows_of_a_weapon_is_left_empty_in_a_file() -> None:
    details = {"101": ItemDetails({WEAPON_STATS["range"]: 40, WEAPON_STATS["stability"]: 0})}
    desk = Desk(collection(owned(RIFLE, item(1, "101")), details=details))
    head, row = export.rows(Kind.WEAPONS, desk, desk.facts.subjects)
    told = dict(zip(map(str, head), row, strict=True))
    assert [told[name] for name in ("Range", "Stability", "AA", "Zoom", "Recoil")] == [40, 0, "", "", ""]
