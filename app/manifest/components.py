"""Bungie's JSON form of one table, `{hash: definition}`, read as a stream: the largest has 96 MB."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import ijson

from app.inventory.sentences import N_
from app.manifest.errors import BadContent, TooBig
from app.manifest.rows import NO_HASH, Row

_GZIP_MAGIC = b"\x1f\x8b"
_BUFFER_BYTES = 256 * 1024
_MOST_HASH = 2**32


class _Bounded:
    """A reader that stops a compressed file from growing without end. Has the one method that ijson calls."""

    def __init__(self, file: BinaryIO, most_bytes: int) -> None:
        self._file = file
        self._left = most_bytes

    def read(self, size: int) -> bytes:
        piece = self._file.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise TooBig(N_("A file of definitions unpacks to more bytes than are allowed."))
        return piece


def json_rows(file: Path, *, most_bytes: int) -> Iterator[Row]:
    """Hash and definition of every entry. A file that is gzip on disk is unpacked on the way, up to `most_bytes`.

    Raises BadContent for what is not one JSON object, TooBig for too much of it.
    """
    with _opened(file) as stream:
        try:
            for key, value in ijson.kvitems(_Bounded(stream, most_bytes), "", use_float=True, buf_size=_BUFFER_BYTES):
                yield _hash(key), value
        except (ijson.JSONError, zlib.error, OSError, EOFError, UnicodeError) as error:
            raise BadContent(
                N_("A file of definitions is not readable JSON (%(error)s)."), error=type(error).__name__
            ) from None


def is_object(file: Path) -> bool:
    """Whether the file begins like a JSON object; an HTML page in its place does not."""
    with _opened(file) as stream:
        try:
            return stream.read(64).lstrip()[:1] == b"{"
        except (zlib.error, OSError, EOFError):
            return False


def _opened(file: Path) -> BinaryIO:
    stream = file.open("rb")
    magic = stream.read(len(_GZIP_MAGIC))
    stream.seek(0)
    if magic != _GZIP_MAGIC:
        return stream
    stream.close()
    return gzip.open(file, "rb")  # type: ignore[return-value]


def _hash(key: str) -> int:
    if key.isascii() and key.isdigit() and len(key) <= 10 and int(key) < _MOST_HASH:
        return int(key)
    return NO_HASH
