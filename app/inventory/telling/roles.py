"""What a plug is there for, told by the category of its socket and by its own kind.

Bungie's plug categories number over a thousand and grow with every release; these words in them have kept their
meaning for years. What no rule knows is a perk, so that nothing is hidden by mistake.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """`HIDDEN` has no place on a page: empty sockets of machinery, and the dice behind armor's numbers."""

    FRAME = "frame"
    ARCHETYPE = "archetype"
    PERK = "perk"
    ABILITY = "ability"
    MOD = "mod"
    TUNING = "tuning"
    MASTERWORK = "masterwork"
    CATALYST = "catalyst"
    TRACKER = "tracker"
    CRAFTING = "crafting"
    DEEPSIGHT = "deepsight"
    LOOK = "look"
    HIDDEN = "hidden"


# The first word that stands in a plug's category decides; before it, what the whole category is.
_WHOLE = {
    "armor_archetypes": Role.ARCHETYPE,
    "intrinsics": Role.FRAME,
    "catalysts": Role.CATALYST,
    "deprecated": Role.HIDDEN,
}
_WORDS = (
    ("masterworks.trackers", Role.TRACKER),
    ("frame_identifiers", Role.CRAFTING),
    ("mods.memories", Role.DEEPSIGHT),
    ("mods.extractors", Role.HIDDEN),
    ("transfusers.level", Role.HIDDEN),
    ("mods.enhancers", Role.MASTERWORK),
    ("tuning.mods", Role.TUNING),
    ("armor_stats", Role.HIDDEN),
    ("exotic.masterwork", Role.CATALYST),
    ("masterworks", Role.MASTERWORK),
    ("_masterwork", Role.CATALYST),
    (".masterwork", Role.CATALYST),
    ("shader", Role.LOOK),
    ("skins", Role.LOOK),
    ("ornament", Role.LOOK),
    ("hologram", Role.LOOK),
    ("spawnfx", Role.LOOK),
    ("emote", Role.LOOK),
    ("memento", Role.LOOK),
    ("recipes.empty_socket", Role.HIDDEN),
    ("kill_vfx", Role.LOOK),
    ("weapon.mod_", Role.MOD),
    ("enhancements.", Role.MOD),
    ("item_sets.selectors", Role.MOD),
)
_BY_SOCKET_CATEGORY = {
    3956125808: Role.FRAME,
    2685412949: Role.MOD, 590099826: Role.MOD, 3886482628: Role.MOD,
    446880883: Role.MASTERWORK, 760375309: Role.MASTERWORK,
    2048875504: Role.LOOK, 1926152773: Role.LOOK, 2549160099: Role.LOOK, 1093090108: Role.LOOK,
    3583996951: Role.CRAFTING,
    457473665: Role.ABILITY, 309722977: Role.ABILITY, 3218807805: Role.ABILITY, 1905270138: Role.ABILITY,
    2047681910: Role.ABILITY, 2140934067: Role.ABILITY, 764703411: Role.ABILITY, 3400923910: Role.ABILITY,
    271461480: Role.ABILITY, 1313488945: Role.ABILITY, 193371309: Role.ABILITY, 2819965312: Role.ABILITY,
}  # fmt: skip


def role_of(plug_category: str, socket_category: int) -> Role:
    """The role of a plug of this kind (plugCategoryIdentifier, "" when unknown) in a socket of this category (or 0)."""
    whole = _WHOLE.get(plug_category)
    if whole is not None:
        return whole
    for word, role in _WORDS:
        if word in plug_category:
            return role
    return _BY_SOCKET_CATEGORY.get(socket_category, Role.PERK)
