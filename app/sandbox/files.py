"""Reading recorded files: JSON with or without its envelope, plain or stored as NAME.gz."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file to serve: its bytes, or where they lie. `is_gzipped` says how they are stored."""

    body: bytes | Path
    is_gzipped: bool = False


def find_file(root: Path, relative: str) -> StoredFile | None:
    """The file at `relative` below `root`, stored under its name or as NAME.gz; never anything outside of `root`."""
    wanted = (root / relative).resolve()
    if not wanted.is_relative_to(root.resolve()):
        return None
    if wanted.is_file():
        return StoredFile(wanted)
    packed = wanted.with_name(wanted.name + ".gz")
    return StoredFile(packed, is_gzipped=True) if packed.is_file() else None


def read_json(root: Path, relative: str) -> Any | None:
    """The payload of a recorded answer (envelope or bare), or None where nothing was recorded.

    Raises `ValueError` when the file is not JSON.
    """
    found = find_file(root, relative)
    return None if found is None else unwrap(orjson.loads(read_bytes(found)))


def read_bytes(found: StoredFile) -> bytes:
    raw = found.body if isinstance(found.body, bytes) else found.body.read_bytes()
    return gzip.decompress(raw) if found.is_gzipped else raw


def unwrap(answer: Any) -> Any:
    """What an envelope carries; anything else unchanged."""
    return answer["Response"] if isinstance(answer, dict) and "Response" in answer else answer
