"""Bungie's archive of one language: a zip with one SQLite database. Unpacked to disk with bounds, read row by row."""

from __future__ import annotations

import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from app.inventory.sentences import N_
from app.manifest.errors import BadArchive, BadContent, TooBig
from app.manifest.rows import NO_HASH, Row, parse

_CHUNK_BYTES = 1024 * 1024
# Below this a bomb does no harm, and a small honest database is mostly empty pages that compress very well.
_RATIO_COUNTS_FROM_BYTES = 4 * 1024 * 1024
_MOST_ROW_BYTES = 16 * 1024 * 1024
_MOST_HASH = 0xFFFFFFFF
_LEAST_SIGNED = -(2**31)  # SQLite keeps hashes as Bungie's signed numbers
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


def unpack(archive: Path, into: Path, *, most_bytes: int, most_ratio: float, on_bytes: Callable[[int], None]) -> int:
    """Writes the one member of `archive` to `into` and returns its size in bytes. The member's own name is ignored.

    Raises BadArchive for anything but one intact member, TooBig when a bound is passed; sizes are counted.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            member = _only_member(zipped)
            limit = _limit(member, most_bytes, most_ratio)
            with zipped.open(member) as packed, into.open("wb") as out:
                written = _copy(packed, out, limit, on_bytes)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise BadArchive(
            N_("The archive is damaged or no archive at all (%(error)s)."), error=type(error).__name__
        ) from None
    if written != member.file_size:
        raise BadArchive(N_("The archive lies about the size of its content."))
    return written


def _only_member(zipped: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = zipped.infolist()
    if len(members) != 1:
        raise BadArchive(N_("The archive holds %(count)s files where exactly one is expected."), count=len(members))
    member = members[0]
    if member.is_dir() or member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
        raise BadArchive(N_("The archive's only entry is no plainly compressed file."))
    return member


def _limit(member: zipfile.ZipInfo, most_bytes: int, most_ratio: float) -> int:
    """How many bytes may come out; raises TooBig when the archive already announces more."""
    limit = min(most_bytes, max(_RATIO_COUNTS_FROM_BYTES, int(member.compress_size * most_ratio)))
    if member.file_size > limit:
        raise TooBig(
            N_("The archive would unpack to %(size)s bytes; at most %(most)s are allowed."),
            size=member.file_size,
            most=limit,
        )
    return limit


def _copy(packed: BinaryIO, out: BinaryIO, limit: int, on_bytes: Callable[[int], None]) -> int:
    """One chunk is written while the next is unpacked, which takes a third off the time."""
    written = 0
    with ThreadPoolExecutor(max_workers=1) as disk:
        writing: Future[int] | None = None
        while chunk := packed.read(_CHUNK_BYTES):
            written += len(chunk)
            if written > limit:
                raise TooBig(N_("The archive unpacks to more than the %(most)s bytes that are allowed."), most=limit)
            if writing:
                writing.result()
            writing = disk.submit(out.write, chunk)
            on_bytes(len(chunk))
        if writing:
            writing.result()
    return written


class Database:
    """The unpacked database, opened read-only. It is never asked for anything but two columns of known tables."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro&immutable=1", uri=True)
        self._connection.text_factory = bytes  # JSON is parsed from bytes anyway
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_ROW_BYTES)
        self._connection.execute("PRAGMA trusted_schema = OFF")
        self._tables = _reading(self._table_names)

    def close(self) -> None:
        self._connection.close()

    def rows(self, table: str) -> Iterator[Row]:
        """Hash and parsed JSON of every row; nothing for a table that is absent or has a text `key`.

        Raises BadContent when the file turns out to be damaged.
        """
        if table not in self._tables:
            return
        cursor = _reading(lambda: self._connection.execute(f'SELECT id, json FROM "{table}"'))  # noqa: S608 - a name of sqlite_master
        while batch := _reading(lambda: cursor.fetchmany(500)):
            for signed_id, text in batch:
                yield _hash(signed_id), parse(text)

    def _table_names(self) -> frozenset[str]:
        names = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return frozenset(
            name
            for name in (raw.decode("utf-8", "replace") for (raw,) in names)
            if name.startswith("Destiny") and name.isalnum() and {b"id", b"json"} <= self._columns(name)
        )

    def _columns(self, table: str) -> set[bytes]:
        return {row[1] for row in self._connection.execute(f'PRAGMA table_info("{table}")')}


def _hash(signed_id: Any) -> int:
    if isinstance(signed_id, int) and _LEAST_SIGNED <= signed_id <= _MOST_HASH:
        return signed_id & _MOST_HASH
    return NO_HASH


def _reading(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (sqlite3.Error, OverflowError) as error:
        raise BadContent(
            N_("The database in the archive cannot be read (%(error)s)."), error=type(error).__name__
        ) from None
