"""Why a copy is the worse one, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext

from app.inventory.worse import Respect, Standing, Worse
from app.main.words import number, power


def _power(one: Standing, other: Standing) -> str:
    return gettext("less power: %(one)s, not %(other)s", one=power(one.power), other=power(other.power))


def _tier(one: Standing, other: Standing) -> str:
    return gettext("lower gear tier: %(one)s, not %(other)s", one=one.tier, other=other.tier)


def _stats(one: Standing, other: Standing) -> str:
    totals = {"one": number(sum(one.stats or ())), "other": number(sum(other.stats or ()))}
    return gettext("lower stats before mods: %(one)s in all, not %(other)s", **totals)


def _perks(one: Standing, other: Standing) -> str:
    missing = sorted({name for name, _ in (other.perks or frozenset()) - (one.perks or frozenset())})
    return gettext("without %(perks)s", perks=", ".join(missing[:3]) + (" …" if len(missing) > 3 else ""))


def _wishes(one: Standing, _other: Standing) -> str:
    bad, good = gettext("a wish list says to throw it away"), gettext("the other roll is on a wish list")
    return bad if one.wish < 0 else good


def _tag(one: Standing, _other: Standing) -> str:
    bad, good = gettext("tagged as junk or for infusion"), gettext("the other one is tagged to be kept")
    return bad if one.tag < 0 else good


_WORDS: Mapping[Respect, Callable[[Standing, Standing], str]] = {
    Respect.POWER: _power,
    Respect.TIER: _tier,
    Respect.STATS: _stats,
    Respect.PERKS: _perks,
    Respect.WISHES: _wishes,
    Respect.MASTERWORK: lambda *_: gettext("not masterworked"),
    Respect.CRAFTED: lambda *_: gettext("not shaped"),
    Respect.TAG: _tag,
    Respect.LOADOUT: lambda *_: gettext("in no loadout"),
    Respect.LOCK: lambda *_: gettext("not locked"),
}


def reasons_told(worse: Worse) -> tuple[str, ...]:
    return tuple(_WORDS[respect](worse.copy, worse.better) for respect in worse.reasons)
