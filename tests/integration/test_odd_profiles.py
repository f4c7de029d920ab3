"""However odd a profile is, its pages come up: what can be shown is shown, and what is missing is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.sandbox import SandboxServer
from app.sandbox.player import Player
from config import Settings
from tests.integration.every_page import admin_and_player, every_page, look
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, profile_ttl_s=0, bungie=replace(settings.bungie, player_pause_s=0.001))


def without_component(player: Player) -> None:
    player.components.pop("characterEquipment")


def private(player: Player) -> None:
    player.components["profileInventory"] = {"privacy": 2}


def disabled(player: Player) -> None:
    player.components["characterInventories"] = {"privacy": 1, "disabled": True}


def null_character(player: Player) -> None:
    characters = player.components["characters"]["data"]
    characters[next(iter(characters))] = None


def without_characters(player: Player) -> None:
    player.components["characters"]["data"] = {}


def unknown_bucket(player: Player) -> None:
    player.account_items()[0]["bucketHash"] = 4_000_000_001


def unknown_item(player: Player) -> None:
    player.account_items()[0]["itemHash"] = 4_000_000_002


def unknown_enums(player: Player) -> None:
    player.account_items()[0] |= {"location": 99, "bindStatus": 99, "transferStatus": 1 << 30, "state": 1 << 30}
    for character in player.components["characters"]["data"].values():
        character |= {"classType": 99, "raceType": 99, "genderType": 99}


def negative_counts(player: Player) -> None:
    player.account_items()[0]["quantity"] = -5


def null_values(player: Player) -> None:
    player.account_items()[0] |= dict.fromkeys(("quantity", "state", "bucketHash", "location"))


def two_thousand_items(player: Player) -> None:
    pattern = player.account_items()[0]
    player.account_items().extend(pattern | {"itemInstanceId": str(10**18 + number)} for number in range(2000))


def without_instances(player: Player) -> None:
    player.components["itemComponents"] = {}


THEIRS = ("/vault", "/characters", "/items", "/compare", "/infuse", "/organizer", "/moves", "/api/v1/inventory")
ODDITIES = [
    without_component, private, disabled, null_character, without_characters, unknown_bucket, unknown_item,
    unknown_enums, negative_counts, null_values, two_thousand_items, without_instances,
]  # fmt: skip


@pytest.fixture
def browser(app: Flask, player: Player, sandbox: SandboxServer) -> FlaskClient:
    return admin_and_player(app, player, sandbox)


@pytest.fixture
def pages(app: Flask, browser: FlaskClient) -> list[str]:
    """Those that show what a player owns."""
    return [path for path in every_page(app, browser) if path.startswith(THEIRS)]


@pytest.mark.parametrize("odd", ODDITIES, ids=lambda odd: odd.__name__)
def test_an_odd_profile_is_shown_or_explained_on_every_page(
    browser: FlaskClient, pages: list[str], player: Player, odd: Callable[[Player], None]
) -> None:
    assert len(pages) >= 15
    odd(player)
    for path in pages:
        seen = look(browser, path)
        assert seen.status in {200, 404} or (seen.status == 503 and seen.notices), (path, seen.status)
    for path in ("/vault", "/characters"):
        assert BeautifulSoup(browser.get(path).text, "lxml").select("[data-item-hash], [data-character], [data-notice]")


def test_an_account_that_its_owner_keeps_private_is_explained(
    browser: FlaskClient, pages: list[str], sandbox: SandboxServer
) -> None:
    sandbox.app.state.faults.set(refuse="*Profile*", refuse_code=1665)
    for path in pages:
        seen = look(browser, path)
        assert seen.status in {200, 404} or (seen.status == 503 and seen.notices), (path, seen.status)
    assert look(browser, "/vault").notices


def test_two_thousand_items_are_two_thousand_tiles(visitor: Visitor, player: Player) -> None:
    two_thousand_items(player)
    assert sum(visitor.tiles("/vault").values()) > 2000
