"""What we know of a player's things: Bungie's last answer, and on top of it what the game has done for us since.

Bungie's front ends disagree for a minute or two after a write. An answer that is older than our own last step never
takes it back: the step is laid over it, until an answer shows it or is surely newer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.inventory.definitions import Definitions
from app.inventory.moves.effects import Unfolding
from app.inventory.profile import Profile
from app.services.clock import Clock
from app.services.moves.journal import DoneStep, MoveJournal

# How long Bungie may go on telling the state from before a step.
SETTLES_AFTER = timedelta(minutes=3)
# Bungie's clock and ours are not the same.
_CLOCKS_DIFFER = timedelta(seconds=2)


class MoveTruth:
    def __init__(self, journal: MoveJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def recent(self, account_id: int | None, profile: Profile | None = None) -> tuple[DoneStep, ...]:
        """The account's steps that an answer of Bungie's, or this one of them, may not know yet."""
        if account_id is None:
            return ()
        since, minted_at = self._clock() - SETTLES_AFTER, minted(profile) if profile else None
        if minted_at:
            since = max(since, minted_at - _CLOCKS_DIFFER)
        return tuple(self._journal.done_since(account_id, since))


def overlaid(profile: Profile, definitions: Definitions, steps: Iterable[DoneStep]) -> Profile:
    """The profile with those steps that it does not know yet."""
    minted_at = minted(profile)
    unknown = [done for done in steps if is_older(minted_at, done.ended_at)]
    if not unknown:
        return profile
    unfolding = Unfolding(profile, definitions, [done.step for done in unknown])
    for done in unknown:
        unfolding.add(done.step, done.held)
    return unfolding.profile()


def is_older(minted_at: datetime | None, moment: datetime | None) -> bool:
    """Whether an answer of that stamp may come from before `moment`; without a stamp nobody knows."""
    return minted_at is None or moment is None or minted_at < moment + _CLOCKS_DIFFER


def minted(profile: Profile) -> datetime | None:
    """Bungie's own stamp of the answer."""
    try:
        stamp = datetime.fromisoformat(profile.minted_at)
    except ValueError:
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
