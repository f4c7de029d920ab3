"""One door to Bungie: every kind of answer becomes a value or the right error, within its time and size."""

from __future__ import annotations

import gzip
import socket
import time

import orjson
import pytest

from app.bungie import errors
from app.bungie.http import BungieHttp, Deadline, HttpLimits, open_envelope
from app.bungie.oauth import BungieOAuth
from tests.raw_server import Answer, answer, raw_server

OK = orjson.dumps({"Response": {"a": 1}, "ErrorCode": 1})
HTML = b"<html><body>Please stand by</body></html>"


def envelope(code: int, **more: object) -> bytes:
    return orjson.dumps({"ErrorCode": code, "ErrorStatus": "X", "Message": "m", **more})


def http(root: str, **limits: float) -> BungieHttp:
    return BungieHttp(root, "the-key", "40000", HttpLimits(**limits))  # type: ignore[arg-type]


def call(behave: Answer, **limits: float) -> object:
    with raw_server(behave) as (root, _):
        return http(root, **limits).call("GET", "/Destiny2/Manifest/")


def test_a_good_answer_gives_its_response() -> None:
    assert call(answer(OK)) == {"a": 1}


def test_a_compressed_answer_is_unpacked() -> None:
    assert call(answer(gzip.compress(OK), headers="Content-Encoding: gzip")) == {"a": 1}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, envelope(5), errors.Maintenance),
        (200, envelope(5), errors.Maintenance),
        (503, HTML, errors.Maintenance),
        (200, HTML, errors.Maintenance),
        (503, envelope(1672, ThrottleSeconds=7), errors.Throttled),
        (500, envelope(36), errors.Throttled),
        (429, b"", errors.Throttled),
        (401, HTML, errors.TokenRefused),
        (500, envelope(99), errors.TokenRefused),
        (200, envelope(2111), errors.TokenRefused),
        (500, envelope(1623), errors.NotFound),
        (500, envelope(1601), errors.NotFound),
        (404, HTML, errors.NotFound),
        (500, envelope(1642), errors.NoRoom),
        (500, envelope(1641), errors.Refused),
        (500, envelope(987654), errors.Refused),
        (500, envelope(1618), errors.Unavailable),
        (502, HTML, errors.Unavailable),
        (522, b"", errors.Unavailable),
        (301, b"", errors.Unavailable),
        (401, envelope(2101), errors.ApplicationRefused),
        (400, b'{"error":"server_error","error_description":"SystemDisabled"}', errors.Maintenance),
        (200, b'{"Response":{"a":', errors.BadPayload),
        (200, b"{}", errors.BadPayload),
        (200, b"[]", errors.BadPayload),
        (200, b"", errors.BadPayload),
    ],
)
def test_every_failure_is_told_apart_by_what_to_do(status: int, body: bytes, kind: type[errors.BungieError]) -> None:
    with pytest.raises(errors.BungieError) as caught:
        open_envelope(body, status, what="GET /x")
    assert type(caught.value) is kind


def test_the_wait_that_bungie_asks_for_is_kept() -> None:
    with pytest.raises(errors.Throttled) as caught:
        open_envelope(envelope(1672, ThrottleSeconds=7), 503, what="GET /x")
    assert caught.value.retry_after_s == 7


def test_a_dripping_body_ends_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(60):
            connection.sendall(b" ")
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(errors.Unavailable):
        call(drip, total_s=0.5)
    assert time.monotonic() - began < 1.5


HEADS = {
    "the status line": b"HTTP/1.1 200 " + b"O" * 500,
    "a header": b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 500,
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"A: 1\r\n" * 90,
    "the head before the head": b"HTTP/1.1 100 Continue\r\n\r\n" * 20,
}


@pytest.mark.parametrize("part", HEADS)
def test_a_dripping_head_ends_at_the_deadline(part: str) -> None:
    def drip(connection: socket.socket) -> None:
        for each in HEADS[part][:60]:
            connection.sendall(bytes([each]))
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(errors.Unavailable):
        call(drip, total_s=0.5)
    assert time.monotonic() - began < 1.5


def test_a_body_that_falls_silent_late_ends_at_the_deadline_and_not_a_whole_wait_later() -> None:
    def fall_silent(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        time.sleep(0.6)
        connection.sendall(b" ")
        time.sleep(4)

    began = time.monotonic()
    with pytest.raises(errors.Unavailable):
        call(fall_silent, total_s=1.0, read_s=0.9)
    assert time.monotonic() - began < 1.4


def test_a_packed_body_that_drips_ends_at_the_deadline_too() -> None:
    """Nothing can be unpacked of its first hundred bytes, so nobody may wait for something unpacked."""
    packed = gzip.compress(orjson.dumps({"Response": [str(number) for number in range(2000)]}))

    def drip(connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        connection.sendall(head.encode())
        for each in packed[:60]:
            connection.sendall(bytes([each]))
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(errors.Unavailable):
        call(drip, total_s=0.5)
    assert time.monotonic() - began < 1.5


def test_a_body_that_trickles_is_given_up_long_before_the_deadline_and_not_asked_for_again() -> None:
    asked = []

    def trickle(connection: socket.socket) -> None:
        asked.append(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(60):
            connection.sendall(b" ")
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(errors.Unavailable):
        call(trickle, trickle_s=0.5)
    assert time.monotonic() - began < 1.5
    assert len(asked) == 1


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_a_packed_answer_is_unpacked(size: int) -> None:
    packed = gzip.compress(orjson.dumps({"Response": "x" * size, "ErrorCode": 1}))
    assert call(answer(packed, headers="Content-Encoding: gzip")) == "x" * size


def test_a_silent_server_is_left_after_the_read_time() -> None:
    began = time.monotonic()
    with pytest.raises(errors.Unavailable):
        call(lambda _: time.sleep(3), read_s=0.3)
    assert time.monotonic() - began < 1.5


def test_an_answer_that_unpacks_beyond_the_cap_is_cut_off() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    with pytest.raises(errors.BadPayload):
        call(answer(bomb, headers="Content-Encoding: gzip"), most_bytes=1_000_000)


@pytest.mark.parametrize("cut", [b"", b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"Respon', b"nonsense\r\n\r\n"])
def test_a_cut_connection_is_a_bungie_error(cut: bytes) -> None:
    with pytest.raises(errors.BungieError):
        call(lambda connection: connection.sendall(cut))


def test_a_refused_connection_is_unavailable() -> None:
    with pytest.raises(errors.Unavailable):
        http("http://127.0.0.1:9").call("GET", "/x/")


def test_a_spent_deadline_sends_nothing() -> None:
    with raw_server(answer(OK)) as (root, requests), pytest.raises(errors.Unavailable):
        http(root).call("GET", "/x/", deadline=Deadline(0))
    assert requests == []


def test_requests_carry_key_agent_and_bearer_and_no_cookie() -> None:
    with raw_server(answer(OK, headers="Set-Cookie: bungled=1; Path=/")) as (root, requests):
        door = http(root)
        door.call("GET", "/x/", token="secret")
        door.call("GET", "/x/")
    first, second = (request.lower() for request in requests)
    assert b"x-api-key: the-key" in first
    assert b"user-agent: destinyvaultraider/" in first
    assert b"authorization: bearer secret" in first
    assert b"cookie" not in second
    assert b"authorization" not in second


def test_a_redirect_is_not_followed_because_it_would_carry_the_token_away() -> None:
    with raw_server(answer(b"", "302 Found", "Location: http://127.0.0.1:9/elsewhere")) as (root, requests):
        with pytest.raises(errors.Unavailable):
            http(root).call("GET", "/x/", token="secret")
        assert len(requests) == 1


def test_errors_never_carry_tokens_or_bodies() -> None:
    with pytest.raises(errors.BungieError) as caught:
        open_envelope(b'{"ErrorCode":99,"Message":"canary-token"}', 500, what="GET /x")
    assert "canary" not in f"{caught.value!r}{caught.value}"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"error":"invalid_grant","error_description":"AuthorizationCodeInvalid"}', errors.GrantRevoked),
        (400, b'{"error":"invalid_grant","error_description":"RefreshTokenExpired"}', errors.GrantRevoked),
        (400, b'{"error":"server_error","error_description":"SystemDisabled"}', errors.Maintenance),
        (400, b'{"error":"invalid_request","error_description":"cannot parse client_id"}', errors.ApplicationRefused),
        (400, b'{"error":"invalid_client"}', errors.ApplicationRefused),
        (400, b'{"error":"server_error","error_description":"Whatever"}', errors.Unavailable),
        (503, HTML, errors.Maintenance),
        (502, HTML, errors.Unavailable),
        (200, HTML, errors.Unavailable),
        (401, b"", errors.GrantRevoked),
        (403, HTML, errors.GrantRevoked),
        (500, envelope(2124), errors.GrantRevoked),
        (503, envelope(5), errors.Maintenance),
        (500, envelope(1618), errors.Unavailable),
        (429, b"", errors.Throttled),
        (200, b'{"access_token":"a","expires_in":3600}', errors.BadPayload),
        (200, b'{"access_token":"a","membership_id":"1","expires_in":"soon"}', errors.BadPayload),
        (200, b"{}", errors.Unavailable),
    ],
)
def test_the_token_endpoint_s_answers_are_told_apart(status: int, body: bytes, kind: type[errors.BungieError]) -> None:
    with raw_server(answer(body, f"{status} X")) as (root, _), pytest.raises(errors.BungieError) as caught:
        BungieOAuth(http(root), "40000", "shh").refresh("old")
    assert type(caught.value) is kind


def test_a_token_pair_hides_itself() -> None:
    body = orjson.dumps({
        "access_token": "canary-a", "refresh_token": "canary-r", "expires_in": 3600, "refresh_expires_in": 7776000,
        "membership_id": "12",
    })  # fmt: skip
    with raw_server(answer(body)) as (root, requests):
        pair = BungieOAuth(http(root), "40000", "shh").exchange("code-1")
    assert (pair.access_token, pair.refresh_expires_in_s, pair.membership_id) == ("canary-a", 7_776_000, "12")
    assert "canary" not in repr(pair)
    head = requests[0].split(b"\r\n", 1)[0]
    assert head == b"POST /Platform/App/OAuth/token/ HTTP/1.1"
    assert b"scope" not in requests[0]
