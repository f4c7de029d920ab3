"""What a player's wish lists say of their copies. Lists and answers are kept in this process while they are good."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, scoped_session

from app.inventory.arrange import OwnedItem
from app.inventory.profile import Details
from app.inventory.search.facts import Reading, Subject, subject_of
from app.inventory.search.keyword import Need
from app.inventory.search.narrow import everything
from app.inventory.search.offers import Plain, chosen_for, offer_of, plain_perks
from app.inventory.wishes.matching import NamedRolls, Wish, WishBook
from app.inventory.wishes.packing import PackedRolls, unpack
from app.manifest.plans import ITEM
from app.models import WishList
from app.services.item import ItemSnapshot
from app.services.naming import NamesThings
from app.services.readings import Readings
from app.services.vault import VaultSnapshot

# A large list takes some megabytes when it is open.
_MOST_OPEN = 8
_MOST_BOOKS = 32
# The game has some two thousand perks; a list that names more has made them up.
_MOST_PERKS = 6_000
# Asked by every page of a player's items, so it is put together once.
_VERSIONS = (
    select(WishList.version, WishList.title, WishList.file_name, WishList.source)
    .where(WishList.user_id == bindparam("of"), WishList.version != "")
    .order_by(WishList.position, WishList.id)
)

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")
_BookKey = tuple[tuple[str, str], ...]


class _Good(NamedTuple):
    """What answers were worked out from."""

    book: _BookKey
    definitions: str
    locale: str


class Wishes:
    def __init__(self, session: scoped_session[Session], definitions: NamesThings, readings: Readings) -> None:
        self._session = session
        self._definitions = definitions
        self._readings = readings
        self._open: OrderedDict[str, PackedRolls] = OrderedDict()
        self._books: OrderedDict[_BookKey, WishBook] = OrderedDict()
        self._plain: OrderedDict[_Good, Plain] = OrderedDict()
        # Answers live no longer than the remembered profile that they are of.
        self._answers: WeakKeyDictionary[Details, tuple[_Good, Mapping[str, Wish]]] = WeakKeyDictionary()
        self._guard = threading.Lock()

    def book(self, user_id: int) -> WishBook:
        """All lists of a person that could be read."""
        return self._book(self._key(user_id))

    def of_copies(self, user_id: int, snapshot: VaultSnapshot, locale: str) -> Mapping[str, Wish]:
        """By instance id what the lists say of a player's copies; those of which they say nothing are not in it.

        `snapshot` is all that the player owns, not what a search has left of it: the answer is kept for other pages.
        """
        key = self._key(user_id)
        if not key:
            return {}
        good = _Good(key, snapshot.definitions.version, locale)
        with self._guard:
            known = self._answers.get(snapshot.details)
        if known and known[0] == good:
            return known[1]
        found = self._found(self._book(key), good, snapshot)
        with self._guard:
            self._answers[snapshot.details] = (good, found)
        return found

    def of_copy(self, user_id: int, snapshot: ItemSnapshot, locale: str) -> Wish | None:
        """What the lists say of one copy; `perks` are then its own plugs, an enhanced one where that is what it has."""
        key, item = self._key(user_id), snapshot.item
        known = snapshot.definitions.item(item.hash)
        if not key or not item.instance_id or known is None:
            return None
        plain = self._plain_perks(self._book(key), _Good(key, snapshot.definitions.version, locale))
        subject = subject_of(OwnedItem(item, known, None))
        reading = Reading({item.instance_id: snapshot.details}, snapshot.definitions)
        offer = offer_of(subject, reading, plain)
        wish = self._book(key).wish_for(item.hash, known.category_hashes, offer) if offer.plugs else None
        return wish and wish._replace(perks=chosen_for(subject, reading, plain, wish.perks))

    def of_subjects(
        self, user_id: int, subjects: Iterable[Subject], reading: Reading, version: str, locale: str
    ) -> Mapping[str, Wish]:
        """The same of copies that nobody owns yet; `reading` and `version` are of the definitions that name them."""
        key = self._key(user_id)
        return self._wishes_for(self._book(key), _Good(key, version, locale), subjects, reading) if key else {}

    def _found(self, book: WishBook, good: _Good, snapshot: VaultSnapshot) -> Mapping[str, Wish]:
        reading = self._readings.of(snapshot, good.locale, Need.PLUGS)
        copies = (each for each in everything(snapshot.inventory) if each.item.instance_id and each.definition)
        return self._wishes_for(book, good, map(subject_of, copies), reading)

    def _wishes_for(
        self, book: WishBook, good: _Good, subjects: Iterable[Subject], reading: Reading
    ) -> Mapping[str, Wish]:
        plain = self._plain_perks(book, good)
        found: dict[str, Wish] = {}
        for each in subjects:
            offer = offer_of(each, reading, plain)
            wish = book.wish_for(each.item.hash, each.known.category_hashes, offer) if offer.plugs else None
            if wish:
                found[each.item.instance_id] = wish
        return found

    def _plain_perks(self, book: WishBook, good: _Good) -> Plain:
        with self._guard:
            found = self._plain.get(good)
        if found is None:
            wanted = sorted(set(book.perks()))[:_MOST_PERKS]
            found = plain_perks(wanted, self._definitions.resolve(good.locale, {ITEM: set(wanted)}))
            self._keep(self._plain, good, found, _MOST_BOOKS)
        return found

    def _key(self, user_id: int) -> _BookKey:
        rows = self._session.execute(_VERSIONS, {"of": user_id})
        return tuple((version, title or file_name or source) for version, title, file_name, source in rows)

    def _book(self, key: _BookKey) -> WishBook:
        with self._guard:
            found = self._books.get(key)
        if found is None:
            lists = ((title, self._opened(version)) for version, title in key)
            found = WishBook([NamedRolls(title, rolls) for title, rolls in lists if rolls])
            self._keep(self._books, key, found, _MOST_BOOKS)
        return found

    def _opened(self, version: str) -> PackedRolls | None:
        """None for a list that was removed a moment ago."""
        with self._guard:
            found = self._open.get(version)
        if found is None:
            text = self._session.scalar(select(WishList.rolls).where(WishList.version == version).limit(1))
            if text is None:
                return None
            found = unpack(text)
            self._keep(self._open, version, found, _MOST_OPEN)
        return found

    def _keep(self, table: OrderedDict[Key, Kept], key: Key, value: Kept, most: int) -> None:
        with self._guard:
            table[key] = value
            while len(table) > most:
                table.popitem(last=False)
