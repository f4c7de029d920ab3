"""Bungie's GetVendors and GetVendor -> inventory values. Lenient: an odd field becomes "not said"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.bungie.details import DETAIL_COMPONENTS, FreshDetails
from app.bungie.errors import BadPayload
from app.bungie.profiles import read_instance
from app.bungie.reading import absence_of, as_int, as_list, as_mapping, as_moment, data_of
from app.inventory.definitions import Amount
from app.inventory.items import ItemDetails
from app.inventory.profile import Absence
from app.inventory.vendors import Market, Roll, Sale, Shelf, Vendor, VendorGroup, refresh_moment

Json = Mapping[str, Any]

_MOST_HASH = 2**32
_MOST_COUNT = 2**31
_ROLL_COMPONENTS = ("instances", *DETAIL_COMPONENTS)


def parse_vendors(response: Any) -> Market:
    """All vendors of a character. Raises BadPayload where neither vendors nor sales can be read."""
    body = as_mapping(response)
    told, sold = data_of(body, "vendors"), data_of(body, "sales")
    if told is None and sold is None:
        raise BadPayload("vendors without any readable component")
    known, offers = as_mapping(told), as_mapping(sold)
    shelves = as_mapping(data_of(body, "categories"))
    vendors = {}
    for key in dict.fromkeys((*known, *offers)):
        sales = None if sold is None else as_mapping(offers.get(key)).get("saleItems")
        found = _vendor(_hash(key), known.get(key), sales, shelves.get(key))
        # Whoever is not told of has left, whatever the sales still say; unless nobody is told of at all.
        vendors[found.hash] = found if told is None or key in known else found._replace(is_here=False)
    vendors.pop(0, None)
    groups = as_list(as_mapping(data_of(body, "vendorGroups")).get("groups"))
    return Market(
        vendors, tuple(_group(as_mapping(each)) for each in groups), _purse(body), _missing(body, "vendors", "sales")
    )


def parse_vendor(response: Any, vendor_hash: int) -> Market:
    """One vendor. Raises BadPayload where neither the vendor nor the sales can be read."""
    body = as_mapping(response)
    told, sold = data_of(body, "vendor"), data_of(body, "sales")
    if told is None and sold is None:
        raise BadPayload("a vendor without any readable component")
    found = _vendor(vendor_hash, told, sold, data_of(body, "categories"))
    if absence_of(body, "vendor") is Absence.PRIVATE:  # sent empty: gone, whatever the sales still say
        found = found._replace(is_here=False)
    return Market({vendor_hash: found}, (), _purse(body), _missing(body, "vendor", "sales"))


def rolls_in(response: Any) -> dict[str, Json]:
    """The item components of one vendor's answer as they came, without those that nobody reads."""
    components = as_mapping(as_mapping(response).get("itemComponents"))
    return {name: as_mapping(components[name]) for name in _ROLL_COMPONENTS if name in components}


def read_rolls(components: Mapping[str, Json]) -> dict[int, Roll]:
    """What `rolls_in` kept, by the index of the sale."""
    instances = as_mapping(data_of(components, "instances"))
    details = FreshDetails({"itemComponents": components})
    copies = details.copies()
    found = {}
    for key in dict.fromkeys((*instances, *copies)):
        raw = instances.get(key)
        instance = read_instance(raw) if isinstance(raw, dict) else None
        found[as_int(key, -1)] = Roll(instance, copies.get(key, ItemDetails()))
    return found


def _vendor(vendor_hash: int, raw: Any, sales: Any, shelves: Any) -> Vendor:
    told = as_mapping(raw)
    rank = as_mapping(told.get("progression"))
    return Vendor(
        hash=vendor_hash,
        sales=None if sales is None else tuple(_sales(sales)),
        shelves=tuple(_shelf(as_mapping(each)) for each in as_list(as_mapping(shelves).get("categories"))),
        refresh_at=refresh_moment(as_moment(told.get("nextRefreshDate"))),
        is_here=told.get("enabled") is not False,
        can_purchase=told.get("canPurchase") is not False,
        level=_count(rank.get("level")),
        level_cap=_count(rank.get("levelCap")),
    )


def _sales(raw: Any) -> Iterator[Sale]:
    for key, each in as_mapping(raw).items():
        if isinstance(each, dict):
            yield _sale(_place(key), each)


def _sale(number: int, raw: Json) -> Sale:
    get = raw.get
    costs = (as_mapping(each) for each in as_list(get("costs")))
    priced = (Amount(_hash(each.get("itemHash")), _count(each.get("quantity"))) for each in costs)
    return Sale(
        number=number,
        item_hash=_hash(get("itemHash")),
        quantity=_count(get("quantity"), 1) or 1,
        costs=tuple(each for each in priced if each.item_hash and each.quantity),
        status=_count(get("saleStatus")),
        failures=tuple(_count(each) for each in as_list(get("failureIndexes"))),
        augments=_count(get("augments")),
        style_hash=_hash(get("overrideStyleItemHash")),
    )


def _shelf(raw: Json) -> Shelf:
    indexes = (_place(each) for each in as_list(raw.get("itemIndexes")))
    return Shelf(_place(raw.get("displayCategoryIndex")), tuple(indexes))


def _group(raw: Json) -> VendorGroup:
    hashes = (_hash(each) for each in as_list(raw.get("vendorHashes")))
    return VendorGroup(_hash(raw.get("vendorGroupHash")), tuple(each for each in hashes if each))


def _purse(body: Json) -> dict[int, int] | None:
    found = as_mapping(data_of(body, "currencyLookups")).get("itemQuantities")
    if not isinstance(found, dict):
        return None
    return {_hash(key): _count(value) for key, value in found.items()}


def _missing(body: Json, *names: str) -> frozenset[str]:
    return frozenset(name for name in names if absence_of(body, name))


def _hash(value: Any) -> int:
    """0 for what is none."""
    found = as_int(value)
    return found if 0 < found < _MOST_HASH else 0


def _place(value: Any) -> int:
    """A place in a list of the vendor's, -1 for what is none."""
    return max(-1, min(as_int(value, -1), _MOST_COUNT))


def _count(value: Any, default: int = 0) -> int:
    return max(0, min(as_int(value, default), _MOST_COUNT))
