"""The vendors of a character as a page needs them: who is here, what they sell, what of it a search means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.bungie.errors import NotFound
from app.bungie.http import Deadline
from app.bungie.vendors import read_rolls
from app.inventory.profile import Character
from app.inventory.search.compile import compile_query, need_of
from app.inventory.search.complete import Vocabulary, completions
from app.inventory.search.errors import SearchError
from app.inventory.search.facts import Collection, Reading
from app.inventory.search.keyword import Need
from app.inventory.search.own import Own
from app.inventory.search.parser import parse
from app.inventory.vendors import Market
from app.manifest.plans import COLLECTIBLE, ITEM, PLUG_SET, VENDOR
from app.manifest.resolved import ResolvedDefinitions
from app.services.naming import NamesThings
from app.services.profiles import PATIENCE_S
from app.services.sessions import Viewer
from app.services.vault import VaultService, VaultSnapshot
from app.services.vendors.offers import Offer, Rolls, Stand, hashes_in, owned_by_hash, stands_of
from app.services.vendors.stock import Stock, StockService
from app.services.wishes import Wishes

_NOTHING = Market({})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for. A `character_id` that is none of the viewer's means the one they played last.

    `vendor_hash` 0 = all vendors. `lacking`: only what the viewer has not got yet.
    """

    character_id: str = ""
    vendor_hash: int = 0
    text: str = ""
    lacking: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.text) or self.lacking


@dataclass(frozen=True, slots=True)
class VendorsFound:
    """`stands` are the vendors that are here with what was asked for; `market` is everything, as Bungie sent it.

    `character` None = the viewer has none. `fetched_at` None = nothing was ever fetched: then `stock.trouble` says why.
    """

    asked: Asked
    vault: VaultSnapshot
    character: Character | None
    stock: Stock
    market: Market
    definitions: ResolvedDefinitions
    stands: tuple[Stand, ...]
    error: SearchError | None = None

    @property
    def fetched_at(self) -> datetime | None:
        return datetime.fromtimestamp(self.stock.kept.fetched_at, UTC) if self.stock.kept else None

    @property
    def is_away(self) -> bool:
        """Whether the one vendor that was asked for is known not to be here."""
        vendor = self.market.vendors.get(self.asked.vendor_hash)
        return isinstance(self.stock.trouble, NotFound) or (vendor is not None and not vendor.is_here)

    @property
    def total(self) -> int:
        return sum(len(each.offers) for each in self.stands)


class VendorService:
    def __init__(self, vault: VaultService, stock: StockService, definitions: NamesThings, wishes: Wishes) -> None:
        self._vault = vault
        self._stock = stock
        self._definitions = definitions
        self._wishes = wishes

    def load(self, viewer: Viewer, locale: str, asked: Asked) -> VendorsFound:
        """At most one question to Bungie beside the profile. Raises a BungieError only when there is no profile."""
        deadline = Deadline(PATIENCE_S)
        vault = self._vault.load(viewer, locale)
        character = _character(vault, asked.character_id)
        stock = self._load(viewer, vault, character, asked, deadline)
        market = stock.kept.market if stock.kept else _NOTHING
        rolls = read_rolls(stock.kept.rolls) if stock.kept and stock.kept.rolls else {}
        wanted = {ITEM: hashes_in(market, rolls), VENDOR: {*market.vendors, asked.vendor_hash} - {0}}
        definitions = self._definitions.resolve(locale, wanted)
        owned = owned_by_hash(vault.inventory)
        stands = tuple(stands_of(market.present, owned, rolls, definitions))
        found = VendorsFound(asked, vault, character, stock, market, definitions, stands)
        found = self._wished(viewer, locale, found, rolls)
        return _narrowed(self._searched(viewer, locale, found, owned))

    def complete(self, viewer: Viewer, locale: str, asked: Asked, text: str) -> tuple[str, ...]:
        """Whole searches that begin with this one, the likeliest first; item and perk names are those of the offers."""
        found = self.load(viewer, locale, replace(asked, text="", lacking=False))
        offers = {each.key: each for stand in found.stands for each in stand.offers}
        names = {each.goods.definition.name for each in offers.values() if each.goods.definition}
        return completions(
            text, Vocabulary(names, lambda: _perk_names(found.definitions, offers), found.vault.annotations)
        )

    def _load(
        self, viewer: Viewer, vault: VaultSnapshot, character: Character | None, asked: Asked, deadline: Deadline
    ) -> Stock:
        if character is None:
            return Stock(None)
        return self._stock.load(viewer, character.id, deadline, asked.vendor_hash, vault.trouble)

    def _wished(self, viewer: Viewer, locale: str, found: VendorsFound, rolls: Rolls) -> VendorsFound:
        if not rolls:
            return found
        offers = {each.key: each for stand in found.stands for each in stand.offers if each.roll}
        reading = _reading(found.definitions, offers)
        subjects = [each.subject() for each in offers.values()]
        wishes = self._wishes.of_subjects(viewer.user_id, subjects, reading, found.definitions.version, locale)
        return _changed(found, lambda offer: offer._replace(wish=wishes.get(offer.key))) if wishes else found

    def _searched(self, viewer: Viewer, locale: str, found: VendorsFound, owned: Mapping[int, int]) -> VendorsFound:
        if not found.asked.text:
            return found
        try:
            query = parse(found.asked.text)
            facts = self._facts(viewer, locale, found, need_of(query), owned)
            holds = compile_query(query, facts)
        except SearchError as error:
            return replace(found, error=error)
        return _kept(found, lambda offer: holds(offer.subject()))

    def _facts(
        self, viewer: Viewer, locale: str, found: VendorsFound, need: Need, owned: Mapping[int, int]
    ) -> Collection:
        offers = {each.key: each for stand in found.stands for each in stand.offers}
        more, definitions = _wanted(offers, need), found.definitions
        if more:
            rolls = {each.sale.number: each.roll for each in offers.values() if each.roll}
            definitions = self._definitions.resolve(locale, more | {ITEM: hashes_in(found.market, rolls)})
        wishes = {key: each.wish for key, each in offers.items() if each.wish}
        own = Own(
            wish_book=lambda: self._wishes.book(viewer.user_id),
            wishes=lambda: wishes,
            is_market=True,
            owned=lambda: frozenset(owned),
        )
        characters = tuple(store.character for store in found.vault.inventory.characters)
        subjects = (each.goods._replace(item=each.subject().item) for each in offers.values())
        return Collection(subjects, characters, _reading(definitions, offers), own=own)


def _character(vault: VaultSnapshot, character_id: str) -> Character | None:
    characters = [store.character for store in vault.inventory.characters]
    return next((each for each in characters if each.id == character_id), next(iter(characters), None))


def _reading(definitions: ResolvedDefinitions, offers: Mapping[str, Offer]) -> Reading:
    return Reading({key: each.roll.details for key, each in offers.items() if each.roll}, definitions)


def _perk_names(definitions: ResolvedDefinitions, offers: Mapping[str, Offer]) -> set[str]:
    """What sits in the sockets of those offers whose rolls are known."""
    reading = _reading(definitions, offers)
    subjects = (each.subject() for each in offers.values() if each.roll)
    return {reading.perk(plug).shown for subject in subjects for plug in reading.perks(subject)}


def _wanted(offers: Mapping[str, Offer], need: Need) -> dict[str, set[int]]:
    """What a search needs beside the goods themselves, by table."""
    wanted: dict[str, set[int]] = {}
    known = [each.goods.definition for each in offers.values() if each.goods.definition]
    if Need.COLLECTIBLES in need:
        wanted[COLLECTIBLE] = {each.collectible_hash for each in known if each.collectible_hash}
    if Need.ROLLS in need:
        wanted[PLUG_SET] = {each.random_set_hash for one in known for each in one.sockets if each.random_set_hash}
    return wanted


def _narrowed(found: VendorsFound) -> VendorsFound:
    return _kept(found, lambda offer: offer.is_lacking) if found.asked.lacking else found


def _kept(found: VendorsFound, keep: Callable[[Offer], bool]) -> VendorsFound:
    """Without the vendors of whom nothing is left."""
    stands = (replace(each, offers=tuple(filter(keep, each.offers))) for each in found.stands)
    return replace(found, stands=tuple(each for each in stands if each.offers))


def _changed(found: VendorsFound, change: Callable[[Offer], Offer]) -> VendorsFound:
    return replace(found, stands=tuple(replace(each, offers=tuple(map(change, each.offers))) for each in found.stands))
