"""What is wrong with a loadout: pieces that are gone, clashes, and plugs that do not go in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.inventory import buckets
from app.inventory.definitions import TIER_EXOTIC, Definitions, ItemDefinition
from app.inventory.items import Item
from app.inventory.loadouts.matching import Match
from app.inventory.loadouts.model import ANY_CLASS, Build, Piece, Plug
from app.inventory.profile import Profile
from app.inventory.references import MaterialsDefinition, SocketTypeDefinition


class Problem(StrEnum):
    MISSING = "missing"
    UNKNOWN = "unknown"  # no definition
    WRONG_CLASS = "wrong-class"
    SAME_SLOT = "same-slot"  # two are to be worn in one place
    TWO_EXOTICS = "two-exotics"  # of one group
    NO_ENERGY = "no-energy"
    NO_SOCKET = "no-socket"
    PLUG_GONE = "plug-gone"  # the game no longer has it, or gave it up
    DOES_NOT_FIT = "does-not-fit"
    COSTS = "costs"
    VAULT_FULL = "vault-full"


class Finding(NamedTuple):
    """`piece` None: it is about the whole. `amount`: other copies of a missing one, or the energy that is too much."""

    problem: Problem
    piece: Piece | None = None
    plug: Plug | None = None
    amount: int = 0


def analyse(build: Build, matches: Sequence[Match], profile: Profile, definitions: Definitions) -> tuple[Finding, ...]:
    """Everything that is wrong, in the order of the pieces. `definitions` must know plugs, sockets and materials."""
    findings = [found for match in matches for found in _of_piece(build, match, profile, definitions)]
    findings += _clashes(build.pieces, definitions)
    if _needs_vault(matches) and is_vault_full(profile, definitions):
        findings.append(Finding(Problem.VAULT_FULL))
    return tuple(findings)


def plug_problem(definition: ItemDefinition | None, plug: Plug, definitions: Definitions) -> Problem | None:
    """Why a plug cannot go into a socket of such an item for free; None when it should go in."""
    sockets = definition.sockets if definition else ()
    if plug.socket >= len(sockets):
        return Problem.NO_SOCKET
    known = definitions.item(plug.plug_hash)
    if known is None or "deprecated" in known.plug_category:
        return Problem.PLUG_GONE
    kind = definitions.find(SocketTypeDefinition, sockets[plug.socket].type_hash)
    if not known.plug_category_hash:
        return Problem.DOES_NOT_FIT
    if kind and kind.plug_category_hashes and known.plug_category_hash not in kind.plug_category_hashes:
        return Problem.DOES_NOT_FIT
    cost = definitions.find(MaterialsDefinition, known.insertion_cost_hash) if known.insertion_cost_hash else None
    return Problem.COSTS if cost and any(each.quantity for each in cost.costs) else None


def plugs_to_change(piece: Piece, item: Item | None, profile: Profile) -> list[Plug]:
    """Those that do not sit where they belong yet: what is in is no problem, whatever the game says of it today."""
    sockets = (profile.details.item(item).sockets if item else None) or ()
    present = dict(enumerate(socket.plug_hash for socket in sockets))
    return [plug for plug in piece.plugs if present.get(plug.socket) != plug.plug_hash]


def energy_excess(piece: Piece, item: Item, profile: Profile, definitions: Definitions) -> int:
    """By how much the plugs of a piece, beside those that stay, need more energy than the copy has; 0 = they fit."""
    capacity = item.instance.energy_capacity if item.instance else 0
    if not capacity or not piece.plugs:
        return 0
    sockets = dict(enumerate(socket.plug_hash for socket in profile.details.item(item).sockets or ()))
    return max(0, sum(energy_of(each, definitions) for each in (sockets | dict(piece.plugs)).values()) - capacity)


def energy_of(plug_hash: int, definitions: Definitions) -> int:
    plug = definitions.item(plug_hash) if plug_hash else None
    return plug.energy_cost if plug else 0


def is_vault_full(profile: Profile, definitions: Definitions) -> bool:
    vault = definitions.bucket(buckets.VAULT)
    used = sum(each.bucket_hash == buckets.VAULT for each in profile.items)
    return vault is not None and bool(vault.capacity) and used >= vault.capacity


def is_exotic(definition: ItemDefinition | None) -> bool:
    return definition is not None and (definition.tier == TIER_EXOTIC or bool(definition.unique_label))


def _of_piece(build: Build, match: Match, profile: Profile, definitions: Definitions) -> Iterator[Finding]:
    piece, definition = match.piece, definitions.item(match.piece.item_hash)
    if definition is None:
        yield Finding(Problem.UNKNOWN if piece.item_hash else Problem.MISSING, piece)
        return
    if match.item is None:
        yield Finding(Problem.MISSING, piece, amount=match.others)
    if piece.is_worn and is_for_another_class(definition, build.class_type):
        yield Finding(Problem.WRONG_CLASS, piece)
    wanted = plugs_to_change(piece, match.item, profile)
    for plug in wanted:
        if problem := plug_problem(definition, plug, definitions):
            yield Finding(problem, piece, plug)
    if wanted and match.item and (excess := energy_excess(piece, match.item, profile, definitions)):
        yield Finding(Problem.NO_ENERGY, piece, amount=excess)


def is_for_another_class(definition: ItemDefinition, class_type: int) -> bool:
    return ANY_CLASS not in {definition.class_type, class_type} and definition.class_type != class_type


def _clashes(pieces: Iterable[Piece], definitions: Definitions) -> Iterator[Finding]:
    """The second of two that cannot be worn together."""
    slots: set[int] = set()
    groups: set[str] = set()
    for piece in pieces:
        definition = definitions.item(piece.item_hash)
        if not piece.is_worn or definition is None:
            continue
        if definition.bucket_hash in slots:
            yield Finding(Problem.SAME_SLOT, piece)
        elif definition.unique_label and definition.unique_label in groups:
            yield Finding(Problem.TWO_EXOTICS, piece)
        slots.add(definition.bucket_hash)
        groups.add(definition.unique_label)


def _needs_vault(matches: Iterable[Match]) -> bool:
    """Whether pieces lie on different characters, so that some have to go through the vault."""
    return len({match.item.owner for match in matches if match.item and match.item.owner}) > 1
