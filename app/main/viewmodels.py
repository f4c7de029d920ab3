"""What the pages of `main` are given: finished words and addresses, no facts left to decide.

Builders live in `app.main.present`. Templates read these and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class TileView(NamedTuple):
    """One item tile. A NamedTuple: a page makes a thousand, and a frozen dataclass costs three times as much."""

    hash: int
    instance_id: str  # "" for a stack
    quantity: int
    quantity_text: str  # "1,234"; "" for a single one
    name: str  # "Unknown item 123", "Classified" included
    label: str  # accessible name; begins with `name`
    href: str  # "" when there is no page for it (examples)
    icon_url: str  # "" = draw the placeholder
    watermark_url: str  # season badge laid over the icon; ""
    power: str  # "" when the item has none
    rarity: str  # exotic | legendary | rare | uncommon | common | currency | unknown
    element: str  # kinetic | arc | solar | void | stasis | strand | ""
    type_name: str
    look: str  # words for the style sheet: rarity, element, marks, gear tier
    is_unknown: bool  # no definition
    is_classified: bool
    face: str = ""  # pictures, name and kind, drawn: see `tile_face` in components/tiles.html
    marks: tuple[str, ...] = ()  # what we and the player say of it: see tile_marks.py
    drawn: str = ""  # an element of a list with the tile in it, not closed yet: see drawn_tiles.py


class HeapView(NamedTuple):
    """Tiles of one bucket that belong together: a type, a rarity, an element, ..."""

    title: str
    count_text: str
    tiles: tuple[TileView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One bucket. `count_text` is "7 of 10" or "12"; the heading carries it."""

    bucket_hash: int
    title: str
    count_text: str
    fill: int  # 0-100, how full in percent; -1 when there is no capacity
    is_nearly_full: bool
    note: str  # one sentence under the heading, or ""
    equipped: tuple[TileView, ...]
    tiles: tuple[TileView, ...]  # the rest
    heaps: tuple[HeapView, ...] = ()  # the same tiles in heaps, where the page is grouped
    fold: str = ""  # what the section is called when it is folded; "" where it cannot be
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class GroupView:
    """Sections that belong together on a page: Weapons, Armor, Postmaster, ... `key` is a stable word for CSS."""

    key: str  # weapons | armor | general | inventory | postmaster | quests | currencies | other
    title: str
    sections: tuple[SectionView, ...]


class CharacterStat(NamedTuple):
    """One of a character's six stats. `fill` is 0-100 of the most that the game counts."""

    name: str
    value: str
    icon_url: str
    fill: int


@dataclass(frozen=True, slots=True)
class CharacterView:
    """The banner of one character. Words are "" when Bungie did not say."""

    id: str
    class_name: str  # "Guardian" when unknown
    class_key: str  # titan | hunter | warlock | guardian, in no language
    race_gender: str  # "Awoken Female"
    title: str
    light: str
    emblem_url: str
    emblem_banner_url: str
    emblem_color: str  # "#7508060" style hex or ""
    last_played: str  # "2 hours ago"
    last_played_iso: str
    stats: tuple[CharacterStat, ...]  # the six in game order
    href: str
    item_count: int
    postmaster_text: str  # "21 of 21"; "" when empty
    postmaster_is_nearly_full: bool
    is_current: bool
    is_playing: bool = False
    activity: str = ""  # what is played: "The Corrupted · Strike"
    gilded: str = ""  # "gilded 3 times", of the title


@dataclass(frozen=True, slots=True)
class FreshnessView:
    """How old the shown data is: "12 seconds ago", with the machine-readable moment."""

    age_text: str
    iso: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class FindsView:
    """What a search found on one character."""

    id: str
    class_name: str
    href: str
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """One Destiny membership on /account."""

    membership_id: str
    name: str
    platform: str
    last_played: str
    is_chosen: bool
    is_cross_save_primary: bool


@dataclass(frozen=True, slots=True)
class LinkedAccountView:
    """One connected Bungie account on /account, with its Destiny memberships."""

    id: int
    name: str
    connected: str  # "3 days ago"
    warning: str  # what the player should do about it soon, or ""
    choices: tuple[AccountChoice, ...]
    is_only_way_in: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """One signed-in browser on /account."""

    id: int
    browser: str  # "Firefox on Linux"
    started: str
    seen: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    accounts: tuple[LinkedAccountView, ...]
    sessions: tuple[SessionView, ...]
    has_password: bool


@dataclass(frozen=True, slots=True)
class ActivityView:
    """One line of /account/activity."""

    when: str  # "21 Nov 2026, 07:48:05 UTC"
    iso: str
    what: str
    detail: str
    request_id: str


@dataclass(frozen=True, slots=True)
class RunView:
    """One manifest run for /admin/manifest."""

    id: str
    href: str
    state: str  # queued | running | switched | unchanged | skipped | failed
    state_text: str
    is_active: bool
    trigger: str
    who: str
    started: str
    started_iso: str
    duration: str
    version: str
    counts: tuple[tuple[str, str], ...]  # (table, rows)
    bytes_text: str
    rows_text: str
    stage: str
    error: str
    languages: tuple[tuple[str, str, str], ...]  # (language, what became of it, why)


@dataclass(frozen=True, slots=True)
class VersionView:
    """The definitions in use for one language."""

    locale: str
    version: str
    built: str
    built_iso: str
    counts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ManifestPage:
    """`active` is the run that waits or works, also among `runs`."""

    versions: tuple[VersionView, ...]
    active: RunView | None
    runs: tuple[RunView, ...]
    notice: str
