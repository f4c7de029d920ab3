"""A loadout as a short text for links. It names no copies, so that it says nothing about its owner."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

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

# Longer is no loadout of ours.
LONGEST_CODE = 24_000
_FORMAT = 1
_WORN = 1
_LONGEST_TEXT = 4 * LONGEST_NOTES  # in bytes


class NotALoadout(ValueError):
    """The text is cut off, changed, or something else. Its message says which, for tests and logs."""


def encode(build: Build) -> str:
    """Letters, digits, "-" and "_" only; about a hundred characters a piece with its plugs."""
    parts = [struct.pack(">BB", _FORMAT, build.class_type), _text(build.name), _text(build.notes)]
    parts.append(struct.pack(">B", len(build.pieces)))
    for piece in build.pieces:
        parts.append(struct.pack(">IBB", piece.item_hash, _WORN * piece.is_worn, len(piece.plugs)))
        parts += [struct.pack(">BI", plug.socket, plug.plug_hash) for plug in piece.plugs]
    body = b"".join(parts)
    whole = body + struct.pack(">I", zlib.crc32(body))
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def decode(code: str) -> Build:
    """Raises NotALoadout."""
    if not 0 < len(code) <= LONGEST_CODE:
        raise NotALoadout("too long or empty")
    try:
        whole = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotALoadout("not the alphabet") from None
    body, check = whole[:-4], whole[-4:]
    if len(check) < 4 or struct.unpack(">I", check)[0] != zlib.crc32(body):
        raise NotALoadout("cut off or changed")
    try:
        return _read(_Reader(body))
    except (struct.error, UnicodeDecodeError):
        raise NotALoadout("not of our making") from None


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
    version, class_type = reader.take(">BB")
    if version != _FORMAT or class_type > ANY_CLASS:
        raise NotALoadout("another format")
    name, notes = reader.text(LONGEST_NAME), reader.text(LONGEST_NOTES)
    (count,) = reader.take(">B")
    if count > MOST_PIECES:
        raise NotALoadout("too many pieces")
    pieces = [_piece(reader) for _ in range(count)]
    if not reader.is_at_end:
        raise NotALoadout("something follows")
    return Build(name, class_type, notes, tidy(pieces))


def _piece(reader: _Reader) -> Piece:
    item_hash, flags, count = reader.take(">IBB")
    if count > MOST_PLUGS:
        raise NotALoadout("too many plugs")
    plugs = tuple(Plug(*reader.take(">BI")) for _ in range(count))
    return Piece(item_hash, "", bool(flags & _WORN), plugs)


def _text(text: str) -> bytes:
    raw = text.encode()[:_LONGEST_TEXT]
    return struct.pack(">H", len(raw)) + raw
