"""Addresses of the pages of vendors, and what they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from app.main.database.finds import whole_number
from app.services.vendors.service import Asked

PATH = "/vendors"
_LONGEST_ID = 20
_MOST_HASH = 2**32
_MOST_PAGE = 1000


def read_asked(address: Mapping[str, str], vendor_hash: int = 0) -> Asked:
    """What an address asks for; whatever makes no sense in it is as if it were not there."""
    return Asked(
        character_id=address.get("character", "")[:_LONGEST_ID],
        vendor_hash=vendor_hash,
        text=address.get("q", "").strip(),
        lacking=address.get("lacking") == "1",
    )


def read_page(address: Mapping[str, str]) -> int:
    return max(1, min(whole_number(address.get("page", "")) or 1, _MOST_PAGE))


def read_hash(text: str) -> int:
    """0 for what is no vendor's."""
    found = whole_number(text) or 0
    return found if found < _MOST_HASH else 0


def address(asked: Asked, vendor_hash: int = 0, page: int = 1) -> str:
    parts = carried(asked)
    if asked.text:
        parts["q"] = asked.text
    if page > 1:
        parts["page"] = str(page)
    path = f"{PATH}/{vendor_hash}" if vendor_hash else PATH
    return f"{path}?{urlencode(parts)}" if parts else path


def words_address(asked: Asked) -> str:
    """What completes a search of these offers."""
    parts = {"character": asked.character_id, "vendor": asked.vendor_hash}
    given = urlencode({name: value for name, value in parts.items() if value})
    return f"{PATH}/words?{given}" if given else f"{PATH}/words"


def carried(asked: Asked) -> dict[str, str]:
    """What stays in the address while one searches."""
    parts = {"character": asked.character_id} if asked.character_id else {}
    return parts | ({"lacking": "1"} if asked.lacking else {})
