"""A profile as the fields of one Redis hash, and back. Compressed JSON; a player with a full vault costs about 200 KB.

The details stay in parts, each compressed by itself: a process remembers many players, and their details unpacked
would be a hundred times as much. They are written after the rest, so an entry may be without them for a moment.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from app.bungie.details import FreshDetails, PartedDetails
from app.inventory.items import Instance, Item, Place
from app.inventory.profile import Absence, Account, Activity, Character, Details, Profile

FORMAT = 4  # part of the key: entries of another release are not misread
_PART = "part:"
_WHOLE = "whole"  # there once the parts are

Fields = Mapping[str, bytes]


class ZippedDetails(PartedDetails):
    """Details whose parts are fetched once and unpacked whenever somebody reads them."""

    def __init__(self, fetch: Callable[[], Fields]) -> None:
        super().__init__(self._unzipped)
        self._fetch = fetch
        self._fetched: Fields | None = None

    @property
    def zipped(self) -> Fields:
        # No cached_property: until Python 3.12 it lets one thread wait for what another one fetches for another player.
        if self._fetched is None:
            self._fetched = self._fetch()
        return self._fetched

    def _unzipped(self, name: str) -> dict[str, Any]:
        part = self.zipped.get(name)
        return _unzip(part) if part else {}


def packed(profile: Profile) -> Profile:
    """The same profile in the little memory that it needs while nobody reads its details."""
    parts = zipped(profile.details)
    return replace(profile, details=ZippedDetails(lambda: parts))


def encode(profile: Profile) -> dict[str, bytes]:
    """The fields of the entry that every page needs."""
    return {"profile": _zip(_plain(profile))}


def encode_details(profile: Profile) -> dict[str, bytes]:
    """The other fields of the entry."""
    return {_WHOLE: b"1"} | {_PART + name: part for name, part in zipped(profile.details).items()}


def is_whole(fields: Fields) -> bool:
    return _WHOLE in fields


def parts_of(fields: Fields) -> Fields:
    """The details' parts among an entry's fields."""
    return {name.removeprefix(_PART): part for name, part in fields.items() if name.startswith(_PART)}


def decode(fields: Fields, fetch: Callable[[], Fields]) -> Profile:
    """`fetch` is asked for the details' parts when somebody reads them.

    Raises KeyError, ValueError, TypeError or zlib.error for fields that are no such entry.
    """
    plain = _unzip(fields["profile"])
    return Profile(
        characters=tuple(_character(raw) for raw in plain["characters"]),
        items=tuple(_item(raw) for raw in plain["items"]),
        missing={name: Absence(absence) for name, absence in plain["missing"].items()},
        minted_at=plain["minted_at"],
        account=Account(**plain["account"]),
        details=ZippedDetails(fetch),
    )


def export(profile: Profile) -> dict[str, Any]:
    """Everything as plain values, ready for JSON."""
    parts = {name: _unzip(part) for name, part in zipped(profile.details).items()}
    whole: dict[str, Any] = orjson.loads(_dumps(_plain(profile))) | {"details": parts}
    return whole


def zipped(details: Details) -> Fields:
    """The details' parts by name, each compressed."""
    match details:
        case ZippedDetails():
            return details.zipped
        case FreshDetails():
            return {name: _zip(part) for name, part in details.parts.items()}
        case _:
            return {}


def _zip(value: Any) -> bytes:
    return zlib.compress(_dumps(value), 1)


def _unzip(zipped: bytes) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(zlib.decompress(zipped))
    return found


def _dumps(value: Any) -> bytes:
    # NamedTuples become arrays; stats are keyed by number.
    return orjson.dumps(value, default=tuple, option=orjson.OPT_NON_STR_KEYS)


def _plain(profile: Profile) -> dict[str, Any]:
    return {
        "characters": profile.characters,
        "items": profile.items,
        "missing": profile.missing,
        "minted_at": profile.minted_at,
        "account": profile.account,
    }


def _item(raw: list[Any]) -> Item:
    item = Item._make(raw)
    instance = Instance._make(item.instance) if item.instance else None
    return item._replace(place=Place(item.place), instance=instance, notes=tuple(item.notes))


def _character(raw: dict[str, Any]) -> Character:
    color, activity = raw.pop("emblem_color"), raw.pop("activity")
    return Character(
        **raw | {"stats": {int(key): value for key, value in raw["stats"].items()}},
        emblem_color=tuple(color) if color else None,
        activity=Activity._make(activity) if activity else None,
    )
