"""How many requests Bungie.net gets from this site: at most so many in any second, shared fairly by the players.

Bungie counts 250 requests in 10 s for all of a site's machines together. Every process asks one script in Redis, which
grants at most `per_second` in any second (200 in any 10 s by default). First come, first served, but whoever has had an
equal share of the last second only gets what the others leave. Without Redis each process keeps to a small number.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable

import redis

from app.bungie.errors import Throttled

# What one process may send in a second while it cannot know what the others send.
ALONE_PER_SECOND = 4
LONGEST_PAUSE_S = 60.0
_SECOND_S = 1.0
_LONGEST_NAP_S = 0.1
_LEAST_NAP_S = 0.005

# KEYS: grants of the last second (score: when), who waits (score: since when), who asked (score: when last), the pause.
# ARGV: grants a second, the player, a name for this grant. Answers 0 = go, n = ask again in n ms, -n = paused for n ms.
_TAKE = """
local clock = redis.call('time')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local paused = redis.call('pttl', KEYS[4])
if paused > 0 then return -paused end
redis.call('zremrangebyscore', KEYS[1], '-inf', now - 1000)
for _, gone in ipairs(redis.call('zrangebyscore', KEYS[3], '-inf', now - 1000)) do
  redis.call('zrem', KEYS[2], gone)
  redis.call('zrem', KEYS[3], gone)
end
redis.call('zadd', KEYS[2], 'NX', now, ARGV[2])
redis.call('zadd', KEYS[3], now, ARGV[2])
for key = 1, 3 do redis.call('pexpire', KEYS[key], 5000) end
local most, used, players = tonumber(ARGV[1]), {}, 0
local grants = redis.call('zrange', KEYS[1], 0, -1, 'WITHSCORES')
for at = 1, #grants, 2 do
  local player = string.match(grants[at], '^(.*)|')
  if not used[player] then players = players + 1 end
  used[player] = (used[player] or 0) + 1
end
local free = most - #grants / 2
if free <= 0 then return math.max(1, grants[2] + 1001 - now) end
local waiting = redis.call('zrange', KEYS[2], 0, -1)
for _, player in ipairs(waiting) do
  if not used[player] then players = players + 1 end
end
local share = math.max(1, math.floor(most / players))
local kept = 0
if (used[ARGV[2]] or 0) < share then
  for _, player in ipairs(waiting) do
    if player == ARGV[2] then break end
    if (used[player] or 0) < share then kept = kept + 1 end
  end
else
  for _, player in ipairs(redis.call('zrangebyscore', KEYS[3], now - 150, '+inf')) do
    if player ~= ARGV[2] then kept = kept + math.max(0, share - (used[player] or 0)) end
  end
end
if kept >= free then return 20 end
redis.call('zadd', KEYS[1], now, ARGV[2] .. '|' .. ARGV[3])
redis.call('zrem', KEYS[2], ARGV[2])
return 0
"""
_KEYS = ("bungie:granted", "bungie:waiting", "bungie:asked", "bungie:paused")
# The definitions can wait: they take a turn while players leave three quarters of them, and after this long a fair one.
_DEFINITIONS = "definitions"
_QUIET = 4
_POLITE_S = 5.0


class RequestBudget:
    """`app.bungie.gate.Budget` on Redis. `client` must be impatient: a request waits for it once."""

    def __init__(
        self,
        client: redis.Redis,
        per_second: int,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._redis = client
        self._per_second = per_second
        self._monotonic = monotonic
        self._sleep = sleep
        self._sent: deque[float] = deque(maxlen=ALONE_PER_SECOND)
        self._paused_until = 0.0
        self._guard = threading.Lock()

    def take(self, player: str, patience_s: float) -> None:
        ends = self._monotonic() + patience_s
        player = player or secrets.token_hex(8)  # requests for nobody in particular do not share one place in the queue
        while wait_s := self._wait_for(player):
            left_s = ends - self._monotonic()
            if wait_s > left_s:
                raise Throttled("our own budget of requests is spent", retry_after_s=_SECOND_S)
            self._sleep(min(wait_s, _LONGEST_NAP_S))

    def pause(self, seconds: float) -> None:
        seconds = min(seconds, LONGEST_PAUSE_S)
        self._paused_until = self._monotonic() + seconds
        try:
            self._redis.set(_KEYS[3], b"1", px=max(1, int(seconds * 1000)))
        except redis.RedisError:
            return  # the other processes will be told by Bungie themselves

    def _wait_for(self, player: str) -> float:
        """Seconds until it is worth asking again; 0: the request is granted. Raises Throttled during a pause."""
        try:
            told = int(self._redis.eval(_TAKE, 4, *_KEYS, self._per_second, player, secrets.token_hex(6)))
        except redis.RedisError:
            return self._wait_alone()
        if told < 0:
            raise Throttled("Bungie.net asked for a pause", retry_after_s=-told / 1000)
        return told / 1000

    def _wait_alone(self) -> float:
        now = self._monotonic()
        with self._guard:
            if now < self._paused_until:
                raise Throttled("Bungie.net asked for a pause", retry_after_s=self._paused_until - now)
            if len(self._sent) < ALONE_PER_SECOND or now - self._sent[0] >= 1:
                self._sent.append(now)
                return 0.0
            return max(_LEAST_NAP_S, self._sent[0] + 1 - now)


def turns_for_definitions(client: redis.Redis, per_second: int, polite_s: float = _POLITE_S) -> Callable[[float], None]:
    """Takes turns for the refresh's own requests out of what players leave, and never more than a player's share.

    What is returned waits as long as it is told at most, and then raises Throttled.
    """
    quiet, fair = RequestBudget(client, max(1, per_second // _QUIET)), RequestBudget(client, per_second)

    def take(patience_s: float) -> None:
        try:
            quiet.take(_DEFINITIONS, min(polite_s, patience_s / 2))
        except Throttled:
            fair.take(_DEFINITIONS, patience_s / 2)

    return take
