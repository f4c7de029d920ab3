"""Sockets of an item: each plug stands under its own heading, machinery stays out, and rolls are told apart."""

from __future__ import annotations

import pytest

from app.inventory.definitions import ItemDefinition, ItemPerk, SocketDefinition
from app.inventory.items import PlugChoice, Socket
from app.inventory.references import PlugSetDefinition
from app.inventory.telling.roles import Role, role_of
from app.inventory.telling.sockets import (
    Board,
    SocketRow,
    is_empty,
    is_enhanced,
    listed_rolls,
    roll_sets,
    rolls_of,
    socket_rows,
)

WEAPON_PERKS, WEAPON_MODS, COSMETICS, ARMOR_PERKS = 4241085061, 2685412949, 2048875504, 3154740035
BARREL, BETTER_BARREL, TRACKER, ROLL, MEMORY = (
    ItemDefinition(1, name="Barrel", plug_category="barrels", tier=2),
    ItemDefinition(2, name="Barrel", plug_category="barrels", tier=3),
    ItemDefinition(3, name="Kill Tracker", plug_category="v400.plugs.weapons.masterworks.trackers"),
    ItemDefinition(4, name="", plug_category=""),
    ItemDefinition(5, name="Deepsight", plug_category="crafting.plugs.weapons.mods.memories"),
)
PLUGS = {plug.hash: plug for plug in (BARREL, BETTER_BARREL, TRACKER, ROLL, MEMORY)}


def board(*sockets: Socket, categories: tuple[int, ...] = (WEAPON_PERKS,) * 9, **facts: object) -> Board:
    return Board(
        **({"categories": categories, "recorded": sockets, "initials": (), "choices": {}, "rolls": {}} | facts)
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plug_category", "socket_category", "role"),
    [
        ("frames", WEAPON_PERKS, Role.PERK),
        ("barrels", 0, Role.PERK),
        ("origins", WEAPON_PERKS, Role.PERK),
        ("a.kind.of.next.year", 0, Role.PERK),
        ("intrinsics", ARMOR_PERKS, Role.FRAME),
        ("", 3956125808, Role.FRAME),
        ("armor_archetypes", ARMOR_PERKS, Role.ARCHETYPE),
        ("v400.weapon.mod_guns", WEAPON_MODS, Role.MOD),
        ("enhancements.v2_head", 590099826, Role.MOD),
        ("core.gear_systems.armor_tiering.plugs.tuning.mods", 590099826, Role.TUNING),
        ("v400.plugs.weapons.masterworks.stat.range", WEAPON_MODS, Role.MASTERWORK),
        ("v460.plugs.armor.masterworks.stat.resistance_4", 590099826, Role.MASTERWORK),
        ("v400.plugs.weapons.masterworks.trackers", WEAPON_PERKS, Role.TRACKER),
        ("v400.empty.exotic.masterwork", WEAPON_MODS, Role.CATALYST),
        ("v300_repackage_auto_rifle0_masterwork", WEAPON_MODS, Role.CATALYST),
        ("crafting.plugs.frame_identifiers", 3583996951, Role.CRAFTING),
        ("crafting.plugs.weapons.mods.memories", WEAPON_MODS, Role.DEEPSIGHT),
        ("crafting.plugs.weapons.mods.transfusers.level", WEAPON_MODS, Role.HIDDEN),
        ("crafting.recipes.empty_socket", WEAPON_MODS, Role.HIDDEN),
        ("shader", WEAPON_MODS, Role.LOOK),
        ("exotic_all_skins", COSMETICS, Role.LOOK),
        ("shared.stasis.trinkets", 2819965312, Role.ABILITY),
    ],
)
def test_a_plug_s_place_follows_from_its_kind_and_its_socket(
    plug_category: str, socket_category: int, role: Role
) -> None:
    assert role_of(plug_category, socket_category) is role


def test_what_nobody_plugged_in_is_not_told() -> None:
    assert socket_rows(board(Socket(0, False, False)), PLUGS.get) == ()


def test_an_invisible_plug_is_hidden_but_its_numbers_count() -> None:
    (row,) = socket_rows(board(Socket(ROLL.hash, True, False)), PLUGS.get)
    assert (row.role, row.plug_hash) == (Role.HIDDEN, ROLL.hash)


def test_a_tracker_is_told_although_its_socket_is_invisible() -> None:
    (row,) = socket_rows(board(Socket(TRACKER.hash, True, False)), PLUGS.get)
    assert row.role is Role.TRACKER


def test_the_chosen_perk_stands_apart_from_the_others_that_this_copy_offers() -> None:
    known = board(
        Socket(BARREL.hash, True, True),
        choices={0: [PlugChoice(each, True, True) for each in (BARREL.hash, BETTER_BARREL.hash)]},
    )
    (row,) = socket_rows(known, PLUGS.get)
    assert (row.plug_hash, row.offered) == (BARREL.hash, (BETTER_BARREL.hash,))


def test_without_recorded_sockets_only_the_possible_rolls_are_told() -> None:
    rolls = PlugSetDefinition(7, (BARREL.hash, BETTER_BARREL.hash), retired=(BETTER_BARREL.hash,))
    (row,) = socket_rows(board(recorded=None, rolls={2: rolls}), PLUGS.get)
    assert (row.position, row.plug_hash, row.possible, row.retired) == (2, 0, rolls.plug_hashes, {BETTER_BARREL.hash})


def test_a_socket_that_the_definition_does_not_name_is_told_all_the_same() -> None:
    (row,) = socket_rows(board(Socket(BARREL.hash, True, True), categories=()), PLUGS.get)
    assert (row.role, row.category_hash) == (Role.PERK, 0)


def test_an_unknown_plug_is_a_perk_of_its_socket_s_kind() -> None:
    (row,) = socket_rows(board(Socket(99, True, True), categories=(WEAPON_MODS,)), PLUGS.get)
    assert (row.role, row.plug_hash) == (Role.MOD, 99)


def test_enhanced_perks_are_told_from_plain_ones() -> None:
    assert is_enhanced(Role.PERK, BETTER_BARREL)
    assert not is_enhanced(Role.PERK, BARREL)
    assert not is_enhanced(Role.MOD, BETTER_BARREL)
    assert not is_enhanced(Role.PERK, None)


def test_empty_sockets_are_known_by_number_by_their_own_word_and_as_what_mods_start_with() -> None:
    def row(plug_hash: int, role: Role = Role.MOD, *, is_initial: bool = False) -> SocketRow:
        return SocketRow(0, role, 0, plug_hash, is_enabled=True, is_initial=is_initial)

    assert is_empty(row(2323986101), None)
    assert is_empty(row(7), ItemDefinition(7, is_dummy_plug=True))
    assert is_empty(row(7, is_initial=True), ItemDefinition(7))
    assert not is_empty(row(7), ItemDefinition(7))
    assert not is_empty(row(7, Role.PERK, is_initial=True), ItemDefinition(7))


def test_a_mod_that_every_copy_starts_with_is_a_mod_as_soon_as_it_does_something() -> None:
    row = SocketRow(0, Role.MOD, 0, 7, is_enabled=True, is_initial=True)
    assert is_empty(row, ItemDefinition(7, name="Empty Mod Socket"))
    assert is_empty(row, None)
    assert not is_empty(row, ItemDefinition(7, name="Riven's Curse", perks=(ItemPerk(2225856214),)))
    look = row._replace(role=Role.LOOK)
    assert is_empty(look, ItemDefinition(7, name="Default Ornament", perks=(ItemPerk(1),)))


def test_the_plug_that_every_copy_starts_with_is_known() -> None:
    known = board(Socket(BARREL.hash, True, True), Socket(BETTER_BARREL.hash, True, True), initials=(BARREL.hash, 9))
    assert [row.is_initial for row in socket_rows(known, PLUGS.get)] == [True, False]


def test_possible_rolls_are_looked_up_for_perks_only_and_what_drops_goes_before_what_fits() -> None:
    gun = ItemDefinition(
        1,
        socket_categories=(WEAPON_PERKS, WEAPON_PERKS, COSMETICS, WEAPON_MODS),
        sockets=(
            SocketDefinition(plug_set_hash=10, random_set_hash=11),
            SocketDefinition(plug_set_hash=12),
            SocketDefinition(plug_set_hash=13),
            SocketDefinition(plug_set_hash=14),
            SocketDefinition(random_set_hash=15),
            SocketDefinition(),
        ),
    )
    assert roll_sets(gun) == {0: 11, 1: 12, 4: 15}


BARE, GIVING = (
    ItemDefinition(6, name="Nothing", plug_category="enhancements.v2_legs"),
    ItemDefinition(7, name="Something", plug_category="enhancements.v2_legs", energy_cost=1),
)


@pytest.mark.parametrize(
    ("plug", "initials", "is_initial"),
    [
        (BARE, (), True),
        (GIVING, (), False),
        (BARE, (8,), False),
        (ItemDefinition(9, plug_category="v400.empty.exotic.masterwork"), (), True),
        (ItemDefinition(9, plug_category="v300_new_auto_rifle0_masterwork"), (), False),
        (ItemDefinition(9, plug_category="shader"), (), False),
    ],
)
def test_where_nobody_knows_what_a_socket_starts_with_a_mod_that_gives_nothing_stands_for_none(
    plug: ItemDefinition, initials: tuple[int, ...], is_initial: bool
) -> None:
    known = board(Socket(plug.hash, True, True), initials=initials, categories=())
    (row,) = socket_rows(known, {plug.hash: plug}.get)
    assert row.is_initial is is_initial


def test_a_choice_is_closed_where_the_game_would_not_take_it_or_it_would_do_nothing() -> None:
    choices = [PlugChoice(2, True, True), PlugChoice(3, False, True), PlugChoice(4, True, False)]
    (row,) = socket_rows(board(Socket(BARREL.hash, True, True), choices={0: choices}), PLUGS.get)
    assert (row.offered, row.closed) == ((2, 3, 4), {3, 4})


def test_a_shader_that_a_piece_came_with_is_worn_and_the_game_s_default_is_none() -> None:
    row = SocketRow(0, Role.LOOK, 0, 7, is_enabled=True, is_initial=True)
    assert not is_empty(row, ItemDefinition(7, name="Gambit Leather", plug_category="shader"))
    default = row._replace(plug_hash=4248210736)
    assert is_empty(default, ItemDefinition(4248210736, name="Default Shader", plug_category="shader"))
    assert is_empty(row, ItemDefinition(7, name="No Projection", plug_category="hologram"))


def test_a_catalyst_is_there_even_where_every_copy_starts_with_it() -> None:
    row = SocketRow(0, Role.CATALYST, 0, 7, is_enabled=True, is_initial=True)
    assert not is_empty(row, ItemDefinition(7, name="Whisper Catalyst", plug_category="v320_sniper_rifle0_masterwork"))
    assert is_empty(row, ItemDefinition(7, plug_category="v400.empty.exotic.masterwork"))


def test_what_the_item_itself_lists_can_be_in_a_socket_of_which_no_plug_set_tells() -> None:
    gun = ItemDefinition(
        1,
        socket_categories=(WEAPON_PERKS, WEAPON_PERKS, WEAPON_PERKS, COSMETICS),
        sockets=(
            SocketDefinition(plug_hashes=(1, 2)),
            SocketDefinition(plug_hashes=(3,)),
            SocketDefinition(plug_set_hash=9),
            SocketDefinition(plug_hashes=(4, 5)),
        ),
    )
    assert listed_rolls(gun) == {0: (1, 2)}
    sets = {9: PlugSetDefinition(9, (6, 7), retired=(7,))}
    assert rolls_of(gun, sets.get) == {0: PlugSetDefinition(0, (1, 2)), 2: sets[9]}
    assert rolls_of(gun, {}.get).keys() == {0}
