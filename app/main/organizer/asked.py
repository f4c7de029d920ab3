"""What the address of a table asks for, and the addresses of the tables next to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

from app.inventory.organizer.column import Kind
from app.inventory.organizer.table import DEFAULTS, read_columns, read_order
from app.inventory.search.parser import MOST_CHARACTERS
from app.inventory.sorting import Order, written

# Columns stand in a row, of which a screen shows some; rows in pages, of which one is a full vault's weapons.
ROWS_PER_PAGE = 1000
_MOST_PAGE = 999
PATH = "/organizer"


@dataclass(frozen=True, slots=True)
class Asked:
    """`columns` and `order` as the address says, else as they were kept, else the usual ones.

    `usual` are the columns and the order of an address that names none: such parts of an address are left out.
    `words` narrow the table; each is a word of the search language.
    """

    kind: Kind
    text: str
    words: tuple[str, ...]
    columns: tuple[str, ...]
    order: Order
    page: int
    ticks_all: bool
    usual: tuple[tuple[str, ...], Order]

    def href(self, path: str = PATH, **changes: Any) -> str:
        """The address of the same table with these changes."""
        return path + "?" + urlencode(list(replace(self, **changes).parts()), safe=",")

    def parts(self) -> list[tuple[str, str]]:
        found = [("type", self.kind.value)]
        if self.text:
            found.append(("q", self.text))
        if self.words:
            found.append(("of", ",".join(self.words)))
        if self.columns != self.usual[0]:
            found.append(("cols", ",".join(self.columns) or "none"))
        if self.order != self.usual[1]:
            found.append(("sort", written(self.order) or "none"))
        if self.page > 1:
            found.append(("page", str(self.page)))
        return found

    def finder(self) -> str:
        """The beginning of every address that adds a term to the search: the term follows, quoted."""
        rest = replace(self, text="", page=1).parts()
        before = quote_plus(self.text + " ") if self.text else ""
        return f"{PATH}?{urlencode(rest, safe=',')}&q={before}"

    @property
    def kept(self) -> str:
        """What is remembered of it."""
        return _written(self.columns, self.order)


def read_asked(asked: Mapping[str, str], kept: Mapping[str, str]) -> Asked:
    kind = read_kind(asked.get("type", ""))
    usual = _usual(kind, kept.get(kind.value, ""))
    columns = read_columns(kind, asked["cols"]) if "cols" in asked else usual[0]
    order = read_order(kind, asked["sort"]) if "sort" in asked else usual[1]
    return Asked(
        kind=kind,
        text=asked.get("q", "").strip()[: MOST_CHARACTERS + 1],
        words=tuple(dict.fromkeys(word for word in asked.get("of", "").lower().split(",") if word))[:4],
        columns=columns,
        order=order,
        page=read_page(asked.get("page", "")),
        ticks_all="all" in asked,
        usual=usual,
    )


def cleaned_choice(kind: Kind, text: str) -> str:
    """A choice to remember with nothing in it but columns that there are: so it fits a cookie, whoever wrote it."""
    return _written(*_usual(kind, text))


def read_kind(text: str) -> Kind:
    return Kind(text) if text in set(Kind) else Kind.WEAPONS


def read_page(text: str) -> int:
    """A number from 1; whatever is none is the first page."""
    return min(max(int(text), 1), _MOST_PAGE) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _usual(kind: Kind, kept: str) -> tuple[tuple[str, ...], Order]:
    columns, semicolon, order = kept.partition(";")
    if not semicolon:
        return DEFAULTS[kind], read_order(kind, "power")
    return read_columns(kind, columns), read_order(kind, order)


def _written(columns: tuple[str, ...], order: Order) -> str:
    return f"{','.join(columns)};{written(order)}"
