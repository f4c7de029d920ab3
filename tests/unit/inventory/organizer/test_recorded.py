"""Tables of the recorded accounts: a cell's search finds its row, and an export holds every copy once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from app.inventory.items import ItemState
from app.inventory.organizer import export, table
from app.inventory.organizer.cautious import cautious
from app.inventory.organizer.column import Column, Form, Kind
from app.inventory.organizer.desk import Desk
from app.inventory.search.compile import compile_query
from app.inventory.search.facts import Subject
from app.inventory.search.keyword import Predicate
from app.inventory.search.parser import parse
from tests.shared import requires_shared
from tests.unit.inventory.search import recorded

pytestmark = requires_shared

KEEPERS = ("4611686018407382510", "4611686018466151600")  # with sockets
# No recorded account has such a thing.
UNSEEN_ARMOR = {"archetype", "perks", "holofoil"}
UNSEEN = {"tag", "notes", "wish", "wishnotes", "loadouts", "level", "kills", "tuning", "new", "featured", "deepsight"}


@cache
def desk(player: str) -> Desk:
    return Desk(recorded.collection(player))


@cache
def asking(player: str, term: str) -> Predicate:
    return compile_query(parse(term), desk(player).facts)


def values(column: Column, player: str, row: Subject) -> list[object]:
    value = column.value(desk(player), row)
    if value is None:
        return []
    return list(value) if column.form is Form.PLUGS else [value]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("player", KEEPERS)
def test_the_search_of_a_cell_finds_the_row_of_the_cell(player: str, kind: Kind) -> None:
    rows = table.rows_of(kind, desk(player).facts.subjects)[::9]
    assert rows
    for key, column in table.columns_of(kind).items():
        for row in rows:
            for value in values(column, player, row):
                term = column.term(desk(player), row, value)
                assert not term or asking(player, term)(row), (key, term, row.known.name)


@pytest.mark.parametrize("kind", [Kind.WEAPONS, Kind.ARMOR])
def test_nearly_every_column_has_something_to_tell(kind: Kind) -> None:
    told = {
        key
        for player in KEEPERS
        for key, column in table.columns_of(kind).items()
        for row in table.rows_of(kind, desk(player).facts.subjects)
        if column.value(desk(player), row) not in (None, False)
    }
    silent = set(table.columns_of(kind)) - told - UNSEEN
    silent = {each for each in silent if not each.startswith(("stat.", "base."))}
    assert silent == (UNSEEN_ARMOR if kind is Kind.ARMOR else set())
    assert len([each for each in told if each.startswith("stat.")]) >= (6 if kind is Kind.ARMOR else 20)


def test_every_order_holds_every_row_once() -> None:
    player = KEEPERS[1]
    rows = table.rows_of(Kind.WEAPONS, desk(player).facts.subjects)
    for key in table.columns_of(Kind.WEAPONS):
        for text in (key, f"-{key}"):
            ordered = table.in_order(Kind.WEAPONS, rows, table.read_order(Kind.WEAPONS, text), desk(player))
            assert Counter(each.key for each in ordered) == Counter(each.key for each in rows), text


# --- export ----------------------------------------------------------------------------------------------------------

# What the field's leading client calls its columns, as players' tools read them.
HEADS = {
    Kind.WEAPONS: "Name,Hash,Id,Tag,Rarity,Tier,Type,Source,Category,Element,Ammo,Power,Archetype,Masterwork Type,"
    "Masterwork Tier,Owner,Locked,Equipped,Holofoil,Year,Season,Event,Recoil,AA,Impact,Range,Zoom,Blast Radius,"
    "Velocity,Persistence,Stability,ROF,Reload,Mag,Handling,Charge Time,Draw Time,Accuracy,Charge Rate,"
    "Guard Resistance,Guard Endurance,Swing Speed,Shield Duration,Airborne Effectiveness,Ammo Generation,"
    "Heat Generated,Cooling Efficiency,Crafted,Crafted Level,Kill Tracker,Foundry,Loadouts,Notes",
    Kind.ARMOR: "Name,Hash,Id,Tag,Rarity,Tier,Type,Source,Equippable,Power,Energy Capacity,Archetype,Tertiary Stat,"
    "Tuning Stat,Masterwork Tier,Owner,Locked,Equipped,Holofoil,Year,Season,Event,Weapons,Health,Class,Grenade,Super,"
    "Melee,Total,Weapons (Base),Health (Base),Class (Base),Grenade (Base),Super (Base),Melee (Base),Total (Base),"
    "Seasonal Mod,Loadouts,Notes",
    Kind.GHOSTS: "Name,Hash,Id,Tag,Rarity,Tier,Source,Energy Capacity,Owner,Locked,Equipped,Holofoil,Year,Season,"
    "Event,Loadouts,Notes",
}
NUMBERS = re.compile(
    r"(Hash|Tier|Power|Year|Season|Total|Impact|Range|Zoom|ROF|Mag|Handling|Crafted Level|Kill Tracker)"
)
FLAGS = {"Locked", "Equipped", "Holofoil"}
WORDS = {
    "Rarity": {"", "Common", "Uncommon", "Rare", "Legendary", "Exotic"},
    "Element": {"", "Kinetic", "Arc", "Solar", "Void", "Stasis", "Strand"},
    "Category": {"", "KineticSlot", "Energy", "Power"},
    "Equippable": {"Titan", "Hunter", "Warlock", "Any"},
    "Tertiary Stat": {"", "weapons", "health", "class", "grenade", "super", "melee"},
    "Crafted": {"false", "crafted", "enhanced"},
}


@cache
def exported(player: str, kind: Kind) -> list[list[object]]:
    return list(export.rows(kind, desk(player), desk(player).facts.subjects))


@pytest.mark.parametrize("kind", Kind)
def test_an_export_has_the_columns_that_tools_know_and_then_perks(kind: Kind) -> None:
    head = exported(KEEPERS[1], kind)[0]
    known = HEADS[kind].split(",")
    assert head[: len(known)] == known
    assert head[len(known) :] == [f"Perks {place}" for place in range(len(head) - len(known))]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("player", recorded.ACCOUNTS)
def test_an_export_has_one_row_for_each_copy_and_only_sane_cells(player: str, kind: Kind) -> None:
    head, *rows = exported(player, kind)
    copies = {each.item.instance_id for each in table.rows_of(kind, desk(player).facts.subjects)}
    assert {str(row[2]) for row in rows} == {f'"{each}"' for each in copies}
    assert len(rows) == len(copies)
    for row in rows:
        assert len(row) == len(head)
        for name, cell in zip(map(str, head), row, strict=True):
            assert type(cell) in {int, str}, (name, cell)
            if NUMBERS.fullmatch(name):
                assert cell == "" or isinstance(cell, int), (name, cell)
            assert cell in WORDS.get(name, {cell})
            assert name not in FLAGS or cell in {"true", "false"}
            assert not isinstance(cell, str) or not str(cautious(cell)).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_crafted_copy_of_a_weapon_without_a_pattern_is_told_as_enhanced() -> None:
    found = Counter(
        (str(cells["Crafted"]), bool(copy.item.state & ItemState.CRAFTED), bool(copy.known.record_hash))
        for player in recorded.ACCOUNTS
        for copy, cells in told_of(player)
    )
    assert {told for told, is_crafted, has_pattern in found if is_crafted and has_pattern} == {"crafted"}
    assert {told for told, is_crafted, has_pattern in found if is_crafted and not has_pattern} == {"enhanced"}
    assert {told for told, is_crafted, _ in found if not is_crafted} == {"false"}


def told_of(player: str) -> Iterator[tuple[Subject, dict[str, object]]]:
    """Every weapon with its row of the export."""
    head, *rows = exported(player, Kind.WEAPONS)
    copies = {each.item.instance_id: each for each in table.rows_of(Kind.WEAPONS, desk(player).facts.subjects)}
    for row in rows:
        yield copies[str(row[2]).strip('"')], dict(zip(map(str, head), row, strict=True))


def test_the_perk_in_a_socket_has_an_asterisk() -> None:
    head, *rows = exported(KEEPERS[1], Kind.WEAPONS)
    first = head.index("Perks 0")
    told = [[str(cell) for cell in row[first:] if cell] for row in rows]
    assert any(any(each.endswith("*") for each in row) and any(not each.endswith("*") for each in row) for row in told)
