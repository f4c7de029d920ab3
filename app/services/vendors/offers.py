"""Offers as something that could be owned: joined with definitions, with what the player has of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.inventory.arrange import Inventory, OwnedItem
from app.inventory.definitions import Definitions
from app.inventory.items import Item, Place, power_of
from app.inventory.search.facts import Subject, subject_of
from app.inventory.search.narrow import everything
from app.inventory.vendors import Market, Roll, Sale, Vendor
from app.inventory.wishes.matching import Wish

Rolls = Mapping[int, Roll]


class Offer(NamedTuple):
    """One offer of a vendor. `goods` is what one would get, `copies` how many of it the viewer has already.

    `roll` None = not known: Bungie tells it only of one vendor at a time. `wish` is what the wish lists say of it.
    """

    vendor_hash: int
    sale: Sale
    goods: OwnedItem
    copies: int
    roll: Roll | None = None
    wish: Wish | None = None

    @property
    def key(self) -> str:
        """Tells offers apart, also of the same item."""
        return f"{self.vendor_hash}-{self.sale.number}"

    @property
    def is_lacking(self) -> bool:
        """Whether the viewer has none, neither in hand nor, by the game's own word, in the collection."""
        return not self.copies and not self.sale.is_owned

    def subject(self) -> Subject:
        """What a search looks at."""
        item, definition, power, tag = self.goods
        return subject_of(OwnedItem(item._replace(instance_id=self.key), definition, power, tag))


@dataclass(frozen=True, slots=True)
class Stand:
    """A vendor with those offers that are to be shown; `count` is how many there are in all."""

    vendor: Vendor
    offers: tuple[Offer, ...]
    count: int


def stands_of(vendors: Iterable[Vendor], owned: Mapping[int, int], rolls: Rolls, known: Definitions) -> Iterator[Stand]:
    for vendor in vendors:
        offers = tuple(_offer(vendor, sale, owned, rolls.get(sale.number), known) for sale in vendor.sales or ())
        yield Stand(vendor, offers, len(offers))


def _offer(vendor: Vendor, sale: Sale, owned: Mapping[int, int], roll: Roll | None, known: Definitions) -> Offer:
    definition = known.item(sale.item_hash)
    item = Item(
        hash=sale.item_hash,
        instance_id="",
        quantity=sale.quantity,
        bucket_hash=0,
        place=Place.VENDOR,
        owner="",
        version_number=definition.current_version if definition else -1,
        style_hash=sale.style_hash,
        instance=roll.instance if roll else None,
    )
    goods = OwnedItem(item, definition, power_of(item, is_redacted=definition is not None and definition.redacted))
    return Offer(vendor.hash, sale, goods, owned.get(sale.item_hash, 0), roll)


def owned_by_hash(inventory: Inventory) -> Counter[int]:
    """How many of every item a player has, wherever it lies."""
    found: Counter[int] = Counter()
    for each in everything(inventory):
        found[each.item.hash] += each.item.quantity
    return found


def hashes_in(market: Market, rolls: Rolls) -> set[int]:
    """Every item hash that showing a market needs: goods, prices, ornaments, and what sits in their sockets."""
    sales = [sale for vendor in market.present for sale in vendor.sales or ()]
    found = {each for sale in sales for each in (sale.item_hash, sale.style_hash)}
    found |= {cost.item_hash for sale in sales for cost in sale.costs}
    for roll in rolls.values():
        found |= {socket.plug_hash for socket in roll.details.sockets or ()}
        found |= {each.plug_hash for choices in (roll.details.choices or {}).values() for each in choices}
    return found - {0}
