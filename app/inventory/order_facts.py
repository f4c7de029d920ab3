"""What orders and groups ask of an item beyond its own entry and definition: its sockets, its numbers, its errand."""

from __future__ import annotations

from collections.abc import Mapping

from app.inventory.arrange import OwnedItem
from app.inventory.search.facts import WEAPON, Collection, subject_of
from app.inventory.search.keywords.making import masterwork_tier
from app.inventory.search.keywords.stats import SIX, TODAY, WEAPON_STATS, numbers_of
from app.inventory.telling.roles import Role

# How the game files what one is to do; of several of these words the first counts.
_QUESTS = ("new_light", "campaign", "current_release", "exotic", "seasonal", "playlists", "past")
BOUNTY, OTHER_QUEST = len(_QUESTS) + 1, len(_QUESTS) + 2
_BOUNTY_TYPE, _QUEST_TYPES = 26, frozenset({12, 13})
# The less, the better.
LOW_IS_GOOD = frozenset({WEAPON_STATS["charge"], WEAPON_STATS["drawtime"]})

_WORDS = {stat: word for word, stat in reversed({**TODAY, **WEAPON_STATS}.items())}
# Single stats, by the word that orders and searches use: of several words for one stat the first.
STATS: Mapping[str, int] = {word: stat for stat, word in reversed(_WORDS.items())}


def archetype(owned: OwnedItem, facts: Collection) -> str:
    """What a piece of today's armor leans on, in the game's word: "Gunner"; "" for all else."""
    return _plug_name(owned, facts, Role.ARCHETYPE)


def frame(owned: OwnedItem, facts: Collection) -> str:
    """The frame of a weapon, or the perk that makes it exotic: "Rapid-Fire Frame"; "" for all else."""
    known = owned.definition
    return _plug_name(owned, facts, Role.FRAME) if known and known.item_type == WEAPON else ""


def stat_total(owned: OwnedItem, facts: Collection) -> int | None:
    """The six stats of a piece of armor together."""
    numbers = numbers_of(facts, subject_of(owned))
    return sum(numbers.get(each, 0) for each in SIX) or None


def one_stat(owned: OwnedItem, facts: Collection, stat: int) -> int | None:
    """None where an item has no such stat."""
    return numbers_of(facts, subject_of(owned)).get(stat)


def masterwork_level(owned: OwnedItem, facts: Collection) -> int | None:
    return masterwork_tier(facts, subject_of(owned))


def quest_kind(owned: OwnedItem) -> int:
    """Where the game files a quest, from 1 in its order; bounties follow, then other quests; 0 for what is neither."""
    known = owned.definition
    if known is None:
        return 0
    endings = {each.rpartition(".")[2] for each in known.trait_ids if "quest." in each}
    found = next((place for place, word in enumerate(_QUESTS, 1) if word in endings), 0)
    if found or known.item_type in _QUEST_TYPES:
        return found or OTHER_QUEST
    is_bounty = known.item_type == _BOUNTY_TYPE or "item_type.bounty" in known.trait_ids
    return BOUNTY if is_bounty else OTHER_QUEST if "inventory_filtering.quest" in known.trait_ids else 0


def _plug_name(owned: OwnedItem, facts: Collection, role: Role) -> str:
    plugged = facts.reading.plugged(subject_of(owned))
    return next((each.plug.name for each in plugged if each.role is role and each.is_visible and each.plug.name), "")
