"""Sign-in through Bungie, and sign-out."""

from __future__ import annotations

import logging

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.auth.blueprint import bp
from app.auth.state import Attempt, new_state, take_state
from app.bungie.errors import GrantRevoked
from app.inventory.sentences import N_
from app.services.accounts import AlreadyConnectedError, NoDestinyAccountError
from app.services.audit import Kind
from app.web import identity
from app.web.access import PERSON, PUBLIC, access, require_viewer, viewer
from app.web.errors import error_page
from app.web.urls import safe_next
from app.wiring import services

log = logging.getLogger(__name__)


# What can end a sign-in at Bungie.net, and the page that says so.
_ENDS: dict[type[Exception], tuple[int, str, str]] = {
    GrantRevoked: (
        400,
        N_("Bungie.net did not accept this sign-in"),
        N_("Please start again from the front page."),
    ),
    NoDestinyAccountError: (
        404,
        N_("No Destiny 2 account"),
        N_("Bungie.net knows you, but no Destiny 2 account of yours."),
    ),
    AlreadyConnectedError: (
        409,
        N_("This Bungie account is connected elsewhere"),
        N_(
            "It belongs to another login of this site; nothing was changed. "
            "Sign in with it and disconnect it there first."
        ),
    ),
}


@bp.post("/login/bungie")
@access(PUBLIC, rate="link")
def sign_in() -> Response:
    target = safe_next(request.form.get("next"), url_for("main.vault"))
    state, verifier = new_state(target, services().clock())
    return redirect(services().accounts.authorize_url(state, verifier=verifier), 303)


@bp.post("/account/connect")
@access(PERSON, rate="link")
def connect() -> Response:
    """One more Bungie account for the login that asks; Bungie is told to offer another than the last one."""
    state, verifier = new_state(url_for("main.account"), services().clock(), link_to=require_viewer().user_id)
    return redirect(services().accounts.authorize_url(state, verifier=verifier, reauthorize=True), 303)


@bp.get("/callback/bungie")
@access(PUBLIC, rate="page")
def callback() -> Response:
    """Where Bungie sends the browser back to. Nothing that the address carries is ever shown."""
    attempt = take_state(request.args.get("state", ""), services().clock())
    if attempt is None or not _is_still_here(attempt.link_to):
        return _turned_away(
            400, N_("This sign-in is no longer valid"), N_("It was too old or already used. Start again.")
        )
    code = request.args.get("code", "")
    if request.args.get("error") or not code:
        return _turned_away(
            403, N_("You were not signed in"), N_("Bungie.net was told not to let us in. Nothing was changed.")
        )
    try:
        user_id = services().accounts.connect(code, attempt.link_to, verifier=attempt.verifier)
    except tuple(_ENDS) as error:
        return _turned_away(*_ENDS[type(error)])
    return _let_in(user_id, attempt)


def _is_still_here(user_id: int | None) -> bool:
    """Whether the person who asked for one more account is the one who came back."""
    current = viewer()
    return user_id is None or (current is not None and current.user_id == user_id)


def _turned_away(status: int, title: str, text: str) -> Response:
    """Written down in English, told in the reader's language."""
    current = viewer()
    if current is not None:
        services().audit.note(Kind.SIGN_IN_FAILED, current.user_id, title)
    else:
        log.info(Kind.SIGN_IN_FAILED, extra={"reason": title})
    return error_page(status, gettext(title), gettext(text))


def _let_in(user_id: int, attempt: Attempt) -> Response:
    if attempt.link_to is None:
        identity.sign_in(user_id, "through Bungie.net")
    else:
        flash(gettext("The Bungie account is connected. Its vault is shown now."), "success")
    return redirect(attempt.target, 303)


@bp.post("/logout")
@access(PUBLIC, rate="change")
def sign_out() -> Response:
    identity.sign_out()
    return redirect(url_for("main.index"), 303)
