"""What the characters' pages are given beside their banners and tiles: finished words and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.main.framing import PageFrame
from app.main.item.viewmodels import Fact, ObjectiveLine
from app.main.viewmodels import CharacterView, FindsView, GroupView, TileView


class TotalView(NamedTuple):
    """A mean power: "1812" and "5/8" beyond it ("" when there is none). `says` explains which one it is."""

    title: str
    points: str
    eighths: str
    says: str


class SlotView(NamedTuple):
    """One slot of the power sheet. Powers are "" where nothing is known; `note` says what else there is to know."""

    title: str
    name: str
    href: str
    power: str
    where: str
    worn_power: str
    note: str
    is_holding_back: bool


class PowerView(NamedTuple):
    """`note` says in one sentence what holds the total back, or why there is none."""

    totals: tuple[TotalView, ...]
    slots: tuple[SlotView, ...]
    note: str


class PursuitView(NamedTuple):
    """A quest or a bounty. `about` is its place in its line or what it asks for; `note` says what was not sent."""

    tile: TileView
    about: str
    lines: tuple[ObjectiveLine, ...]
    expiry: str
    note: str
    is_tracked: bool
    is_complete: bool


class PursuitHeap(NamedTuple):
    """Pursuits of one kind; `title` is "" where they are not in groups."""

    title: str
    count_text: str
    pursuits: tuple[PursuitView, ...]


class LoadoutPiece(NamedTuple):
    """One item of a loadout. `where` is "" while the character has it."""

    name: str
    href: str
    icon_url: str
    where: str


class LoadoutView(NamedTuple):
    """One in-game loadout. `note` tells what is missing or elsewhere, or that it is worn."""

    name: str
    icon_url: str
    color_url: str
    pieces: tuple[LoadoutPiece, ...]
    note: str
    is_worn: bool
    is_broken: bool  # a piece does not exist any more


class LoadoutsView(NamedTuple):
    """`note` stands below them: how many slots are free, or that nothing was sent."""

    loadouts: tuple[LoadoutView, ...]
    note: str


class CollectForm(NamedTuple):
    """Everything that can be taken out of the postmaster at once. `note` says what has to stay."""

    items: tuple[str, ...]
    target: str
    key: str
    label: str
    note: str


class CompareView(NamedTuple):
    """One character beside the others. `alert` is a sentence that asks for attention, or ""."""

    character: CharacterView
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class CharactersPage:
    """`facts` are of the account."""

    frame: PageFrame
    facts: tuple[Fact, ...]
    compared: tuple[CompareView, ...]
    finds: tuple[FindsView, ...]


@dataclass(frozen=True, slots=True)
class CharacterPage:
    """`pursuits` by bucket hash, in the order and heaps to show; the sections of `groups` have the same items."""

    frame: PageFrame
    character: CharacterView
    facts: tuple[Fact, ...]
    power: PowerView
    loadouts: LoadoutsView
    groups: tuple[GroupView, ...]
    pursuits: Mapping[int, tuple[PursuitHeap, ...]]
    collect: CollectForm | None
