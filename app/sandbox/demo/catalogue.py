"""Every item that exists in the demo world, as one flat list of models."""

from dataclasses import dataclass, replace
from functools import cache

from app.sandbox.demo.tables import document, keyed, table

TIERS = {"common": 2, "uncommon": 3, "rare": 4, "legendary": 5, "exotic": 6, "none": 1}
CLASSES = {"titan": 0, "hunter": 1, "warlock": 2, "": 3}
DAMAGE_TYPES = {"": 0, "kinetic": 1, "arc": 2, "solar": 3, "void": 4, "stasis": 6, "strand": 7}
WEAPON_BUCKETS = {"kinetic": 1498876634, "energy": 2465295065, "power": 953998645}
ARMOR_KINDS = ("helmet", "gauntlets", "chest", "legs", "class-item")
_CURRENCY_BUCKETS = {3159615086: 2689798308, 2817410917: 2689798311, 3147280338: 2689798310}
_CURRENCIES = ((3159615086, "Glimmer"), (2817410917, "Bright Dust"), (3147280338, "Silver"))
# Real hashes have no place here: the game has these, but the demo's manifest does not (or keeps them secret).
CLASSIFIED = {4200000201: "hand-cannon", 4200000202: "helmet", 4200000203: "consumable"}
UNKNOWN = {4200000301: "auto-rifle", 4200000302: "chest", 4200000303: "consumable"}
SIDE_EFFECTS = 4200000401
# An older version of a weapon, which nobody has any more.
OLD_VERSION, OLD_VERSION_OF, _OLD_SEASON = 4200000402, 484515708, 12


@dataclass(frozen=True, slots=True)
class Model:
    """An item as the game defines it. `limit` is the label of which one stack may exist per inventory."""

    hash: int
    name: str
    kind: str
    tier: str
    bucket: int
    type_name: str
    class_type: int = 3
    element: str = ""
    ammo: str = ""
    season: int = 0
    max_stack: int = 1
    limit: str = ""
    is_instanced: bool = True
    is_classified: bool = False
    flavour: str = ""
    icon: str = ""

    @property
    def is_weapon(self) -> bool:
        return keyed("kinds", "kind")[self.kind]["item_type"] == "3"

    @property
    def is_armor(self) -> bool:
        return self.kind in ARMOR_KINDS


@cache
def catalogue() -> dict[int, Model]:
    """All models by hash: those the manifest defines, classified ones included, unknown ones not."""
    found = [*_weapons(), *_armor(), *_gear(), *_stacks(), *_pursuits(), *_currencies(), *_hostile(), *_classified()]
    return {model.hash: model for model in [*found, _side_effects(), _old_version(found)]}


def of_kind(*kinds: str) -> list[Model]:
    """The models of these kinds in the order of the tables, without the odd ones that are dealt out by name."""
    return [model for model in catalogue().values() if model.kind in kinds and model.hash not in _odd()]


@cache
def _odd() -> frozenset[int]:
    return frozenset({*(row["hash"] for row in document("hostile")), *CLASSIFIED, SIDE_EFFECTS, OLD_VERSION})


def home_bucket(kind: str, slot: str = "kinetic") -> int:
    fixed = keyed("kinds", "kind")[kind]["bucket"]
    return int(fixed) if fixed else WEAPON_BUCKETS[slot]


def _type_name(kind: str) -> str:
    return keyed("kinds", "kind")[kind]["en"]


def _weapons() -> list[Model]:
    return [
        Model(
            int(row["hash"]),
            row["name"],
            row["kind"],
            row["tier"],
            WEAPON_BUCKETS[row["slot"]],
            _type_name(row["kind"]),
            element=row["element"],
            ammo=row["ammo"],
            season=int(row["season"] or 0),
        )
        for row in table("weapons")
    ]


def _armor() -> list[Model]:
    return [
        Model(
            int(row["hash"]),
            row["name"],
            row["slot"],
            row["tier"],
            home_bucket(row["slot"]),
            _type_name(row["slot"]),
            class_type=CLASSES[row["class"]],
            season=int(row["season"] or 0),
        )
        for row in table("armor")
    ]


def _gear() -> list[Model]:
    return [
        Model(
            int(row["hash"]),
            row["name"],
            row["kind"],
            row["tier"],
            home_bucket(row["kind"]),
            _type_name(row["kind"]),
            class_type=CLASSES[row["class"]],
            element=row["element"],
            limit=f"demo.{row['kind']}.{row['hash']}" if row["kind"] in {"emblem", "finisher"} else "",
            is_instanced=row["kind"] != "finisher",
        )
        for row in table("gear")
    ]


def _stacks() -> list[Model]:
    kinds = {"modifications": "mod", "Material": "material"}
    models = []
    for row in table("stacks"):
        kind = kinds.get(row["bucket"]) or kinds.get(row["type"], "consumable")
        limit = f"demo.stack.{row['hash']}" if row["limit"] else ""
        models.append(
            Model(
                int(row["hash"]),
                row["name"],
                kind,
                row["tier"],
                home_bucket(kind),
                row["type"],
                max_stack=int(row["max"]),
                limit=limit,
                is_instanced=False,
            )
        )
    return models


def _pursuits() -> list[Model]:
    return [
        Model(
            int(row["hash"]),
            row["name"],
            "bounty" if "Bounty" in row["type"] else "quest",
            row["tier"],
            home_bucket("quest"),
            row["type"],
            is_instanced=row["instanced"] == "yes",
        )
        for row in table("pursuits")
    ]


def _currencies() -> list[Model]:
    return [
        Model(
            item_hash,
            name,
            "currency",
            "none",
            _CURRENCY_BUCKETS[item_hash],
            "Currency",
            max_stack=999_999,
            is_instanced=False,
        )
        for item_hash, name in _CURRENCIES
    ]


def _hostile() -> list[Model]:
    """Names and texts that try to break a page, a table, a log or a terminal."""
    models = []
    for row in document("hostile"):
        name = row["name"] or (row["repeat"] * row["length"])[: row["length"]]
        kind = row["kind"]
        models.append(
            Model(
                row["hash"],
                name,
                kind,
                row["tier"],
                home_bucket(kind),
                _type_name(kind),
                element="kinetic",
                ammo="primary",
                flavour=row["flavour"],
                icon=row.get("icon", ""),
            )
        )
    return models


def _classified() -> list[Model]:
    return [_classified_model(item_hash, kind) for item_hash, kind in CLASSIFIED.items()]


def _classified_model(item_hash: int, kind: str) -> Model:
    stacks = kind == "consumable"
    return Model(
        item_hash,
        "Classified",
        kind,
        "none",
        home_bucket(kind),
        "",
        max_stack=99 if stacks else 1,
        is_instanced=not stacks,
        is_classified=True,
    )


def _old_version(models: list[Model]) -> Model:
    today = next(model for model in models if model.hash == OLD_VERSION_OF)
    return replace(today, hash=OLD_VERSION, season=_OLD_SEASON)


def _side_effects() -> Model:
    """Something that the postmaster gives out only inside the game."""
    return Model(
        SIDE_EFFECTS,
        "Sealed Commendation",
        "consumable",
        "legendary",
        home_bucket("consumable"),
        "Consumable",
        is_instanced=False,
    )
