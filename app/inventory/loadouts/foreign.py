"""Loadouts as other programs write them: the JSON of Destiny Item Manager's links and backups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.loadouts.model import (
    ANY_CLASS,
    LONGEST_NAME,
    LONGEST_NOTES,
    MOST_PIECES,
    MOST_PLUGS,
    Build,
    Piece,
    Plug,
    clean_text,
    tidy,
)
from app.inventory.loadouts.share import LONGEST_CODE, NotALoadout, decode
from app.inventory.references import SocketTypeDefinition

LONGEST_TEXT = 50_000
MOST_BYTES = 4_000_000  # of a backup
_MOST_IN_BACKUP = 1_000
_DESTINY_2 = 2
_MOST_MODS = 60
_MOST_HASH = 2**32
_LONGEST_ID = 20

# A loadout, and the armor mods that it wants somewhere.
Wanted = tuple[Build, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Backup:
    """All loadouts of a file. `strangers` counts those of other players' accounts, `broken` what was none."""

    wanted: tuple[Wanted, ...]
    strangers: int = 0
    broken: int = 0


def read_backup(data: bytes, membership_id: str) -> Backup:
    """Another client's backup, or a file with one loadout as `read_any` takes it. Raises NotALoadout."""
    try:
        text = data[:MOST_BYTES].decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise NotALoadout("no text") from None
    listed = _loaded(text).get("loadouts") if text.startswith("{") else None
    if not isinstance(listed, list):
        return Backup((read_any(text),))
    entries = [each for each in listed[:_MOST_IN_BACKUP] if isinstance(each, dict)]
    own = [each.get("loadout", each) for each in entries if _is_own(each, membership_id)]
    wanted = [found for each in own if isinstance(each, dict) and (found := _read_entry(each))]
    return Backup(tuple(wanted), len(entries) - len(own), len(listed) - len(entries) + len(own) - len(wanted))


def _is_own(entry: Mapping[str, Any], membership_id: str) -> bool:
    is_this_game = entry.get("destinyVersion", _DESTINY_2) == _DESTINY_2
    return is_this_game and str(entry.get("platformMembershipId", membership_id)) == membership_id


def _read_entry(raw: dict[str, Any]) -> Wanted | None:
    try:
        return _read_object(raw)
    except NotALoadout:
        return None


def read_any(text: str) -> Wanted:
    """A code or link of ours, a link with JSON in it, or the JSON itself. Raises NotALoadout."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST_TEXT:
        raise NotALoadout("too long or empty")
    if text.startswith("{"):
        return _read_object(_loaded(text))
    found = _in_link(text) if "://" in text or text.startswith("/") else text
    if found.startswith("{"):
        return _read_object(_loaded(found))
    if len(found) > LONGEST_CODE:
        raise NotALoadout("too long")
    return decode(found), ()


def with_mods(build: Build, mods: Iterable[int], definitions: Definitions) -> Build:
    """Puts each mod into the first free socket of the worn pieces that takes its kind; what fits nowhere is left."""
    pieces = list(build.pieces)
    for mod in mods:
        plug = definitions.item(mod)
        for index, piece in enumerate(pieces):
            socket = _free_socket(piece, definitions.item(piece.item_hash), plug, definitions)
            if socket is not None:
                pieces[index] = piece._replace(plugs=(*piece.plugs, Plug(socket, mod)))
                break
    return Build(build.name, build.class_type, build.notes, tidy(pieces))


def _free_socket(
    piece: Piece, item: ItemDefinition | None, plug: ItemDefinition | None, definitions: Definitions
) -> int | None:
    if item is None or plug is None or not piece.is_worn or not plug.plug_category_hash:
        return None
    taken = {each.socket for each in piece.plugs}
    for position, socket in enumerate(item.sockets):
        kind = definitions.find(SocketTypeDefinition, socket.type_hash)
        if position not in taken and kind and plug.plug_category_hash in kind.plug_category_hashes:
            return position
    return None


def _in_link(link: str) -> str:
    """What a link says in its parameter `loadout`."""
    try:
        values = parse_qs(urlsplit(link).query, max_num_fields=20).get("loadout", [])
    except ValueError:
        values = []
    if not values:
        raise NotALoadout("a link without a loadout")
    return values[0]


def _loaded(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise NotALoadout("broken JSON") from None
    if not isinstance(raw, dict):
        raise NotALoadout("JSON of something else")
    return raw


def _read_object(raw: Mapping[str, Any]) -> Wanted:
    if not (isinstance(raw.get("equipped"), list) or "unequipped" in raw):
        raise NotALoadout("JSON of something else")
    pieces = [*_pieces(raw.get("equipped"), is_worn=True), *_pieces(raw.get("unequipped"), is_worn=False)]
    class_type = raw.get("classType")
    is_class = isinstance(class_type, int) and not isinstance(class_type, bool) and 0 <= class_type <= ANY_CLASS
    build = Build(
        clean_text(_text(raw.get("name")), LONGEST_NAME),
        int(class_type) if is_class and class_type is not None else ANY_CLASS,
        clean_text(_text(raw.get("notes")), LONGEST_NOTES),
        tidy(pieces),
    )
    return build, tuple(_mods(raw.get("parameters")))


def _pieces(raw: Any, *, is_worn: bool) -> Iterator[Piece]:
    for each in raw[:MOST_PIECES] if isinstance(raw, list) else ():
        if isinstance(each, dict) and (item_hash := _hash(each.get("hash"))):
            yield Piece(item_hash, _id(each.get("id")), is_worn, tuple(_plugs(each.get("socketOverrides"))))


def _plugs(raw: Any) -> Iterator[Plug]:
    pairs: Iterable[tuple[Any, Any]] = raw.items() if isinstance(raw, Mapping) else ()
    for socket, plug in list(pairs)[:MOST_PLUGS]:
        if str(socket).isdecimal() and len(str(socket)) < 3 and (plug_hash := _hash(plug)):
            yield Plug(int(socket), plug_hash)


def _mods(parameters: Any) -> Iterator[int]:
    raw = parameters.get("mods") if isinstance(parameters, dict) else None
    return (mod for each in (raw[:_MOST_MODS] if isinstance(raw, list) else ()) if (mod := _hash(each)))


def _hash(raw: Any) -> int:
    """0 for what is none."""
    is_number = isinstance(raw, int) and not isinstance(raw, bool)
    return raw if is_number and 0 < raw < _MOST_HASH else 0


def _id(raw: Any) -> str:
    """A copy's number; "0" and whatever else are none."""
    text = raw if isinstance(raw, str) else ""
    return text if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID and text != "0" else ""


def _text(raw: Any) -> str:
    return raw if isinstance(raw, str) else ""
