"""What the pages of loadouts are given: finished words and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.main.loadouts.forms import DescribeForm


class PlugView(NamedTuple):
    name: str
    icon_url: str


class PieceView(NamedTuple):
    """`href` is "" for what nobody has; `where` says who has it, `note` what is wrong with it."""

    key: str
    item_hash: int
    name: str
    kind: str
    href: str
    icon_url: str
    rarity: str
    where: str
    note: str
    is_worn: bool
    is_missing: bool
    plugs: tuple[PlugView, ...]


class HolderLine(NamedTuple):
    """A loadout that holds an item. `note` says for whom it is, and whether it is the game's."""

    name: str
    href: str
    note: str


class CardView(NamedTuple):
    """A loadout in the list. `note` says how it stands, `state` is good, bad or ""."""

    href: str
    name: str
    tags: tuple[str, ...]
    pieces: tuple[PieceView, ...]
    more: int
    note: str
    state: str


class ClassView(NamedTuple):
    title: str
    cards: tuple[CardView, ...]


class TargetView(NamedTuple):
    """A character that something can be done on."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """`count` says how many there are of how many."""

    query: str
    count: str
    classes: tuple[ClassView, ...]
    characters: tuple[TargetView, ...]


@dataclass(frozen=True, slots=True)
class LoadoutPage:
    """One loadout. `public_id` is "" for one that is not kept: shared, or the strongest gear.

    `link` is "" where it is too long for one: then `code` can be sent instead. `refusal` says why nothing is moved now.
    """

    public_id: str
    name: str
    class_name: str
    tags: tuple[str, ...]
    notes: str
    findings: tuple[str, ...]
    worn: tuple[PieceView, ...]
    carried: tuple[PieceView, ...]
    targets: tuple[TargetView, ...]
    link: str
    code: str
    key: str
    edited: str
    form: DescribeForm | None
    refusal: str


class StepLine(NamedTuple):
    text: str
    because: str


class PlanLine(NamedTuple):
    """One item of a plan with its steps, or why it cannot be done."""

    name: str
    icon_url: str
    reason: str
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`action` is where the form of doing it goes, "" when there is nothing to do; `keep` where that of keeping it."""

    title: str
    character: str
    summary: str
    lines: tuple[PlanLine, ...]
    missed: tuple[str, ...]
    action: str
    fields: tuple[tuple[str, str], ...]
    back: str
    keep: str


class PickView(NamedTuple):
    value: str
    name: str
    icon_url: str
    rarity: str
    where: str
    is_in: bool


@dataclass(frozen=True, slots=True)
class PickPage:
    public_id: str
    name: str
    query: str
    error: str
    note: str
    picks: tuple[PickView, ...]


class ChoiceView(NamedTuple):
    value: int
    label: str
    is_chosen: bool


class SocketView(NamedTuple):
    """One socket to choose for. `name` is the field's, `present` what sits in it now, "" when nobody knows."""

    name: str
    label: str
    present: str
    options: tuple[ChoiceView, ...]


@dataclass(frozen=True, slots=True)
class SocketPage:
    """One piece of a loadout. `is_copy`: the player has the very copy, so that it can be taken as it is now."""

    public_id: str
    loadout: str
    piece: str
    name: str
    icon_url: str
    is_copy: bool
    sockets: tuple[SocketView, ...]


class SlotView(NamedTuple):
    """One slot of the game's loadouts. `note` says how it stands; `number` is counted from 1."""

    slot: int
    number: int
    title: str
    icon_url: str
    color_url: str
    note: str
    is_used: bool
    is_broken: bool
    findings: tuple[str, ...]
    pieces: tuple[PieceView, ...]
    names: tuple[ChoiceView, ...]
    icons: tuple[ChoiceView, ...]
    colors: tuple[ChoiceView, ...]


@dataclass(frozen=True, slots=True)
class InGamePage:
    """`refusal` says why nothing is moved now, or ""."""

    character: TargetView
    characters: tuple[TargetView, ...]
    note: str
    slots: tuple[SlotView, ...]
    key: str
    refusal: str
