"""The game's own rules of moving items (Bungie's API guide, section 6.1). A refused move changes nothing."""

from dataclasses import dataclass

from app.sandbox.definitions import BucketFacts, Definitions, ItemFacts
from app.sandbox.envelope import BungieError, Json
from app.sandbox.player import POSTMASTERS, VAULT, Player

NO_INSTANCE = "0"
_LOCATION_INVENTORY, _LOCATION_VAULT = 1, 2
_NOT_TRANSFERRABLE = 2
_LOCKED = 1
_REASON_UNEQUIPPABLE, _REASON_ELSEWHERE = 1, 16


@dataclass(frozen=True, slots=True)
class Order:
    """What is to move: one instance by id, or `amount` pieces of a stack of `item_hash` when `item_id` is "0"."""

    item_hash: int
    item_id: str
    amount: int
    character_id: str

    @property
    def is_instance(self) -> bool:
        return self.item_id != NO_INSTANCE


@dataclass(frozen=True, slots=True)
class Shelf:
    """A bucket that can receive: the list it lives in, its hash, and how many stacks it may hold.

    `worn` items of a character count too; `character_id` is None for the vault and the account's own buckets.
    """

    items: list[Json]
    bucket_hash: int
    capacity: int
    character_id: str | None = None
    worn: tuple[Json, ...] = ()

    @property
    def held(self) -> list[Json]:
        return [item for item in (*self.items, *self.worn) if item["bucketHash"] == self.bucket_hash]


class Carrier:
    """Moves items of one player. `hidden_vault_items` is how many vault slots hold things that no answer lists."""

    def __init__(
        self, player: Player, definitions: Definitions, *, hidden_vault_items: int = 0, inherits_lock: bool = False
    ) -> None:
        self._player = player
        self._definitions = definitions
        self._hidden_vault_items = hidden_vault_items
        self._inherits_lock = inherits_lock

    def to_vault(self, order: Order) -> None:
        """From a character, or from an account-wide bucket, into the vault. Raises `BungieError`."""
        self._refuse_worn(order)
        source = self._player.carried(order.character_id)
        with_postmaster = self._choose(source, order, in_vault=False)
        chosen = [item for item in with_postmaster if item["bucketHash"] not in POSTMASTERS]
        if not chosen:
            source = self._player.account_items()
            chosen = self._choose(source, order, in_vault=False)
        if not chosen and with_postmaster:
            raise BungieError(1646)
        facts, bucket = self._movable(chosen)
        if not bucket.is_vaultable:
            raise BungieError(1646)
        vault = self._definitions.bucket(VAULT)
        capacity = 0 if vault is None else vault.capacity - self._hidden_vault_items
        self._carry(order, source, chosen, Shelf(self._player.account_items(), VAULT, capacity), facts)

    def from_vault(self, order: Order) -> None:
        """From the vault to a character, or into the account-wide bucket it belongs to. Raises `BungieError`."""
        source = self._player.account_items()
        chosen = self._choose(source, order, in_vault=True)
        if not chosen:
            self._refuse_worn(order)
        facts, bucket = self._movable(chosen)
        if not bucket.is_vaultable:
            raise BungieError(1646)
        self._carry(order, source, chosen, self._home(order, facts, bucket), facts)

    def from_postmaster(self, order: Order) -> None:
        """From a character's postmaster into the home bucket there. Raises `BungieError`."""
        source = self._player.carried(order.character_id)
        chosen = [item for item in _matching(source, order) if item["bucketHash"] in POSTMASTERS]
        facts, bucket = self._facts_of(chosen)
        if facts.has_side_effects:
            raise BungieError(1673)
        self._carry(order, source, chosen, self._home(order, facts, bucket), facts)

    def _refuse_worn(self, order: Order) -> None:
        if _matching(self._player.worn(order.character_id), order):
            raise BungieError(1656)

    def _choose(self, items: list[Json], order: Order, *, in_vault: bool) -> list[Json]:
        found = _matching(items, order)
        return [item for item in found if (item["bucketHash"] == VAULT) == in_vault]

    def _movable(self, chosen: list[Json]) -> tuple[ItemFacts, BucketFacts]:
        facts, bucket = self._facts_of(chosen)
        if facts.is_bound or chosen[0]["transferStatus"] & _NOT_TRANSFERRABLE:
            raise BungieError(1660)
        return facts, bucket

    def _facts_of(self, chosen: list[Json]) -> tuple[ItemFacts, BucketFacts]:
        if not chosen:
            raise BungieError(1623)
        facts = self._definitions.item(chosen[0]["itemHash"])
        bucket = None if facts is None else self._definitions.bucket(facts.bucket_hash)
        if facts is None or bucket is None:
            raise BungieError(1618)
        return facts, bucket

    def _home(self, order: Order, facts: ItemFacts, bucket: BucketFacts) -> Shelf:
        if bucket.is_account:
            return Shelf(self._player.account_items(), facts.bucket_hash, bucket.capacity)
        worn = tuple(self._player.worn(order.character_id))
        carried = self._player.carried(order.character_id)
        return Shelf(carried, facts.bucket_hash, bucket.capacity, order.character_id, worn)

    def _carry(self, order: Order, source: list[Json], chosen: list[Json], shelf: Shelf, facts: ItemFacts) -> None:
        if order.is_instance:
            self._carry_instance(source, chosen[0], shelf, facts)
        else:
            _carry_stack(order, source, chosen, shelf, facts)

    def _carry_instance(self, source: list[Json], item: Json, shelf: Shelf, facts: ItemFacts) -> None:
        held = shelf.held
        if facts.stack_label and any(self._label(other) == facts.stack_label for other in held):
            raise BungieError(1648)
        if len(held) >= shelf.capacity:
            raise BungieError(1642)
        _take_out(source, item)
        if self._inherits_lock:
            _inherit_lock(item, source)
        shelf.items.append(item)
        _settle(item, shelf.bucket_hash)
        self._retell_instance(item, shelf, facts)

    def _label(self, item: Json) -> str:
        facts = self._definitions.item(item["itemHash"])
        return "" if facts is None else facts.stack_label

    def _retell_instance(self, item: Json, shelf: Shelf, facts: ItemFacts) -> None:
        row = self._player.instance_data("instances", item["itemInstanceId"])
        if row is None:
            return
        if shelf.character_id is None:
            reason = _REASON_ELSEWHERE
        else:
            wearer = class_type_of(self._player, shelf.character_id)
            reason = 0 if may_wear(facts, wearer) else _REASON_UNEQUIPPABLE
        row["canEquip"], row["cannotEquipReason"] = reason == 0, reason


def may_wear(facts: ItemFacts, class_type: int | None) -> bool:
    """Whether a character of `class_type` may equip it; None is a character whose class was not recorded."""
    return facts.is_equippable and (class_type is None or facts.class_type in {class_type, 3})


def class_type_of(player: Player, character_id: str) -> int | None:
    found: int | None = (player.data("characters") or {}).get(character_id, {}).get("classType")
    return found


def _matching(items: list[Json], order: Order) -> list[Json]:
    """The stacks an order means: hash and id must both fit, as Bungie checks both."""
    same_hash = [item for item in items if item["itemHash"] == order.item_hash]
    if order.is_instance:
        return [item for item in same_hash if item.get("itemInstanceId") == order.item_id]
    return [item for item in same_hash if "itemInstanceId" not in item]


def _carry_stack(order: Order, source: list[Json], chosen: list[Json], shelf: Shelf, facts: ItemFacts) -> None:
    """Fill partial stacks first, then open new ones; refuse the whole amount when it does not fit."""
    if sum(stack["quantity"] for stack in chosen) < order.amount:
        raise BungieError(1623)
    held = shelf.held
    partial = [stack for stack in held if stack["itemHash"] == order.item_hash and "itemInstanceId" not in stack]
    present = sum(stack["quantity"] for stack in partial)
    if facts.stack_label and present + order.amount > facts.max_stack:
        raise BungieError(1648)
    space = sum(max(0, facts.max_stack - stack["quantity"]) for stack in partial)
    opened = -(-max(0, order.amount - space) // facts.max_stack)
    if opened > shelf.capacity - len(held):
        raise BungieError(1642)
    pattern = dict(chosen[0])
    _take_pieces(source, chosen, order.amount)
    _put_pieces(shelf, partial, pattern, order.amount, facts.max_stack)


def _take_pieces(source: list[Json], chosen: list[Json], amount: int) -> None:
    for stack in sorted(chosen, key=lambda stack: int(stack["quantity"])):
        taken = min(amount, stack["quantity"])
        stack["quantity"] -= taken
        amount -= taken
        if stack["quantity"] == 0:
            _take_out(source, stack)


def _put_pieces(shelf: Shelf, partial: list[Json], pattern: Json, amount: int, max_stack: int) -> None:
    for stack in partial:
        added = max(0, min(amount, max_stack - stack["quantity"]))
        stack["quantity"] += added
        amount -= added
    while amount > 0:
        opened = pattern | {"quantity": min(amount, max_stack)}
        amount -= opened["quantity"]
        shelf.items.append(opened)
        _settle(opened, shelf.bucket_hash)


def _take_out(items: list[Json], item: Json) -> None:
    """By identity: two stacks may be equal."""
    del items[next(index for index, other in enumerate(items) if other is item)]


def _settle(item: Json, bucket_hash: int) -> None:
    item["bucketHash"] = bucket_hash
    item["location"] = _LOCATION_VAULT if bucket_hash == VAULT else _LOCATION_INVENTORY


def _inherit_lock(item: Json, left_behind: list[Json]) -> None:
    """Bungie's old bug: a moved item takes over the lock of a copy that it leaves behind."""
    for other in left_behind:
        if other["itemHash"] == item["itemHash"] and item.get("lockable"):
            item["state"] = item["state"] & ~_LOCKED | other["state"] & _LOCKED
            return
