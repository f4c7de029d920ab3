"""Answers that are known for all items at once, so that many of them become one before the first item is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import and_

from app.inventory.search.facts import Subject
from app.inventory.search.haystack import joined

Bits = Callable[[], int]


class Among:
    """A predicate over the items of a collection; `bits` tells by their places which it holds for, when first asked."""

    __slots__ = ("_held", "_items", "bits")

    def __init__(self, items: Sequence[Subject], bits: Bits) -> None:
        self._items = items
        self._held: frozenset[str] | None = None
        self.bits = bits

    def __call__(self, subject: Subject) -> bool:
        if self._held is None:
            marks = f"{self.bits():b}"[::-1]
            self._held = frozenset([each.key for each, mark in zip(self._items, marks, strict=False) if mark == "1"])
        return subject.key in self._held

    def __invert__(self) -> Among:
        return Among(self._items, lambda: ~self.bits() & ((1 << len(self._items)) - 1))

    def all_of(self, others: Iterable[Among]) -> Among:
        """What this and all others hold for."""
        return Among(self._items, lambda: reduce(and_, [each.bits() for each in others], self.bits()))

    def any_of(self, others: Iterable[Among]) -> Among:
        """What this or any other holds for."""
        return Among(self._items, lambda: self.bits() | joined([each.bits() for each in others]))
