"""What a player wishes, which steps that takes, and why it cannot be done."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

# The stores that are no character. A character's store is its id.
VAULT_STORE = "vault"
ACCOUNT_STORE = "account"


class StepKind(StrEnum):
    """Each is one request to Bungie."""

    PULL = "pull"  # from the postmaster of `character_id` to where the item belongs
    STORE = "store"  # from `character_id`, or from an account-wide bucket, into the vault
    FETCH = "fetch"  # from the vault to `character_id`, or into an account-wide bucket
    EQUIP = "equip"  # on `character_id`, which carries it
    LOCK = "lock"
    UNLOCK = "unlock"
    TRACK = "track"
    UNTRACK = "untrack"
    PLUG = "plug"  # puts `plug_hash` into the socket `slot`
    WEAR_SET = "wearset"  # the in-game loadout `slot` of `character_id`


class Because(StrEnum):
    """Why a step is in the plan: shown to the player before it runs."""

    WISH = "wish"
    ROOM = "room"  # its place is needed
    TAKE_OFF = "take-off"  # another item has to be worn before the wished one can move
    ONE_EXOTIC = "one-exotic"  # only one exotic of a group can be worn
    KEEP_LOCK = "keep-lock"  # the game lets a moved item take over the lock of a copy that stays behind


class Obstacle(StrEnum):
    """Why there is no plan."""

    GONE = "gone"
    NOT_ENOUGH = "not-enough"
    UNKNOWN = "unknown"  # no definition, so nobody knows where it belongs
    NO_CHARACTER = "no-character"
    BOUND = "bound"
    NOT_STORABLE = "not-storable"
    SIDE_EFFECTS = "side-effects"
    NO_ROOM = "no-room"
    UNIQUE = "unique"
    WRONG_CLASS = "wrong-class"
    NOT_WEARABLE = "not-wearable"
    NOTHING_ELSE_TO_WEAR = "nothing-else-to-wear"
    KEPT = "kept"  # put on, locked or tagged since farming mode has chosen it
    NO_SOCKET = "no-socket"
    EMPTY_SLOT = "empty-slot"


class CannotMove(Exception):
    """There is no way. `item_hash` is the item that stands in the way, `store` where (both may be unset)."""

    def __init__(self, obstacle: Obstacle, item_hash: int = 0, store: str = "") -> None:
        self.obstacle = obstacle
        self.item_hash = item_hash
        self.store = store
        super().__init__(f"{obstacle} (item {item_hash}, {store or 'anywhere'})")


class Wish(NamedTuple):
    """`instance_id` "" means pieces of a stack; `source` and `target` are a character id or VAULT_STORE.

    `source` of what lies in an account-wide bucket may be any character or ACCOUNT_STORE.
    """

    item_hash: int
    instance_id: str
    source: str
    target: str
    quantity: int = 1
    equip: bool = False


class Step(NamedTuple):
    """One request: `quantity` pieces of this item. `character_id` is the end that is not the vault.

    `slot` and `plug_hash` only matter to plugs and in-game loadouts.
    """

    kind: StepKind
    item_hash: int
    instance_id: str
    quantity: int
    character_id: str
    because: Because
    slot: int = 0
    plug_hash: int = 0
