"""All pieces of a stack at once: gathered in one place, or spread evenly over the characters. Wishes, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from app.inventory.buckets import POSTMASTER
from app.inventory.definitions import Definitions
from app.inventory.items import Place
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Wish
from app.inventory.moves.world import World
from app.inventory.profile import Profile


def stores_of(profile: Profile, definitions: Definitions, item_hash: int) -> dict[str, int]:
    """How many pieces each place that may hold this stack has, last played character first, the vault last.

    {} for what cannot be moved at all: the places are those that a player may choose from. What waits with a
    postmaster is collected first and does not count.
    """
    definition = definitions.item(item_hash)
    bucket = definitions.bucket(definition.bucket_hash) if definition else None
    if definition is None or bucket is None or not definition.is_transferable or not bucket.is_vaultable:
        return {}
    is_account_wide = World(profile, definitions).is_account_wide(definition.bucket_hash)
    places = (ACCOUNT_STORE,) if is_account_wide else tuple(character.id for character in profile.characters)
    held = _held(profile, item_hash)
    return {store: held.get(store, 0) for store in (*places, VAULT_STORE)} if held else {}


def gather(held: Mapping[str, int], item_hash: int, target: str) -> list[Wish]:
    """Everything that lies elsewhere to `target`, which has to be one of the places in `held`."""
    return [
        Wish(item_hash, "", store, target, pieces)
        for store, pieces in held.items()
        if store != target and pieces and target in held
    ]


def spread(held: Mapping[str, int], item_hash: int) -> list[Wish]:
    """The same number for every character, one more for those played last when it does not come out even.

    [] for what belongs to the account as a whole. Whoever has too many gives first, the vault everything.
    """
    characters = [store for store in held if store not in {ACCOUNT_STORE, VAULT_STORE}]
    if not characters:
        return []
    each, rest = divmod(sum(held.values()), len(characters))
    due = {store: each + (number < rest) for number, store in enumerate(characters)} | {VAULT_STORE: 0}
    over = {store: pieces - due[store] for store, pieces in held.items() if pieces > due[store]}
    wishes = []
    for target in characters:
        missing = due[target] - held[target]
        for source, left in list(over.items()):
            pieces = min(max(0, missing), left)
            if pieces:
                over[source] -= pieces
                missing -= pieces
                wishes.append(Wish(item_hash, "", source, target, pieces))
    return wishes


def _held(profile: Profile, item_hash: int) -> Counter[str]:
    held: Counter[str] = Counter()
    for item in profile.items:
        is_pile = item.hash == item_hash and not item.instance_id and item.place is not Place.CURRENCY
        if is_pile and item.bucket_hash not in POSTMASTER:
            held[item.owner or (VAULT_STORE if item.place is Place.VAULT else ACCOUNT_STORE)] += item.quantity
    return held
