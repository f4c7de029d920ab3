"""Armor's numbers without mods, tuning and masterwork, and what they lean on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from app.inventory.definitions import StatPoints
from app.inventory.search.facts import ARMOR, Collection, Reading, Subject, once_per_copy
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, picked, shared
from app.inventory.search.keywords.stats import (
    BEST_NAMES,
    EMPTY,
    NAMES,
    SIX,
    TODAY,
    Numbers,
    Sheet,
    best_per_slot,
    sheet_of,
    stat_predicate,
)
from app.inventory.search.text import fold
from app.inventory.sentences import N_
from app.inventory.telling.armor import tuned_stat
from app.inventory.telling.roles import Role

# A finished masterwork gives armor of today this much in each stat that it does not lean on, and armor from before
# this much in all of them.
_MASTERWORK, _LEANS_ON, _OLD_MASTERWORK = 5, 3, 2
_RANKS = ("primary", "secondary", "tertiary")
_LEANING = (
    N_("Tiered armor by its highest stat before mods."),
    N_("Tiered armor by its second highest stat before mods."),
    N_("Tiered armor by its third highest stat before mods."),
)


def bases_of(facts: Collection, subject: Subject) -> Numbers:
    """Stats without what can be changed."""
    return facts.reading.bases(subject)


def masterworked(subject: Subject, bases: Mapping[int, int]) -> Mapping[int, int]:
    """Armor's stats with a finished masterwork and without mods; for everything else nobody can tell."""
    if subject.known.item_type != ARMOR or not bases:
        return {}
    found = {stat: bases.get(stat, 0) for stat in SIX}
    if not subject.instance.gear_tier:
        return {stat: value + _OLD_MASTERWORK for stat, value in found.items()}
    weakest = sorted(SIX, key=lambda stat: found[stat])[: len(SIX) - _LEANS_ON]
    return found | {stat: found[stat] + _MASTERWORK for stat in weakest}


def ranked_stats(facts: Collection, subject: Subject) -> tuple[int, ...]:
    """The three stats that a piece of tiered armor leans on, the highest first; less where two are equal."""
    return _ranked(facts.reading, subject)


@once_per_copy
def _ranked(reading: Reading, subject: Subject) -> tuple[int, ...]:
    if subject.known.item_type != ARMOR or not subject.instance.gear_tier:
        return ()
    bases = reading.bases(subject)
    highest = sorted(((bases.get(stat, 0), stat) for stat in SIX), reverse=True)
    return tuple(_distinct(highest))


def _distinct(highest: list[tuple[int, int]]) -> Iterator[int]:
    for (value, stat), (following, _) in pairwise(highest[: len(_RANKS) + 1]):
        if value == following:
            return
        yield stat


def _leaning(rank: int) -> Keyword:
    def make(argument: str, facts: Collection) -> Predicate:
        wanted = picked(argument, TODAY)

        def holds(subject: Subject) -> bool:
            stats = ranked_stats(facts, subject)
            return rank < len(stats) and stats[rank] == wanted

        return holds

    return Keyword(f"{_RANKS[rank]}stat", Form.CHOICE, _LEANING[rank], make, (), tuple(TODAY), need=Need.PLUGS)


def tuned_of(facts: Collection, subject: Subject) -> int:
    """The stat that a piece's tuning can raise, 0 for none."""
    return _tuned(facts.reading, subject)


@once_per_copy
def _tuned(reading: Reading, subject: Subject) -> int:
    sockets = [each for each in reading.plugged(subject) if each.role is Role.TUNING]
    return tuned_stat(_tuning_points(reading, subject, sockets[0].position)) if sockets else 0


def _tuning_points(reading: Reading, subject: Subject, position: int) -> Iterator[tuple[StatPoints, ...]]:
    for each in (reading.detail(subject).choices or {}).get(position, ()):
        plug = reading.plug(each.plug_hash)
        if plug:
            yield plug.investments


def _tuned_predicate(argument: str, facts: Collection) -> Predicate:
    wanted = fold(argument)
    picked(wanted, {**TODAY, **dict.fromkeys((*_RANKS, "unfocused"), 0)})

    words = shared(facts, _tuned_words)
    return lambda subject: wanted in words(subject)


def _tuned_words(facts: Collection, subject: Subject) -> Sequence[str]:
    tuned, ranked = tuned_of(facts, subject), ranked_stats(facts, subject)
    if not tuned:
        return ()
    place = _RANKS[ranked.index(tuned)] if tuned in ranked else "unfocused"
    return (*(word for word, stat in TODAY.items() if stat == tuned), place)


def _base_sheet(facts: Collection, subject: Subject) -> Sheet:
    return _sheet(facts.reading, subject)


@once_per_copy
def _sheet(reading: Reading, subject: Subject) -> Sheet:
    return sheet_of(reading.bases(subject))


def _armor_sheet(facts: Collection, subject: Subject) -> Sheet:
    return _base_sheet(facts, subject) if subject.known.item_type == ARMOR else EMPTY


CHAPTERS = (
    Chapter("bases", N_("Stats before mods"), (
        Keyword("basestat", Form.STAT, N_("As stat:, but without mods, tuning and masterwork."),
                lambda argument, facts: stat_predicate(argument, facts, _base_sheet), (), NAMES, "basestat:health:>=20",
                Need.PLUGS),
        Keyword("maxbasestatvalue", Form.CHOICE, N_("Armor that has the most of a stat in its slot, before mods."),
                lambda argument, facts: best_per_slot(argument, facts, _armor_sheet), (), BEST_NAMES,
                need=Need.PLUGS),
        *(_leaning(rank) for rank in range(len(_RANKS))),
        Keyword("tunedstat", Form.CHOICE, N_("Armor by the stat that its tuning raises, by name or by its place among"
                " the stats."), _tuned_predicate, (), (*TODAY, *_RANKS, "unfocused"), need=Need.PLUGS),
    )),
)  # fmt: skip
