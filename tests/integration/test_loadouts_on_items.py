"""The page of an item names the loadouts that it is part of, as the search does, and does nothing to them or to it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from bs4 import Tag

from app.sandbox.player import VAULT, Player
from app.wiring import Services
from tests.integration.loadout_support import HUNTER, KINETIC, TITAN, belongings, carried, make, post, store_of, worn
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")


def held_by(visitor: Visitor, item_id: str) -> dict[str, str]:
    """The loadouts that the page of an item names, with their addresses."""
    links: list[Tag] = list(visitor.page(f"/items/{item_id}").select("[data-held] a"))
    return {link.get_text(): str(link["href"]) for link in links}


def found_by(visitor: Visitor, query: str) -> set[str]:
    """The copies that a search finds anywhere."""
    places = ("/vault", *(f"/characters/{each}" for each in (TITAN, HUNTER)))
    return {item_id for path in places for _, item_id, _ in visitor.tiles(f"{path}?q={quote(query)}") if item_id}


def test_an_item_names_its_loadouts_here_and_in_the_game_and_leads_to_them(visitor: Visitor, player: Player) -> None:
    gun = worn(player, KINETIC)["itemInstanceId"]
    path = make(visitor, name="Raid <b>night</b>")
    found = held_by(visitor, gun)
    assert found == {"Raid <b>night</b>": path, "Raid": f"/characters/{TITAN}/loadouts#slot-1"}
    for href in found.values():
        page = visitor.page(href)
        anchor = href.partition("#")[2]
        assert page.select(f'#{anchor} a[href="/items/{gun}"]' if anchor else f'a[href="/items/{gun}"]')


def test_what_the_page_of_an_item_names_is_what_the_search_finds(visitor: Visitor, player: Player) -> None:
    extra = carried(player)[0]["itemInstanceId"]
    path = make(visitor, HUNTER, "Hunters #all")
    post(visitor, f"{path}/items", item=extra, worn="0")
    own, game = found_by(visitor, "inloadout:#all"), found_by(visitor, "is:iningameloadout")
    assert extra in own
    assert own | game == found_by(visitor, "is:inloadout")
    for item_id in sorted(own | game)[:24]:
        named = held_by(visitor, item_id).values()
        assert (item_id in own) == (path in named)
        assert (item_id in game) == any(href.startswith("/characters/") for href in named)
    free = found_by(visitor, "is:weapon -is:inloadout")
    assert free
    assert not any(held_by(visitor, item_id) for item_id in sorted(free)[:8])


def test_a_deleted_loadout_holds_nothing_until_it_is_brought_back(visitor: Visitor, player: Player) -> None:
    gun, path = carried(player)[0]["itemInstanceId"], make(visitor, HUNTER)
    post(visitor, f"{path}/items", item=gun, worn="0")
    before = held_by(visitor, gun)
    post(visitor, f"{path}/delete")
    assert path not in held_by(visitor, gun).values()
    assert gun not in found_by(visitor, "is:indimloadout")
    post(visitor, f"{path}/restore")
    assert held_by(visitor, gun) == before


def test_a_held_item_can_be_moved_and_stays_held(visitor: Visitor, player: Player) -> None:
    owned, path = belongings(player), make(visitor, HUNTER)
    gun = carried(player)[0]["itemInstanceId"]
    post(visitor, f"{path}/items", item=gun, worn="0")
    form = {"item": gun, "from": TITAN, "to": "vault", "equip": "0", "key": "to-the-vault"}
    post(visitor, "/moves", **form)
    assert store_of(player, gun) == "vault"
    assert path in held_by(visitor, gun).values()
    assert "Vault" in visitor.page(path).select_one(f'.build-piece:has(a[href="/items/{gun}"])').get_text()  # type: ignore[union-attr]
    assert belongings(player) == owned


def test_a_held_item_that_is_gone_breaks_no_page(visitor: Visitor, player: Player, services: Services) -> None:
    path, gun = make(visitor, HUNTER), carried(player)[0]
    post(visitor, f"{path}/items", item=gun["itemInstanceId"], worn="0")
    player.carried(TITAN).remove(gun)
    services.profiles.renew(1, player.membership_type, player.membership_id)
    assert visitor.get(f"/items/{gun['itemInstanceId']}").status_code == 404
    assert "you do not have it any more" in visitor.page(path).get_text()
    assert gun["itemInstanceId"] not in found_by(visitor, "is:inloadout")


def test_a_stack_is_in_no_loadout(visitor: Visitor, player: Player) -> None:
    make(visitor)
    stack = next(
        each for each in player.account_items() if "itemInstanceId" not in each and each["bucketHash"] != VAULT
    )
    assert not held_by(visitor, str(stack["itemHash"]))
