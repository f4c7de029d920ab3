"""A loadout made of what a character wears, of items that somebody picked, or of one that the game has saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.inventory import buckets
from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import Item, ItemDetails, Place
from app.inventory.loadouts.model import ANY_CLASS, Build, Piece, Plug, tidy
from app.inventory.power import SLOTS
from app.inventory.profile import Character, Loadout, Profile
from app.inventory.telling.roles import Role, role_of

_GHOST, _VEHICLE, _SHIP = 4023194814, 2025709351, 284967655
# What a loadout made of worn things remembers, in the game's order.
WORN_SLOTS = (buckets.SUBCLASS, *SLOTS, _GHOST, _VEHICLE, _SHIP)
# What a player chooses whatever the copy offers.
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


def saved_pieces(saved: Loadout, profile: Profile) -> tuple[Piece, ...]:
    """The copies of one of the game's own loadouts, each with all its plugs; of one that is gone nothing is known."""
    pieces = []
    for each in saved.items:
        item = profile.item(each.instance_id)
        plugs = tuple(Plug(socket, plug) for socket, plug in enumerate(each.plug_hashes) if item and plug)
        pieces.append(Piece(item.hash if item else 0, each.instance_id, plugs=plugs))
    return tidy(pieces)


def saved_build(name: str, class_type: int, saved: Loadout, profile: Profile, definitions: Definitions) -> Build:
    """The same as a loadout of ours, with what a player chooses in sockets. `definitions` must know the plugs."""
    pieces = saved_pieces(saved, profile)
    return Build(name, class_type, "", tuple(_with_what_is_chosen(each, profile, definitions) for each in pieces))


def saved_holding(profile: Profile, instance_id: str) -> Iterator[tuple[Character, Loadout]]:
    """The game's own loadouts that hold a copy, with the characters that they are of."""
    for character in profile.characters:
        for saved in profile.details.loadouts(character.id) or ():
            if any(each.instance_id == instance_id for each in saved.items):
                yield character, saved


def _with_what_is_chosen(piece: Piece, profile: Profile, definitions: Definitions) -> Piece:
    item = profile.item(piece.instance_id)
    details = profile.details.item(item) if item else ItemDetails()
    known = definitions.item(piece.item_hash)
    return piece._replace(plugs=tuple(each for each in piece.plugs if is_chosen(each, known, details, definitions)))


def _piece(item: Item, profile: Profile, definitions: Definitions, *, is_worn: bool) -> Piece:
    definition = definitions.item(item.hash)
    details = profile.details.item(item)
    there = (
        Plug(position, socket.plug_hash)
        for position, socket in enumerate(details.sockets or ())
        if socket.plug_hash and socket.is_visible
    )
    chosen = tuple(each for each in there if is_chosen(each, definition, details, definitions))
    return Piece(item.hash, item.instance_id, is_worn, chosen)


def is_chosen(plug: Plug, definition: ItemDefinition | None, details: ItemDetails, definitions: Definitions) -> bool:
    """Whether a plug is what a player chooses in its socket; everything else is how the copy came."""
    categories = definition.socket_categories if definition else ()
    known = definitions.item(plug.plug_hash)
    category = categories[plug.socket] if plug.socket < len(categories) else 0
    role = role_of(known.plug_category if known else "", category)
    return role in _CHOSEN or (role is Role.PERK and len((details.choices or {}).get(plug.socket, ())) > 1)
