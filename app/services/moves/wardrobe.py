"""What a character is to wear and carries already waits here for the rest, so that one request puts all of it on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.inventory.definitions import Definitions
from app.inventory.moves.plan import Because, StepKind
from app.models import MoveOrder, MoveStep
from app.services.moves import journal as book

# What only brings a wished item nearer does not touch what is worn.
_BRINGS = frozenset({StepKind.STORE, StepKind.FETCH, StepKind.PULL, StepKind.LOCK, StepKind.UNLOCK})
_FOR_THE_WISH = frozenset({Because.WISH, Because.KEEP_LOCK})


class Wardrobe:
    """Of one batch. Only one character's things wait at a time, in their order, and one of each slot."""

    def __init__(self, orders: Iterable[MoveOrder]) -> None:
        worn_by = Counter(order.target for order in orders if _is_to_be_worn(order))
        self._wearers = {target for target, pieces in worn_by.items() if pieces > 1}
        self._waiting: list[tuple[MoveOrder, MoveStep]] = []
        self._slots: set[int] = set()

    def fits(self, order: MoveOrder) -> bool:
        """Whether an order may begin while others wait to be worn."""
        is_one = _is_to_be_worn(order) and order.target in self._wearers
        return is_one and all(other.target == order.target for other, _ in self._waiting)

    def takes(self, order: MoveOrder, row: MoveStep) -> bool:
        return _wears(row) and self.fits(order)

    def minds(self, row: MoveStep, definitions: Definitions) -> bool:
        """Whether a step may not be done before those that wait are worn."""
        if not self._waiting:
            return False
        if _wears(row):
            return _slot(row, definitions) in self._slots
        takes_away = row.kind == StepKind.STORE and row.character_id == self._waiting[0][0].target
        return takes_away or row.kind not in _BRINGS or row.because not in _FOR_THE_WISH

    def put(self, order: MoveOrder, row: MoveStep, definitions: Definitions) -> None:
        self._waiting.append((order, row))
        self._slots.add(_slot(row, definitions))

    def empty(self) -> list[tuple[MoveOrder, MoveStep]]:
        """Hands out what has waited."""
        waiting, self._waiting, self._slots = self._waiting, [], set()
        return waiting


def _is_to_be_worn(order: MoveOrder) -> bool:
    return order.action == book.MOVE and order.equip and order.state in {book.WAITING, book.UNSURE}


def _wears(row: MoveStep) -> bool:
    return row.kind == StepKind.EQUIP and row.because == Because.WISH


def _slot(row: MoveStep, definitions: Definitions) -> int:
    known = definitions.item(row.item_hash)
    return known.bucket_hash if known else 0
