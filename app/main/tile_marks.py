"""Small marks of ours on tiles: what the player, or a list that they trust, says of an item.

To add a mark to the tiles of every page:

1. Draw it: a cell in static/img/marks.svg, and a class for it beside "Marks of ours" in css/tiles.css. The classes
   `tag-favorite`, `tag-keep`, `tag-infuse`, `tag-junk`, `tag-archive`, `label-1` to `label-8`, `wish-up` and
   `wish-down` are there already.
2. Write a source: a function from the viewer and what the page shows to the marks of those items that have any.
3. Name it in `SOURCES` in mark_sources.py.

Outside tiles `<span class="glyph tag-keep"></span>` paints the same mark. An item without marks costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from app.inventory.items import Item
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot


class TileMark(NamedTuple):
    """`looks` are classes of the style sheet, each a mark; `spoken` is what a screen reader says: "tagged keep"."""

    looks: tuple[str, ...]
    spoken: str


# By `mark_key`.
Marks = Mapping[str, TileMark]
MarkSource = Callable[[Viewer, VaultSnapshot], Marks]


def mark_key(item: Item) -> str:
    """What a mark is kept under: a copy's own number, or the hash of a stack."""
    return item.instance_id or str(item.hash)


def merged(sources: Iterable[Marks]) -> Marks:
    """The marks of several sources, in their order."""
    filled = [each for each in sources if each]
    if len(filled) == 1:
        return filled[0]
    found: dict[str, TileMark] = {}
    for each in filled:
        for key, mark in each.items():
            known = found.get(key)
            found[key] = TileMark(known.looks + mark.looks, f"{known.spoken}, {mark.spoken}") if known else mark
    return found
