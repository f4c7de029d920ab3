"""The `state` of one sign-in attempt: random, bound to this browser's session, good once and for ten minutes."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import session

_KEY = "oauth"
LIFETIME_S = 600


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where to go after a good callback, the user who asked to connect one more account, and PKCE's secret."""

    target: str
    link_to: int | None = None
    verifier: str = ""


def new_state(target: str, now: datetime, *, link_to: int | None = None) -> tuple[str, str]:
    """Begins an attempt and gives its state and PKCE verifier; an older one of this browser becomes worthless."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    until = int(now.timestamp()) + LIFETIME_S
    session[_KEY] = {"state": state, "until": until, "next": target, "link": link_to, "verifier": verifier}
    return state, verifier


def take_state(returned: str, now: datetime) -> Attempt | None:
    """The attempt that a good callback belongs to, or None. Whatever the outcome, the attempt is over."""
    attempt = session.pop(_KEY, None)
    if not isinstance(attempt, dict) or not returned or now.timestamp() > attempt["until"]:
        return None
    if not hmac.compare_digest(str(attempt["state"]).encode(), returned.encode()):
        return None
    return Attempt(str(attempt["next"]), attempt["link"], str(attempt["verifier"]))
