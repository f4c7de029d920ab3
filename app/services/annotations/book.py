"""Where tags and notes are written down, with every change of them. One writer at a time for an account."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, scoped_session

from app.inventory.annotations.marks import PLAIN_COLOUR, UNMARKED, USUAL, Annotation, Annotations, Label
from app.models import AnnotationChange, AnnotationRow, AnnotationStep, BungieAccount, TagLabel
from app.services.clock import Clock
from app.services.sessions import Viewer

# Ten times a full vault with everything that was ever in it.
MOST_ITEMS = 20_000
# Changes of one item that are remembered; the newest stay.
STEPS_OF_AN_ITEM = 50
# What fits into one statement on every database.
_AT_ONCE = 400
_MOST_READ = 200
_MOST_VERSION = 2**31 - 1

TAG, NOTE, IMPORT, UNDO = "tag", "note", "import", "undo"


class TooManyError(Exception):
    """More items than are kept for one player. Nothing was changed."""


class Owner(NamedTuple):
    account_id: int
    membership_id: str


class Wanted(NamedTuple):
    """What is to be said of one item. `item_hash` 0 leaves what is known of it."""

    item_hash: int
    tag: str
    notes: str


class Step(NamedTuple):
    """What a change did to one item."""

    item: str
    item_hash: int
    tag_before: str
    tag_after: str
    notes_before: str
    notes_after: str


class _Said(NamedTuple):
    id: int
    item_hash: int
    tag: str
    notes: str


_NOTHING = _Said(0, 0, "", "")


def owner_of(viewer: Viewer) -> Owner:
    return Owner(viewer.account_id or 0, viewer.membership_id)


class AnnotationBook:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._read: OrderedDict[tuple[Owner, int], Annotations] = OrderedDict()
        self._guard = threading.Lock()

    # --- reading -----------------------------------------------------------------------------------------------------

    def of(self, viewer: Viewer) -> Annotations:
        """Everything that the viewer says of their items. The database is asked once after every change."""
        if not viewer.annotations_version:
            return UNMARKED
        place = (owner_of(viewer), viewer.annotations_version)
        with self._guard:
            known = self._read.get(place)
            if known is not None:
                self._read.move_to_end(place)
                return known
        found = self.read(owner_of(viewer))
        with self._guard:
            self._read[place] = found
            while len(self._read) > _MOST_READ:
                self._read.popitem(last=False)
        return found

    def read(self, owner: Owner) -> Annotations:
        """The same, as the database has it now."""
        row = AnnotationRow
        query = select(row.item, row.tag, row.notes, row.item_hash, row.changed_at)
        rows = self._session.execute(query.where(_of(row, owner), or_(row.tag != "", row.notes != "")))
        by_key = {item: Annotation(tag, notes, of, at.isoformat()) for item, tag, notes, of, at in rows}
        labels = select(TagLabel.name, TagLabel.colour).where(TagLabel.account_id == owner.account_id)
        ordered = self._session.execute(labels.order_by(func.lower(TagLabel.name)))
        known = [Label(*each) for each in ordered]
        return Annotations(by_key, (*known, *_nameless(by_key.values(), known)))

    def tags(self, owner: Owner) -> Mapping[str, str]:
        """The tag by item, for whoever plans moves."""
        said = AnnotationRow
        query = select(said.item, said.tag).where(_of(said, owner), said.tag != "")
        return {row.item: row.tag for row in self._session.execute(query)}

    def latest(self, owner: Owner, limit: int) -> Sequence[AnnotationChange]:
        """The newest changes first."""
        query = select(AnnotationChange).where(_of(AnnotationChange, owner))
        return self._session.scalars(query.order_by(AnnotationChange.id.desc()).limit(limit)).all()

    def find(self, owner: Owner, change_id: int) -> AnnotationChange | None:
        query = select(AnnotationChange).where(_of(AnnotationChange, owner), AnnotationChange.id == change_id)
        return self._session.scalars(query).first()

    def steps(self, change_id: int, limit: int | None = None) -> list[Step]:
        step = AnnotationStep
        columns = (step.item, step.item_hash, step.tag_before, step.tag_after, step.notes_before, step.notes_after)
        query = select(*columns).where(step.change_id == change_id).order_by(step.id).limit(limit)
        return [Step(*row) for row in self._session.execute(query)]

    def count_steps(self, change_ids: Sequence[int]) -> Mapping[int, int]:
        step = AnnotationStep
        query = (
            select(step.change_id, func.count().label("steps"))
            .where(step.change_id.in_(change_ids))
            .group_by(step.change_id)
        )
        return {row.change_id: row.steps for row in self._session.execute(query)}

    # --- writing -----------------------------------------------------------------------------------------------------

    def begin(self, owner: Owner) -> None:
        """Takes the turn to write: every other writer for this account waits until this one commits."""
        self._session.rollback()
        account = update(BungieAccount).where(BungieAccount.id == owner.account_id)
        # Drawn, not counted: a database may give the number of an account that was removed to the next one, and what
        # this process remembers of the old one must not be taken for the new one's.
        self._session.execute(account.values(annotations_version=1 + secrets.randbelow(_MOST_VERSION)))

    def said(self, owner: Owner, items: Iterable[str]) -> dict[str, _Said]:
        row, found = AnnotationRow, dict[str, _Said]()
        for some in _portions(items):
            query = select(row.item, row.id, row.item_hash, row.tag, row.notes)
            for each in self._session.execute(query.where(_of(row, owner), row.item.in_(some))):
                found[each.item] = _Said(each.id, each.item_hash, each.tag, each.notes)
        return found

    def dated(self, owner: Owner, items: Iterable[str]) -> dict[str, Annotation]:
        """What is said of these items, and since when."""
        row, found = AnnotationRow, dict[str, Annotation]()
        for some in _portions(items):
            query = select(row.item, row.tag, row.notes, row.item_hash, row.changed_at)
            for each in self._session.execute(query.where(_of(row, owner), row.item.in_(some))):
                found[each.item] = Annotation(each.tag, each.notes, each.item_hash, each.changed_at.isoformat())
        return found

    def write(self, owner: Owner, kind: str, wanted: Mapping[str, Wanted], undoes: int = 0) -> tuple[int, list[Step]]:
        """What is wanted becomes so and is written down as one change, after `begin`; its number and what it did.

        (0, []) when everything was so already. Raises TooManyError. Both end the turn.
        """
        known = self.said(owner, wanted)
        steps = list(_steps(wanted, known))
        if not steps:
            self._session.commit()
            return 0, []
        fresh = [step for step in steps if step.item not in known]
        if fresh and self._count(owner) + len(fresh) > MOST_ITEMS:
            self._session.rollback()
            raise TooManyError
        self._put(owner, steps, known)
        change_id = self._note(owner, kind, steps, undoes)
        self._forget_oldest(owner, [step.item for step in steps])
        self._session.commit()
        return change_id, steps

    def _put(self, owner: Owner, steps: Iterable[Step], known: Mapping[str, _Said]) -> None:
        now = self._clock()
        fresh, again = [], []
        for step in steps:
            values = {"tag": step.tag_after, "notes": step.notes_after, "item_hash": step.item_hash, "changed_at": now}
            if step.item in known:
                again.append(values | {"id": known[step.item].id})
            else:
                fresh.append(values | owner._asdict() | {"item": step.item})
        if fresh:
            self._session.execute(insert(AnnotationRow), fresh)
        if again:
            self._session.execute(update(AnnotationRow), again)

    def _note(self, owner: Owner, kind: str, steps: Iterable[Step], undoes: int) -> int:
        change = AnnotationChange(**owner._asdict(), kind=kind, at=self._clock(), undoes=undoes)
        self._session.add(change)
        self._session.flush()
        self._session.execute(insert(AnnotationStep), [{"change_id": change.id, **step._asdict()} for step in steps])
        return change.id

    def mark_undone(self, change: AnnotationChange) -> None:
        change.undone_at = self._clock()
        self._session.commit()

    def _count(self, owner: Owner) -> int:
        return (
            self._session.scalar(select(func.count()).select_from(AnnotationRow).where(_of(AnnotationRow, owner))) or 0
        )

    def _forget_oldest(self, owner: Owner, items: Iterable[str]) -> None:
        """Of each item the newest changes are kept."""
        step, change = AnnotationStep, AnnotationChange
        place = func.row_number().over(partition_by=step.item, order_by=step.id.desc()).label("place")
        forgotten = 0
        for some in _portions(items):
            every = select(step.id, place).join(change, change.id == step.change_id)
            numbered = every.where(_of(change, owner), step.item.in_(some)).subquery()
            old = select(numbered.c.id).where(numbered.c.place > STEPS_OF_AN_ITEM)
            done = self._session.execute(delete(step).where(step.id.in_(old)).returning(step.id))
            forgotten += len(done.all())
        if forgotten:
            has_steps = exists().where(step.change_id == change.id)
            self._session.execute(delete(change).where(_of(change, owner), ~has_steps))


def _of(table: type[AnnotationRow | AnnotationChange], owner: Owner) -> ColumnElement[bool]:
    return and_(table.account_id == owner.account_id, table.membership_id == owner.membership_id)


def _portions(items: Iterable[str]) -> Iterator[list[str]]:
    every = list(dict.fromkeys(items))
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def _nameless(said: Iterable[Annotation], known: Iterable[Label]) -> list[Label]:
    """Tags whose label is gone, which an undo brought back."""
    gone = {each.tag for each in said} - {"", *USUAL, *(label.name for label in known)}
    return [Label(name, PLAIN_COLOUR) for name in sorted(gone)]


def _steps(wanted: Mapping[str, Wanted], known: Mapping[str, _Said]) -> Iterator[Step]:
    for item, now in wanted.items():
        was = known.get(item, _NOTHING)
        if (was.tag, was.notes) != (now.tag, now.notes):
            yield Step(item, now.item_hash or was.item_hash, was.tag, now.tag, was.notes, now.notes)
