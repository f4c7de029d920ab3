"""Farming mode -> the panel on the page of moves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.moves.farming import LEAST_SLOTS, MOST_SLOTS
from app.inventory.profile import Character
from app.main import words
from app.main.viewmodels import CharacterView
from app.services.moves.farming import FarmingReport
from app.services.moves.pictures import MoveNames

_USUAL_SLOTS = 3
_ENDS: dict[str, LazyString] = {
    "stopped": _l("You have ended it."),
    "over": _l("It has ended by itself after two hours."),
    "reconnect": _l("It has ended because our permission for your account has. Connect again."),
    "gone": _l("It has ended because the character is gone."),
}


@dataclass(frozen=True, slots=True)
class FarmingView:
    """`says` are sentences about the last or present session; `undo` names one to take back, "" for none.

    `characters` (id, words, whether chosen) and `slots` (number, whether chosen) are what can be chosen.
    """

    is_on: bool
    says: tuple[str, ...]
    undo: str
    key: str
    characters: tuple[tuple[str, str, bool], ...]
    slots: tuple[tuple[int, bool], ...]


def farming_view(last: FarmingReport | None, names: MoveNames, now: datetime, key: str) -> FarmingView:
    is_on = last is not None and last.ended_at is None
    chosen = last.character_id if last else ""
    slots = last.slots if last else _USUAL_SLOTS
    return FarmingView(
        is_on=is_on,
        says=_says(last, names, now) if last else (),
        undo=last.public_id if last and not is_on and last.moved else "",
        key=key,
        characters=tuple((each.id, _class(each), each.id == chosen) for each in names.characters),
        slots=tuple((number, number == slots) for number in range(LEAST_SLOTS, MOST_SLOTS + 1)),
    )


def farming_line(under_way: tuple[str, int] | None, characters: Iterable[CharacterView]) -> str:
    """What pages of items tell of it while it goes on; "" when it does not."""
    if under_way is None:
        return ""
    name = next((each.class_name for each in characters if each.id == under_way[0]), gettext("Guardian"))
    return ngettext(
        "Farming mode is on: %(num)d place is kept free in every slot of your %(character)s.",
        "Farming mode is on: %(num)d places are kept free in every slot of your %(character)s.",
        under_way[1], character=name,
    )  # fmt: skip


def _says(last: FarmingReport, names: MoveNames, now: datetime) -> tuple[str, ...]:
    moved = ngettext("%(num)d item went to the vault.", "%(num)d items went to the vault.", last.moved)
    if last.ended_at is not None:
        return (moved, str(_ENDS.get(last.end_reason, "")))
    character = next((_class(each) for each in names.characters if each.id == last.character_id), "")
    left = max(1, math.ceil((last.ends_at - now).total_seconds() / 60))
    kept = ngettext(
        "%(num)d place is kept free in every slot of your %(character)s.",
        "%(num)d places are kept free in every slot of your %(character)s.",
        last.slots, character=character,
    )  # fmt: skip
    ends = ngettext("It ends in %(num)d minute.", "It ends in %(num)d minutes.", left)
    full = (gettext("The vault is full, so nothing can make room."),) if last.is_vault_full else ()
    return (kept, moved, *full, ends)


def _class(character: Character) -> str:
    return str(words.CLASSES.get(character.class_type, gettext("Guardian")))
