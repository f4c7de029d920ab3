"""Accounts as Bungie told them from 2017 on: every item once, every page up, and no number that nobody sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from app.sandbox.player import Player
from config import Settings
from tests.integration.eras import Json, answer_of, item_lists
from tests.visitor import Visitor, listed_items

pytestmark = pytest.mark.usefixtures("definitions")

YEARS = (2017, 2018, 2019, 2020, 2022, 2023, 2025)
_MOST_ITEMS = 12
_NO_NUMBER = re.compile(r"\b(?:Power|tier|Gear tier|Time played|Guardian rank) 0\b(?!,)")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, profile_ttl_s=0, bungie=replace(settings.bungie, player_pause_s=0.001))


def pages_of(components: Json) -> Iterator[str]:
    """Every page that shows what the player owns, and those of a few items."""
    yield from (
        "/vault",
        "/vault?view=together",
        "/vault?view=duplicates",
        "/characters",
        "/organizer",
        "/vault?q=is:weapon",
    )
    for character in (components.get("characters") or {}).get("data") or {}:
        yield from (f"/characters/{character}", f"/characters/{character}/loadouts")
    everything = [item for items in item_lists(components) for item in items]
    several = everything[:: max(1, len(everything) // _MOST_ITEMS)]
    yield from (f"/items/{each.get('itemInstanceId', each['itemHash'])}" for each in several)


def said(page: BeautifulSoup) -> str:
    return page.get_text(" ", strip=True)


def assert_nothing_is_invented(page: BeautifulSoup, path: str) -> None:
    assert not _NO_NUMBER.search(said(page)), path
    for number in page.select(".banner-light, .tile-foot, .item-power, .slots .number"):
        assert not re.search(r"(?<![\d,.])0(?![\d,./])", number.get_text(" ", strip=True)), (path, number)


@pytest.mark.parametrize("year", YEARS)
def test_an_account_of_any_year_is_told_whole_and_true(visitor: Visitor, player: Player, year: int) -> None:
    player.components = answer_of(year, player.components)
    assert visitor.everything() == listed_items(player.components)
    for path in pages_of(player.components):
        assert_nothing_is_invented(visitor.page(path), path)


def without_instances(components: Json) -> None:
    components["itemComponents"] = {}


def with_private_vault(components: Json) -> None:
    for name in ("profileInventory", "profileCurrencies", "characterInventories"):
        components[name] = {"privacy": 2}


def with_nothing_but_equipment(components: Json) -> None:
    for name in [name for name in components if name != "characterEquipment"]:
        del components[name]


def without_numbers_of_characters(components: Json) -> None:
    for row in components["characters"]["data"].values():
        for name in ("light", "stats", "minutesPlayedTotal", "minutesPlayedThisSession", "emblemColor"):
            row.pop(name, None)


def with_items_that_nobody_defined(components: Json) -> None:
    for items in item_lists(components):
        for number, item in enumerate(items[::3]):
            item["itemHash"] = 4_100_000_000 + number


LACKS = [
    without_instances, with_private_vault, with_nothing_but_equipment, without_numbers_of_characters,
    with_items_that_nobody_defined,
]  # fmt: skip


@pytest.mark.parametrize("year", [2017, 2025])
@pytest.mark.parametrize("lack", LACKS, ids=lambda lack: lack.__name__)
def test_what_is_lacking_is_neither_made_up_nor_in_the_way(
    live_server: str, player: Player, year: int, lack: object
) -> None:
    player.components = answer_of(year, player.components)
    lack(player.components)  # type: ignore[operator]
    visitor = Visitor(live_server)
    visitor.sign_in(player.membership_id)
    assert visitor.everything() == listed_items(player.components)
    for path in pages_of(player.components):
        assert_nothing_is_invented(visitor.page(path), path)


def test_an_account_without_characters_is_told_so(visitor: Visitor, player: Player) -> None:
    for name in ("characters", "characterInventories", "characterEquipment"):
        player.components[name] = {"data": {}, "privacy": 1}
    player.components["profileInventory"]["data"]["items"].clear()
    player.components["profileCurrencies"]["data"]["items"].clear()
    for path in ("/vault", "/vault?view=together", "/characters", "/organizer"):
        assert visitor.get(path).status_code in {200, 503}, path


def test_the_rolls_of_a_copy_are_told_alike_wherever_bungie_put_them(visitor: Visitor, player: Player) -> None:
    plugs = player.components["itemComponents"]["reusablePlugs"]["data"]
    weapons = [each for each, row in plugs.items() if any(len(choices) > 1 for choices in row["plugs"].values())][:5]
    assert weapons
    today = [perks_of(visitor.page(f"/items/{each}")) for each in weapons]
    assert all(today)
    player.components = answer_of(2017, player.components)
    assert [perks_of(visitor.page(f"/items/{each}")) for each in weapons] == today


def perks_of(page: BeautifulSoup) -> str:
    return " ".join(each.get_text(" ", strip=True) for each in page.select(".plugs"))
