"""How the game's own loadouts are called and look, and how they stand, in words: for every page that shows them."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from app.inventory.definitions import Definitions
from app.inventory.profile import Loadout
from app.main.tiles import Picture

NAME, ICON, COLOR = (f"DestinyLoadout{each}Definition" for each in ("Name", "Icon", "Color"))


def title_of(saved: Loadout, definitions: Definitions) -> str:
    """The name that the player chose, or the number of its slot."""
    named = definitions.named(NAME, saved.name_hash)
    return (named.name if named else "") or unnamed(saved.slot)


def unnamed(slot: int) -> str:
    return gettext("Loadout %(number)s", number=slot + 1)


def art(saved: Loadout, definitions: Definitions, picture: Picture) -> tuple[str, str]:
    """The addresses of its icon and of the colour behind it, each "" where there is none."""
    found = (definitions.named(ICON, saved.icon_hash), definitions.named(COLOR, saved.color_hash))
    icon, color = (picture(each.icon if each else "") for each in found)
    return icon, color


def standing(gone: int, away: int) -> str:
    """What is missing, and what is elsewhere."""
    sentences = []
    if gone:
        sentences.append(
            ngettext("%(num)d piece does not exist any more.", "%(num)d pieces do not exist any more.", gone)
        )
    if away:
        sentences.append(ngettext("%(num)d piece has to be fetched.", "%(num)d pieces have to be fetched.", away))
    return " ".join(sentences) or gettext("Everything is on this character.")


def not_sent() -> str:
    return gettext("Bungie did not send the loadouts that are saved in the game.")
