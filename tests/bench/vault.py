"""Figures of /vault for the largest recorded account: from Bungie's received answer to the last byte of the page.

The floor is what nobody can avoid: parse the same answer, read the same definitions in one round trip, join as many
bytes. Everything runs in this process, through WSGI, with a real Redis and a real database; only the wire to Bungie is
replaced by the recorded bytes, because its time is not ours.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import brotli
import orjson
import redis
from flask import Flask
from flask.testing import FlaskClient

from app import create_app, wiring
from app.bungie.http import BungieHttp
from app.bungie.oauth import TokenPair
from app.bungie.profiles import parse_profile
from app.extensions import db
from app.inventory.arrange import item_hashes
from app.manifest.plans import ITEM
from app.manifest.versions import table_key
from app.models import Base, BungieAccount, DestinyMembership, User
from app.services.clock import utc_now
from app.services.later import Job
from app.web.server import Tidying, settle_memory
from app.wiring import services
from config import BungieSettings, Settings
from tests.bench.figure import Figure, against
from tests.shared import ROOT

_ROUNDS = 25
_SIZES = (1_000, 10_000)
_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class RecordedHttp(BungieHttp):
    """Answers every profile call with the recorded bytes, as if they had just arrived."""

    raw: bytes = b""
    received_at = 0.0

    def _send(self, *_arguments: Any, **_named: Any) -> tuple[int, bytes]:
        self.received_at = time.perf_counter()
        return 200, self.raw


def settings_of(membership_id: str, redis_url: str, folder: Path, profile_ttl_s: int) -> Settings:
    return Settings(
        environment="testing", secret_key="bench", token_keys=(_KEY,), redis_url=redis_url,
        database_url=f"sqlite:///{folder}/bench-{membership_id}-{profile_ttl_s}.sqlite3",
        celery_broker_url=redis_url, celery_result_backend=redis_url, bungie=BungieSettings(client_id="1"),
        profile_ttl_s=profile_ttl_s,
    )  # fmt: skip


def site(settings: Settings, raw: bytes, later: Callable[[Job], None]) -> tuple[Flask, RecordedHttp]:
    """The application with one recorded answer for a Bungie."""
    http = RecordedHttp("http://127.0.0.1:9", "key", "1")
    http.raw = raw
    app = create_app(settings)
    wiring.init_app(app, settings, wiring.Hooks(str, lambda: None, http=http, later=later))
    return app, http


class Bench:
    """A site whose Bungie is one recorded answer, and a signed-in browser."""

    def __init__(self, raw: bytes, membership_id: str, redis_url: str, folder: Path, profile_ttl_s: int) -> None:
        self.put_off: list[Job] = []
        self.settings = settings_of(membership_id, redis_url, folder, profile_ttl_s)
        self.app, self.http = site(self.settings, raw, self.put_off.append)
        self.client = self._signed_in(membership_id)

    def _signed_in(self, membership_id: str) -> FlaskClient:
        with self.app.app_context():
            Base.metadata.create_all(db.engine)
            account = _account(self.app, membership_id)
            token = services().sessions.start(account.user_id)
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        return client

    def finish(self) -> float:
        """Does what the last page has put off; how long it took, in seconds."""
        began = time.perf_counter()
        while self.put_off:
            self.put_off.pop(0)()
        return time.perf_counter() - began

    def page(self, encoding: str = "identity") -> bytes:
        answer = self.client.get("/vault", headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200, answer.text[:500]
        assert "data-notice" not in answer.text or encoding != "identity"
        return answer.data

    def forget_definitions(self) -> None:
        """As in a process that has just started."""
        with self.app.app_context():
            store = services().vault._definitions._definitions
            store._cache.__init__()
            store._known.clear()


def _account(app: Flask, membership_id: str) -> BungieAccount:
    now = utc_now()
    user = User(created_at=now)
    db.session.add(user)
    db.session.flush()
    account = BungieAccount(
        user_id=user.id, membership_id=membership_id, chosen_membership_id=membership_id, access_ends_at=now,
        refresh_ends_at=now, connected_at=now,
        memberships=[DestinyMembership(membership_id=membership_id, membership_type=2, name="Bench#0001")],
    )  # fmt: skip
    db.session.add(account)
    services().tokens.store(account, TokenPair("a" * 300, "r" * 300, 86_400, 7_776_000, membership_id))
    db.session.commit()
    return account


def largest(world: Path) -> Path:
    """The recorded profile with the most bytes."""
    return max(world.glob("accounts/*/profile.json"), key=lambda path: path.stat().st_size)


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis. Times are milliseconds, the best of interleaved rounds."""
    raw, player = largest(world).read_bytes(), largest(world).parent.name
    fresh = Bench(raw, player, redis_url, folder, profile_ttl_s=0)
    cached = Bench(raw, player, redis_url, folder, profile_ttl_s=3600)
    page = fresh.page()
    cached.page()
    settle_memory()  # as every worker of the server does
    times = _interleaved({
        "floor": _floor(raw, redis_url, len(page)),
        "warm": lambda: _after_answer(fresh),
        "later": fresh.finish,
        "cold": lambda: _after_answer(fresh, is_cold=True),
        "later again": fresh.finish,
        "cached": lambda: _whole(cached),
    })  # fmt: skip
    floor, items = times["floor"], _tiles(page)
    return [
        against("/vault, Bungie's answer just received, definitions warm", times["warm"], "ms", floor),
        against("/vault, Bungie's answer just received, definitions cold", times["cold"], "ms", floor),
        against("/vault, profile cached by another process, whole request", times["cached"], "ms", floor),
        Figure("/vault, put off until the page was out", times["later"], "ms", note="once per answer of Bungie's"),
        *_sizes(page, items),
        _growth(raw, redis_url, folder),
        _assets(),
    ]


def _assets() -> Figure:
    """Everything that a browser may fetch once to draw and move our pages."""
    files = [file for file in (ROOT / "app" / "static").rglob("*") if file.suffix in {".css", ".js"}]
    return Figure("all CSS and JS, gzip", sum(len(gzip.compress(file.read_bytes())) for file in files) / 1000, "kB")


def _growth(raw: bytes, redis_url: str, folder: Path) -> Figure:
    """What ten times the items cost."""
    vaults = {size: Bench(_vault_of(size, raw), str(size), redis_url, folder, profile_ttl_s=0) for size in _SIZES}
    few, many = (_tiles(bench.page()) for bench in vaults.values())
    settle_memory()
    tasks = {str(size): partial(_after_answer, bench) for size, bench in vaults.items()}
    times = _interleaved(tasks | {f"later {size}": bench.finish for size, bench in vaults.items()})
    small, large = (times[str(size)] for size in _SIZES)
    return against("/vault, 10,000 items in it; floor: 1,000 items", large, "ms", small, f"{many:,} and {few:,} tiles")


def _tiles(page: bytes) -> int:
    return page.count(b"data-item-hash")


def _vault_of(size: int, raw: bytes) -> bytes:
    """The same answer with a vault of so many items: the recorded ones again and again, each time under other ids."""
    envelope = orjson.loads(raw)
    body = envelope["Response"]
    recorded = [item for item in body["profileInventory"]["data"]["items"] if item.get("itemInstanceId")]
    rows = [component["data"] for component in body["itemComponents"].values()]
    items = []
    for number, item in enumerate(islice(cycle(recorded), size)):
        instance_id = str(6917529300000000000 + number)
        items.append(item | {"itemInstanceId": instance_id})
        for row in rows:
            if item["itemInstanceId"] in row:
                row[instance_id] = row[item["itemInstanceId"]]
    body["profileInventory"]["data"]["items"] = items
    return orjson.dumps(envelope)


def _sizes(page: bytes, items: int) -> list[Figure]:
    note = f"{items} items on the page"
    zipped, brotlied = len(gzip.compress(page, 5)), len(brotli.compress(page, quality=4))
    return [
        Figure("/vault, plain", len(page) / 1000, "kB", note=note),
        Figure("/vault, gzip", zipped / 1000, "kB", note=f"{zipped / items:.1f} kB per 1,000 items"),
        Figure("/vault, brotli", brotlied / 1000, "kB", note=f"{brotlied / items:.1f} kB per 1,000 items"),
    ]


def _after_answer(bench: Bench, *, is_cold: bool = False) -> float:
    if is_cold:
        bench.forget_definitions()
    bench.page()
    return time.perf_counter() - bench.http.received_at


def _whole(bench: Bench) -> float:
    began = time.perf_counter()
    bench.page()
    return time.perf_counter() - began


def _floor(raw: bytes, redis_url: str, page_bytes: int) -> Callable[[], float]:
    hashes = sorted(item_hashes(parse_profile(orjson.loads(raw)["Response"]).items))
    client = redis.Redis.from_url(redis_url)
    key = _items_key(client)
    piece = b"x" * 400

    def once() -> float:
        began = time.perf_counter()
        orjson.loads(raw)
        with client.pipeline(transaction=False) as pipe:
            pipe.hmget(key, hashes)
            pipe.execute()
        b"".join([piece] * (page_bytes // len(piece)))
        return time.perf_counter() - began

    return once


def _items_key(client: redis.Redis) -> str:
    pointer = orjson.loads(client.get("m:current:en") or b"{}")
    return table_key("en", pointer["id"], ITEM)


def _interleaved(tasks: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Least milliseconds per task, one of each in turn: whatever else the machine does can only add to a round."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    tidying = Tidying()
    for _ in range(_ROUNDS):
        for name, task in tasks.items():
            seconds[name].append(task())
            tidying.ended(0)  # as every worker of the server does between pages
    return {name: min(values) * 1000 for name, values in seconds.items()}
