"""What the pages of the item database are given: finished words and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.main.item.viewmodels import (
    CopyLine,
    Fact,
    LoreView,
    PerkColumn,
    PlugGroup,
    PlugView,
    ProgressGroup,
    RewardLine,
    SetView,
    StatsView,
)
from app.main.viewmodels import TileView
from app.web.notices import NoticeView


class OptionView(NamedTuple):
    """One choice of a facet. `key` is what the address says."""

    key: str
    name: str
    is_chosen: bool


class FacetView(NamedTuple):
    """One list to choose from; the first choice of every list is "all", which is not among the options."""

    name: str
    title: str
    options: tuple[OptionView, ...]


class ChosenView(NamedTuple):
    """A facet that is chosen, and the address without it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class FindsPage:
    """`earlier` and `later` are addresses, "" at the ends; `is_ready` is false while there is nothing to find in."""

    notices: tuple[NoticeView, ...]
    text: str
    most_characters: int
    facets: tuple[FacetView, ...]
    chosen: tuple[ChosenView, ...]
    summary: str
    tiles: tuple[TileView, ...]
    page_text: str
    earlier: str
    later: str
    is_ready: bool


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """One item as the game defines it, in the words of an owned item's page where both tell the same.

    `copies` are the viewer's own; `copies_note` is a sentence where there are none to list, "" for who has no account.
    """

    notices: tuple[NoticeView, ...]
    tile: TileView
    subtitle: str
    element_name: str
    ammo_name: str
    tier_pips: int
    screenshot_url: str
    banner_url: str
    chips: tuple[str, ...]
    description: str
    flavor: str
    facts: tuple[Fact, ...]
    stats: StatsView
    frames: tuple[PlugView, ...]
    columns: tuple[PerkColumn, ...]
    groups: tuple[PlugGroup, ...]
    looks: tuple[PlugView, ...]
    rolls: tuple[PerkColumn, ...]
    progress: tuple[ProgressGroup, ...]
    rewards: tuple[RewardLine, ...]
    set: SetView | None
    pieces: tuple[TileView, ...]
    versions: tuple[CopyLine, ...]  # the same gear, issued another time
    copies: tuple[CopyLine, ...]
    copies_note: str
    lore: LoreView | None
    ids: tuple[Fact, ...]
