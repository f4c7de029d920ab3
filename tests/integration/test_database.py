"""The item database: everybody finds every definition by its name and facets, and reads all about one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from app.cli.demo.ports import free_port
from app.manifest.disk import DiskCopies
from app.manifest.finding import FinderStore
from app.manifest.keeper import CopyKeeper
from app.manifest.plans import FINDING
from app.manifest.store import DefinitionStore
from app.manifest.versions import table_key
from app.sandbox import SandboxServer
from app.sandbox.demo.blocks import set_hash
from app.sandbox.demo.catalogue import CLASSIFIED, OLD_VERSION, OLD_VERSION_OF, UNKNOWN, Model, catalogue
from config import Settings
from tests.fixtures.site import NewSite
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")

ACE = 347366834


def found(client: FlaskClient, **asked: object) -> BeautifulSoup:
    answer = client.get("/database", query_string=asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def names(page: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in page.select("#found .tile-name")]


def said(page: BeautifulSoup) -> str:
    return page.select_one(".finds-line strong").get_text()  # type: ignore[union-attr]


# --- finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ace of spades", "ACE", "spades ace", "spad", "  Ace   of  "])
def test_case_order_and_unfinished_words_do_not_matter(client: FlaskClient, text: str) -> None:
    assert "Ace of Spades" in names(found(client, q=text))


def test_accents_and_apostrophes_do_not_matter(client: FlaskClient) -> None:
    assert names(found(client, q="jotunn"))[0] == "Jötunn"
    assert names(found(client, q="calibans hand"))[0] == "Caliban's Hand"


def test_the_whole_name_comes_before_names_that_only_begin_so_and_gear_before_the_rest(client: FlaskClient) -> None:
    pages = names(found(client, q="polaris lance"))
    assert pages[0] == "Polaris Lance"
    firsts = names(found(client, q="p"))
    assert [each.lower().startswith("p") for each in firsts] == sorted(
        (each.lower().startswith("p") for each in firsts), reverse=True
    )


def test_words_of_rarity_and_kind_find_too(client: FlaskClient) -> None:
    known = {model.name for model in catalogue().values() if model.tier == "exotic" and model.kind == "hand-cannon"}
    assert set(names(found(client, q="exotic hand cannon"))) == known


def test_facets_narrow_a_search_and_each_can_be_taken_back(client: FlaskClient) -> None:
    page = found(client, tier="exotic", element="arc", kind="1")
    known = {m.name for m in catalogue().values() if m.tier == "exotic" and m.element == "arc" and m.is_weapon}
    assert known
    assert set(names(page)) == known
    chosen = {each.find(string=True).strip(): each["href"] for each in page.select(".finds-line a")}
    assert chosen == {
        "Kind: Weapon": "/database?tier=exotic&element=arc",
        "Rarity: Exotic": "/database?kind=1&element=arc",
        "Element: Arc": "/database?kind=1&tier=exotic",
    }
    assert {each["value"] for each in page.select("option[selected]")} == {"1", "exotic", "arc"}


def test_armor_is_found_by_its_class(client: FlaskClient) -> None:
    page = found(client, q="exotic", kind="20", **{"class": "warlock"})
    assert set(names(page)) == {
        m.name for m in catalogue().values() if m.tier == "exotic" and m.is_armor and m.class_type == 2
    }


def test_page_by_page_every_definition_is_shown_once(client: FlaskClient) -> None:
    shown: list[int] = []
    page = found(client)
    while True:
        shown += [int(str(each["data-item-hash"])) for each in page.select("#found [data-item-hash]")]
        later = page.select_one("#found a[rel=next]")
        if later is None:
            break
        page = BeautifulSoup(client.get(str(later["href"])).text, "lxml")
    assert len(shown) == len(set(shown))
    assert set(catalogue()) <= set(shown)
    assert said(page) == f"{len(shown):,} items found"


def test_a_page_beyond_the_last_is_the_last_and_back_leads_to_the_one_before(client: FlaskClient) -> None:
    page = found(client, q="a", page=9999)
    assert names(page)
    assert page.select_one("#found a[rel=prev]")
    assert not page.select_one("#found a[rel=next]")


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "x" * 10_000},
        {"q": "a " * 5_000},
        {"q": "((((.*)+)+)+$[\\"},
        {"q": "<script>alert(1)</script>"},
        {"q": "\u202e\ufffe\U0010ffff"},
        {"q": "' OR 1=1 --"},
        {"q": "の"},
        {"tier": "<b>", "kind": "-1", "season": "9" * 400, "source": "\u0663", "page": "-7"},
        {"kind": "4294967295", "page": "99999999999"},
    ],
    ids=["long", "many words", "pattern", "markup", "odd characters", "quotes", "another script", "facets", "unknown"],
)
def test_no_question_does_harm(client: FlaskClient, asked: dict[str, str]) -> None:
    answer = client.get("/database", query_string=asked)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_htmx_gets_the_finds_alone(client: FlaskClient) -> None:
    answer = client.get("/database?q=ace", headers={"HX-Request": "true", "HX-Target": "found"})
    assert "<html" not in answer.text
    assert "Ace of Spades" in answer.text
    assert {"HX-Request", "HX-Target"} <= set(answer.vary)


def test_everybody_is_led_to_the_database(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/").text, "lxml")
    assert page.select_one("nav a[href='/database']")


# --- the language of searches -----------------------------------------------------------------------------------------


def kinds(wanted: Callable[[Model], bool]) -> set[str]:
    return {model.name for model in catalogue().values() if wanted(model)}


def test_the_box_reads_the_language_of_the_vault(client: FlaskClient) -> None:
    cannons = kinds(lambda each: each.kind == "hand-cannon" and each.tier == "exotic")
    assert cannons
    assert set(names(found(client, q="is:handcannon is:exotic"))) == cannons
    assert set(names(found(client, q='is:handcannon is:exotic -exactname:"ace of spades"'))) == cannons - {
        "Ace of Spades"
    }
    assert names(found(client, q="(name:spades or name:nothing) is:weapon")) == ["Ace of Spades"]


def test_plain_words_beside_keywords_still_rank_the_finds(client: FlaskClient) -> None:
    assert names(found(client, q="ace is:weapon"))[0] == "Ace of Spades"
    assert "Ace of Spades" not in names(found(client, q="ace -is:weapon"))


def test_facets_narrow_a_search_in_the_language_and_pages_keep_it(client: FlaskClient) -> None:
    page = found(client, q="is:weapon", element="arc")
    assert said(page) == said(found(client, q="is:weapon is:arc"))
    assert [str(each["href"]) for each in page.select(".finds-line a")] == ["/database?q=is%3Aweapon"]
    later = found(client, q="-is:exotic").select_one("#found a[rel=next]")
    assert later
    assert later["href"] == "/database?q=-is%3Aexotic&page=2"


def test_a_keyword_that_nobody_knows_is_told_with_its_place_and_the_nearest(client: FlaskClient) -> None:
    page = found(client, q="ace is:wepon", tier="exotic")
    status = page.select_one("#found .search-status")
    assert status
    assert "Nobody here knows the keyword “wepon”." in status.get_text()
    assert [each.get_text() for each in status.select("mark")] == ["is:wepon"]
    meant = status.select_one("a")
    assert meant
    assert (meant.get_text(), meant["href"]) == ("is:weapon", "/database?q=ace+is%3Aweapon&tier=exotic")
    assert not names(page)
    assert "0 items found" not in page.get_text()
    assert "Nothing fits" not in page.get_text()
    assert page.select_one("input#search[aria-invalid=true]")


@pytest.mark.parametrize(
    ("text", "written"),
    [("power:>=10", "power:"), ("tag:keep", "tag:"), ("perk:outlaw", "perk:"), ("not is:locked", "is:locked")],
)
def test_what_asks_about_a_copy_is_refused_with_a_sentence(client: FlaskClient, text: str, written: str) -> None:
    wrong = found(client, q=f"ace {text}").select_one("#found .search-error")
    assert wrong
    assert wrong.get_text() == f"“{written}” is about copies that you own; the database knows definitions only."


def test_a_search_is_capped_as_on_the_vault(client: FlaskClient) -> None:
    assert "512 characters at most" in found(client, q="x" * 513).get_text()
    assert "64 things at most" in found(client, q="is:bow " * 65).get_text()


def test_htmx_gets_what_is_wrong_with_a_search_in_the_place_of_the_finds(client: FlaskClient) -> None:
    answer = client.get("/database?q=is:wepon", headers={"HX-Request": "true", "HX-Target": "found"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "is:weapon</a>" in answer.text


# --- where the index lies --------------------------------------------------------------------------------------------


def index_key(redis_url: str) -> tuple[redis.Redis, str]:
    client = redis.Redis.from_url(redis_url)
    info = DefinitionStore(client).current("en")
    assert info
    return client, table_key("en", info.id, FINDING)


def test_without_redis_the_copy_on_disk_answers(redis_url: str, tmp_path: Path) -> None:
    client, _ = index_key(redis_url)
    copies = DiskCopies(tmp_path / "copies")
    info = DefinitionStore(client).current("en")
    assert info
    CopyKeeper(client, copies).keep(info)
    gone = redis.Redis(port=free_port(), socket_timeout=0.2, socket_connect_timeout=0.2)
    finder = FinderStore(gone, copies).finder("en")
    assert finder
    assert len(finder) >= len(catalogue())


def test_a_language_without_an_index_is_searched_in_the_first(redis_url: str) -> None:
    client, _ = index_key(redis_url)
    stored = FinderStore(client)
    assert stored.finder("fr") is stored.finder("en")


@pytest.mark.parametrize("damage", [None, b"", b"no index", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_without_an_index_the_page_says_so_and_stays_whole(
    client: FlaskClient, redis_url: str, damage: bytes | None
) -> None:
    server, key = index_key(redis_url)
    server.delete(key)
    if damage is not None:
        server.hset(key, "0", damage)
    page = found(client, q="ace")
    assert "The list of items is being put together" in page.select_one("#found").get_text()  # type: ignore[union-attr]
    assert client.get(f"/database/{ACE}").status_code == 200


def test_while_there_are_no_definitions_at_all_the_pages_say_so(client: FlaskClient, redis_url: str) -> None:
    redis.Redis.from_url(redis_url).flushall()
    assert found(client).select_one("[data-notice=manifest-missing]")
    answer = client.get(f"/database/{ACE}")
    assert answer.status_code == 503
    assert soup(answer).select_one("[data-notice=manifest-missing]")  # type: ignore[arg-type]


# --- one definition --------------------------------------------------------------------------------------------------


def told(client: FlaskClient, item_hash: int) -> BeautifulSoup:
    answer = client.get(f"/database/{item_hash}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def panels(page: BeautifulSoup) -> dict[str, str]:
    return {
        each.h2.get_text(" ", strip=True): each.get_text(" ", strip=True) for each in page.select(".panel") if each.h2
    }


def test_a_weapon_tells_its_rolls_numbers_and_facts_without_signing_in(client: FlaskClient) -> None:
    page = told(client, ACE)
    assert page.h1
    assert page.h1.get_text() == "Ace of Spades"
    assert page.select_one(f"[data-item-hash='{ACE}']")
    known = panels(page)
    assert {"Stats", "Facts", "About it"} <= known.keys()
    assert "Your copies" not in known
    assert "Bungie did not send" not in page.get_text()
    assert page.select(".bars dt")


def test_what_rolls_is_told_whole_and_nothing_is_chosen(client: FlaskClient) -> None:
    legendary = next(m for m in catalogue().values() if m.is_weapon and m.tier == "legendary" and not m.is_classified)
    page = told(client, legendary.hash)
    columns = page.select(".rolls > div")
    assert len(columns) >= 2
    assert all(len(each.select("li")) > 1 for each in columns)
    assert "this copy" not in page.get_text()
    assert page.select_one("details[open] .rolls")


def test_armor_of_a_set_tells_the_bonuses_and_shows_the_other_pieces(client: FlaskClient) -> None:
    pieces = [m for m in catalogue().values() if m.is_armor and set_hash(m)]
    page = told(client, pieces[0].hash)
    assert page.select(".set-perks li")
    others = {int(str(each["data-item-hash"])) for each in page.select(".pieces [data-item-hash]")}
    assert others
    assert pieces[0].hash not in others


def test_a_classified_item_says_so(client: FlaskClient) -> None:
    page = told(client, next(iter(CLASSIFIED)))
    assert "Classified" in page.get_text()
    assert "Bungie keeps this item classified" in page.get_text()


@pytest.mark.parametrize("item_hash", [1, next(iter(UNKNOWN)), 2**32, 10**30])
def test_a_hash_that_nobody_knows_is_a_friendly_404(client: FlaskClient, item_hash: int) -> None:
    answer = client.get(f"/database/{item_hash}")
    assert answer.status_code == 404
    assert "We do not know this item" in answer.text


def test_every_definition_of_the_demo_has_a_page(client: FlaskClient) -> None:
    for each in list(catalogue())[::7]:
        assert client.get(f"/database/{each}").status_code == 200, each


def test_ones_own_copies_are_listed_with_their_pages_and_what_one_lacks_is_said(
    live_server: str, sandbox: SandboxServer
) -> None:
    player = max(sandbox.app.state.players.values(), key=lambda each: each.item_count())
    visitor = Visitor(live_server)
    visitor.sign_in(player.membership_id)
    owned = visitor.everything()
    mine = next(item_hash for item_hash, item_id, _ in owned if item_id and item_hash in catalogue())
    ids = {item_id for item_hash, item_id, _ in owned if item_hash == mine}
    listed = visitor.page(f"/database/{mine}").select(".copies a")
    assert {str(each["href"]) for each in listed} == {f"/items/{each}" for each in ids}
    assert visitor.get(str(listed[0]["href"])).status_code == 200
    lacking = next(each for each in catalogue() if each not in {item_hash for item_hash, _, _ in owned})
    assert "You do not own this." in visitor.page(f"/database/{lacking}").get_text()


def without_copies(page: BeautifulSoup) -> tuple[str, str]:
    """The text of an item's page, and apart from it that of the panel with one's own copies, which can be compared."""
    main = page.select_one("main")
    assert main
    for each in main.select("[data-compare]"):
        each.decompose()
    own = next((each.extract() for each in main.select("section.panel") if "Your copies" in each.get_text()), None)
    return main.get_text(" ", strip=True), own.get_text(" ", strip=True) if own else ""


def test_trouble_with_bungie_takes_nothing_but_the_copies(
    live_server: str, sandbox: SandboxServer, redis_url: str, new_site: NewSite, settings: Settings
) -> None:
    player = next(iter(sandbox.app.state.players.values()))
    visitor = Visitor(live_server)
    visitor.sign_in(player.membership_id)
    mine = next(item_hash for item_hash, item_id, _ in visitor.everything() if item_id and item_hash in catalogue())
    told_before, copies_before = without_copies(visitor.page(f"/database/{mine}"))
    assert copies_before
    sandbox.app.state.faults.set(maintenance=True)
    assert without_copies(visitor.page(f"/database/{mine}")) == (told_before, copies_before)  # as they were last seen
    with redis.Redis.from_url(redis_url) as client:
        client.delete(*client.keys("profile:*"))
    forgetful = new_site(settings).test_client()  # another process, which has never seen them
    forgetful.set_cookie("vault_raider", visitor.session.cookies["vault_raider"])
    told_now, copies_now = without_copies(told(forgetful, mine))
    assert (told_now, copies_now) == (told_before, "Your copies Bungie.net is down for maintenance")


def versions(page: BeautifulSoup) -> list[str]:
    panels = [each for each in page.select(".panel") if each.h2 and "Other versions" in each.h2.get_text()]
    return [str(link["href"]) for each in panels for link in each.select("a")]


def test_a_weapon_that_was_issued_anew_names_its_other_version_with_its_season(client: FlaskClient) -> None:
    pages = {each: soup(client.get(f"/database/{each}")) for each in (OLD_VERSION, OLD_VERSION_OF)}
    assert versions(pages[OLD_VERSION]) == [f"/database/{OLD_VERSION_OF}"]
    assert versions(pages[OLD_VERSION_OF]) == [f"/database/{OLD_VERSION}"]
    assert "12 · Season of the Hunt" in pages[OLD_VERSION_OF].get_text()
    assert not versions(soup(client.get(f"/database/{ACE}")))


def test_names_are_offered_while_somebody_types(live_server: str) -> None:
    def offered(text: str) -> list[str]:
        page = soup(Visitor(live_server).get("/database/words", params={"q": text}))
        return [str(each["value"]) for each in page.select("option")]

    assert offered("ace of")[0] == "Ace of Spades"
    assert len(offered("a")) == len(set(offered("a"))) <= 10
    assert offered("") == offered("zzzzqq") == []
    assert offered("is:weap")[0] == "is:weapon"
    assert offered("ace source:las")[0] == "ace source:lastwish"
    assert 'exactname:"Ace of Spades"' in offered("exactname:ace")
    assert offered("is:locked") == offered("perk:out") == []
    assert Visitor(live_server).page("/database").select("input[list=search-words] + datalist")
