"""Bungie.net as the rest of the project sees it: one method per endpoint, values in, inventory values out."""

from __future__ import annotations

from typing import Any

from app.bungie import payloads, profiles
from app.bungie.errors import BadPayload
from app.bungie.http import BungieHttp, Deadline
from app.bungie.payloads import BungieUser, Membership
from app.inventory.profile import Profile

# By hundreds: the account, its items and its artifact; the characters with what they do, carry, wear and keep as
# loadouts; items with power, objectives, stats, sockets, kill trackers and rolls; records; whether somebody plays.
PROFILE_COMPONENTS = (
    100, 102, 103, 104, 200, 201, 202, 204, 205, 206, 300, 301, 304, 305, 309, 310, 900, 1000,
)  # fmt: skip

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
