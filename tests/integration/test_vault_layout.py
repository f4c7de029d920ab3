"""The vault as its owner wants it: order, groups, folded sections, what is new, all places, duplicates."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from bs4 import BeautifulSoup, Tag

from app.inventory.grouping import GROUPINGS
from app.inventory.sorting import KEYS
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.services.new_items import VISIT_ENDS_AFTER
from app.services.vault import JUST_FETCHED_S
from tests.fixtures.clock import MovingClock
from tests.visitor import Visitor, soup, tiles_of

pytestmark = pytest.mark.usefixtures("definitions")

KINETIC = 1498876634
NEWEST = "6917529999999999999"


@pytest.fixture
def player(sandbox: SandboxServer) -> Player:
    """The account with the most items."""
    return max(sandbox.app.state.players.values(), key=lambda each: each.item_count())


@pytest.fixture
def visitor(live_server: str, player: Player) -> Visitor:
    return signed_in(live_server, player)


def signed_in(site: str, player: Player) -> Visitor:
    made = Visitor(site)
    made.sign_in(player.membership_id)
    return made


def section(page: BeautifulSoup, bucket_hash: int = KINETIC) -> Tag:
    found = page.select_one(f"[data-store=vault] section[data-bucket='{bucket_hash}']")
    assert found is not None
    return found


def names(page: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in section(page).select(".tile-name")]


def keep(visitor: Visitor, *order: str, group: str = "none") -> BeautifulSoup:
    """Sends the form as a browser does: every list of the form has a value."""
    page = visitor.page("/vault")
    form = page.select_one("form[action='/vault/layout']")
    assert form is not None
    token, back = (form.select_one(f"[name={name}]")["value"] for name in ("csrf_token", "next"))  # type: ignore[index]
    data = {"csrf_token": token, "next": back, "group": group, "sort": [*order, "", "", ""][:3]}
    return soup(visitor.session.post(visitor.site + "/vault/layout", data=data, timeout=30))


def test_an_address_gives_an_order_to_anybody_and_keeps_nothing(visitor: Visitor) -> None:
    before = names(visitor.page("/vault"))
    by_name = names(visitor.page("/vault?sort=name"))
    assert by_name == sorted(before, key=str.casefold) != before
    assert names(visitor.page("/vault?sort=-name")) == sorted(before, key=str.casefold, reverse=True)
    assert names(visitor.page("/vault")) == before


def test_an_order_that_is_kept_is_there_in_every_browser_of_the_person(
    visitor: Visitor, live_server: str, player: Player
) -> None:
    by_name = names(visitor.page("/vault?sort=name"))
    assert names(keep(visitor, "name")) == by_name
    other = signed_in(live_server, player)
    assert names(other.page("/vault")) == by_name
    assert names(keep(visitor)) == names(other.page("/vault")) != by_name


def test_the_form_shows_what_is_chosen_and_its_link_leads_there_again(visitor: Visitor) -> None:
    page = keep(visitor, "-power", "name", group="rarity")
    chosen = [each["value"] for each in page.select("form[action='/vault/layout'] option[selected]")]
    assert chosen == ["rarity", "-power", "name", ""]
    link = str(page.select_one("form[action='/vault/layout'] a")["href"])  # type: ignore[index]
    keep(visitor)
    assert names(visitor.page(link)) == names(page)


def test_whatever_the_order_and_groups_every_item_is_there_once(visitor: Visitor) -> None:
    plain = visitor.tiles("/vault")
    for query in (*(f"sort={key}" for key in KEYS), *(f"group={key}" for key in GROUPINGS)):
        assert visitor.tiles(f"/vault?{query}") == plain, query


def test_groups_have_a_heading_with_their_count(visitor: Visitor) -> None:
    for group in GROUPINGS:
        shown = section(visitor.page(f"/vault?group={group}"))
        heaps = [(each.get_text(" "), each.find_next_sibling("ul")) for each in shown.select(".heap")]
        for title, tiles in heaps:
            assert tiles is not None
            assert re.search(rf"\b{len(tiles.select('[data-item-hash]'))}$", title.strip()), title
    assert {"Exotic", "Legendary"} <= {
        each.get_text(" ").split()[0] for each in visitor.page("/vault?group=rarity").select(".heap")
    }


def test_nonsense_in_an_address_is_passed_over(visitor: Visitor) -> None:
    plain = visitor.tiles("/vault")
    for query in ("sort=%3C", "sort=drop+table&group=x", "view=nothing", "sort=" + "power," * 500):
        assert visitor.tiles(f"/vault?{query}") == plain


def test_a_search_keeps_the_order_of_the_address(visitor: Visitor) -> None:
    form = visitor.page("/vault?sort=name&group=none&q=is:weapon").select_one("form[role=search]")
    assert form is not None
    hidden = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    assert hidden == {"sort": "name", "group": "none"}


def fold(visitor: Visitor, name: str, folded: str) -> int:
    token = visitor.page("/vault").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    data = {"csrf_token": token, "section": name, "folded": folded}
    return visitor.session.post(visitor.site + "/vault/fold", data=data, timeout=30).status_code


def open_sections(page: BeautifulSoup) -> Counter[str]:
    return Counter(str(each["data-fold"]) for each in page.select("details[data-fold][open]"))


def test_a_folded_section_stays_folded_in_every_browser_and_keeps_its_items(
    visitor: Visitor, live_server: str, player: Player
) -> None:
    before, tiles, name = open_sections(visitor.page("/vault")), visitor.tiles("/vault"), f"vault-{KINETIC}"
    assert before[name] == 1
    assert fold(visitor, name, "1") == 204
    other = signed_in(live_server, player)
    assert open_sections(other.page("/vault")) == before - Counter([name])
    assert other.tiles("/vault") == tiles
    assert fold(other, name, "0") == 204
    assert open_sections(visitor.page("/vault")) == before


def test_only_sections_can_be_folded(visitor: Visitor) -> None:
    for name in ("", "vault", "x y-1", "vault-1 vault-2", "a" * 5000):
        assert fold(visitor, name, "1") == 400


def test_all_places_show_everything_once(visitor: Visitor) -> None:
    page = visitor.page("/vault?view=together")
    assert tiles_of(page) == visitor.everything()
    stores = page.select("section.store")
    assert [each.get("data-store") or "character" for each in stores] == ["vault", *["character"] * (len(stores) - 1)]
    assert len(page.select("[name=store]")) == len(stores)


def test_duplicates_are_copies_of_one_name_with_the_place_of_each(visitor: Visitor) -> None:
    page, everything = visitor.page("/vault?view=duplicates"), visitor.everything()
    several = page.select(".twice-item")
    assert several
    for each in several:
        assert len({name.get_text() for name in each.select(".tile-name")}) == 1
        assert len(each.select("[data-item-id]")) == len(each.select("a.tag")) >= 2
    assert tiles_of(page) <= everything


def drop(player: Player) -> None:
    """The game gives the player another copy of something from the vault."""
    items = player.account_items()
    items.append(next(each for each in items if "itemInstanceId" in each) | {"itemInstanceId": NEWEST})


def refresh(visitor: Visitor) -> None:
    time.sleep(JUST_FETCHED_S)
    visitor.submit(visitor.get("/vault"), "/vault/refresh")


def new_ones(page: BeautifulSoup) -> set[str]:
    return {str(each["data-item-id"]) for each in page.select(".is-new")}


def test_a_drop_is_new_until_it_is_marked_as_seen(visitor: Visitor, player: Player) -> None:
    assert not new_ones(visitor.page("/vault"))
    drop(player)
    refresh(visitor)
    page = visitor.page("/vault")
    assert new_ones(page) == {NEWEST}
    assert "1 new item" in page.get_text()
    assert ", new" in str(page.select_one(".is-new")["aria-label"])  # type: ignore[index]
    visitor.submit(visitor.get("/vault"), "/vault/seen")
    page = visitor.page("/vault")
    assert not new_ones(page)
    assert not page.select("form[action='/vault/seen']")


def test_what_came_while_one_was_away_is_new_for_one_visit(
    clock: MovingClock, live_server: str, player: Player
) -> None:
    away = VISIT_ENDS_AFTER.total_seconds() + 1
    assert not new_ones(signed_in(live_server, player).page("/vault"))
    drop(player)
    clock.move(seconds=away)
    visitor = signed_in(live_server, player)
    refresh(visitor)
    assert {each[1] for each in visitor.tiles("/vault?q=is:new")} == {NEWEST}
    assert new_ones(visitor.page("/vault")) == {NEWEST}
    assert {each[1] for each in visitor.tiles("/vault?q=is:new")} == {NEWEST}
    clock.move(seconds=away / 2)
    assert new_ones(signed_in(live_server, player).page("/vault")) == {NEWEST}
    clock.move(seconds=away)
    later = signed_in(live_server, player)
    assert not later.tiles("/vault?q=is:new")
    assert not new_ones(later.page("/vault"))
