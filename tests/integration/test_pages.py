"""The player's pages on the demo world: the markup that scripts rely on, oddities included."""

from __future__ import annotations

import pytest
import requests
from bs4 import BeautifulSoup

from app.sandbox import SandboxServer
from tests.visitor import Visitor, listed_items, soup, tiles_of

pytestmark = pytest.mark.usefixtures("definitions")

VAULT, POSTMASTER = 138197802, 215593132


@pytest.fixture
def player_id(sandbox: SandboxServer) -> str:
    """The account with the most items."""
    return max(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id


@pytest.fixture
def visitor(live_server: str, player_id: str) -> Visitor:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player_id)
    return signed_in


def raw_profile(sandbox: SandboxServer, membership_id: str) -> dict:
    """What the sandbox itself answers to the owner."""
    player = sandbox.app.state.players[membership_id]
    grants = sandbox.app.state.grants
    pair = grants.exchange(grants.new_code(player.bungie_id))
    url = f"{sandbox.url}/Platform/Destiny2/{player.membership_type}/Profile/{membership_id}/"
    headers = {"X-API-Key": "sandbox-key", "Authorization": f"Bearer {pair['access_token']}", "User-Agent": "test"}
    answer = requests.get(url, params={"components": "102,103,201,205"}, headers=headers, timeout=10)
    return answer.json()["Response"]


def section(page: BeautifulSoup, bucket_hash: int) -> BeautifulSoup:
    (found,) = page.select(f"section[data-bucket='{bucket_hash}']")
    return found  # type: ignore[return-value]


def test_the_pages_show_exactly_what_bungie_lists(visitor: Visitor, sandbox: SandboxServer, player_id: str) -> None:
    expected = listed_items(raw_profile(sandbox, player_id))
    assert sum(expected.values()) >= 300
    assert visitor.everything() == expected


def test_every_account_of_the_demo_is_shown_completely(live_server: str, sandbox: SandboxServer) -> None:
    for membership_id in sandbox.app.state.players:
        each = Visitor(live_server)
        each.sign_in(membership_id)
        assert each.everything() == listed_items(raw_profile(sandbox, membership_id))


def test_a_tile_is_one_element_whose_accessible_name_begins_with_the_item_s_name(visitor: Visitor) -> None:
    for tile in visitor.page("/vault").select("[data-item-hash]"):
        assert ("data-item-id" in tile.attrs) != ("data-quantity" in tile.attrs)
        assert not tile.select("[data-item-hash]")
        assert str(tile["aria-label"]).startswith(tile.select_one(".tile-name").get_text())  # type: ignore[union-attr]


def test_every_bucket_s_heading_carries_its_count(visitor: Visitor) -> None:
    for path in ("/vault", *(link["href"] for link in visitor.page("/characters").select("[data-character] a[href]"))):
        for bucket in visitor.page(str(path)).select("section[data-bucket]"):
            heading = bucket.select_one("h2, h3, h4")
            assert heading is not None
            assert str(len(bucket.select("[data-item-hash]"))) in heading.get_text().replace(",", "")


def test_the_vault_tells_how_full_it_is(visitor: Visitor) -> None:
    page = visitor.page("/vault")
    assert page.select("[data-store=vault]")
    assert " of " in page.select_one("h1").parent.get_text()  # type: ignore[union-attr]


def test_a_full_postmaster_is_told_on_its_character(visitor: Visitor, sandbox: SandboxServer, player_id: str) -> None:
    inventories = raw_profile(sandbox, player_id)["characterInventories"]["data"]
    full = [
        character_id
        for character_id, inventory in inventories.items()
        if sum(item["bucketHash"] == POSTMASTER for item in inventory["items"]) == 21
    ]
    assert full
    bucket = section(visitor.page(f"/characters/{full[0]}"), POSTMASTER)
    assert "21 of 21" in bucket.select_one("h3").get_text()  # type: ignore[union-attr]
    assert len(bucket.select("[data-item-hash]")) == 21


def test_what_is_worn_is_marked(visitor: Visitor) -> None:
    link = visitor.page("/characters").select_one("[data-character] a[href]")
    worn = visitor.page(str(link["href"])).select("[data-item-hash].is-equipped")  # type: ignore[index]
    assert len(worn) >= 8
    assert all("equipped" in str(tile["aria-label"]) for tile in worn)


def test_unknown_and_classified_items_say_what_they_are(visitor: Visitor) -> None:
    labels = [str(tile["aria-label"]) for tile in visitor.page("/vault").select("[data-item-hash]")]
    assert any(label.startswith("Unknown item ") for label in labels)
    assert any(label.startswith("Classified") for label in labels)


def test_hostile_names_are_text(visitor: Visitor) -> None:
    page = visitor.get("/vault")
    assert "<script>alert" not in page.text
    assert not soup(page).select("[onerror], [onload], [onmouseover]")
    addresses = [str(each.get("href") or each.get("src")) for each in soup(page).select("[href], [src]")]
    assert not [address for address in addresses if "javascript:" in address or "\\" in address]


def test_an_item_s_page_tells_what_is_recorded(visitor: Visitor) -> None:
    tile = next(t for t in visitor.page("/vault").select("a[data-item-id]") if "power" in str(t["aria-label"]))
    page = visitor.page(str(tile["href"]))
    text = page.get_text(" ", strip=True)
    assert tile.select_one(".tile-name").get_text() in page.select_one("h1").get_text()  # type: ignore[union-attr]
    assert "Vault" in text
    assert sum(tiles_of(page).values()) <= 1


@pytest.mark.parametrize("path", ["/items/1", "/items/6917529034000000001x", "/characters/1", "/items/%F0%9F%A6%80"])
def test_what_belongs_to_nobody_is_a_404(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_what_belongs_to_somebody_else_answers_like_what_belongs_to_nobody(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, player_id: str
) -> None:
    mine = next(instance_id for _, instance_id, _ in visitor.tiles("/vault") if instance_id)
    my_character = visitor.page("/characters").select_one("[data-character]")["data-character"]  # type: ignore[index]
    stranger = Visitor(live_server)
    stranger.sign_in(next(each for each in sandbox.app.state.players if each != player_id))
    for path in (f"/items/{mine}", f"/characters/{my_character}"):
        assert stranger.get(path).status_code == stranger.get(path + "0").status_code == 404


def test_one_page_view_costs_at_most_one_profile_call_and_the_next_none(
    visitor: Visitor, sandbox: SandboxServer
) -> None:
    visitor.page("/vault")
    before = sum(sandbox.app.state.requests.counts.values())
    for path in ("/vault", "/characters", "/vault"):
        visitor.page(path)
    assert sum(sandbox.app.state.requests.counts.values()) == before


def test_the_api_gives_the_same_inventory(visitor: Visitor, sandbox: SandboxServer, player_id: str) -> None:
    body = visitor.get("/api/v1/inventory").json()
    sections = body["vault"]["buckets"] + body["account"] + body["currencies"]
    sections += [bucket for character in body["characters"] for bucket in character["buckets"]]
    count = sum(len(bucket["items"]) for bucket in sections)
    assert count == sum(listed_items(raw_profile(sandbox, player_id)).values())


def test_switching_the_membership_needs_one_of_one_s_own(visitor: Visitor) -> None:
    token = visitor.page("/account").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    form = {"csrf_token": token, "membership": "1234567890123456789"}
    answer = visitor.session.post(visitor.site + "/account/membership", data=form, timeout=10)
    assert answer.status_code == 404
