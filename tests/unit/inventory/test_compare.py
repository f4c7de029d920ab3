"""Copies side by side: which belong together, whose numbers are best, which sockets stand on one line."""

from __future__ import annotations

import pytest

from app.inventory.compare import By, Values, best_of, plug_lines, similar, stat_lines
from app.inventory.definitions import ItemDefinition, SocketDefinition
from app.inventory.infusion import infusion_of, is_same_kind, takes_part
from app.inventory.items import Instance, ItemDetails, ItemState
from app.inventory.organizer.desk import Desk, Extras
from app.inventory.search.facts import Collection
from app.inventory.search.keywords.bases import masterworked
from app.inventory.search.keywords.stats import CLASS, GRENADE, HEALTH, MELEE, SIX, SUPER, WEAPONS
from tests.builders import ATTACK, HELMET, KINETIC, item
from tests.unit.inventory.search.cases import choices, collection, owned, sockets

RANGE, CHARGE, ZOOM = 1240592695, 2961396640, 3555269338
ENERGY = 2465295065
FRAME, OTHER_FRAME = (ItemDefinition(each, name=f"Frame {each}", plug_category="intrinsics") for each in (21, 22))
OUTLAW, RAMPAGE = (ItemDefinition(each, name=f"Trait {each}", plug_category="frames") for each in (31, 32))
BARREL = ItemDefinition(41, name="Barrel", plug_category="barrels")


def gun(item_hash: int, name: str, **facts: object) -> ItemDefinition:
    plain = {"item_type": 3, "sub_type": 9, "ammo_type": 1, "bucket_hash": KINETIC, "tier": 5, "is_equippable": True}
    return ItemDefinition(item_hash, name=name, **(plain | facts))  # type: ignore[arg-type]


def powered(power: int, **facts: int) -> Instance:
    return Instance(primary_stat_hash=ATTACK, primary_stat=power, **facts)


ACE, ACE_AGAIN = gun(1, "Ace"), gun(2, "Ace (Adept)")
BYGONES, RIFLE = gun(3, "Bygones"), gun(4, "Rifle", sub_type=6)


@pytest.fixture
def desk() -> Desk:
    return Desk(
        collection(
            owned(ACE, item(1, "101", instance=powered(300))),
            owned(ACE_AGAIN, item(2, "102", instance=powered(320))),
            owned(ACE, item(1, "103", instance=powered(310))),
            owned(BYGONES, item(3, "104", instance=powered(305))),
            owned(RIFLE, item(4, "105", instance=powered(305))),
            details={
                "101": ItemDetails({RANGE: 50, CHARGE: 500, ZOOM: 14}, sockets(21, 41, 31, 32)),
                "102": ItemDetails({RANGE: 60, CHARGE: 600, ZOOM: 15}, sockets(21, 31), choices(_1=(31, 32))),
                "103": ItemDetails({RANGE: 60}, sockets(22)),
                "104": ItemDetails({}, sockets(21)),
            },
            plugs=[FRAME, OTHER_FRAME, OUTLAW, RAMPAGE, BARREL],
        )
    )


def keys(desk: Desk, by: By) -> list[str]:
    return [each.key for each in similar(desk, desk.facts.subjects[0], by)]


def test_alike_are_reissues_of_a_name_or_a_type_or_a_frame_of_it(desk: Desk) -> None:
    assert keys(desk, By.NAME) == ["101", "102", "103"]
    assert keys(desk, By.TYPE) == ["101", "102", "103", "104"]
    assert keys(desk, By.ARCHETYPE) == ["101", "102", "104"]


def test_the_best_is_marked_where_more_is_better_or_less(desk: Desk) -> None:
    lines = {each.stat_hash: each for each in stat_lines(desk, desk.facts.subjects[:3], Values.NOW)}
    assert lines[RANGE].values == (50, 60, 60)
    assert lines[RANGE].best == {1, 2}
    assert lines[CHARGE].values == (500, 600, None)
    assert lines[CHARGE].best == {0}
    assert lines[ZOOM].best == frozenset()


@pytest.mark.parametrize("values", [(), (5,), (5, None), (5, 5), (None, None)])
def test_there_is_no_best_where_nothing_is_better(values: tuple[int | None, ...]) -> None:
    assert best_of(values) == frozenset()


def test_sockets_of_a_kind_stand_on_one_line(desk: Desk) -> None:
    lines = plug_lines(desk, desk.facts.subjects[:3])
    told = [[[plug.name for plug in cell] for cell in line.cells] for line in lines]
    assert told == [
        [["Frame 21"], ["Frame 21"], ["Frame 22"]],
        [["Barrel"], [], []],
        [["Trait 31"], ["Trait 31", "Trait 32"], []],
        [["Trait 32"], [], []],
    ]
    assert [plug.is_chosen for plug in lines[2].cells[1]] == [True, False]


def helm(gear_tier: int) -> Collection:
    known = ItemDefinition(5, name="Helm", item_type=2, bucket_hash=HELMET, class_type=1)
    return collection(owned(known, item(5, "1", instance=powered(10, gear_tier=gear_tier))))


def test_a_masterwork_raises_what_today_s_armor_does_not_lean_on() -> None:
    bases = {HEALTH: 30, MELEE: 25, GRENADE: 20, SUPER: 0, CLASS: 0, WEAPONS: 0}
    told = masterworked(helm(gear_tier=5).subjects[0], bases)
    assert told == {HEALTH: 30, MELEE: 25, GRENADE: 20, SUPER: 5, CLASS: 5, WEAPONS: 5}


def test_a_masterwork_raises_all_stats_of_older_armor_and_nothing_is_said_of_weapons(desk: Desk) -> None:
    bases = dict.fromkeys(SIX, 10)
    assert masterworked(helm(gear_tier=0).subjects[0], bases) == dict.fromkeys(SIX, 12)
    assert masterworked(desk.facts.subjects[0], {RANGE: 50}) == {}
    assert masterworked(helm(gear_tier=5).subjects[0], {}) == {}


# --- infusion --------------------------------------------------------------------------------------------------------


def test_power_goes_up_only_and_stays_in_its_slot() -> None:
    facts = collection(
        owned(ACE, item(1, "1", instance=powered(300))),
        owned(RIFLE, item(4, "2", instance=powered(320))),
        owned(gun(6, "Elsewhere", bucket_hash=ENERGY), item(6, "3", instance=powered(330))),
        owned(BYGONES, item(3, "4", instance=powered(310))),
        owned(BYGONES, item(3, "5", instance=powered(290))),
        owned(BYGONES, item(3, "6", instance=powered(300))),
        owned(BYGONES, item(3, "7")),
    )
    found = infusion_of(Desk(facts), facts.subjects[0])
    assert [each.key for each in found.fuel] == ["2", "4"]
    assert [each.key for each in found.fed] == ["5"]
    assert not takes_part(facts.subjects[-1])


def test_armor_goes_to_its_own_class_alone() -> None:
    def piece(item_hash: int, class_type: int) -> ItemDefinition:
        return ItemDefinition(item_hash, name="Piece", item_type=2, bucket_hash=HELMET, class_type=class_type)

    facts = collection(
        owned(piece(1, 0), item(1, "1", instance=powered(300))),
        owned(piece(2, 0), item(2, "2", instance=powered(310))),
        owned(piece(3, 1), item(3, "3", instance=powered(320))),
    )
    one, same, other = facts.subjects
    assert is_same_kind(one, same)
    assert not is_same_kind(one, other)


def test_of_equal_power_what_is_least_missed_comes_first() -> None:
    facts = collection(
        owned(ACE, item(1, "1", instance=powered(300))),
        *(owned(BYGONES, item(3, str(each), instance=powered(310))) for each in range(2, 5)),
        owned(BYGONES, item(3, "5", instance=powered(310), state=int(ItemState.LOCKED))),
    )
    extras = Extras(tags={"2": "keep", "4": "infuse"})
    assert [each.key for each in infusion_of(Desk(facts, extras), facts.subjects[0]).fuel] == ["4", "3", "5", "2"]


def test_sockets_are_told_of_a_definition_with_sockets_only() -> None:
    known = gun(7, "Bare", sockets=(SocketDefinition(),))
    facts = collection(owned(known, item(7, "1")))
    assert plug_lines(Desk(facts), facts.subjects) == ()
