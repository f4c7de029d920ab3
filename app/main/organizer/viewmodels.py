"""What the page of a table is given: finished words and addresses. Templates read these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.main.viewmodels import FreshnessView
from app.web.notices import NoticeView


class Link(NamedTuple):
    href: str
    words: str
    is_here: bool = False
    size: str = ""


class HeadView(NamedTuple):
    """The head of a column. `sorted_as` is "ascending", "descending" or "none"; its link sorts by it."""

    words: str
    href: str
    sorted_as: str
    look: str


class RowView(NamedTuple):
    """One copy. `cells` are drawn; the first, with the name, is not among them."""

    hash: int
    instance_id: str
    name: str
    label: str
    href: str
    icon_url: str
    look: str
    cells: tuple[str, ...]


class ColumnChoice(NamedTuple):
    """A column that is shown, and the addresses of the table with it elsewhere, or without it. "" = not possible."""

    words: str
    earlier: str
    later: str
    without: str


class Act(NamedTuple):
    """Something to do with what is ticked."""

    value: str
    words: str


class Acts(NamedTuple):
    """Things to do of one sort. `is_off`: the page says why they cannot be done now."""

    title: str
    options: tuple[Act, ...]
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class ChooserView:
    shown: tuple[ColumnChoice, ...]
    others: tuple[Link, ...]
    stats: tuple[Link, ...]  # of them, single stats
    order: str  # "Power, Name": by what the table is sorted
    kept: str  # what the form remembers
    usual_href: str


@dataclass(frozen=True, slots=True)
class OrganizerPage:
    notices: tuple[NoticeView, ...]
    freshness: FreshnessView | None
    title: str
    kind: str  # weapons | armor | ghosts
    kinds: tuple[Link, ...]
    picks: tuple[tuple[Link, ...], ...]  # rows of links that narrow the table
    count: str  # "282 items"
    is_narrowed: bool  # something was asked for, so that nothing found is not nothing owned
    chooser: ChooserView
    heads: tuple[HeadView, ...]
    chunks: tuple[tuple[RowView, ...], ...]  # browsers pass over chunks that are out of sight
    pages: tuple[Link, ...]
    acts: tuple[Acts, ...]
    refusal: str  # why nothing is moved now, or ""
    key: str  # the same form sent twice acts once
    ticks_all: bool
    tick_href: str
    back: str
    csv_href: str
    export_href: str
