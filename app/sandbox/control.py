"""The sandbox's own switchboard below /_sandbox/: for tests and operators on the same machine only."""

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from app.sandbox.call import Call
from app.sandbox.envelope import BungieError, html, plain_json
from app.sandbox.pages import front_page
from app.sandbox.state import State


def front(call: Call) -> Response:
    return html(front_page(call.state.world.name, len(call.state.players)))


def show_faults(call: Call) -> Response:
    _only_from_here(call)
    return plain_json(asdict(call.state.faults))


def throw_faults(call: Call) -> Response:
    """Throw switches and give commands. 400 with a sentence when one of them is not understood; then none is thrown."""
    _only_from_here(call)
    try:
        asked = call.body()
        commands = {name: asked.pop(name) for name in list(asked) if name in _COMMANDS}
        call.state.faults.set(**asked)
        for name, value in commands.items():
            _COMMANDS[name](call.state, value)
    except BungieError:
        return plain_json({"error": "The body must be a JSON object."}, HTTPStatus.BAD_REQUEST)
    except ValueError as error:
        return plain_json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
    return show_faults(call)


def clear_faults(call: Call) -> Response:
    _only_from_here(call)
    call.state.faults.clear()
    return show_faults(call)


def show_requests(call: Call) -> Response:
    _only_from_here(call)
    log = call.state.requests
    recent = [{"method": method, "path": path, "status": status} for method, path, status in log.recent]
    return plain_json({"counts": log.counts, "recent": recent})


def clear_requests(call: Call) -> Response:
    _only_from_here(call)
    call.state.requests.clear()
    return show_requests(call)


def _expire_tokens(state: State, _value: Any) -> None:
    state.expire_tokens()


def _revoke_grants(state: State, _value: Any) -> None:
    state.revoke_grants()


def _use_manifest(state: State, value: Any) -> None:
    state.use_manifest(Path(str(value)))


_COMMANDS: dict[str, Callable[[State, Any], None]] = {
    "expire_tokens": _expire_tokens,
    "revoke_grants": _revoke_grants,
    "use_manifest": _use_manifest,
}


def _only_from_here(call: Call) -> None:
    if not ip_address(call.request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - an address nobody calls from
        raise Forbidden
