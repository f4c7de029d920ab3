"""The project's own demo world, made by hand from facts: real names and numbers, texts and pictures of our own."""

from datetime import UTC, datetime

from app.sandbox.definitions import ItemFacts
from app.sandbox.demo.catalogue import UNKNOWN, home_bucket
from app.sandbox.demo.players import players
from app.sandbox.demo.publication import publication
from app.sandbox.world import World

_STACK = 999


def demo_world(now: datetime | None = None) -> World:
    """The demo world. The same `now` gives the same world; it only moves dates, and defaults to the present."""
    manifest, pictures = publication()
    return World("demo", players(now or datetime.now(UTC)), manifest, pictures, _unknown_items())


def _unknown_items() -> dict[int, ItemFacts]:
    """What the game knows about the items that are newer than the manifest."""
    return {
        item_hash: ItemFacts(home_bucket(kind), _STACK, is_instanced=False)
        if kind == "consumable"
        else ItemFacts(home_bucket(kind), is_equippable=True)
        for item_hash, kind in UNKNOWN.items()
    }
