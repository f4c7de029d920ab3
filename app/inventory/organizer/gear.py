"""The columns that look into sockets and at numbers: perks, mods, masterworks, counters, stats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.inventory.items import ItemState
from app.inventory.order_facts import LOW_IS_GOOD
from app.inventory.organizer import terms
from app.inventory.organizer.column import ARMOR, WEAPONS, Column, Form, Kind, TermOf, Value
from app.inventory.organizer.desk import (
    Desk,
    Plug,
    Test,
    is_archetype,
    is_intrinsic,
    is_origin,
    is_perk,
    is_trait,
)
from app.inventory.search.facts import ARMOR as ARMOR_TYPE
from app.inventory.search.facts import Plugged, Subject
from app.inventory.search.keywords.bases import bases_of, ranked_stats, tuned_of
from app.inventory.search.keywords.making import (
    MASTERWORK_STATS,
    is_harmonizable,
    masterwork_of,
    masterwork_tier,
    weapon_level,
)
from app.inventory.search.keywords.sockets import is_holofoil, is_mod, is_shader, slot_categories
from app.inventory.search.keywords.stats import SIX, TODAY, WEAPON_STATS, numbers_of
from app.inventory.telling.roles import Role
from app.inventory.telling.stats import position_of

_STAT_WORDS_BY_MASTERWORK = {category: word for word, category in MASTERWORK_STATS.items()}
_TERTIARY = 2


def plug_term(_desk: Desk, _subject: Subject, value: Plug) -> str:
    return terms.term("exactperk", value.name)


def _plugs(test: Test) -> Value:
    return lambda desk, subject: desk.plugs(subject, test) or None


def _perks(desk: Desk, subject: Subject) -> tuple[Plug, ...] | None:
    return tuple(plug for row in desk.offered(subject, is_perk) for plug in row) or None


def _is_ornament(socket: Plugged) -> bool:
    return socket.role is Role.LOOK and not is_shader(socket) and not socket.plug.is_dummy_plug


def mod_slots(desk: Desk, subject: Subject) -> tuple[str, ...]:
    """Words for the activities whose mods a piece of armor takes."""
    words = (terms.mod_slot_word(each) for each in sorted(slot_categories(desk.facts, subject)))
    return tuple(dict.fromkeys(word for word in words if word))


def _mod_slot(desk: Desk, subject: Subject) -> str | None:
    return next(iter(mod_slots(desk, subject)), None)


def tertiary(desk: Desk, subject: Subject) -> int | None:
    """The hash of the third stat that a piece leans on."""
    return next(iter(ranked_stats(desk.facts, subject)[_TERTIARY:]), None)


def tuned(desk: Desk, subject: Subject) -> int | None:
    return tuned_of(desk.facts, subject) or None


def masterwork_level(desk: Desk, subject: Subject) -> int | None:
    return masterwork_tier(desk.facts, subject)


def masterwork_word(desk: Desk, subject: Subject) -> str | None:
    """The stat that a weapon's masterwork raises, as searches write it."""
    plugged = masterwork_of(desk.facts, subject)
    return _STAT_WORDS_BY_MASTERWORK.get(plugged.plug.plug_category.rpartition(".stat.")[2]) if plugged else None


def masterwork_stat(desk: Desk, subject: Subject) -> int | None:
    """The same as the hash of the stat."""
    word = masterwork_word(desk, subject)
    return WEAPON_STATS[word] if word else None


def armor_masterwork_level(desk: Desk, subject: Subject) -> int | None:
    """How many points a masterwork gives a piece of today's armor in each stat that it does not lean on, 0 to 5."""
    sockets = desk.sockets(subject, _is_masterwork) if subject.known.item_type == ARMOR_TYPE else []
    found = [given.points for each in sockets for given in each.plug.investments if given.stat_hash in SIX]
    return max(found) if found and subject.instance.gear_tier else None


def _is_masterwork(socket: Plugged) -> bool:
    return socket.role is Role.MASTERWORK


def _masterwork_term(desk: Desk, subject: Subject, _value: Any) -> str:
    word = masterwork_word(desk, subject)
    return terms.term("masterwork", word) if word else ""


def level(desk: Desk, subject: Subject) -> int | None:
    return weapon_level(desk.facts, subject)


def kills(desk: Desk, subject: Subject) -> int | None:
    """What the tracker that is put in has counted."""
    counted = desk.facts.reading.detail(subject).plug_objectives or {}
    rows = (row for each in desk.sockets(subject, _is_tracker) for row in counted.get(each.hash, ()))
    return next((row.progress for row in rows), None)


def _is_tracker(socket: Plugged) -> bool:
    return socket.role is Role.TRACKER


def _harmonizable(desk: Desk, subject: Subject) -> bool:
    is_done = subject.item.state & (ItemState.CRAFTED | ItemState.DEEPSIGHT)
    return not is_done and bool(desk.sockets(subject, is_harmonizable))


def holofoil(desk: Desk, subject: Subject) -> bool:
    return is_holofoil(desk.facts, subject)


def _stat_word_term(name: str) -> TermOf:
    return lambda _desk, _subject, value: terms.term(name, terms.stat_word(value))


def total(desk: Desk, subject: Subject) -> int | None:
    return _sum_of_six(numbers_of(desk.facts, subject))


def base_total(desk: Desk, subject: Subject) -> int | None:
    return _sum_of_six(bases_of(desk.facts, subject))


def _sum_of_six(numbers: Any) -> int | None:
    return sum(numbers.get(stat, 0) for stat in SIX) or None


def _flag(word: str) -> TermOf:
    return lambda _desk, _subject, value: terms.flag(word, holds=bool(value))


def _least(name: str) -> TermOf:
    return lambda _desk, _subject, value: terms.at_least(name, value)


def _stat(stat_hash: int) -> Value:
    return lambda desk, subject: numbers_of(desk.facts, subject).get(stat_hash)


def _base(stat_hash: int) -> Value:
    return lambda desk, subject: bases_of(desk.facts, subject).get(stat_hash)


def _stat_columns() -> Iterable[Column]:
    named = dict.fromkeys(WEAPON_STATS.values(), Kind.WEAPONS) | dict.fromkeys(TODAY.values(), Kind.ARMOR)
    for stat in sorted(named, key=position_of):
        word, kinds = terms.stat_word(stat), frozenset({named[stat]})
        falls = stat not in LOW_IS_GOOD
        now, base = _least(f"stat:{word}"), _least(f"basestat:{word}")
        yield Column(f"stat.{word}", Form.NUMBER, _stat(stat), now, falls, kinds, stat)
        yield Column(f"base.{word}", Form.NUMBER, _base(stat), base, falls, kinds, stat)


GEAR = (
    Column("holofoil", Form.MARK, holofoil, _flag("holofoil"), falls=True),
    Column("archetype", Form.PLUGS, _plugs(is_intrinsic), plug_term, kinds=WEAPONS),
    Column("archetype", Form.PLUGS, _plugs(is_archetype), plug_term, kinds=ARMOR),
    Column("tertiary", Form.WORD, tertiary, _stat_word_term("tertiarystat"), kinds=ARMOR),
    Column("tuning", Form.WORD, tuned, _stat_word_term("tunedstat"), kinds=ARMOR),
    Column("intrinsics", Form.PLUGS, _plugs(is_intrinsic), plug_term, kinds=ARMOR),
    Column("modslot", Form.WORD, _mod_slot, lambda _desk, _subject, value: terms.term("modslot", value), kinds=ARMOR),
    Column("traits", Form.PLUGS, _plugs(is_trait), plug_term, kinds=WEAPONS),
    Column("perks", Form.PLUGS, _perks, plug_term),
    Column("origin", Form.PLUGS, _plugs(is_origin), plug_term, kinds=WEAPONS),
    Column("mods", Form.PLUGS, _plugs(is_mod), plug_term),
    Column("shader", Form.PLUGS, _plugs(is_shader), plug_term),
    Column("ornament", Form.PLUGS, _plugs(_is_ornament), plug_term, kinds=WEAPONS | ARMOR),
    Column("masterworktier", Form.NUMBER, masterwork_level, _least("masterwork"), falls=True, kinds=WEAPONS),
    Column("masterworkstat", Form.WORD, masterwork_stat, _masterwork_term, kinds=WEAPONS),
    Column("level", Form.NUMBER, level, _least("weaponlevel"), falls=True, kinds=WEAPONS),
    Column("harmonizable", Form.MARK, _harmonizable,
           lambda _desk, _subject, value: ("" if value else "-") + terms.term("deepsight", "harmonizable"),
           falls=True, kinds=WEAPONS),
    Column("kills", Form.NUMBER, kills, _least("kills"), falls=True, kinds=WEAPONS),
    Column("total", Form.NUMBER, total, _least("stat:total"), falls=True, kinds=ARMOR),
    Column("basetotal", Form.NUMBER, base_total, _least("basestat:total"), falls=True, kinds=ARMOR),
)  # fmt: skip
STATS = tuple(_stat_columns())
