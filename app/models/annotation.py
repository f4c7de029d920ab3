"""A player's own order among their items: tags, notes, labels, and every change of them, so that none is ever lost.

Nothing here goes away because an item does: an item that Bungie does not list today may be back tomorrow.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class AnnotationRow(Base):
    """What is said of one item. `item` is an instance id, or the hash of what has none; `item_hash` names it for ever.

    `tag` is one of the five usual ones, the name of a label, or "".
    """

    __tablename__ = "annotations"
    __table_args__ = (UniqueConstraint("account_id", "membership_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    membership_id: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(20))
    item_hash: Mapped[int] = mapped_column(BigInteger, default=0)
    tag: Mapped[str] = mapped_column(String(24), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TagLabel(Base):
    """A tag of the player's own, with the name of its colour."""

    __tablename__ = "tag_labels"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(24))
    colour: Mapped[str] = mapped_column(String(12))


class AnnotationChange(Base):
    """One thing that the player did. `kind`: tag, note, import, undo. `undoes` is the change taken back, or 0."""

    __tablename__ = "annotation_changes"
    __table_args__ = (Index("ix_annotation_changes_account_id_membership_id", "account_id", "membership_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    membership_id: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undoes: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnnotationStep(Base):
    """What a change did to one item."""

    __tablename__ = "annotation_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("annotation_changes.id", ondelete="CASCADE"), index=True)
    item: Mapped[str] = mapped_column(String(20), index=True)
    item_hash: Mapped[int] = mapped_column(BigInteger, default=0)
    tag_before: Mapped[str] = mapped_column(String(24), default="")
    tag_after: Mapped[str] = mapped_column(String(24), default="")
    notes_before: Mapped[str] = mapped_column(Text, default="")
    notes_after: Mapped[str] = mapped_column(Text, default="")


class AnnotationImport(Base):
    """A file that was read and waits for its owner's word. One at a time; `content` is what was read, as JSON."""

    __tablename__ = "annotation_imports"

    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[str] = mapped_column(Text)
