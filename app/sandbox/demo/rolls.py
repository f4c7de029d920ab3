"""Instance components of the demo's items: power, stats, sockets, the choices in them, and what is being counted."""

from functools import cache

from app.sandbox.demo.blocks import ARMOR_STAT_HASHES, DAMAGE_HASHES, perk_hash, plugs_for, weapon_stats
from app.sandbox.demo.catalogue import DAMAGE_TYPES, Model
from app.sandbox.demo.deeds import counted, objectives_of, progress
from app.sandbox.demo.numbers import DATE_OBJECTIVE, LEVEL_OBJECTIVE, TRACKER_OBJECTIVE
from app.sandbox.demo.points import points_of, shown
from app.sandbox.demo.tables import document, keyed
from app.sandbox.envelope import Json

_MASTERWORK, _CRAFTED, _DEEPSIGHT = 4, 8, 16
_ATTACK, _DEFENSE = 1480404414, 3897883278
_ELSEWHERE = 16
_FIRST_TIERED_SEASON = 27
_CRAFTED_ON = 1_735_689_600  # New Year 2025; a day later for every copy
_ROLLED = frozenset({"barrel", "magazine", "trait", "battery", "tube", "shell", "string", "arrow", "blade", "guard"})
_TUNED_TIER = 5
_SEVENTH = 7  # on every seventh copy the last choice of each socket is not open yet
_PICKED = _ROLLED | {"frame", "archetype", "shader", "mod", "tracker", "origin", "general-mod"}


def instance_components(model: Model, count: int, state: int) -> dict[str, Json]:
    """Rows by item component name for one copy of a model. `count` tells copies apart, `state` are its flags."""
    found: dict[str, Json] = {"instances": _instance(model, count, state)}
    if model.is_weapon or model.is_armor:
        plugs = _plugs(model, count, state)
        found["stats"] = {"stats": _stats(model, count, state, plugs)}
        found["sockets"] = {"sockets": [_socket(plug) for plug in plugs]}
        found["perks"] = {"perks": [_perk(plug) for plug in plugs if plug in _perk_plugs()]}
        found["plugObjectives"] = {"objectivesPerPlug": _counted(plugs, count, state)}
        found["reusablePlugs"] = {"plugs": _choices(model, plugs, count, state)}
    if objectives_of(model):
        found["objectives"] = {"objectives": counted(model, count)}
    return found


def gear_tier(model: Model, count: int) -> int:
    """1 to 5 for gear of the seasons that have tiers, 0 for all other."""
    return count % 5 + 1 if model.season >= _FIRST_TIERED_SEASON and model.tier != "rare" else 0


def _instance(model: Model, count: int, state: int) -> Json:
    damage = DAMAGE_TYPES[model.element] if model.is_weapon else 0
    row: Json = {
        "damageType": damage,
        "itemLevel": 0,
        "quality": 0,
        "isEquipped": False,
        "canEquip": False,
        "equipRequiredLevel": 0,
        "unlockHashesRequiredToEquip": [2166136261],
        "cannotEquipReason": _ELSEWHERE,
    }
    if damage:
        row["damageTypeHash"] = DAMAGE_HASHES[damage]
    if model.is_weapon or model.is_armor:
        power = 200 + count * 37 % 251
        primary = _ATTACK if model.is_weapon else _DEFENSE
        row |= {"itemLevel": power // 10, "quality": power % 10, "primaryStat": {"statHash": primary, "value": power}}
    if model.is_armor:
        row["energy"] = _energy(state)
    tier = gear_tier(model, count)
    return row | ({"gearTier": tier} if tier else {})


def _energy(state: int) -> Json:
    capacity = 10 if state & _MASTERWORK else 7
    facts = {"energyTypeHash": 1198124803, "energyType": 0}
    return facts | {"energyCapacity": capacity, "energyUsed": 3, "energyUnused": capacity - 3}


def _stats(model: Model, count: int, state: int, plugs: list[int | None]) -> Json:
    """Shown stats: a weapon's own and what its plugs give; armor's are rolled, and mods and tuning are added."""
    if model.is_weapon:
        values = shown(weapon_stats(model), plugs)
    else:
        rolled = _rolled_stats(model, count, 5 if state & _MASTERWORK else 0)
        values = {
            stat: value + sum(points_of(plug or 0).get(stat, 0) for plug in plugs) for stat, value in rolled.items()
        }
    return {str(stat): {"statHash": stat, "value": value} for stat, value in values.items()}


def _rolled_stats(model: Model, count: int, raised: int) -> dict[int, int]:
    """Three stats that a piece leans on, and a little of the rest."""
    first = (model.hash + count) % len(ARMOR_STAT_HASHES)
    values = {}
    for index, stat in enumerate(ARMOR_STAT_HASHES):
        rank = (index - first) % len(ARMOR_STAT_HASHES)
        values[stat] = (30 - 5 * rank - count % 4 if rank < 3 else 6) + raised
    return values


def _layout(model: Model) -> list[str]:
    kinds: list[str] = document("layouts")[keyed("kinds", "kind")[model.kind]["layout"]]
    return kinds


def _plugs(model: Model, count: int, state: int) -> list[int | None]:
    """The plug in every socket; None is a socket that this copy does not have."""
    return [_plug_in(kind, index, model, count, state) for index, kind in enumerate(_layout(model))]


def _plug_in(kind: str, index: int, model: Model, count: int, state: int) -> int | None:
    if kind == "trait" and state & _CRAFTED:
        enhanced = plugs_for("enhanced-trait")
        return enhanced[(model.hash + index) % len(enhanced)]
    choices = plugs_for(kind)
    if kind in _PICKED:
        return choices[(model.hash + count * (index + 2)) % len(choices)]
    if not _has_socket(kind, model, count, state):
        return None
    if kind == "masterwork":
        ranks = choices[2:] if state & _MASTERWORK else choices[:2]
        return ranks[count % len(ranks)]
    return choices[count % 3] if kind == "tuning" else choices[0]


def _has_socket(kind: str, model: Model, count: int, state: int) -> bool:
    """Some sockets are only on copies that earned them, exotics have a catalyst instead of a masterwork."""
    return {
        "memory": bool(state & _DEEPSIGHT),
        "shaped": bool(state & _CRAFTED),
        "catalyst": model.tier == "exotic",
        "masterwork": model.tier != "exotic",
        "tuning": gear_tier(model, count) == _TUNED_TIER,
    }.get(kind, True)


def _socket(plug: int | None) -> Json:
    if plug is None:
        return {"isEnabled": False, "isVisible": False}
    return {"plugHash": plug, "isEnabled": True, "isVisible": True}


def _choices(model: Model, plugs: list[int | None], count: int, state: int) -> Json:
    """What this copy offers per socket: two rolls beside the chosen one, and every shader and mod."""
    offered: Json = {}
    for index, kind in enumerate(_layout(model)):
        every = plugs_for(kind)
        if kind in {"shader", "mod", "tracker"} or (kind in {"tuning", "catalyst"} and plugs[index]):
            options = list(every)
        elif kind in _ROLLED and not state & _CRAFTED:
            options = [every[(model.hash + count + step) % len(every)] for step in (3, 5)]
            options = list(dict.fromkeys([plugs[index] or every[0], *options]))
        else:
            continue
        offered[str(index)] = [_choice(each, is_open=each != options[-1] or count % _SEVENTH) for each in options]
    return offered


def _choice(plug: int, *, is_open: object) -> Json:
    return {"plugItemHash": plug, "canInsert": bool(is_open), "enabled": bool(is_open)}


def _counted(plugs: list[int | None], count: int, state: int) -> Json:
    """Kill trackers and the level of crafted weapons."""
    counted: Json = {}
    tracker = plugs_for("tracker")[1]
    if tracker in plugs:
        counted[str(tracker)] = [progress(TRACKER_OBJECTIVE, count * 113 % 4000, 1)]
    if state & _CRAFTED:
        level, made_on = progress(LEVEL_OBJECTIVE, count % 30 + 1, 1), _CRAFTED_ON + count * 86400
        counted[str(plugs_for("shaped")[0])] = [level, progress(DATE_OBJECTIVE, made_on, 1)]
    return counted


@cache
def _perk_plugs() -> frozenset[int | None]:
    return frozenset(plug for kind in ("frame", "trait") for plug in plugs_for(kind))


def _perk(plug: int | None) -> Json:
    return {"perkHash": perk_hash(plug or 0), "iconPath": "", "isActive": True, "visible": True}
