"""A player's gear as a table: what it shows, and which columns a person wants to see."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from app.inventory.organizer.desk import Desk, Extras
from app.inventory.search.facts import Collection, Subject, subjects_of
from app.inventory.search.keyword import Need
from app.inventory.search.narrow import everything
from app.manifest.plans import LOADOUT_NAME
from app.services.search import Found, SearchService
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot

# Plugs, where items come from, and what their counters count: every column can be answered from these.
NEED = Need.PLUGS | Need.COLLECTIBLES | Need.OBJECTIVES


@dataclass(frozen=True, slots=True)
class Laid:
    """What a search found, as rows, and the desk that tells everything of them and of all other copies."""

    found: Found
    desk: Desk
    rows: Sequence[Subject]

    @property
    def everything(self) -> Sequence[Subject]:
        return self.desk.facts.subjects


class OrganizerService:
    def __init__(self, search: SearchService) -> None:
        self._search = search

    def load(self, viewer: Viewer, locale: str, text: str) -> Laid:
        """The viewer's copies that the text asks for; all of them if it asks nothing, or has an error."""
        found, facts = self._search.look(viewer, locale, text, NEED)
        rows = subjects_of(everything(found.snapshot.inventory))
        return Laid(found, Desk(facts, _extras(found.snapshot, facts)), rows)


def _extras(snapshot: VaultSnapshot, facts: Collection) -> Extras:
    new = frozenset(each.key for each in facts.subjects if each.item.instance_id and facts.own.is_new(each.key))
    said = snapshot.annotations
    notes = {key: each.notes for key, each in said.by_key.items() if each.notes}
    wishes = facts.once("wishes", facts.own.wishes)
    return Extras(
        tags=said.tags,
        notes=notes,
        loadouts=_loadouts(snapshot, facts),
        new=new,
        wishes={copy: "down" if wish.is_trash else "up" for copy, wish in wishes.items()},
        wish_notes={copy: wish.notes for copy, wish in wishes.items() if wish.notes},
    )


def _loadouts(snapshot: VaultSnapshot, facts: Collection) -> Mapping[str, tuple[str, ...]]:
    """Names of the loadouts that a copy is part of: those saved in the game, then the player's own."""
    names: dict[str, dict[str, None]] = {}
    for store in snapshot.inventory.characters:
        for loadout in snapshot.details.loadouts(store.character.id) or ():
            named = snapshot.definitions.named(LOADOUT_NAME, loadout.name_hash)
            name = named.name if named and named.name else str(loadout.slot + 1)
            for piece in loadout.items:
                names.setdefault(piece.instance_id, {})[name] = None
    for copy, own in facts.own.loadouts().items():
        names.setdefault(copy, {}).update(dict.fromkeys(each.name for each in own))
    return {copy: tuple(found) for copy, found in names.items()}


class ColumnChoices:
    """Which columns and which order somebody wants, as a signed text for a cookie. It is worth nothing to others.

    A choice goes by the kind of gear: "power,perks;-power".
    """

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(
            secret, salt="columns of a table", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def written(self, user_id: int, choices: Mapping[str, str]) -> str:
        text: str = self._serializer.dumps([user_id, dict(choices)])
        return text

    def read(self, user_id: int, text: str) -> dict[str, str]:
        """Nothing for a text that is forged, of somebody else, or not there."""
        try:
            owner, choices = self._serializer.loads(text)
        except (BadSignature, ValueError, TypeError):
            return {}
        return choices if owner == user_id and isinstance(choices, dict) else {}
