"""Definitions that items and players refer to by hash: plug sets, stat groups, objectives, lore and so on. No I/O.

As with items, every field has a harmless default for what Bungie leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.inventory.definitions import Amount


class StatScale(NamedTuple):
    """How points become the shown number. `steps` are (points, shown), in rising order; `maximum` counts points."""

    maximum: int
    is_number: bool
    steps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class StatGroupDefinition:
    """`scales` by stat hash, in the game's order: the stats that this kind of item shows."""

    hash: int
    scales: Mapping[int, StatScale] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlugSetDefinition:
    """Plugs that can be in a socket, each once, in the game's order. `retired` ones no longer drop."""

    hash: int
    plug_hashes: tuple[int, ...] = ()
    retired: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SocketTypeDefinition:
    """`plug_category_hashes`: which plugs fit by kind. `visibility`: 0 visible, 1 hidden, 2 hidden when empty."""

    hash: int
    category_hash: int = 0
    plug_category_hashes: tuple[int, ...] = ()
    visibility: int = 0


@dataclass(frozen=True, slots=True)
class PerkDefinition:
    hash: int
    name: str = ""
    description: str = ""
    icon: str = ""
    is_displayable: bool = False
    redacted: bool = False


class SetPerk(NamedTuple):
    """A bonus for wearing `required` pieces of a set."""

    required: int
    perk_hash: int


@dataclass(frozen=True, slots=True)
class ItemSetDefinition:
    """Armor that gives bonuses when worn together."""

    hash: int
    name: str = ""
    description: str = ""
    icon: str = ""
    item_hashes: tuple[int, ...] = ()
    perks: tuple[SetPerk, ...] = ()
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class ObjectiveDefinition:
    """`style` and `done_style` are DestinyUnlockValueUIStyle; `display` is DestinyObjectiveUiStyle."""

    hash: int
    name: str = ""
    description: str = ""
    icon: str = ""
    progress_text: str = ""
    goal: int = 0
    style: int = 0
    done_style: int = 0
    display: int = 0
    label: str = ""
    can_exceed_goal: bool = False
    is_countdown: bool = False
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class LoreDefinition:
    hash: int
    name: str = ""
    subtitle: str = ""
    text: str = ""
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class CollectibleDefinition:
    """`source` is a whole sentence of the game; items already carry their own."""

    hash: int
    name: str = ""
    icon: str = ""
    source: str = ""
    source_hash: int = 0
    item_hash: int = 0
    scope: int = 0  # 0 the account, 1 each character
    parent_hashes: tuple[int, ...] = ()
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class CategoryDefinition:
    """A kind of item as the game sorts them; `parent_hashes` are wider kinds."""

    hash: int
    name: str = ""
    short_name: str = ""
    parent_hashes: tuple[int, ...] = ()
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class VendorDefinition:
    """`failures`: why something cannot be bought, and `shelves`: headings over offers, by the numbers of an answer.

    `large_icon` is a portrait, `icon` a sign.
    """

    hash: int
    name: str = ""
    subtitle: str = ""
    description: str = ""
    icon: str = ""
    failures: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()
    large_icon: str = ""
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class MaterialsDefinition:
    """What an action costs."""

    hash: int
    costs: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemArtDefinition:
    """The one row of pictures that are laid under or over icons; its hash is 1."""

    hash: int
    tier_overlays: tuple[str, ...] = ()  # by gear tier, from 1
    watermark_shadow: str = ""
    crafted_background: str = ""
    crafted_overlay: str = ""
    enhanced_overlay: str = ""
    masterwork_overlay: str = ""
    masterwork_exotic_overlay: str = ""
    featured_flag: str = ""
    holofoil_background: str = ""
    ornament_background: str = ""
    ornament_legendary_background: str = ""
    ornament_exotic_background: str = ""
