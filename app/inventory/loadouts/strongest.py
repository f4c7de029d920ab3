"""The strongest that a character can wear, as a loadout."""

from __future__ import annotations

from app.inventory.arrange import Inventory
from app.inventory.loadouts.model import Piece
from app.inventory.power import power_sheet
from app.inventory.profile import Character


def strongest_pieces(inventory: Inventory, character: Character) -> tuple[Piece, ...]:
    """The best of every slot with one exotic of a kind at most; slots without anything of known power are left out."""
    best = (slot.best for slot in power_sheet(inventory, character).slots)
    return tuple(Piece(each.item.hash, each.item.instance_id) for each in best if each and each.item.instance_id)
