"""Progress of quests, bounties, catalysts, patterns and counters, and how the game writes it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from app.inventory.definitions import ItemDefinition
from app.inventory.items import Item, Objective

# DestinyUnlockValueUIStyle, as far as a page draws it differently.
_CHECKBOX, _PERCENTAGE, _DATE, _INTEGER, _TIME, _HIDDEN = 2, 3, 4, 6, 7, 8
_MULTIPLIER, _EXPLICIT_PERCENTAGE, _RAW_FLOAT = 9, 12, 13
# Kill trackers by what they count.
TRACKERS_PVP = frozenset({1501870536, 2439952408, 74070459, 890482414, 2109364169})
TRACKERS_PVE = frozenset({90275515, 2579044636, 73837075, 3387796140})
TRACKERS_GAMBIT = frozenset({345540971})
# DestinyObjectiveUiStyle of the level of a crafted weapon.
CRAFTED_LEVEL = 2


class Style(StrEnum):
    """`PERCENTAGE` is of the goal, a `RATE` is a percentage as it stands; a `DECIMAL` counts hundredths.

    A `DATE` counts seconds since 1970, a `DURATION` milliseconds, whatever Bungie's specification says.
    """

    FRACTION = "fraction"
    CHECKBOX = "checkbox"
    PERCENTAGE = "percentage"
    RATE = "rate"
    NUMBER = "number"
    MULTIPLIER = "multiplier"
    DECIMAL = "decimal"
    DATE = "date"
    DURATION = "duration"


def style_of(value_style: int, objective: Objective) -> Style | None:
    """How to write it, or None for what the game hides. Style 0 leaves it to the numbers, as the game does."""
    if value_style == _HIDDEN or not objective.is_visible:
        return None
    named = {
        _CHECKBOX: Style.CHECKBOX, _PERCENTAGE: Style.PERCENTAGE, _EXPLICIT_PERCENTAGE: Style.RATE,
        _DATE: Style.DATE, _INTEGER: Style.NUMBER, _TIME: Style.DURATION, _MULTIPLIER: Style.MULTIPLIER,
        _RAW_FLOAT: Style.DECIMAL,
    }  # fmt: skip
    if value_style in named:
        return named[value_style]
    if objective.goal <= 1 and objective.progress <= 1:
        return Style.CHECKBOX
    return Style.FRACTION if objective.goal > 1 else Style.NUMBER


def percent(objective: Objective) -> int:
    """How far, 0 to 100."""
    if objective.is_complete:
        return 100
    return max(0, min(100, objective.progress * 100 // objective.goal)) if objective.goal > 0 else 0


def are_complete(objectives: Sequence[Objective] | None) -> bool:
    """Whether there is something to do, and all of it is done."""
    return bool(objectives) and all(each.is_complete for each in objectives or ())


def expiry_of(item: Item, definition: ItemDefinition | None, objectives: Sequence[Objective] | None) -> str:
    """When an item runs out, "" for never: of some bounties the game stops the clock once they are complete."""
    is_stopped = definition is not None and definition.outlives_expiration and are_complete(objectives)
    return "" if is_stopped else item.expires_at


def step_of(item_hash: int, steps: tuple[int, ...]) -> tuple[int, int] | None:
    """(which, of how many) for a step of a quest line, None for what is no step of it."""
    return (steps.index(item_hash) + 1, len(steps)) if item_hash in steps and len(steps) > 1 else None
