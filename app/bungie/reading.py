"""Small readers of Bungie's JSON: a wrong type is the same as nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.inventory.profile import Absence


def as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def as_int(value: Any, default: int = 0) -> int:
    if type(value) is int:  # by far the most frequent, twenty thousand times a profile
        return value
    if value is None:  # left out: as frequent
        return default
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) < 20:
        return int(value)
    return default


def as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def data_of(response: Mapping[str, Any], component: str) -> Any:
    """The `data` of a component, or None when it was not sent, is private to somebody else or is switched off."""
    return as_mapping(response.get(component)).get("data")


def absence_of(response: Mapping[str, Any], component: str) -> Absence | None:
    """Why a component holds nothing, or None when it holds something."""
    found = response.get(component)
    if not isinstance(found, dict):
        return Absence.NOT_SENT
    if found.get("data") is not None:
        return None
    return Absence.DISABLED if found.get("disabled") else Absence.PRIVATE


def as_moment(value: Any) -> str:
    """A date of Bungie's in one sortable form, "" for none; year 1 is how Bungie says "never"."""
    text = as_text(value) if value else ""
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
        if moment.year < 2014:
            return ""
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError):
        return ""
