"""The recorded accounts as collections to search in, with definitions built in this process from the recorded files."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from app.bungie.profiles import parse_profile
from app.inventory.annotations.marks import USUAL, Annotation, Annotations, key_of
from app.inventory.arrange import Inventory, arrange
from app.inventory.loadouts.model import Build
from app.inventory.profile import Profile
from app.inventory.search.facts import Collection, Reading
from app.inventory.search.narrow import everything
from app.inventory.search.own import Own
from app.manifest.build import Builder
from app.manifest.plans import ITEM, PLANS
from app.manifest.records import decode, encode
from app.manifest.resolved import ResolvedDefinitions
from tests.recorded import accounts, profile
from tests.shared import shared_dir

WORLD = (shared_dir() or Path("nowhere")) / "worlds" / "june-2026"
ACCOUNTS = accounts(WORLD)


@cache
def definitions() -> ResolvedDefinitions:
    """Every table that is kept; of items those that some account names, and all plugs."""
    builder, tables = Builder(), {}
    for table in PLANS:
        rows = _rows(table)
        if table == ITEM:
            rows = {key: row for key, row in rows.items() if key in _wanted() or "plug" in row}
        records = {key: builder.record(table, key, row) for key, row in rows.items()}
        if PLANS[table].makes:
            tables[table] = {key: decode(table, key, encode(record)) for key, record in records.items() if record}
    return ResolvedDefinitions(None, tables)


def _rows(table: str) -> Mapping[int, Any]:
    found = list(WORLD.glob(f"manifest/common/destiny2_content/json/en/{table}-*"))
    return {int(key): row for path in found for key, row in orjson.loads(gzip.decompress(path.read_bytes())).items()}


@cache
def _wanted() -> frozenset[int]:
    return frozenset(item.hash for each in ACCOUNTS for item in parsed(each).items)


@cache
def parsed(membership_id: str) -> Profile:
    return parse_profile(profile(WORLD, membership_id))


@cache
def inventory(membership_id: str) -> Inventory:
    return arrange(parsed(membership_id), definitions())


@cache
def annotations(membership_id: str) -> Annotations:
    """Made up: of every fifth item a tag and a note, the usual tags in turn."""
    keys = list(dict.fromkeys(key_of(item) for item in parsed(membership_id).items))[::5]
    notes = ("for #pvp", "", "gift of a friend, #pve")
    said = {key: Annotation(USUAL[place % len(USUAL)], notes[place % len(notes)]) for place, key in enumerate(keys)}
    return Annotations(said)


@cache
def loadouts(membership_id: str) -> Mapping[str, tuple[Build, ...]]:
    """Made up: every seventh copy is in one."""
    copies = [item.instance_id for item in parsed(membership_id).items if item.instance_id]
    return dict.fromkeys(copies[::7], (Build("Raid night #raid"),))


@cache
def collection(membership_id: str) -> Collection:
    known = parsed(membership_id)
    reading = Reading(known.details.copies(), definitions())
    own = Own(annotations=annotations(membership_id), loadouts=lambda: loadouts(membership_id))
    return Collection(tuple(everything(inventory(membership_id))), known.characters, reading, own=own)
