"""Bungie.net as the rest of the project sees it: one method per endpoint, values in, inventory values out."""

from __future__ import annotations

from typing import Any

from app.bungie import payloads, profiles, vendors
from app.bungie.errors import BadPayload
from app.bungie.http import BungieHttp, Deadline
from app.bungie.payloads import BungieUser, Membership
from app.inventory.profile import Profile
from app.inventory.vendors import Market

# By hundreds: the account, its items and its artifact; the characters with what they do, carry, wear and keep as
# loadouts; items with power, objectives, stats, sockets, kill trackers and rolls; records; whether somebody plays.
PROFILE_COMPONENTS = (
    100, 102, 103, 104, 200, 201, 202, 204, 205, 206, 300, 301, 304, 305, 309, 310, 900, 1000,
)  # fmt: skip

# Vendors, their shelves and sales, what the player can pay with. Only one vendor's answer has what its copies hold:
# power, stats, sockets, rolls.
VENDOR_COMPONENTS = (400, 401, 402, 600)
ROLL_COMPONENTS = (300, 304, 305, 310)

_BUNGIE_NEXT = 254


class BungieClient:
    """The endpoints we use. Every method may raise any error of `app.bungie.errors`."""

    def __init__(self, http: BungieHttp) -> None:
        self._http = http

    def get_memberships_for_current_user(self, token: str, deadline: Deadline | None = None) -> BungieUser:
        answer = self._http.call("GET", "/User/GetMembershipsForCurrentUser/", token=token, deadline=deadline)
        return payloads.parse_current_user(answer)

    def get_linked_profiles(
        self, membership_id: str, token: str, membership_type: int = _BUNGIE_NEXT, deadline: Deadline | None = None
    ) -> tuple[Membership, ...]:
        """Every Destiny membership behind a Bungie.net account (type 254) or behind one platform account."""
        answer = self._http.call(
            "GET",
            f"/Destiny2/{membership_type}/Profile/{membership_id}/LinkedProfiles/",
            token=token,
            player=membership_id,
            params={"getAllMemberships": "true"},
            deadline=deadline,
        )
        return payloads.parse_linked_profiles(answer)

    def get_definition(self, table: str, definition_hash: int, locale: str) -> dict[str, Any]:
        """One raw definition. Raises NotFound for a hash that Bungie does not know."""
        path = f"/Destiny2/Manifest/{table}/{definition_hash}/"
        answer = self._http.call("GET", path, params={"lc": locale}, player="definitions")
        if not isinstance(answer, dict):
            raise BadPayload(f"GET {path}: no definition")
        return answer

    def get_profile(
        self, membership_type: int, membership_id: str, token: str, deadline: Deadline | None = None
    ) -> Profile:
        answer = self._http.call(
            "GET",
            f"/Destiny2/{membership_type}/Profile/{membership_id}/",
            token=token,
            player=membership_id,
            params={"components": ",".join(map(str, PROFILE_COMPONENTS))},
            deadline=deadline,
        )
        return profiles.parse_profile(answer)

    def get_vendors(
        self, membership_type: int, membership_id: str, character_id: str, token: str, deadline: Deadline | None = None
    ) -> Market:
        """Everything that is for sale to a character, without rolls: Bungie sends none here since May 2024."""
        answer = self._vendors(f"{membership_type}/Profile/{membership_id}", character_id, "", token, deadline)
        return vendors.parse_vendors(answer)

    def get_vendor(
        self,
        membership_type: int,
        membership_id: str,
        character_id: str,
        vendor_hash: int,
        token: str,
        deadline: Deadline | None = None,
    ) -> tuple[Market, dict[str, Any]]:
        """One vendor, with the components that `vendors.read_rolls` reads. Raises NotFound for one who is away."""
        whose = f"{membership_type}/Profile/{membership_id}"
        answer = self._vendors(whose, character_id, f"{vendor_hash}/", token, deadline)
        return vendors.parse_vendor(answer, vendor_hash), dict(vendors.rolls_in(answer))

    def _vendors(self, whose: str, character_id: str, which: str, token: str, deadline: Deadline | None) -> Any:
        components = (*ROLL_COMPONENTS, *VENDOR_COMPONENTS) if which else VENDOR_COMPONENTS
        return self._http.call(
            "GET",
            f"/Destiny2/{whose}/Character/{character_id}/Vendors/{which}",
            token=token,
            player=whose.rpartition("/")[2],
            params={"components": ",".join(map(str, components))},
            deadline=deadline,
        )
