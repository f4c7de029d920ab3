"""Armor and counters: what a piece leans on, what of its set is active, and how progress is written."""

from __future__ import annotations

import pytest

from app.inventory.definitions import StatPoints
from app.inventory.items import Objective
from app.inventory.telling.armor import base_total, tertiary_stat, total, tuned_stat
from app.inventory.telling.objectives import Style, percent, step_of, style_of
from app.inventory.telling.stats import ARMOR_STATS, StatRow

HEALTH, MELEE, GRENADE, SUPER, CLASS, WEAPONS = ARMOR_STATS


def rows(**bases: int) -> list[StatRow]:
    names = {"health": HEALTH, "melee": MELEE, "grenade": GRENADE, "super": SUPER, "klass": CLASS, "weapons": WEAPONS}
    return [StatRow(stat, bases.get(name, 0) + 2, bases.get(name, 0), (), 50) for name, stat in names.items()]


def test_the_third_highest_base_stat_is_the_tertiary_one() -> None:
    assert tertiary_stat(rows(health=30, klass=25, melee=20)) == MELEE


def test_when_two_stats_share_the_third_place_none_is_named() -> None:
    assert tertiary_stat(rows(health=30, klass=25, melee=20, weapons=20)) == 0
    assert tertiary_stat(rows()[:3]) == 0


def test_totals_count_the_six_stats_with_and_without_mods() -> None:
    piece = [*rows(health=30, klass=25, melee=20), StatRow(1, 99, 99, (), 100)]
    assert (total(piece), base_total(piece)) == (87, 75)


def test_a_total_of_which_a_part_is_unknown_has_no_base() -> None:
    assert base_total([*rows()[:5], StatRow(WEAPONS, 9, None, (), 50)]) is None
    assert base_total([]) is None


def test_the_tuned_stat_is_the_one_that_every_one_sided_option_raises() -> None:
    balanced = option((HEALTH, 1), (MELEE, 1), (SUPER, 1))
    one_sided = option((CLASS, 5), (SUPER, -5)), option((CLASS, 5), (MELEE, -5))
    assert tuned_stat([balanced, *one_sided]) == CLASS
    assert tuned_stat([*one_sided, option((MELEE, 5), (SUPER, -5))]) == 0
    assert tuned_stat([balanced]) == tuned_stat([]) == 0


def option(*points: tuple[int, int]) -> list[StatPoints]:
    return [StatPoints(*each) for each in points]


@pytest.mark.parametrize(
    ("value_style", "done", "goal", "expected"),
    [
        (0, 3, 10, Style.FRACTION),
        (0, 0, 1, Style.CHECKBOX),
        (0, 417, 1, Style.NUMBER),
        (1, 3, 10, Style.FRACTION),
        (2, 1, 1, Style.CHECKBOX),
        (3, 250, 1000, Style.PERCENTAGE),
        (4, 1_700_000_000, 1, Style.DATE),
        (6, 17, 100, Style.NUMBER),
        (7, 90, 1, Style.DURATION),
        (9, 3, 1, Style.MULTIPLIER),
        (12, 51, 60, Style.RATE),
        (13, 452, 200, Style.DECIMAL),
        (8, 3, 10, None),
    ],
)
def test_progress_is_written_as_the_game_writes_it(
    value_style: int, done: int, goal: int, expected: Style | None
) -> None:
    assert style_of(value_style, Objective(1, done, goal, is_complete=False, is_visible=True)) is expected


def test_what_the_game_hides_stays_hidden() -> None:
    assert style_of(0, Objective(1, 3, 10, is_complete=False, is_visible=False)) is None


@pytest.mark.parametrize(
    ("done", "goal", "complete", "expected"),
    [
        (0, 50, False, 0),
        (25, 50, False, 50),
        (70, 50, False, 100),
        (-4, 50, False, 0),
        (5, 0, False, 0),
        (0, 9, True, 100),
    ],
)
def test_progress_in_percent_stays_between_nothing_and_all(done: int, goal: int, complete: bool, expected: int) -> None:
    assert percent(Objective(1, done, goal, is_complete=complete, is_visible=True)) == expected


def test_a_quest_step_knows_its_place_in_the_line() -> None:
    assert step_of(7, (5, 7, 9)) == (2, 3)
    assert step_of(8, (5, 7, 9)) is None
    assert step_of(5, (5,)) is None
