"""Bungie's people in, plain values out."""

from __future__ import annotations

from app.bungie.payloads import parse_current_user, parse_linked_profiles


def test_overridden_cross_save_cards_are_marked_and_error_cards_keep_their_code() -> None:
    primary = {"membershipId": "1", "membershipType": 2, "crossSaveOverride": 2, "bungieGlobalDisplayName": "Kay",
               "bungieGlobalDisplayNameCode": 42}  # fmt: skip
    broken = {"errorCode": 1601, "infoCard": {"membershipId": "2", "membershipType": 3, "crossSaveOverride": 2}}
    first, second = parse_linked_profiles({"profiles": [primary], "profilesWithErrors": [broken]})
    assert (first.name, first.is_cross_save_primary, first.is_overridden) == ("Kay#0042", True, False)
    assert (second.error_code, second.is_overridden) == (1601, True)


def test_the_current_user_is_named_by_the_global_name() -> None:
    body = {
        "bungieNetUser": {"membershipId": "77", "displayName": "old"},
        "destinyMemberships": [],
        "primaryMembershipId": 5,
    }
    user = parse_current_user(body)
    assert (user.membership_id, user.name, user.primary_membership_id) == ("77", "old", "5")
