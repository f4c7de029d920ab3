"""Text that no spreadsheet takes for a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cautious(value: object) -> object:
    """Numbers stay what they are; text that begins like a formula gets an apostrophe in front, and no NUL stays."""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    return "'" + text if text.startswith(_FORMULA) else text
