"""The facts of the game that a page needs about a hash. Filled by `app.manifest`; no I/O here.

Every field has a harmless default, because Bungie leaves out what it does not know: an old or classified row is
a definition with few facts, not an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

# DestinyInventoryItemDefinition.inventory.tierType and the word the game uses for it (Bungie's names are one off).
TIER_UNKNOWN, TIER_CURRENCY, TIER_COMMON, TIER_UNCOMMON, TIER_RARE, TIER_LEGENDARY, TIER_EXOTIC = range(7)

T = TypeVar("T")


class SocketDefinition(NamedTuple):
    """One socket of an item, by its place in the item's list. `plug_hashes` only where no plug set says what fits.

    `plug_set_hash` lists what can be put in, `random_set_hash` what a drop may roll. `sources`: where the plugs that a
    player may choose are listed: 1 inventory, 2 the copy itself, 4 the account, 8 the character; they add up.
    """

    type_hash: int = 0
    initial_hash: int = 0
    plug_set_hash: int = 0
    random_set_hash: int = 0
    sources: int = 0
    is_hidden: bool = False
    plug_hashes: tuple[int, ...] = ()


class StatPoints(NamedTuple):
    """Points that a plug or an item invests in a stat, before the scale of its stat group."""

    stat_hash: int
    points: int
    is_conditional: bool = False


class ItemPerk(NamedTuple):
    """`visibility`: 0 visible, 1 disabled, 2 hidden. `requirement` is a text of the game, mostly ""."""

    perk_hash: int
    visibility: int = 0
    requirement: str = ""


class Amount(NamedTuple):
    """So many of an item: a reward or a cost."""

    item_hash: int
    quantity: int = 1


class Note(NamedTuple):
    """A line of the game under an item. `style` is the game's name for its look, "ui_display_style_info" and so on."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """One row of DestinyInventoryItemDefinition, reduced. Icons are paths below BUNGIE_IMAGE_ROOT, or ""."""

    hash: int
    name: str = ""
    description: str = ""
    flavor: str = ""
    icon: str = ""
    type_name: str = ""
    tier: int = TIER_UNKNOWN
    tier_name: str = ""
    bucket_hash: int = 0
    item_type: int = 0
    sub_type: int = 0
    class_type: int = 3  # 3 = any class
    damage_type: int = 0
    ammo_type: int = 0
    breaker_type: int = 0
    max_stack: int = 1
    is_instanced: bool = False
    is_equippable: bool = False
    is_transferable: bool = True
    pull_has_side_effects: bool = False
    redacted: bool = False
    watermark: str = ""
    version_watermarks: tuple[str, ...] = ()
    screenshot: str = ""
    secondary_icon: str = ""  # emblems: the wide banner
    stack_unique_label: str = ""
    unique_label: str = ""  # the exotic group
    stats: Mapping[int, int] = field(default_factory=dict)  # base stats by stat hash
    primary_stat_hash: int = 0
    stat_group_hash: int = 0
    plug_category: str = ""  # plugCategoryIdentifier when the item is a perk, mod or ornament
    is_dummy_plug: bool = False
    quest_line: str = ""
    collectible_hash: int = 0
    lore_hash: int = 0
    season_hash: int = 0
    category_hashes: tuple[int, ...] = ()
    trait_ids: tuple[str, ...] = ()
    objective_hashes: tuple[int, ...] = ()
    source: str = ""  # "Source: ..." in the language of the player
    socket_categories: tuple[int, ...] = ()  # category hash by socket index, 0 = none named
    sockets: tuple[SocketDefinition, ...] = ()
    investments: tuple[StatPoints, ...] = ()
    perks: tuple[ItemPerk, ...] = ()
    plug_category_hash: int = 0
    plug_label: str = ""  # "masterwork" and the like
    plug_style: int = 0  # 1 a masterwork
    plug_rules: tuple[str, ...] = ()  # why it might not go in, in the language of the player
    energy_cost: int = 0
    energy_capacity: int = 0
    insertion_cost_hash: int = 0  # a MaterialsDefinition; 0 = free
    quest_steps: tuple[int, ...] = ()  # item hashes, in order
    quest_hash: int = 0  # of a step: the item whose `quest_steps` tell its place
    rewards: tuple[Amount, ...] = ()
    expiration: str = ""
    outlives_expiration: bool = False  # once its objectives are complete
    recipe_hash: int = 0  # the pattern item with which it can be crafted
    crafts_hash: int = 0  # of a pattern item: what it makes
    record_hash: int = 0  # the RecordDefinition that counts the pattern of a weapon, or this catalyst
    set_hash: int = 0  # an ItemSetDefinition
    notes: tuple[Note, ...] = ()
    badge: str = ""  # the season's mark for one corner, newer than `watermark`
    featured_watermark: str = ""
    current_version: int = 0
    power_cap_hashes: tuple[int, ...] = ()  # by version
    is_featured: bool = False
    is_holofoil: bool = False
    is_adept: bool = False
    allows_actions: bool = True
    subclass_element: int = 0  # damage type


@dataclass(frozen=True, slots=True)
class BucketDefinition:
    """One row of DestinyInventoryBucketDefinition. `capacity` 0 means that the game states none."""

    hash: int
    name: str = ""
    description: str = ""
    order: int = 0
    capacity: int = 0
    scope: int = 0  # 0 character, 1 account
    category: int = 0  # 0 invisible, 1 item, 2 currency, 3 equippable, 4 ignored
    location: int = 0  # 0 unknown, 1 inventory, 2 vault, 3 vendor, 4 postmaster
    is_vaultable: bool = False
    is_fifo: bool = False
    enabled: bool = True
    redacted: bool = False

    @property
    def is_account_wide(self) -> bool:
        return self.scope == 1


@dataclass(frozen=True, slots=True)
class NamedDefinition:
    """A row of which only name, text and icon matter: classes, races, genders, tiers, energies, seasons and so on.

    `number` is the table's own small number: classType, raceType, damage `enumValue`, seasonNumber, ...
    `text` is one extra string of the table (a damage type's transparent icon, a record's title), "" elsewhere.
    """

    hash: int
    name: str = ""
    description: str = ""
    icon: str = ""
    number: int = 0
    text: str = ""
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class RecordDefinition(NamedDefinition):
    """A title (`text` says it), a weapon's pattern or an exotic's catalyst; other records are not kept."""

    objective_hashes: tuple[int, ...] = ()
    is_pattern: bool = False
    is_catalyst: bool = False
    gilding_hash: int = 0  # of a title: the record that counts how often it was gilded


@dataclass(frozen=True, slots=True)
class VendorGroupDefinition(NamedDefinition):
    """Vendors of one place: the Tower, a destination, an event. `number` orders them."""


@dataclass(frozen=True, slots=True)
class SeasonPassDefinition(NamedDefinition):
    """`reward_hash` and `prestige_hash` are the progressions whose levels add up to a player's rank."""

    reward_hash: int = 0
    prestige_hash: int = 0


@dataclass(frozen=True, slots=True)
class StatDefinition:
    hash: int
    name: str = ""
    description: str = ""
    icon: str = ""
    category: int = 0
    order: int = 0  # position in the table: Bungie's `index`
    redacted: bool = False


class Definitions(Protocol):
    """Definitions of one version and one language that a page has asked for. A hash nobody knows gives None."""

    @property
    def version(self) -> str: ...
    def item(self, item_hash: int) -> ItemDefinition | None: ...
    def bucket(self, bucket_hash: int) -> BucketDefinition | None: ...
    def stat(self, stat_hash: int) -> StatDefinition | None: ...
    def named(self, table: str, definition_hash: int) -> NamedDefinition | None: ...
    def every_named(self, table: str) -> Iterable[NamedDefinition]: ...
    def buckets(self) -> Iterable[BucketDefinition]: ...
    def find(self, makes: type[T], definition_hash: int) -> T | None: ...
