"""One player's account as it stands now: a private copy of the recorded answers that actions may change."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from app.sandbox.envelope import Json
from app.sandbox.world import RecordedAccount

VAULT = 138197802
POSTMASTER = 215593132
MESSAGES = 3161908920
SPECIAL_ORDERS = 1367666825
POSTMASTERS = frozenset({POSTMASTER, MESSAGES, SPECIAL_ORDERS})
_CARD_FIELDS = ("membershipType", "membershipId", "displayName", "crossSaveOverride", "applicableMembershipTypes")


@dataclass(frozen=True, slots=True)
class Place:
    """One list of the profile. `character_id` is None for the account's own list (vault and account buckets)."""

    items: list[Json]
    character_id: str | None
    is_worn: bool = False


class Player:
    """The account of one Bungie.net user. Callers hold the sandbox's lock."""

    def __init__(self, recorded: RecordedAccount) -> None:
        self.membership_id = recorded.membership_id
        self.linked: Json = _copy(recorded.linked)
        self.components: Json = _copy(recorded.profile)
        self.vendors = recorded.vendors
        self.card = _own_card(self)
        self.membership_type: int = self.card["membershipType"]
        self.bungie_user = _bungie_user(self)
        self.bungie_id: str = self.bungie_user["membershipId"]
        self.minted_s = 0.0
        self.is_flipped = False

    @property
    def display_name(self) -> str:
        return str(self.card.get("bungieGlobalDisplayName") or self.card["displayName"])

    @property
    def character_ids(self) -> list[str]:
        """From whatever component was recorded: some recordings have inventories but no characters."""
        found: dict[str, None] = {}
        for name in ("characters", "characterInventories", "characterEquipment"):
            found |= dict.fromkeys(self.data(name) or {})
        return list(found)

    def data(self, component: str) -> Json | None:
        """The `data` of a top-level component, or None where it was not recorded."""
        found: Json | None = self.components.get(component, {}).get("data")
        return found

    def instance_data(self, component: str, item_id: str) -> Json | None:
        """One item's row of an item component such as `instances`, or None."""
        whole = self.components.get("itemComponents", {}).get(component, {}).get("data") or {}
        found: Json | None = whole.get(item_id)
        return found

    def account_items(self) -> list[Json]:
        """The vault and the account-wide buckets, one list as Bungie has it."""
        return _items(self.data("profileInventory"))

    def carried(self, character_id: str) -> list[Json]:
        return _items((self.data("characterInventories") or {}).get(character_id))

    def worn(self, character_id: str) -> list[Json]:
        return _items((self.data("characterEquipment") or {}).get(character_id))

    def places(self) -> Iterator[Place]:
        yield Place(self.account_items(), None)
        for character_id in self.character_ids:
            yield Place(self.carried(character_id), character_id)
            yield Place(self.worn(character_id), character_id, is_worn=True)

    def find(self, item_id: str) -> tuple[Place, Json] | None:
        """Where an instance is, whoever holds it."""
        for place in self.places():
            for item in place.items:
                if item.get("itemInstanceId") == item_id:
                    return place, item
        return None

    def item_count(self) -> int:
        return sum(len(place.items) for place in self.places())


def _copy(answer: Json) -> Json:
    copied: Json = orjson.loads(orjson.dumps(answer))
    return copied


def _items(holder: Json | None) -> list[Json]:
    """The live list, so that changing it changes the profile; an unrecorded one is empty and stays unseen."""
    found: list[Json] = [] if holder is None else holder["items"]
    return found


def _own_card(player: Player) -> Json:
    cards = [*player.linked.get("profiles", []), (player.data("profile") or {}).get("userInfo", {})]
    for card in cards:
        if card.get("membershipId") == player.membership_id:
            own: Json = card
            return own
    raise ValueError(f"account {player.membership_id}: linked.json does not name it")


def _bungie_user(player: Player) -> Json:
    """The Bungie.net user of the account; recordings without one get an id made from the membership id."""
    made = {"membershipId": player.membership_id[-8:].lstrip("0"), "membershipType": 254}
    card: Json = {name: player.card[name] for name in _CARD_FIELDS if name in player.card}
    user: Json = card | made | player.linked.get("bnetMembership", {})
    return user
