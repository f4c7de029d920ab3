"""One door to Bungie.net: time limits, a size cap, no cookies, no foreign redirects, errors as exceptions.

`requests` bounds the wait for each piece but not the whole answer; `Deadline`, `within` and `_read` add that.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import orjson
import requests
from urllib3.exceptions import HTTPError as TransportError

from app.bungie import errors
from app.bungie.bodies import ENCODINGS, pieces
from app.bungie.gate import Gate
from app.bungie.punctual import punctual_session, within

USER_AGENT = "DestinyVaultRaider/0.1 (+https://github.com/; server-side vault manager)"

_CHUNK_BYTES = 256 * 1024
_SUCCESS = 1
_Answer = TypeVar("_Answer")
# A question that got no answer is asked once more, a moment later, when there is time enough for an answer.
_RETRY_AFTER_S = (0.2, 0.6)
_LEAST_FOR_RETRY_S = 3.0
_LEAST_WAIT_S = 0.1
_LEAST_BYTES_A_S = 1024


class Deadline:
    """The moment by which a whole piece of work must have ended, on a monotonic clock.

    `sent_at` is when the last request of that work went out, None before the first.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends = clock() + seconds
        self.sent_at: float | None = None

    def note_sent(self) -> None:
        self.sent_at = self._clock()

    def remaining_s(self) -> float:
        return self._ends - self._clock()


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Seconds and bytes that one answer may cost."""

    connect_s: float = 3.0
    read_s: float = 9.0
    total_s: float = 10.0
    most_bytes: int = 48 * 1024 * 1024
    trickle_s: float = 4.0


class _NoNetrc(requests.auth.AuthBase):
    """Keeps requests from putting a ~/.netrc password over our headers."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class BungieHttp:
    """Sends requests when the gate lets them pass, and reads answers. Holds connections, never anybody's state."""

    def __init__(
        self, root: str, api_key: str, client_id: str, limits: HttpLimits | None = None, gate: Gate | None = None
    ) -> None:
        self.root = root
        self._limits = limits or HttpLimits()
        self._gate = gate or Gate()
        self._headers = {
            "X-API-Key": api_key,
            "User-Agent": f"{USER_AGENT} AppId/{client_id}",
            "Accept": "application/json",
            "Accept-Encoding": ENCODINGS,
        }
        self._session = punctual_session(connections=32)
        # Bungie's cookies would change how it authenticates the next player's request.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        player: str = "",
        deadline: Deadline | None = None,
    ) -> Any:
        """The `Response` of an API call below /Platform. Raises a BungieError for everything else.

        `player` is whose turn this is in the shared budget of requests, a membership id; "" is nobody in particular.
        """
        headers = dict(self._headers)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = orjson.dumps(body)
        deadline = deadline or Deadline(self._limits.total_s)

        def ask() -> Any:
            status, raw = self._send(method, f"/Platform{path}", headers, params=params, data=data, deadline=deadline)
            return open_envelope(raw, status, what=f"{method} {path}")

        return self._in_turn(ask, player, deadline, may_repeat=method == "GET")

    def post_form(self, path: str, form: Mapping[str, str], deadline: Deadline | None = None) -> tuple[int, bytes]:
        """Status and body of a form post below /Platform, for the token endpoint, which has no envelope."""
        deadline = deadline or Deadline(self._limits.total_s)

        def ask() -> tuple[int, bytes]:
            return self._send("POST", f"/Platform{path}", dict(self._headers), data=dict(form), deadline=deadline)

        return self._in_turn(ask, "", deadline, may_repeat=False)

    def _in_turn(self, ask: Callable[[], _Answer], player: str, deadline: Deadline, *, may_repeat: bool) -> _Answer:
        """Asks when the gate allows it. Only questions are repeated: an action may have happened unanswered."""
        self._gate.enter(player, deadline.remaining_s())
        deadline.note_sent()
        try:
            answer = ask()
        except errors.BungieError as error:
            self._gate.note(error)
            if not (may_repeat and _is_worth_repeating(error) and deadline.remaining_s() > _LEAST_FOR_RETRY_S):
                raise
        else:
            self._gate.note(None)
            return answer
        time.sleep(random.uniform(*_RETRY_AFTER_S))
        return self._in_turn(ask, player, deadline, may_repeat=False)

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, str] | None = None,
        data: Any = None,
        deadline: Deadline,
    ) -> tuple[int, bytes]:
        what = f"{method} {path}"
        patience = max(_LEAST_WAIT_S, min(self._limits.read_s, deadline.remaining_s()))
        try:
            with (
                within(deadline.remaining_s()),
                self._session.request(
                    method,
                    self.root + path,
                    headers=dict(headers),
                    params=params,
                    data=data,
                    timeout=(min(self._limits.connect_s, patience), patience),
                    auth=_NoNetrc(),
                    stream=True,
                    allow_redirects=False,  # a redirect would carry the token elsewhere or turn a POST into a GET
                ) as answer,
            ):
                return answer.status_code, self._read(answer, deadline, what)
        except (requests.RequestException, TransportError, OSError) as error:
            raise errors.Unavailable(f"{what}: {type(error).__name__}") from None

    def _read(self, answer: requests.Response, deadline: Deadline, what: str) -> bytes:
        """The decoded body, if it comes in time and faster than a trickle."""
        body, began = bytearray(), time.monotonic()
        for piece in pieces(answer, _CHUNK_BYTES):
            body += piece
            if len(body) > self._limits.most_bytes:
                raise errors.BadPayload(f"{what}: more than {self._limits.most_bytes} bytes")
            took_s = time.monotonic() - began
            # What has come so slowly for so long will not be whole in time: whoever waits is told sooner.
            if deadline.remaining_s() <= 0 or (
                took_s > self._limits.trickle_s and len(body) < took_s * _LEAST_BYTES_A_S
            ):
                raise errors.Unavailable(f"{what}: the answer took too long", status=answer.status_code)
        return bytes(body)


def _is_worth_repeating(error: errors.BungieError) -> bool:
    """Whether nothing usable came back at all; what Bungie did say stays said."""
    return isinstance(error, errors.Unavailable) and (error.status == 0 or error.status >= 500)


def open_envelope(raw: bytes, status: int, *, what: str) -> Any:
    """The payload of Bungie's envelope, whatever the HTTP status; game refusals arrive with status 500."""
    try:
        envelope = orjson.loads(raw)
    except orjson.JSONDecodeError:
        envelope = None
    if not isinstance(envelope, dict):
        raise _without_envelope(raw, status, what)
    code = envelope.get("ErrorCode")
    if isinstance(code, int) and code != _SUCCESS:
        raise errors.from_code(code, what=what, status=status, throttle_s=_seconds(envelope.get("ThrottleSeconds")))
    if "error" in envelope and "Response" not in envelope:
        raise oauth_error(envelope, status, what=what)
    if status >= 400:
        raise errors.from_status(status, what=what)
    if "Response" not in envelope:
        raise errors.BadPayload(f"{what}: an envelope without Response", status=status)
    return envelope["Response"]


def _without_envelope(raw: bytes, status: int, what: str) -> errors.BungieError:
    if status >= 300:
        return errors.from_status(status, what=what)
    if raw.lstrip()[:1] == b"<":
        return errors.Maintenance(what, status=status)  # Bungie's "please stand by" page sometimes comes with 200
    return errors.BadPayload(f"{what}: broken JSON", status=status)


_REVOKED = {
    "AuthorizationCodeInvalid", "AuthorizationCodeStale", "AuthorizationRecordExpired", "AuthorizationRecordInvalid",
    "AuthorizationRecordRevoked", "AccessTokenHasExpired", "ProvidedTokenNotValidRefreshToken",
    "RefreshTokenExpired", "RefreshTokenNotYetValid", "TokenPreviouslyRevoked",
}  # fmt: skip


def oauth_error(answer: Mapping[str, Any], status: int, *, what: str) -> errors.BungieError:
    """Sorts an OAuth-shaped error. Only answers that surely mean a dead grant say so; the rest keep the tokens."""
    kind, description = str(answer.get("error")), str(answer.get("error_description"))
    if description == "SystemDisabled":
        return errors.Maintenance(what, code=5, status=status)
    if description in _REVOKED or kind == "invalid_grant":
        return errors.GrantRevoked(what, status=status)
    if kind in {"invalid_client", "invalid_request", "unauthorized_client"}:
        return errors.ApplicationRefused(what, status=status)
    return errors.Unavailable(what, status=status)


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 0.0
