"""Values -> cells, drawn. A table has ten thousand of them and few different ones: each is drawn once for a page."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from flask import get_template_attribute

from app.inventory.organizer.column import Column, Form
from app.inventory.organizer.desk import Desk, Plug
from app.inventory.search.facts import Subject
from app.main.organizer.words import TableWords
from app.main.words import ELEMENTS, RARITIES

_WIDE = frozenset({"perks", "notes", "wishnotes", "source"})
_FORMS = {Form.NUMBER: "c-n", Form.MARK: "c-m", Form.PLUGS: "c-p"}


class Entry(NamedTuple):
    """One thing in a cell. `href` finds what has the same; "" where no search does. `look` is for the style sheet."""

    text: str
    href: str
    look: str = ""


def column_look(column: Column) -> str:
    """How wide a column is and how it stands."""
    return "c-w" if column.key in _WIDE else _FORMS.get(column.form, "c-t")


class CellMaker:
    """Makes the cells of one table. `finder` is the beginning of an address that adds a term to the search."""

    def __init__(self, columns: Sequence[Column], desk: Desk, words: TableWords, finder: str) -> None:
        self._columns = [(column, column_look(column)) for column in columns]
        self._desk = desk
        self._words = words
        self._finder = finder
        self._drawn: dict[Hashable, str] = {}
        self._draw = get_template_attribute("components/organizer.html", "cell")

    def row(self, subject: Subject) -> tuple[str, ...]:
        """All cells of a row but the first, drawn."""
        return tuple(self._cell(column, look, subject) for column, look in self._columns)

    def _cell(self, column: Column, look: str, subject: Subject) -> str:
        value = column.value(self._desk, subject)
        key = (column.key, _alike(column, value, subject))
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = self._draw(look, self._entries(column, subject, value))
        return found

    def _entries(self, column: Column, subject: Subject, value: Any) -> tuple[Entry, ...]:
        if column.form is Form.PLUGS:
            return tuple(self._plug(column, subject, plug) for plug in value or ())
        text = self._words.text(column, value)
        return (Entry(text, self._href(column, subject, value), _look(column, value)),) if text else ()

    def _plug(self, column: Column, subject: Subject, plug: Plug) -> Entry:
        looks = ("on" if plug.is_chosen else "off", "up" if plug.is_enhanced else "")
        return Entry(plug.name, self._href(column, subject, plug), " ".join(filter(None, looks)))

    def _href(self, column: Column, subject: Subject, value: Any) -> str:
        term = column.term(self._desk, subject, value)
        return self._finder + quote_plus(term) if term else ""


def _alike(column: Column, value: Any, subject: Subject) -> Hashable:
    """What decides how a cell looks. Where a thing lies and what it is called may mean different searches."""
    if column.key in {"location", "type", "source", "loadouts"}:
        return value, subject.known.hash, subject.item.bucket_hash
    found: Hashable = value
    return found


def _look(column: Column, value: Any) -> str:
    """Elements and rarities have their own colours, marks a tick."""
    if column.key == "element":
        return ELEMENTS.get(value, "")
    if column.key == "rarity":
        return RARITIES.get(value, "")
    return "tick" if column.form is Form.MARK else ""
