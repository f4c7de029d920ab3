"""A world: the recorded (or made) answers of Bungie.net that a sandbox starts from. Never changed once loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.sandbox.definitions import ItemFacts
from app.sandbox.drawing import Picture
from app.sandbox.envelope import Json
from app.sandbox.files import read_json
from app.sandbox.manifest import Manifest, load_manifest


@dataclass(frozen=True, slots=True)
class RecordedAccount:
    """One player's answers, without envelopes. `vendors` is one GetVendors answer, or one per character id."""

    membership_id: str
    linked: Json
    profile: Json
    vendors: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """Accounts and the manifest they refer to.

    `pictures` are drawn images by path; `known_items` are facts of items that the manifest does not define.
    """

    name: str
    accounts: tuple[RecordedAccount, ...]
    manifest: Manifest
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    known_items: Mapping[int, ItemFacts] = field(default_factory=dict)


def load_world(directory: Path) -> World:
    """The world recorded in `directory`. Raises `ValueError` saying what is missing or unreadable."""
    accounts = tuple(_load_account(folder) for folder in sorted((directory / "accounts").glob("*/")))
    if not accounts:
        raise ValueError(f"{directory} holds no accounts (accounts/<membershipId>/profile.json)")
    return World(directory.name, accounts, load_manifest(directory))


def _load_account(folder: Path) -> RecordedAccount:
    profile = read_json(folder, "profile.json")
    linked = read_json(folder, "linked.json")
    if profile is None or linked is None:
        raise ValueError(f"{folder} needs both profile.json and linked.json")
    return RecordedAccount(folder.name, linked, profile, read_json(folder, "vendors.json") or {})
