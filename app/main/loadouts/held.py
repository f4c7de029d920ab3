"""Which loadouts hold a copy -> the lines of its own page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for
from flask_babel import gettext

from app.inventory.loadouts.capture import saved_holding
from app.main.loadouts.pieces import class_name
from app.main.loadouts.saved import title_of
from app.main.loadouts.viewmodels import HolderLine
from app.services.item import ItemSnapshot
from app.services.loadouts.shelf import Kept


def holder_lines(snapshot: ItemSnapshot, own: Iterable[Kept]) -> tuple[HolderLine, ...]:
    """The player's own, then those of the game."""
    return (*_own(own), *_of_the_game(snapshot))


def _own(kept: Iterable[Kept]) -> Iterator[HolderLine]:
    for each in kept:
        href = url_for("main.loadout", public_id=each.public_id)
        yield HolderLine(each.build.name, href, class_name(each.build.class_type))


def _of_the_game(snapshot: ItemSnapshot) -> Iterator[HolderLine]:
    for character, saved in saved_holding(snapshot.profile, snapshot.item.instance_id):
        href = url_for("main.in_game", character_id=character.id, _anchor=f"slot-{saved.slot + 1}")
        note = gettext("In the game, %(character)s", character=class_name(character.class_type))
        yield HolderLine(title_of(saved, snapshot.definitions), href, note)
