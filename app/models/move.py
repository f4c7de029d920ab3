"""Moves that players asked for: batches of orders, and every request to Bungie with what came of it.

A step is written before it is carried out and again after it, so that whoever continues after a crash knows where to
look.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, UtcDateTime


class MoveBatch(Base):
    """What one form asked for. `key` comes from the form: the same form sent twice is one batch.

    `state`: waiting, running, done, partly (some orders failed), failed, cancelled. `undoes` and `farming` name the
    batch that it takes back and the farming that ordered it, "" for none.
    """

    __tablename__ = "move_batches"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_move_batches_account_id_created_at", "account_id", "created_at"),
        Index("ix_move_batches_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    membership_type: Mapped[int]
    membership_id: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(12))
    wants_cancel: Mapped[bool] = mapped_column(default=False)
    undoes: Mapped[str] = mapped_column(String(32), default="")
    farming: Mapped[str] = mapped_column(String(32), default="", server_default="")
    request_id: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    orders: Mapped[list[MoveOrder]] = relationship(
        back_populates="batch", cascade="all, delete-orphan", passive_deletes=True, order_by="MoveOrder.position"
    )


class MoveOrder(Base):
    """One item's part. `action`: move, lock, unlock, track, untrack, plug, wearset.

    Stores are a character id, vault or account. `came_from` is where our picture had the item before the first
    step; of a plug it is the one that sat there, for undoing. `slot` is the socket for `plug_hash`, or the in-game
    loadout. `state`: waiting, done, refused, unsure, cancelled; `obstacle` is a word of the planner, `code` Bungie's
    own (0 = none). `replaced_id` with `replaced_hash` is what steps tell now, as it was written before they did.
    """

    __tablename__ = "move_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("move_batches.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    action: Mapped[str] = mapped_column(String(8))
    item_hash: Mapped[int] = mapped_column(BigInteger)
    instance_id: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(default=1)
    equip: Mapped[bool] = mapped_column(default=False)
    slot: Mapped[int] = mapped_column(default=0, server_default="0")
    plug_hash: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    came_from: Mapped[str] = mapped_column(String(20), default="")
    replaced_hash: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    replaced_id: Mapped[str] = mapped_column(String(20), default="", server_default="")
    state: Mapped[str] = mapped_column(String(12))
    obstacle: Mapped[str] = mapped_column(String(24), default="")
    code: Mapped[int] = mapped_column(default=0)

    batch: Mapped[MoveBatch] = relationship(back_populates="orders")
    steps: Mapped[list[MoveStep]] = relationship(
        back_populates="order", cascade="all, delete-orphan", passive_deletes=True, order_by="MoveStep.id"
    )


class MoveStep(Base):
    """One request to Bungie. `state`: planned, asked (nobody knows yet), done, refused, dropped (planned anew).

    `held_before` is how many pieces lay at the source when it was asked: what tells afterwards whether a stack moved.
    `replaced_id` with `replaced_hash` is what came off when something was put on: what undoing wears again.
    """

    __tablename__ = "move_steps"
    __table_args__ = (Index("ix_move_steps_account_id_ended_at", "account_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"))
    order_id: Mapped[int] = mapped_column(ForeignKey("move_orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    item_hash: Mapped[int] = mapped_column(BigInteger)
    instance_id: Mapped[str] = mapped_column(String(20), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    character_id: Mapped[str] = mapped_column(String(20))
    slot: Mapped[int] = mapped_column(default=0, server_default="0")
    plug_hash: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    because: Mapped[str] = mapped_column(String(12))
    held_before: Mapped[int] = mapped_column(default=0)
    replaced_hash: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    replaced_id: Mapped[str] = mapped_column(String(20), default="", server_default="")
    state: Mapped[str] = mapped_column(String(8))
    code: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    order: Mapped[MoveOrder] = relationship(back_populates="steps")


class MoveQueue(Base):
    """Who works on an account's moves: one process at a time, until `lease_until` unless it says it lives."""

    __tablename__ = "move_queues"

    account_id: Mapped[int] = mapped_column(ForeignKey("bungie_accounts.id", ondelete="CASCADE"), primary_key=True)
    owner: Mapped[str] = mapped_column(String(32), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
