"""One measured number, and what it is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`floor`: the least that the same work could cost, in the same unit; `ratio` is value to floor. None: none."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    note: str = ""


def against(name: str, value: float, unit: str, floor: float, note: str = "") -> Figure:
    return Figure(name, value, unit, floor, value / floor, note)
