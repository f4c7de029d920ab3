"""Searches of a person: those kept under a name, and the last ones that were asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class SavedSearch(Base):
    """A search under a name. `position` counts from the top of the person's list; gaps mean nothing."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("user_id", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(String(512))
    position: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecentSearch(Base):
    """A search that somebody asked, once per text: asking again makes it the newest."""

    __tablename__ = "recent_searches"
    __table_args__ = (UniqueConstraint("user_id", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(512))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
