"""Wish lists of a person: which rolls of which items somebody recommends, from a file or an address."""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.models.base import Base, UtcDateTime


class PackedText(TypeDecorator[str]):
    """A long text, compressed in the table: lists say the same words again and again."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        return None if value is None else zlib.compress(value.encode(), 6)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else zlib.decompress(value).decode()


class WishList(Base):
    """One list. `source` is an address, or "" for a file, whose name is `file_name`.

    `state`: waiting (a worker has still to fetch it), ready, failed (`problem` says why; what was read before stays).
    `rolls` is the list as app.inventory.wishes writes it down, `version` a digest of that. `faults` are the first lines
    that could not be read, `fault_count` is how many there were. `tag` is the server's name of what it sent last.
    """

    __tablename__ = "wish_lists"
    __table_args__ = (UniqueConstraint("user_id", "public_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    position: Mapped[int]
    source: Mapped[str] = mapped_column(String(400), default="")
    file_name: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(8))
    problem: Mapped[str] = mapped_column(String(20), default="")
    roll_count: Mapped[int] = mapped_column(default=0)
    item_count: Mapped[int] = mapped_column(default=0)
    fault_count: Mapped[int] = mapped_column(default=0)
    faults: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[str] = mapped_column(String(32), default="")
    tag: Mapped[str] = mapped_column(String(200), default="")
    rolls: Mapped[str] = mapped_column(PackedText, default="", deferred=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
