"""A laid out vault -> the page of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext, ngettext

from app.inventory.annotations.marks import NO_TAG
from app.inventory.moves.plan import VAULT_STORE
from app.inventory.organizer.column import Column
from app.inventory.organizer.columns import owned
from app.inventory.organizer.table import (
    FACETS,
    Facet,
    choices_of,
    columns_of,
    facets,
    in_order,
    narrowed,
    rows_of,
    shown_columns,
)
from app.inventory.search.facts import Subject
from app.inventory.sorting import MOST_KEYS, Order, SortBy
from app.main import words
from app.main.move_refusals import too_old_to_move
from app.main.organizer.asked import PATH, ROWS_PER_PAGE, Asked
from app.main.organizer.cells import CellMaker, column_look
from app.main.organizer.viewmodels import Act, Acts, ChooserView, ColumnChoice, HeadView, Link, OrganizerPage, RowView
from app.main.organizer.words import KINDS, TableWords
from app.main.present import Context, class_name, freshness, notices
from app.main.present_search import SearchView, search_view
from app.main.tag_words import tag_name
from app.main.tiles import TileMaker
from app.services.organizer import Laid

# Small enough that a phone lays out one in a part of a frame when it comes into sight.
_CHUNK = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table before it is drawn: its columns, and all of its rows in order."""

    asked: Asked
    laid: Laid
    words: TableWords
    columns: tuple[Column, ...]
    rows: Sequence[Subject]
    unnarrowed: Sequence[Subject]


def sheet_of(laid: Laid, asked: Asked) -> Sheet:
    every = rows_of(asked.kind, laid.rows)
    rows = in_order(asked.kind, narrowed(asked.kind, every, asked.words), asked.order, laid.desk)
    return Sheet(
        asked=asked,
        laid=laid,
        words=TableWords(asked.kind, laid.found.snapshot.definitions, laid.desk.facts),
        columns=shown_columns(asked.kind, asked.columns, laid.desk, rows),
        rows=rows,
        unnarrowed=every,
    )


def organizer_page(sheet: Sheet, context: Context, key: str) -> OrganizerPage:
    asked, snapshot = sheet.asked, sheet.laid.found.snapshot
    shown, refusal = _on_page(sheet), too_old_to_move(snapshot, context.now)
    return OrganizerPage(
        notices=notices(snapshot, context),
        freshness=freshness(snapshot.fetched_at, context.now),
        title=gettext("Organizer"),
        kind=asked.kind.value,
        kinds=tuple(_kinds(asked)),
        picks=tuple(_picks(sheet)),
        count=ngettext("%(num)d item", "%(num)d items", len(sheet.rows)),
        is_narrowed=len(sheet.rows) < len(sheet.unnarrowed) or sheet.laid.found.is_search or asked.page > 1,
        chooser=_chooser(sheet),
        heads=tuple(_head(sheet, each) for each in (columns_of(asked.kind)["name"], *sheet.columns)),
        chunks=tuple(_chunks(sheet, shown, context)),
        pages=tuple(_pages(sheet)),
        acts=tuple(_acts(sheet, refusal)),
        refusal=refusal,
        key=key,
        ticks_all=asked.ticks_all,
        tick_href=asked.href() + "&all=1",
        back=asked.href(),
        csv_href=asked.href("/organizer.csv", page=1),
        export_href=f"/organizer/export/{asked.kind}.csv",
    )


def organizer_search(sheet: Sheet) -> SearchView:
    """The box of this table: it keeps everything else that the address asks for."""
    asked, found = sheet.asked, sheet.laid.found
    view = search_view(found, (), PATH)
    told = ngettext("%(num)d item found.", "%(num)d items found.", len(sheet.rows)) if found.is_search else ""
    carried = tuple((name, value) for name, value in replace(asked, text="", page=1).parts())
    return replace(view, action=asked.href(text="", page=1), summary=told, places=(), carried=carried)


# --- around the table ------------------------------------------------------------------------------------------------


def _kinds(asked: Asked) -> Iterator[Link]:
    for kind, name in KINDS.items():
        address = f"{PATH}?type={kind}"
        yield Link(address, str(name), kind is asked.kind)


def _picks(sheet: Sheet) -> Iterator[tuple[Link, ...]]:
    """Each row narrows by one thing; a second click on a link takes it back."""
    found = facets(sheet.asked.kind, sheet.unnarrowed)
    for chapter in FACETS[sheet.asked.kind]:
        members = [each for each in found if each.chapter == chapter]
        yield tuple(_pick(sheet, each, {other.word for other in members}) for each in members)


def _pick(sheet: Sheet, facet: Facet, siblings: set[str]) -> Link:
    is_here = facet.word in sheet.asked.words
    others = tuple(word for word in sheet.asked.words if word not in siblings)
    href = sheet.asked.href(words=others if is_here else (*others, facet.word), page=1)
    return Link(href, _facet_words(sheet, facet), is_here, words.number(facet.size))


def _facet_words(sheet: Sheet, facet: Facet) -> str:
    column = columns_of(sheet.asked.kind)[facet.chapter]
    return sheet.words.text(column, column.value(sheet.laid.desk, facet.example)) or facet.word


def _chooser(sheet: Sheet) -> ChooserView:
    asked = sheet.asked
    others = [key for key in choices_of(asked.kind) if key not in asked.columns]
    stats = [key for key in others if key in columns_of(asked.kind) and columns_of(asked.kind)[key].stat_hash]
    return ChooserView(
        shown=tuple(_choice(sheet, place) for place in range(len(asked.columns))),
        others=tuple(_more(sheet, (key for key in others if key not in stats))),
        stats=tuple(_more(sheet, sorted(stats, key=lambda key: key.startswith("base.")))),
        order=", ".join(_sort_words(sheet, each) for each in asked.order),
        kept=asked.kept,
        usual_href=asked.href(columns=asked.usual[0], order=asked.usual[1]),
    )


def _more(sheet: Sheet, keys: Iterable[str]) -> Iterator[Link]:
    """Columns that could be added; a stat that the game's data does not know has no name and is passed over."""
    for key in keys:
        if sheet.words.title(key):
            yield Link(sheet.asked.href(columns=(*sheet.asked.columns, key)), sheet.words.title(key))


def _choice(sheet: Sheet, place: int) -> ColumnChoice:
    keys, key = sheet.asked.columns, sheet.asked.columns[place]
    return ColumnChoice(
        sheet.words.title(key),
        sheet.asked.href(columns=_swapped(keys, place - 1)) if place else "",
        sheet.asked.href(columns=_swapped(keys, place)) if place + 1 < len(keys) else "",
        sheet.asked.href(columns=tuple(each for each in keys if each != key)),
    )


def _swapped(keys: tuple[str, ...], place: int) -> tuple[str, ...]:
    return (*keys[:place], keys[place + 1], keys[place], *keys[place + 2 :])


def _sort_words(sheet: Sheet, by: SortBy) -> str:
    falls = columns_of(sheet.asked.kind)[by.key].falls != by.is_reversed
    return f"{sheet.words.title(by.key)} {'↓' if falls else '↑'}"


def _acts(sheet: Sheet, refusal: str) -> Iterator[Acts]:
    """A tag is the player's own word; the rest is done at Bungie."""
    definitions = sheet.laid.found.snapshot.definitions
    targets = [Act(f"to:{VAULT_STORE}", gettext("Vault"))]
    targets += [Act(f"to:{each.id}", class_name(each, definitions)) for each in sheet.laid.desk.facts.characters]
    yield Acts(gettext("Move to"), tuple(targets), bool(refusal))
    locks = (Act("lock", gettext("Lock")), Act("unlock", gettext("Unlock")))
    yield Acts(gettext("Lock"), locks, bool(refusal))
    said = sheet.laid.found.snapshot.annotations
    tags = [Act(f"tag:{each}", tag_name(each)) for each in said.every_tag]
    yield Acts(gettext("Tag"), (*tags, Act(f"tag:{NO_TAG}", gettext("none"))))


def _pages(sheet: Sheet) -> Iterator[Link]:
    count = -(-len(sheet.rows) // ROWS_PER_PAGE)
    for page in range(1, count + 1) if count > 1 else ():
        yield Link(sheet.asked.href(page=page), str(page), page == sheet.asked.page)


# --- the table -------------------------------------------------------------------------------------------------------


def _head(sheet: Sheet, column: Column) -> HeadView:
    first = sheet.asked.order[0] if sheet.asked.order else None
    sorted_as = "none"
    if first and first.key == column.key:
        sorted_as = "descending" if column.falls != first.is_reversed else "ascending"
    order = _sorted_by(sheet.asked.order, column.key)
    return HeadView(
        sheet.words.title(column.key), sheet.asked.href(order=order, page=1), sorted_as, column_look(column)
    )


def _sorted_by(order: Order, key: str) -> Order:
    """By this column first, the other way round if it was so already; what decided before decides next."""
    is_turned = bool(order) and order[0] == SortBy(key)
    rest = tuple(each for each in order if each.key != key)
    return (SortBy(key, is_turned), *rest)[:MOST_KEYS]


def _on_page(sheet: Sheet) -> Sequence[Subject]:
    start = (sheet.asked.page - 1) * ROWS_PER_PAGE
    return sheet.rows[start : start + ROWS_PER_PAGE]


def _chunks(sheet: Sheet, rows: Sequence[Subject], context: Context) -> Iterator[tuple[RowView, ...]]:
    tiles = TileMaker(sheet.laid.found.snapshot.definitions, context.picture, sheet.laid.desk.extras.new)
    cells = CellMaker(sheet.columns, sheet.laid.desk, sheet.words, sheet.asked.finder())
    for start in range(0, len(rows), _CHUNK):
        yield tuple(_row(each, tiles, cells) for each in rows[start : start + _CHUNK])


def _row(subject: Subject, tiles: TileMaker, cells: CellMaker) -> RowView:
    tile = tiles.make(owned(subject))
    return RowView(
        tile.hash, tile.instance_id, tile.name, tile.label, tile.href, tile.icon_url, tile.rarity, cells.row(subject)
    )
