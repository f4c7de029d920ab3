"""A loadout as a short text for links. It names no copies, so that it says nothing about its owner."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice

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

# Longer is no loadout of ours: the largest one whose plugs all differ stays below.
LONGEST_CODE = 28_000
# What servers and chats take as part of an address: a first line of 4,094 bytes, with the path around the code.
LONGEST_IN_LINK = 3_900
_FORMAT = 2
_WORN = 1
_LONGEST_TEXT = 4 * LONGEST_NOTES  # in bytes
_LONGEST_BODY = 24_000
_RAW_DEFLATE = -15


class NotALoadout(ValueError):
    """The text is cut off, changed, or something else. Its message says which, for tests and logs."""


def encode(build: Build) -> str:
    """Letters, digits, "-" and "_" only; about fifty characters a piece with its plugs, whose hashes often recur."""
    packing = zlib.compressobj(9, wbits=_RAW_DEFLATE)
    packed = bytes([_FORMAT]) + packing.compress(_body(build)) + packing.flush()
    whole = packed + struct.pack(">I", zlib.crc32(packed))
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def decode(code: str) -> Build:
    """Raises NotALoadout."""
    if not 0 < len(code) <= LONGEST_CODE:
        raise NotALoadout("too long or empty")
    try:
        whole = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotALoadout("not the alphabet") from None
    packed, check = whole[:-4], whole[-4:]
    if len(check) < 4 or struct.unpack(">I", check)[0] != zlib.crc32(packed):
        raise NotALoadout("cut off or changed")
    if packed[:1] != bytes([_FORMAT]):
        raise NotALoadout("another format")
    try:
        return _read(_Reader(_unpacked(packed[1:])))
    except (struct.error, UnicodeDecodeError, zlib.error):
        raise NotALoadout("not of our making") from None


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=_RAW_DEFLATE)
    body = unpacking.decompress(packed, _LONGEST_BODY)
    if not unpacking.eof or unpacking.unused_data:
        raise NotALoadout("too large, or something follows")
    return body


def _body(build: Build) -> bytes:
    """Heads of the pieces, then all sockets, then all plugs: what is alike stands together and packs well."""
    plugs = [plug for piece in build.pieces for plug in piece.plugs]
    return b"".join(
        (
            struct.pack(">B", build.class_type),
            _text(build.name),
            _text(build.notes),
            struct.pack(">B", len(build.pieces)),
            *(struct.pack(">IBB", each.item_hash, _WORN * each.is_worn, len(each.plugs)) for each in build.pieces),
            bytes(plug.socket for plug in plugs),
            struct.pack(f">{len(plugs)}I", *(plug.plug_hash for plug in plugs)),
        )
    )


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, shape: str) -> tuple[int, ...]:
        found = struct.unpack_from(shape, self._data, self._at)
        self._at += struct.calcsize(shape)
        return found

    def text(self, longest: int) -> str:
        (size,) = self.take(">H")
        if size > _LONGEST_TEXT or self._at + size > len(self._data):
            raise NotALoadout("a text is too long")
        raw = self._data[self._at : self._at + size]
        self._at += size
        return clean_text(raw.decode(), longest)

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._data)


def _read(reader: _Reader) -> Build:
    (class_type,) = reader.take(">B")
    if class_type > ANY_CLASS:
        raise NotALoadout("no such class")
    name, notes = reader.text(LONGEST_NAME), reader.text(LONGEST_NOTES)
    (count,) = reader.take(">B")
    if count > MOST_PIECES:
        raise NotALoadout("too many pieces")
    heads = [reader.take(">IBB") for _ in range(count)]
    total = sum(plugs for _, _, plugs in heads)
    sockets, hashes = reader.take(f">{total}B"), reader.take(f">{total}I")
    if not reader.is_at_end:
        raise NotALoadout("something follows")
    return Build(name, class_type, notes, tidy(_pieces(heads, zip(sockets, hashes, strict=True))))


def _pieces(heads: Iterable[tuple[int, ...]], plugs: Iterator[tuple[int, int]]) -> Iterator[Piece]:
    for item_hash, flags, count in heads:
        if count > MOST_PLUGS:
            raise NotALoadout("too many plugs")
        yield Piece(item_hash, "", bool(flags & _WORN), tuple(Plug(*each) for each in islice(plugs, count)))


def _text(text: str) -> bytes:
    raw = text.encode()[:_LONGEST_TEXT]
    return struct.pack(">H", len(raw)) + raw
