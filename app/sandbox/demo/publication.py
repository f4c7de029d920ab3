"""The demo's manifest: all tables in two languages as the files that Bungie's index would name.

English has an SQLite archive, German has JSON component files only, so that both ways of reading are exercised.
"""

import hashlib
import sqlite3
import uuid
import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO

import orjson

from app.sandbox.demo import loadouts
from app.sandbox.demo.art import Gallery
from app.sandbox.demo.basics import small_tables
from app.sandbox.demo.catalogue import catalogue
from app.sandbox.demo.items import ItemWriter
from app.sandbox.demo.tables import table
from app.sandbox.demo.words import LOCALES, words
from app.sandbox.drawing import Picture
from app.sandbox.envelope import Json
from app.sandbox.manifest import MemoryManifest

_VERSION = "300000.26.11.01.1200-1-demo"
_CONTENT = "/common/destiny2_content"
_LONG_AGO = (2026, 1, 1, 0, 0, 0)
Tables = Mapping[str, Mapping[str, Json]]


@cache
def publication() -> tuple[MemoryManifest, dict[str, Picture]]:
    """The manifest and the pictures that its rows refer to. Always the same bytes."""
    gallery = Gallery()
    files: dict[str, bytes] = {}
    components: dict[str, dict[str, str]] = {}
    aggregates: dict[str, str] = {}
    tables = {locale: _tables(locale, gallery) for locale in LOCALES}
    for locale in LOCALES:
        components[locale], aggregates[locale] = _json_files(locale, tables[locale], files)
    archive = _archive_file(tables["en"], files)
    index: Json = {
        "version": _VERSION,
        "mobileAssetContentPath": "",
        "mobileGearAssetDataBases": [],
        "mobileWorldContentPaths": {"en": archive},
        "jsonWorldContentPaths": aggregates,
        "jsonWorldComponentContentPaths": components,
        "mobileClanBannerDatabasePath": "",
        "mobileGearCDN": {},
        "iconImagePyramidInfo": [],
    }
    return MemoryManifest(index, files), gallery.pictures


def _tables(locale: str, gallery: Gallery) -> Tables:
    say = words(locale)
    writer = ItemWriter(say, gallery)
    items = [writer.row(model) for model in catalogue().values()]
    items += [writer.plug(row) for row in table("plugs")]
    named = {"InventoryItem": items} | small_tables(say, gallery) | loadouts.tables(say, gallery)
    return {f"Destiny{name}Definition": _keyed(rows) for name, rows in named.items()}


def _keyed(rows: list[Json]) -> dict[str, Json]:
    return {str(row["hash"]): row | {"index": index} for index, row in enumerate(rows)}


def _json_files(locale: str, tables: Tables, files: dict[str, bytes]) -> tuple[dict[str, str], str]:
    """One file per table and one with all of them; their paths change with their content."""
    whole = orjson.dumps(tables)
    guid = uuid.UUID(bytes=hashlib.sha256(whole).digest()[:16])
    paths = {name: f"{_CONTENT}/json/{locale}/{name}-{guid}.json" for name in tables}
    for name, path in paths.items():
        files[path] = orjson.dumps(tables[name])
    aggregate = f"{_CONTENT}/json/{locale}/aggregate-{guid}.json"
    files[aggregate] = whole
    return paths, aggregate


def _archive_file(tables: Tables, files: dict[str, bytes]) -> str:
    """The zipped SQLite form: signed ids, and one table with a text key, as Bungie's has."""
    raw = _database(tables)
    name = f"world_sql_content_{hashlib.sha256(raw).hexdigest()[:32]}.content"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), raw, zipfile.ZIP_DEFLATED)
    path = f"{_CONTENT}/sqlite/en/{name}"
    files[path] = packed.getvalue()
    return path


def _database(tables: Tables) -> bytes:
    database = sqlite3.connect(":memory:")
    for name, rows in tables.items():
        database.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY NOT NULL, json BLOB)")
        signed = ((_signed(row["hash"]), orjson.dumps(row)) for row in rows.values())
        database.executemany(f"INSERT INTO {name} VALUES (?, ?)", signed)  # noqa: S608 - names are ours
    database.execute("CREATE TABLE DestinyHistoricalStatsDefinition (key TEXT PRIMARY KEY NOT NULL, json BLOB)")
    database.execute("INSERT INTO DestinyHistoricalStatsDefinition VALUES ('kills', '{\"statId\":\"kills\"}')")
    database.commit()
    raw = database.serialize()
    database.close()
    return raw


def _signed(row_hash: int) -> int:
    return row_hash if row_hash < 2**31 else row_hash - 2**32
