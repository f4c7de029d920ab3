"""The stand-in Bungie.net as one WSGI callable: match, check, break on demand, answer, log."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from app.sandbox.breakage import drip_head, dripping, half_of, hang_up, instead_of_answer, platform_trouble
from app.sandbox.call import Call, Unauthorized, bearer_player
from app.sandbox.envelope import BungieError, html, refusal
from app.sandbox.options import SandboxOptions
from app.sandbox.routes import ROUTES, Access, Route, build_map
from app.sandbox.state import State
from app.sandbox.world import World

_HTML_401 = "<!DOCTYPE html><title>401 - Unauthorized</title><h2>401 - Unauthorized: Access is denied.</h2>"
_HTML_403 = "<!DOCTYPE html><title>403 Forbidden</title><h1>403: Forbidden</h1>"
_HTML_404 = "<!DOCTYPE html><title>404</title><h1>404: Not Found</h1>"
_PLATFORM = "/Platform/"
_CONTROL = "/_sandbox/"
_PICTURE = "image/svg+xml"


class Sandbox:
    """A WSGI application. `state` is what tests may look at and change while it runs."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._map = build_map()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith(_CONTROL) or request.path == "/":
            return self._answer(request)(environ, start_response)
        return self._unreliable(request)(environ, start_response)

    def close(self) -> None:
        """Give back temporary files and wake up whoever waits out a slow answer."""
        self.state.close()

    def _unreliable(self, request: Request) -> Response:
        """The answer, with whatever faults are switched on for its path."""
        state, path = self.state, request.path
        with state.lock:
            wait_s = state.faults.latency_for(path)
            is_reset, is_slow = state.faults.hits("reset", path), state.faults.hits("drip_head", path)
        if wait_s > 0:
            state.closing.wait(wait_s)
        if is_reset:
            hang_up(request.environ)
        if is_slow:
            drip_head(request.environ, state.closing)
        response = self._answer(request)
        with state.lock:
            is_reset, is_half = state.faults.hits("reset_after", path), state.faults.hits("half_body", path)
            is_dripping = state.faults.hits("drip", path)
            if state.faults.hits("refuse_after", path):
                response = refusal(BungieError(state.faults.refuse_code, state.faults.refuse_throttle_s))
        if is_reset:
            hang_up(request.environ)
        if is_half:
            response = half_of(response)
        return dripping(response, state.closing) if is_dripping else response

    def _answer(self, request: Request) -> Response:
        adapter = self._map.bind_to_environ(request.environ)
        try:
            name, args = self._match(adapter)
        except RequestRedirect as moved:
            return self._log(None, request, redirect(moved.new_url, 301))
        except HTTPException as error:
            return self._log(None, request, html(_HTML_404, error.code or 404))
        route = ROUTES[name]
        with self.state.lock:
            return self._log(route, request, self._handle(route, Call(self.state, request, args)))

    def _match(self, adapter: MapAdapter) -> tuple[str, Mapping[str, Any]]:
        try:
            return adapter.match()
        except RequestRedirect:
            if self.state.options.enforce_trailing_slash:
                raise
            return adapter.match(path_info=adapter.path_info + "/")

    def _handle(self, route: Route, call: Call) -> Response:
        try:
            broken = self._broken(route, call)
            return broken or route.handler(self._admitted(route, call))
        except BungieError as error:
            return refusal(error)
        except Unauthorized:
            if self.state.faults.hits("web_auth_99", call.request.path):
                return refusal(BungieError(99))
            return html(_HTML_401, 401)
        except HTTPException as error:
            return html(_HTML_403, error.code or 403)

    def _broken(self, route: Route, call: Call) -> Response | None:
        path = call.request.path
        if route.name.startswith(("faults_", "requests_")) or route.name == "front":
            return None
        if path.startswith(_PLATFORM) and not call.request.user_agent.string and self.state.options.enforce_user_agent:
            return Response(status=403)
        trouble = instead_of_answer(self.state.faults, path)
        if trouble is None and path.startswith(_PLATFORM) and route.name != "token":
            trouble = platform_trouble(self.state.faults)
        return trouble

    def _admitted(self, route: Route, call: Call) -> Call:
        """The call with who makes it. Raises `BungieError` or `Unauthorized` when it may not be made."""
        if route.access is Access.OPEN:
            return call
        options = self.state.options
        key = call.request.headers.get("X-API-Key", "")
        if options.enforce_api_key and key != options.api_key:
            raise BungieError(2101 if key else 2102)
        admitted = replace(call, player=bearer_player(self.state, call.request))
        return admitted if route.access is Access.KEY else self._signed_in(admitted)

    def _signed_in(self, call: Call) -> Call:
        if call.player is None:
            raise BungieError(99)
        return call

    def _log(self, route: Route | None, request: Request, response: Response) -> Response:
        name, template = (route.name, route.template) if route else ("unmatched", request.path)
        if response.mimetype == _PICTURE:  # pictures and manifest files share addresses
            name = "image"
        if not request.path.startswith(_CONTROL):
            with self.state.lock:
                self.state.requests.add(name, request.method, template, response.status_code)
        return response


def create_sandbox(
    world: World, options: SandboxOptions | None = None, clock: Callable[[], float] = time.time
) -> Sandbox:
    """A sandbox of `world`. `clock` tells epoch seconds; a test may give a slow or fast one."""
    return Sandbox(State(world, options or SandboxOptions(), clock))
