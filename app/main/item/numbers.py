"""Stats as lines with bars: how much is the item's own, and what each plug adds or takes."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from app.inventory.definitions import Definitions
from app.inventory.items import ItemDetails
from app.inventory.telling import armor
from app.inventory.telling.anatomy import ARMOR, WEAPON, Anatomy
from app.inventory.telling.roles import Role
from app.inventory.telling.stats import ARMOR_STATS, Part, StatRow
from app.main import words
from app.main.item.viewmodels import PartLine, Segment, StatLine, StatsView

_KINDS = {Role.PERK: "perk", Role.MASTERWORK: "masterwork", Role.CATALYST: "masterwork"}


def stats_view(anatomy: Anatomy, details: ItemDetails, definitions: Definitions, item_type: int) -> StatsView:
    told = [(row, line) for row in anatomy.stats if (line := _line(row, definitions))]
    lines = tuple(line for _, line in told)
    is_armor = bool(anatomy.stats) and all(row.stat_hash in ARMOR_STATS for row in anatomy.stats)
    is_armor = is_armor and not anatomy.are_basic
    base = armor.base_total(anatomy.stats) if is_armor else None
    total = armor.total(anatomy.stats) if is_armor else 0
    return StatsView(
        lines=lines,
        total=words.number(total) if is_armor else "",
        base_total=words.number(base) if base not in {None, total} else "",
        has_parts=any(line.parts for line in lines),
        note=_note([row for row, _ in told], anatomy, details, item_type),
    )


def _note(told: Sequence[StatRow], anatomy: Anatomy, details: ItemDetails, item_type: int) -> str:
    """How the numbers that are told came about; an empty answer is none."""
    if anatomy.are_basic and told:
        return gettext("Bungie did not send this copy's own numbers: these are the basic ones.")
    if not details.stats and told:
        return gettext("Bungie did not send the finished numbers: these are added up from what is in the sockets.")
    if not details.stats and item_type in {ARMOR, WEAPON}:
        return gettext("Bungie did not send this copy's numbers.")
    if details.stats and any(row.stat_hash not in details.stats for row in told):
        return gettext("Numbers that the game itself hides are added up from what is in the sockets.")
    return ""


def _line(row: StatRow, definitions: Definitions) -> StatLine | None:
    stat = definitions.stat(row.stat_hash)
    if stat is None or not stat.name:
        return None
    return StatLine(
        name=stat.name,
        value=words.number(row.value),
        segments=_segments(row),
        base="" if row.base is None or not row.parts else words.number(row.base),
        parts=tuple(_part(part, definitions) for part in row.parts),
    )


def _part(part: Part, definitions: Definitions) -> PartLine:
    plug = definitions.item(part.plug_hash)
    name = plug.name if plug and plug.name else gettext("Unknown plug %(hash)s", hash=part.plug_hash)
    return PartLine(f"{part.amount:+d}".replace("-", "\u2212"), name, _kind(part))


def _kind(part: Part) -> str:
    return "loss" if part.amount < 0 else _KINDS.get(part.role, "mod")


def _segments(row: StatRow) -> tuple[Segment, ...]:
    """The bar: the item's own share, then what was added; what plugs take is shown where it is missing."""
    if not row.maximum:
        return ()
    if row.base is None or not row.value:
        return _pieces([("base", row.value)], row.maximum)
    lost = -sum(part.amount for part in row.parts if part.amount < 0)
    gains = [(_kind(part), part.amount) for part in row.parts if part.amount > 0]
    kept = min(lost, row.base)
    pieces = [("base", max(0, row.base - kept)), *gains, ("loss", lost)]
    return _pieces(pieces, row.maximum)


def _pieces(pieces: Sequence[tuple[str, int]], maximum: int) -> tuple[Segment, ...]:
    """Amounts one after the other, in hundredths of the whole bar, cut off at its end."""
    segments, start = [], 0.0
    for kind, amount in pieces:
        width = min(100 - start, max(0, amount) * 100 / maximum)
        segments.append(Segment(kind, round(start, 2), round(width, 2)))
        start += width
    return tuple(segments)
