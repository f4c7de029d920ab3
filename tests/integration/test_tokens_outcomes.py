"""What an answer of the token endpoint does to the stored grant: kept in every kind of trouble, lost only when lost."""

from __future__ import annotations

import logging
import socket
import time
from datetime import timedelta

import pytest

from app.bungie.errors import BungieError, GrantRevoked
from app.bungie.http import BungieHttp, Deadline, HttpLimits
from app.bungie.oauth import BungieOAuth, TokenPair
from app.services.audit import Kind
from tests.fixtures.tokens import KEY, Desk
from tests.raw_server import Answer, answer, raw_server

HTML = b"<html><body>Please stand by</body></html>"
KEPT, LOST = "kept", "lost"


def oauth(error: str, description: str = "", status: str = "400 Bad Request") -> Answer:
    return answer(b'{"error":"%s","error_description":"%s"}' % (error.encode(), description.encode()), status)


def code(number: int, status: str = "500 X") -> Answer:
    return answer(b'{"ErrorCode":%d,"Message":"m"}' % number, status)


def silent(_connection: socket.socket) -> None:
    time.sleep(1)


def hang_up(_connection: socket.socket) -> None:
    return


ANSWERS: list[tuple[str, Answer, str]] = [
    ("maintenance in OAuth words", oauth("server_error", "SystemDisabled"), KEPT),
    ("an unknown server error", oauth("server_error", "Whatever"), KEPT),
    ("our secret is wrong", oauth("invalid_client", "ApplicationAuthorizationFailed"), KEPT),
    ("our request is wrong", oauth("invalid_request", "Cannot parse client_id"), KEPT),
    ("a word that nobody knows", oauth("temporarily_strange"), KEPT),
    ("the maintenance page", answer(HTML, "503 X"), KEPT),
    ("the maintenance page with 200", answer(HTML), KEPT),
    ("a gateway's page", answer(HTML, "502 X"), KEPT),
    ("a gateway's time-out", answer(HTML, "504 X"), KEPT),
    ("too many requests", answer(b"", "429 X"), KEPT),
    ("a redirect", answer(b"", "302 Found", "Location: http://127.0.0.1:9/"), KEPT),
    ("not found", answer(HTML, "404 X"), KEPT),
    ("maintenance as a code", code(5, "503 X"), KEPT),
    ("throttled by code", code(36), KEPT),
    ("game servers in trouble", code(1618), KEPT),
    ("a code that nobody knows", code(987654), KEPT),
    ("our key is wrong", code(2101), KEPT),
    ("broken JSON", answer(b'{"access_token":'), KEPT),
    ("an empty answer", answer(b""), KEPT),
    ("half a pair", answer(b'{"access_token":"a","expires_in":3600}'), KEPT),
    ("a list", answer(b"[]"), KEPT),
    ("silence", silent, KEPT),
    ("a cut connection", hang_up, KEPT),
    ("the player took it back", oauth("invalid_grant", "AuthorizationRecordRevoked"), LOST),
    ("ninety days are over", oauth("invalid_grant", "RefreshTokenExpired"), LOST),
    ("a spent token", oauth("invalid_grant", "ProvidedTokenNotValidRefreshToken"), LOST),
    ("a dead token as a code", code(2124), LOST),
    ("401 without a word", answer(b"", "401 X"), LOST),
    ("403 without a word", answer(HTML, "403 X"), LOST),
]


def outcome(desk: Desk, behave: Answer) -> str:
    """What became of the grant, as the row tells it afterwards."""
    desk.reconnect()
    before = desk.row().refresh_token
    with raw_server(behave) as (root, _):
        limits = HttpLimits(read_s=0.3, total_s=1.0)
        service = desk.service_with(KEY, oauth=BungieOAuth(BungieHttp(root, "k", "40000", limits), "40000", "secret"))
        with pytest.raises(BungieError) as caught:
            service.access_token(desk.account_id, Deadline(3))
    row = desk.row()
    if row.needs_reconnect and row.refresh_token == row.access_token == "":
        return LOST if isinstance(caught.value, GrantRevoked) else "lost, but told otherwise"
    is_free = row.lease_until is None and not row.needs_reconnect and row.refresh_token == before
    return KEPT if is_free else "neither kept nor lost"


def test_each_answer_keeps_or_loses_the_grant_as_it_should(desk: Desk) -> None:
    assert len(ANSWERS) >= 20
    found = {name: outcome(desk, behave) for name, behave, _ in ANSWERS}
    assert found == {name: wanted for name, _, wanted in ANSWERS}


def test_after_any_trouble_the_kept_grant_works_at_once(desk: Desk) -> None:
    assert outcome(desk, answer(HTML, "502 X")) == KEPT
    assert desk.token()


def test_a_lost_grant_is_written_down_for_the_person_and_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert outcome(desk, oauth("invalid_grant", "AuthorizationRecordRevoked")) == LOST
    events = desk.audit.latest(desk.row().user_id)
    assert [(each.kind, each.request_id) for each in events] == [(Kind.GRANT_LOST.value, "request-1")]
    assert Kind.GRANT_LOST.value in caplog.messages


@pytest.mark.parametrize(
    ("behave", "level"),
    [(oauth("server_error", "SystemDisabled"), logging.WARNING), (oauth("temporarily_strange"), logging.ERROR),
     (oauth("invalid_client"), logging.ERROR), (answer(b"[]"), logging.ERROR)],
)  # fmt: skip
def test_an_answer_that_nobody_expects_raises_the_alarm(
    desk: Desk, caplog: pytest.LogCaptureFixture, behave: Answer, level: int
) -> None:
    assert outcome(desk, behave) == KEPT
    assert [each.levelno for each in caplog.records if "refresh failed" in each.message] == [level]


class Crash(BaseException):
    """The process is killed."""


class DiesAfterTheAnswer:
    """Bungie has spent the old refresh token and answered; then the process dies before anything is stored."""

    def __init__(self, real: BungieOAuth) -> None:
        self._real = real

    def refresh(self, refresh_token: str, deadline: Deadline | None = None) -> TokenPair:
        self._real.refresh(refresh_token, deadline)
        raise Crash


def test_a_crash_between_answer_and_commit_costs_one_more_call_and_a_reconnect_at_worst(desk: Desk) -> None:
    desk.reconnect()
    with pytest.raises(Crash):
        desk.service_with(KEY, oauth=DiesAfterTheAnswer(desk.oauth)).access_token(desk.account_id, Deadline(3))
    desk.session.remove()
    desk.bungie.app.state.requests.clear()
    desk.clock.now += timedelta(seconds=21)  # the dead process's lease has ended
    for _ in range(5):
        with pytest.raises(GrantRevoked):
            desk.token()
    assert desk.token_calls() == 1
    assert desk.row().needs_reconnect
    desk.reconnect()
    assert desk.token()
