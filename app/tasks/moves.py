"""Moves that take longer than a page: one slice of an account's moves, the sweep that finds what was left, farming."""

from __future__ import annotations

from celery import shared_task

from app.tasks import FARM_SWEEP_TASK, FARM_TASK, MOVES_TASK, SWEEP_TASK, hand_over_moves
from app.wiring import services


@shared_task(name=MOVES_TASK, soft_time_limit=120, time_limit=150)  # type: ignore[untyped-decorator]
def go_on(account_id: int) -> None:
    """Goes on with an account's moves; what is left after a slice waits behind other players' moves."""
    again_after_s = services().moves.go_on(account_id)
    if again_after_s is not None:
        hand_over_moves(account_id, again_after_s)


@shared_task(name=SWEEP_TASK)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Finds moves that nobody works on, after a crash or while the queue was away."""
    for account_id in services().moves.waiting_accounts():
        hand_over_moves(account_id)
    services().moves.forget_old()


@shared_task(name=FARM_SWEEP_TASK)  # type: ignore[untyped-decorator]
def sweep_farming() -> None:
    """Sends somebody to look after every session whose last look is long enough ago."""
    for farming_id in services().farming.due():
        farm.apply_async(args=(farming_id,), expires=30, ignore_result=True)


@shared_task(name=FARM_TASK, soft_time_limit=60, time_limit=75)  # type: ignore[untyped-decorator]
def farm(farming_id: int) -> None:
    account_id = services().farming.check(farming_id)
    if account_id is not None:
        hand_over_moves(account_id)
