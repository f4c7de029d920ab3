"""Files of tags and notes: read, compared with what is there, and taken in at their owner's word."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, scoped_session

from app.inventory.annotations.files import Content, Fault, read_file, to_csv, to_json
from app.inventory.annotations.marks import (
    MOST_LABELS,
    PLAIN_COLOUR,
    USUAL,
    Annotation,
    Annotations,
    Label,
    Why,
)
from app.inventory.annotations.merge import Policy, Row, Summary, compared, merged
from app.models import AnnotationImport, TagLabel
from app.services.annotations import book as kinds
from app.services.annotations.book import AnnotationBook, Owner, Wanted, owner_of
from app.services.annotations.service import AnnotationService, Told
from app.services.clock import Clock
from app.services.sessions import Viewer


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was read and not yet taken in: what it says, and what that would change."""

    content: Content
    summary: Summary
    at: datetime


class AnnotationFiles:
    def __init__(
        self, session: scoped_session[Session], book: AnnotationBook, annotations: AnnotationService, clock: Clock
    ) -> None:
        self._session = session
        self._book = book
        self._annotations = annotations
        self._clock = clock

    def as_json(self, viewer: Viewer) -> str:
        return to_json(self._book.of(viewer), viewer.membership_id, self._clock().isoformat())

    def as_csv(self, viewer: Viewer, locale: str) -> str:
        said = self._book.of(viewer)
        hashes = {each.item_hash for each in said.by_key.values()}
        return to_csv(said, self._annotations.names(locale, hashes))

    def take(self, viewer: Viewer, data: bytes) -> None:
        """Reads a file and keeps what it says until its owner decides; an earlier one is dropped. Raises Unfit."""
        content = _with_labels(read_file(data, viewer.membership_id), self._book.of(viewer))
        owner = owner_of(viewer)
        row = owner._asdict() | {"at": self._clock(), "content": _packed(content)}
        self._book.begin(owner)
        self._session.execute(delete(AnnotationImport).where(AnnotationImport.account_id == owner.account_id))
        self._session.execute(insert(AnnotationImport), [row])
        self._session.commit()

    def waiting(self, viewer: Viewer) -> Waiting | None:
        """The file that waits, compared with what is there now. Raises a BungieError when nothing of them is known."""
        found = self._found(owner_of(viewer))
        if found is None:
            return None
        content = _unpacked(found.content)
        summary = compared(content.rows, self._book.of(viewer).by_key, self._annotations.owned(viewer))
        return Waiting(content, summary, found.at)

    def apply(self, viewer: Viewer, policy: Policy) -> Told | None:
        """Takes the waiting file in, as one change. None when none waits. Raises TooManyError; then it still waits."""
        owner = owner_of(viewer)
        found = self._found(owner)
        if found is None:
            return None
        content = _unpacked(found.content)
        self._book.begin(owner)
        self._add_labels(owner, content)
        known = self._book.dated(owner, [row.key for row in content.rows])
        wanted = {row.key: _wanted(row, known.get(row.key, Annotation()), policy) for row in content.rows}
        self._session.execute(delete(AnnotationImport).where(AnnotationImport.account_id == owner.account_id))
        done, steps = self._book.write(owner, kinds.IMPORT, wanted)
        return Told(done, kinds.IMPORT, len(steps), tuple(steps[:5]))

    def drop(self, viewer: Viewer) -> None:
        """Forgets the file that waits."""
        owner = owner_of(viewer)
        self._session.execute(delete(AnnotationImport).where(AnnotationImport.account_id == owner.account_id))
        self._session.commit()

    def _found(self, owner: Owner) -> AnnotationImport | None:
        query = select(AnnotationImport).where(
            AnnotationImport.account_id == owner.account_id, AnnotationImport.membership_id == owner.membership_id
        )
        return self._session.scalars(query).first()

    def _add_labels(self, owner: Owner, content: Content) -> None:
        """Labels that the file brings; those that are there keep their colour."""
        names = select(TagLabel.name).where(TagLabel.account_id == owner.account_id)
        known = {name.casefold() for name in self._session.scalars(names)}
        fresh = [
            {"account_id": owner.account_id, **label._asdict()}
            for label in content.labels
            if label.name.casefold() not in known
        ]
        if room := fresh[: max(0, MOST_LABELS - len(known))]:
            self._session.execute(insert(TagLabel), room)


def _wanted(row: Row, mine: Annotation, policy: Policy) -> Wanted:
    return Wanted(row.item_hash, *merged(mine, row, policy))


def _with_labels(content: Content, said: Annotations) -> Content:
    """Every tag of the file is a usual one or a label; what is one too many is told and left out."""
    labels = {label.name.casefold(): label for label in said.labels}
    rows, faults = [], list(content.faults)
    brought = {label.name.casefold(): label for label in content.labels}
    for row in content.rows:
        key = row.tag.casefold()
        if row.tag and row.tag not in USUAL and key not in labels:
            if len(labels) >= MOST_LABELS:
                faults.append(Fault(row.place, Why.TOO_MANY, row.tag))
                continue
            labels[key] = brought.get(key, Label(row.tag, PLAIN_COLOUR))
        rows.append(row._replace(tag=labels[key].name) if key in labels else row)
    for key, label in brought.items():
        if len(labels) < MOST_LABELS:
            labels.setdefault(key, label)
    return replace(content, rows=tuple(rows), faults=tuple(faults), labels=tuple(labels.values()))


def _packed(content: Content) -> str:
    return json.dumps([content.rows, content.faults, content.labels, content.strangers], ensure_ascii=False)


def _unpacked(text: str) -> Content:
    rows, faults, labels, strangers = json.loads(text)
    told = (Fault(place, Why(why), said) for place, why, said in faults)
    return Content(tuple(Row(*row) for row in rows), tuple(told), tuple(Label(*each) for each in labels), strangers)
