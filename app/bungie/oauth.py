"""Bungie's OAuth: the address to send people to, and the two grants of the token endpoint.

Own code on `requests` because Bungie has no scope parameter, no discovery and its own error bodies.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson

from app.bungie import errors
from app.bungie.http import BungieHttp, Deadline, oauth_error

_TOKEN_PATH = "/App/OAuth/token/"  # noqa: S105 - a path


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What the token endpoint grants. Lifetimes in seconds from now; `membership_id` is the Bungie.net account.

    `refresh_token` is "" for a public client. Neither token is ever part of the repr.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_in_s: int
    refresh_expires_in_s: int
    membership_id: str


class BungieOAuth:
    """The registered application's side of the dance."""

    def __init__(self, http: BungieHttp, client_id: str, client_secret: str) -> None:
        self._http = http
        self._client_id = client_id
        self._client_secret = client_secret

    def authorize_url(self, state: str, *, verifier: str = "", reauthorize: bool = False) -> str:
        """Where the player's browser goes. No scope and no redirect_uri: both are fixed by the registration."""
        query = {"client_id": self._client_id, "response_type": "code", "state": state}
        if verifier:
            query |= {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
        if reauthorize:
            query["reauth"] = "true"
        return f"{self._http.root}/en/OAuth/Authorize?{urlencode(query)}"

    def exchange(self, code: str, deadline: Deadline | None = None, *, verifier: str = "") -> TokenPair:
        """Tokens for a fresh code; `verifier` proves that we began the attempt. Raises GrantRevoked for a bad one."""
        form = {"grant_type": "authorization_code", "code": code}
        return self._grant(form | ({"code_verifier": verifier} if verifier else {}), deadline)

    def refresh(self, refresh_token: str, deadline: Deadline | None = None) -> TokenPair:
        """A whole new pair; the old refresh token is spent. Raises GrantRevoked when it was already worthless."""
        return self._grant({"grant_type": "refresh_token", "refresh_token": refresh_token}, deadline)

    def _grant(self, form: dict[str, str], deadline: Deadline | None) -> TokenPair:
        what = f"token endpoint, {form['grant_type']}"
        form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        status, raw = self._http.post_form(_TOKEN_PATH, form, deadline)
        try:
            answer = orjson.loads(raw)
        except orjson.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict):
            raise _refusal_without_body(status, what)
        if "access_token" in answer and status < 400:
            return _pair(answer, what)
        if "error" in answer:
            raise oauth_error(answer, status, what=what)
        if isinstance(answer.get("ErrorCode"), int):
            raise _from_envelope(answer, status, what)
        raise _refusal_without_body(status, what)


def _challenge(verifier: str) -> str:
    """PKCE's S256: what the authorize page is shown of a secret that only the token endpoint gets (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _refusal_without_body(status: int, what: str) -> errors.BungieError:
    if status in {401, 403}:
        return errors.GrantRevoked(what, status=status)
    return errors.from_status(status if status >= 400 else 502, what=what)


def _from_envelope(answer: dict[str, Any], status: int, what: str) -> errors.BungieError:
    error = errors.from_code(answer["ErrorCode"], what=what, status=status)
    if isinstance(error, errors.TokenRefused):
        return errors.GrantRevoked(what, code=error.code, status=status)
    return error


def _pair(answer: dict[str, Any], what: str) -> TokenPair:
    try:
        return TokenPair(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer.get("refresh_token") or ""),
            access_expires_in_s=int(answer.get("expires_in") or 0),
            refresh_expires_in_s=int(answer.get("refresh_expires_in") or 0),
            membership_id=str(answer["membership_id"]),
        )
    except (KeyError, TypeError, ValueError):
        raise errors.BadPayload(f"{what}: an incomplete token answer") from None
