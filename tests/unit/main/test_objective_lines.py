"""Progress in words: each style of the game as the game writes it, and nothing for what is no moment at all."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from app import create_app
from app.inventory.items import Objective
from app.inventory.references import ObjectiveDefinition
from app.main.item.progress import line_of
from app.manifest.plans import OBJECTIVE
from app.manifest.resolved import ResolvedDefinitions
from config import from_env

INTEGER, PERCENTAGE, DATE, DURATION, MULTIPLIER, RATE, DECIMAL = 6, 3, 4, 7, 9, 12, 13


def told(style: int, progress: int, goal: int = 1, locale: str = "en") -> str | None:
    """What stands behind an objective of this style, None where it is left out."""
    definitions = ResolvedDefinitions(None, {OBJECTIVE: {1: ObjectiveDefinition(1, style=style, done_style=style)}})
    with create_app(from_env({"FLASK_CONFIG": "testing"})).test_request_context(), force_locale(locale):
        line = line_of(Objective(1, progress, goal, is_complete=False, is_visible=True), definitions)
    return line.value if line else None


@pytest.mark.parametrize(
    ("style", "progress", "goal", "expected"),
    [
        (INTEGER, 1314, 1, "1,314"),
        (PERCENTAGE, 250, 1000, "25 %"),
        (RATE, 51, 60, "51 %"),
        (MULTIPLIER, 3, 100, "3\u00d7"),
        (DECIMAL, 452, 200, "4.52"),
        (DATE, 1_700_000_000, 1, "November 14, 2023"),
    ],
)
def test_each_style_is_written_as_the_game_writes_it(style: int, progress: int, goal: int, expected: str) -> None:
    assert told(style, progress, goal) == expected


def test_decimals_follow_the_language() -> None:
    assert told(DECIMAL, 452, locale="de") == "4,52"


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [(0, "0:00"), (59_000, "0:59"), (754_250, "12:34.250"), (3_723_007, "1:02:03.007"), (-5, "0:00")],
)
def test_how_long_a_run_took_is_told_from_milliseconds(milliseconds: int, expected: str) -> None:
    assert told(DURATION, milliseconds, 3_600_000) == expected


@pytest.mark.parametrize("progress", [0, -1, 1, 1_388_534_399, 2**40, 2**63])
def test_what_is_no_moment_is_told_as_no_date(progress: int) -> None:
    assert told(DATE, progress) is None
