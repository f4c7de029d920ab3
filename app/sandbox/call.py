"""One request on its way to a handler, and what every handler may ask of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from werkzeug.wrappers import Request, Response

from app.sandbox.envelope import BungieError, Json
from app.sandbox.player import Player
from app.sandbox.state import State

_MOST_BODY_BYTES = 1 << 20


class Unauthorized(Exception):
    """The bearer token is not good: Bungie answers with a 401 page."""


@dataclass(frozen=True, slots=True)
class Call:
    """A matched request. `args` are the values in its path; `player` is who the bearer token speaks for."""

    state: State
    request: Request
    args: Mapping[str, Any] = field(default_factory=dict)
    player: Player | None = None

    @property
    def owner(self) -> Player:
        """Who is signed in. Raises `BungieError` 99 when nobody is."""
        if self.player is None:
            raise BungieError(99)
        return self.player

    def addressed(self) -> Player:
        """The account named in the path. Raises `BungieError`: 1601 for none, 18 for another platform's type."""
        player = self.state.players.get(self.args["membership_id"])
        if player is None:
            raise BungieError(1601)
        if player.membership_type != self.args["membership_type"]:
            raise BungieError(18)
        return player

    def body(self) -> Json:
        """The JSON body of an action. Raises `BungieError` 7 when there is none."""
        if (self.request.content_length or 0) > _MOST_BODY_BYTES:
            raise BungieError(18)
        try:
            read = orjson.loads(self.request.get_data())
        except orjson.JSONDecodeError as error:
            raise BungieError(7) from error
        if not isinstance(read, dict):
            raise BungieError(7)
        return read


Handler = Callable[[Call], Response]


def bearer_player(state: State, request: Request) -> Player | None:
    """Who the Authorization header speaks for, None without one. Raises `Unauthorized` for a bad token."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _, token = header.partition(" ")
    bungie_id = state.grants.bearer(token) if scheme.lower() == "bearer" else None
    player = None if bungie_id is None else state.player_of(bungie_id)
    if player is None:
        raise Unauthorized
    return player


def timestamp(epoch_s: float) -> str:
    """Epoch seconds as Bungie writes minted times: UTC with milliseconds."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
