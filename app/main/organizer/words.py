"""The columns of a table and their values in words, in the language of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.definitions import Definitions
from app.inventory.organizer.column import Column, Form, Kind
from app.inventory.organizer.columns import ELSEWHERE, IN_VAULT
from app.inventory.organizer.desk import Plug
from app.inventory.organizer.table import STATS_BASE, STATS_NOW, columns_of
from app.inventory.search.facts import Collection
from app.main import words
from app.main.present import class_name
from app.main.tag_words import tag_name

TITLES: Mapping[str, LazyString] = {
    "name": _l("Name"), "power": _l("Power"), "element": _l("Element"), "ammo": _l("Ammo"), "class": _l("Class"),
    "energy": _l("Energy"), "locked": _l("Locked"), "tag": _l("Tag"), "new": _l("New"), "recency": _l("Age"),
    "wish": _l("Wish list"), "rarity": _l("Rarity"), "tier": _l("Gear tier"), "type": _l("Type"), "slot": _l("Slot"),
    "equipped": _l("Equipped"), "crafted": _l("Crafted"), "masterworked": _l("Masterworked"),
    "deepsight": _l("Deepsight"), "featured": _l("Featured"),
    "breaker": _l("Champion"), "holofoil": _l("Holofoil"), "archetype": _l("Archetype"), "tertiary": _l("Third stat"),
    "tuning": _l("Tuned stat"), "intrinsics": _l("Own perk"), "modslot": _l("Mod slot"), "traits": _l("Traits"),
    "perks": _l("Perks"), "origin": _l("Origin trait"), "mods": _l("Mods"), "shader": _l("Shader"),
    "ornament": _l("Ornament"), "masterworktier": _l("Masterwork level"), "masterworkstat": _l("Masterwork"),
    "level": _l("Level"), "harmonizable": _l("Harmonizable"), "kills": _l("Kills"), "total": _l("Total"),
    "basetotal": _l("Base total"), "foundry": _l("Foundry"), "source": _l("Source"), "year": _l("Year"),
    "season": _l("Season"), "event": _l("Event"), "location": _l("Where"), "loadouts": _l("Loadouts"),
    "notes": _l("Notes"), "wishnotes": _l("Wish list notes"), "hash": _l("Item hash"), "id": _l("Instance"),
    STATS_NOW: _l("All stats"), STATS_BASE: _l("All base stats"),
}  # fmt: skip
KINDS: Mapping[Kind, LazyString] = {
    Kind.WEAPONS: _l("Weapons"), Kind.ARMOR: _l("Armor"), Kind.GHOSTS: _l("Ghosts"),
}  # fmt: skip
_EVENTS: Mapping[str, LazyString] = {
    "dawning": _l("The Dawning"), "crimsondays": _l("Crimson Days"), "solstice": _l("Solstice"),
    "fotl": _l("Festival of the Lost"), "games": _l("Guardian Games"),
}  # fmt: skip
_RARITIES: Mapping[int, LazyString] = {
    1: _l("Currency"), 2: _l("Common"), 3: _l("Uncommon"), 4: _l("Rare"), 5: _l("Legendary"), 6: _l("Exotic"),
}  # fmt: skip
_WISHES: Mapping[str, LazyString] = {"up": _l("wished for"), "down": _l("not wished for")}
_BREAKER = "DestinyBreakerTypeDefinition"


class TableWords:
    """What columns and values are called for one player. Everything is looked up when it is first needed."""

    def __init__(self, kind: Kind, definitions: Definitions, facts: Collection) -> None:
        self._kind = kind
        self._definitions = definitions
        self._facts = facts
        self._words: Mapping[str, Callable[[Any], str]] = {
            "element": lambda value: str(words.ELEMENT_NAMES.get(words.ELEMENTS.get(value, ""), "")),
            "ammo": partial(_in, words.AMMO), "class": partial(_in, words.CLASSES), "tag": tag_name,
            "wish": partial(_in, _WISHES), "rarity": partial(_in, _RARITIES), "slot": self._slot,
            "breaker": self._breaker, "tertiary": self.stat, "tuning": self.stat, "masterworkstat": self.stat,
            "event": partial(_in, _EVENTS), "location": self._place, "foundry": _capital, "modslot": _capital,
        }  # fmt: skip

    def title(self, key: str) -> str:
        known = TITLES.get(key)
        if known is not None:
            return str(known)
        column = columns_of(self._kind)[key]
        name = self.stat(column.stat_hash)
        return gettext("%(stat)s (base)", stat=name) if name and key.startswith("base.") else name

    def text(self, column: Column, value: Any) -> str:
        """A value as it is read; "" for what is not known, and for what is not so."""
        if value is None or value is False:
            return ""
        if column.form is Form.NUMBER:
            return words.power(value) if column.key == "power" else words.number(value)
        if column.form is Form.MARK:
            return self.title(column.key)
        if column.form is Form.WORD:
            return self._words[column.key](value)
        if column.form is Form.NAMES:
            return ", ".join(value)
        return ", ".join(map(_plug_text, value)) if column.form is Form.PLUGS else str(value)

    def stat(self, stat_hash: int) -> str:
        found = self._definitions.stat(stat_hash)
        return found.name if found else ""

    def _slot(self, bucket_hash: int) -> str:
        found = self._definitions.bucket(bucket_hash)
        return found.name if found else ""

    def _breaker(self, number: int) -> str:
        rows = self._definitions.every_named(_BREAKER)
        return next((row.name for row in rows if row.number == number), "")

    def _place(self, position: int) -> str:
        if position in {IN_VAULT, ELSEWHERE}:
            return gettext("Vault") if position == IN_VAULT else gettext("Account-wide inventory")
        return class_name(self._facts.characters[position], self._definitions)


def _in(table: Mapping[Any, LazyString], value: Any) -> str:
    return str(table.get(value, ""))


def _capital(word: str) -> str:
    return word.replace("-", " ").title()


def _plug_text(plug: Plug) -> str:
    return plug.name if plug.is_chosen else f"({plug.name})"
