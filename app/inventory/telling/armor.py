"""Armor of today: which stats a piece leans on, which one can be tuned, and how much of its set is worn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.inventory.definitions import StatPoints
from app.inventory.telling.stats import ARMOR_STATS, StatRow

_FOCUSED = 3  # archetypes raise two stats, the third is rolled


def total(rows: Iterable[StatRow]) -> int:
    return sum(row.value for row in rows if row.stat_hash in ARMOR_STATS)


def base_total(rows: Iterable[StatRow]) -> int | None:
    """The total without mods, tuning and masterwork; None when it is not known."""
    bases = [row.base for row in rows if row.stat_hash in ARMOR_STATS]
    return None if not bases or None in bases else sum(base for base in bases if base is not None)


def tertiary_stat(rows: Sequence[StatRow]) -> int:
    """The hash of the third highest base stat, 0 where the numbers do not single one out."""
    ranked = sorted(
        (
            (row.base if row.base is not None else row.value, row.stat_hash)
            for row in rows
            if row.stat_hash in ARMOR_STATS
        ),
        reverse=True,
    )
    if len(ranked) <= _FOCUSED:
        return 0
    third, fourth = ranked[_FOCUSED - 1], ranked[_FOCUSED]
    return third[1] if third[0] > fourth[0] else 0


def tuned_stat(options: Iterable[Sequence[StatPoints]]) -> int:
    """The stat that every one-sided tuning option of a piece raises, 0 when they disagree or there are none.

    `options`: what each option invests; the balanced one raises many, takes nothing and so says nothing.
    """
    raised = {
        given.stat_hash
        for option in options
        if any(given.points < 0 for given in option)
        for given in option
        if given.points > 0
    }
    return raised.pop() if len(raised) == 1 else 0
