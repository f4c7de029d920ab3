"""Bungie's profile in, plain values out: odd fields cost the field, never the item."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bungie.errors import BadPayload
from app.bungie.profiles import parse_profile
from app.inventory.items import Place
from app.inventory.profile import Absence, Account, Activity

ENTRY = {
    "itemHash": 347366834,
    "itemInstanceId": "6917529034000000001",
    "quantity": 1,
    "bucketHash": 138197802,
    "state": 5,
}


def profile_with(*entries: object, **components: object) -> dict:
    return {"profileInventory": {"data": {"items": list(entries)}, "privacy": 2}, **components}


def test_an_instance_id_stays_text_because_it_exceeds_what_a_browser_can_count() -> None:
    (item,) = parse_profile(profile_with(ENTRY)).items
    assert (item.instance_id, item.hash, item.place, item.state) == ("6917529034000000001", 347366834, Place.VAULT, 5)


def test_bucket_decides_between_vault_and_account_because_location_does_not() -> None:
    stack = {"itemHash": 1, "quantity": 3, "bucketHash": 1469714392, "location": 2}
    assert parse_profile(profile_with(stack)).items[0].place is Place.ACCOUNT


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"itemHash": None, "itemInstanceId": None, "quantity": None},
        {"itemHash": "347366834", "quantity": "2", "bucketHash": "138197802"},
        {"itemHash": "--5", "quantity": "-", "bucketHash": "²"},
        {"itemHash": -5, "quantity": -1, "state": "x", "expirationDate": "tomorrow", "versionNumber": []},
        {"itemHash": 1, "itemInstanceId": 6917529034000000001, "overrideStyleItemHash": {}},
        {"itemHash": 1, "tooltipNotificationIndexes": "012"},
        {"itemHash": 1, "tooltipNotificationIndexes": [None, "x", {}]},
    ],
)
def test_an_odd_entry_is_still_an_item(odd: dict) -> None:
    assert len(parse_profile(profile_with(odd, ENTRY)).items) == 2


def test_a_stack_s_zero_instance_id_is_no_instance() -> None:
    assert parse_profile(profile_with(ENTRY | {"itemInstanceId": "0"})).items[0].instance_id == ""


def test_missing_components_are_named_with_the_reason() -> None:
    profile = parse_profile(
        profile_with(ENTRY, characters={"privacy": 2}, profileRecords={"privacy": 2, "disabled": True})
    )
    assert profile.missing["characters"] is Absence.PRIVATE
    assert profile.missing["profileRecords"] is Absence.DISABLED
    assert profile.missing["profileCurrencies"] is Absence.NOT_SENT
    assert profile.missing["itemComponents.sockets"] is Absence.NOT_SENT
    assert "profileInventory" not in profile.missing


def test_characters_are_found_in_inventories_when_their_own_component_is_missing() -> None:
    profile = parse_profile({"characterInventories": {"data": {"9": {"items": [ENTRY]}}}})
    assert [character.id for character in profile.characters] == ["9"]
    assert profile.items[0].owner == "9"


@pytest.mark.parametrize("nothing", [{}, None, [], 0, {"profileInventory": {"privacy": 2}}, {"profile": {"data": {}}}])
def test_an_answer_without_any_list_is_a_bad_payload(nothing: object) -> None:
    with pytest.raises(BadPayload):
        parse_profile(nothing)


def test_a_null_character_and_a_null_instance_are_characters_and_items_all_the_same() -> None:
    body = profile_with(
        ENTRY,
        characters={"data": {"1": None, "2": {"light": "many", "emblemColor": {"red": 1}, "stats": []}}},
        itemComponents={"instances": {"data": {ENTRY["itemInstanceId"]: None}}},
    )
    profile = parse_profile(body)
    assert {character.id for character in profile.characters} == {"1", "2"}
    assert profile.items[0].instance is None


def test_the_character_played_last_comes_first() -> None:
    played = {
        "1": "2020-01-01T00:00:00Z",
        "2": "2026-01-01T00:00:00.5Z",
        "3": "not a date",
        "4": "0001-01-01T00:00:00Z",
    }
    body = {"characters": {"data": {key: {"dateLastPlayed": value} for key, value in played.items()}}}
    assert [character.id for character in parse_profile(body).characters][:2] == ["2", "1"]


@pytest.mark.parametrize(
    ("sent", "is_playing"),
    [
        ({}, False),
        ({"profileTransitoryData": {"privacy": 2}}, False),
        ({"profileTransitoryData": {"data": {"joinability": {}}, "privacy": 2}}, True),
        ({"characterActivities": {"data": {"1": {"currentActivityHash": 0}, "2": None}}}, False),
        ({"characterActivities": {"data": {"1": {"currentActivityHash": 82913930}}}}, True),
    ],
)
def test_somebody_plays_while_bungie_tells_of_a_fireteam_or_of_an_activity(sent: dict, is_playing: bool) -> None:
    assert parse_profile(profile_with(ENTRY, **sent)).account.is_playing is is_playing


def test_a_character_s_activity_has_its_beginning() -> None:
    activity = {
        "currentActivityHash": 5,
        "currentActivityModeHash": 6,
        "dateActivityStarted": "2026-06-09T19:00:00Z",
    }
    body = {"characters": {"data": {"9": {}}}, "characterActivities": {"data": {"9": activity}}}
    assert parse_profile(body).characters[0].activity == Activity(5, 6, "2026-06-09T19:00:00.000+00:00")


def test_the_account_tells_its_ranks_season_and_artifact() -> None:
    told = {
        "dateLastPlayed": "2026-06-09T19:41:00Z", "currentGuardianRank": 8, "lifetimeHighestGuardianRank": 9,
        "currentSeasonPassHash": 7,
    }  # fmt: skip
    artifact = {"data": {"seasonalArtifact": {"powerBonus": 12}}}
    account = parse_profile(profile_with(ENTRY, profile={"data": told}, profileProgression=artifact)).account
    assert account == Account("2026-06-09T19:41:00.000+00:00", False, 8, 9, 7, 12)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["--5", "²", "0x1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)
WHOLE = profile_with(
    ENTRY,
    profile={"data": {"dateLastPlayed": "9999-12-31T23:59:59-05:00"}},
    characters={"data": {"9": {"light": 1, "stats": {"1": 2}, "dateLastPlayed": "2026-01-01T00:00:00Z"}}},
    characterActivities={"data": {"9": {"currentActivityHash": 1}}},
    profileProgression={"data": {"seasonalArtifact": {"powerBonus": 1}}},
    itemComponents={"instances": {"data": {ENTRY["itemInstanceId"]: {"primaryStat": {"value": 1}, "energy": {}}}}},
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value inside."""
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [deeper for key, inner in pairs for deeper in paths(inner, (*path, key))]


@given(path=st.sampled_from(paths(WHOLE)), odd=ANYTHING)
def test_anything_in_any_place_is_a_profile_or_a_bad_payload(path: tuple[str | int, ...], odd: object) -> None:
    body = copy.deepcopy(WHOLE)
    place = body
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    try:
        parse_profile(body)
    except BadPayload:
        assert path[0] == "profileInventory"
