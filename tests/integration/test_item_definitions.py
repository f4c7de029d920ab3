"""What an item's page has to look up: everything that the item speaks of, in one look once it is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import redis

from app.inventory.finder import Question
from app.inventory.telling.sockets import roll_sets
from app.manifest.plans import ITEM, PLUG_SET
from app.manifest.resolved import ResolvedDefinitions
from app.manifest.store import DefinitionStore, Wanted
from app.services.item_definitions import resolve_item
from app.wiring import Services

pytestmark = pytest.mark.usefixtures("definitions")


class Names:
    """The definitions of a process that has just started, with a count of how often the store was asked."""

    def __init__(self, redis_url: str) -> None:
        self.client = redis.Redis.from_url(redis_url)
        self._store = DefinitionStore(self.client)
        self.asked = 0
        self.recalled: Counter[tuple[str, int]] = Counter()

    def resolve(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        self.asked += 1
        return self._store.resolve(locale, wanted)

    def remembered(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        self.recalled.update((table, each) for table, hashes in wanted.items() for each in hashes)
        return self._store.remembered(locale, wanted)

    def look_up(self, item_hash: int) -> dict[str, set[int]]:
        """What was wanted in the end, all of which was found."""
        wanted = {ITEM: {item_hash}}
        found = resolve_item(self, "en", item_hash, wanted)
        assert all(found.item(each) for each in wanted[ITEM])
        return wanted


@pytest.fixture
def names(redis_url: str) -> Iterator[Names]:
    made = Names(redis_url)
    yield made
    made.client.close()


@pytest.fixture
def rolled(services: Services) -> int:
    """A weapon of which plug sets tell the rolls."""
    found = services.database.find("en", Question("hand cannon"))
    known = (found.definitions.item(each) for each in found.found.hashes)
    return next(each.hash for each in known if each and roll_sets(each))


def test_an_item_that_was_looked_up_before_costs_one_look(names: Names, rolled: int) -> None:
    first, before = names.look_up(rolled), names.asked
    assert names.look_up(rolled) == first
    assert names.asked == before + 1
    assert first[PLUG_SET]
    assert len(first[ITEM]) > len(first[PLUG_SET]) + 1


def test_memory_is_asked_for_nothing_twice_and_for_no_roll(names: Names, rolled: int) -> None:
    names.look_up(rolled)
    names.recalled.clear()
    wanted = names.look_up(rolled)
    assert set(names.recalled.values()) == {1}
    assert len(names.recalled) < sum(map(len, wanted.values())) / 2


def test_a_process_that_has_just_started_finds_the_same(names: Names, rolled: int, redis_url: str) -> None:
    names.look_up(rolled)
    fresh = Names(redis_url)
    assert fresh.look_up(rolled) == names.look_up(rolled)
    fresh.client.close()
