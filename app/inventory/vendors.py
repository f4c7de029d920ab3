"""What vendors offer one character at one moment, before definitions are joined to it. Pure: values, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntFlag
from typing import NamedTuple

from app.inventory.definitions import Amount
from app.inventory.items import Instance, ItemDetails

XUR = 2190858386


class SaleStatus(IntFlag):
    """Why an offer cannot be bought; 0 = it can. Source: VendorItemStatus of the specification."""

    NO_ROOM = 1
    NO_FUNDS = 2
    NO_PROGRESSION = 4
    NO_UNLOCK = 8
    NO_QUANTITY = 16
    OUTSIDE_WINDOW = 32
    NOT_AVAILABLE = 64
    UNIQUE = 128
    UNKNOWN_ERROR = 256
    ALREADY_SELLING = 512
    UNSELLABLE = 1024
    INHIBITED = 2048
    OWNED = 4096
    DISPLAY_ONLY = 8192


# DestinyVendorItemState: the game says of an offer that the player has it, in the collection or in hand.
_OWNED_MARK = 128
# 9999-12-31 is how Bungie says that nothing is ever refreshed.
_NEVER = "9999"


class Sale(NamedTuple):
    """One offer. `number` is its place at the vendor, `failures` are places in the vendor's list of reasons.

    `status` is a SaleStatus, `augments` a DestinyVendorItemState.
    """

    number: int
    item_hash: int
    quantity: int = 1
    costs: tuple[Amount, ...] = ()
    status: int = 0
    failures: tuple[int, ...] = ()
    augments: int = 0
    style_hash: int = 0

    @property
    def is_owned(self) -> bool:
        """Whether the game itself says that the player has it already."""
        return bool(self.augments & _OWNED_MARK or self.status & SaleStatus.OWNED)


class Shelf(NamedTuple):
    """Offers that stand together. `number` is the place of its heading among the vendor's."""

    number: int
    indexes: tuple[int, ...]


class Vendor(NamedTuple):
    """One vendor. `sales` None = Bungie did not send them. `is_here`: the character can go there now.

    `refresh_at` is ISO-8601, "" where nothing is said or nothing ever changes. `level_cap` 0 = no rank is told.
    """

    hash: int
    sales: tuple[Sale, ...] | None = None
    shelves: tuple[Shelf, ...] = ()
    refresh_at: str = ""
    is_here: bool = True
    can_purchase: bool = True
    level: int = 0
    level_cap: int = 0


class VendorGroup(NamedTuple):
    """Vendors of one place, in the game's order."""

    hash: int
    vendor_hashes: tuple[int, ...]


class Roll(NamedTuple):
    """What is known of the very copy that an offer would give."""

    instance: Instance | None
    details: ItemDetails


@dataclass(frozen=True, slots=True)
class Market:
    """The vendors of one answer by hash. `purse` is what the player could pay with, None = not said.

    `missing` are the components that did not come, by Bungie's names. Source: DestinyVendorsResponse.
    """

    vendors: Mapping[int, Vendor]
    groups: tuple[VendorGroup, ...] = ()
    purse: Mapping[int, int] | None = None
    missing: frozenset[str] = field(default_factory=frozenset)

    @property
    def present(self) -> Iterable[Vendor]:
        """Those that are here now; stale goods of who has left stay in Bungie's answers for days."""
        return (each for each in self.vendors.values() if each.is_here)


def refresh_moment(moment: str) -> str:
    """The same moment, "" for the one that stands for never."""
    return "" if moment.startswith(_NEVER) else moment


def on_shelves(vendor: Vendor) -> list[tuple[int, tuple[Sale, ...]]]:
    """The offers by the number of their heading, in the vendor's order; -1 is what stands on no shelf. Each once."""
    left = {each.number: each for each in vendor.sales or ()}
    found = [
        (shelf.number, tuple(left.pop(each) for each in shelf.indexes if each in left)) for shelf in vendor.shelves
    ]
    return [(number, sales) for number, sales in (*found, (-1, tuple(left.values()))) if sales]
