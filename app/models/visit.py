"""When a player looked at their items, and how far the game had numbered copies by then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class Visit(Base):
    """A visit that is over. Copies numbered above `newest_item` had not been shown to the player by `ended_at`."""

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_account_id_ended_at", "account_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    newest_item: Mapped[str] = mapped_column(String(20))
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
