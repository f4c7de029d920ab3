"""Points that plugs and weapons invest in stats, and the numbers that come out."""

from collections.abc import Iterable

from app.sandbox.demo.tables import document
from app.sandbox.envelope import Json

# Numbers in rounds and milliseconds; all others end at a hundred.
PLAIN_NUMBERS = frozenset({4284893193, 3871231066, 2961396640, 447667954})
_MOST, _MOST_PLAIN = 100, 2000


def points_of(plug: int) -> dict[int, int]:
    return {int(stat): points for stat, points in document("points").get(str(plug), {}).items()}


def investments(points: dict[int, int]) -> list[Json]:
    """`investmentStats` of a definition."""
    return [{"statTypeHash": stat, "value": value, "isConditionallyActive": False} for stat, value in points.items()]


def most_of(stat: int) -> int:
    return _MOST_PLAIN if stat in PLAIN_NUMBERS else _MOST


def shown(base: dict[int, int], plugs: Iterable[int | None]) -> dict[int, int]:
    """The numbers of a weapon with these plugs: added up and bounded, as the demo's stat group says."""
    sums = dict(base)
    for plug in plugs:
        for stat, points in points_of(plug or 0).items():
            if stat in sums:
                sums[stat] += points
    return {stat: max(0, min(most_of(stat), value)) for stat, value in sums.items()}
