"""The demo's vendors: who stands where, what they sell to a character, and the rolls that only GetVendor shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.sandbox.demo.art import Gallery
from app.sandbox.demo.blocks import display
from app.sandbox.demo.catalogue import Model, of_kind
from app.sandbox.demo.numbers import ADA, BANSHEE, GEAR_OFFERS, STRANGER, XUR
from app.sandbox.demo.rolls import instance_components
from app.sandbox.demo.tables import document, table
from app.sandbox.demo.words import Words
from app.sandbox.envelope import Json

_STRANGE_COIN, _GLIMMER = 800069450, 3159615086
_PRIVATE = 2
_LIMITED, _TOWER = 3227191227, 679769104
_GROUPS = ((_LIMITED, 0, "Limited Time", (XUR,)), (_TOWER, 5, "Tower", (BANSHEE, ADA, STRANGER)))
# What the demo's players have not got.
_LACKING = ("Eerie Exotic Head Engram", "Shield Slam", "The Final Slice")
_REASONS = ("", "Requires completion of a higher rank", "Requires Beyond Light")
_WEAPON_KINDS, _ARMOR_KINDS = (
    tuple(row["kind"] for row in table("kinds") if row["item_type"] == number) for number in ("3", "2")
)


@dataclass(frozen=True, slots=True)
class _Trader:
    """`shelves` name the headings; goods are dealt to them in turn. One without a name is in no definitions."""

    hash: int
    name: str
    subtitle: str
    shelves: tuple[str, ...]
    goods: tuple[Model, ...]
    currency: int
    price: int


def _traders() -> tuple[_Trader, ...]:
    weapons, armor = of_kind(*_WEAPON_KINDS), of_kind(*_ARMOR_KINDS)
    exotics = [model for model in weapons if model.tier == "exotic"]
    plain = [model for model in weapons if model.tier == "legendary"]
    sets = [model for model in armor if model.tier == "legendary"]
    finishers = [model for model in of_kind("finisher") if model.name in _LACKING]
    engrams = [model for model in of_kind("engram") if model.name in _LACKING]
    return (
        _Trader(XUR, "Xûr", "Agent of the Nine", ("Exotics",), (*exotics[::9], *engrams), _STRANGE_COIN, 17),
        _Trader(BANSHEE, "Banshee-44", "Gunsmith", ("Weapons", "Foundry"), tuple(plain[::9]), _GLIMMER, 10_000),
        _Trader(ADA, "Ada-1", "Armor Synthesis", ("Armor",), (*finishers, *sets[::5]), _GLIMMER, 500_000),
        _Trader(STRANGER, "", "", (), tuple(plain[5:60:29]), _GLIMMER, 2_500),
        _Trader(GEAR_OFFERS, "Strange Gear Offers", "", ("Weapons",), tuple(plain[3::31]), _STRANGE_COIN, 29),
    )


def vendor_rows(say: Words, gallery: Gallery) -> list[Json]:
    """The definitions of all that have a name."""
    told, sign = document("flavour")[0], gallery.sign("unknown")
    return [_row(each, say, told if each.hash == XUR else "", sign) for each in _traders() if each.name]


def _row(trader: _Trader, say: Words, told: str, sign: str) -> Json:
    shown = display(say(trader.name), told, sign) | {"subtitle": say(trader.subtitle), "largeIcon": sign}
    headings = [
        {"index": index, "displayProperties": display(say(name), "", ""), "sortOrder": index}
        for index, name in enumerate(trader.shelves)
    ]
    facts: Json = {"vendorIdentifier": f"DEMO_{trader.hash}", "acceptedItems": [], "itemList": [], "categories": []}
    flags: Json = {"enabled": True, "visible": True, "redacted": False, "blacklisted": False, "hash": trader.hash}
    return facts | flags | {"displayProperties": shown, "displayCategories": headings, "failureStrings": [*_REASONS]}


def group_rows(say: Words) -> list[Json]:
    return [
        {"hash": each, "order": order, "categoryName": say(name), "redacted": False, "blacklisted": False}
        for each, order, name, _ in _GROUPS
    ]


def vendors_answer(now: datetime) -> Json:
    """GetVendors for every character alike, and the rolls that only GetVendor shows, by vendor."""
    traders = _traders()
    groups = [{"vendorGroupHash": each, "vendorHashes": list(hashes)} for each, _, _, hashes in _GROUPS]
    return {
        "vendorGroups": _hidden({"groups": groups}),
        "vendors": _hidden({str(each.hash): _vendor(each, now) for each in traders}),
        "categories": _hidden({str(each.hash): _categories(each) for each in traders}),
        "sales": _hidden({str(each.hash): {"saleItems": _sales(each)} for each in traders}),
        "itemComponents": {str(each.hash): _rolls(each.goods) for each in traders},
        "currencyLookups": _hidden({"itemQuantities": {str(_STRANGE_COIN): 61, str(_GLIMMER): 431_250}}),
        "stringVariables": _hidden({"integerValuesByHash": {}}),
    }


def _hidden(data: Json) -> Json:
    return {"data": data, "privacy": _PRIVATE}


def _vendor(trader: _Trader, now: datetime) -> Json:
    """Gunsmith and the like change daily, Xûr weekly; a screen of offers never does."""
    days = {XUR: 3, GEAR_OFFERS: 0}.get(trader.hash, 1)
    refresh = (now + timedelta(days=days)).strftime("%Y-%m-%dT17:00:00Z") if days else "9999-12-31T23:59:59.999Z"
    rank = {"progressionHash": 2411069437, "level": 4, "levelCap": 16, "stepIndex": 4, "currentProgress": 0}
    facts: Json = {"canPurchase": bool(days), "vendorHash": trader.hash, "nextRefreshDate": refresh, "enabled": True}
    return facts | {"vendorLocationIndex": 0, "progression": rank}


def _categories(trader: _Trader) -> Json:
    count = max(1, len(trader.shelves))
    return {
        "categories": [
            {"displayCategoryIndex": index, "itemIndexes": list(range(index, len(trader.goods), count))}
            for index in range(count)
        ]
    }


def _sales(trader: _Trader) -> Json:
    """Every seventh is behind a reason of the vendor's own, every fifth is marked as collected."""
    sales: Json = {}
    for index, model in enumerate(trader.goods):
        cost = {"itemHash": trader.currency, "quantity": trader.price, "hasConditionalVisibility": False}
        is_locked, is_dear = index % 7 == 6, trader.price > 431_250
        sales[str(index)] = {
            "saleStatus": 8 * is_locked + 2 * is_dear,
            "failureIndexes": [1] if is_locked else [],
            "augments": 128 if index % 5 == 4 else 0,
            "vendorItemIndex": index,
            "itemHash": model.hash,
            "quantity": 1,
            "costs": [cost],
        }
    return sales


def _rolls(models: Sequence[Model]) -> Json:
    """Item components by name, keyed by the index of the sale."""
    rolls: dict[str, Json] = {}
    for index, model in enumerate(models):
        for name, row in instance_components(model, index + 40, 0).items():
            rolls.setdefault(name, {})[str(index)] = row
    return {name: _hidden(rows) for name, rows in rolls.items()}
