"""What the sandbox tells about accounts: only what was asked for, recorded and may be seen."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from app.sandbox import SandboxServer, demo_world
from tests.unit.sandbox.visitor import (
    CROSSROADS_ID,
    DEMO_ID,
    EVERYTHING,
    NEWCOMER_ID,
    TIMEOUT_S,
    Clock,
    Visitor,
    all_items,
    serve,
)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with serve(demo_world(), clock=Clock()) as running:
        yield running


@pytest.fixture
def stranger(server: SandboxServer) -> Visitor:
    return Visitor(server)


@pytest.fixture
def owner(server: SandboxServer) -> Visitor:
    visitor = Visitor(server)
    visitor.sign_in()
    return visitor


def code_of(answer: requests.Response) -> int:
    return int(answer.json()["ErrorCode"])


def test_only_requested_components_are_answered(owner: Visitor) -> None:
    assert set(owner.profile("100,102")) == {
        "responseMintedTimestamp",
        "secondaryComponentsMintedTimestamp",
        "profile",
        "profileInventory",
    }
    assert set(owner.profile("")) == {"responseMintedTimestamp", "secondaryComponentsMintedTimestamp"}


def test_item_components_hold_only_the_parts_asked_for(owner: Visitor) -> None:
    answer = owner.profile("300,304,305")
    assert set(answer["itemComponents"]) == {"instances", "stats", "sockets"}
    assert {"profilePlugSets", "characterPlugSets"} <= set(answer)
    assert "itemComponents" not in owner.profile("102")


def test_components_may_be_given_by_name(owner: Visitor) -> None:
    assert set(owner.profile("Profiles,characters")) >= {"profile", "characters"}


def test_an_unreadable_component_is_code_7(owner: Visitor) -> None:
    assert code_of(owner.get(f"/Destiny2/3/Profile/{DEMO_ID}/?components=100,frogs")) == 7


def test_a_component_that_was_not_recorded_is_absent(owner: Visitor) -> None:
    assert "metrics" not in owner.profile("100,1100")


@pytest.mark.parametrize("account", [CROSSROADS_ID, None])
def test_private_components_are_shown_to_their_owner_only(server: SandboxServer, account: str | None) -> None:
    visitor = Visitor(server)
    if account:
        visitor.sign_in(account)
    visitor.type, visitor.id = 3, DEMO_ID
    answer = visitor.profile("100,102,103,200,201,205,300")
    assert "data" in answer["profile"]
    assert "data" in answer["characterEquipment"]
    hidden = ("profileInventory", "profileCurrencies", "characterInventories")
    assert [answer[name] for name in hidden] == [{"privacy": 2}] * 3
    assert answer["itemComponents"] == {"instances": {"privacy": 2}}


def test_a_profile_under_another_platforms_type_is_refused(owner: Visitor) -> None:
    assert code_of(owner.get(f"/Destiny2/2/Profile/{DEMO_ID}/?components=100")) == 18


def test_an_unknown_or_overridden_account_is_not_found(owner: Visitor) -> None:
    for membership_id in ("4611686018499999999", "4611686018400000004"):
        assert code_of(owner.get(f"/Destiny2/3/Profile/{membership_id}/?components=100")) == 1601


def test_minted_times_move_forward_though_the_clock_stands_still(owner: Visitor) -> None:
    stamps = [owner.profile("100")["responseMintedTimestamp"] for _ in range(3)]
    assert stamps == sorted(set(stamps))


def test_memberships_name_the_primary_account_of_a_cross_save(server: SandboxServer) -> None:
    visitor = Visitor(server)
    visitor.sign_in(CROSSROADS_ID, 2)
    answer = visitor.get("/User/GetMembershipsForCurrentUser/").json()["Response"]
    assert answer["primaryMembershipId"] == CROSSROADS_ID
    assert sorted(card["membershipType"] for card in answer["destinyMemberships"]) == [1, 2, 3]
    assert answer["bungieNetUser"]["membershipId"] == "40000003"


def test_memberships_without_cross_save_have_no_primary(owner: Visitor) -> None:
    answer = owner.get("/User/GetMembershipsForCurrentUser/").json()["Response"]
    assert "primaryMembershipId" not in answer
    assert [card["LastSeenDisplayName"] for card in answer["destinyMemberships"]] == ["Demo"]


def test_linked_profiles_are_found_by_either_membership(stranger: Visitor) -> None:
    by_bungie = stranger.get("/Destiny2/254/Profile/40000003/LinkedProfiles/?getAllMemberships=true").json()
    by_destiny = stranger.get(f"/Destiny2/2/Profile/{CROSSROADS_ID}/LinkedProfiles/").json()
    assert by_bungie == by_destiny
    assert [card["isOverridden"] for card in by_bungie["Response"]["profiles"]] == [False, True]
    assert by_bungie["Response"]["profilesWithErrors"][0]["errorCode"] == 1601
    assert code_of(stranger.get("/Destiny2/254/Profile/1/LinkedProfiles/")) == 1601


def test_an_account_without_characters_has_empty_components(server: SandboxServer) -> None:
    visitor = Visitor(server)
    visitor.sign_in(NEWCOMER_ID)
    answer = visitor.profile(EVERYTHING)
    assert answer["profile"]["data"]["characterIds"] == []
    assert answer["characters"]["data"] == {}
    assert all_items(answer) == []


def test_one_character_is_its_share_of_the_profile(owner: Visitor) -> None:
    profile = owner.profile()
    character_id = next(iter(profile["characters"]["data"]))
    path = f"/Destiny2/3/Profile/{DEMO_ID}/Character/{character_id}/?components=200,201,205,300"
    answer = owner.get(path).json()["Response"]
    assert answer["character"]["data"] == profile["characters"]["data"][character_id]
    assert answer["inventory"]["data"] == profile["characterInventories"]["data"][character_id]
    held = [*answer["inventory"]["data"]["items"], *answer["equipment"]["data"]["items"]]
    ids = {item["itemInstanceId"] for item in held if "itemInstanceId" in item}
    assert set(answer["itemComponents"]["instances"]["data"]) == ids
    assert code_of(owner.get(f"/Destiny2/3/Profile/{DEMO_ID}/Character/1/?components=200")) == 1620


def test_one_item_tells_who_holds_it(owner: Visitor) -> None:
    worn = next(iter(owner.profile("205")["characterEquipment"]["data"].items()))
    item_id = worn[1]["items"][0]["itemInstanceId"]
    path = f"/Destiny2/3/Profile/{DEMO_ID}/Item/{item_id}/?components=300,304,307"
    answer = owner.get(path).json()["Response"]
    assert answer["characterId"] == worn[0]
    assert answer["item"]["data"]["itemInstanceId"] == item_id
    assert set(answer) == {"characterId", "item", "instance", "stats"}
    assert code_of(owner.get(f"/Destiny2/3/Profile/{DEMO_ID}/Item/1/?components=300")) == 1623


@pytest.mark.parametrize(("key", "code"), [(None, 2102), ("wrong", 2101)])
def test_the_api_key_is_needed(stranger: Visitor, key: str | None, code: int) -> None:
    headers = {"User-Agent": "x"} | ({"X-API-Key": key} if key else {})
    answer = requests.get(f"{stranger.url}/Platform/Destiny2/Manifest/", headers=headers, timeout=TIMEOUT_S)
    assert code_of(answer) == code


def test_an_anonymous_agent_is_turned_away(stranger: Visitor) -> None:
    connection = HTTPConnection("127.0.0.1", urlsplit(stranger.url).port, timeout=TIMEOUT_S)
    connection.request("GET", "/Platform/Destiny2/Manifest/", headers={"X-API-Key": "sandbox-key"})
    with connection.getresponse() as answer:
        assert (answer.status, answer.read()) == (403, b"")
    connection.close()


def test_a_missing_slash_is_a_redirect(stranger: Visitor) -> None:
    answer = stranger.get("/Destiny2/Manifest")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{stranger.url}/Platform/Destiny2/Manifest/")


def test_an_unknown_path_is_a_404_page(stranger: Visitor) -> None:
    answer = stranger.get("/Destiny2/Nothing/Here/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_vendors_have_rolls_only_one_by_one(owner: Visitor) -> None:
    character_id = next(iter(owner.profile("200")["characters"]["data"]))
    base = f"/Destiny2/3/Profile/{DEMO_ID}/Character/{character_id}/Vendors/"
    every = owner.get(f"{base}?components=400,402,304,305").json()["Response"]
    assert every["itemComponents"] == {}
    assert "2190858386" in every["vendors"]["data"]
    assert "categories" not in every
    one = owner.get(f"{base}2190858386/?components=400,401,402,304,305").json()["Response"]
    rolled = set(one["itemComponents"]["sockets"]["data"])
    assert rolled
    assert rolled <= set(one["sales"]["data"])  # not all that is sold has sockets
    assert one["vendor"]["data"]["vendorHash"] == 2190858386
    assert code_of(owner.get(f"{base}5/?components=400")) == 1627


def test_vendors_of_somebody_else_are_not_shown(server: SandboxServer) -> None:
    visitor = Visitor(server)
    visitor.sign_in(CROSSROADS_ID, 2)
    path = f"/Destiny2/3/Profile/{DEMO_ID}/Character/2305843009000000100/Vendors/?components=400"
    assert code_of(visitor.get(path)) == 99


def test_requests_are_counted_by_route(owner: Visitor) -> None:
    owner.server.app.state.requests.clear()
    owner.profile("100")
    owner.profile("100")
    log = requests.get(f"{owner.url}/_sandbox/requests", timeout=TIMEOUT_S).json()
    assert log["counts"] == {"profile": 2}
    assert log["recent"][0]["method"] == "GET"
    assert log["recent"][0]["status"] == 200
