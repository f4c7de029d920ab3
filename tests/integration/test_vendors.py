"""What is for sale: joined with what the player owns, searched, asked for sparingly, and calm whatever happens."""

from __future__ import annotations

import copy
import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import redis
import requests
from bs4 import BeautifulSoup, Tag

from app.inventory.vendors import Market
from app.sandbox import SandboxServer
from app.sandbox.demo.numbers import ADA, BANSHEE, GEAR_OFFERS, STRANGER, XUR
from app.services.vendors.cache import KeptMarket, MarketCache
from config import Settings
from tests.fixtures.waiting import wait_until
from tests.integration.test_wish_lists import send_file
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")

GLIMMER = 3159615086
PART = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A profile is asked for again on every page, and Bungie soon again after trouble."""
    bungie = replace(settings.bungie, pause_s=1, player_pause_s=1, outage_look_s=1)
    return replace(settings, profile_ttl_s=0, bungie=bungie)


@pytest.fixture
def player_id(sandbox: SandboxServer) -> str:
    """The account with the most items."""
    return max(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id


@pytest.fixture
def visitor(live_server: str, player_id: str) -> Visitor:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player_id)
    return signed_in


@pytest.fixture
def recorded(sandbox: SandboxServer, player_id: str) -> dict[str, Any]:
    """What the sandbox answers about vendors, to be changed by a test."""
    vendors: dict[str, Any] = sandbox.app.state.players[player_id].vendors
    return vendors


@pytest.fixture(autouse=True)
def _unchanged(sandbox: SandboxServer, player_id: str) -> Any:
    """The world is shared by the tests of a process: what a test changes is put back."""
    player = sandbox.app.state.players[player_id]
    player.vendors = copy.deepcopy(player.vendors)
    return player


def calls(sandbox: SandboxServer) -> tuple[int, int]:
    """How often GetVendors and GetVendor were asked."""
    counts = sandbox.app.state.requests.counts
    return counts["vendors"], counts["vendor"]


def stand(page: BeautifulSoup, vendor_hash: int) -> Tag:
    (found,) = page.select(f"[data-vendor='{vendor_hash}']")
    return found


def offers(part: Tag | BeautifulSoup) -> list[Tag]:
    return part.select(".sales > li")


def notices(visitor: Visitor, path: str = "/vendors") -> list[str]:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return [str(each["data-notice"]) for each in soup(answer).select("[data-notice]")]


# --- what is shown -------------------------------------------------------------------------------------------------


def test_vendors_stand_in_their_places_with_offers_prices_and_what_one_has(visitor: Visitor) -> None:
    page = visitor.page("/vendors")
    places = {place.select_one("h2").get_text(): place for place in page.select(".group[id^=place]")}  # type: ignore[union-attr]
    assert list(places) == ["Limited Time", "Tower"]
    assert [int(str(each["data-vendor"])) for each in places["Tower"].select("[data-vendor]")] == [
        BANSHEE,
        ADA,
        STRANGER,
    ]
    xur = stand(page, XUR)
    assert "Agent of the Nine" in xur.get_text()
    assert "New offers in" in xur.select_one("time").get_text()  # type: ignore[union-attr]
    first = offers(xur)[0].get_text(" ", strip=True)
    assert "17 Strange Coin you have 61" in first
    assert "You have 1" in first
    assert len(page.find_all(string=lambda text: "It can be bought in the game only." in text)) == 1


def test_what_cannot_be_bought_says_why_in_the_game_s_words_or_ours(visitor: Visitor) -> None:
    everything = offers(visitor.page(f"/vendors/{XUR}"))
    reasons = [each.select_one(".sale-reason") for each in everything]
    assert [reason.get_text() for reason in reasons if reason] == ["Requires completion of a higher rank"]
    dear = offers(visitor.page(f"/vendors/{ADA}"))[0]
    assert "You cannot pay for it yet" in dear.get_text()
    assert dear.select(".costs .is-short")


def test_a_vendor_that_the_definitions_do_not_know_is_shown_by_its_number(visitor: Visitor) -> None:
    assert f"Unknown vendor {STRANGER}" in stand(visitor.page("/vendors"), STRANGER).get_text()
    page = visitor.page(f"/vendors/{STRANGER}")
    assert page.select_one("h1").get_text() == f"Unknown vendor {STRANGER}"  # type: ignore[union-attr]
    assert len(offers(page)) == 2


def test_a_screen_that_stands_nowhere_is_a_step_away(visitor: Visitor) -> None:
    link = visitor.page("/vendors").select_one(f"#screens a[href='/vendors/{GEAR_OFFERS}']")
    assert link
    assert link.get_text(" ", strip=True).startswith("Strange Gear Offers")
    assert offers(visitor.page(str(link["href"])))


def test_one_vendor_has_headings_and_the_rolls_of_its_copies(visitor: Visitor) -> None:
    page = visitor.page(f"/vendors/{BANSHEE}")
    assert [each.get_text() for each in page.select(".shelf")] == ["Weapons", "Foundry"]
    assert all(each.select(".sale-perks li") for each in offers(page))
    assert all(each.select(".sale-stats dd") for each in offers(page))
    assert all(each.select_one(".tile-foot").get_text(strip=True).isdigit() for each in offers(page))  # type: ignore[union-attr]


def test_offers_are_tiles_like_any_other_and_belong_to_nobody(visitor: Visitor) -> None:
    owned = visitor.everything()
    for tile in visitor.page(f"/vendors/{XUR}").select("[data-item-hash]"):
        assert "data-item-id" not in tile.attrs
        assert tile["data-quantity"] == "1"
        assert str(tile["aria-label"]).startswith(tile.select_one(".tile-name").get_text())  # type: ignore[union-attr]
        assert tile["href"] == f"/database/{tile['data-item-hash']}"
    assert visitor.everything() == owned


def test_every_character_has_its_own_vendors(
    visitor: Visitor, sandbox: SandboxServer, player_id: str, recorded: Any
) -> None:
    first, second, *_ = sandbox.app.state.players[player_id].character_ids
    bare = {**recorded, "sales": {"data": {}, "privacy": 2}}
    sandbox.app.state.players[player_id].vendors = {first: recorded, second: bare}
    assert offers(visitor.page(f"/vendors?character={first}"))
    page = visitor.page(f"/vendors?character={second}")
    assert not offers(page)
    assert str(page.select_one("a.banner[aria-current]")["href"]).endswith(second)  # type: ignore[index]
    assert offers(visitor.page(f"/vendors/{XUR}?character={first}"))


@pytest.mark.parametrize("character", ["", "1", "2305843009404441777", "x" * 600, "'; --"])
def test_a_character_of_nobody_s_means_the_one_played_last(visitor: Visitor, character: str) -> None:
    page = BeautifulSoup(visitor.get("/vendors", params={"character": character}).text, "lxml")
    first = page.select_one("a.banner")
    assert first
    assert first.get("aria-current") == "page"
    assert offers(page)


def test_a_character_of_somebody_else_s_is_never_asked_for(
    visitor: Visitor, sandbox: SandboxServer, player_id: str
) -> None:
    others = [each for each in sandbox.app.state.players.values() if each.membership_id != player_id]
    (theirs, *_) = [character for each in others for character in each.character_ids]
    page = visitor.page(f"/vendors?character={theirs}")
    assert offers(page)
    assert not [each["href"] for each in page.select("a.banner[aria-current]") if theirs in str(each["href"])]
    assert not any(theirs in str(each) for each in sandbox.app.state.requests.recent)


@pytest.mark.parametrize("vendor", ["0", "-1", "x", "4294967296", "9" * 40, "1e3", "12345"])
def test_a_vendor_that_nobody_knows_is_not_found(visitor: Visitor, vendor: str) -> None:
    assert visitor.get(f"/vendors/{vendor}").status_code == 404


# --- searching -----------------------------------------------------------------------------------------------------


def test_a_search_looks_at_everything_that_is_for_sale(visitor: Visitor) -> None:
    answer = visitor.get("/vendors", params={"q": "is:exotic"})
    page = soup(answer)
    assert {str(each["data-vendor"]) for each in page.select("[data-vendor]")} == {str(XUR)}
    assert "8 offers found." in page.select_one("#search-status").get_text()  # type: ignore[union-attr]
    assert not page.select("a[href^='/moves/select?q'], a[href^='/tags?q']")
    elsewhere = soup(visitor.get("/vendors", params={"q": "is:weapon is:legendary"}))
    assert stand(elsewhere, GEAR_OFFERS)
    assert visitor.get("/vendors", params={"q": "is:invault or is:tagged or is:new"}).text.count("data-item-hash") == 0


def test_only_the_finds_are_swapped_and_an_error_keeps_them(visitor: Visitor) -> None:
    part = visitor.get("/vendors", params={"q": "is:exotic"}, headers=PART)
    assert "<html" not in part.text
    assert "data-item-hash" in part.text
    assert {"HX-Request", "HX-Target"} <= {each.strip() for each in part.headers["Vary"].split(",")}
    wrong = visitor.get("/vendors", params={"q": "is:exotc"}, headers=PART)
    assert wrong.headers["HX-Reswap"] == "none"
    assert "is:exotic" in wrong.text
    assert offers(soup(visitor.get("/vendors", params={"q": "is:exotc"})))


def test_a_search_of_one_vendor_reaches_into_the_rolls(visitor: Visitor) -> None:
    page = visitor.page(f"/vendors/{BANSHEE}")
    perk = page.select_one(".sale-perks li:nth-child(4) span").contents[0].strip()  # type: ignore[union-attr]
    found = soup(visitor.get(f"/vendors/{BANSHEE}", params={"q": f'perkname:"{perk}"'}))
    assert 0 < len(offers(found)) < len(offers(page))
    assert all(perk in each.get_text() for each in offers(found))


def test_what_one_has_can_be_left_out(visitor: Visitor) -> None:
    page = visitor.page("/vendors")
    toggle = page.find("a", string="Only what you have not got yet")
    assert isinstance(toggle, Tag)
    lacking = visitor.page(str(toggle["href"]))
    assert offers(lacking)
    assert not lacking.select(".sale-have")
    assert any(each.select(".sale-have") for each in offers(page))
    both = soup(visitor.get("/vendors", params={"q": "is:ininventory", "lacking": "1"}))
    assert not offers(both)
    assert "Nothing found here" in both.get_text()
    assert both.select_one("form.search input[name=lacking]")


def test_where_nothing_is_found_there_is_nothing_to_leave_out(visitor: Visitor) -> None:
    for path in ("/vendors", f"/vendors/{BANSHEE}"):
        nothing = soup(visitor.get(path, params={"q": "zzzz"}))
        assert "Nothing found here" in nothing.get_text()
        assert "Only what you have not got yet" not in nothing.get_text()
        assert "Also what you have" in soup(visitor.get(path, params={"q": "zzzz", "lacking": "1"})).get_text()


def test_a_long_list_comes_in_pages(visitor: Visitor, recorded: Any) -> None:
    (first, *_) = recorded["sales"]["data"][str(XUR)]["saleItems"].values()
    recorded["sales"]["data"][str(XUR)]["saleItems"] = {str(number): first for number in range(250)}
    recorded["categories"]["data"][str(XUR)]["categories"] = []
    sizes = [len(offers(visitor.page(f"/vendors/{XUR}?page={number}"))) for number in ("1", "2", "3", "999", "x")]
    assert sizes == [120, 120, 10, 10, 120]
    assert "Page 1 of 3" in visitor.page(f"/vendors/{XUR}").get_text()
    assert "244 more offers" in stand(visitor.page("/vendors"), XUR).get_text()


def test_the_wish_lists_speak_of_rolls_that_are_for_sale(visitor: Visitor, recorded: Any) -> None:
    sale = recorded["sales"]["data"][str(BANSHEE)]["saleItems"]["0"]
    plugs = recorded["itemComponents"][str(BANSHEE)]["sockets"]["data"]["0"]["sockets"]
    roll = f"dimwishlist:item={sale['itemHash']}&perks={plugs[3]['plugHash']}#notes:good"
    assert send_file(visitor, roll).status_code == 200
    page = visitor.page(f"/vendors/{BANSHEE}")
    assert [each.get_text(strip=True) for each in page.select(".sale-wish")] == ["on a wish list"]
    assert page.select_one("[data-item-hash] .wish-up")
    found = soup(visitor.get(f"/vendors/{BANSHEE}", params={"q": "is:wishlist"}))
    assert [str(each["data-item-hash"]) for each in found.select("[data-item-hash]")] == [str(sale["itemHash"])]


HOSTILE = '"><script>alert(1)</script>{{7*7}}\u202e'


def test_hostile_texts_stay_texts(visitor: Visitor) -> None:
    for path in ("/vendors", f"/vendors/{XUR}"):
        for name in ("q", "character", "lacking", "page"):
            answer = visitor.get(path, params={name: HOSTILE})
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text


# --- sparing Bungie --------------------------------------------------------------------------------------------------


def test_bungie_is_asked_once_however_many_pages_are_looked_at(visitor: Visitor, sandbox: SandboxServer) -> None:
    before = calls(sandbox)
    for query in ("", "?q=is:weapon", "?lacking=1"):
        visitor.page(f"/vendors{query}")
    assert calls(sandbox) == (before[0] + 1, before[1])
    for query in ("", "?q=is:weapon"):
        visitor.page(f"/vendors/{XUR}{query}")
    assert calls(sandbox) == (before[0] + 1, before[1] + 1)


def test_many_at_once_wait_for_one_answer(live_server: str, visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.page("/vault")
    before = calls(sandbox)
    sandbox.app.state.faults.set(latency_s={"*/Vendors/": 0.5})
    cookies = visitor.session.cookies

    def look(_: int) -> int:
        answer = requests.get(f"{live_server}/vendors", cookies=cookies, timeout=30)
        return answer.text.count("data-vendor=") if answer.status_code == 200 else 0

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(look, range(6)))) == 1
    sandbox.app.state.faults.clear()
    assert calls(sandbox)[0] == before[0] + 1


def test_a_refresh_in_between_makes_an_answer_old(
    visitor: Visitor, sandbox: SandboxServer, redis_url: str, player_id: str, recorded: Any
) -> None:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    recorded["vendors"]["data"][str(XUR)]["nextRefreshDate"] = moment
    visitor.page("/vendors")
    before = calls(sandbox)[0]
    _age(redis_url, player_id, 30)
    visitor.page("/vendors")
    assert calls(sandbox)[0] == before
    _age(redis_url, player_id, 60)
    visitor.page("/vendors")
    assert calls(sandbox)[0] == before + 1


# --- trouble -------------------------------------------------------------------------------------------------------


TROUBLES = [
    ({"maintenance": "api"}, "maintenance"),
    ({"maintenance": "html503"}, "maintenance"),
    ({"throttled_s": 2}, "throttled"),
    ({"status_502_html": "*Vendors*"}, "stale"),
    ({"reset": "*Vendors*"}, "stale"),
    ({"half_body": "*Vendors*"}, "stale"),
    ({"wrong_json": "*Vendors*"}, "stale"),
    ({"broken_json": "*Vendors*"}, "stale"),
    ({"gzip_bomb": "*Vendors*"}, "stale"),
    ({"refuse": "*Vendors*", "refuse_code": 1618}, "stale"),
    ({"refuse": "*Vendors*", "refuse_code": 22}, "reconnect"),
    ({"refuse": "*Vendors*", "refuse_code": 1620}, "stale"),
]


@pytest.mark.parametrize(("fault", "kind"), TROUBLES, ids=lambda value: str(value)[:40])
def test_trouble_before_the_first_look_is_told_calmly_and_ends(
    visitor: Visitor, sandbox: SandboxServer, fault: dict[str, Any], kind: str
) -> None:
    visitor.page("/vault")
    sandbox.app.state.faults.set(**fault)
    began = time.monotonic()
    assert notices(visitor) == [kind]
    assert visitor.get(f"/vendors/{XUR}").status_code == 200
    assert time.monotonic() - began < 26
    sandbox.app.state.faults.clear()
    wait_until(lambda: notices(visitor) == [], "the page is healthy again", limit_s=30, every_s=0.5)
    assert offers(visitor.page("/vendors"))


def test_trouble_later_keeps_the_offers_that_were_seen_last(
    visitor: Visitor, sandbox: SandboxServer, redis_url: str, player_id: str
) -> None:
    shown = visitor.tiles("/vendors")
    _age(redis_url, player_id, 400)
    sandbox.app.state.faults.set(status_502_html="*Vendors*")
    assert notices(visitor) == ["stale"]
    assert visitor.tiles("/vendors") == shown
    assert "6 minutes ago" in visitor.page("/vendors").get_text()
    sandbox.app.state.faults.clear()
    wait_until(lambda: notices(visitor) == [], "the page is healthy again", limit_s=30, every_s=0.5)


def _age(redis_url: str, membership_id: str, seconds: int) -> None:
    """What is remembered was fetched that much earlier."""
    with redis.Redis.from_url(redis_url) as client:
        (key,) = client.keys(f"vendors:*:{membership_id}")
        for name, packed in client.hgetall(key).items():
            moment = int.from_bytes(packed[:8], "big") - seconds * 1000
            client.hset(key, name, moment.to_bytes(8, "big") + packed[8:])


def test_a_hanging_bungie_is_waited_for_no_longer_than_a_page_may_take(
    visitor: Visitor, sandbox: SandboxServer
) -> None:
    visitor.page("/vault")
    sandbox.app.state.faults.set(latency_s={"*/Vendors/": 20})
    began = time.monotonic()
    assert notices(visitor) == ["stale"]
    assert time.monotonic() - began < 13


@pytest.mark.parametrize("component", ["vendors", "sales", "categories", "currencyLookups", "vendorGroups"])
def test_a_component_that_does_not_come_costs_only_itself(visitor: Visitor, recorded: Any, component: str) -> None:
    del recorded[component]
    page = visitor.page("/vendors")
    assert bool(offers(page)) == (component not in {"sales", "vendorGroups"})
    if component in {"vendors", "sales"}:
        assert "Bungie did not s" in page.select_one(".vendor-notes").get_text()  # type: ignore[union-attr]
    if component == "currencyLookups":
        assert "you have 61" not in page.get_text()
        assert "17 Strange Coin" in offers(page)[0].get_text(" ", strip=True)
    assert visitor.get(f"/vendors/{XUR}").status_code == 200


def test_xur_who_is_away_says_when_he_comes(visitor: Visitor, recorded: Any) -> None:
    del recorded["vendors"]["data"][str(XUR)]
    page = visitor.page("/vendors")
    assert not page.select(f"[data-vendor='{XUR}']")
    assert "Xûr is away. He usually comes on Friday at 17:00 UTC" in page.get_text()
    alone = visitor.page(f"/vendors/{XUR}")
    assert "Not here now" in alone.get_text()
    assert "He usually comes on Friday" in alone.get_text()
    assert not offers(alone)
    assert not alone.select("[data-notice]")


def test_items_and_prices_that_nobody_knows_are_shown_by_number(visitor: Visitor, recorded: Any) -> None:
    sale = recorded["sales"]["data"][str(XUR)]["saleItems"]["0"]
    sale |= {"itemHash": 4294967290, "costs": [{"itemHash": 4294967291, "quantity": 3}], "failureIndexes": [99, -4]}
    sale["saleStatus"] = 16384
    text = offers(visitor.page(f"/vendors/{XUR}"))[0].get_text(" ", strip=True)
    assert "Unknown item 4294967290" in text
    assert "3 Unknown item 4294967291" in text
    assert "It cannot be bought now" in text


def test_without_redis_this_process_remembers_alone() -> None:
    cache = MarketCache(redis.Redis(port=1, socket_connect_timeout=0.2))
    kept = KeptMarket(Market({}), 1.0)
    cache.write("1", "2", kept)
    assert cache.read("1", "2") == kept
    assert cache.read("1", "3") is None
    assert cache.export("1") == {}
    with pytest.raises(redis.RedisError):
        cache.forget("1")
    assert cache.read("1", "2") is None


def test_what_is_cut_off_in_redis_is_asked_for_again(visitor: Visitor, redis_url: str, sandbox: SandboxServer) -> None:
    visitor.page("/vendors")
    with redis.Redis.from_url(redis_url) as client:
        (key,) = client.keys("vendors:*")
        for name, packed in client.hgetall(key).items():
            client.hset(key, name, (int.from_bytes(packed[:8], "big") + 1).to_bytes(8, "big") + packed[8:40])
    before = calls(sandbox)[0]
    assert offers(visitor.page("/vendors"))
    assert calls(sandbox)[0] == before + 1


def test_what_is_remembered_can_be_had_and_goes_with_the_player(
    visitor: Visitor, redis_url: str, player_id: str
) -> None:
    visitor.page("/vendors")
    kept = visitor.submit(visitor.get("/account"), "/account/export").json()
    (card,) = kept["destiny_memberships"]
    (told,) = card["profile"]["vendors"].values()
    assert told["currencies"][str(GLIMMER)] == 431250
    visitor.submit(visitor.get("/account/delete"), "/account/delete", word="delete")
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys("vendors:*") == []


def _names(page: BeautifulSoup) -> list[str]:
    return [each.get_text(strip=True) for each in page.select("[data-item-hash] .tile-name")]


def _completed(visitor: Visitor, address: str) -> list[str]:
    return [str(each["value"]) for each in visitor.page(address).select("option")]


@pytest.mark.parametrize("path", ["/vendors", f"/vendors/{BANSHEE}"])
def test_what_one_types_is_completed_by_what_is_for_sale(visitor: Visitor, path: str) -> None:
    page = visitor.page(path)
    words = str(page.select_one("#search")["hx-get"])  # type: ignore[index]
    name = _names(page)[0]
    asks = f"{words}{'&' if '?' in words else '?'}q="
    assert words.startswith("/vendors/words")
    assert any(name in each for each in _completed(visitor, asks + name[:-1]))
    assert "is:weapon" in _completed(visitor, asks + "is:weap")


def test_what_one_only_owns_does_not_complete_a_search_of_what_is_for_sale(visitor: Visitor) -> None:
    vendors = visitor.page("/vendors")
    screens = [visitor.page(str(each["href"])) for each in vendors.select("a[href^='/vendors/']")]
    sold = {name for page in (vendors, *screens) for name in _names(page)}
    owned = next(each for each in _names(visitor.page("/vault")) if each not in sold)
    assert any(owned in each for each in _completed(visitor, f"/search/words?q={owned}"[:-1]))
    assert not any(owned in each for each in _completed(visitor, f"/vendors/words?q={owned}"[:-1]))


def test_the_perks_of_a_vendor_s_copies_complete_a_search_of_them(visitor: Visitor) -> None:
    shown = visitor.page(f"/vendors/{BANSHEE}").select(".sale-perks li span")
    perk = str(shown[-1].find(string=True)).strip()
    found = _completed(visitor, f"/vendors/words?vendor={BANSHEE}&q=perkname:{perk[:4]}")
    assert any(perk in each for each in found)


def test_xur_has_an_address_of_his_own(visitor: Visitor) -> None:
    answer = visitor.get("/xur", allow_redirects=False)
    assert answer.headers["Location"] == f"/vendors/{XUR}"
    assert visitor.get("/xur").status_code == 200


def test_the_swapped_finds_are_light(visitor: Visitor) -> None:
    part = visitor.get("/vendors", params={"q": "is:weapon or is:armor"}, headers=PART)
    tiles = part.text.count("data-item-hash")
    assert tiles > 20
    assert len(gzip.compress(part.content, 6)) < 30_000


def test_the_page_is_in_the_menu(visitor: Visitor) -> None:
    (link,) = visitor.page("/vault").select("nav a[href='/vendors']")
    assert link.get_text() == "Vendors"
    assert visitor.page(f"/vendors/{XUR}").select("nav a[href='/vendors'][aria-current=page]")
