"""The columns that do not look into sockets: what an item is, what its copy says, what its owner says, where it lies.

Left out of what the field's leading client has: quality and percent complete (of the first Destiny), custom totals
(there are no totals of one's own here), and base stats as they would be with a full masterwork (the game's data does
not say what a masterwork would give; /compare works it out for armor of today).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.inventory.arrange import OwnedItem
from app.inventory.buckets import POSTMASTER
from app.inventory.items import ItemState, Place
from app.inventory.organizer import terms
from app.inventory.organizer.column import ARMOR, EVERY_KIND, GHOSTS, WEAPONS, Column, Form, TermOf, Value
from app.inventory.organizer.desk import Desk
from app.inventory.references import CollectibleDefinition
from app.inventory.search.facts import Subject
from app.inventory.search.keywords.kinds import breaker_of, element_of
from app.inventory.search.keywords.making import is_shaped
from app.inventory.seasons import season_of, year_of

_ANY_CLASS = 3
# Positions in the order of places: characters count from 0.
IN_VAULT, ELSEWHERE = 100, 101


def _plain(read: Callable[[Subject], Any]) -> Value:
    return lambda _desk, subject: read(subject) or None


def _named(name: str) -> TermOf:
    return lambda _desk, _subject, value: terms.term(name, value)


def _least(name: str) -> TermOf:
    return lambda _desk, _subject, value: terms.at_least(name, value)


def _flagged(word: str) -> TermOf:
    return lambda _desk, _subject, value: terms.flag(word, holds=bool(value))


def _chapter(key: str) -> TermOf:
    """The flag of a chapter of the search language that holds for the item."""

    def found(_desk: Desk, subject: Subject, _value: Any) -> str:
        word = terms.word_of(key, subject)
        return terms.flag(word) if word else ""

    return found


def _state(state: ItemState) -> Value:
    wanted = int(state)
    return lambda _desk, subject: bool(subject.item.state & wanted)


def season(_desk: Desk, subject: Subject) -> int | None:
    return season_of(subject.item, subject.known)


def year(desk: Desk, subject: Subject) -> int | None:
    found = season(desk, subject)
    return None if found is None else year_of(found)


def source_hash(desk: Desk, subject: Subject) -> int:
    found = desk.facts.reading.find(CollectibleDefinition, subject.known.collectible_hash)
    return found.source_hash if found else 0


def _source(_desk: Desk, subject: Subject) -> str | None:
    return subject.known.source.removeprefix("Source: ") or None


def _source_term(desk: Desk, subject: Subject, _value: Any) -> str:
    word = terms.source_word(source_hash(desk, subject))
    return terms.term("source", word) if word else ""


def event(desk: Desk, subject: Subject) -> str | None:
    return terms.event_word(source_hash(desk, subject)) or None


def place(desk: Desk, subject: Subject) -> int:
    """Whose it is: characters by their position, last played first, then the vault."""
    if subject.item.place is Place.VAULT:
        return IN_VAULT
    ids = [each.id for each in desk.facts.characters]
    return ids.index(subject.item.owner) if subject.item.owner in ids else ELSEWHERE


def _place_term(desk: Desk, subject: Subject, value: int) -> str:
    if subject.item.bucket_hash in POSTMASTER:
        return terms.flag("postmaster")
    if value == IN_VAULT:
        return terms.flag("invault")
    last = len(desk.facts.characters) - 1
    word = {0: "inleftchar", last: "inrightchar"}.get(value, "inmiddlechar")
    return terms.flag(word) if value <= last else ""


def _age(desk: Desk, subject: Subject) -> int | None:
    """1 is the copy that came last: the game numbers copies as they come into being."""
    return desk.facts.once("ages", lambda: _ages(desk)).get(subject.item.instance_id)


def _ages(desk: Desk) -> dict[str, int]:
    ids = (each.item.instance_id for each in desk.facts.subjects if each.item.instance_id.isdigit())
    return {each: position for position, each in enumerate(sorted(ids, key=int, reverse=True), start=1)}


def _class(_desk: Desk, subject: Subject) -> int | None:
    return subject.known.class_type if subject.known.class_type < _ANY_CLASS else None


def _foundry(_desk: Desk, subject: Subject) -> str | None:
    return terms.foundry_word(subject) or None


def _foundry_term(_desk: Desk, _subject: Subject, value: str) -> str:
    """The language knows the great foundries only."""
    return terms.term("foundry", value) if terms.takes("foundry", value) else ""


def _breaker(desk: Desk, subject: Subject) -> int | None:
    return breaker_of(desk.facts, subject) or None


def _breaker_term(_desk: Desk, _subject: Subject, value: int) -> str:
    word = terms.breaker_word(value)
    return terms.term("breaker", word) if word else ""


def _loadout_term(_desk: Desk, _subject: Subject, _value: Any) -> str:
    return terms.flag("inloadout")


def _own(table: str) -> Value:
    return lambda desk, subject: getattr(desk.extras, table).get(subject.item.instance_id)


def _own_term(name: str) -> TermOf:
    return lambda _desk, _subject, value: terms.term(name, value) if terms.is_known(name) else ""


def _is_new(desk: Desk, subject: Subject) -> bool:
    return subject.item.instance_id in desk.extras.new


def _wish(desk: Desk, subject: Subject) -> str | None:
    return desk.extras.wishes.get(subject.item.instance_id)


def _wish_term(_desk: Desk, _subject: Subject, value: str) -> str:
    return terms.flag("wishlist" if value == "up" else "trashlist")


def owned(subject: Subject) -> OwnedItem:
    """The item as pages know it."""
    known = subject.known if subject.known.hash else None
    return OwnedItem(subject.item, known, subject.power or None)


_POWERED = WEAPONS | ARMOR

BEFORE = (
    Column("name", Form.ICON, lambda _desk, subject: subject.known.name.casefold() or None),
    Column("power", Form.NUMBER, _plain(lambda subject: subject.power), _least("power"), falls=True, kinds=_POWERED),
    Column("element", Form.WORD, _plain(element_of), _chapter("element"), kinds=WEAPONS),
    Column("ammo", Form.WORD, _plain(lambda subject: subject.known.ammo_type), _chapter("ammo"), kinds=WEAPONS),
    Column("class", Form.WORD, _class, _chapter("class"), kinds=ARMOR),
    Column("energy", Form.NUMBER, _plain(lambda subject: subject.instance.energy_capacity), _least("energycapacity"),
           falls=True, kinds=ARMOR | GHOSTS),
    Column("locked", Form.MARK, _state(ItemState.LOCKED), _flagged("locked"), falls=True),
    Column("tag", Form.WORD, _own("tags"), _own_term("tag")),
    Column("new", Form.MARK, _is_new, _flagged("new"), falls=True),
    Column("recency", Form.NUMBER, _age),
    Column("wish", Form.WORD, _wish, _wish_term, kinds=WEAPONS),
    Column("rarity", Form.WORD, _plain(lambda subject: subject.known.tier), _chapter("rarity"), falls=True),
    Column("tier", Form.NUMBER, _plain(lambda subject: subject.instance.gear_tier), _least("tier"), falls=True),
    Column("type", Form.TEXT, _plain(lambda subject: subject.known.type_name), _chapter("type"), kinds=_POWERED),
    Column("slot", Form.WORD, _plain(lambda subject: subject.known.bucket_hash), _chapter("slot"), kinds=_POWERED),
    Column("equipped", Form.MARK, lambda _desk, subject: subject.item.place is Place.EQUIPPED, _flagged("equipped"),
           falls=True),
    Column("crafted", Form.MARK, _plain(is_shaped), _flagged("crafted"), falls=True, kinds=WEAPONS),
    Column("deepsight", Form.MARK, _state(ItemState.DEEPSIGHT), _flagged("deepsight"), falls=True, kinds=WEAPONS),
    Column("featured", Form.MARK, lambda _desk, subject: subject.known.is_featured, falls=True, kinds=_POWERED),
    Column("masterworked", Form.MARK, _state(ItemState.MASTERWORK), _flagged("masterwork"), falls=True,
           kinds=EVERY_KIND),
    Column("breaker", Form.WORD, _breaker, _breaker_term, kinds=_POWERED),
)  # fmt: skip
AFTER = (
    Column("foundry", Form.WORD, _foundry, _foundry_term, kinds=WEAPONS),
    Column("source", Form.TEXT, _source, _source_term),
    Column("year", Form.NUMBER, year, _named("year"), falls=True),
    Column("season", Form.NUMBER, season, _named("season"), falls=True),
    Column("event", Form.WORD, event, _named("source")),
    Column("location", Form.WORD, place, _place_term),
    Column("loadouts", Form.NAMES, _own("loadouts"), _loadout_term),
    Column("notes", Form.TEXT, _own("notes"), _own_term("notes")),
    Column("wishnotes", Form.TEXT, _own("wish_notes"), _own_term("wishlistnotes"), kinds=WEAPONS),
    Column("hash", Form.TEXT, lambda _desk, subject: str(subject.item.hash), _named("hash")),
    Column("id", Form.TEXT, lambda _desk, subject: subject.item.instance_id, _named("id")),
)  # fmt: skip
