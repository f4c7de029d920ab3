"""The best power per slot: which gear counts, who may wear it, one exotic of a kind, and sums in eighths."""

from __future__ import annotations

from dataclasses import replace

from app.inventory.arrange import Inventory, arrange
from app.inventory.definitions import ItemDefinition
from app.inventory.items import Item, Place
from app.inventory.power import SLOTS, PowerSheet, Total, power_sheet
from app.inventory.profile import Character, Profile
from tests.builders import LOST_ITEMS, FakeDefinitions, item, with_power

KINETIC, ENERGY, HEAVY, HELMET, GAUNTLETS = SLOTS[:5]
TITAN, HUNTER = Character("1", class_type=0, last_played="2"), Character("2", class_type=1, last_played="1")
LEGENDARY, EXOTIC = 5, 6


class Wardrobe:
    """Collects gear; every item is a definition of its own."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.known: dict[int, ItemDefinition] = {}

    def add(self, slot: int, power: int, *, tier: int = LEGENDARY, class_type: int = 3, **facts: object) -> str:
        """Into the vault unless `facts` say otherwise; gives the instance id."""
        number = len(self.items) + 1
        self.known[number] = ItemDefinition(number, bucket_hash=slot, tier=tier, class_type=class_type)
        self.items.append(item(number, str(number), instance=with_power(power), **facts))
        return str(number)

    def wear(self, slot: int, power: int, **facts: object) -> str:
        return self.add(slot, power, bucket_hash=slot, place=Place.EQUIPPED, owner=TITAN.id, **facts)

    def full(self, power: int = 100) -> Wardrobe:
        for slot in SLOTS:
            self.wear(slot, power)
        return self

    def inventory(self) -> Inventory:
        return arrange(Profile((TITAN, HUNTER), tuple(self.items)), FakeDefinitions(self.known))

    def sheet(self) -> PowerSheet:
        return power_sheet(self.inventory(), TITAN)


def chosen(sheet: PowerSheet, slot: int) -> str:
    best = next(each for each in sheet.slots if each.bucket_hash == slot).best
    return best.item.instance_id if best else ""


def test_the_total_is_whole_points_and_eighths() -> None:
    wardrobe = Wardrobe().full(100)
    wardrobe.add(KINETIC, 103)
    sheet = wardrobe.sheet()
    assert (sheet.worn, sheet.best) == (Total(100, 0), Total(100, 3))


def test_gear_counts_wherever_it_lies() -> None:
    wardrobe = Wardrobe().full()
    in_vault = wardrobe.add(KINETIC, 110)
    with_another = wardrobe.add(ENERGY, 111, bucket_hash=ENERGY, place=Place.EQUIPPED, owner=HUNTER.id)
    lost = wardrobe.add(HEAVY, 112, bucket_hash=LOST_ITEMS, place=Place.CARRIED, owner=HUNTER.id)
    sheet = wardrobe.sheet()
    assert [chosen(sheet, slot) for slot in (KINETIC, ENERGY, HEAVY)] == [in_vault, with_another, lost]


def test_gear_of_another_class_counts_only_for_the_account() -> None:
    wardrobe = Wardrobe().full(100)
    wardrobe.add(HELMET, 180, class_type=HUNTER.class_type)
    own = wardrobe.add(HELMET, 108, class_type=TITAN.class_type)
    sheet = wardrobe.sheet()
    assert chosen(sheet, HELMET) == own
    assert (sheet.best, sheet.strongest, sheet.anybodys) == (Total(101, 0), Total(101, 0), Total(110, 0))


def test_only_one_exotic_of_a_kind_is_worn_and_it_is_the_one_that_gains_most() -> None:
    wardrobe = Wardrobe().full(100)
    small, large = wardrobe.add(KINETIC, 104, tier=EXOTIC), wardrobe.add(ENERGY, 112, tier=EXOTIC)
    helmet = wardrobe.add(HELMET, 108, tier=EXOTIC)
    sheet = wardrobe.sheet()
    assert chosen(sheet, ENERGY) == large
    assert chosen(sheet, KINETIC) != small
    assert chosen(sheet, HELMET) == helmet, "armor has an exotic of its own"
    assert (sheet.best, sheet.strongest) == (Total(102, 4), Total(103, 0))


def test_of_equally_strong_gear_the_worn_one_is_best() -> None:
    wardrobe = Wardrobe()
    wardrobe.add(GAUNTLETS, 100)
    worn = wardrobe.wear(GAUNTLETS, 100)
    assert chosen(wardrobe.sheet(), GAUNTLETS) == worn


def test_slots_below_the_mean_hold_back_and_the_others_do_not() -> None:
    wardrobe = Wardrobe().full(100)
    wardrobe.add(KINETIC, 101)
    held = {each.bucket_hash: each.is_holding_back for each in wardrobe.sheet().slots}
    assert not held.pop(KINETIC)
    assert all(held.values())
    assert not any(each.is_holding_back for each in Wardrobe().full(100).sheet().slots)


def test_there_is_no_total_while_a_slot_has_nothing_with_a_known_power() -> None:
    wardrobe = Wardrobe()
    for slot in SLOTS[1:]:
        wardrobe.wear(slot, 100)
    sheet = wardrobe.sheet()
    assert (sheet.worn, sheet.best, sheet.strongest, sheet.anybodys) == (None, None, None, None)
    assert not any(each.is_holding_back for each in sheet.slots)


def test_what_nothing_defines_is_worn_by_whoever_wears_it_and_by_nobody_else() -> None:
    wardrobe = Wardrobe().full(100)
    unknown = wardrobe.wear(KINETIC, 140)
    del wardrobe.known[int(unknown)]
    assert chosen(wardrobe.sheet(), KINETIC) == unknown
    other = power_sheet(wardrobe.inventory(), HUNTER).slots[0].best
    assert other
    assert other.power == 100


def test_classified_armor_counts_for_nobody_but_its_wearer_and_a_classified_weapon_for_all() -> None:
    wardrobe = Wardrobe().full(100)
    helmet, weapon = wardrobe.add(HELMET, 180), wardrobe.add(KINETIC, 180)
    worn = wardrobe.wear(GAUNTLETS, 180)
    for each in map(int, (helmet, weapon, worn)):
        wardrobe.known[each] = replace(wardrobe.known[each], redacted=True)
    sheet = wardrobe.sheet()
    assert chosen(sheet, HELMET) != helmet
    assert (chosen(sheet, KINETIC), chosen(sheet, GAUNTLETS)) == (weapon, worn)
    assert sheet.anybodys == Total(130, 0)


def test_what_is_worn_stands_in_the_slot_that_it_is_worn_in() -> None:
    wardrobe = Wardrobe().full(100)
    wardrobe.items.pop(SLOTS.index(HEAVY))
    moved = wardrobe.add(ENERGY, 90, bucket_hash=HEAVY, place=Place.EQUIPPED, owner=TITAN.id)
    worn = {each.bucket_hash: each.worn.item.instance_id if each.worn else "" for each in wardrobe.sheet().slots}
    assert worn[HEAVY] == moved
