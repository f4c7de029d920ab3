"""What a search found -> boxes to tick, and places to send it all to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext

from app.inventory import buckets
from app.inventory.arrange import Inventory, OwnedItem, Section
from app.inventory.definitions import Definitions
from app.inventory.items import Item, Place
from app.inventory.moves.plan import VAULT_STORE
from app.main import words
from app.main.move_refusals import too_old_to_move
from app.main.present import Context, class_name, notices
from app.main.search_words import sentence
from app.main.tiles import TileMaker
from app.main.viewmodels import TileView
from app.services.moves.service import MOST_ORDERS
from app.services.search import Found
from app.web.notices import NoticeView


class Box(NamedTuple):
    """One box to tick; `value` is an instance id, or the hash of a stack."""

    value: str
    is_ticked: bool
    tile: TileView


class Shelf(NamedTuple):
    """The boxes of one bucket."""

    title: str
    boxes: tuple[Box, ...]


class Cabinet(NamedTuple):
    """The shelves of one place: the vault, a character, the account."""

    title: str
    boxes: str
    shelves: tuple[Shelf, ...]


class Target(NamedTuple):
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SelectPage:
    """`query` is the search, `error` its slip in one sentence or ""; `count` tells how many can be moved.

    `refusal` says why nothing is moved now, or "".
    """

    notices: tuple[NoticeView, ...]
    back: str
    query: str
    error: str
    count: str
    note: str
    key: str
    refusal: str
    targets: tuple[Target, ...]
    cabinets: tuple[Cabinet, ...]


def select_page(found: Found, context: Context, key: str, *, is_all: bool) -> SelectPage:
    inventory, definitions = found.snapshot.inventory, found.snapshot.definitions
    boxes = _Boxes(TileMaker(definitions, context.picture), definitions, MOST_ORDERS if is_all else 0)
    cabinets = tuple(each for each in _cabinets(boxes, inventory, definitions) if each.shelves)
    return SelectPage(
        notices=notices(found.snapshot, context),
        back=url_for("main.vault", q=found.text or None),
        query=found.text,
        error=sentence(found.error) if found.error else "",
        count=ngettext("%(num)d item can be moved.", "%(num)d items can be moved.", boxes.count),
        note=gettext("At most %(most)d at once.", most=MOST_ORDERS) if boxes.count > MOST_ORDERS else "",
        key=key,
        refusal=too_old_to_move(found.snapshot, context.now),
        targets=tuple(_targets(inventory, definitions)),
        cabinets=cabinets,
    )


class _Boxes:
    """Makes boxes for what can be moved, each once: `ticks` are left for the first ones."""

    def __init__(self, tiles: TileMaker, definitions: Definitions, ticks: int) -> None:
        self._tiles, self._definitions, self._ticks = tiles, definitions, ticks
        self._seen: set[str] = set()

    @property
    def count(self) -> int:
        return len(self._seen)

    def cabinet(self, title: str, sections: Iterable[Section]) -> Cabinet:
        shelves = tuple(shelf for shelf in map(self._shelf, sections) if shelf.boxes)
        return Cabinet(title, words.number(sum(len(shelf.boxes) for shelf in shelves)), shelves)

    def _shelf(self, section: Section) -> Shelf:
        boxes = tuple(self._box(owned) for owned in section.items if self._is_new(owned))
        return Shelf(_title(section), boxes)

    def _is_new(self, owned: OwnedItem) -> bool:
        return _name(owned.item) not in self._seen and _can_move(owned, self._definitions)

    def _box(self, owned: OwnedItem) -> Box:
        self._seen.add(_name(owned.item))
        return Box(_name(owned.item), len(self._seen) <= self._ticks, self._tiles.make(owned))


def _name(item: Item) -> str:
    return item.instance_id or str(item.hash)


def _can_move(owned: OwnedItem, definitions: Definitions) -> bool:
    """Worn things are left out: whoever wants those moved says so for each."""
    item, known = owned.item, owned.definition
    if known is None or not known.is_transferable or item.place in {Place.EQUIPPED, Place.CURRENCY}:
        return False
    bucket = definitions.bucket(known.bucket_hash)
    return item.bucket_hash not in buckets.POSTMASTER and bucket is not None and bucket.is_vaultable


def _title(section: Section) -> str:
    return (section.bucket.name if section.bucket else "") or gettext("Other")


def _cabinets(boxes: _Boxes, inventory: Inventory, definitions: Definitions) -> Iterator[Cabinet]:
    yield boxes.cabinet(gettext("Vault"), inventory.vault)
    for store in inventory.characters:
        yield boxes.cabinet(class_name(store.character, definitions), store.sections)
    yield boxes.cabinet(gettext("Account-wide inventory"), inventory.account)


def _targets(inventory: Inventory, definitions: Definitions) -> Iterator[Target]:
    yield Target(VAULT_STORE, gettext("Vault"))
    for store in inventory.characters:
        yield Target(store.character.id, class_name(store.character, definitions))
