"""What the demo's players own: items as components of a profile, dealt out by rule and never by chance."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.sandbox.demo.blocks import is_bound, is_equippable
from app.sandbox.demo.catalogue import Model
from app.sandbox.demo.rolls import instance_components
from app.sandbox.envelope import Json
from app.sandbox.player import POSTMASTER, VAULT

LOCKED, TRACKED, MASTERWORK, CRAFTED, DEEPSIGHT = 1, 2, 4, 8, 16
_FIRST_INSTANCE = 6917529100000000000
_INVENTORY, _VAULT = 1, 2
_EQUIPPED, _STUCK = 1, 2
_LOCKABLE = ("subclass", "emotes", "clan-banner", "engram", "finishers")


@dataclass(slots=True)
class Hoard:
    """Collects items and the components of their instances. `player` keeps instance ids of two players apart."""

    player: int
    now: datetime
    vault: list[Json] = field(default_factory=list)
    carried: dict[str, list[Json]] = field(default_factory=dict)
    worn: dict[str, list[Json]] = field(default_factory=dict)
    components: dict[str, Json] = field(default_factory=dict)
    count: int = 0

    def store(self, model: Model, quantity: int = 1) -> Json:
        """Into the vault."""
        return self._put(self.vault, model, VAULT, quantity)

    def pocket(self, model: Model, quantity: int = 1) -> Json:
        """Into the account-wide bucket that is its home."""
        return self._put(self.vault, model, model.bucket, quantity)

    def carry(self, character_id: str, model: Model, quantity: int = 1) -> Json:
        return self._put(self.carried.setdefault(character_id, []), model, model.bucket, quantity)

    def lose(self, character_id: str, model: Model, quantity: int = 1) -> Json:
        """To the postmaster of a character."""
        return self._put(self.carried.setdefault(character_id, []), model, POSTMASTER, quantity)

    def wear(self, character_id: str, model: Model) -> Json:
        item = self._put(self.worn.setdefault(character_id, []), model, model.bucket, 1)
        item["transferStatus"] |= _EQUIPPED
        self.components["instances"][item["itemInstanceId"]] |= {
            "isEquipped": True,
            "canEquip": True,
            "cannotEquipReason": 0,
        }
        return item

    def power_of(self, items: Iterable[Json]) -> int:
        """The mean power of worn gear, whole points."""
        rows = [self.components["instances"][item["itemInstanceId"]] for item in items]
        values: list[int] = [row["primaryStat"]["value"] for row in rows if "primaryStat" in row]
        return sum(values) // len(values)

    def expires_in(self, item: Json, hours: int) -> None:
        item["expirationDate"] = (self.now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:00:00Z")

    def _put(self, items: list[Json], model: Model, bucket: int, quantity: int) -> Json:
        item = _component(model, bucket, quantity)
        if model.is_instanced:
            self.count += 1
            item["itemInstanceId"] = str(_FIRST_INSTANCE + self.player * 1_000_000 + self.count)
            item["state"] = _state(model, self.count)
            self._roll(model, item)
        if model.season:
            item["versionNumber"] = 0
        items.append(item)
        return item

    def _roll(self, model: Model, item: Json) -> None:
        for name, row in instance_components(model, self.count, item["state"]).items():
            self.components.setdefault(name, {})[item["itemInstanceId"]] = row


def _component(model: Model, bucket: int, quantity: int) -> Json:
    return {
        "itemHash": model.hash,
        "quantity": quantity,
        "bindStatus": 0,
        "location": _INVENTORY if bucket != VAULT else _VAULT,
        "bucketHash": bucket,
        "transferStatus": _STUCK if is_bound(model) else 0,
        "lockable": is_equippable(model) and model.kind not in _LOCKABLE,
        "state": 0,
        "dismantlePermission": 2 if model.is_instanced else 1,
        "isWrapper": False,
        "tooltipNotificationIndexes": [],
        "metricObjective": {"objectiveHash": 0, "complete": False, "visible": False},
    }


def _state(model: Model, count: int) -> int:
    """Every third weapon or piece of armor is locked, some are masterworked, a few crafted or resonant."""
    if not (model.is_weapon or model.is_armor):
        return 0
    state = LOCKED if count % 3 == 0 or model.tier == "exotic" else 0
    if model.tier in {"legendary", "exotic"} and count % 4 == 1:
        state |= MASTERWORK
    if model.is_weapon and model.tier == "legendary":
        state |= CRAFTED if count % 11 == 5 else DEEPSIGHT if count % 17 == 3 else 0
    return state
