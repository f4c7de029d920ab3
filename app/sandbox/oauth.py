"""The OAuth pages and the token endpoint."""

import base64
import binascii
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.sandbox.call import Call
from app.sandbox.envelope import html, plain_json
from app.sandbox.grants import GrantError
from app.sandbox.pages import picker_page, trouble_page

_CALLBACK = "/callback/bungie"


def authorize(call: Call) -> Response:
    """The page where one picks an account; for the sandbox, that is the whole sign-in."""
    asked = call.request.args
    trouble = _trouble_with(call)
    if trouble:
        return html(trouble_page(trouble), 400)
    players = list(call.state.players.values())
    hidden = {"state": asked.get("state", ""), "challenge": asked.get("code_challenge", "")}
    return html(picker_page(players, hidden | {"redirect": _registered(call) or ""}))


def decide(call: Call) -> Response:
    """The picked account, or the refusal, sent back to the application's redirect URL."""
    form = call.request.form
    target = call.state.options.redirect_uri or form.get("redirect", "")
    if not _is_web_address(target):
        return html(trouble_page("This application has no redirect URL that could be sent to."), 400)
    if "refuse" in form:
        refused = {"error": "access_denied", "error_description": "The user refused."}
        return _send_back(target, refused, form.get("state", ""))
    player = call.state.players.get(form.get("account", ""))
    if player is None:
        return html(trouble_page("There is no such account in this world."), 400)
    return _send_back(
        target, {"code": call.state.grants.new_code(player.bungie_id, form.get("challenge", ""))}, form.get("state", "")
    )


def token(call: Call) -> Response:
    """Codes and refresh tokens against token pairs; errors are OAuth's, not Bungie's envelope."""
    if call.state.faults.maintenance in {"api", "html503", "html200"}:
        return _refusal(GrantError("server_error", "SystemDisabled"))
    try:
        return plain_json(_granted(call))
    except GrantError as error:
        return _refusal(error)


def _granted(call: Call) -> object:
    form = call.request.form
    kind = form.get("grant_type")
    if kind is None:
        raise GrantError("invalid_request", "Missing required parameter grant_type")
    _check_client(call)
    if kind == "authorization_code":
        return call.state.grants.exchange(_needed(form.get("code"), "code"), form.get("code_verifier", ""))
    if kind == "refresh_token":
        return call.state.grants.refresh(_needed(form.get("refresh_token"), "refresh_token"))
    raise GrantError("unsupported_grant_type", f"Unsupported grant_type {kind[:40]}")


def _check_client(call: Call) -> None:
    options = call.state.options
    client_id, secret = _credentials(call)
    if not client_id.isdecimal():
        raise GrantError("invalid_request", "Cannot parse client_id")
    if client_id != options.client_id or (options.client_secret and secret != options.client_secret):
        raise GrantError("invalid_client", "ApplicationAuthorizationFailed")


def _credentials(call: Call) -> tuple[str, str]:
    """Client id and secret, from a Basic header or from the body."""
    scheme, _, packed = call.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return call.request.form.get("client_id", ""), call.request.form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise GrantError("invalid_request", "Cannot parse client_id") from error
    return client_id, secret


def _needed(value: str | None, name: str) -> str:
    if not value:
        raise GrantError("invalid_request", f"Missing required parameter {name}")
    return value


def _refusal(error: GrantError) -> Response:
    return plain_json({"error": error.error, "error_description": error.description}, 400)


def _trouble_with(call: Call) -> str | None:
    """Why this sign-in cannot begin, as a sentence, or None."""
    asked, options = call.request.args, call.state.options
    if asked.get("client_id") != options.client_id:
        return f"No application has the client_id that was sent; the sandbox knows {options.client_id}."
    if asked.get("response_type") != "code":
        return "response_type must be code."
    if options.redirect_uri and asked.get("redirect_uri", options.redirect_uri) != options.redirect_uri:
        return "redirect_uri is not the one that the application registered."
    if _registered(call) is None:
        return "redirect_uri must be a web address."
    return None


def _registered(call: Call) -> str | None:
    """The redirect URL: the registered one; without one what the request names, else its referring site's callback.

    Our own site names neither: its pages send no referrer to other sites. Then it is the usual one.
    """
    options = call.state.options
    if options.redirect_uri:
        return options.redirect_uri
    referrer = urlsplit(call.request.referrer or "")
    guessed = f"{referrer.scheme}://{referrer.netloc}{_CALLBACK}" if referrer.netloc else ""
    named = call.request.args.get("redirect_uri") or guessed or options.usual_redirect
    return named if _is_web_address(named) else None


def _is_web_address(address: str) -> bool:
    return urlsplit(address).scheme in {"http", "https"}


def _send_back(target: str, answer: dict[str, str], state: str) -> Response:
    joint = "&" if urlsplit(target).query else "?"
    return redirect(f"{target}{joint}{urlencode(answer | ({'state': state} if state else {}))}")
