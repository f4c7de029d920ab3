"""The last good definitions as a file on this machine: one SQLite database per language, replaced whole.

It is what pages read while Redis is away or empty, and what an emptied Redis is filled from. Knows no Redis.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import orjson

from app.inventory.sentences import N_
from app.manifest.errors import CopyTrouble
from app.manifest.versions import VersionInfo, pack, unpack

# A hash and the slim record that is stored under it.
StoredRow = tuple[int, bytes]

_MOST_BYTES = 256 * 1024 * 1024
_PAGE_BYTES = 4096
# Tells our files from other databases; raise the last digit when the tables below change.
_APPLICATION_ID = 0x5652_0001
_TABLES = """
CREATE TABLE about (pointer BLOB NOT NULL);
CREATE TABLE kinds (kind INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE records (id INTEGER PRIMARY KEY, record BLOB NOT NULL);
"""
# A record's id is its kind above its hash: one whole number finds it, which is what SQLite does best.
_KIND = 1 << 32


class DiskCopy:
    """One language's copy, open for reading. Every method raises CopyTrouble when the file is damaged."""

    def __init__(self, database: sqlite3.Connection, info: VersionInfo) -> None:
        self._database = database
        self.info = info

    def rows(self, table: str) -> Iterator[StoredRow]:
        """Every record of one table."""
        with _trouble():
            base = self._base(table)
            statement = "SELECT id - ?, record FROM records WHERE id >= ? AND id < ?"
            yield from self._database.execute(statement, (base, base, base + _KIND))

    def records(self, table: str, hashes: Collection[int]) -> list[bytes | None]:
        """The records of these hashes in their order; None for those that are not there."""
        statement = "SELECT id, record FROM records WHERE id IN (SELECT value FROM json_each(?))"
        with _trouble():
            base = self._base(table)
            ids = [base + each for each in hashes]
            found = dict(self._database.execute(statement, (orjson.dumps(ids).decode(),)))
        return [found.get(each) for each in ids]

    def _base(self, table: str) -> int:
        """The least id of a table; below zero, where nothing is, for one that the copy does not have."""
        row = self._database.execute("SELECT kind FROM kinds WHERE name = ?", (table,)).fetchone()
        return int(row[0]) * _KIND if row else -_KIND


class DiskCopies:
    """The copies in `folder`, which is made when it is needed. A copy larger than `most_bytes` is not kept."""

    def __init__(self, folder: Path, most_bytes: int = _MOST_BYTES) -> None:
        self._folder = folder
        self._most_pages = most_bytes // _PAGE_BYTES

    def info(self, locale: str) -> VersionInfo | None:
        """Which version lies here; None when there is none that can be read."""
        with self.open(locale) as copy:
            return copy.info if copy else None

    @contextmanager
    def open(self, locale: str) -> Iterator[DiskCopy | None]:
        """The copy of a language, or None: a file that is absent, damaged or not ours is no copy."""
        try:
            database = sqlite3.connect(f"file:{quote(str(self._file(locale)))}?mode=ro&immutable=1", uri=True)
        except sqlite3.Error:
            yield None
            return
        with closing(database):
            info = _info_in(database)
            yield DiskCopy(database, info) if info and info.locale == locale else None

    def save(self, info: VersionInfo, tables: Iterable[tuple[str, Iterable[StoredRow]]]) -> bool:
        """Takes the place of the copy before, whole or not at all. Raises CopyTrouble.

        False: another process of this machine is writing this very file.
        """
        with _trouble(), self._alone(info.locale) as is_ours:
            if is_ours:
                self._replace(info, tables)
            return is_ours

    def _replace(self, info: VersionInfo, tables: Iterable[tuple[str, Iterable[StoredRow]]]) -> None:
        file = self._file(info.locale)
        new = file.with_suffix(".new")  # always the same name: what a killed process left is replaced here
        new.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(new)) as database:
                self._prepare(database)
                _fill(database, info, tables)
            _sync(new)
            new.replace(file)
            _sync(self._folder)
        finally:
            new.unlink(missing_ok=True)

    def _prepare(self, database: sqlite3.Connection) -> None:
        # Nobody reads the file before it is renamed, so it needs neither a journal nor a sync of its own.
        database.executescript(
            f"PRAGMA page_size = {_PAGE_BYTES}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA max_page_count = {self._most_pages}; {_TABLES}"
        )

    @contextmanager
    def _alone(self, locale: str) -> Iterator[bool]:
        """Whether this process may write now. The lock of a killed process ends with it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{locale}.lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def _file(self, locale: str) -> Path:
        return self._folder / f"{locale}.sqlite"


def _info_in(database: sqlite3.Connection) -> VersionInfo | None:
    try:
        (mark,) = database.execute("PRAGMA application_id").fetchone()
        row = database.execute("SELECT pointer FROM about").fetchone() if mark == _APPLICATION_ID else None
    except sqlite3.Error:
        return None
    return unpack(row[0]) if row else None


def _fill(database: sqlite3.Connection, info: VersionInfo, tables: Iterable[tuple[str, Iterable[StoredRow]]]) -> None:
    for kind, (table, rows) in enumerate(tables):
        database.execute("INSERT INTO kinds VALUES (?, ?)", (kind, table))
        # A row may come twice: Redis promises every field of a hash that is being scanned, not each once.
        numbered = ((kind * _KIND + each, record) for each, record in rows)
        database.executemany("INSERT OR REPLACE INTO records VALUES (?, ?)", numbered)
    counted = "SELECT name, count(*) FROM records JOIN kinds ON kind = id / ? GROUP BY kind"
    written: Mapping[str, int] = dict(database.execute(counted, (_KIND,)))
    if any(written.get(table, 0) < info.counts[table] for table in info.tables()):
        raise CopyTrouble(N_("The definitions were incomplete when they were copied to disk."))
    database.execute("INSERT INTO about VALUES (?)", (pack(info),))
    database.commit()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise CopyTrouble(
            N_("The copy of the definitions on disk failed (%(error)s)."), error=f"{type(error).__name__}: {error}"
        ) from error
