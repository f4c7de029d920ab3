"""One attempt to refresh the definitions, from the wish to the outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, UtcDateTime
from app.models.user import User

QUEUED, RUNNING, SWITCHED, UNCHANGED, SKIPPED, FAILED = (
    "queued", "running", "switched", "unchanged", "skipped", "failed",
)  # fmt: skip


class ManifestRun(Base):
    """`slot` is ACTIVE while the run is queued or running and NULL afterwards: unique, so there is at most one.

    `lock_owner` is the owner of the lock that a running run holds; once the lock is another's, the run is dead.
    """

    __tablename__ = "manifest_runs"

    ACTIVE = "active"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    slot: Mapped[str | None] = mapped_column(String(8), unique=True)
    lock_owner: Mapped[str] = mapped_column(String(32), default="")
    trigger: Mapped[str] = mapped_column(String(16))
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(16), index=True)
    stage: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locales: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    version_from: Mapped[str] = mapped_column(String(80), default="")
    version_to: Mapped[str] = mapped_column(String(80), default="")
    path: Mapped[str] = mapped_column(Text, default="")
    bytes_downloaded: Mapped[int] = mapped_column(BigInteger, default=0)
    rows_read: Mapped[int] = mapped_column(default=0)
    records_written: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")

    requester: Mapped[User | None] = relationship()
