"""Does one step at Bungie, at the pace the game asks for. Answers nothing: returning means that it was done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from app.bungie.actions import BungieActions, Who
from app.bungie.errors import Refused, TokenRefused
from app.bungie.http import Deadline
from app.inventory.moves.plan import Step, StepKind
from app.models import MoveBatch
from app.services.tokens import TokenService

# Seconds between two actions of one kind by one player (ThrottleSecondsBetweenActionPerUser of the specification).
# It is counted from the answer, which is after the request arrived, so that a hair is enough to be added.
_PACE_S = {StepKind.TRACK: 1.01, StepKind.UNTRACK: 1.01, StepKind.WEAR_SET: 1.01, StepKind.PLUG: 0.505}
_USUAL_PACE_S = 0.101
_ON_ITS_WAY_S = 0.1
_T = TypeVar("_T")
_HAS_PLUG = 1679  # it is so already


class Hand:
    """For one run: it remembers when it last did what."""

    def __init__(
        self,
        actions: BungieActions,
        tokens: TokenService,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._actions = actions
        self._tokens = tokens
        self._monotonic = monotonic
        self._sleep = sleep
        self._last: dict[str, float] = {}

    def do(self, batch: MoveBatch, step: Step, deadline: Deadline) -> None:
        """Raises a BungieError. A refused token is renewed once; nothing else is ever repeated here."""
        self._ask(batch, step.kind, deadline, lambda who: self._call(who, step, deadline))

    def wear(
        self, batch: MoveBatch, character_id: str, instance_ids: Sequence[str], deadline: Deadline
    ) -> dict[str, int]:
        """Several copies at once, with one request: Bungie's code for each that the character carries (1 = worn)."""
        return self._ask(
            batch,
            StepKind.EQUIP,
            deadline,
            lambda who: self._actions.equip_items(who, instance_ids, character_id, deadline),
        )

    def _ask(self, batch: MoveBatch, kind: StepKind, deadline: Deadline, call: Callable[[Who], _T]) -> _T:
        account_id, membership_type = batch.account_id, batch.membership_type
        token = self._tokens.access_token(account_id, deadline)
        self._keep_pace(kind)
        try:
            return call(Who(membership_type, token))
        except TokenRefused:
            token = self._tokens.access_token(account_id, deadline, refused=token)
            return call(Who(membership_type, token))
        finally:
            self._last[_kind(kind)] = self._arrived_at(deadline)

    def resume(self, kind: StepKind, ended_ago_s: float) -> None:
        """Another hand has done a step of this kind that long ago: its pace is ours, too."""
        self._last[_kind(kind)] = self._monotonic() - ended_ago_s

    def _call(self, who: Who, step: Step, deadline: Deadline) -> None:
        item_id, character_id = step.instance_id, step.character_id
        match step.kind:
            case StepKind.PULL:
                self._actions.pull_from_postmaster(who, step.item_hash, item_id, step.quantity, character_id, deadline)
            case StepKind.STORE | StepKind.FETCH:
                to_vault = step.kind is StepKind.STORE
                self._actions.transfer_item(
                    who, step.item_hash, item_id, step.quantity, character_id, to_vault=to_vault, deadline=deadline
                )
            case StepKind.EQUIP:
                self._actions.equip_item(who, item_id, character_id, deadline)
            case StepKind.LOCK | StepKind.UNLOCK:
                is_on = step.kind is StepKind.LOCK
                self._actions.set_lock_state(who, item_id, character_id, is_on=is_on, deadline=deadline)
            case StepKind.TRACK | StepKind.UNTRACK:
                is_on = step.kind is StepKind.TRACK
                self._actions.set_tracked_state(who, item_id, character_id, is_on=is_on, deadline=deadline)
            case StepKind.PLUG:
                self._plug(who, step, deadline)
            case StepKind.WEAR_SET:
                self._actions.equip_loadout(who, character_id, step.slot, deadline)

    def _plug(self, who: Who, step: Step, deadline: Deadline) -> None:
        try:
            self._actions.insert_plug(who, step.instance_id, step.slot, step.plug_hash, step.character_id, deadline)
        except Refused as refusal:
            if refusal.code != _HAS_PLUG:
                raise

    def _arrived_at(self, deadline: Deadline) -> float:
        """When Bungie got the request at the latest: before its answer, and it was not on its way for ever."""
        now = self._monotonic()
        return min(now, (deadline.sent_at or now) + _ON_ITS_WAY_S)

    def _keep_pace(self, kind: StepKind) -> None:
        wait = self._last.get(_kind(kind), 0.0) + _PACE_S.get(kind, _USUAL_PACE_S) - self._monotonic()
        if wait > 0:
            self._sleep(wait)


def _kind(kind: StepKind) -> str:
    """Bungie counts by kind of action and player; both ways between vault and character are one kind."""
    return {StepKind.STORE: "transfer", StepKind.FETCH: "transfer", StepKind.UNLOCK: "lock"}.get(kind, kind)
