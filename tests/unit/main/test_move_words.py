"""Every code that Bungie may answer to an action is told in a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import create_app
from app.inventory.moves.plan import Because, Obstacle, StepKind
from app.main import move_words
from config import from_env

# Every error that Bungie is known to answer to an action (Exceptions.PlatformErrorCodes of the specification), by kind.
PLATFORM = (2, 3, 5, 7, 18, 21, 22, 99)
THROTTLING = (31, 35, 36, 37, 51, 54, 55, 56, 57, 1672)
PERMISSION = (
    2101, 2102, 2103, 2106, 2107, 2108, 2110, 2111, 2115, 2117, 2118, 2119, 2120, 2121, 2122, 2123, 2124,
)  # fmt: skip
DESTINY = (
    1601, 1618, 1620, 1622, 1623, 1625, 1627, 1629, 1632, 1633, 1634, 1635, 1636, 1637, 1638, 1639, 1640, 1641, 1642,
    1643, 1644, 1645, 1646, 1647, 1648, 1651, 1652, 1653, 1654, 1655, 1656, 1658, 1659, 1660, 1662, 1663, 1665, 1666,
    1670, 1671, 1673, 1674, 1675, 1676, 1677, 1678, 1679, 1680, 1681, 1682, 1688,
)  # fmt: skip
_CODES = (*PLATFORM, *THROTTLING, *PERMISSION, *DESTINY)


@pytest.fixture(autouse=True, scope="module")
def english() -> Iterator[None]:
    with create_app(from_env({"FLASK_CONFIG": "testing"})).test_request_context():
        yield


@pytest.mark.parametrize("code", _CODES)
def test_a_code_has_a_sentence(code: int) -> None:
    told = move_words.reason("", code)
    assert told.endswith(".")
    assert "code" not in told
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
