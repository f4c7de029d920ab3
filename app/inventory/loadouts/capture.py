"""A loadout made of what a character wears, or of items that somebody picked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.inventory import buckets
from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import Item, ItemDetails, Place
from app.inventory.loadouts.model import ANY_CLASS, Build, Piece, Plug, tidy
from app.inventory.power import SLOTS
from app.inventory.profile import Profile
from app.inventory.telling.roles import Role, role_of

_GHOST, _VEHICLE, _SHIP = 4023194814, 2025709351, 284967655
# What a loadout made of worn things remembers, in the game's order.
WORN_SLOTS = (buckets.SUBCLASS, *SLOTS, _GHOST, _VEHICLE, _SHIP)
# What a player chooses in sockets; everything else is how the copy came.
_CHOSEN = frozenset({Role.MOD, Role.TUNING, Role.LOOK, Role.ABILITY})


def worn_pieces(profile: Profile, definitions: Definitions, character_id: str) -> tuple[Piece, ...]:
    """What a character wears, with what sits in its sockets. `definitions` must know items and plugs."""
    worn = [each for each in profile.items if each.place is Place.EQUIPPED and each.owner == character_id]
    kept = [each for each in worn if each.instance_id and each.bucket_hash in WORN_SLOTS]
    kept.sort(key=lambda each: WORN_SLOTS.index(each.bucket_hash))
    return tidy(_piece(each, profile, definitions, is_worn=True) for each in kept)


def picked_pieces(
    items: Iterable[Item], profile: Profile, definitions: Definitions, *, is_worn: bool
) -> tuple[Piece, ...]:
    """These copies, as they are now. To be worn is only what can be."""
    known = ((item, definitions.item(item.hash)) for item in items if item.instance_id)
    return tidy(
        _piece(item, profile, definitions, is_worn=is_worn and known is not None and known.is_equippable)
        for item, known in known
    )


def outfit(name: str, pieces: Iterable[Piece], definitions: Definitions) -> Build:
    """Of these, what can be worn together; the rest is carried. Its class is the one that all of it is for."""
    slots: set[int] = set()
    groups: set[str] = set()
    classes: set[int] = set()
    dressed = []
    for piece in pieces:
        known = definitions.item(piece.item_hash)
        fits = known is not None and known.bucket_hash not in slots and known.unique_label not in groups
        if known and piece.is_worn and fits:
            slots.add(known.bucket_hash)
            groups |= {known.unique_label} - {""}
            classes |= {known.class_type} - {ANY_CLASS}
        dressed.append(piece._replace(is_worn=piece.is_worn and fits))
    return Build(name, classes.pop() if len(classes) == 1 else ANY_CLASS, "", tidy(dressed))


def _piece(item: Item, profile: Profile, definitions: Definitions, *, is_worn: bool) -> Piece:
    definition = definitions.item(item.hash)
    details = profile.details.item(item)
    return Piece(item.hash, item.instance_id, is_worn, tuple(_plugs(definition, details, definitions)))


def _plugs(definition: ItemDefinition | None, details: ItemDetails, definitions: Definitions) -> Iterator[Plug]:
    categories = definition.socket_categories if definition else ()
    for position, socket in enumerate(details.sockets or ()):
        if not socket.plug_hash or not socket.is_visible:
            continue
        plug = definitions.item(socket.plug_hash)
        category = categories[position] if position < len(categories) else 0
        role = role_of(plug.plug_category if plug else "", category)
        has_choice = len((details.choices or {}).get(position, ())) > 1
        if role in _CHOSEN or (role is Role.PERK and has_choice):
            yield Plug(position, socket.plug_hash)
