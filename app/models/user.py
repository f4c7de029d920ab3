"""A person who can sign in: staff with a name and password, players through Bungie, or one row that is both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime

ROLES = ("player", "poster", "admin")


class User(Base):
    """`password_hash` is bcrypt's, "" for people who sign in through Bungie only."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(100), default="")
    role: Mapped[str] = mapped_column(String(16), default="player")
    is_active: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_account_id: Mapped[int | None]  # which linked Bungie account is looked at; no key, it may be gone
    language: Mapped[str | None] = mapped_column(String(8))  # Bungie's name of it; None: as the browser asks
    vault_sort: Mapped[str] = mapped_column(String(200), default="", server_default="")
    vault_group: Mapped[str] = mapped_column(String(16), default="", server_default="")
    vault_folded: Mapped[str] = mapped_column(Text, default="", server_default="")  # names of sections, one a word
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
