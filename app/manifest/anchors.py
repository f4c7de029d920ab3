"""What pages count on in every version, by number: twenty definitions, and each bucket that items lie in.

A file may have all its rows and still be another game's or half renumbered. Relative to the version in use, so that a
small first manifest is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import redis

from app.inventory import buckets
from app.inventory.sentences import N_
from app.manifest.errors import NotSane, StoreTrouble
from app.manifest.plans import BUCKET, STAT
from app.manifest.versions import VersionInfo, table_key

# Every character has one of each of the first three; the others are on nearly every weapon and piece of armor.
SENTINELS: Mapping[str, tuple[int, ...]] = {
    "DestinyClassDefinition": (3655393761, 671679327, 2271682572),
    "DestinyRaceDefinition": (3887404748, 2803282938, 898834093),
    "DestinyGenderDefinition": (3111576190, 2204441813),
    "DestinyDamageTypeDefinition": (3373582085, 2303181850, 1847026933, 3454344768, 151347233, 3949783978),
    STAT: (2996146975, 392767087, 1943323491, 1735777505, 144602215, 4244567218),
}
_ALWAYS_PLACED = frozenset({buckets.VAULT, *buckets.POSTMASTER})


def check_anchors(client: redis.Redis, before: VersionInfo, new_id: str, named_buckets: Iterable[int]) -> None:
    """`named_buckets`: where the new items say that they lie. Raises NotSane, or StoreTrouble without Redis."""
    try:
        lost = sum(len(_lost(client, before, new_id, table, hashes)) for table, hashes in SENTINELS.items())
        no_place = _lost(client, before, new_id, BUCKET, _ALWAYS_PLACED.union(named_buckets))
    except redis.RedisError as error:
        raise StoreTrouble(
            N_("Redis did not give the old definitions (%(error)s)."), error=type(error).__name__
        ) from error
    if lost or no_place:
        raise NotSane(
            N_(
                "Of what every page counts on, the new definitions lack %(sentinels)s well-known definitions and "
                "%(buckets)s buckets that items lie in. If that is right, an operator can take them with "
                "`manifest refresh --force`."
            ),
            sentinels=lost,
            buckets=len(no_place),
        )


def _lost(client: redis.Redis, before: VersionInfo, new_id: str, table: str, hashes: Iterable[int]) -> list[int]:
    """Those of `hashes` that the version before had and the new one has not."""
    asked = sorted(hashes)
    with client.pipeline(transaction=False) as pipe:
        for version_id in (before.id, new_id):
            pipe.hmget(table_key(before.locale, version_id, table), [str(each) for each in asked])
        had, has = pipe.execute()
    return [each for each, old, new in zip(asked, had, has, strict=True) if old is not None and new is None]
