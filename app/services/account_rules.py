"""What an account may be: its name, its role and its password."""

from __future__ import annotations

import unicodedata

from app.inventory.sentences import N_
from app.models import ROLES
from app.services.password_rules import objection

_LONGEST_NAME = 64


class StaffError(Exception):
    """Why an account cannot be made or changed, as a sentence."""


def clean_name(name: str) -> str:
    """The one spelling of a name. NUL is no letter anywhere, and PostgreSQL refuses to look for it."""
    return unicodedata.normalize("NFKC", name.replace("\0", "")).strip().casefold()


def checked_name(name: str) -> str:
    """The clean name; raises StaffError for one that will not do."""
    name = clean_name(name)
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise StaffError(N_("The name must have 1 to 64 characters."))
    return name


def check_role(role: str) -> None:
    if role not in ROLES:
        raise StaffError(f"The role must be one of {', '.join(ROLES)}.")


def check_password(password: str, name: str) -> None:
    sentence = objection(password, name)
    if sentence:
        raise StaffError(sentence)
