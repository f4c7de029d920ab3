"""Rows of definitions as they come out of a file: `(hash, parsed JSON)`, whichever form the file has. Pure."""

from __future__ import annotations

import json
from typing import Any

import orjson

Row = tuple[int, Any]

# The hash of a row whose key is no hash: such a row is counted as unreadable.
NO_HASH = -1


def parse(text: Any) -> Any:
    """The value of a JSON text, or None for what is no JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        return _parse_leniently(text)


def _parse_leniently(text: Any) -> Any:
    """The standard library lets half surrogate pairs and the like pass, which orjson refuses."""
    if not isinstance(text, bytes | str):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
