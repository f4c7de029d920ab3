"""A publisher of definitions on the loopback that tests control to the byte, and a service that refreshes from it."""

from __future__ import annotations

import gzip
import json
import sqlite3
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import redis
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

import app.extensions  # noqa: F401 - SQLite connections get the habits that the site gives them
from app.manifest.disk import DiskCopies
from app.manifest.fetch import FetchLimits
from app.manifest.keeper import CopyKeeper
from app.manifest.lock import RunLock
from app.manifest.source import ManifestSource
from app.manifest.store import DefinitionStore
from app.models import Base
from app.services.clock import utc_now
from app.services.manifest import ManifestService
from app.services.manifest_runs import RunReport
from config import ManifestSettings

ITEM = "DestinyInventoryItemDefinition"
BUCKET = "DestinyInventoryBucketDefinition"
INDEX = "/Platform/Destiny2/Manifest/"
VAULT = 138197802
ACE = 347366834
SIGNED = 3_588_934_839  # above 2^31: negative in SQLite

Tables = dict[str, dict[int, Any]]


def item(item_hash: int, name: str, **facts: Any) -> dict[str, Any]:
    return {
        "displayProperties": {"name": name},
        "inventory": {"bucketTypeHash": 1498876634},
        "hash": item_hash,
        **facts,
    }


def small_tables() -> Tables:
    bucket = {"displayProperties": {"name": "Vault"}, "itemCount": 500, "hash": VAULT}
    return {
        ITEM: {ACE: item(ACE, "Ace of Spades"), SIGNED: item(SIGNED, "Signed")},
        BUCKET: {VAULT: bucket},
        "DestinyClassDefinition": {
            671679327: {"displayProperties": {"name": "Hunter"}, "classType": 1, "hash": 671679327}
        },
    }


def many_items(count: int) -> Tables:
    tables = small_tables()
    tables[ITEM] |= {each: item(each, f"Item {each}") for each in range(1, count + 1)}
    return tables


def database(tables: Tables) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world"
        connection = sqlite3.connect(file)
        for table, rows in tables.items():
            connection.execute(f"CREATE TABLE [{table}] (id INTEGER PRIMARY KEY NOT NULL, json BLOB)")
            signed = [(each if each < 2**31 else each - 2**32, _json(raw)) for each, raw in rows.items()]
            connection.executemany(f"INSERT INTO [{table}] VALUES (?, ?)", signed)  # noqa: S608
        connection.execute("CREATE TABLE DestinyHistoricalStatsDefinition (key TEXT PRIMARY KEY, json BLOB)")
        connection.execute("INSERT INTO DestinyHistoricalStatsDefinition VALUES ('kills', '{}')")
        connection.commit()
        connection.close()
        return file.read_bytes()


def zipped(*contents: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"world_sql_content_{number}.content", content)
    return packed.getvalue()


def _json(raw: Any) -> str:
    return raw if isinstance(raw, str) else json.dumps(raw)


@dataclass
class Served:
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    behave: Callable[[BaseHTTPRequestHandler], None] | None = None  # instead of all that


class Publisher:
    """`requests` holds the path, with its query, of everything that was asked; `heads` the headers beside it."""

    def __init__(self) -> None:
        self.files: dict[str, Served] = {}
        self.requests: list[str] = []
        self.heads: list[Mapping[str, str]] = []
        self.index: dict[str, Any] = {
            "version": "0",
            "mobileWorldContentPaths": {},
            "jsonWorldComponentContentPaths": {},
        }
        self.url = ""

    def publish(self, tables: Tables, name: str, *, locale: str = "en", version: str = "1") -> str:
        """An archive; returns its path."""
        path = f"/common/destiny2_content/sqlite/{locale}/world_sql_content_{name}.content"
        self.files[path] = Served(zipped(database(tables)))
        self.index["version"] = version
        self.index["mobileWorldContentPaths"][locale] = path
        return path

    def publish_components(self, tables: Tables, name: str, *, locale: str = "en") -> None:
        paths = {table: f"/common/destiny2_content/json/{locale}/{table}-{name}.json" for table in tables}
        for table, path in paths.items():
            body = json.dumps({str(each): raw for each, raw in tables[table].items()}).encode()
            self.files[path] = Served(gzip.compress(body), headers={"Content-Encoding": "gzip"})
        self.index["jsonWorldComponentContentPaths"][locale] = paths

    def answer(self, path: str) -> Served:
        plain = path.partition("?")[0]
        if path in self.files:
            return self.files[path]
        if plain == INDEX:
            envelope = {"Response": self.index, "ErrorCode": 1, "ThrottleSeconds": 0, "ErrorStatus": "Success"}
            return Served(json.dumps(envelope).encode(), headers={"Content-Type": "application/json"})
        return self.files.get(plain, Served(b"", 404))


@contextmanager
def publisher() -> Iterator[Publisher]:
    published = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            published.requests.append(self.path)
            published.heads.append(dict(self.headers))
            served = published.answer(self.path)
            try:
                self._send(served)
            except OSError:
                return  # the client hung up, as bounds make it do

        def _send(self, served: Served) -> None:
            if served.behave:
                served.behave(self)
                return
            self.send_response(served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(served.body)))
            self.end_headers()
            self.wfile.write(served.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    published.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield published
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


@dataclass
class Rig:
    """A service with its parts at hand."""

    service: ManifestService
    store: DefinitionStore
    redis: redis.Redis
    sessions: scoped_session[Any]
    lock: RunLock
    folder: Path
    close: Callable[[], None]

    def refresh(self, trigger: str) -> RunReport:
        """As a worker's thread does it: the database session ends with the task."""
        try:
            return self.service.refresh(trigger)
        finally:
            self.sessions.remove()

    def names(self, *hashes: int, locale: str = "en") -> list[str | None]:
        found = self.store.resolve(locale, {ITEM: hashes})
        return [definition.name if (definition := found.item(each)) else None for each in hashes]


def rig(
    root: str,
    redis_url: str,
    database_file: Path,
    settings: ManifestSettings | None = None,
    limits: FetchLimits | None = None,
    lock_ttl_s: float = 120.0,
    clock: Callable[[], Any] = utc_now,
    database_url: str = "",
) -> Rig:
    engine = create_engine(database_url or f"sqlite:///{database_file}")
    Base.metadata.create_all(engine)
    sessions = scoped_session(sessionmaker(engine))
    client = redis.Redis.from_url(redis_url)
    settings = settings or ManifestSettings()
    keeper = CopyKeeper(client, DiskCopies(settings.copies_dir)) if settings.copies_dir else None
    store, lock = DefinitionStore(client, clock=clock, keeper=keeper), RunLock(client, ttl_s=lock_ttl_s)
    folder = database_file.parent / "downloads"
    folder.mkdir(exist_ok=True)
    source = ManifestSource(root, "sandbox-key", "40000", limits, folder=folder)
    service = ManifestService(settings, store, source, sessions, clock, lock)

    def close() -> None:
        sessions.remove()
        engine.dispose()
        client.close()

    return Rig(service, store, client, sessions, lock, folder, close)
