"""Searching by loadouts: in any, in one's own, by a text or hashtag of theirs, by how many there are."""

from __future__ import annotations

import pytest

from app.inventory.loadouts.model import Build
from app.inventory.search.errors import SearchError
from app.inventory.search.own import Own
from tests.builders import item, weapon
from tests.unit.inventory.search.cases import collection, found, owned

RAID, DUELS = Build("Raid night #gm"), Build("Duels", notes="against #friends")
GEAR = [owned(weapon(1), item(1, each)) for each in ("both", "raid", "game", "none")]
OWN = Own(loadouts=lambda: {"both": (RAID, DUELS), "raid": (RAID,)})
FACTS = collection(*GEAR, own=OWN, in_loadouts=frozenset({"game"}))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("is:inloadout", ["both", "raid", "game"]),
        ("-is:inloadout", ["none"]),
        ("is:iningameloadout", ["game"]),
        ("is:indimloadout", ["both", "raid"]),
        ("inloadout:duels", ["both"]),
        ("inloadout:#gm", ["both", "raid"]),
        ("inloadout:#g", []),
        ("inloadout:against", ["both"]),
        ("inloadout:2", ["both"]),
        ("inloadout:>=1", ["both", "raid"]),
        ("inloadout:0", ["game", "none"]),
    ],
)
def test_a_search_by_loadouts(query: str, ids: list[str]) -> None:
    assert found(query, FACTS) == ids


def test_without_loadouts_nothing_is_in_one() -> None:
    assert found("is:inloadout", collection(*GEAR)) == []


@pytest.mark.parametrize("query", ["inloadout:", "inloadout:>x"])
def test_what_cannot_be_meant_is_told(query: str) -> None:
    with pytest.raises(SearchError):
        found(query, FACTS)
