"""How one raw JSON value becomes something storable, and how a page gets it back. Pure; nothing here ever raises.

A reader answers None for a value that it cannot use: the field is then left out and the definition keeps its default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

ICON_FOLDER = "/common/destiny2_content/icons/"
_ICON = re.compile(r"/(?:common|img)/[\w\-./]+\.(?:png|jpe?g|webp|svg)", re.ASCII)
# Bungie's picture of "no picture": pages draw a better one.
_MISSING_ICON = "missing_icon"

_MOST_CHARACTERS = 16_384
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tabs and ends of lines
_MOST_ENTRIES = 128
_MOST_WHOLE = 2**53  # beyond it JSON numbers lose digits on their way
_MOST_HASH = 2**32


@dataclass(frozen=True, slots=True)
class Kind:
    """`read`: raw value -> storable JSON value or None. `unpack`: stored -> attribute; None means "as stored"."""

    read: Callable[[Any], Any]
    unpack: Callable[[Any], Any] | None = None


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def entries(value: Any) -> list[Any]:
    return value[:_MOST_ENTRIES] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """Text without control characters: a browser drops or replaces them, and then label and name would differ."""
    if not isinstance(value, str):
        return None
    clean = value if value.isprintable() else _CONTROLS.sub("", value)
    return clean[:_MOST_CHARACTERS]


def whole(value: Any) -> int | None:
    """A whole number; also one that arrives as a decimal string or as 5.0."""
    if type(value) is int:
        return value if -_MOST_WHOLE < value < _MOST_WHOLE else None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_WHOLE:
        return int(value)
    return None


def hash_number(value: Any) -> int | None:
    """An unsigned 32-bit hash; Bungie writes 0 for "none"."""
    number = value if type(value) is int else whole(value)
    return number if number is not None and 0 <= number < _MOST_HASH else None


def flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def negated_flag(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


def icon(value: Any) -> str | None:
    """A picture below BUNGIE_IMAGE_ROOT. The usual folder is left out, which saves a third of a record."""
    if not isinstance(value, str) or not _ICON.fullmatch(value) or ".." in value or _MISSING_ICON in value:
        return None
    return value.removeprefix(ICON_FOLDER)


def full_icon(stored: str) -> str:
    return stored if stored.startswith("/") else ICON_FOLDER + stored


def icon_list(value: Any) -> list[str]:
    # A gap keeps its place: items name their version by position.
    return [icon(each) or "" for each in entries(value)]


def full_icons(stored: Iterable[str]) -> tuple[str, ...]:
    return tuple(full_icon(each) if each else "" for each in stored)


def hash_list(value: Any) -> list[int]:
    return [number for each in entries(value) if (number := hash_number(each))]


def text_list(value: Any) -> list[str]:
    return [each for each in entries(value) if isinstance(each, str)]


def stat_values(value: Any) -> list[int]:
    """`{hash: {statHash, value}}` as hash, value, hash, value, ...; zeros say nothing and are left out."""
    flat: list[int] = []
    for key, stat in mapping(value).items():
        stat_hash, number = hash_number(key), whole(mapping(stat).get("value"))
        if stat_hash and number:
            flat += (stat_hash, number)
    return flat[: 2 * _MOST_ENTRIES]


def stat_mapping(stored: list[int]) -> dict[int, int]:
    return dict(zip(stored[::2], stored[1::2], strict=True))


def category_by_socket(value: Any) -> list[int]:
    """`socketCategories` turned round: the category hash of every socket index, 0 where none is named."""
    by_index: dict[int, int] = {}
    for category in entries(value):
        category_hash = hash_number(mapping(category).get("socketCategoryHash"))
        for index in entries(mapping(category).get("socketIndexes")):
            if category_hash and isinstance(index, int) and 0 <= index < _MOST_ENTRIES:
                by_index[index] = category_hash
    return [by_index.get(index, 0) for index in range(max(by_index, default=-1) + 1)]


TEXT = Kind(text)
WHOLE = Kind(whole)
HASH = Kind(hash_number)
FLAG = Kind(flag)
NOT_FLAG = Kind(negated_flag)
ICON = Kind(icon, full_icon)
ICONS = Kind(icon_list, full_icons)
HASHES = Kind(hash_list, tuple)
WORDS = Kind(text_list, tuple)
STATS = Kind(stat_values, stat_mapping)
SOCKETS = Kind(category_by_socket, tuple)
