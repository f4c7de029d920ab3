"""What the pages of comparing and infusing are given: finished words and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.main.organizer.viewmodels import Link
from app.main.viewmodels import TileView
from app.web.notices import NoticeView


class CopyView(NamedTuple):
    """The head of a copy's column. `lock` is (value, words) of the button; `tags` those of the tag buttons."""

    hash: int
    instance_id: str
    name: str
    label: str
    href: str
    icon_url: str
    look: str
    place: str
    without: str  # the address without this copy, "" for the one that all are compared with
    lock: tuple[str, str] | None
    tags: tuple[tuple[str, str, bool], ...]  # value, words, whether it has it
    key: str


class FactRow(NamedTuple):
    """One line of plain values; `best` has True where a value is the best."""

    title: str
    values: tuple[str, ...]
    best: tuple[bool, ...]


class PlugView(NamedTuple):
    name: str
    icon_url: str
    look: str  # on | off, up


class PlugRow(NamedTuple):
    title: str
    cells: tuple[tuple[PlugView, ...], ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    notices: tuple[NoticeView, ...]
    title: str
    note: str
    ways: tuple[Link, ...]
    values: tuple[Link, ...]
    copies: tuple[CopyView, ...]
    facts: tuple[FactRow, ...]
    stats: tuple[FactRow, ...]
    plugs: tuple[PlugRow, ...]
    back: str
    more_href: str  # the same copies as a table, "" where that says nothing


@dataclass(frozen=True, slots=True)
class InfusionPage:
    """`fuel` would raise the item, `fed` would be raised by it; each with a sentence on how many and how far."""

    notices: tuple[NoticeView, ...]
    item: TileView
    note: str  # why there is nothing to tell, or ""
    fuel: tuple[TileView, ...]
    fed: tuple[TileView, ...]
    fuel_text: str
    fed_text: str
