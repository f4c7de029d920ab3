"""Some bounties outlive their end once they are complete: of those no page says that they run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app import create_app
from app.inventory.arrange import CharacterStore, Inventory, OwnedItem, Section
from app.inventory.buckets import Group
from app.inventory.definitions import ItemDefinition
from app.inventory.items import Item, ItemDetails, Objective
from app.inventory.layout import Layout
from app.inventory.profile import Character, Profile
from app.inventory.telling.anatomy import Anatomy
from app.inventory.telling.objectives import expiry_of
from app.main.character.pursuits import PursuitPresenter
from app.main.item.story import facts
from app.main.present import Context
from app.main.present_characters import CharacterPresenter
from app.manifest.resolved import ResolvedDefinitions
from app.services.characters import CharacterDetails, Company
from app.services.item import ItemSnapshot
from app.services.search import Found
from app.services.vault import VaultSnapshot
from config import from_env
from tests.builders import item

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SOON, LATER = "2026-11-22T02:00:00Z", "2026-11-22T09:00:00Z"
DONE, OPEN = (Objective(7, progress, 5, is_complete=progress == 5, is_visible=True) for progress in (5, 3))
NOTHING_KNOWN = ResolvedDefinitions(None, {})
LASTING, FLEETING = ItemDefinition(1, name="A", outlives_expiration=True), ItemDefinition(2, name="B")


class NoTiles:
    def make(self, _owned: OwnedItem) -> None:
        return None


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    with create_app(from_env({"FLASK_CONFIG": "testing"})).test_request_context():
        yield


def bounty(known: ItemDefinition, ends: str = SOON) -> Item:
    return item(known.hash, str(known.hash), expires_at=ends)


@pytest.mark.parametrize(
    ("known", "objectives", "ends"),
    [
        (LASTING, (DONE, DONE), ""),
        (LASTING, (DONE, OPEN), SOON),
        (LASTING, (), SOON),
        (LASTING, None, SOON),
        (FLEETING, (DONE,), SOON),
        (None, (DONE,), SOON),
    ],
)
def test_only_a_complete_bounty_whose_clock_the_game_stops_has_no_end(
    known: ItemDefinition | None, objectives: tuple[Objective, ...] | None, ends: str
) -> None:
    assert expiry_of(bounty(LASTING), known, objectives) == ends


def test_a_characters_page_tells_no_end_of_it_and_does_not_press_for_it() -> None:
    lasting, fleeting = OwnedItem(bounty(LASTING), LASTING, None), OwnedItem(bounty(FLEETING, LATER), FLEETING, None)
    company = Company({}, {}, None, NOTHING_KNOWN)
    told = CharacterDetails("9", company, {lasting.item: (DONE,), fleeting.item: (DONE,)})
    section = Section(5, None, Group.QUESTS, (lasting, fleeting), None)
    (heap,) = PursuitPresenter(told, NoTiles(), NOW).of(section, Layout())  # type: ignore[arg-type]
    assert [each.expiry for each in heap.pursuits] == ["Expires in 9 hours", ""]


@pytest.mark.parametrize(("objective", "tells"), [(DONE, False), (OPEN, True)])
def test_its_own_page_tells_its_end_only_while_there_is_something_to_do(objective: Objective, *, tells: bool) -> None:
    copy = bounty(LASTING)
    profile = Profile((), (copy,))
    details = ItemDetails(objectives=(objective,))
    snapshot = ItemSnapshot(copy, details, Character("9", class_type=0), profile, NOTHING_KNOWN, NOW, None)
    told = {each.label for each in facts(snapshot, LASTING, Anatomy((), (), are_basic=False), NOW)}
    assert ("Expires" in told) is tells


class OneBountyDone:
    """Details of which only this is known."""

    def item(self, _item: Item) -> ItemDetails:
        return ItemDetails(objectives=(DONE,))


@pytest.mark.parametrize(("known", "tells"), [(LASTING, "nothing"), (FLEETING, "in 2 hours")])
def test_among_the_characters_it_is_not_the_next_to_end(known: ItemDefinition, tells: str) -> None:
    section = Section(5, None, Group.QUESTS, (OwnedItem(bounty(known), known, None),), None)
    store = CharacterStore(Character("9", class_type=0), (section,))
    inventory = Inventory((store,), (), (), (), 0, None, {})
    snapshot = VaultSnapshot(inventory, NOTHING_KNOWN, NOW, None, OneBountyDone())  # type: ignore[arg-type]
    context = Context(NOW, lambda _path: "", "/", "en")
    company = Company({}, {}, None, NOTHING_KNOWN)
    (compared,) = CharacterPresenter(Found(snapshot, inventory), context, company).characters().compared
    assert next(each.value for each in compared.facts if each.label == "Next to expire") == tells
