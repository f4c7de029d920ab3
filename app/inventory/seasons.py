"""Which season an item is of. Bungie hardly ever says it, but lays the season's own mark over every icon.

Marks that return every year (Dawning, Solstice, Festival of the Lost, Guardian Games) tell no season.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache

from app.inventory.definitions import ItemDefinition
from app.inventory.items import Item

CURRENT = 28
# Power of the running season, as the game's own words have it.
POWER_WORDS: Mapping[str, int] = {"powerfloor": 10, "softcap": 200, "powerfulcap": 500, "pinnaclecap": 550}

SEASON_WORDS: Mapping[str, int] = {
    "current": CURRENT, "redwar": 1, "curseofosiris": 2, "warmind": 3, "outlaw": 4, "forge": 5, "drifter": 6,
    "opulence": 7, "undying": 8, "dawn": 9, "worthy": 10, "arrivals": 11, "hunt": 12, "chosen": 13, "splicer": 14,
    "lost": 15, "risen": 16, "haunted": 17, "plunder": 18, "seraph": 19, "defiance": 20, "deep": 21, "witch": 22,
    "wish": 23, "echoes": 24, "revenant": 25, "heresy": 26, "reclamation": 27, "renegades": 28, "lawless": 28,
}  # fmt: skip

_LAST_OF_YEAR = (3, 7, 11, 15, 19, 23, 26)

# The first half of a mark's file name is enough to tell it.
_BY_MARK = {
    "4f28dc0f39238fe2": 1, "7ba9d804508dd083": 2, "da5f961ef97b7829": 3, "aeb95eb1abe8e45e": 4, "e0c16042274fd7d9": 5,
    "2c022e452f395db7": 6, "c1e11e70eba15abc": 6, "58d3ec8338cc9746": 7, "a15754752f40aaf7": 8, "0b212b58a961f150": 8,
    "ede19a0e1a545642": 9, "247715dd42abef45": 10, "d105aa342f2d0c53": 11, "bce51cf90464e280": 12,
    "a5e27dc822aa7278": 12, "7b48b09fbb506346": 13, "36418dde751148bd": 14, "914322d11262322c": 15,
    "bcc26708e314306f": 15, "0b441021fbc328e6": 16, "7b41678824a620d4": 16, "75adde12e4e9c9fb": 17,
    "7d815c943977fe71": 18, "41d05b7cb5cc0a38": 19, "fc02418ad2002351": 20, "a0556509f8825756": 20,
    "ae5c7f708a36f754": 21, "2dc17f123b7449b1": 22, "6f17d323d81dd683": 23, "60d34bc853c51063": 23,
    "661c84a377389a3b": 24, "9bfaa5536772e2f3": 24, "5232219633cc4d90": 25, "0ac354c1c3264417": 26,
    "0d6c3365022ed3b0": 26, "249813e647271a82": 27, "6129365b4fad6754": 27, "4376a7d734583ae3": 27,
    "6eeb62a30439cecc": 27, "95f7754d52d6016f": 28, "e78fd9419f994648": 28,
}  # fmt: skip


def season_of(item: Item, known: ItemDefinition) -> int | None:
    """The number of the season that this copy was released in, None where its mark does not tell."""
    marks = known.version_watermarks
    is_versioned = 0 <= item.version_number < len(marks)
    mark = (marks[item.version_number] if is_versioned else "") or known.watermark
    return season_of_mark(mark)


@lru_cache(maxsize=1024)
def season_of_mark(mark: str) -> int | None:
    """The number of the season whose mark has this path, None where it tells none."""
    return _BY_MARK.get(mark.rpartition("/")[2][:16]) if mark else None


def year_of(season: int) -> int:
    """The year of the game, 1 for seasons 1 to 3."""
    return 1 + bisect_left(_LAST_OF_YEAR, season)
