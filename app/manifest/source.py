"""Where definitions come from: Bungie's index, then one archive, or one JSON file per table, of a language.

Everything on disk lives in one temporary folder that is removed when the content is closed.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import orjson

from app.bungie.errors import BungieError
from app.bungie.http import USER_AGENT, open_envelope
from app.inventory.sentences import N_
from app.manifest import components
from app.manifest.archive import Database, unpack
from app.manifest.errors import BadContent, NotReachable
from app.manifest.fetch import Fetcher, FetchLimits, Patience
from app.manifest.index import LocaleFiles, ManifestIndex, read_index
from app.manifest.rows import Row

_INDEX = "/Platform/Destiny2/Manifest/"
_FOLDER_PREFIX = "vault-raider-definitions-"
_ABANDONED_S = 3600.0


@dataclass(frozen=True, slots=True)
class ContentLimits:
    """How much one language may be. `most_download_bytes` counts after decoding, over all of its files."""

    most_download_bytes: int = 512 * 1024 * 1024
    most_unpacked_bytes: int = 2 * 1024 * 1024 * 1024
    most_ratio: float = 50.0


class Watcher(Protocol):
    """Told of every step, so that progress can be shown. May raise to stop the work."""

    def stage(self, name: str) -> None: ...
    def downloaded(self, count: int) -> None: ...
    def unpacked(self, count: int) -> None: ...


class Content(Protocol):
    """The definitions of one language, open for reading."""

    def rows(self, table: str) -> Iterator[Row]:
        """Hash and parsed JSON of each row of a table; nothing for a table that is not there."""
        ...


class ManifestSource:
    """`junk` makes query strings that no cache has seen; `folder` is where downloads may lie (the system's default).

    `turn` is asked before every request, as `Fetcher` does it.
    """

    def __init__(
        self,
        root: str,
        api_key: str,
        client_id: str,
        limits: FetchLimits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        junk: Callable[[], str] = lambda: secrets.token_hex(4),
        folder: Path | None = None,
        turn: Callable[[float], None] = lambda _patience_s: None,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._fetcher = Fetcher(root, f"{USER_AGENT} AppId/{client_id}", self._limits, monotonic, turn)
        self._api_key = api_key
        self._junk = junk
        self._folder = folder

    def index(self) -> ManifestIndex:
        """Bungie's current index, by exactly one request. Raises NotReachable or BadContent."""
        headers = {"X-API-Key": self._api_key, "Accept": "application/json"}
        status, body = self._fetcher.read(_INDEX, headers)
        try:
            return read_index(_response(status, body))
        except BungieError as error:
            raise NotReachable(error.advice) from None

    @contextmanager
    def open(self, files: LocaleFiles, limits: ContentLimits, watcher: Watcher) -> Iterator[Content]:
        """Downloads and opens one language. Raises ManifestErrors; leaves nothing on disk."""
        parent = self._folder or Path(tempfile.gettempdir())  # asking the system writes a file: not in the factory
        _remove_abandoned(parent)
        with tempfile.TemporaryDirectory(prefix=_FOLDER_PREFIX, dir=parent) as folder:
            download = _Download(self._fetcher, limits, watcher, Path(folder), self._patience(), self._junk)
            if not files.archive:
                yield _Components(files, download)
                return
            database = Database(_unpacked(files.archive, download))
            try:
                yield database
            finally:
                database.close()

    def _patience(self) -> Patience:
        return Patience(self._limits.total_s, self._fetcher.monotonic)


def _response(status: int, body: bytes) -> object:
    """The payload of the index: usually inside Bungie's envelope, but a bare one is as good."""
    try:
        bare = orjson.loads(body)
    except ValueError:
        bare = None
    if isinstance(bare, dict) and "ErrorCode" not in bare and "version" in bare:
        return bare
    return open_envelope(body, status, what="the index of definitions")


@dataclass(slots=True)
class _Download:
    """Files of one language: one folder, one patience and one allowance of bytes for all of them."""

    fetcher: Fetcher
    limits: ContentLimits
    watcher: Watcher
    folder: Path
    patience: Patience
    junk: Callable[[], str]
    bytes_so_far: int = field(default=0)

    def file(self, path: str) -> Path:
        target = self.folder / "download"
        with target.open("wb") as into:
            self.bytes_so_far += self.fetcher.download(
                path,
                into,
                most_bytes=self.limits.most_download_bytes - self.bytes_so_far,
                patience=self.patience,
                junk=self.junk,
                on_bytes=self.watcher.downloaded,
            )
        return target


def _unpacked(path: str, download: _Download) -> Path:
    download.watcher.stage("downloading")
    archive = download.file(path)
    download.watcher.stage("unpacking")
    database = download.folder / "database"
    unpack(
        archive,
        database,
        most_bytes=download.limits.most_unpacked_bytes,
        most_ratio=download.limits.most_ratio,
        on_bytes=download.watcher.unpacked,
    )
    archive.unlink()
    return database


class _Components:
    """One JSON file per table, fetched when its turn comes and removed before the next."""

    def __init__(self, files: LocaleFiles, download: _Download) -> None:
        self._paths = files.components
        self._download = download

    def rows(self, table: str) -> Iterator[Row]:
        path = self._paths.get(table)
        if not path:
            return
        file = self._download.file(path)
        if not components.is_object(file):
            raise BadContent(N_("Bungie.net sent something else where a JSON file of definitions should be."))
        yield from components.json_rows(file, most_bytes=self._download.limits.most_unpacked_bytes)


def _remove_abandoned(folder: Path, now: Callable[[], float] = time.time) -> None:
    """Folders of runs that were killed. Another run cannot still be using one: it would have timed out."""
    for each in folder.glob(f"{_FOLDER_PREFIX}*"):
        try:
            is_old = now() - each.stat().st_mtime > _ABANDONED_S
        except FileNotFoundError:  # its own run has just removed it
            continue
        if is_old:
            shutil.rmtree(each, ignore_errors=True)
