"""How the numbers of an item came about is said of those that are shown, and an empty answer is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import create_app
from app.inventory.definitions import ItemDefinition, StatDefinition, StatPoints
from app.inventory.items import ItemDetails
from app.inventory.references import StatGroupDefinition, StatScale
from app.inventory.telling.anatomy import WEAPON, anatomy_of
from app.main.item.numbers import stats_view
from app.manifest.plans import STAT, STAT_GROUP
from app.manifest.resolved import ResolvedDefinitions
from config import from_env

RANGE, ZOOM, NAMELESS, GROUP = 1240592695, 3555269338, 99, 5
SCALES = {stat: StatScale(100, False, ((0, 0), (100, 100))) for stat in (RANGE, ZOOM, NAMELESS)}


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    with create_app(from_env({"FLASK_CONFIG": "testing"})).test_request_context():
        yield


def note(hidden: int, details: ItemDetails) -> str:
    """What is said under the numbers of a weapon with a range, and with this number that the game hides."""
    points = (StatPoints(RANGE, 40), StatPoints(hidden, 14))
    known = ItemDefinition(1, item_type=WEAPON, stat_group_hash=GROUP, investments=points)
    named = {each: StatDefinition(each, name) for each, name in ((RANGE, "Range"), (ZOOM, "Zoom"), (NAMELESS, ""))}
    group = {GROUP: StatGroupDefinition(GROUP, SCALES)}
    definitions = ResolvedDefinitions(None, {STAT: named, STAT_GROUP: group})
    return stats_view(anatomy_of(known, details, definitions), details, definitions, WEAPON).note


def test_a_hidden_number_is_explained_where_it_is_shown_only() -> None:
    sent = ItemDetails({RANGE: 40}, sockets=())
    assert "hides" in note(ZOOM, sent)
    assert note(NAMELESS, sent) == ""


def test_numbers_that_came_empty_were_not_sent() -> None:
    assert "finished numbers" in note(ZOOM, ItemDetails({}, sockets=()))
    assert "basic ones" in note(ZOOM, ItemDetails({}))
