"""Where everything lies while a plan is made: a copy of the inventory that steps are tried out on.

Places are immutable tuples, so that going back to an earlier state is one shallow copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from app.inventory import buckets
from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import Item, Place
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Step, StepKind
from app.inventory.profile import Profile

_WORN, _NOT_TRANSFERRABLE = 1, 2
_ANY_CLASS = 3
# A bucket for which the game data states no capacity: Bungie will say when it is full.
_UNBOUNDED = 1_000_000

Spot = tuple[str, int]  # store, bucket hash
Places = dict[Spot, tuple["Stack", ...]]


class Stack(NamedTuple):
    """A copy or a stack at its present place. `facts` None = the game data does not know it."""

    item: Item
    facts: ItemDefinition | None
    store: str
    bucket_hash: int
    quantity: int
    is_worn: bool

    @property
    def key(self) -> str:
        """Names it within a plan: the instance id, or for a stack its hash."""
        return self.item.instance_id or str(self.item.hash)

    @property
    def is_copy(self) -> bool:
        return bool(self.item.instance_id)

    @property
    def in_postmaster(self) -> bool:
        return self.bucket_hash in buckets.POSTMASTER

    @property
    def is_bound(self) -> bool:
        """Whether it stays with its owner: by its definition, or by what Bungie says of this copy."""
        known = self.facts is not None and not self.facts.is_transferable
        return known or bool(self.item.transfer_status & _NOT_TRANSFERRABLE)

    @property
    def unique_label(self) -> str:
        return self.facts.unique_label if self.facts else ""

    @property
    def tier(self) -> int:
        return self.facts.tier if self.facts else 0

    @property
    def max_stack(self) -> int:
        return max(1, self.facts.max_stack) if self.facts else 1


class World:
    """`full` are spots that refused an item although they look free: Bungie counts what it does not list."""

    def __init__(self, profile: Profile, definitions: Definitions, full: Collection[Spot] = ()) -> None:
        self.characters = {character.id: character for character in profile.characters}
        self.by_last_played = tuple(self.characters)
        self._definitions = definitions
        self._capacities: dict[int, int] = {}
        self.places = _places(profile, definitions)
        # What refused one more holds as many as it can: as many as we see there now.
        self._limits = {spot: len(self.at(*spot)) for spot in full}

    # --- looking ---------------------------------------------------------------------------------------------------

    def stacks(self) -> Iterator[Stack]:
        for held in self.places.values():
            yield from held

    def at(self, store: str, bucket_hash: int) -> tuple[Stack, ...]:
        return self.places.get((store, bucket_hash), ())

    def in_vault(self) -> tuple[Stack, ...]:
        return self.at(VAULT_STORE, buckets.VAULT)

    def worn(self, character_id: str) -> list[Stack]:
        return [
            each for (store, _), held in self.places.items() if store == character_id for each in held if each.is_worn
        ]

    def find(self, item_hash: int, instance_id: str) -> list[Stack]:
        """The copy, or every stack of the hash."""
        return [
            each
            for held in self.places.values()
            for each in held
            if each.item.instance_id == instance_id and each.item.hash == item_hash
        ]

    def of_hash(self, item_hash: int, store: str) -> list[Stack]:
        """All copies and stacks of one item in a store."""
        return [
            each
            for (owner, _), held in self.places.items()
            if owner == store
            for each in held
            if each.item.hash == item_hash
        ]

    def again(self, stack: Stack) -> Stack:
        """The same stack as it is now, after other steps: it may have been taken off or become smaller."""
        held = self.at(stack.store, stack.bucket_hash)
        if stack.is_copy and stack in held:  # nothing has happened to it, and that is found out quickly
            return stack
        return next((each for each in held if each.key == stack.key), stack)

    def for_slot(self, bucket_hash: int) -> list[Stack]:
        """What the game data says belongs there, and what lies there."""
        return [
            each
            for held in self.places.values()
            for each in held
            if each.facts and (each.facts.bucket_hash or each.bucket_hash) == bucket_hash
        ]

    def home(self, stack: Stack) -> int:
        """The bucket in which it lies when it is neither in the vault nor with the postmaster; 0 = nobody knows."""
        if stack.facts and stack.facts.bucket_hash:
            return stack.facts.bucket_hash
        return 0 if stack.store == VAULT_STORE or stack.in_postmaster else stack.bucket_hash

    @cached_property
    def homes(self) -> frozenset[int]:
        """The buckets to which anything belongs: no step adds one."""
        return frozenset({facts.bucket_hash for held in self.places.values() for each in held if (facts := each.facts)})

    def is_account_wide(self, bucket_hash: int) -> bool:
        bucket = self._definitions.bucket(bucket_hash)
        return bucket is not None and bucket.is_account_wide

    def is_storable(self, stack: Stack) -> bool:
        bucket = self._definitions.bucket(self.home(stack))
        return bucket is not None and bucket.is_vaultable

    def can_wear(self, stack: Stack, character_id: str) -> bool:
        return self.wearable((stack,), character_id)[0]

    def wearable(self, stacks: Iterable[Stack], character_id: str) -> list[bool]:
        """`can_wear` of many."""
        classes = (self.characters[character_id].class_type, _ANY_CLASS)
        return [
            each.item.instance_id != ""
            and (facts := each.facts) is not None
            and facts.is_equippable
            and facts.class_type in classes
            for each in stacks
        ]

    def free(self, store: str, bucket_hash: int) -> int:
        """How many more stacks fit."""
        limit = self._limits.get((store, bucket_hash))
        return (self._capacity(bucket_hash) if limit is None else limit) - len(self.at(store, bucket_hash))

    def lacking(self, stack: Stack, quantity: int, store: str, bucket_hash: int) -> int:
        """How many slots have to be emptied before `quantity` of `stack` fits there; 0 = it fits."""
        if stack.is_copy:
            return max(0, 1 - self.free(store, bucket_hash))
        same = self.merging(stack, store, bucket_hash)
        space = sum(max(0, stack.max_stack - each.quantity) for each in same)
        opened = -(-max(0, quantity - space) // stack.max_stack)
        return max(0, opened - self.free(store, bucket_hash)) if opened else 0

    def merging(self, stack: Stack, store: str, bucket_hash: int) -> list[Stack]:
        """The stacks of the same that lie there."""
        item_hash = stack.item.hash
        return [
            each for each in self.at(store, bucket_hash) if each.item.hash == item_hash and not each.item.instance_id
        ]

    def is_second_of_its_kind(self, stack: Stack, quantity: int, store: str, bucket_hash: int) -> bool:
        """Whether the place may hold only one stack of what `stack` is, and would hold more."""
        label = stack.facts.stack_unique_label if stack.facts else ""
        if not label:
            return False
        same = [each for each in self.at(store, bucket_hash) if each.facts and each.facts.stack_unique_label == label]
        if stack.is_copy:
            return bool(same)
        return sum(each.quantity for each in same) + quantity > stack.max_stack

    def _capacity(self, bucket_hash: int) -> int:
        known = self._capacities.get(bucket_hash)
        if known is None:
            bucket = self._definitions.bucket(bucket_hash)
            known = (bucket.capacity if bucket else 0) or _UNBOUNDED
            self._capacities[bucket_hash] = known
        return known

    def items(self) -> Iterator[Item]:
        """Everything as Bungie would list it."""
        return (_as_item(stack) for stack in self.stacks())

    # --- changing --------------------------------------------------------------------------------------------------

    def apply(self, step: Step) -> None:
        """What the game does at this step. Nothing happens to what is not there."""
        stack = self._taken_by(step)
        if stack is None:
            return
        if step.kind is StepKind.EQUIP:
            self.wear(stack)
            return
        home = self.home(stack)
        store = ACCOUNT_STORE if self.is_account_wide(home) else step.character_id
        spot = (VAULT_STORE, buckets.VAULT) if step.kind is StepKind.STORE else (store, home)
        self.carry(stack, step.quantity, *spot)

    def _taken_by(self, step: Step) -> Stack | None:
        for stack in self.find(step.item_hash, step.instance_id):
            is_in_vault = stack.store == VAULT_STORE
            if step.kind is StepKind.FETCH:
                fits = is_in_vault
            elif step.kind is StepKind.PULL:
                fits = stack.in_postmaster and stack.store == step.character_id
            else:
                fits = not is_in_vault and not stack.in_postmaster and stack.store in {step.character_id, ACCOUNT_STORE}
            if fits:
                return stack
        return None

    def carry(self, stack: Stack, quantity: int, store: str, bucket_hash: int) -> Stack:
        """Moves pieces and answers the stack that holds them now."""
        self._take(stack, quantity)
        return self._put(stack, quantity, store, bucket_hash)

    def wear(self, stack: Stack) -> None:
        """Puts on what is carried; what was worn in that slot is carried from then on."""
        spot = (stack.store, stack.bucket_hash)
        self.places[spot] = tuple(each._replace(is_worn=each.key == stack.key) for each in self.places[spot])

    def _take(self, stack: Stack, quantity: int) -> None:
        spot = (stack.store, stack.bucket_hash)
        if stack.is_copy:
            whole = self.places[spot]
            at = whole.index(self.again(stack))
            self.places[spot] = whole[:at] + whole[at + 1 :]
            return
        held = list(self.places[spot])
        for each in sorted((each for each in held if is_same_stack(each, stack)), key=lambda one: one.quantity):
            taken = min(quantity, each.quantity)
            quantity -= taken
            index = next(at for at, one in enumerate(held) if one is each)
            held[index : index + 1] = [each._replace(quantity=each.quantity - taken)] if taken < each.quantity else []
            if not quantity:
                break
        self.places[spot] = tuple(held)

    def _put(self, stack: Stack, quantity: int, store: str, bucket_hash: int) -> Stack:
        held = list(self.at(store, bucket_hash))
        moved = stack._replace(store=store, bucket_hash=bucket_hash, is_worn=False, quantity=quantity)
        if stack.is_copy:
            held.append(moved)
        else:
            for index, each in enumerate(held):
                if is_same_stack(each, stack):
                    added = max(0, min(quantity, stack.max_stack - each.quantity))
                    held[index] = each._replace(quantity=each.quantity + added)
                    quantity -= added
            while quantity > 0:
                held.append(moved._replace(quantity=min(quantity, stack.max_stack)))
                quantity -= held[-1].quantity
        self.places[store, bucket_hash] = tuple(held)
        return moved


def _as_item(stack: Stack) -> Item:
    if stack.store == VAULT_STORE:
        place, owner = Place.VAULT, ""
    elif stack.store == ACCOUNT_STORE:
        place, owner = Place.ACCOUNT, ""
    else:
        place, owner = Place.EQUIPPED if stack.is_worn else Place.CARRIED, stack.store
    item = stack.item
    if (item.place, item.owner, item.bucket_hash, item.quantity) == (place, owner, stack.bucket_hash, stack.quantity):
        return item  # most of them: nothing has happened to it
    status = stack.item.transfer_status & ~_WORN | (_WORN if stack.is_worn else 0)
    return stack.item._replace(
        quantity=stack.quantity, bucket_hash=stack.bucket_hash, place=place, owner=owner, transfer_status=status
    )


def is_same_stack(one: Stack, other: Stack) -> bool:
    return one.item.hash == other.item.hash and not one.item.instance_id


def _places(profile: Profile, definitions: Definitions) -> Places:
    """Half of the time that a plan takes: a thousand stacks, so each is made in one call."""
    gathered: defaultdict[Spot, list[Stack]] = defaultdict(list)
    facts_of, make, equipped, vault, currency = (
        definitions.item, tuple.__new__, Place.EQUIPPED, Place.VAULT, Place.CURRENCY,
    )  # fmt: skip
    in_vault: list[Stack] = []
    for item in profile.items:
        item_hash, _, quantity, bucket_hash, place, owner = item[:6]
        if place is vault and bucket_hash == buckets.VAULT:  # most of them
            in_vault.append(make(Stack, (item, facts_of(item_hash), VAULT_STORE, bucket_hash, quantity, False)))
        elif place is not currency:
            store = owner or (VAULT_STORE if place is vault else ACCOUNT_STORE)
            stack = make(Stack, (item, facts_of(item_hash), store, bucket_hash, quantity, place is equipped))
            gathered[store, bucket_hash].append(stack)
    places = {(VAULT_STORE, buckets.VAULT): tuple(in_vault)} if in_vault else {}
    return places | {spot: tuple(held) for spot, held in gathered.items()}
