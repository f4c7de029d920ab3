"""Small makers of inventory values: say what matters to the test, the rest is plain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.inventory.definitions import BucketDefinition, ItemDefinition, NamedDefinition, StatDefinition, T
from app.inventory.items import Instance, Item, Place

KINETIC, HELMET, VAULT, LOST_ITEMS, CONSUMABLES, GLIMMER = (
    1498876634,
    3448274439,
    138197802,
    215593132,
    1469714392,
    2689798308,
)
ATTACK = 1480404414


@dataclass
class FakeDefinitions:
    """Definitions that a test has written down."""

    items: Mapping[int, ItemDefinition] = field(default_factory=dict)
    bucket_rows: Mapping[int, BucketDefinition] = field(default_factory=dict)
    version: str = "test"
    others: Mapping[int, object] = field(default_factory=dict)

    def item(self, item_hash: int) -> ItemDefinition | None:
        return self.items.get(item_hash)

    def bucket(self, bucket_hash: int) -> BucketDefinition | None:
        return self.bucket_rows.get(bucket_hash)

    def stat(self, stat_hash: int) -> StatDefinition | None:
        return None

    def named(self, table: str, definition_hash: int) -> NamedDefinition | None:
        return None

    def every_named(self, table: str) -> Iterable[NamedDefinition]:
        return ()

    def buckets(self) -> Iterable[BucketDefinition]:
        return self.bucket_rows.values()

    def find(self, makes: type[T], definition_hash: int) -> T | None:
        found = self.others.get(definition_hash)
        return found if isinstance(found, makes) else None


def weapon(item_hash: int, name: str = "Ace of Spades", tier: int = 6, **facts: object) -> ItemDefinition:
    return ItemDefinition(item_hash, name=name, tier=tier, bucket_hash=KINETIC, **facts)  # type: ignore[arg-type]


def bucket(bucket_hash: int, name: str, capacity: int = 10, **facts: int) -> BucketDefinition:
    return BucketDefinition(bucket_hash, name=name, capacity=capacity, **facts)


def item(item_hash: int = 1, instance_id: str = "", **facts: object) -> Item:
    plain = {"quantity": 1, "bucket_hash": VAULT, "place": Place.VAULT, "owner": ""}
    return Item(hash=item_hash, instance_id=instance_id, **(plain | facts))  # type: ignore[arg-type]


def with_power(power: int) -> Instance:
    return Instance(primary_stat_hash=ATTACK, primary_stat=power)
