"""How an item can change from one version of the definitions to the next."""

from __future__ import annotations

from enum import StrEnum


class ChangeKind(StrEnum):
    """In the order in which they are told. An item may have changed in several ways."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RESTATTED = "restatted"
    RECLASSIFIED = "reclassified"
