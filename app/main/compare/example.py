"""A made-up table, and two made-up copies side by side, for the style guide."""

from __future__ import annotations

from dataclasses import dataclass

from flask import get_template_attribute

from app.main.compare.viewmodels import ComparePage, CopyView, FactRow, PlugRow, PlugView
from app.main.organizer.cells import Entry
from app.main.organizer.viewmodels import Act, Acts, ChooserView, ColumnChoice, HeadView, Link, OrganizerPage, RowView
from app.main.viewmodels import TileView

_NOWHERE = "#main"


@dataclass(frozen=True, slots=True)
class TableExample:
    sheet: OrganizerPage
    compared: ComparePage


def table_example(tiles: tuple[TileView, ...]) -> TableExample:
    return TableExample(_sheet(tiles), _compared(tiles))


def _sheet(tiles: tuple[TileView, ...]) -> OrganizerPage:
    heads = (
        ("Name", "none", "c-i"),
        ("Power", "descending", "c-n"),
        ("Locked", "none", "c-m"),
        ("Perks", "none", "c-w"),
    )
    choices = (ColumnChoice("Power", "", _NOWHERE, _NOWHERE), ColumnChoice("Locked", _NOWHERE, "", _NOWHERE))
    return OrganizerPage(
        notices=(), freshness=None, title="Table", kind="weapons", kinds=(), picks=(), count="7 items",
        is_narrowed=False,
        chooser=ChooserView(
            choices, (Link(_NOWHERE, "Perks"),), (Link(_NOWHERE, "Range"),), "Power ↓", "power;", _NOWHERE
        ),
        heads=tuple(HeadView(words, _NOWHERE, sorted_as, look) for words, sorted_as, look in heads),
        chunks=(tuple(map(_row, tiles)),), pages=(), refusal="",
        acts=(Acts("Lock", (Act("lock", "Lock"), Act("unlock", "Unlock"))),),
        key="example", ticks_all=False, tick_href=_NOWHERE, back="/styleguide", csv_href=_NOWHERE, export_href=_NOWHERE,
    )  # fmt: skip


def _row(tile: TileView) -> RowView:
    cell = get_template_attribute("components/organizer.html", "cell")
    perks = (Entry("Outlaw", _NOWHERE, "on"), Entry("Rampage", _NOWHERE, "on up"), Entry("Quickdraw", _NOWHERE, "off"))
    cells = (
        cell("c-n", (Entry(tile.power, _NOWHERE),)),
        cell("c-m", (Entry("Locked", "", "tick"),)),
        cell("c-w", perks),
    )
    return RowView(tile.hash, tile.instance_id, tile.name, tile.label, _NOWHERE, tile.icon_url, tile.rarity, cells)


def _compared(tiles: tuple[TileView, ...]) -> ComparePage:
    perk, other = PlugView("Outlaw", "", "on"), PlugView("Rampage", "", "off up")
    return ComparePage(
        notices=(), title="Compared", note="", ways=(), values=(), copies=tuple(map(_copy, tiles[:2])),
        facts=(FactRow("Power", ("449", "417"), (True, False)),),
        stats=(FactRow("Range", ("54", "61"), (False, True)), FactRow("Zoom", ("14", ""), (False, False))),
        plugs=(PlugRow("Trait", ((perk, other), ())),), back="/styleguide", more_href="",
    )  # fmt: skip


def _copy(tile: TileView) -> CopyView:
    tags = (("tag:none", "Keep", True), ("tag:junk", "Junk", False))
    return CopyView(
        tile.hash, tile.instance_id, tile.name, tile.label, _NOWHERE, tile.icon_url, tile.rarity, "Vault", _NOWHERE,
        ("lock", "Lock"), tags, "example",
    )  # fmt: skip
