"""The one table of the site's limits: how often something may be done, and who counts as one caller."""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, redirect, request, session
from flask_limiter import RequestLimit
from flask_limiter.util import get_remote_address
from flask_login import current_user
from werkzeug.wrappers import Response

from app.extensions import limiter
from app.services.account_rules import clean_name
from app.services.audit import Kind
from app.wiring import services

log = logging.getLogger(__name__)
_USUAL_WAIT_S = 60
_UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Rate:
    """One limit. Only answers for which `counts` is true are counted; while `is_free` is true nothing is refused."""

    limit: str
    caller: Callable[[], str]
    counts: Callable[[Any], bool] | None = None
    is_free: Callable[[], bool] | None = None


def by_address() -> str:
    return f"address:{get_remote_address()}"


def by_person() -> str:
    """The signed-in person wherever they are; of others only the address is known."""
    return f"person:{current_user.viewer.user_id}" if current_user.is_authenticated else by_address()


def by_browser() -> str:
    """The signed-in person, else this browser by its form token: neighbours behind an address have their own count."""
    token = session.get("csrf_token")
    return by_person() if current_user.is_authenticated or not token else f"browser:{_digest(str(token))}"


def by_account() -> str:
    """The account that a sign-in names.

    Where its owner has signed in before they are counted apart, so that a stranger who keeps guessing elsewhere
    cannot keep them out.
    """
    name = clean_name(request.form.get("name", ""))
    place = get_remote_address() if services().known_places.knows(name, get_remote_address()) else ""
    return f"account:{_digest(name)}:{_digest(place)}"


def by_mailbox() -> str:
    """The mail address that a form names, so that nobody's mailbox is flooded."""
    return f"mailbox:{_digest(request.form.get('email', '').strip().casefold())}"


def by_nobody() -> str:
    """Everybody together."""
    return "all"


def _digest(text: str) -> str:
    # Keyed: the limiter's Redis must not tell which names were tried.
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:24]


def _is_accepted(response: Response) -> bool:
    return response.status_code == 202


def _is_redirect(response: Response) -> bool:
    return response.status_code == 303


def _is_no_search() -> bool:
    return not request.args.get("q")


def _is_refreshing() -> bool:
    """A second click while the first is worked on is told about the same run: it costs nothing."""
    return services().manifest.status().active is not None


# Names are the rate classes of tests/contracts/routes.json. The first limit that is reached answers, and those after
# it are not counted: a flood from one address does not use up the account that it tries.
RATES: dict[str, tuple[Rate, ...]] = {
    "health": (),
    # A page from the cache costs milliseconds: only floods are refused. Searching costs more: five a second.
    "page": (
        Rate("6000 per minute", by_person),
        Rate("50 per 10 seconds", by_browser, is_free=_is_no_search),
    ),
    "api": (Rate("600 per minute", by_person),),
    "sign-in": (
        Rate("10 per 5 minutes", by_address),
        Rate("10 per 5 minutes", by_account),
        Rate("1000 per 5 minutes", by_nobody),
    ),
    "register": (Rate("5 per hour", by_address, counts=_is_redirect),),
    "reset": (Rate("10 per hour", by_address), Rate("5 per day", by_mailbox)),
    "confirm": (Rate("10 per 5 minutes", by_address),),
    "password": (Rate("10 per 5 minutes", by_person),),
    # An address may be a whole campus or a phone network.
    "link": (Rate("10 per hour", by_browser), Rate("120 per hour", by_address)),
    "change": (Rate("60 per minute", by_person),),
    "tag": (Rate("240 per minute", by_person),),  # a key each, for whoever goes through a vault
    "import": (Rate("10 per minute", by_person),),
    "fold": (Rate("240 per minute", by_person),),
    "refresh": (Rate("10 per minute", by_person),),  # each may cost Bungie a profile call
    "move": (Rate("60 per minute", by_person),),  # a person clicks; many at once are one form
    "manifest": (Rate("1 per 5 minutes", by_person, counts=_is_accepted, is_free=_is_refreshing),),
}
# Reading is counted page by page, acting class by class.
_READING = {"page", "api"}


def limited(view: Callable[..., Any], rate: str) -> Callable[..., Any]:
    """The view under the limits of its rate class; 429 with Retry-After beyond them."""
    if not RATES[rate]:
        return limiter.exempt(view)
    for each in RATES[rate]:
        view = limiter.shared_limit(
            each.limit,
            scope=_endpoint if rate in _READING else rate,
            key_func=each.caller,
            methods=None if rate in _READING else _UNSAFE,
            exempt_when=each.is_free,
            deduct_when=each.counts,
            on_breach=partial(_on_breach, each),
        )(view)
    return view


def wait_s() -> int | None:
    """How long whoever was just refused has to wait, in whole seconds; None if no limit was reached.

    Only a refusal asks for it: the count of a thousand pages would have to be read for every one of them.
    """
    reached = limiter.current_limit
    if reached is None or not reached.breached:
        return None
    try:
        return max(1, math.ceil(reached.reset_at - time.time()))
    except Exception:
        log.exception("the count of a limit went away just after it refused")
        return _USUAL_WAIT_S


def _endpoint(endpoint: str) -> str:
    return endpoint


def _on_breach(rate: Rate, reached: RequestLimit) -> FlaskResponse | None:
    """None lets the 429 happen. What became free while the limit was being read is asked once more, form and all."""
    if rate.is_free is _is_refreshing and _is_refreshing():
        return redirect(request.path, 307, FlaskResponse)  # type: ignore[return-value]
    user_id = current_user.viewer.user_id if current_user.is_authenticated else None
    log.warning(Kind.LIMIT_HIT.value, extra={"user_id": user_id, "limit": str(reached.limit)})
    return None
