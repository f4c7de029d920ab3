"""Markets as bytes and back. A market that was cut off or comes from another build raises ValueError or the like."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import orjson

from app.inventory.definitions import Amount
from app.inventory.vendors import Market, Sale, Shelf, Vendor, VendorGroup

# Part of every key: raise it when the shape changes.
FORMAT = 1

Rolls = Mapping[str, Any]


def encode(market: Market, rolls: Rolls) -> bytes:
    """`rolls` are the item components of one vendor as they came."""
    values = [list(market.vendors.values()), market.groups, market.purse, sorted(market.missing), rolls]
    return zlib.compress(orjson.dumps(values, default=list, option=orjson.OPT_NON_STR_KEYS), 3)


def decode(packed: bytes) -> tuple[Market, Rolls]:
    vendors, groups, purse, missing, rolls = orjson.loads(zlib.decompress(packed))
    known = [_vendor(*each) for each in vendors]
    return Market(
        {each.hash: each for each in known},
        tuple(VendorGroup(key, tuple(hashes)) for key, hashes in groups),
        None if purse is None else {int(key): count for key, count in purse.items()},
        frozenset(missing),
    ), rolls


def _vendor(vendor_hash: int, sales: list[list[Any]] | None, shelves: list[list[Any]], *rest: Any) -> Vendor:
    return Vendor(
        vendor_hash,
        None if sales is None else tuple(_sale(*each) for each in sales),
        tuple(Shelf(number, tuple(indexes)) for number, indexes in shelves),
        *rest,
    )


def _sale(number: int, item_hash: int, quantity: int, costs: list[list[int]], *rest: Any) -> Sale:
    status, failures, *others = rest
    return Sale(number, item_hash, quantity, tuple(Amount(*each) for each in costs), status, tuple(failures), *others)


def export(market: Market, fetched_at: float) -> dict[str, Any]:
    """Plain values for people who ask what is kept: what was offered, and what they could pay with."""
    offers = {
        str(each.hash): [{"item_hash": sale.item_hash, "status": sale.status} for sale in each.sales or ()]
        for each in market.vendors.values()
    }
    purse = {str(key): count for key, count in (market.purse or {}).items()}
    return {"fetched_at_unix_s": fetched_at, "offers_by_vendor": offers, "currencies": purse}
