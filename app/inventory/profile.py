"""One player's account as Bungie described it at one moment, before definitions are joined to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.inventory.items import Item, ItemDetails, Objective

_NOT_COMPLETED = 4


class Absence(StrEnum):
    """Why a component of the profile holds nothing."""

    NOT_SENT = "not sent"
    PRIVATE = "private"  # sent without content: not for this token
    DISABLED = "disabled"  # switched off by Bungie for everybody


class Activity(NamedTuple):
    """What a character is doing right now. `started_at` is ISO-8601, "" when not said."""

    hash: int
    mode_hash: int
    started_at: str


class Progression(NamedTuple):
    """A rank or a reputation. `cap` -1 = endless; `progress` counts towards `next_level_at` within the level."""

    level: int
    cap: int
    progress: int
    next_level_at: int
    total: int
    resets: int


class LoadoutItem(NamedTuple):
    """One piece of an in-game loadout; a plug hash of 0 leaves its socket as it is."""

    instance_id: str
    plug_hashes: tuple[int, ...]


class Loadout(NamedTuple):
    """One in-game loadout slot. `slot` is the index that Bungie's actions want; an unused slot has no items."""

    slot: int
    name_hash: int
    icon_hash: int
    color_hash: int
    items: tuple[LoadoutItem, ...]


class Record(NamedTuple):
    """A triumph, a pattern, a catalyst or a title. `state` is Bungie's DestinyRecordState."""

    state: int
    completed_count: int
    objectives: tuple[Objective, ...]

    @property
    def is_complete(self) -> bool:
        return not self.state & _NOT_COMPLETED


class Details(Protocol):
    """The bulky rest of a profile, kept packed and read a piece at a time. None = Bungie did not send it."""

    def item(self, item: Item, /) -> ItemDetails:
        """Everything about one item, a stack's or a bounty's objectives included."""

    def copies(self) -> Mapping[str, ItemDetails]:
        """The same of all copies by instance id, in one go: for what looks at everything."""

    def loadouts(self, character_id: str, /) -> tuple[Loadout, ...] | None:
        """The character's in-game loadout slots in order, unused ones included."""

    def progressions(self, character_id: str, /) -> Mapping[int, Progression] | None:
        """The character's ranks by progression hash."""

    def record(self, record_hash: int, character_id: str = "", /) -> Record | None:
        """The account's record, or that of one character for the records that each character has."""


class NoDetails:
    """For a profile of which nothing more is known."""

    def item(self, _item: Item, /) -> ItemDetails:
        return ItemDetails()

    def copies(self) -> Mapping[str, ItemDetails]:
        return {}

    def loadouts(self, _character_id: str, /) -> None:
        return None

    def progressions(self, _character_id: str, /) -> None:
        return None

    def record(self, _record_hash: int, _character_id: str = "", /) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Character:
    """One character. Everything but the id may be unknown: Bungie leaves out what a token may not see."""

    id: str
    class_type: int = 3
    class_hash: int = 0
    race_hash: int = 0
    gender_hash: int = 0
    light: int | None = None
    emblem_hash: int = 0
    emblem_icon: str = ""
    emblem_banner: str = ""
    emblem_color: tuple[int, int, int] | None = None
    last_played: str = ""
    minutes_played: int = 0
    minutes_this_session: int = 0
    title_record_hash: int = 0
    stats: Mapping[int, int] = field(default_factory=dict)
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What is said of the whole account. Dates are ISO-8601, "" when not said; 0 = not said."""

    last_played: str = ""
    is_playing: bool = False
    guardian_rank: int = 0
    best_guardian_rank: int = 0  # of all seasons
    season_pass_hash: int = 0
    artifact_power: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """Characters (last played first), every listed item once, and which components did not come, and why.

    `minted_at` is Bungie's own stamp (ISO-8601, "" when absent). `missing` goes by the name that Bungie gives the
    component in its answer, item components as `itemComponents.<name>`.
    """

    characters: tuple[Character, ...]
    items: tuple[Item, ...]
    missing: Mapping[str, Absence] = field(default_factory=dict)
    minted_at: str = ""
    account: Account = field(default_factory=Account)
    details: Details = field(default_factory=NoDetails)

    def character(self, character_id: str) -> Character | None:
        return next((each for each in self.characters if each.id == character_id), None)

    def item(self, instance_id: str) -> Item | None:
        return next((each for each in self.items if each.instance_id == instance_id), None)
