"""Keywords about what players say of their items themselves, and their completion."""

from __future__ import annotations

import pytest

from app.inventory.annotations.marks import Annotation, Annotations, Label
from app.inventory.search.complete import Vocabulary, completions
from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.own import Own
from tests.builders import item, weapon
from tests.unit.inventory.search.cases import collection, found, owned

SAID = Annotations(
    {"kept": Annotation("keep", "Für #PvP"), "label": Annotation("Raid gear", ""), "7": Annotation("", "for the clan")},
    (Label("Raid gear", "red"), Label("junkyard", "blue")),
)
THINGS = collection(
    owned(weapon(1), item(1, "kept")),
    owned(weapon(1), item(1, "label")),
    owned(weapon(7), item(7)),
    owned(weapon(1), item(1, "plain")),
    own=Own(annotations=SAID),
)
STACK = "7//138197802"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("tag:keep", ["kept"]),
        ("tag:KEEP", ["kept"]),
        ('tag:"raid gear"', ["label"]),
        ("tag:junk", []),
        ("tag:none", [STACK, "plain"]),
        ("is:tagged", ["kept", "label"]),
        ("is:hasnotes", ["kept", STACK]),
        ("notes:fur", ["kept"]),
        ("notes:#pvp", ["kept"]),
        ("#pvp", ["kept"]),
        ('"for the clan"', [STACK]),
        ("-is:tagged -is:hasnotes", ["plain"]),
    ],
)
def test_a_search_asks_for_tags_and_notes(text: str, keys: list[str]) -> None:
    assert found(text, THINGS) == keys


def test_a_tag_that_there_is_not_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(SearchError) as caught:
        found("is:weapon tag:favourite", THINGS)
    error = caught.value
    assert (error.fault, error.text, error.suggestion) == (Fault.VALUE_UNKNOWN, "favourite", "favorite")
    with pytest.raises(SearchError) as caught:
        found("notes:''", THINGS)
    assert caught.value.fault is Fault.VALUE_MISSING


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("tag:ju", ("tag:junk", "tag:junkyard")),
        ("is:weapon tag:rai", ('is:weapon tag:"Raid gear"',)),
        ("#p", ("#PvP",)),
        ("notes:#", ("notes:#PvP",)),
    ],
)
def test_labels_and_hashtags_are_completed(text: str, offered: tuple[str, ...]) -> None:
    assert completions(text, Vocabulary((), tuple, SAID)) == offered
