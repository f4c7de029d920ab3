"""Numbers that come from outside."""

from __future__ import annotations

_LARGEST_KEY = 2**31 - 1  # what PostgreSQL's integer holds; a larger one is an error there, not an unknown row


def row_key(text: str | None) -> int:
    """The key of a row that a form names, or -1, which no row has, for whatever cannot be one."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len(str(_LARGEST_KEY)):
        return -1
    key = int(text)
    return key if key <= _LARGEST_KEY else -1
