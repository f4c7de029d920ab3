"""A Bungie.net account that somebody connected: sealed tokens, their ends, and the memberships behind it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, UtcDateTime


class BungieAccount(Base):
    """Tokens are Fernet text bound to `membership_id`; "" after the grant was lost, then `needs_reconnect` is true.

    `lease_until` is held by the one process that refreshes; `token_version` counts the pairs stored so far.
    The game numbers copies as they come into being: those above `seen_up_to` are new to the player, `newest_item` is
    the highest number shown so far, at `looked_at`.
    `annotations_version` is 0 without tags and notes, and another random number after every change of them.
    """

    __tablename__ = "bungie_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(128), default="")
    chosen_membership_id: Mapped[str] = mapped_column(String(20), default="")
    access_token: Mapped[str] = mapped_column(Text, default="")
    refresh_token: Mapped[str] = mapped_column(Text, default="")
    key_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    access_ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refresh_ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    connected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    needs_reconnect: Mapped[bool] = mapped_column(default=False)
    token_version: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    annotations_version: Mapped[int] = mapped_column(default=0, server_default="0")
    seen_up_to: Mapped[str] = mapped_column(String(20), default="", server_default="")
    newest_item: Mapped[str] = mapped_column(String(20), default="", server_default="")
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list[DestinyMembership]] = relationship(
        back_populates="account", cascade="all, delete-orphan", passive_deletes=True
    )


class DestinyMembership(Base):
    """One platform account behind a Bungie.net account, as the last sign-in found it."""

    __tablename__ = "destiny_memberships"
    __table_args__ = (UniqueConstraint("account_id", "membership_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[str] = mapped_column(String(20))
    membership_type: Mapped[int]
    name: Mapped[str] = mapped_column(String(128), default="")
    last_played: Mapped[str] = mapped_column(String(40), default="")
    is_cross_save_primary: Mapped[bool] = mapped_column(default=False)

    account: Mapped[BungieAccount] = relationship(back_populates="memberships")
