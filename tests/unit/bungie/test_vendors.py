"""GetVendors and GetVendor in, inventory values out: whole, in part, and in shapes that nobody promised."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from app.bungie.errors import BadPayload
from app.bungie.vendors import parse_vendor, parse_vendors, read_rolls, rolls_in
from app.inventory.definitions import Amount
from app.inventory.vendors import XUR, Market, Sale, Shelf, Vendor, VendorGroup, on_shelves
from app.services.vendors import codec
from tests.shared import requires_shared, shared_dir

SALE = {
    "saleStatus": 8, "failureIndexes": [3], "augments": 128, "vendorItemIndex": 7, "itemHash": 2405271938,
    "quantity": 2, "costs": [{"itemHash": 800069450, "quantity": 41, "hasConditionalVisibility": False}],
}  # fmt: skip
READ = Sale(7, 2405271938, 2, (Amount(800069450, 41),), 8, (3,), 128)
TOLD = {
    "canPurchase": False, "enabled": True, "nextRefreshDate": "2026-07-03T09:00:00Z",
    "progression": {"level": 4, "levelCap": 16},
}  # fmt: skip


def data(value: Any) -> dict[str, Any]:
    return {"data": value, "privacy": 2}


def answer(**changes: Any) -> dict[str, Any]:
    return {
        "vendorGroups": data({"groups": [{"vendorGroupHash": 5, "vendorHashes": [10]}]}),
        "vendors": data({"10": TOLD}),
        "categories": data({"10": {"categories": [{"displayCategoryIndex": 2, "itemIndexes": [7]}]}}),
        "sales": data({"10": {"saleItems": {"7": SALE}}}),
        "currencyLookups": data({"itemQuantities": {"800069450": 61}}),
    } | changes


def test_everything_that_pages_need_is_read() -> None:
    market = parse_vendors(answer())
    vendor = Vendor(10, (READ,), (Shelf(2, (7,)),), "2026-07-03T09:00:00.000+00:00", True, False, 4, 16)
    assert market == Market({10: vendor}, (VendorGroup(5, (10,)),), {800069450: 61})
    assert READ.is_owned


def test_who_is_not_told_of_is_away_although_goods_are_listed() -> None:
    sales = {"10": {"saleItems": {"7": SALE}}, str(XUR): {"saleItems": {"0": SALE}}}
    market = parse_vendors(answer(sales=data(sales)))
    assert [each.hash for each in market.present] == [10]
    assert not market.vendors[XUR].is_here
    assert [each.hash for each in parse_vendors(answer(vendors=data({"10": TOLD | {"enabled": False}}))).present] == []


@pytest.mark.parametrize(
    ("component", "missing"), [("vendors", {"vendors"}), ("sales", {"sales"}), ("categories", set())]
)
def test_a_component_that_did_not_come_is_named_and_the_rest_is_read(component: str, missing: set[str]) -> None:
    for without in ({k: v for k, v in answer().items() if k != component}, answer(**{component: {"privacy": 2}})):
        market = parse_vendors(without)
        assert market.missing == missing
        (vendor,) = market.present
        assert vendor.hash == 10
        assert (vendor.sales is None) == (component == "sales")


def test_nothing_is_refreshed_on_the_day_that_stands_for_never() -> None:
    forever = TOLD | {"nextRefreshDate": "9999-12-31T23:59:59.999Z"}
    assert parse_vendors(answer(vendors=data({"10": forever}))).vendors[10].refresh_at == ""


@pytest.mark.parametrize("body", [None, [], {}, "text", {"vendors": {"privacy": 2}}, {"sales": 3}])
def test_an_answer_without_vendors_and_sales_is_no_answer(body: object) -> None:
    with pytest.raises(BadPayload):
        parse_vendors(body)
    with pytest.raises(BadPayload):
        parse_vendor(body, 10)


def test_one_vendor_comes_with_the_rolls_of_its_copies() -> None:
    instance = {"primaryStat": {"statHash": 1480404414, "value": 550}, "damageType": 3, "gearTier": 2}
    sockets = {"sockets": [{"plugHash": 4, "isEnabled": True, "isVisible": True}]}
    components = {"instances": data({"7": instance}), "sockets": data({"7": sockets}), "renderData": data({"7": {}})}
    body = {"vendor": data(TOLD), "sales": data({"7": SALE}), "itemComponents": components}
    market, kept = parse_vendor(body, 10), rolls_in(body)
    assert market.vendors[10].sales == (READ,)
    assert set(kept) == {"instances", "sockets"}
    roll = read_rolls(kept)[7]
    assert roll.instance
    assert (roll.instance.primary_stat, roll.instance.gear_tier) == (550, 2)
    assert roll.details.sockets
    assert roll.details.sockets[0].plug_hash == 4


def test_one_vendor_that_is_sent_empty_has_left() -> None:
    body = {"vendor": {"privacy": 2}, "sales": data({"7": SALE})}
    assert not parse_vendor(body, 10).vendors[10].is_here
    assert parse_vendor({"sales": data({"7": SALE})}, 10).vendors[10].is_here


def test_offers_stand_on_their_shelves_each_once_and_the_rest_behind_them() -> None:
    sales = tuple(Sale(number, 1) for number in range(5))
    vendor = Vendor(1, sales, (Shelf(3, (4, 1)), Shelf(0, (1, 99)), Shelf(2, (0,))))
    stood = [(number, [each.number for each in offers]) for number, offers in on_shelves(vendor)]
    assert stood == [(3, [4, 1]), (2, [0]), (-1, [2, 3])]


def _spoilt(value: Any, dice: random.Random) -> Any:
    """The same with a few values replaced by what nobody would expect there."""
    odd = [None, [], {}, "", "x", -1, 2**70, 1.5, True, "9" * 30, [None], {"": None}]
    if dice.random() < 0.15:
        return dice.choice(odd)
    if isinstance(value, dict):
        return {key: _spoilt(each, dice) for key, each in value.items()}
    return [_spoilt(each, dice) for each in value] if isinstance(value, list) else value


def test_odd_shapes_become_not_said_and_can_be_kept() -> None:
    dice, read = random.Random(7), 0
    for _ in range(3000):
        try:
            market = parse_vendors(_spoilt(answer(), dice))
        except BadPayload:
            continue
        read += 1
        assert codec.decode(codec.encode(market, {})) == (market, {})
    assert read > 1000


@requires_shared
def test_the_recorded_vendors_are_read_whole_and_kept_as_they_were() -> None:
    folder = shared_dir()
    assert folder
    for path in sorted(folder.glob("worlds/june-2026/accounts/*/vendors.json")):
        body = orjson.loads(path.read_bytes())["Response"]
        market = parse_vendors(body)
        told = {int(key) for key in body["vendors"]["data"]}
        assert {each.hash for each in market.present} == told
        listed = sum(len(each["saleItems"]) for each in body["sales"]["data"].values())
        assert sum(len(each.sales or ()) for each in market.vendors.values()) == listed > 2000
        assert codec.decode(codec.encode(market, {})) == (market, {})
        assert len(codec.encode(market, {})) < 60_000
