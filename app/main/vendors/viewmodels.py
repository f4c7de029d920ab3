"""What the pages of vendors are given: finished words and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.main.item.viewmodels import StatLine
from app.main.viewmodels import CharacterView, FreshnessView, TileView
from app.web.notices import NoticeView


class CostView(NamedTuple):
    """A price. `owned` is "61", "" where Bungie does not say how much one has; `is_short`: that is not enough."""

    name: str
    amount: str
    owned: str
    icon_url: str
    is_short: bool


class PerkView(NamedTuple):
    """A socket of a copy for sale: what is in it, and "or this or that" in words."""

    name: str
    icon_url: str
    others: str


class SaleView(NamedTuple):
    """One offer. `have` and `reason` are sentences or "": whether one has it, and why it cannot be bought."""

    tile: TileView
    costs: tuple[CostView, ...]
    have: str
    reason: str
    wish: str = ""
    perks: tuple[PerkView, ...] = ()
    stats: tuple[StatLine, ...] = ()
    total: str = ""


class ShelfView(NamedTuple):
    """Offers under one heading, "" where the vendor has none."""

    title: str
    sales: tuple[SaleView, ...]


@dataclass(frozen=True, slots=True)
class StandView:
    """One vendor. `refresh` is "New offers in 3 days"; `more` leads to what is not shown here, or is ""."""

    hash: int
    name: str
    subtitle: str
    icon_url: str
    href: str
    count_text: str
    refresh: str
    refresh_iso: str
    rank: str
    shelves: tuple[ShelfView, ...]
    more: str = ""
    more_href: str = ""


class PlaceView(NamedTuple):
    """Vendors of one place. `key` is for addresses within the page."""

    key: str
    title: str
    stands: tuple[StandView, ...]


class ScreenView(NamedTuple):
    """A vendor that stands nowhere: one of the game's screens of offers. `hint` tells those of one name apart."""

    name: str
    hint: str
    count_text: str
    href: str


class ToggleView(NamedTuple):
    """The filter "not owned yet": where its other state is."""

    words: str
    href: str
    is_on: bool


class EmptyView(NamedTuple):
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class VendorsPage:
    """All vendors of a character, or what was found of them. `notes` are sentences on who and what is missing."""

    notices: tuple[NoticeView, ...]
    freshness: FreshnessView | None
    characters: tuple[CharacterView, ...]
    character_id: str
    notes: tuple[str, ...]
    places: tuple[PlaceView, ...]
    screens: tuple[ScreenView, ...]
    toggle: ToggleView | None
    empty: EmptyView | None


@dataclass(frozen=True, slots=True)
class VendorPage:
    """One vendor with everything that it sells, a page at a time. `stand` None: nothing is known of its offers now."""

    notices: tuple[NoticeView, ...]
    freshness: FreshnessView | None
    characters: tuple[CharacterView, ...]
    character_id: str
    notes: tuple[str, ...]
    title: str
    subtitle: str
    description: str
    portrait_url: str
    way_back: str
    stand: StandView | None
    toggle: ToggleView | None
    empty: EmptyView | None
    page_text: str = ""
    earlier: str = ""
    later: str = ""
