"""The sandbox's own rules as a referee: they share no code with the planner, so agreement means something."""

from __future__ import annotations

import random
from collections import Counter

import orjson

from app.bungie.profiles import parse_profile
from app.inventory.definitions import BucketDefinition, ItemDefinition
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Step, StepKind, Wish
from app.inventory.moves.world import World
from app.inventory.profile import Profile
from app.manifest.build import Builder
from app.manifest.plans import BUCKET, ITEM
from app.manifest.records import decode
from app.sandbox.definitions import Definitions
from app.sandbox.player import VAULT, Player
from app.sandbox.rules import Carrier, Order
from app.sandbox.wearing import equip
from tests.builders import FakeDefinitions

Belongings = Counter[tuple[int, str, bool]]
_LOCKED = 1


class Facts(FakeDefinitions):
    """The world's definitions as the product builds them from Bungie's rows; the vault may be made smaller."""

    def __init__(self, rows: Definitions, vault_capacity: int = 0) -> None:
        super().__init__({}, {})
        self._rows, self._vault_capacity = rows, vault_capacity
        self._builder = Builder()
        self._made: dict[tuple[str, int], ItemDefinition | BucketDefinition | None] = {}

    def item(self, item_hash: int) -> ItemDefinition | None:
        found = self._definition(ITEM, item_hash)
        return found if isinstance(found, ItemDefinition) else None

    def bucket(self, bucket_hash: int) -> BucketDefinition | None:
        found = self._definition(BUCKET, bucket_hash)
        if not isinstance(found, BucketDefinition):
            return None
        if bucket_hash == VAULT and self._vault_capacity:
            return BucketDefinition(VAULT, capacity=self._vault_capacity, scope=1)
        return found

    def _definition(self, table: str, row_hash: int) -> ItemDefinition | BucketDefinition | None:
        if (table, row_hash) not in self._made:
            row = self._rows.row(table, row_hash)
            record = None if row is None else self._builder.record(table, row_hash, row)
            made = None if record is None else decode(table, row_hash, orjson.dumps(record))
            self._made[table, row_hash] = made  # type: ignore[assignment]
        return self._made[table, row_hash]


class Referee:
    """Carries out steps by the game's rules; a step that breaks one raises the sandbox's BungieError."""

    def __init__(self, player: Player, rows: Definitions, hidden_vault_items: int = 0) -> None:
        self.player, self._rows = player, rows
        self._carrier = Carrier(player, rows, hidden_vault_items=hidden_vault_items, inherits_lock=True)

    def profile(self) -> Profile:
        return parse_profile(self.player.components)

    def carry_out(self, step: Step) -> None:
        order = Order(step.item_hash, step.instance_id or "0", step.quantity, step.character_id)
        if step.kind in {StepKind.LOCK, StepKind.UNLOCK}:
            self._lock(step)
        elif step.kind is StepKind.EQUIP:
            equip(self.player, self._rows, step.character_id, step.instance_id)
        elif step.kind is StepKind.PULL:
            self._carrier.from_postmaster(order)
        elif step.kind is StepKind.STORE:
            self._carrier.to_vault(order)
        else:
            self._carrier.from_vault(order)

    def _lock(self, step: Step) -> None:
        found = self.player.find(step.instance_id)
        assert found
        found[1]["state"] = found[1]["state"] & ~_LOCKED | (step.kind is StepKind.LOCK)

    def belongings(self) -> Belongings:
        """How much there is of everything, and what is locked: the same before and after, whatever is moved."""
        owned: Belongings = Counter()
        for place in self.player.places():
            for item in place.items:
                owned[item["itemHash"], item.get("itemInstanceId", ""), bool(item["state"] & _LOCKED)] += item[
                    "quantity"
                ]
        return owned


def whereabouts(world: World) -> Counter[tuple[str, int, str, int, bool]]:
    """What lies where, pieces added up: how stacks are cut is the game's affair."""
    told: Counter[tuple[str, int, str, int, bool]] = Counter()
    for each in world.stacks():
        told[each.store, each.bucket_hash, each.item.instance_id, each.item.hash, each.is_worn] += each.quantity
    return told


def any_wish(world: World, choose: random.Random) -> Wish:
    """Anything that a player could ask for, sensible or not."""
    stack = choose.choice(list(world.stacks()))
    target = choose.choice([VAULT_STORE, *world.characters])
    source = stack.store if stack.store != ACCOUNT_STORE else choose.choice([ACCOUNT_STORE, *world.characters])
    amount = 1 if stack.is_copy else choose.randint(1, stack.quantity)
    wears = stack.is_copy and target != VAULT_STORE and choose.random() < 0.4
    return Wish(stack.item.hash, stack.item.instance_id, source, target, amount, wears)
