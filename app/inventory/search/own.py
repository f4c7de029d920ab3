"""What a search can ask about the player rather than the game: visits, wishes, whatever else is their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.inventory.annotations.marks import UNMARKED, Annotations
from app.inventory.loadouts.model import Build
from app.inventory.wishes.matching import Wish, WishBook


def _nothing_is_new(_instance_id: str) -> bool:
    return False


def _nothing_is_known(_since: date | timedelta) -> int | None:
    return None


def _no_loadouts() -> Mapping[str, tuple[Build, ...]]:
    return {}


def _no_wishes() -> Mapping[str, Wish]:
    return {}


@dataclass(frozen=True, slots=True)
class Own:
    """Every field is a question that is asked only when a keyword needs it; without a player the answer is no.

    `is_new` tells of an instance id whether the copy came into being since the player's last visit.
    `known_by` tells the highest instance id that the player had seen by a day, or so long ago; None: nobody knows.
    `annotations` are the player's tags and notes. `wish_book` are their wish lists, `wishes` tells by instance id which
    copies those speak of. `loadouts` tells by instance id which of their own loadouts hold a copy.
    `is_market`: the items are what vendors sell; `owned` are then the hashes of what the player has.
    """

    is_new: Callable[[str], bool] = _nothing_is_new
    known_by: Callable[[date | timedelta], int | None] = _nothing_is_known
    annotations: Annotations = UNMARKED
    loadouts: Callable[[], Mapping[str, tuple[Build, ...]]] = _no_loadouts
    wish_book: Callable[[], WishBook] = WishBook
    wishes: Callable[[], Mapping[str, Wish]] = _no_wishes
    is_market: bool = False
    owned: Callable[[], frozenset[int]] = frozenset
