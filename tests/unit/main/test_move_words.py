"""Every code that Bungie may answer to an action is told in a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import create_app
from app.inventory.moves.plan import Because, Obstacle, StepKind
from app.main import move_words
from config import from_env

# What the game may say to moving, wearing, locking and tracking (Exceptions.PlatformErrorCodes of the specification).
_CODES = (
    1601, 1620, 1622, 1623, 1629, 1632, 1633, 1634, 1635, 1636, 1637, 1638, 1639, 1640, 1641, 1642, 1645, 1646, 1648,
    1654, 1655, 1656, 1658, 1659, 1660, 1662, 1663, 1665, 1666, 1671, 1673, 1674, 1675, 1676, 1677, 1678, 1679, 1680,
    1681, 1682,
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def english() -> Iterator[None]:
    with create_app(from_env({"FLASK_CONFIG": "testing"})).test_request_context():
        yield


@pytest.mark.parametrize("code", _CODES)
def test_a_code_has_a_sentence(code: int) -> None:
    told = move_words.reason("", code)
    assert told.endswith(".")
    assert str(code) not in told


def test_a_code_that_is_new_to_us_is_told_by_its_number() -> None:
    assert "9999" in move_words.reason("", 9999)


@pytest.mark.parametrize("obstacle", Obstacle)
def test_an_obstacle_has_a_sentence(obstacle: Obstacle) -> None:
    assert move_words.reason(obstacle, 0).endswith(".")


@pytest.mark.parametrize("because", Because)
def test_only_what_was_wished_needs_no_reason(because: Because) -> None:
    assert bool(move_words.because(because)) is (because is not Because.WISH)


@pytest.mark.parametrize("kind", [each for each in StepKind if each not in {StepKind.PLUG, StepKind.WEAR_SET}])
def test_a_step_names_its_item(kind: StepKind) -> None:
    assert "Thorn" in move_words.step_text(kind, "Thorn", "Titan")


def test_a_plug_is_told_with_its_item_and_an_in_game_loadout_with_its_character() -> None:
    assert move_words.plug_text("Radar Booster", "Helm") == "Radar Booster into Helm"
    assert move_words.set_text(0, "Titan") == "In-game loadout 1 on Titan"
