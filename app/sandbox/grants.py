"""Sign-in codes and tokens: who may ask for whose data, and until when. Callers hold the sandbox's lock."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.sandbox.envelope import Json
from app.sandbox.options import SandboxOptions

_MOST_KEPT = 20_000


class GrantError(Exception):
    """The token endpoint's refusal: an OAuth error name and Bungie's own word for the reason."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class _Issued:
    """A code or token of one Bungie.net user. Times are seconds since the epoch."""

    bungie_id: str
    expires_s: float
    grant: int
    is_spent: bool = False
    challenge: str = ""


class Grants:
    """All codes and tokens of one sandbox. `new_token` makes unguessable strings; `clock` tells epoch seconds."""

    def __init__(self, options: SandboxOptions, clock: Callable[[], float], new_token: Callable[[], str]) -> None:
        self._options = options
        self._clock = clock
        self._new_token = new_token
        self._codes: dict[str, _Issued] = {}
        self._access: dict[str, _Issued] = {}
        self._refresh: dict[str, _Issued] = {}
        self._revoked: set[int] = set()
        self._last_grant = 0

    def new_code(self, bungie_id: str, challenge: str = "") -> str:
        """A code for the callback; good once. `challenge` is PKCE's, "" when the application sent none."""
        self._last_grant += 1
        code = self._new_token()
        until = self._clock() + self._options.code_s
        self._codes[code] = _Issued(bungie_id, until, self._last_grant, challenge=challenge)
        return code

    def exchange(self, code: str, verifier: str = "") -> Json:
        """The first token pair for a code. Raises `GrantError` for a wrong, used, stale or stolen one."""
        issued = self._codes.get(code)
        if issued is None or issued.is_spent:
            raise GrantError("invalid_grant", "AuthorizationCodeInvalid")
        if issued.expires_s <= self._clock():
            raise GrantError("invalid_grant", "AuthorizationCodeStale")
        self._codes[code] = replace(issued, is_spent=True)
        if issued.challenge and not hmac.compare_digest(issued.challenge, _challenge(verifier)):
            raise GrantError("invalid_grant", "AuthorizationCodeInvalid")
        return self._new_pair(issued)

    def refresh(self, token: str) -> Json:
        """The next pair; the token given is spent by it. Raises `GrantError`."""
        issued = self._refresh.get(token)
        if issued is None or issued.is_spent:
            raise GrantError("invalid_grant", "ProvidedTokenNotValidRefreshToken")
        if issued.grant in self._revoked:
            raise GrantError("invalid_grant", "AuthorizationRecordRevoked")
        if issued.expires_s <= self._clock():
            raise GrantError("invalid_grant", "RefreshTokenExpired")
        self._refresh[token] = replace(issued, is_spent=True)
        return self._new_pair(issued)

    def bearer(self, token: str) -> str | None:
        """The Bungie.net user that an access token speaks for, None when it is unknown or has expired."""
        issued = self._access.get(token)
        return issued.bungie_id if issued is not None and issued.expires_s > self._clock() else None

    def expire_access_tokens(self) -> None:
        """Every access token has expired; refresh tokens stay good."""
        self._access.clear()

    def revoke(self) -> None:
        """Every user takes the permission back: refreshing fails, access tokens live on until they expire."""
        self._revoked |= {issued.grant for issued in (*self._refresh.values(), *self._codes.values())}

    def _new_pair(self, issued: _Issued) -> Json:
        now = self._clock()
        access = self._new_token()
        _keep(self._access, access, replace(issued, expires_s=now + self._options.access_token_s))
        pair: Json = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self._options.access_token_s,
            "membership_id": issued.bungie_id,
        }
        if self._options.client_secret:  # public clients have to sign in again every hour
            token = self._new_token()
            _keep(self._refresh, token, replace(issued, expires_s=now + self._options.refresh_token_s))
            pair |= {"refresh_token": token, "refresh_expires_in": self._options.refresh_token_s}
        return pair


def _challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _keep(kept: dict[str, _Issued], token: str, issued: _Issued) -> None:
    kept[token] = issued
    if len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
