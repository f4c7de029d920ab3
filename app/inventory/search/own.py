"""What a search can ask about the player rather than the game: visits, wishes, whatever else is their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _nothing_is_new(_instance_id: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Own:
    """Every field is a question that is asked only when a keyword needs it; without a player the answer is no.

    `is_new` tells of an instance id whether the copy came into being since the player's last visit.
    """

    is_new: Callable[[str], bool] = _nothing_is_new
