"""The demo's vendors: Xûr with exotics for Strange Coins, Banshee with a few weapons and their rolls."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.sandbox.demo.catalogue import Model, of_kind
from app.sandbox.demo.numbers import BANSHEE, XUR
from app.sandbox.demo.rolls import instance_components
from app.sandbox.demo.tables import table
from app.sandbox.envelope import Json

_STRANGE_COIN, _GLIMMER = 800069450, 3159615086
_PRIVATE = 2
_WEAPON_KINDS = tuple(row["kind"] for row in table("kinds") if row["item_type"] == "3")


def vendors_answer(now: datetime) -> Json:
    """GetVendors for every character alike, and the rolls that only GetVendor shows, by vendor."""
    weapons = of_kind(*_WEAPON_KINDS)
    goods = {
        XUR: ([model for model in weapons if model.tier == "exotic"][::9], _STRANGE_COIN, 17),
        BANSHEE: ([model for model in weapons if model.tier == "legendary"][::13], _GLIMMER, 10_000),
    }
    refresh = (now + timedelta(days=2)).strftime("%Y-%m-%dT17:00:00Z")
    return {
        "vendorGroups": _hidden({"groups": [{"vendorGroupHash": 3227191227, "vendorHashes": list(goods)}]}),
        "vendors": _hidden({str(each): _vendor(each, refresh) for each in goods}),
        "categories": _hidden({str(each): _categories(models) for each, (models, _, _) in goods.items()}),
        "sales": _hidden({str(each): {"saleItems": _sales(*offer)} for each, offer in goods.items()}),
        "itemComponents": {str(each): _rolls(models) for each, (models, _, _) in goods.items()},
        "currencyLookups": _hidden({"itemQuantities": {str(_STRANGE_COIN): 61, str(_GLIMMER): 431_250}}),
        "stringVariables": _hidden({"integerValuesByHash": {}}),
    }


def _hidden(data: Json) -> Json:
    return {"data": data, "privacy": _PRIVATE}


def _vendor(vendor_hash: int, refresh: str) -> Json:
    progression = {"progressionHash": 2411069437, "level": 0, "levelCap": 16, "stepIndex": 0, "currentProgress": 0}
    facts: Json = {"canPurchase": True, "vendorHash": vendor_hash, "nextRefreshDate": refresh, "enabled": True}
    return facts | {"vendorLocationIndex": 0, "progression": progression}


def _categories(models: Sequence[Model]) -> Json:
    return {"categories": [{"displayCategoryIndex": 0, "itemIndexes": list(range(len(models)))}]}


def _sales(models: Sequence[Model], currency: int, price: int) -> Json:
    sales: Json = {}
    for index, model in enumerate(models):
        cost = {"itemHash": currency, "quantity": price, "hasConditionalVisibility": False}
        sales[str(index)] = {
            "saleStatus": 0,
            "failureIndexes": [],
            "augments": 0,
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
