"""Slim records as bytes, and back again as the typed definitions that pages use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from app.manifest.build import Record
from app.manifest.plans import PLANS, STORED, Definition

# In a record that came by itself after its version; no field has this key.
SINGLE = "1"

_Unpack = tuple[str, Callable[[Any], Any] | None]


def _unpackers(table: str) -> tuple[Callable[..., Definition], dict[str, _Unpack]]:
    plan = PLANS[table]
    if plan.makes is None:
        raise LookupError(table)
    return plan.makes, {field.key: (field.attribute, field.kind.unpack) for field in plan.fields}


_TABLES: Mapping[str, tuple[Callable[..., Definition], dict[str, _Unpack]]] = {
    table: _unpackers(table) for table in STORED
}


def encode(record: Record) -> bytes:
    try:
        return orjson.dumps(record)
    except TypeError:  # half of a surrogate pair, which is no UTF-8; only such rows pay for the mending
        return orjson.dumps({key: _mended(value) for key, value in record.items()})


def decode(table: str, definition_hash: int, stored: bytes) -> Definition | None:
    """The definition, or None for bytes that are no record of ours: such a hash is then as unknown as any other."""
    try:
        return made(table, definition_hash, orjson.loads(stored))
    except (ValueError, TypeError, AttributeError):
        return None


def made(table: str, definition_hash: int, record: Record) -> Definition:
    """The definition of a record. Raises ValueError, TypeError or AttributeError for what is no record of ours."""
    makes, fields = _TABLES[table]
    known: dict[str, Any] = {}
    for key, value in record.items():
        if key in fields:  # a newer release next to this one may keep more
            attribute, unpack = fields[key]
            known[attribute] = unpack(value) if unpack else value
    return makes(definition_hash, **known)


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [_mended(each) for each in value] if isinstance(value, list) else value
