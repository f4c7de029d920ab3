"""Farming mode: slots of one character that are kept free while its player is playing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class Farming(Base):
    """One session of it, of which an account has one at a time. `slots` are kept free per bucket.

    `ended_at` is None while it goes on.

    `end_reason`: stopped, over, reconnect, gone. `checked_at` is when somebody last looked, or set out to.
    """

    __tablename__ = "farmings"
    __table_args__ = (
        Index("ix_farmings_account_id_ended_at", "account_id", "ended_at"),
        Index(
            "ux_farmings_under_way",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    membership_type: Mapped[int]
    membership_id: Mapped[str] = mapped_column(String(20))
    character_id: Mapped[str] = mapped_column(String(20))
    slots: Mapped[int]
    is_vault_full: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(12), default="")
