"""Bungie's JSON -> people and their memberships. Lenient: an odd field becomes "not said"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.bungie.errors import BadPayload
from app.bungie.reading import as_int, as_list, as_mapping, as_moment, as_text


@dataclass(frozen=True, slots=True)
class Membership:
    """One platform account of a person. `error_code` is set where Bungie could not load its Destiny profile."""

    membership_id: str
    membership_type: int
    name: str
    last_played: str = ""
    is_overridden: bool = False
    is_cross_save_primary: bool = False
    error_code: int = 0


@dataclass(frozen=True, slots=True)
class BungieUser:
    """The person behind a token: Bungie.net id, shown name, Destiny memberships, and Bungie's primary one if any."""

    membership_id: str
    name: str
    memberships: tuple[Membership, ...]
    primary_membership_id: str = ""


def parse_current_user(response: Any) -> BungieUser:
    """GetMembershipsForCurrentUser -> BungieUser. Raises BadPayload without a Bungie.net id."""
    body = as_mapping(response)
    user = as_mapping(body.get("bungieNetUser"))
    cards = [_membership(as_mapping(card)) for card in as_list(body.get("destinyMemberships"))]
    name = _global_name(user, "cachedBungieGlobalDisplayName") or as_text(user.get("displayName"))
    return BungieUser(
        membership_id=as_text(user.get("membershipId")),
        name=name or next((card.name for card in cards if card.name), "Guardian"),
        memberships=tuple(card for card in cards if card.membership_id),
        primary_membership_id=as_text(body.get("primaryMembershipId")),
    )


def parse_linked_profiles(response: Any) -> tuple[Membership, ...]:
    """GetLinkedProfiles -> memberships; those that Bungie could not load carry their error code."""
    body = as_mapping(response)
    if "profiles" not in body and "profilesWithErrors" not in body:
        raise BadPayload("LinkedProfiles without profiles")
    good = [_membership(as_mapping(card)) for card in as_list(body.get("profiles"))]
    bad = [
        _membership(
            as_mapping(as_mapping(entry).get("infoCard")), error_code=as_int(as_mapping(entry).get("errorCode"), -1)
        )
        for entry in as_list(body.get("profilesWithErrors"))
    ]
    return tuple(card for card in (*good, *bad) if card.membership_id)


def _membership(card: Mapping[str, Any], error_code: int = 0) -> Membership:
    membership_type = as_int(card.get("membershipType"))
    override = as_int(card.get("crossSaveOverride"))
    return Membership(
        membership_id=as_text(card.get("membershipId")),
        membership_type=membership_type,
        name=_global_name(card, "bungieGlobalDisplayName") or as_text(card.get("displayName")),
        last_played=as_moment(card.get("dateLastPlayed")),
        is_overridden=bool(card.get("isOverridden")) or (override not in {0, membership_type}),
        is_cross_save_primary=bool(card.get("isCrossSavePrimary")) or (override == membership_type != 0),
        error_code=error_code,
    )


def _global_name(card: Mapping[str, Any], field: str) -> str:
    name, code = as_text(card.get(field)), card.get(f"{field}Code")
    return f"{name}#{code:04d}" if name and isinstance(code, int) else name
