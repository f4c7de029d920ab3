"""Every way in which the sandbox can go wrong on demand, as a client meets it."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import orjson
import pytest
import requests
from werkzeug.test import Client

from app.sandbox import SandboxServer, demo_world
from app.sandbox.player import VAULT
from tests.unit.sandbox.visitor import DEMO_ID, TIMEOUT_S, Clock, Visitor, all_items, serve

TITAN = "2305843009000000100"
MEMBERSHIPS = "/User/GetMembershipsForCurrentUser/"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SandboxServer]:
    with serve(demo_world(), clock=clock) as running:
        yield running


@pytest.fixture
def visitor(server: SandboxServer) -> Visitor:
    made = Visitor(server)
    made.sign_in()
    return made


def throw(visitor: Visitor, **switches: object) -> requests.Response:
    return requests.post(f"{visitor.url}/_sandbox/faults", json=switches, timeout=TIMEOUT_S)


def test_maintenance_is_503_everywhere_and_keeps_the_tokens(visitor: Visitor) -> None:
    pair = visitor.sign_in()
    throw(visitor, maintenance=True)
    for path in (MEMBERSHIPS, "/Destiny2/Manifest/", f"/Destiny2/3/Profile/{DEMO_ID}/?components=100"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.json()["ErrorCode"]) == (503, 5)
    refused = visitor.token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert refused.status_code == 400
    assert refused.json() == {"error": "server_error", "error_description": "SystemDisabled"}
    throw(visitor, maintenance="")
    assert visitor.token(grant_type="refresh_token", refresh_token=pair["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("mode", "status"), [("html503", 503), ("html200", 200)])
def test_maintenance_may_be_a_page_instead_of_json(visitor: Visitor, mode: str, status: int) -> None:
    throw(visitor, maintenance=mode)
    answer = visitor.get(MEMBERSHIPS)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, "text/html")


def test_maintenance_may_show_in_the_linked_profiles_alone(visitor: Visitor) -> None:
    throw(visitor, maintenance="linked_profiles")
    answer = visitor.get(f"/Destiny2/3/Profile/{DEMO_ID}/LinkedProfiles/").json()["Response"]
    assert answer["profiles"] == []
    assert answer["profilesWithErrors"][0]["infoCard"]["membershipId"] == DEMO_ID
    assert visitor.get(MEMBERSHIPS).status_code == 200


def test_throttling_tells_how_long_to_wait(visitor: Visitor) -> None:
    throw(visitor, throttled_s=10)
    answer = visitor.get(MEMBERSHIPS)
    assert answer.status_code == 503
    assert (answer.json()["ErrorCode"], answer.json()["ThrottleSeconds"]) == (1672, 10)


def test_latency_falls_on_matching_paths_only(visitor: Visitor) -> None:
    throw(visitor, latency_s={"*GetMemberships*": 0.4})
    begun = time.monotonic()
    visitor.get("/Settings/")
    quick = time.monotonic() - begun
    visitor.get(MEMBERSHIPS)
    assert quick < 0.4 <= time.monotonic() - begun - quick


def test_stopping_the_server_wakes_up_a_slow_answer(server: SandboxServer, visitor: Visitor) -> None:
    throw(visitor, latency_s=60)
    begun = time.monotonic()
    with pytest.raises(requests.RequestException):
        requests.get(f"{visitor.url}/Platform/Settings/", headers=visitor.headers, timeout=0.2)
    server.stop()
    assert time.monotonic() - begun < 5


def test_a_reset_hits_as_often_as_it_was_told_to(visitor: Visitor) -> None:
    throw(visitor, reset={"path": "*Settings*", "times": 1})
    with pytest.raises(requests.ConnectionError):
        visitor.get("/Settings/")
    assert visitor.get("/Settings/").status_code == 200


def test_a_reset_after_the_write_leaves_the_write_done(visitor: Visitor) -> None:
    item = next(i for i in all_items(visitor.profile()) if i["bucketHash"] == 1498876634 and i["transferStatus"] == 0)
    throw(visitor, reset_after="*/TransferItem/")
    with pytest.raises(requests.ConnectionError):
        visitor.transfer(item, holder_of(visitor, item), to_vault=True)
    moved = next(i for i in all_items(visitor.profile()) if i.get("itemInstanceId") == item["itemInstanceId"])
    assert moved["bucketHash"] == VAULT


def holder_of(visitor: Visitor, item: dict) -> str:
    held = visitor.profile("201")["characterInventories"]["data"]
    return next(character_id for character_id, each in held.items() if item in each["items"])


def test_half_a_body_breaks_off(visitor: Visitor) -> None:
    throw(visitor, half_body=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        visitor.get("/Settings/")


def test_a_dripping_answer_has_its_length_but_comes_slowly(visitor: Visitor) -> None:
    throw(visitor, drip=True)
    headers = visitor.headers
    with requests.get(f"{visitor.url}/Platform/Settings/", headers=headers, stream=True, timeout=TIMEOUT_S) as answer:
        assert int(answer.headers["Content-Length"]) > 100
        begun = time.monotonic()
        assert answer.raw.read(2) == b'{"'
        assert time.monotonic() - begun > 0.5


def test_a_dripping_head_never_becomes_an_answer(visitor: Visitor) -> None:
    throw(visitor, drip_head="*Settings*")
    host, port = visitor.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT_S) as connection:
        connection.sendall(b"GET /Platform/Settings/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        come = b"".join(connection.recv(1) for _ in range(len(b"HTTP/1.1 200 OK\r\nX-Slow: ")))
        begun = time.monotonic()
        assert come + connection.recv(1) == b"HTTP/1.1 200 OK\r\nX-Slow: x"
        assert time.monotonic() - begun > 0.5


@pytest.mark.parametrize(
    ("switch", "status", "start"),
    [("wrong_json", 200, b"["), ("broken_json", 200, b'{"Response":{'), ("status_502_html", 502, b"<!DOCTYPE html>")],
)
def test_answers_of_the_wrong_shape(visitor: Visitor, switch: str, status: int, start: bytes) -> None:
    throw(visitor, **{switch: "*Settings*"})
    answer = visitor.get("/Settings/")
    assert answer.status_code == status
    assert answer.content.startswith(start)
    assert visitor.get(MEMBERSHIPS).json()["ErrorCode"] == 1


def test_a_gzip_bomb_is_small_on_the_wire_and_huge_unpacked(visitor: Visitor) -> None:
    throw(visitor, gzip_bomb=True)
    with requests.get(f"{visitor.url}/Platform/Settings/", headers=visitor.headers, stream=True, timeout=60) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        packed = answer.raw.read(decode_content=False)
    assert len(packed) < 3 << 20
    with gzip.open(BytesIO(packed)) as unpacked:
        assert sum(len(chunk) for chunk in iter(lambda: unpacked.read(1 << 24), b"")) == 1 << 30


def test_expired_tokens_meet_401_and_in_a_variant_code_99(visitor: Visitor) -> None:
    throw(visitor, expire_tokens=True)
    assert visitor.get(MEMBERSHIPS).status_code == 401
    throw(visitor, web_auth_99=True)
    answer = visitor.get(MEMBERSHIPS)
    assert (answer.status_code, answer.json()["ErrorCode"]) == (500, 99)


def test_an_empty_inventory_is_given_once(visitor: Visitor) -> None:
    throw(visitor, empty_profile_inventory_once=True)
    assert visitor.profile("100")["profile"]["data"]
    assert visitor.profile("102")["profileInventory"]["data"]["items"] == []
    assert len(visitor.profile("102")["profileInventory"]["data"]["items"]) > 200


def test_dropped_components_and_sockets_are_missing(visitor: Visitor) -> None:
    complete = len(visitor.profile("305")["itemComponents"]["sockets"]["data"])
    throw(visitor, drop_components=["characters"], missing_sockets=5)
    answer = visitor.profile("200,201,305")
    assert "characters" not in answer
    assert "characterInventories" in answer
    assert len(answer["itemComponents"]["sockets"]["data"]) == complete - 5


def test_unknown_hashes_stand_in_the_vault(visitor: Visitor) -> None:
    known = {item["itemHash"] for item in all_items(visitor.profile())}
    throw(visitor, unknown_hashes=3)
    items = visitor.profile("102")["profileInventory"]["data"]["items"]
    assert len({item["itemHash"] for item in items} - known) == 3
    assert {item["bucketHash"] for item in items if item["itemHash"] not in known} == {VAULT}


def test_stale_reads_show_the_old_state_under_its_old_stamp_until_they_age(visitor: Visitor, clock: Clock) -> None:
    throw(visitor, stale_reads_s=30)
    before = visitor.profile("102,201")
    item = next(i for i in before["profileInventory"]["data"]["items"] if i["bucketHash"] == VAULT and i["lockable"])
    visitor.act("SetLockState", TITAN, itemId=item["itemInstanceId"], state=not item["state"] & 1)
    clock.now_s += 29
    stale = visitor.profile("102,201")
    assert stale == before
    clock.now_s += 1
    fresh = visitor.profile("102,201")
    assert fresh["profileInventory"] != before["profileInventory"]
    assert fresh["responseMintedTimestamp"] > before["responseMintedTimestamp"]


def test_stale_reads_may_flip_between_old_and_new(visitor: Visitor) -> None:
    throw(visitor, stale_reads_s=30, stale_flip_flop=True)
    stamps = [visitor.profile("100")["responseMintedTimestamp"] for _ in range(5)]
    assert stamps[1] > stamps[0]
    assert stamps[2] == stamps[0]
    assert stamps[3] > stamps[1]


def test_in_an_activity_equipping_is_refused_and_moving_is_not(visitor: Visitor) -> None:
    held = visitor.profile("201")["characterInventories"]["data"][TITAN]["items"]
    item = next(each for each in held if each["bucketHash"] == 1498876634)
    throw(visitor, in_activity=True)
    assert visitor.act("EquipItem", TITAN, itemId=item["itemInstanceId"]) == 1671
    assert visitor.transfer(item, TITAN, to_vault=True) == 1


def test_an_alert_can_be_put_up(visitor: Visitor) -> None:
    assert visitor.get("/GlobalAlerts/").json()["Response"] == []
    throw(visitor, alert="<b>Tonight</b>")
    assert visitor.get("/GlobalAlerts/").json()["Response"][0]["AlertHtml"] == "<b>Tonight</b>"


@pytest.mark.parametrize(
    "switches",
    [
        {"frogs": True},
        {"maintenance": "sometimes"},
        {"latency_s": "long"},
        {"reset": {"way": 1}},
        {"use_manifest": "/nowhere"},
    ],
)
def test_a_switch_that_is_not_understood_is_said_and_nothing_is_thrown(
    visitor: Visitor, switches: dict[str, object]
) -> None:
    answer = throw(visitor, **{"unknown_hashes": 3} | switches)
    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 10
    assert visitor.get("/Settings/").status_code == 200


def test_switches_are_shown_and_cleared(visitor: Visitor) -> None:
    assert throw(visitor, throttled_s=4).json()["throttled_s"] == 4
    url = f"{visitor.url}/_sandbox/faults"
    assert requests.get(url, timeout=TIMEOUT_S).json()["throttled_s"] == 4
    assert requests.delete(url, timeout=TIMEOUT_S).json()["throttled_s"] == 0


def test_the_switchboard_answers_the_same_machine_only(server: SandboxServer) -> None:
    client = Client(server.app)
    assert client.get("/_sandbox/faults", environ_base={"REMOTE_ADDR": "127.0.0.9"}).status_code == 200
    assert client.get("/_sandbox/faults", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403
    assert client.post("/_sandbox/faults", json={}, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


def write_manifest(root: Path, version: str) -> Path:
    folder = root / "manifest"
    folder.mkdir()
    (folder / "table.json").write_bytes(b'{"1":{"hash":1,"redacted":false,"index":0}}')
    index = {"version": version, "jsonWorldComponentContentPaths": {"en": {"DestinyLoreDefinition": "/table.json"}}}
    (folder / "index.json").write_bytes(orjson.dumps({"Response": index}))
    return root


def test_another_manifest_can_be_published(visitor: Visitor, tmp_path: Path) -> None:
    before = visitor.get("/Destiny2/Manifest/").json()["Response"]["version"]
    throw(visitor, use_manifest=str(write_manifest(tmp_path, "2.0")))
    assert visitor.get("/Destiny2/Manifest/").json()["Response"]["version"] == "2.0" != before
    assert visitor.get("/Destiny2/Manifest/DestinyLoreDefinition/1/").json()["Response"]["hash"] == 1
