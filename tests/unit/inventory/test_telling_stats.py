"""Numbers of an item: added up, read off the game's broken line, rounded as the game does, and split by who gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inventory.definitions import StatPoints
from app.inventory.references import StatScale
from app.inventory.telling.roles import Role
from app.inventory.telling.stats import ARMOR_STATS, MAGAZINE, Body, Giver, shown, stat_rows

RANGE, STABILITY, RPM, HEALTH = 1240592695, 155624089, 4284893193, ARMOR_STATS[0]
PLAIN = StatScale(100, False, ((0, 0), (100, 100)))


def body(**facts: object) -> Body:
    plain = {"is_armor": False, "investments": None, "scales": {}, "givers": (), "recorded": None}
    return Body(**(plain | facts))  # type: ignore[arg-type]


def giver(role: Role, points: int, stat: int = RANGE, plug: int = 1, *, conditional: bool = False) -> Giver:
    return Giver(plug, role, (StatPoints(stat, points, conditional),))


@pytest.mark.parametrize(("points", "expected"), [(0, 10), (5, 15), (10, 20), (40, 35), (70, 50), (99, 50), (-7, 10)])
def test_points_between_two_steps_are_read_off_the_line_and_outside_it_ends(points: int, expected: int) -> None:
    assert shown(points, RANGE, StatScale(80, False, ((0, 10), (10, 20), (70, 50)))) == expected


def test_points_beyond_the_maximum_of_the_group_do_not_count() -> None:
    assert shown(90, RANGE, StatScale(50, False, ((0, 0), (100, 100)))) == 50


@pytest.mark.parametrize(("points", "expected"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_halves_are_rounded_to_the_even_number(points: int, expected: int) -> None:
    assert shown(points, RANGE, StatScale(100, False, ((0, 0), (100, 50)))) == expected


@pytest.mark.parametrize(("points", "expected"), [(1, 1), (3, 2), (5, 3)])
def test_a_magazine_s_halves_are_rounded_up(points: int, expected: int) -> None:
    assert shown(points, MAGAZINE, StatScale(100, True, ((0, 0), (100, 50)))) == expected


def test_a_falling_line_gives_smaller_numbers_for_more_points() -> None:
    assert shown(50, 2961396640, StatScale(100, True, ((0, 1000), (100, 500)))) == 750


def test_base_and_parts_add_up_to_the_shown_number_and_say_who_gives() -> None:
    known = body(
        investments=(StatPoints(RANGE, 40),),
        scales={RANGE: PLAIN},
        givers=(giver(Role.PERK, 10, plug=7), giver(Role.MASTERWORK, 5, plug=8), giver(Role.PERK, -3, plug=9)),
        recorded={RANGE: 52},
    )
    (row,) = stat_rows(known)
    assert (row.value, row.base) == (52, 40)
    assert [(part.plug_hash, part.role, part.amount) for part in row.parts] == [
        (7, Role.PERK, 10),
        (8, Role.MASTERWORK, 5),
        (9, Role.PERK, -3),
    ]


def test_what_the_frame_gives_belongs_to_the_base() -> None:
    known = body(investments=(StatPoints(RANGE, 40),), scales={RANGE: PLAIN}, givers=(giver(Role.FRAME, 6),))
    (row,) = stat_rows(known)
    assert (row.value, row.base, row.parts) == (46, 46, ())


def test_a_recorded_number_that_differs_from_our_sum_is_shown_whole() -> None:
    known = body(
        investments=(StatPoints(RANGE, 40),), scales={RANGE: PLAIN}, givers=(giver(Role.MOD, 5),), recorded={RANGE: 61}
    )
    (row,) = stat_rows(known)
    assert (row.value, row.base, row.parts) == (61, None, ())


def test_conditional_points_count_where_the_recorded_number_proves_them() -> None:
    facts = {"investments": (StatPoints(RANGE, 40),), "scales": {RANGE: PLAIN}}
    bonus = giver(Role.MASTERWORK, 3, conditional=True)
    assert stat_rows(body(**facts, givers=(bonus,)))[0].value == 40
    proven = stat_rows(body(**facts, givers=(bonus,), recorded={RANGE: 43}))[0]
    assert (proven.value, proven.base, proven.parts[0].amount) == (43, 40, 3)


def test_stats_that_the_group_does_not_scale_are_not_shown() -> None:
    assert stat_rows(body(investments=(StatPoints(12345, 40),), scales={RANGE: PLAIN})) == ()


def test_recorded_numbers_are_shown_even_when_the_definitions_know_nothing() -> None:
    rows = stat_rows(body(recorded={STABILITY: 30, RANGE: 20, RPM: 600, 1480404414: 1810}))
    assert [(row.stat_hash, row.value, row.base) for row in rows] == [
        (RPM, 600, None),
        (RANGE, 20, None),
        (STABILITY, 30, None),
    ]
    assert [bool(row.maximum) for row in rows] == [False, True, True]


def test_what_was_recorded_tells_which_numbers_a_copy_has() -> None:
    known = body(
        investments=(StatPoints(RANGE, 40), StatPoints(STABILITY, 30)),
        scales={RANGE: PLAIN, STABILITY: PLAIN},
        recorded={RANGE: 40},
    )
    assert [row.stat_hash for row in stat_rows(known)] == [RANGE]


def test_where_nothing_was_recorded_the_definitions_tell_the_numbers() -> None:
    known = body(investments=(StatPoints(RANGE, 40),), scales={RANGE: PLAIN}, recorded={})
    assert [(row.stat_hash, row.value) for row in stat_rows(known)] == [(RANGE, 40)]


def test_armor_adds_up_plainly_and_what_no_mod_gives_is_its_base() -> None:
    known = body(is_armor=True, givers=(giver(Role.MOD, 10, HEALTH),), recorded={HEALTH: 38}, scales={HEALTH: PLAIN})
    (row,) = stat_rows(known)
    assert (row.value, row.base, row.parts[0].amount) == (38, 28, 10)


def test_armor_without_recorded_numbers_is_the_sum_of_its_plugs() -> None:
    known = body(is_armor=True, givers=(giver(Role.HIDDEN, 12, HEALTH), giver(Role.MOD, 5, HEALTH)))
    (row,) = stat_rows(known)
    assert (row.value, row.base) == (17, 12)


def test_nothing_known_is_no_row_instead_of_a_guess() -> None:
    assert stat_rows(body()) == ()
    assert stat_rows(body(givers=(giver(Role.PERK, 10),), scales={RANGE: PLAIN})) == ()


_points = st.integers(-60, 160)
_steps = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 1000)), max_size=6, unique_by=lambda step: step[0])


@given(base=_points, given_points=st.lists(_points, max_size=5), steps=_steps, maximum=st.integers(0, 100))
def test_whatever_the_definitions_say_base_and_parts_add_up(
    base: int, given_points: list[int], steps: list[tuple[int, int]], maximum: int
) -> None:
    known = body(
        investments=(StatPoints(RANGE, base),),
        scales={RANGE: StatScale(maximum, False, tuple(sorted(steps)))},
        givers=tuple(giver(Role.PERK, points, plug=index) for index, points in enumerate(given_points)),
    )
    for row in stat_rows(known):
        assert row.base is not None
        assert row.base + sum(part.amount for part in row.parts) == row.value


def test_armor_whose_own_plugs_are_not_known_has_no_numbers_rather_than_those_of_its_mods() -> None:
    mods = (giver(Role.MASTERWORK, 2, HEALTH, plug=8), giver(Role.MOD, 5, HEALTH, plug=9))
    assert stat_rows(body(is_armor=True, givers=mods)) == ()
    (row,) = stat_rows(body(is_armor=True, givers=(giver(Role.HIDDEN, 20, HEALTH), *mods)))
    assert (row.value, row.base) == (27, 20)


def half_recorded(recorded: int, **facts: object) -> Body:
    """Two numbers, of which Bungie sent the first."""
    points = (StatPoints(RANGE, 40), StatPoints(STABILITY, 30))
    sent = {RANGE: recorded}
    return body(**({"investments": points, "scales": {RANGE: PLAIN, STABILITY: PLAIN}, "recorded": sent} | facts))


def test_numbers_that_bungie_leaves_out_are_added_up_where_our_sum_has_proven_right() -> None:
    givers = (giver(Role.PERK, 10), giver(Role.PERK, 5, STABILITY))
    rows = stat_rows(half_recorded(50, givers=givers, is_whole=True))
    assert {row.stat_hash: (row.value, row.base) for row in rows} == {RANGE: (50, 40), STABILITY: (35, 30)}


@pytest.mark.parametrize(
    "doubtful",
    [
        half_recorded(40),
        half_recorded(47, is_whole=True),
        half_recorded(40, is_whole=True, scales={STABILITY: PLAIN}),
    ],
    ids=["a plug is not known", "the game's number is another one", "nothing to compare with"],
)
def test_numbers_that_bungie_leaves_out_are_not_guessed(doubtful: Body) -> None:
    assert [row.stat_hash for row in stat_rows(doubtful)] == [RANGE]


def test_armor_has_the_numbers_that_were_recorded_and_no_others() -> None:
    known = body(is_armor=True, investments=(StatPoints(ARMOR_STATS[1], 3),), recorded={HEALTH: 30}, is_whole=True)
    assert [row.stat_hash for row in stat_rows(known)] == [HEALTH]
