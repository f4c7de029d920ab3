"""How Redis, Bungie.net and the definitions are reached: with which patience and bounds. Nothing connects here."""

from __future__ import annotations

import redis
from sqlalchemy.orm import Session, scoped_session

from app.bungie.breaker import Breaker as HostBreaker
from app.bungie.gate import Gate
from app.bungie.http import BungieHttp, HttpLimits
from app.manifest.disk import DiskCopies
from app.manifest.fetch import FetchLimits
from app.manifest.finding import FinderStore
from app.manifest.keeper import CopyKeeper
from app.manifest.lock import RunLock
from app.manifest.source import ManifestSource
from app.manifest.store import DefinitionStore
from app.manifest.warming import Warmer
from app.services.budget import RequestBudget, turns_for_definitions
from app.services.clock import utc_now
from app.services.manifest import ManifestService, Shown
from app.services.redis_breaker import Breaker
from config import BungieSettings, Settings

# A page waits for Redis this long at most; the refresh writes for minutes and may be patient.
PAGE_PATIENCE_S = 0.2
_WORKER_PATIENCE_S = 5.0


def manifest_of(
    settings: Settings, session: scoped_session[Session], pages: redis.Redis, definitions: DefinitionStore
) -> ManifestService:
    patient = redis_of(settings.redis_url, _WORKER_PATIENCE_S, Breaker())
    bungie, manifest = settings.bungie, settings.manifest
    return ManifestService(
        manifest,
        DefinitionStore(patient, keep_previous_s=manifest.keep_previous_s, keeper=_keeper(settings, patient)),
        ManifestSource(
            bungie.root,
            bungie.api_key,
            bungie.client_id,
            FetchLimits(total_s=manifest.download_timeout_s),
            turn=turns_for_definitions(patient, bungie.requests_per_s),
        ),
        session,
        utc_now,
        RunLock(patient),
        for_pages=Shown(definitions, RunLock(pages)),
    )


def definitions_of(settings: Settings, pages: redis.Redis) -> tuple[DefinitionStore, FinderStore]:
    """What pages read; the two switch to a new version together."""
    folder, warmer = settings.manifest.copies_dir, Warmer(redis_of(settings.redis_url, _WORKER_PATIENCE_S, Breaker()))
    store = DefinitionStore(pages, keeper=_keeper(settings, pages), warmer=warmer)
    finders = FinderStore(
        pages, DiskCopies(folder) if folder else None, settings.manifest.locales[0], in_use=store.in_use
    )
    warmer.before_each(finders.prepare)
    return store, finders


def _keeper(settings: Settings, client: redis.Redis) -> CopyKeeper | None:
    folder = settings.manifest.copies_dir
    return CopyKeeper(client, DiskCopies(folder)) if folder else None


def bungie_of(bungie: BungieSettings, client: redis.Redis) -> BungieHttp:
    gate = Gate(HostBreaker(bungie.pause_s), RequestBudget(client, bungie.requests_per_s))
    limits = HttpLimits(bungie.connect_timeout_s, bungie.read_timeout_s, most_bytes=bungie.max_answer_bytes)
    return BungieHttp(bungie.root, bungie.api_key, bungie.client_id, limits, gate)


def redis_of(url: str, patience_s: float, breaker: Breaker) -> redis.Redis:
    # redis-py would by default retry for seconds while a page waits.
    return redis.Redis.from_url(
        url,
        socket_timeout=patience_s,
        socket_connect_timeout=min(patience_s, 1.0),
        retry=breaker,
        health_check_interval=30,
    )
