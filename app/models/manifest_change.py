"""What each new version of the definitions changed about items, told in the site's first language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcDateTime


class ManifestChange(Base):
    """One switch. Written before it happens and published (`published_at`) once it has, so that none is lost.

    `build` is the id of the stored version; `counts` say how many items changed in which way.
    """

    __tablename__ = "manifest_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    build: Mapped[str] = mapped_column(String(32), unique=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    version_from: Mapped[str] = mapped_column(String(80), default="")
    version_to: Mapped[str] = mapped_column(String(80), default="")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class ChangedItem(Base):
    """One item that changed in one way. `detail` has what was and what is now, as [old, new] by name or stat hash."""

    __tablename__ = "manifest_changed_items"
    __table_args__ = (Index("ix_manifest_changed_items_change_id_kind", "change_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("manifest_changes.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    item_hash: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text, default="")
    icon: Mapped[str] = mapped_column(Text, default="")
    type_name: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
