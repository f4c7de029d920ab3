"""A player's own tags: made, renamed, painted, taken away once nothing carries them."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, scoped_session

from app.inventory.annotations.marks import COLOURS, MOST_LABELS, Unfit, Why, clean_label
from app.models import AnnotationChange, AnnotationRow, AnnotationStep, TagLabel
from app.services.annotations.book import AnnotationBook, owner_of
from app.services.sessions import Viewer


class LabelInUseError(Exception):
    """Items still carry the label: taking it away would take it from them."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(name)
        self.name = name
        self.count = count


class LabelService:
    def __init__(self, session: scoped_session[Session], book: AnnotationBook) -> None:
        self._session = session
        self._book = book

    def make(self, viewer: Viewer, name: str, colour: str) -> str:
        """The name as it is kept. Raises Unfit: no name, too long, there already, one too many, no such colour."""
        kept = clean_label(name)
        self._book.begin(owner_of(viewer))
        self._check(viewer, kept, colour)
        self._session.execute(insert(TagLabel), [{"account_id": viewer.account_id, "name": kept, "colour": colour}])
        self._session.commit()
        return kept

    def change(self, viewer: Viewer, name: str, new_name: str, colour: str) -> str | None:
        """Renames and paints a label wherever it stands, in the history too. None when there is no such label."""
        kept = clean_label(new_name)
        self._book.begin(owner_of(viewer))
        if name not in self._names(viewer):
            self._session.rollback()
            return None
        self._check(viewer, kept, colour, but=name)
        self._rename(viewer.account_id or 0, name, kept, colour)
        self._session.commit()
        return kept

    def remove(self, viewer: Viewer, name: str) -> bool:
        """False when there is no such label. Raises LabelInUseError."""
        row = AnnotationRow
        self._book.begin(owner_of(viewer))
        carried = select(func.count()).select_from(row).where(row.account_id == viewer.account_id, row.tag == name)
        count = self._session.scalar(carried) or 0
        if count:
            self._session.rollback()
            raise LabelInUseError(name, count)
        gone = delete(TagLabel).where(TagLabel.account_id == viewer.account_id, TagLabel.name == name)
        found = self._session.execute(gone.returning(TagLabel.id)).all()
        self._session.commit()
        return bool(found)

    def _names(self, viewer: Viewer) -> set[str]:
        return set(self._session.scalars(select(TagLabel.name).where(TagLabel.account_id == viewer.account_id)))

    def _check(self, viewer: Viewer, name: str, colour: str, but: str = "") -> None:
        """Raises Unfit, after which nothing is begun any more."""
        others = {each.casefold() for each in self._names(viewer) - {but}}
        why = None
        if colour not in COLOURS:
            why = Why.NO_COLOUR
        elif name.casefold() in others:
            why = Why.IS_THERE
        elif len(others) >= MOST_LABELS:
            why = Why.TOO_MANY
        if why:
            self._session.rollback()
            raise Unfit(why, name)

    def _rename(self, account_id: int, name: str, new_name: str, colour: str) -> None:
        step, change = AnnotationStep, AnnotationChange
        mine = select(change.id).where(change.account_id == account_id)
        self._session.execute(
            update(TagLabel)
            .where(TagLabel.account_id == account_id, TagLabel.name == name)
            .values(name=new_name, colour=colour)
        )
        rows = update(AnnotationRow).where(AnnotationRow.account_id == account_id, AnnotationRow.tag == name)
        self._session.execute(rows.values(tag=new_name), execution_options={"synchronize_session": False})
        for column in (step.tag_before, step.tag_after):
            steps = update(step).where(step.change_id.in_(mine), column == name).values({column.key: new_name})
            self._session.execute(steps, execution_options={"synchronize_session": False})
