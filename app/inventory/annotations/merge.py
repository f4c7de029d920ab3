"""What a file says, put upon what is there. Nothing that is there goes away because a file says nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from app.inventory.annotations.marks import Annotation


class Policy(StrEnum):
    """Whose word counts where both say something."""

    MINE = "mine"
    FILE = "file"
    NEWER = "newer"  # mine where either has no date


class Row(NamedTuple):
    """What a file says of one item. `place` is its line or number, `changed_at` "" where the file has no dates."""

    place: int
    key: str
    item_hash: int
    tag: str
    notes: str
    changed_at: str = ""


class Summary(NamedTuple):
    """How a file compares with what is there, in numbers of items. `conflicts` are among the `changed`.

    `absent` are items that the player does not seem to own now: they are taken all the same.
    """

    new: int = 0
    changed: int = 0
    conflicts: int = 0
    same: int = 0
    absent: int = 0


_NOTHING = Annotation()


def merged(mine: Annotation, row: Row, policy: Policy) -> tuple[str, str]:
    """Tag and notes after the file was taken in."""
    wins = policy is Policy.FILE or (policy is Policy.NEWER and _is_newer(row, mine))
    return _one(mine.tag, row.tag, wins=wins), _one(mine.notes, row.notes, wins=wins)


def is_conflict(mine: Annotation, row: Row) -> bool:
    """Whether both say something, and not the same."""
    return _differs(mine.tag, row.tag) or _differs(mine.notes, row.notes)


def compared(rows: Iterable[Row], mine: Mapping[str, Annotation], owned: Collection[str]) -> Summary:
    """What would happen, before it does."""
    new = changed = conflicts = same = absent = 0
    for row in rows:
        known = mine.get(row.key, _NOTHING)
        absent += row.key not in owned
        if known.is_empty:
            new += 1
        elif merged(known, row, Policy.FILE) == (known.tag, known.notes):
            same += 1
        else:
            changed += 1
            conflicts += is_conflict(known, row)
    return Summary(new, changed, conflicts, same, absent)


def _one(mine: str, theirs: str, *, wins: bool) -> str:
    if not mine or not theirs:
        return mine or theirs
    return theirs if wins else mine


def _differs(mine: str, theirs: str) -> bool:
    return bool(mine and theirs and mine != theirs)


def _is_newer(row: Row, mine: Annotation) -> bool:
    return bool(row.changed_at and mine.changed_at and row.changed_at > mine.changed_at)
