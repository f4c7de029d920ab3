"""What pages may ask of moves: order some, watch them, cancel, undo, look back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from app.bungie.http import Deadline
from app.inventory.moves.plan import CannotMove, Step, StepKind, Wish
from app.inventory.moves.planner import plan
from app.inventory.moves.ranking import Preferences
from app.inventory.moves.stacks import gather, spread, stores_of
from app.inventory.moves.world import World
from app.inventory.profile import Profile
from app.models import Farming, MoveBatch, MoveOrder
from app.services.audit import AuditService, Kind
from app.services.clock import Clock
from app.services.moves import journal as book
from app.services.moves.journal import MoveJournal
from app.services.moves.pictures import MoveNames, Picture, Pictures, Whose, store_of
from app.services.moves.piles import Held, flags_for, pile_for, wishes_for
from app.services.moves.reports import BatchReport, report
from app.services.moves.runner import Begun, MoveRunner, Ran
from app.services.moves.undo import backwards, is_undoable
from app.services.profiles import LoadedProfile
from app.services.sessions import Viewer

MOST_ORDERS = 200
# In the place of a store: pieces of a stack go to every character.
SPREAD = "spread"
# A form's answer waits for its own move this long; the worker goes on after that.
_INLINE_S = 8.0
_WORKER_S = 60.0
# After so long others get their turn, between two items; whoever is alone simply goes on.
_SLICE_S = 4.0
# What has not begun by then is not done any more: nobody expects it to.
_TOO_LATE = timedelta(minutes=10)
# So long a lock that was lost on the way is owed, while Bungie cannot be asked.
_GIVES_UP = timedelta(days=1)
_HISTORY = 50
# Who has the turn may not have seen the newest orders; who could not tell what became of a step looks again.
_AGAIN_AFTER_S = {Ran.ALL_DONE: None, Ran.SOME_ARE_LEFT: 3.0, Ran.SLICE_IS_OVER: 0.0, Ran.IS_ANOTHERS_TURN: 1.0}


Owner = Viewer | Farming


class MoveRequest(NamedTuple):
    """One wish and what to do: "move", or "lock", "unlock", "track", "untrack" (then the stores are not looked at).

    "plug" puts `plug_hash` into socket `slot` of the item, "wearset" puts on the in-game loadout `slot` of the target.
    """

    wish: Wish
    action: str = book.MOVE
    slot: int = 0
    plug_hash: int = 0


class Preview(NamedTuple):
    """What would happen: the steps, or why there is no way."""

    steps: tuple[Step, ...]
    reason: CannotMove | None


class MoveService:
    """`hand_over` asks the workers to go on with an account's moves; False when they cannot be reached."""

    def __init__(
        self,
        journal: MoveJournal,
        runner: MoveRunner,
        pictures: Pictures,
        clock: Clock,
        audit: AuditService,
        request_id: Callable[[], str],
        hand_over: Callable[[int], bool],
    ) -> None:
        self._journal = journal
        self._runner = runner
        self._pictures = pictures
        self._clock = clock
        self._audit = audit
        self._request_id = request_id
        self._hand_over = hand_over

    def order(self, viewer: Viewer, key: str, requests: Sequence[MoveRequest], *, title: str = "") -> BatchReport:
        """Writes the orders down and begins. One alone is done before this returns, if Bungie answers in time.

        The same key again answers with the batch that it made the first time. At most MOST_ORDERS are taken.
        """
        return self._open(viewer, self._batch(viewer, key, requests[:MOST_ORDERS], title))

    def order_one(self, viewer: Viewer, key: str, name: str, wish: Wish) -> BatchReport | None:
        """The same for one copy or stack, named as in `items`: hash and id of `wish` are found out here.

        None for what is not theirs.
        """
        return self._order_one(
            viewer,
            key,
            name,
            lambda held: MoveRequest(wish._replace(item_hash=held.hash, instance_id=held.instance_id)),
        )

    def flag_one(self, viewer: Viewer, key: str, name: str, action: str) -> BatchReport | None:
        """Locks, unlocks, tracks or untracks one copy where it is. None for what is not theirs."""
        return self._order_one(
            viewer,
            key,
            name,
            lambda held: MoveRequest(Wish(held.hash, held.instance_id, held.store, held.store), action),
        )

    def items(self, viewer: Viewer, names: Iterable[str]) -> list[Held]:
        """What the player owns of these: by instance id, or by the hash of a stack. What is not theirs is left out."""
        return _held(self._pictures.owned(_whose(viewer)).profile, names)

    def piles(self, viewer: Viewer, names: Iterable[str], target: str) -> list[Held]:
        """The same to be brought to `target`: of a stack all pieces of one place, those in its postmaster first."""
        profile = self._look(viewer).profile
        return [held for name in dict.fromkeys(names) if (held := pile_for(profile, name, target))]

    def bring(
        self, viewer: Viewer, key: str, names: Iterable[str], target: str, *, wears: bool = False
    ) -> BatchReport | None:
        """Orders all these to one place: of a stack all pieces of one place, those in its postmaster first.

        `wears`: and worn, what that character can wear. None when the player owns nothing of it.
        """
        wishes = wishes_for(self._look(viewer), names, target, wears=wears)
        return self.order(viewer, key, [MoveRequest(wish) for wish in wishes]) if wishes else None

    def share_out(self, viewer: Viewer, key: str, item_hash: int, target: str) -> BatchReport | None:
        """Gathers all pieces of a stack at `target`, or with SPREAD gives every character as many. None: not theirs."""
        picture = self._look(viewer)
        held = stores_of(picture.profile, picture.definitions, item_hash)
        wishes = spread(held, item_hash) if target == SPREAD else gather(held, item_hash, target)
        return self.order(viewer, key, [MoveRequest(wish) for wish in wishes]) if held else None

    def lock_all(self, viewer: Viewer, key: str, names: Iterable[str], *, is_on: bool) -> BatchReport | None:
        """Locks or unlocks all these copies. None when the player owns nothing of it that can be locked."""
        kind = StepKind.LOCK if is_on else StepKind.UNLOCK
        wishes = flags_for(self._look(viewer).profile, names)
        return self.order(viewer, key, [MoveRequest(wish, kind.value) for wish in wishes]) if wishes else None

    def names(self, viewer: Viewer, locale: str, hashes: Iterable[int]) -> MoveNames:
        """Definitions of these items and the player's characters, as far as they are known."""
        return self._pictures.names(_whose(viewer), locale, hashes)

    def preview(self, viewer: Viewer, wish: Wish) -> Preview:
        """What a move would do, on what is known now. Raises a BungieError when nothing is."""
        batch = self._batch(viewer, "", [MoveRequest(wish)], "")
        picture = self._pictures.current(batch, is_fresh=False)
        try:
            world = World(picture.profile, picture.definitions)
            return Preview(plan(world, wish, self._pictures.preferences(batch, picture)), None)
        except CannotMove as reason:
            return Preview((), reason)

    def preview_all(self, viewer: Viewer, requests: Sequence[MoveRequest]) -> list[Preview]:
        """What each move of a batch would do once those before it are done. Other actions are not planned."""
        batch = self._batch(viewer, "", requests, "")
        picture = self._pictures.current(batch, is_fresh=False)
        world, preferences = World(picture.profile, picture.definitions), self._pictures.preferences(batch, picture)
        return [_previewed(world, each.wish, preferences) for each in requests]

    def made_by(self, viewer: Viewer, key: str) -> BatchReport | None:
        """The batch that a form has made before."""
        batch = self._journal.by_key(viewer.account_id or 0, key)
        return report(batch) if batch else None

    def find(self, viewer: Viewer, public_id: str) -> BatchReport | None:
        batch = self._find(viewer, public_id)
        return report(batch) if batch else None

    def latest(self, viewer: Viewer) -> list[BatchReport]:
        return [report(batch) for batch in self._journal.latest(viewer.account_id or 0, _HISTORY)]

    def cancel(self, viewer: Viewer, public_id: str) -> BatchReport | None:
        """What has not begun yet will not be done. None when there is no such batch of theirs."""
        batch = self._find(viewer, public_id)
        if batch and batch.finished_at is None:
            self._journal.cancel(batch)
            self._begin(batch)
        return report(batch) if batch else None

    def undo(self, viewer: Viewer, public_id: str, key: str) -> BatchReport | None:
        """Brings everything that a batch has moved back to where it lay, last one first; once, however often asked.

        None when there is nothing to undo.
        """
        if known := self._journal.taking_back(viewer.account_id or 0, public_id):
            return report(known)
        batch = self._find(viewer, public_id)
        requests = _taking_back(reversed(batch.orders)) if batch else []
        if batch is None or not requests:
            return None
        made = self._batch(viewer, key, requests, batch.title)
        made.undoes = batch.public_id
        return self._open(viewer, made)

    # --- for farming -------------------------------------------------------------------------------------------------

    def draft(self, owner: Owner) -> MoveBatch:
        """An empty batch of theirs that is not written down: what pictures are asked with."""
        return self._batch(owner, "", [], "")

    def is_busy(self, account_id: int) -> bool:
        return self._journal.is_busy(account_id)

    def order_for_farming(self, farming: Farming, requests: Sequence[MoveRequest]) -> None:
        """Writes the orders down for the workers."""
        made = self._batch(farming, secrets.token_urlsafe(16), requests[:MOST_ORDERS], "")
        made.farming = farming.public_id
        self._journal.open(made)
        self._journal.save()

    def cancel_farming(self, account_id: int, farming: str) -> None:
        """What one session has ordered and nobody has begun will not be done."""
        for batch in self._journal.of_farming(account_id, farming):
            if batch.finished_at is None:
                self._journal.cancel(batch)
                self._hand_over(account_id)

    def moved_by_farming(self, account_id: int, farming: str) -> int:
        batches = self._journal.of_farming(account_id, farming)
        return sum(is_undoable(order) for batch in batches for order in batch.orders)

    def undo_farming(self, viewer: Viewer, farming: str, key: str) -> BatchReport | None:
        """Brings everything back that one session has moved, the latest first; at most MOST_ORDERS; once."""
        if farming and (known := self._journal.taking_back(viewer.account_id or 0, farming)):
            return report(known)
        batches = self._journal.of_farming(viewer.account_id or 0, farming)
        requests = _taking_back(order for batch in batches for order in reversed(batch.orders))[:MOST_ORDERS]
        if not farming or not requests:
            return None
        made = self._batch(viewer, key, requests, "")
        made.undoes = farming
        return self._open(viewer, made)

    # --- for the workers ---------------------------------------------------------------------------------------------

    def go_on(self, account_id: int) -> float | None:
        """A slice of an account's moves, so that many players get their turns.

        Answers after how many seconds somebody should go on, or None when nothing is left.
        """
        self._expire(account_id)
        if not self._journal.is_busy(account_id):
            return None
        return _AGAIN_AFTER_S[self._runner.run(account_id, Deadline(_WORKER_S), Deadline(_SLICE_S))]

    def waiting_accounts(self) -> list[int]:
        """Whose moves wait for somebody, after a crash or a pause: for beat."""
        return self._journal.waiting_accounts()

    def forget_old(self) -> int:
        return self._journal.forget_old()

    def _open(self, viewer: Viewer, made: MoveBatch, seen: LoadedProfile | None = None) -> BatchReport:
        batch, is_new = self._journal.open(
            made, lambda: self._audit.record(Kind.MOVE_ASKED, viewer.user_id, f"move {made.public_id}")
        )
        if is_new:
            self._begin(batch, Begun(batch, seen))
        return report(batch)

    def _order_one(
        self, viewer: Viewer, key: str, name: str, request_for: Callable[[Held], MoveRequest]
    ) -> BatchReport | None:
        seen = self._pictures.owned(_whose(viewer))
        requests = [request_for(held) for held in _held(seen.profile, [name])]
        return self._open(viewer, self._batch(viewer, key, requests, ""), seen) if requests else None

    def _look(self, viewer: Viewer) -> Picture:
        return self._pictures.current(self._batch(viewer, "", [], ""), is_fresh=False)

    def _find(self, viewer: Viewer, public_id: str) -> MoveBatch | None:
        return self._journal.by_public_id(viewer.account_id or 0, public_id)

    def _begin(self, batch: MoveBatch, begun: Begun | None = None) -> None:
        """One move is done at once; many are the workers', unless those cannot be reached."""
        is_alone = len(batch.orders) == 1
        if is_alone and self._runner.run(batch.account_id, Deadline(_INLINE_S), begun=begun) is Ran.ALL_DONE:
            return
        self._journal.save()
        if not self._hand_over(batch.account_id) and not is_alone:
            self._runner.run(batch.account_id, Deadline(_INLINE_S))

    def _expire(self, account_id: int) -> None:
        for batch in self._journal.unfinished(account_id):
            age = self._clock() - batch.created_at
            if age > _TOO_LATE:
                for order in batch.orders:
                    is_late = age > _GIVES_UP or (order.state == book.WAITING and not order.steps)
                    if is_late and order.state in {book.WAITING, book.UNSURE}:
                        obstacle = order.obstacle or (book.BROKEN_OFF if book.is_begun(order) else book.TOO_LATE)
                        self._journal.end_order(order, book.REFUSED, obstacle=obstacle, code=order.code)
                self._journal.finish(batch)
                self._journal.save()

    def _batch(self, viewer: Owner, key: str, requests: Iterable[MoveRequest], title: str) -> MoveBatch:
        orders = [_order(position, request) for position, request in enumerate(requests)]
        return MoveBatch(
            account_id=viewer.account_id,
            membership_type=viewer.membership_type,
            membership_id=viewer.membership_id,
            key=key,
            title=title,
            request_id=self._request_id(),
            orders=orders,
            wants_cancel=False,
            finished_at=None,
            undoes="",
            farming="",
        )


def _whose(viewer: Viewer) -> Whose:
    return Whose(viewer.account_id or 0, viewer.membership_type, viewer.membership_id)


def _held(profile: Profile, names: Iterable[str]) -> list[Held]:
    known = {item.instance_id or str(item.hash): item for item in profile.items}
    found = (known.get(name) for name in names)
    return [Held(item.hash, item.instance_id, store_of(item)) for item in found if item]


def _order(position: int, request: MoveRequest) -> MoveOrder:
    wish = request.wish
    return MoveOrder(
        position=position,
        action=request.action,
        item_hash=wish.item_hash,
        instance_id=wish.instance_id,
        source=wish.source,
        target=wish.target,
        quantity=wish.quantity,
        equip=wish.equip,
        slot=request.slot,
        plug_hash=request.plug_hash,
        state=book.WAITING,
        steps=[],
    )


def _previewed(world: World, wish: Wish, preferences: Preferences) -> Preview:
    try:
        return Preview(plan(world, wish, preferences), None)
    except CannotMove as reason:
        return Preview((), reason)


def _taking_back(orders: Iterable[MoveOrder]) -> list[MoveRequest]:
    return [MoveRequest(*back) for order in orders for back in backwards(order)]
