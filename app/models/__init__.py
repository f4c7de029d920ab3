"""The tables, one noun a file. Importing this package makes them all known to the metadata."""

from app.models.annotation import (
    AnnotationChange,
    AnnotationImport,
    AnnotationRow,
    AnnotationStep,
    TagLabel,
)
from app.models.audit_event import AuditEvent
from app.models.base import Base
from app.models.bungie_account import BungieAccount, DestinyMembership
from app.models.farming import Farming
from app.models.loadout import Loadout
from app.models.login_session import LoginSession
from app.models.manifest_change import ChangedItem, ManifestChange
from app.models.manifest_run import ManifestRun
from app.models.move import MoveBatch, MoveOrder, MoveQueue, MoveStep
from app.models.saved_search import RecentSearch, SavedSearch
from app.models.user import ROLES, User
from app.models.visit import Visit
from app.models.wish_list import WishList

__all__ = [
    "ROLES", "AnnotationChange", "AnnotationImport", "AnnotationRow", "AnnotationStep", "AuditEvent",
    "Base", "BungieAccount", "ChangedItem", "DestinyMembership", "Farming", "Loadout", "LoginSession",
    "ManifestChange", "ManifestRun", "MoveBatch", "MoveOrder", "MoveQueue", "MoveStep", "RecentSearch", "SavedSearch",
    "TagLabel", "User", "Visit", "WishList",
]  # fmt: skip
