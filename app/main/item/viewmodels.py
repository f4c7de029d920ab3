"""What the page of one item is given: finished words and addresses. Templates read these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.main.annotations.viewmodels import TagPanel
from app.main.viewmodels import FreshnessView, TileView
from app.web.notices import NoticeView


class Segment(NamedTuple):
    """A piece of a bar in hundredths of its length. `kind`: base | perk | mod | masterwork | loss."""

    kind: str
    start: float
    width: float


class PartLine(NamedTuple):
    """One giver of a stat: "+10", "Extended Barrel"."""

    amount: str
    name: str
    kind: str  # perk | mod | masterwork | loss


class StatLine(NamedTuple):
    """One stat. `segments` are empty where a bar would say nothing; `base` is "" when the split is not known."""

    name: str
    value: str
    segments: tuple[Segment, ...]
    base: str
    parts: tuple[PartLine, ...]


class StatsView(NamedTuple):
    """All numbers. `total` and `base_total` are for armor, else ""; `note` is a sentence on what is missing."""

    lines: tuple[StatLine, ...]
    total: str
    base_total: str
    has_parts: bool
    note: str


class PlugView(NamedTuple):
    """A perk, mod or look. `marks` are words: Enhanced, Not active, No longer drops."""

    hash: int
    name: str
    type_name: str
    description: str
    icon_url: str
    look: str  # words for the style sheet: is-chosen, is-enhanced, is-off, is-retired
    marks: tuple[str, ...]


class PlugGroup(NamedTuple):
    """Plugs under one heading: Mods, Aspects. `empty`: "2 empty sockets", or ""."""

    title: str
    plugs: tuple[PlugView, ...]
    empty: str


class PerkColumn(NamedTuple):
    """One socket that rolls: the chosen perk first, then what else this copy offers; or everything it can be."""

    title: str
    plugs: tuple[PlugView, ...]


class ObjectiveLine(NamedTuple):
    """One objective. `fill` is 0-100, -1 where a bar would say nothing."""

    text: str
    value: str
    fill: int
    is_complete: bool


class ProgressGroup(NamedTuple):
    """Objectives that belong together: the step, the catalyst, the pattern. `text` says what it is about.

    `task` is what a quest or a bounty asks for, in its own words.
    """

    title: str
    text: str
    lines: tuple[ObjectiveLine, ...]
    note: str
    task: str = ""


class RewardLine(NamedTuple):
    name: str
    quantity: str
    icon_url: str


class SetPerkLine(NamedTuple):
    name: str
    description: str
    needed: str  # "2 pieces"
    is_active: bool


class SetView(NamedTuple):
    """The set that a piece of armor belongs to, and how much of it is worn: "2 of 4 worn by your Hunter"."""

    name: str
    worn: str
    perks: tuple[SetPerkLine, ...]


class CopyLine(NamedTuple):
    """Another copy of the same item."""

    name: str
    href: str
    place: str
    power: str
    quantity: str  # of a stack
    marks: str


class Fact(NamedTuple):
    """`href` "" = no link."""

    label: str
    value: str
    href: str = ""


class LoreView(NamedTuple):
    title: str
    subtitle: str
    paragraphs: tuple[str, ...]


class MoveButton(NamedTuple):
    """A place to send an item to. `preview_href` tells what would happen, before it does."""

    target: str
    label: str
    preview_href: str


class MoveForm(NamedTuple):
    """One form with a button for each place. `key`: the same form sent twice is one move.

    `most` pieces of a stack can be sent from `source` (a store), 0 where there is nothing to choose.
    """

    title: str
    source: str
    most: int
    equip: str  # "0" or "1"
    key: str
    buttons: tuple[MoveButton, ...]


class FlagForm(NamedTuple):
    """Locking or tracking: where it is posted, and the field that says which way."""

    href: str
    name: str
    value: str
    label: str


class StackForm(NamedTuple):
    """All pieces of a stack that lies in several places. `buttons` say where to (value, words)."""

    item: str
    key: str
    buttons: tuple[tuple[str, str], ...]


class MovePanel(NamedTuple):
    """What can be done with an item. `refusal` says why nothing of it is taken now, or ""."""

    item: str
    forms: tuple[MoveForm, ...]
    flags: tuple[FlagForm, ...]
    stack: StackForm | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ItemTelling:
    """What is told of one item. Empty strings and tuples: there is nothing to say, and nothing is said."""

    notices: tuple[NoticeView, ...]
    tile: TileView
    subtitle: str  # "Exotic Hand Cannon"
    element_name: str
    ammo_name: str
    tier_pips: int  # gear tier, 0 = none
    screenshot_url: str
    banner_url: str  # emblems
    chips: tuple[str, ...]  # Locked, Masterworked, Crafted ...
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
    copies: tuple[CopyLine, ...]  # the viewer's own
    lore: LoreView | None
    ids: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ItemPage(ItemTelling):
    """One item of the player's."""

    freshness: FreshnessView | None
    moving: MovePanel | None
    place: Fact
    sockets_note: str
    gaps: tuple[str, ...]  # sentences: what Bungie did not send
    tagging: TagPanel | None = None
