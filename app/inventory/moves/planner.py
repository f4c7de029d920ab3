"""The planner: a wish becomes the steps that Bungie's rules demand, tried out on a copy of the inventory first.

The rules are the game's: what is worn cannot move, every hop between characters goes through the vault, one exotic
per group is worn, a full place has to be relieved. A plan never leaves an item elsewhere than it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from app.inventory import buckets
from app.inventory.definitions import TIER_EXOTIC
from app.inventory.items import ItemState
from app.inventory.moves.plan import (
    ACCOUNT_STORE,
    VAULT_STORE,
    Because,
    CannotMove,
    Obstacle,
    Step,
    StepKind,
    Wish,
)
from app.inventory.moves.ranking import Preferences, is_worn_instead, leave_vault, leaves_character
from app.inventory.moves.world import Stack, World

# How many candidates are tried for one place before the answer is "no room".
_MOST_CANDIDATES = 4
# A relief may need a relief, which may need one itself; deeper is going round in circles.
_MOST_DEPTH = 4


def plan(world: World, wish: Wish, preferences: Preferences | None = None) -> tuple[Step, ...]:
    """The steps in order, () when everything is so already; `world` is then as it will be after them.

    Raises CannotMove, and then `world` is as it was.
    """
    places = dict(world.places)
    try:
        return _Planner(world, preferences or Preferences()).plan(wish)
    except CannotMove:
        world.places = places
        raise


class _Planner:
    def __init__(self, world: World, preferences: Preferences) -> None:
        self._world = world
        self._preferences = preferences
        self._steps: list[Step] = []
        # What this plan has moved or will move: never moved aside again.
        self._settled: set[str] = set(preferences.reserved)

    def plan(self, wish: Wish) -> tuple[Step, ...]:
        stack = self._wished(wish)
        target = self._target(stack, wish.target)
        self._refuse_impossible(stack, target, wish)
        self._settled.add(stack.key)
        stack = self._bring(stack, wish.quantity, target, Because.WISH, 0)
        if wish.equip:
            self._equip(stack, Because.WISH, 0)
        return tuple(self._steps)

    # --- what is wished --------------------------------------------------------------------------------------------

    def _wished(self, wish: Wish) -> Stack:
        for store in (wish.source, wish.target):
            if store not in self._world.characters and store not in {VAULT_STORE, ACCOUNT_STORE}:
                raise CannotMove(Obstacle.NO_CHARACTER, wish.item_hash, store)
        found = self._world.find(wish.item_hash, wish.instance_id)
        here = [each for each in found if each.store == wish.source]
        if wish.source != VAULT_STORE and (not here or _is_of_the_account(wish, found)):
            here = [each for each in found if each.store == ACCOUNT_STORE]
        if not here and wish.instance_id:
            here = found  # a copy is named by its id alone; it may have been moved meanwhile
        if not here:
            raise CannotMove(Obstacle.GONE, wish.item_hash, wish.source)
        if sum(each.quantity for each in here if each.bucket_hash == here[0].bucket_hash) < wish.quantity:
            raise CannotMove(Obstacle.NOT_ENOUGH, wish.item_hash, wish.source)
        return here[0]

    def _target(self, stack: Stack, target: str) -> str:
        """What belongs to the whole account has no owner: any character means the account."""
        if target != VAULT_STORE and self._world.is_account_wide(self._world.home(stack)):
            return ACCOUNT_STORE
        return target

    def _refuse_impossible(self, stack: Stack, target: str, wish: Wish) -> None:
        """What no relief could help."""
        stays = stack.store == target
        if stack.in_postmaster:
            self._refuse_unpullable(stack)
            stays = stays or target == ACCOUNT_STORE
        elif not stays:
            self._refuse_unknown_home(stack, target)
        if not stays:
            self._refuse_rooted(stack)
        if wish.equip:
            self._refuse_unwearable(stack, target)

    def _refuse_unpullable(self, stack: Stack) -> None:
        if stack.facts and stack.facts.pull_has_side_effects:
            raise CannotMove(Obstacle.SIDE_EFFECTS, stack.item.hash, stack.store)
        if not self._world.home(stack):
            raise CannotMove(Obstacle.UNKNOWN, stack.item.hash)

    def _refuse_unknown_home(self, stack: Stack, target: str) -> None:
        home = self._world.home(stack)
        if not home:
            raise CannotMove(Obstacle.UNKNOWN, stack.item.hash)
        if target == ACCOUNT_STORE and not self._world.is_account_wide(home):
            raise CannotMove(Obstacle.NO_CHARACTER, stack.item.hash, target)

    def _refuse_rooted(self, stack: Stack) -> None:
        if stack.is_bound:
            raise CannotMove(Obstacle.BOUND, stack.item.hash, stack.store)
        if not self._world.is_storable(stack):
            raise CannotMove(Obstacle.NOT_STORABLE, stack.item.hash, stack.store)

    def _refuse_unwearable(self, stack: Stack, target: str) -> None:
        character = self._world.characters.get(target)
        if character is None or not stack.is_copy or stack.facts is None or not stack.facts.is_equippable:
            raise CannotMove(Obstacle.NOT_WEARABLE, stack.item.hash, target)
        if not self._world.can_wear(stack, target):
            raise CannotMove(Obstacle.WRONG_CLASS, stack.item.hash, target)

    # --- moving ----------------------------------------------------------------------------------------------------

    def _bring(self, stack: Stack, quantity: int, target: str, because: Because, depth: int) -> Stack:
        """Plans every hop. Answers the stack at its new place."""
        if stack.in_postmaster:
            stack = self._pull(stack, quantity, because, depth)
        if stack.store == target:
            return stack
        if stack.is_worn:
            self._take_off(stack, Because.TAKE_OFF, depth)
            stack = self._world.again(stack)
        is_hop = VAULT_STORE not in {stack.store, target}
        if is_hop:
            # First where it is going: what leaves there may need the slot in the vault that the hop needs after it.
            self._make_room(stack, quantity, target, self._world.home(stack), depth, keeps_vault_slot=True)
            stack = self._world.again(stack)
        if stack.store != VAULT_STORE:
            self._make_room(stack, quantity, VAULT_STORE, buckets.VAULT, depth)
            stack = self._store(self._world.again(stack), quantity, because)
        if target != VAULT_STORE:
            self._make_room(stack, quantity, target, self._world.home(stack), depth)
            stack = self._fetch(self._world.again(stack), quantity, target, because)
        return stack

    def _pull(self, stack: Stack, quantity: int, because: Because, depth: int) -> Stack:
        home = self._world.home(stack)
        store = ACCOUNT_STORE if self._world.is_account_wide(home) else stack.store
        self._make_room(stack, quantity, store, home, depth)
        return self._carry(StepKind.PULL, self._world.again(stack), quantity, store, home, stack.store, because)

    def _store(self, stack: Stack, quantity: int, because: Because) -> Stack:
        owner = self._character_of(stack.store)
        return self._carry(StepKind.STORE, stack, quantity, VAULT_STORE, buckets.VAULT, owner, because)

    def _fetch(self, stack: Stack, quantity: int, target: str, because: Because) -> Stack:
        receiver = self._character_of(target)
        return self._carry(StepKind.FETCH, stack, quantity, target, self._world.home(stack), receiver, because)

    def _carry(
        self, kind: StepKind, stack: Stack, quantity: int, store: str, bucket_hash: int, end: str, because: Because
    ) -> Stack:
        self._steps.append(Step(kind, stack.item.hash, stack.item.instance_id, quantity, end, because))
        keeps_lock = self._leaves_other_lock_behind(stack)
        moved = self._world.carry(stack, quantity, store, bucket_hash)
        if keeps_lock:
            lock = StepKind.LOCK if stack.item.has(ItemState.LOCKED) else StepKind.UNLOCK
            self._steps.append(Step(lock, stack.item.hash, stack.item.instance_id, 1, end, Because.KEEP_LOCK))
        return moved

    def _leaves_other_lock_behind(self, stack: Stack) -> bool:
        """Whether a copy of the same hash stays there whose lock differs: the moved one might take that over."""
        if not stack.is_copy or not stack.item.is_lockable:
            return False
        is_locked = stack.item.has(ItemState.LOCKED)
        return any(
            each.item.has(ItemState.LOCKED) is not is_locked
            for each in self._world.of_hash(stack.item.hash, stack.store)
        )

    def _character_of(self, store: str) -> str:
        """Bungie wants a character also for what is the account's: the one that was played last."""
        if store in self._world.characters:
            return store
        if not self._world.by_last_played:
            raise CannotMove(Obstacle.NO_CHARACTER)
        return self._world.by_last_played[0]

    # --- room ------------------------------------------------------------------------------------------------------

    def _make_room(
        self, stack: Stack, quantity: int, store: str, bucket_hash: int, depth: int, *, keeps_vault_slot: bool = False
    ) -> None:
        world = self._world
        if world.is_second_of_its_kind(stack, quantity, store, bucket_hash):
            raise CannotMove(Obstacle.UNIQUE, stack.item.hash, store)
        while lacking := world.lacking(stack, quantity, store, bucket_hash):
            if depth >= _MOST_DEPTH or not self._send_one_away(store, bucket_hash, depth, keeps_vault_slot):
                raise CannotMove(Obstacle.NO_ROOM, stack.item.hash, store)
            if world.lacking(stack, quantity, store, bucket_hash) >= lacking:
                raise CannotMove(Obstacle.NO_ROOM, stack.item.hash, store)

    def _send_one_away(self, store: str, bucket_hash: int, depth: int, keeps_vault_slot: bool) -> bool:
        """Tries candidates until one has found another place. What a failed try has planned is forgotten."""
        for tries, (victim, destination) in enumerate(self._ways_out(store, bucket_hash, keeps_vault_slot)):
            if tries >= _MOST_CANDIDATES:
                return False
            places, steps, settled = dict(self._world.places), len(self._steps), set(self._settled)
            self._settled.add(victim.key)
            try:
                self._bring(victim, victim.quantity, destination, Because.ROOM, depth + 1)
            except CannotMove:
                self._world.places, self._settled = places, settled
                del self._steps[steps:]
            else:
                return True
        return False

    def _ways_out(self, store: str, bucket_hash: int, keeps_vault_slot: bool) -> Iterator[tuple[Stack, str]]:
        held = self._world.at(store, bucket_hash)
        yield from self._merges([each for each in held if not each.item.instance_id and self._may_leave(each)])
        if store == VAULT_STORE:
            yield from self._out_of_vault(held)
            return
        victims = [each for each in held if not each.is_worn and self._may_leave(each)]
        victims.sort(key=leaves_character(self._world, self._preferences, store))
        by_way = [(victim, VAULT_STORE) for victim in victims]
        free = self._world.free(VAULT_STORE, buckets.VAULT)
        if keeps_vault_slot and free == 1:
            # The hop needs the last slot of the vault itself: better another character.
            by_way = [*self._to_characters(victims, store), *by_way]
        yield from by_way
        yield from self._to_characters(victims, store)

    def _may_leave(self, stack: Stack) -> bool:
        return (
            stack.key not in self._settled
            and not stack.is_bound
            and stack.facts is not None
            and self._world.is_storable(stack)
        )

    def _merges(self, victims: list[Stack]) -> Iterator[tuple[Stack, str]]:
        """Stacks that disappear into a partial stack elsewhere cost no slot."""
        for victim in victims:
            store = VAULT_STORE if victim.store != VAULT_STORE else ACCOUNT_STORE
            bucket_hash = buckets.VAULT if store == VAULT_STORE else self._world.home(victim)
            same = self._world.merging(victim, store, bucket_hash)
            if sum(each.max_stack - each.quantity for each in same) >= victim.quantity:
                yield victim, store

    def _out_of_vault(self, held: tuple[Stack, ...]) -> Iterator[tuple[Stack, str]]:
        """To other characters, least recently played first, whoever has room; account-wide stacks to their bucket."""
        for destination in (*reversed(self._world.by_last_played), ACCOUNT_STORE):
            roomy = self._homes_with_room(destination)
            fitting = [
                each
                for each in held
                if (facts := each.facts)
                and (facts.bucket_hash in roomy if each.item.instance_id else self._fits(each, destination))
            ]
            ranked = leave_vault(self._world, self._preferences, destination, fitting)
            free = (each for each in ranked if each.key not in self._settled and not each.is_bound)
            yield from ((victim, destination) for victim in islice(free, _MOST_CANDIDATES))

    def _homes_with_room(self, destination: str) -> set[int]:
        """Where one more copy fits: a few buckets, asked once instead of for every copy."""
        world, is_of_account = self._world, destination == ACCOUNT_STORE
        return {
            home
            for home in world.homes
            if home and world.is_account_wide(home) == is_of_account and world.free(destination, home) > 0
        }

    def _to_characters(self, victims: list[Stack], but: str) -> Iterator[tuple[Stack, str]]:
        for destination in reversed(self._world.by_last_played):
            if destination != but:
                yield from ((victim, destination) for victim in victims if self._fits(victim, destination))

    def _fits(self, stack: Stack, destination: str) -> bool:
        home = self._world.home(stack)
        is_account_wide = self._world.is_account_wide(home)
        if is_account_wide != (destination == ACCOUNT_STORE):
            return False
        return not self._world.lacking(stack, stack.quantity, destination, home)

    # --- wearing ---------------------------------------------------------------------------------------------------

    def _equip(self, stack: Stack, because: Because, depth: int) -> None:
        stack = self._world.again(stack)
        if stack.is_worn:
            return
        for other in self._conflicts(stack):
            self._take_off(other, Because.ONE_EXOTIC, depth)
        self._steps.append(Step(StepKind.EQUIP, stack.item.hash, stack.item.instance_id, 1, stack.store, because))
        self._world.wear(self._world.again(stack))

    def _conflicts(self, stack: Stack) -> list[Stack]:
        """What is worn in other slots and belongs to the same exotic group."""
        if not stack.unique_label:
            return []
        worn = self._world.worn(stack.store)
        return [
            each for each in worn if each.unique_label == stack.unique_label and each.bucket_hash != stack.bucket_hash
        ]

    def _take_off(self, stack: Stack, because: Because, depth: int) -> None:
        """Wears something else in that slot, from anywhere if need be."""
        for candidate in self._replacements(stack, may_be_exotic=because is not Because.ONE_EXOTIC):
            places, steps, settled = dict(self._world.places), len(self._steps), set(self._settled)
            self._settled.add(candidate.key)
            try:
                here = self._bring(candidate, 1, stack.store, because, depth + 1)
                self._equip(here, because, depth + 1)
            except CannotMove:
                self._world.places, self._settled = places, settled
                del self._steps[steps:]
            else:
                return
        raise CannotMove(Obstacle.NOTHING_ELSE_TO_WEAR, stack.item.hash, stack.store)

    def _replacements(self, stack: Stack, *, may_be_exotic: bool) -> list[Stack]:
        """Best first: what the character carries, then the vault, then other characters."""
        stores = (stack.store, VAULT_STORE, *self._world.by_last_played)
        rank = is_worn_instead(self._preferences, stack)
        near, worn = self._world.for_slot(stack.bucket_hash), self._world.worn(stack.store)
        clashing = {each.unique_label for each in worn if each.unique_label and each.key != stack.key}
        fitting = [
            each
            for each, can_wear in zip(near, self._world.wearable(near, stack.store), strict=True)
            if can_wear
            and self._can_replace(each, stack)
            and (each.tier != TIER_EXOTIC or (may_be_exotic and each.unique_label not in clashing))
        ]
        fitting.sort(key=lambda each: (stores.index(each.store), *rank(each)))
        return fitting[:_MOST_CANDIDATES]

    def _can_replace(self, candidate: Stack, stack: Stack) -> bool:
        if candidate.is_worn or candidate.key == stack.key or candidate.in_postmaster:
            return False
        if self._world.home(candidate) != stack.bucket_hash:
            return False
        return candidate.store == stack.store or not (candidate.is_bound or candidate.key in self._settled)


def _is_of_the_account(wish: Wish, found: list[Stack]) -> bool:
    """Pieces that go away from a character are those of the account, unless only its postmaster has them."""
    return wish.source != wish.target and any(each.store == ACCOUNT_STORE for each in found)
