"""What the demo's quests, bounties, patterns and catalysts count, and what they give."""

from functools import cache

from app.sandbox.demo.catalogue import Model, of_kind
from app.sandbox.demo.numbers import CATALYST_RECORD
from app.sandbox.demo.tables import document, table
from app.sandbox.envelope import Json

_OBJECTIVES, _PATTERNS, _LINES = 4_200_000_510, 4_200_000_700, 4_200_001_000
_GOALS = (50, 30, 6, 8, 5, 20, 3, 25, 4, 1)
_GLIMMER, _CORE = 3159615086, 3853748946
_CATALYST_GOAL, PATTERN_GOAL = 400, 5
PATTERN_OBJECTIVE, CATALYST_OBJECTIVE = 4_200_000_598, 4_200_000_599
_PATTERN_TOAST, _KINETIC_CATALYSTS = 8, 2538646043


def objectives_of(model: Model) -> tuple[int, ...]:
    """The objectives of a pursuit, one to three, always the same ones."""
    if model.kind not in {"quest", "bounty"}:
        return ()
    first, count = model.hash % len(_GOALS), 1 + model.hash // 7 % 3
    return tuple(_OBJECTIVES + (first + step * 3) % len(_GOALS) for step in range(count))


def goal_of(objective: int) -> int:
    return _GOALS[objective - _OBJECTIVES]


def counted(model: Model, count: int) -> list[Json]:
    """How far a player is with each of them."""
    rows = []
    for index, objective in enumerate(objectives_of(model)):
        goal = goal_of(objective)
        rows.append(progress(objective, (count * 7 + index * 5) % (goal + 1), goal))
    return rows


def progress(objective: int, done: int, goal: int) -> Json:
    return {
        "objectiveHash": objective,
        "progress": done,
        "completionValue": goal,
        "complete": done >= goal,
        "visible": True,
    }


def objective_texts() -> list[tuple[int, str, int, int]]:
    """(hash, text, goal, style) of everything that is counted here; style 2 is a box to tick."""
    errands = [
        (_OBJECTIVES + index, text, _GOALS[index], 2 if _GOALS[index] == 1 else 0)
        for index, text in enumerate(document("errands"))
    ]
    return [
        *errands,
        (PATTERN_OBJECTIVE, "Patterns read", PATTERN_GOAL, 0),
        (CATALYST_OBJECTIVE, "Final blows", _CATALYST_GOAL, 0),
    ]


def pursuit_block(model: Model) -> Json:
    """What the definition of a pursuit says about its objectives, rewards and place in a line."""
    if not objectives_of(model):
        return {}
    rewards = [{"itemHash": _GLIMMER, "quantity": 500 + model.hash % 4 * 500, "hasConditionalVisibility": False}]
    if model.kind == "quest":
        rewards.append({"itemHash": _CORE, "quantity": 1 + model.hash % 3, "hasConditionalVisibility": False})
    block: Json = {
        "objectives": {"objectiveHashes": list(objectives_of(model))},
        "value": {"itemValue": rewards, "valueDescription": ""},
    }
    return block | (_line(model) if model.kind == "quest" else {})


def _line(model: Model) -> Json:
    """A quest of three to six steps, of which this is one; the others have not been reached."""
    place, length = model.hash % 3, 3 + model.hash // 3 % 4
    steps = [model.hash if step == place else _LINES + model.hash % 1000 * 10 + step for step in range(length)]
    items = [{"trackingValue": (step + 1) * 100, "itemHash": each} for step, each in enumerate(steps)]
    return {
        "setData": {
            "itemList": items,
            "questLineName": model.name,
            "questLineDescription": "",
            "setType": "quest_global",
        }
    }


@cache
def patterns() -> dict[int, int]:
    """Weapons that can be crafted -> the record of their pattern: every third legendary."""
    kinds = [row["kind"] for row in table("kinds") if row["item_type"] == "3"]
    weapons = [model.hash for model in of_kind(*kinds) if model.tier == "legendary"][::3]
    return {weapon: _PATTERNS + index for index, weapon in enumerate(weapons)}


def record_rows(names: dict[int, str]) -> list[Json]:
    """Patterns by the name of their weapon, and the one catalyst."""
    found = [
        _record(record, names[weapon], PATTERN_OBJECTIVE, {"toastStyle": _PATTERN_TOAST})
        for weapon, record in patterns().items()
    ]
    catalyst = _record(CATALYST_RECORD, "Long Study Catalyst", CATALYST_OBJECTIVE, {"toastStyle": 1})
    return [*found, catalyst | {"parentNodeHashes": [_KINETIC_CATALYSTS]}]


def _record(row_hash: int, name: str, objective: int, completion: Json) -> Json:
    shown: Json = {"name": name, "description": "Use the weapon and learn from it.", "iconHash": 0, "hasIcon": False}
    return {
        "displayProperties": shown,
        "hash": row_hash,
        "redacted": False,
        "blacklisted": False,
        "scope": 0,
        "objectiveHashes": [objective],
        "recordValueStyle": 0,
        "titleInfo": {"hasTitle": False},
        "completionInfo": completion,
    }


def record_states() -> Json:
    """How far the player is: a third of the patterns are known, and the catalyst is on its way."""
    rows = {
        str(record): _state(PATTERN_OBJECTIVE, PATTERN_GOAL if record % 3 == 0 else record % PATTERN_GOAL, PATTERN_GOAL)
        for record in patterns().values()
    }
    return rows | {str(CATALYST_RECORD): _state(CATALYST_OBJECTIVE, 263, _CATALYST_GOAL)}


def _state(objective: int, done: int, goal: int) -> Json:
    state = 0 if done >= goal else 4
    return {"state": state, "objectives": [progress(objective, done, goal)], "intervalsRedeemedCount": 0}
