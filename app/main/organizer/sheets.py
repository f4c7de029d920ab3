"""A table as a file for spreadsheets, a row at a time.

What stands in a table is for people and their spreadsheets, some of which take a file for the alphabet of their country
unless it begins with a mark of UTF-8: it has one. The export is for tools that know the column names of the field's
leading client; they compare the first name letter by letter, so it has none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response

from app.inventory.organizer.cautious import cautious
from app.inventory.organizer.columns import owned
from app.main.organizer.present import Sheet

BYTE_ORDER_MARK = "\ufeff"


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Rows as lines of CSV; text that a spreadsheet would take for a formula is made harmless."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([cautious(each) for each in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def shown(sheet: Sheet) -> Iterator[list[object]]:
    """Exactly what the table shows, on all of its pages: the heads, then each row."""
    yield [sheet.words.title("name"), *(sheet.words.title(each.key) for each in sheet.columns)]
    for row in sheet.rows:
        known = owned(row).definition
        values = [each.value(sheet.laid.desk, row) for each in sheet.columns]
        texts = (_typed(sheet, place, value) for place, value in enumerate(values))
        yield [known.name if known else str(row.item.hash), *texts]


def _typed(sheet: Sheet, place: int, value: object) -> object:
    """Numbers stay numbers: a spreadsheet counts with them."""
    return value if type(value) is int and _is_number(sheet, place) else sheet.words.text(sheet.columns[place], value)


def _is_number(sheet: Sheet, place: int) -> bool:
    return sheet.columns[place].form.value == "number"


def answer(rows: Iterable[Iterable[object]], name: str, *, mark: bool) -> Response:
    """The file, sent while it is written.

    The rows are put together first, as values: nothing can fail half-way, and nothing asks whose request it was.
    """
    every = list(rows)
    made = Response((line.encode() for line in _marked(lines(every), mark=mark)), mimetype="text/csv")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return made


def _marked(every: Iterator[str], *, mark: bool) -> Iterator[str]:
    if mark:
        yield BYTE_ORDER_MARK
    yield from every
