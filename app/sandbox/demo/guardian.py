"""The demo player's possessions: three characters, a nearly full vault, a full postmaster, and every oddity."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.sandbox.demo.catalogue import (
    ARMOR_KINDS,
    CLASSIFIED,
    SIDE_EFFECTS,
    UNKNOWN,
    WEAPON_BUCKETS,
    Model,
    catalogue,
    home_bucket,
    of_kind,
)
from app.sandbox.demo.hoard import TRACKED, Hoard
from app.sandbox.demo.tables import document, table

VAULT_STACKS = 205
_POSTMASTER_ROOM = 21
_CARRIED_PER_SLOT = 5
_WEAPON_KINDS = tuple(row["kind"] for row in table("kinds") if row["item_type"] == "3")
_ORNAMENT = 1970437989
_SET = "Sage Protector"


@dataclass(frozen=True, slots=True)
class Character:
    """A character of the demo. `number` is its class type and its place in the dealing order."""

    id: str
    number: int


def fill(hoard: Hoard, characters: Sequence[Character]) -> None:
    """Deal everything out. The same models always land in the same places."""
    weapons, armor = _arm(hoard, characters), _dress(hoard, characters)
    for character in characters:
        _outfit(hoard, character)
    _pursue(hoard, characters)
    _pocket(hoard)
    _lose(hoard, characters, weapons)
    _store(hoard, weapons, armor)


def _arm(hoard: Hoard, characters: Sequence[Character]) -> list[Model]:
    """Weapons: at most one exotic worn, which is the kinetic one. Gives back what is left for the vault."""
    left: list[Model] = []
    for slot, bucket in WEAPON_BUCKETS.items():
        models = [model for model in of_kind(*_WEAPON_KINDS) if model.bucket == bucket]
        exotic = [model for model in models if model.tier == "exotic"]
        others = [model for model in models if model.tier != "exotic"]
        for character in characters:
            worn = exotic if slot == "kinetic" else others
            hoard.wear(character.id, worn.pop(character.number))
            for _ in range(_CARRIED_PER_SLOT - 1):
                hoard.carry(character.id, others.pop(character.number * 7 % len(others)))
        left += exotic + others
    return left


def _dress(hoard: Hoard, characters: Sequence[Character]) -> list[Model]:
    """Armor of each character's own class, one exotic and four pieces of a set worn, one of another class carried."""
    left: list[Model] = []
    for kind in ARMOR_KINDS:
        for character in characters:
            models = [model for model in of_kind(kind) if model.class_type == character.number]
            models.sort(
                key=lambda model: ((model.tier == "exotic") != (kind == "chest"), not model.name.startswith(_SET))
            )
            hoard.wear(character.id, models.pop(0))
            hoard.carry(character.id, models.pop(0))
            other = characters[(character.number + 1) % len(characters)]
            hoard.carry(other.id, models.pop(-1))
            left += models
    return left


def _outfit(hoard: Hoard, character: Character) -> None:
    """Ghosts, vehicles, ships, emblems, subclasses, artifacts, finishers, emotes and engrams."""
    for kind, count in (("ghost", 3), ("sparrow", 3), ("ship", 3), ("emblem", 4), ("artifact", 2)):
        models = of_kind(kind)[character.number * count : (character.number + 1) * count]
        hoard.wear(character.id, models[0])
        for model in models[1:]:
            hoard.carry(character.id, model)
    subclasses = [model for model in of_kind("subclass") if model.class_type == character.number]
    hoard.wear(character.id, subclasses[0])
    for model in subclasses[1:]:
        hoard.carry(character.id, model)
    for kind in ("finishers", "emotes", "clan-banner"):
        hoard.wear(character.id, of_kind(kind)[0])
    for model in of_kind("finisher")[:4]:
        hoard.carry(character.id, model)
    for model in of_kind("engram")[character.number : character.number + 3]:
        hoard.carry(character.id, model)


def _pursue(hoard: Hoard, characters: Sequence[Character]) -> None:
    """Quests for everybody, the first one tracked; bounties that run out soon."""
    quests, bounties = of_kind("quest"), of_kind("bounty")
    for character in characters:
        for index, model in enumerate(quests[character.number :: 2]):
            quest = hoard.carry(character.id, model)
            quest["state"] |= TRACKED if index == 0 else 0
        for index, model in enumerate(bounties[character.number :: 3]):
            hoard.expires_in(hoard.carry(character.id, model), hours=3 + 20 * index)


def _pocket(hoard: Hoard) -> None:
    """Account-wide stacks: amounts of all sizes, and some of more than one stack."""
    for index, model in enumerate([*of_kind("material"), *of_kind("consumable"), *of_kind("mod")]):
        if model.hash == _ORNAMENT:
            continue
        if index < 3 and not model.limit:
            hoard.pocket(model, model.max_stack)
            hoard.pocket(model, model.max_stack)
        hoard.pocket(model, max(1, model.max_stack * (index * 13 % 10) // 10))
    hoard.pocket(_unknown("consumable"), 4)
    hoard.pocket(catalogue()[_classified("consumable")], 2)


def _lose(hoard: Hoard, characters: Sequence[Character], weapons: Sequence[Model]) -> None:
    """A postmaster that is full to the last place, and another that is nearly empty."""
    full, nearly_empty = characters[0].id, characters[1].id
    hoard.lose(full, catalogue()[SIDE_EFFECTS])
    hoard.lose(full, of_kind("material")[0], 25)
    hoard.lose(full, of_kind("engram")[0])
    hoard.lose(full, _unknown("auto-rifle"))
    for model in weapons[: _POSTMASTER_ROOM - 4]:
        hoard.lose(full, model)
    for model in weapons[20:22]:
        hoard.lose(nearly_empty, model)


def _store(hoard: Hoard, weapons: Sequence[Model], armor: Sequence[Model]) -> None:
    """The vault: what is left of everything, oddities, stacks, and second copies up to the count."""
    for model in [*weapons, *armor, *_spare("ghost", 9), *_spare("sparrow", 9), *_spare("ship", 9)]:
        hoard.store(model)
    hostile = [catalogue()[row["hash"]] for row in document("hostile")]
    oddities = [_unknown("chest"), *(catalogue()[each] for each in list(CLASSIFIED)[:2])]
    for model in [*hostile, *oddities]:
        hoard.store(model)
    for model in of_kind("material")[:4]:
        hoard.store(model, max(1, model.max_stack // 3))
    copies = [model for model in weapons if model.tier == "legendary"]
    stored = sum(1 for item in hoard.vault if item["location"] == 2)
    for model in copies[: VAULT_STACKS - stored]:
        hoard.store(model)
    _ornament(hoard)


def _ornament(hoard: Hoard) -> None:
    """Two weapons look like something else."""
    dressed = [item for item in hoard.vault if item["itemHash"] in {347366834, 3588934839}]
    for item in dressed:
        item["overrideStyleItemHash"] = _ORNAMENT


def _spare(kind: str, start: int) -> list[Model]:
    return of_kind(kind)[start:]


def _unknown(kind: str) -> Model:
    """An item newer than the manifest: nothing defines it."""
    item_hash = next(each for each, known in UNKNOWN.items() if known == kind)
    like = of_kind(kind)[0]
    return replace(like, hash=item_hash, name="", season=0, bucket=home_bucket(kind), max_stack=999, limit="")


def _classified(kind: str) -> int:
    return next(each for each, known in CLASSIFIED.items() if known == kind)
