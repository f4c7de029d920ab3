"""The search box of the player's pages: on the server, by address, with and without scripts."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from flask import Flask

from app.inventory.search.compile import compile_query, need_of
from app.inventory.search.errors import Fault
from app.inventory.search.facts import Collection
from app.inventory.search.keyword import Form
from app.inventory.search.parser import MOST_CHARACTERS, parse
from app.inventory.search.registry import CHAPTERS
from app.main import search_words
from app.sandbox import SandboxServer
from tests.visitor import Tile, Visitor, soup, tiles_of

pytestmark = pytest.mark.usefixtures("definitions")

PART = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture
def visitor(live_server: str, sandbox: SandboxServer) -> Visitor:
    """The account with the most items."""
    player = max(sandbox.app.state.players.values(), key=lambda player: player.item_count())
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    return signed_in


def asked(path: str, text: str) -> str:
    return f"{path}?q={quote(text)}"


def character_paths(visitor: Visitor) -> list[str]:
    cards = visitor.page("/characters").select("[data-character]")
    return [f"/characters/{card['data-character']}" for card in cards]


def everywhere(visitor: Visitor, text: str) -> Counter[Tile]:
    paths = ["/vault", *character_paths(visitor)]
    return sum((visitor.tiles(asked(path, text)) for path in paths), Counter())


def said(page: BeautifulSoup) -> str:
    status = page.select_one("#search-status")
    assert status is not None
    return " ".join(status.get_text(" ").split())


def box(page: BeautifulSoup) -> str:
    field = page.select_one("form[role=search] input[name=q]")
    assert field is not None
    return str(field["value"])


def test_without_a_search_nothing_is_missing_and_nothing_is_said(visitor: Visitor) -> None:
    for text in ("", "   "):
        assert everywhere(visitor, text) == visitor.everything()
        assert said(visitor.page(asked("/vault", text))) == ""


def test_what_is_found_and_what_is_not_together_are_everything(visitor: Visitor) -> None:
    weapons, rest = everywhere(visitor, "is:weapon"), everywhere(visitor, "-is:weapon")
    assert weapons
    assert rest
    assert weapons + rest == visitor.everything()


def test_the_line_under_the_box_counts_every_place_and_leads_there(visitor: Visitor) -> None:
    page = visitor.page(asked("/vault", "is:weapon"))
    total = everywhere(visitor, "is:weapon").total()
    assert f"{total:,} items found." in said(page)
    links = [link for link in page.select("#search-status a") if re.search(r"\d", link.get_text())]
    counts = {str(link["href"]): int(re.findall(r"\d+", link.get_text())[-1]) for link in links}
    assert sum(counts.values()) == total
    for href, count in counts.items():
        assert visitor.tiles(href).total() == count


def test_the_characters_page_shows_the_finds_of_each_character(visitor: Visitor) -> None:
    page = visitor.page(asked("/characters", "is:armor"))
    of_each = sum((visitor.tiles(asked(path, "is:armor")) for path in character_paths(visitor)), Counter())
    assert tiles_of(page) == of_each
    assert not tiles_of(visitor.page("/characters"))


def test_a_search_changes_neither_the_count_of_the_vault_nor_the_cards(visitor: Visitor) -> None:
    whole, small = visitor.page("/vault"), visitor.page(asked("/vault", "is:exotic"))
    for selector in (".capacity", ".switch"):
        assert str(whole.select_one(selector)) == str(small.select_one(selector))


def test_a_heading_counts_what_was_found(visitor: Visitor) -> None:
    for path in ("/vault", *character_paths(visitor)):
        for section in visitor.page(asked(path, "is:weapon")).select("section[data-bucket]"):
            count = section.select_one(".count")
            assert count is not None
            assert count.get_text() == str(len(section.select("[data-item-hash]")))


def test_perks_and_stats_are_searched_in_what_bungie_sent(visitor: Visitor) -> None:
    everything = visitor.everything()
    for text in (
        "perk:kill",
        "stat:range:>10",
        "is:modded or is:shaded",
        "source:vaultofglass or -source:vaultofglass",
    ):
        assert everywhere(visitor, text) <= everything
    assert everywhere(visitor, "perk:a or perk:e or perk:o")


def test_nothing_found_is_said_kindly(visitor: Visitor) -> None:
    page = visitor.page(asked("/vault", "name:zzzzzz"))
    assert "0 items found." in said(page)
    assert "Nothing found here" in page.get_text()
    assert "Move these" not in said(page)
    assert "Tag these" not in said(page)
    assert not tiles_of(page)


def test_the_box_keeps_the_search_so_that_its_address_can_be_shared(visitor: Visitor) -> None:
    text = 'is:weapon (is:arc or is:solar) -name:"it\'s"'
    for path in ("/vault", "/characters", *character_paths(visitor)):
        assert box(visitor.page(asked(path, text))) == text


@pytest.mark.parametrize("text", ["is:weapn is:exotic", "a (b", 'name:"', "is:focusable", "tier:high", "-"])
def test_an_error_shows_its_place_and_loses_no_item(visitor: Visitor, text: str) -> None:
    page = visitor.page(asked("/vault", text))
    assert page.select_one("#search-status mark")
    place = page.select_one(".search-place")
    assert place is not None
    assert place.get_text().strip().replace("…", "") == text
    assert tiles_of(page) == visitor.tiles("/vault")


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("is:weapn is:exotic", "is:weapon is:exotic"),
        ("nmae:ace is:exotic", "name:ace is:exotic"),
        ("foundry:hake", "foundry:hakke"),
        ("-stat:rnge+handling:>5", "-stat:range+handling:>5"),
        ("power:>=softcaps", "power:>=softcap"),
        ("not:weapn", "is:weapon"),
    ],
)
def test_a_suggestion_leads_to_the_mended_search(visitor: Visitor, text: str, mended: str) -> None:
    link = visitor.page(asked("/vault", text)).select_one("#search-status a")
    assert link is not None
    assert parse_qs(urlsplit(str(link["href"])).query) == {"q": [mended]}
    assert not visitor.page(str(link["href"])).select_one("#search-status mark")


def test_a_search_that_is_too_long_is_refused_kindly(visitor: Visitor) -> None:
    page = visitor.page(asked("/vault", "a" * (MOST_CHARACTERS + 1)))
    assert str(MOST_CHARACTERS) in said(page)


@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>", "\u202e\U0001f600", "%s %(text)s {{7*7}}"]
)
def test_hostile_text_stays_text(visitor: Visitor, text: str) -> None:
    answer = visitor.get("/vault", params={"q": text.encode("utf-8", "replace")})
    assert answer.status_code == 200
    assert not [each for each in soup(answer).select("script") if "alert" in each.get_text()]
    assert not soup(answer).select("img[src=x]")


def test_while_somebody_types_only_the_finds_are_sent(visitor: Visitor) -> None:
    whole = visitor.get(asked("/vault", "is:weapon"))
    part = visitor.get(asked("/vault", "is:weapon"), headers=PART)
    assert tiles_of(soup(part)) == tiles_of(soup(whole))
    assert said(soup(part)) == said(soup(whole))
    assert "<html" not in part.text
    assert not soup(part).select("form[role=search], h1")
    assert {"HX-Request", "HX-Target"} <= {each.strip() for each in part.headers["Vary"].split(",")}


def test_two_hundred_finds_are_sent_in_thirty_kilobytes(visitor: Visitor) -> None:
    part = visitor.get(asked("/vault?view=together", "is:weapon or is:armor").replace("?q=", "&q="), headers=PART)
    hits = tiles_of(soup(part)).total()
    assert hits >= 200
    assert len(gzip.compress(part.content, 6)) * 200 / hits <= 30_000


def test_while_somebody_types_something_unfinished_the_last_finds_stay(visitor: Visitor) -> None:
    part = visitor.get(asked("/vault", "is:weapon ("), headers=PART)
    assert part.headers["HX-Reswap"] == "none"
    assert not tiles_of(soup(part))
    assert soup(part).select_one("#search-status mark")


def options(visitor: Visitor, text: str) -> list[str]:
    return [str(each["value"]) for each in visitor.page(f"/search/words?q={quote(text)}").select("option")]


def test_keywords_values_and_names_are_completed_within_the_whole_text(visitor: Visitor) -> None:
    assert "is:arc is:weapon" in options(visitor, "is:arc is:wea")
    assert "-is:weapon" in options(visitor, "-is:wea")
    assert "foundry:hakke" in options(visitor, "foundry:h")
    assert "perkname:" in options(visitor, "perkn")
    assert options(visitor, "") == options(visitor, "is:arc ") == []
    assert "is:focusable" not in options(visitor, "is:focus")


def test_names_of_one_s_own_items_and_perks_are_completed_in_quotes(visitor: Visitor) -> None:
    name = next(
        each.get_text()
        for each in visitor.page("/vault").select(".tile-name")
        if re.fullmatch(r"\w+ \w+", each.get_text())
    )
    first = name.split()[0]
    assert f'name:"{name}"' in options(visitor, f"name:{first}")
    found = [each for each in options(visitor, "perk:e") if each.startswith("perk:")]
    assert found
    for each in found[:3]:
        assert everywhere(visitor, each)


def test_every_suggestion_is_a_search_or_waits_for_a_value(visitor: Visitor) -> None:
    for text in ("i", "s", "is:", "stat:", "season:", "dupe:i", "name:a", "perk:a", "(is:bow or s", '"a'):
        for each in options(visitor, text):
            if not each.endswith(":") and "(" not in each and not each.startswith("stat:"):
                compile_query(parse(each), Collection(()))


def test_staff_without_a_vault_and_strangers_are_offered_no_words(live_server: str) -> None:
    answer = requests.get(f"{live_server}/search/words?q=is", timeout=10, allow_redirects=False)
    assert answer.status_code == 303


def test_the_help_page_tells_every_keyword_with_an_example_that_works(live_server: str) -> None:
    page = soup(requests.get(f"{live_server}/search/help", timeout=10))
    told = {each.get_text() for each in page.select(".word-list dt code")}
    rows = [keyword for chapter in CHAPTERS for keyword in chapter.keywords]
    assert told == {f"is:{each.name}" if each.form is Form.FLAG else f"{each.name}:" for each in rows}
    examples = [parse_qs(urlsplit(str(link["href"])).query)["q"][0] for link in page.select(".word-list a")]
    assert len(examples) > 120
    for each in examples:
        need_of(parse(each))
        compile_query(parse(each), Collection(()))


def test_every_fault_has_a_sentence(app: Flask) -> None:
    assert set(search_words._SENTENCES) == set(Fault)
