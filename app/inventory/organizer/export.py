"""All gear of a kind under the column names that players' tools know from the field's leading client.

Columns and what they mean are those of that client; values that are words of its own (rarity, category, stats, tags,
True as `true`) are written as it writes them, in English, and what the game calls things is in the player's language.
Ids stand in quotation marks inside their cells, so that no spreadsheet rounds them. Perks come last, as many columns
as the copy with the most needs: what is chosen has an asterisk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from app.inventory.definitions import StatDefinition
from app.inventory.items import ItemState, Place
from app.inventory.organizer import gear, terms
from app.inventory.organizer.column import Kind
from app.inventory.organizer.columns import event, season, source_hash, year
from app.inventory.organizer.desk import Desk, Plug, is_archetype, is_intrinsic, is_perk
from app.inventory.organizer.table import rows_of
from app.inventory.search.facts import Plugged, Subject
from app.inventory.search.keywords.bases import bases_of
from app.inventory.search.keywords.kinds import element_of
from app.inventory.search.keywords.making import is_shaped
from app.inventory.search.keywords.sockets import is_mod
from app.inventory.search.keywords.stats import TODAY, WEAPON_STATS, numbers_of

_Cell = Callable[[Desk, Subject], object]
_RARITIES = {2: "Common", 3: "Uncommon", 4: "Rare", 5: "Legendary", 6: "Exotic"}
_ELEMENTS = {1: "Kinetic", 2: "Arc", 3: "Solar", 4: "Void", 6: "Stasis", 7: "Strand"}
_AMMO = {1: "Primary", 2: "Special", 3: "Heavy"}
_CLASSES = {0: "Titan", 1: "Hunter", 2: "Warlock"}
_CATEGORIES = {1498876634: "KineticSlot", 2465295065: "Energy", 953998645: "Power"}
_EVENTS = {
    "dawning": "The Dawning", "crimsondays": "Crimson Days", "solstice": "Solstice of Heroes",
    "fotl": "Festival of the Lost", "games": "Guardian Games",
}  # fmt: skip
# Its names of the stats of weapons, in its order, by the words of the search language.
_STATS = {
    "Recoil": ("recoildirection",), "AA": ("aimassist",), "Impact": ("impact",), "Range": ("range",),
    "Zoom": ("zoom",), "Blast Radius": ("blastradius",), "Velocity": ("velocity",), "Persistence": ("persistence",),
    "Stability": ("stability",), "ROF": ("rpm",), "Reload": ("reload",), "Mag": ("magazine", "ammocapacity"),
    "Handling": ("handling",), "Charge Time": ("charge",), "Draw Time": ("drawtime",), "Accuracy": ("accuracy",),
    "Charge Rate": ("chargerate",), "Guard Resistance": ("guardresistance",), "Guard Endurance": ("guardendurance",),
    "Swing Speed": ("swingspeed",), "Shield Duration": ("shieldduration",), "Airborne Effectiveness": ("airborne",),
    "Ammo Generation": ("ammogen",), "Heat Generated": ("heatgen",), "Cooling Efficiency": ("cooling",),
}  # fmt: skip
_ARMOR_STATS = {word.title(): stat for word, stat in TODAY.items()}


def rows(kind: Kind, desk: Desk, subjects: Sequence[Subject]) -> Iterator[list[object]]:
    """The head, then one row for each copy, by name. Cells are text and whole numbers."""
    found = sorted(rows_of(kind, subjects), key=lambda each: (each.known.name.casefold(), each.key))
    columns = _COLUMNS[kind]
    most = max((len(_perks(desk, each)) for each in found), default=0)
    yield [*columns, *(f"Perks {place}" for place in range(most))]
    for each in found:
        perks = _perks(desk, each)
        cells = (cell(desk, each) for cell in columns.values())
        yield [*map(_written, cells), *perks, *[""] * (most - len(perks))]


def _written(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _perks(desk: Desk, subject: Subject) -> list[str]:
    own = ((plug,) for plug in desk.plugs(subject, _is_own))
    mods = ((plug,) for plug in desk.plugs(subject, is_mod))
    return [_marked(plug) for plug in chain.from_iterable((*own, *desk.offered(subject, is_perk), *mods))]


def _is_own(socket: Plugged) -> bool:
    return is_intrinsic(socket) or is_archetype(socket)


def _marked(plug: Plug) -> str:
    return f"{plug.name}*" if plug.is_chosen else plug.name


def _fact(read: Callable[[Subject], object]) -> _Cell:
    return lambda _desk, subject: read(subject)


def _state(state: ItemState) -> _Cell:
    return _fact(lambda subject: bool(subject.item.state & state))


def _source(desk: Desk, subject: Subject) -> str:
    return terms.source_word(source_hash(desk, subject))


def _event(desk: Desk, subject: Subject) -> str:
    return _EVENTS.get(event(desk, subject) or "", "")


def _owner(desk: Desk, subject: Subject) -> str:
    """As that client names places: a character by class and power."""
    owner = next((each for each in desk.facts.characters if each.id == subject.item.owner), None)
    if owner is None or subject.item.place is Place.VAULT:
        return "Vault"
    return f"{_CLASSES.get(owner.class_type, 'Unknown')}({owner.light or 0})"


def _own_text(table: str) -> _Cell:
    return lambda desk, subject: getattr(desk.extras, table).get(subject.item.instance_id, "")


def _loadouts(desk: Desk, subject: Subject) -> str:
    return ", ".join(desk.extras.loadouts.get(subject.item.instance_id, ()))


def _plug_name(test: Callable[[Plugged], bool]) -> _Cell:
    return lambda desk, subject: next((plug.name for plug in desk.plugs(subject, test)), "")


def _masterwork_type(desk: Desk, subject: Subject) -> str:
    stat = gear.masterwork_stat(desk, subject)
    found = desk.facts.reading.find(StatDefinition, stat) if stat else None
    return found.name if found else ""


def _crafted(_desk: Desk, subject: Subject) -> object:
    """Of crafted copies those of a weapon without a pattern were enhanced as they dropped."""
    if not subject.item.state & ItemState.CRAFTED:
        return False
    return "crafted" if is_shaped(subject) else "enhanced"


def _stat_word(read: Callable[[Desk, Subject], int | None]) -> _Cell:
    return lambda desk, subject: terms.stat_word(read(desk, subject) or 0)


def _weapon_stat(desk: Desk, subject: Subject, words: tuple[str, ...]) -> int | None:
    """Nothing stands for what nobody knows and for what this kind of weapon has not: 0 would be a claim."""
    numbers = numbers_of(desk.facts, subject)
    found = [numbers[WEAPON_STATS[word]] for word in words if WEAPON_STATS[word] in numbers]
    return next(filter(None, found), found[0] if found else None)


def _armor_stat(desk: Desk, subject: Subject, stat: int) -> int:
    return numbers_of(desk.facts, subject).get(stat, 0)


def _armor_base(desk: Desk, subject: Subject, stat: int) -> int:
    return bases_of(desk.facts, subject).get(stat, 0)


_FIRST: Mapping[str, _Cell] = {
    "Name": _fact(lambda subject: subject.known.name or str(subject.item.hash)),
    "Hash": _fact(lambda subject: subject.item.hash),
    "Id": _fact(lambda subject: f'"{subject.item.instance_id}"'),
    "Tag": _own_text("tags"),
    "Rarity": _fact(lambda subject: _RARITIES.get(subject.known.tier, "")),
    "Tier": _fact(lambda subject: subject.instance.gear_tier),
}
_TYPE: Mapping[str, _Cell] = {"Type": _fact(lambda subject: subject.known.type_name)}
_WHERE: Mapping[str, _Cell] = {
    "Owner": _owner,
    "Locked": _state(ItemState.LOCKED),
    "Equipped": _fact(lambda subject: subject.item.place is Place.EQUIPPED),
    "Holofoil": gear.holofoil,
    "Year": year,
    "Season": season,
    "Event": _event,
}
_LAST: Mapping[str, _Cell] = {"Loadouts": _loadouts, "Notes": _own_text("notes")}
_ENERGY: Mapping[str, _Cell] = {"Energy Capacity": _fact(lambda subject: subject.instance.energy_capacity or None)}
_POWER: Mapping[str, _Cell] = {"Power": _fact(lambda subject: subject.power or None)}

_COLUMNS: Mapping[Kind, Mapping[str, _Cell]] = {
    Kind.WEAPONS: {
        **_FIRST, **_TYPE, "Source": _source,
        "Category": _fact(lambda subject: _CATEGORIES.get(subject.known.bucket_hash, "")),
        "Element": _fact(lambda subject: _ELEMENTS.get(element_of(subject), "")),
        "Ammo": _fact(lambda subject: _AMMO.get(subject.known.ammo_type, "")), **_POWER,
        "Archetype": _plug_name(is_intrinsic), "Masterwork Type": _masterwork_type,
        "Masterwork Tier": gear.masterwork_level, **_WHERE,
        **{name: partial(_weapon_stat, words=words) for name, words in _STATS.items()},
        "Crafted": _crafted, "Crafted Level": lambda desk, subject: gear.level(desk, subject) or 0,
        "Kill Tracker": lambda desk, subject: gear.kills(desk, subject) or 0,
        "Foundry": _fact(terms.foundry_word), **_LAST,
    },
    Kind.ARMOR: {
        **_FIRST, **_TYPE, "Source": _source,
        "Equippable": _fact(lambda subject: _CLASSES.get(subject.known.class_type, "Any")), **_POWER, **_ENERGY,
        "Archetype": _plug_name(is_archetype), "Tertiary Stat": _stat_word(gear.tertiary),
        "Tuning Stat": _stat_word(gear.tuned), "Masterwork Tier": gear.armor_masterwork_level, **_WHERE,
        **{name: partial(_armor_stat, stat=stat) for name, stat in _ARMOR_STATS.items()},
        "Total": lambda desk, subject: gear.total(desk, subject) or 0,
        **{f"{name} (Base)": partial(_armor_base, stat=stat) for name, stat in _ARMOR_STATS.items()},
        "Total (Base)": lambda desk, subject: gear.base_total(desk, subject) or 0,
        "Seasonal Mod": lambda desk, subject: ", ".join(gear.mod_slots(desk, subject)), **_LAST,
    },
    Kind.GHOSTS: {**_FIRST, "Source": _source, **_ENERGY, **_WHERE, **_LAST},
}  # fmt: skip
