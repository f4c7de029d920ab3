"""Everything that changes while a sandbox runs, behind one lock."""

import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path

from app.sandbox.definitions import Definitions, ItemFacts, learned_facts
from app.sandbox.envelope import Json
from app.sandbox.faults import Faults
from app.sandbox.grants import Grants
from app.sandbox.manifest import Manifest, load_manifest
from app.sandbox.options import SandboxOptions
from app.sandbox.player import POSTMASTERS, VAULT, Player
from app.sandbox.world import World

_REQUESTS_KEPT = 2000


class RequestLog:
    """What was asked: the latest requests, and how often each route was, by route name."""

    def __init__(self) -> None:
        self.recent: deque[tuple[str, str, int]] = deque(maxlen=_REQUESTS_KEPT)
        self.counts: Counter[str] = Counter()

    def add(self, route: str, method: str, template: str, status: int) -> None:
        self.recent.append((method, template, status))
        self.counts[route] += 1

    def clear(self) -> None:
        self.recent.clear()
        self.counts.clear()


class State:
    """The players, their tokens, the manifest being served, the faults and the request log.

    Hold `lock` while reading or changing any of it. `clock` tells epoch seconds; `closing` is set when the server
    stops, so that nobody waits out a slow answer.
    """

    def __init__(
        self,
        world: World,
        options: SandboxOptions,
        clock: Callable[[], float] = time.time,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(96),
    ) -> None:
        self.world = world
        self.options = options
        self.clock = clock
        self.lock = threading.RLock()
        self.closing = threading.Event()
        self.faults = Faults()
        self.requests = RequestLog()
        self.grants = Grants(options, clock, new_token)
        self.players = {account.membership_id: Player(account) for account in world.accounts}
        self.snapshots: dict[str, tuple[float, Json]] = {}
        self.redirect_uri = options.redirect_uri
        self._last_action_s: dict[tuple[str, str], float] = {}
        self._known = _known_items(world, self.players)
        self.manifest: Manifest = world.manifest
        self.definitions = Definitions(world.manifest, self._known)

    def player_of(self, bungie_id: str) -> Player | None:
        return next((player for player in self.players.values() if player.bungie_id == bungie_id), None)

    def use_manifest(self, directory: Path) -> None:
        """Publish another manifest, as Bungie does on patch day. Raises `ValueError` when there is none there."""
        manifest = load_manifest(directory)
        with self.lock:
            self.definitions.close()
            self.manifest = manifest
            self.definitions = Definitions(manifest, self._known)

    def expire_tokens(self) -> None:
        with self.lock:
            self.grants.expire_access_tokens()

    def revoke_grants(self) -> None:
        with self.lock:
            self.grants.revoke()

    def is_too_soon(self, player: Player, action: str, spacing_s: float) -> bool:
        """Whether a player repeats a kind of action within its spacing; remembers the time when not."""
        key, now = (player.membership_id, action), self.clock()
        if now - self._last_action_s.get(key, float("-inf")) < spacing_s:
            return True
        self._last_action_s[key] = now
        return False

    def close(self) -> None:
        self.closing.set()
        with self.lock:
            self.definitions.close()


def _known_items(world: World, players: dict[str, Player]) -> dict[int, ItemFacts]:
    lists = (place.items for player in players.values() for place in player.places())
    return learned_facts(lists, POSTMASTERS | {VAULT}) | dict(world.known_items)
