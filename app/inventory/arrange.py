"""Joins a profile with definitions and lays everything out in stores and sections. Nothing is ever left out.

The rule that the whole page rests on: every item of the profile is in exactly one section of exactly one store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.inventory import buckets
from app.inventory.definitions import BucketDefinition, Definitions, ItemDefinition
from app.inventory.items import CARRIED, EQUIPPED, Item, Place, power_of
from app.inventory.profile import Absence, Character, Profile

NO_TAGS: Mapping[str, str] = {}
# A NamedTuple's own constructor is a Python function, and a page makes a thousand.
_new = tuple.__new__


class OwnedItem(NamedTuple):
    """An item with its definition (None when the game data does not know the hash) and its shown power.

    `tag` is the player's own, "" for none.
    """

    item: Item
    definition: ItemDefinition | None
    power: int | None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one bucket. `capacity` is None where the game states none or the bucket is shared (vault)."""

    bucket_hash: int
    bucket: BucketDefinition | None
    group: buckets.Group
    items: tuple[OwnedItem, ...]
    capacity: int | None


@dataclass(frozen=True, slots=True)
class CharacterStore:
    character: Character
    sections: tuple[Section, ...]

    @property
    def item_count(self) -> int:
        return sum(len(section.items) for section in self.sections)


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything one player owns. `vault_used` counts stacks, as the game does, against `vault_capacity`."""

    characters: tuple[CharacterStore, ...]
    vault: tuple[Section, ...]
    account: tuple[Section, ...]
    currencies: tuple[Section, ...]
    vault_used: int
    vault_capacity: int | None
    missing: Mapping[str, Absence]

    def character(self, character_id: str) -> CharacterStore | None:
        return next((store for store in self.characters if store.character.id == character_id), None)


def item_hashes(items: Iterable[Item]) -> set[int]:
    """Every item hash that showing these items needs, ornaments worn over them included."""
    hashes: set[int] = set()
    for item in items:
        hashes.add(item.hash)
        if item.style_hash:
            hashes.add(item.style_hash)
    return hashes


def arrange(profile: Profile, definitions: Definitions, tags: Mapping[str, str] = NO_TAGS) -> Inventory:
    """The whole inventory of a profile, sections in game order, items best first.

    `tags` are the player's own: by instance id, or by the hash of what has none.
    """
    shared: list[list[OwnedItem]] = [[] for _ in Place]
    carried: dict[str, list[OwnedItem]] = {character.id: [] for character in profile.characters}
    find = definitions.item
    for item in profile.items:
        definition = find(item.hash)
        power = power_of(item, is_redacted=definition is not None and definition.redacted)
        tag = tags.get(item.instance_id or str(item.hash), "") if tags else ""
        owned = _new(OwnedItem, (item, definition, power, tag))
        (shared[item.place] if item.place < CARRIED else carried.setdefault(item.owner, [])).append(owned)
    vault = shared[Place.VAULT]
    vault_bucket = definitions.bucket(buckets.VAULT)
    return Inventory(
        characters=tuple(
            CharacterStore(character, _sections(carried[character.id], definitions, _location))
            for character in profile.characters
        ),
        vault=_sections(vault, definitions, _home),
        account=_sections(shared[Place.ACCOUNT], definitions, _location),
        currencies=_sections(shared[Place.CURRENCY], definitions, _location),
        vault_used=len(vault),
        vault_capacity=vault_bucket.capacity or None if vault_bucket else None,
        missing=profile.missing,
    )


def _location(owned: OwnedItem) -> int:
    return owned.item.bucket_hash


def _home(owned: OwnedItem) -> int:
    """The bucket a vaulted item comes from; without a definition it stays in the vault's own section."""
    return (owned.definition.bucket_hash if owned.definition else 0) or buckets.VAULT


def _sections(owned: list[OwnedItem], definitions: Definitions, key: Callable[[OwnedItem], int]) -> tuple[Section, ...]:
    by_bucket: dict[int, list[OwnedItem]] = {}
    for each in owned:
        by_bucket.setdefault(key(each), []).append(each)
    sections = [
        _section(bucket_hash, items, definitions, has_capacity=key is _location)
        for bucket_hash, items in by_bucket.items()
    ]
    sections.sort(key=lambda section: buckets.position_of(section.bucket_hash, section.bucket))
    return tuple(sections)


def _section(bucket_hash: int, items: list[OwnedItem], definitions: Definitions, *, has_capacity: bool) -> Section:
    bucket = definitions.bucket(bucket_hash)
    items.sort(key=_best_first)
    return Section(
        bucket_hash=bucket_hash,
        bucket=bucket,
        group=buckets.group_of(bucket_hash, bucket),
        items=tuple(items),
        capacity=bucket.capacity or None if bucket and has_capacity else None,
    )


def _best_first(owned: OwnedItem) -> tuple[bool, int, int, str, int, str]:
    item, definition = owned.item, owned.definition
    tier, name = (definition.tier, definition.name) if definition else (0, "\uffff")
    return (item.place is not EQUIPPED, -tier, -(owned.power or 0), name, item.hash, item.instance_id)
