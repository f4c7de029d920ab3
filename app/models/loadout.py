"""Loadouts that players keep here: what to wear and carry, with the plugs in its sockets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class Loadout(Base):
    """One loadout of one game account. `class_type` 3 is any class.

    `pieces` is a list of {"hash", "id" ("" = any copy), "worn", "plugs": [[socket, plug hash], ...]}. A deleted one
    has `deleted_at` and stays for a day, so that deleting can be undone.
    """

    __tablename__ = "loadouts"
    __table_args__ = (Index("ix_loadouts_account_id_membership_id", "account_id", "membership_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    membership_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(64))
    class_type: Mapped[int]
    notes: Mapped[str] = mapped_column(Text, default="")
    pieces: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
