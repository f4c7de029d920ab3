"""A character's page: power and what holds it back, stats, loadouts, pursuits, and a postmaster emptied at once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest
import requests
from bs4 import BeautifulSoup, Tag

from app.sandbox import SandboxServer
from tests.visitor import Visitor, find_form, soup, tiles_of

pytestmark = pytest.mark.usefixtures("definitions")

DEMO, CROSSROADS = "4611686018400000001", "4611686018400000003"
TITAN, HUNTER = "2305843009000000100", "2305843009000000101"
POSTMASTER, QUESTS = 215593132, 1345459588


@dataclass
class Titan:
    """The demo's Titan: Bungie's raw answer, which a test may change, and a visitor of its page."""

    visitor: Visitor
    answer: dict

    def page(self, more: str = "") -> BeautifulSoup:
        return soup(self.get(f"/characters/{TITAN}{more}"))

    def get(self, path: str) -> requests.Response:
        """Signs in before the first page: from then on the answer is remembered."""
        if not self.visitor.session.cookies:
            self.visitor.sign_in(DEMO)
        return self.visitor.get(path)

    def component(self, name: str) -> dict:
        return self.answer[name]["data"][TITAN]


@pytest.fixture
def titan(live_server: str, sandbox: SandboxServer) -> Titan:
    return Titan(Visitor(live_server), sandbox.app.state.players[DEMO].components)


def text(element: Tag | None) -> str:
    assert element is not None
    return element.get_text(" ", strip=True)


def total(page: BeautifulSoup, title: str) -> int:
    """A total of the power sheet in eighths."""
    (shown,) = (each for each in page.select("#power .totals > div") if text(each.dt) == title)
    points, eighths = re.fullmatch(r"([\d,]+)(?: (\d)/8)?", text(shown.b)).groups()  # type: ignore[union-attr]
    return int(points.replace(",", "")) * 8 + int(eighths or 0)


def rows(page: BeautifulSoup) -> list[Tag]:
    return page.select("#power tbody tr")


def test_the_total_is_the_mean_of_the_eight_best(titan: Titan) -> None:
    page = titan.page()
    powers = [int(text(row.select("td")[1].b)) for row in rows(page)]
    assert len(powers) == 8
    assert total(page, "Best you can wear") == sum(powers)
    assert total(page, "Worn now") == sum(int(text(row.select("td")[2])) for row in rows(page))
    assert total(page, "Best of the account") >= total(page, "Best of this class") >= sum(powers)


def test_slots_below_the_mean_are_named_and_marked(titan: Titan) -> None:
    page = titan.page()
    marked = {text(row.th) for row in rows(page) if "below the mean" in text(row)}
    said = text(page.select_one(".power-note")).removeprefix("Held back by ").partition(":")[0]
    assert marked == set(said.split(", "))
    powers = {text(row.th): int(text(row.select("td")[1].b)) * 8 for row in rows(page)}
    assert marked == {slot for slot, power in powers.items() if power < sum(powers.values()) // 8}


def test_the_sheet_says_who_has_the_best_of_a_slot_and_leads_there(titan: Titan) -> None:
    for row in rows(titan.page()):
        cell = row.select("td")[0]
        assert re.match(r"Vault|(Titan|Hunter|Warlock), (equipped|carried|in the postmaster)", text(cell.small))
        assert titan.get(str(cell.a["href"])).status_code == 200  # type: ignore[index]


def test_six_stats_are_told_as_numbers_and_no_longer_in_tiers(titan: Titan) -> None:
    told = titan.component("characters")["stats"]
    shown = [text(each) for each in titan.page().select(".stat-bars li")]
    assert len(shown) == 6
    health = told["392767087"]
    assert set(shown[0].split()) == {"Health", str(health)}


def fills(page: BeautifulSoup) -> list[str]:
    return [str(each["value"]) for each in page.select(".stat-bars meter")]


def test_three_stats_of_the_first_years_stand_on_a_bar_of_ten(titan: Titan) -> None:
    titan.component("characters")["stats"] = {"2996146975": 3, "392767087": 7, "1943323491": 5}
    assert fills(titan.page()) == ["70", "50", "30"]


def test_six_stats_of_before_they_doubled_stand_on_a_bar_of_a_hundred(titan: Titan) -> None:
    character = titan.component("characters")
    character["stats"] = dict.fromkeys(character["stats"], 40)
    character["dateLastPlayed"] = "2025-07-14T20:00:00Z"
    assert fills(titan.page()) == ["40"] * 6


def test_power_of_a_thousand_is_written_alike_on_banner_and_tile(titan: Titan) -> None:
    titan.component("characters")["light"] = 1314
    assert "1314" in text(titan.page().select_one("a.banner[aria-current] .banner-light"))


def test_loadouts_are_listed_with_names_looks_and_what_is_missing(titan: Titan) -> None:
    panel = titan.page().select_one("#loadouts")
    assert panel is not None
    cards = {text(card.h3): card for card in panel.select(".loadout")}
    assert list(cards) == ["Raid", "Strikes", "Duels"]
    assert "Worn now" in text(cards["Raid"])
    assert "4 pieces have to be fetched" in text(cards["Strikes"])
    assert "1 piece does not exist any more" in text(cards["Duels"])
    assert all(len(card.select(".loadout-look img")) == 2 for card in cards.values())
    assert len(cards["Raid"].select(".pieces a")) == 8
    assert "7 slots are free" in text(panel)


def test_a_page_says_that_loadouts_and_progress_were_not_sent(titan: Titan) -> None:
    del titan.answer["characterLoadouts"]
    del titan.component("characterProgressions")["uninstancedItemObjectives"]
    page = titan.page()
    assert "Bungie did not send the loadouts" in text(page.select_one("#loadouts"))
    assert "Bungie did not send how far this is" in text(page.select_one(".pursuits"))
    assert "Bungie did not send how far this is" not in text(page.select_one("#power"))


def test_quests_and_bounties_tell_how_far_they_are_and_when_they_end(titan: Titan) -> None:
    pursuits = titan.page().select(".pursuit")
    told = dict(titan.component("characterProgressions")["uninstancedItemObjectives"])
    told |= {copy: row["objectives"] for copy, row in titan.answer["itemComponents"]["objectives"]["data"].items()}
    assert len(pursuits) == 12
    for each in pursuits:
        tile = each.select_one("[data-item-hash]")
        assert tile is not None
        values = [text(line.b) for line in each.select(".objective")]
        expected = [
            f"{row['progress']} of {row['completionValue']}"
            if row["completionValue"] > 1
            else ("done" if row["complete"] else "open")
            for row in told[str(tile.get("data-item-id", tile["data-item-hash"]))]
        ]
        assert values == expected
    assert any("Expires in" in text(each) for each in pursuits)
    assert any("Step 2 of 6" in text(each) for each in pursuits)


def test_what_is_tracked_stands_first_and_then_what_ends_soonest(titan: Titan) -> None:
    pursuits = [text(each) for each in titan.page().select(".pursuit")]
    assert "Tracked" in pursuits[0]
    assert [("Expires" in each) for each in pursuits[1:]] == sorted(
        ("Expires" in each for each in pursuits[1:]), reverse=True
    )


def test_quests_stand_in_groups_when_somebody_groups_and_none_is_lost(titan: Titan) -> None:
    plain = Counter(text(each) for each in titan.page().select(".pursuit"))
    page = titan.page("?group=quest")
    assert Counter(text(each) for each in page.select(".pursuit")) == plain
    quests = [each for each in page.select(".heap") if each.find_next_sibling("ul", class_="pursuits")]
    titles = [text(each).rsplit(" ", 1) for each in quests]
    assert "Bounties" in {title for title, _ in titles}
    assert len(titles) > 1
    assert sum(int(count) for _, count in titles) == plain.total()


def test_every_pursuit_is_one_tile_of_its_bucket(titan: Titan) -> None:
    section = titan.page().select_one(f"section[data-bucket='{QUESTS}']")
    assert section is not None
    assert text(section.h3).endswith(f"{sum(tiles_of(section).values())} of 63")  # type: ignore[arg-type]


def test_only_the_character_that_is_played_says_so(titan: Titan) -> None:
    assert "Playing now" in text(titan.page().select_one(".sheet"))
    assert "Playing now" not in text(soup(titan.get(f"/characters/{HUNTER}")).select_one(".sheet"))


def test_one_button_collects_what_can_leave_the_postmaster(titan: Titan) -> None:
    form = find_form(titan.page(), "/moves/batch")
    items = [str(each["value"]) for each in form.select("input[name=item]")]
    lost = [each for each in titan.component("characterInventories")["items"] if each["bucketHash"] == POSTMASTER]
    assert len(items) == len(lost) - 2, "one opens when it is taken, one is unknown"
    assert "2 items have to be collected in the game" in text(form)
    fields = [(str(each["name"]), str(each["value"])) for each in form.select("input[name]")]
    told = titan.visitor.session.post(f"{titan.visitor.site}/moves/batch", data=fields, timeout=30)
    assert told.status_code == 200
    assert "/moves/" in told.url


def test_a_postmaster_with_nothing_to_take_has_no_button(titan: Titan) -> None:
    warlock = soup(titan.get("/characters/2305843009000000102"))
    assert not warlock.select("form[action='/moves/batch']")


def test_characters_are_compared_row_by_row(titan: Titan) -> None:
    cards = soup(titan.get("/characters")).select("[data-character]")
    tables = [{text(dt): text(dt.find_next("dd")) for dt in card.select(".facts dt")} for card in cards]
    shared = ["Best power", "Postmaster", "Engrams", "Quests and bounties", "Next to expire", "In-game loadouts"]
    assert [list(each)[:6] for each in tables] == [shared] * 3
    assert [each["Postmaster"] for each in tables] == ["21 of 21", "2 of 21", "empty"]
    assert all(each["In-game loadouts"] == "3" for each in tables)


def test_a_search_narrows_items_and_leaves_power_and_loadouts_whole(titan: Titan) -> None:
    whole, found = titan.page(), titan.page("?q=is:weapon")
    assert text(found.select_one("#power")) == text(whole.select_one("#power"))
    assert text(found.select_one("#loadouts")) == text(whole.select_one("#loadouts"))
    assert not found.select(".pursuit")
    assert 0 < sum(tiles_of(found).values()) < sum(tiles_of(whole).values())


def test_without_power_there_is_no_total_and_the_page_says_why(titan: Titan) -> None:
    del titan.answer["itemComponents"]["instances"]
    panel = titan.page().select_one("#power")
    assert panel is not None
    assert not panel.select(".totals")
    assert "there is no total" in text(panel)


def test_somebody_else_s_character_is_nobody_s(live_server: str) -> None:
    stranger = Visitor(live_server)
    stranger.sign_in(CROSSROADS)
    response: requests.Response = stranger.get(f"/characters/{TITAN}")
    assert response.status_code == 404


def facts(page: BeautifulSoup) -> dict[str, str]:
    return {text(dt): text(dt.find_next("dd")) for dt in page.select("#panels .facts dt")}  # type: ignore[arg-type]


def test_ranks_of_the_account_and_the_artifact_are_told(titan: Titan) -> None:
    expected = {
        "Guardian rank": "8 · Justiciar (once 9)",
        "Season rank": "137 · Triumphant",
        "Artifact bonus": "+12 power",
    }
    assert expected.items() <= facts(titan.page()).items()
    assert expected.items() <= facts(soup(titan.get("/characters"))).items()


def test_what_was_not_sent_of_ranks_is_not_told(titan: Titan) -> None:
    for name in ("profile", "profileProgression", "characterProgressions"):
        del titan.answer[name]
    assert not facts(titan.page()).keys() & {"Guardian rank", "Season rank", "Artifact bonus"}


def test_a_title_says_how_often_it_was_gilded(titan: Titan) -> None:
    assert text(titan.page().h1) == "Titan WANTED, gilded 3 times"
    assert "gilded" not in text(soup(titan.get(f"/characters/{HUNTER}")).h1)


def test_what_is_played_is_told_by_name_and_kind(titan: Titan) -> None:
    assert "Playing now: The Corrupted · Strike" in text(titan.page().select_one(".sheet"))


@pytest.mark.parametrize(("activity", "told"), [(82913930, "Playing now: in orbit"), (5, "Playing now: Strike")])
def test_orbit_and_what_has_no_name_are_told_as_far_as_known(titan: Titan, activity: int, told: str) -> None:
    titan.component("characterActivities")["currentActivityHash"] = activity
    assert told in text(titan.page().select_one(".sheet"))


WEAPONS = 1498876634


def names(page: BeautifulSoup, bucket_hash: int = WEAPONS) -> list[str]:
    section = page.select_one(f"section[data-bucket='{bucket_hash}']")
    assert section is not None
    return [text(each) for each in section.select(".tile-name")]


def test_an_address_orders_and_groups_what_a_character_has(titan: Titan) -> None:
    plain = titan.page()
    worn, *others = names(titan.page("?sort=name"))
    assert (worn, others) == (names(plain)[0], sorted(names(plain)[1:], key=str.casefold))
    assert others != names(plain)[1:]
    assert names(titan.page("?sort=-name"), QUESTS) == sorted(names(plain, QUESTS), key=str.casefold, reverse=True)
    assert titan.page("?group=rarity").select(".heap")
    assert tiles_of(titan.page("?group=rarity&sort=name")) == tiles_of(plain)


def test_what_is_found_on_all_characters_is_ordered_and_grouped_too(titan: Titan) -> None:
    found = soup(titan.get("/characters?q=is:weapon&sort=name&group=rarity"))
    assert found.select(".finds .heap")
    carried = {str(each["name"]): str(each["value"]) for each in found.select("form.search input[type=hidden]")}
    assert carried == {"sort": "name", "group": "rarity"}
    assert names(soup(titan.get("/characters?q=is:weapon&sort=name"))) == names(titan.page("?q=is:weapon&sort=name"))


def test_an_order_that_is_kept_counts_for_vault_and_characters_and_leads_back(titan: Titan) -> None:
    page, path = titan.page(), f"/characters/{TITAN}"
    by_name = names(titan.page("?sort=name"))
    form = find_form(page, "/vault/layout")
    token = form.select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    back = form.select_one("[name=next]")["value"]  # type: ignore[index]
    fields = {"csrf_token": token, "next": back, "group": "none", "sort": ["name", "", ""]}
    kept = titan.visitor.session.post(f"{titan.visitor.site}/vault/layout", data=fields, timeout=30)
    assert kept.url.endswith(path)
    assert names(soup(kept)) == by_name


def test_a_folded_section_of_a_character_stays_folded(titan: Titan) -> None:
    name = f"{TITAN}-{QUESTS}"
    assert titan.page().select(f"details[data-fold='{name}'][open]")
    token = find_form(titan.page(), "/vault/refresh").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    fields = {"csrf_token": token, "section": name, "folded": "1"}
    told = titan.visitor.session.post(f"{titan.visitor.site}/vault/fold", data=fields, timeout=30)
    assert told.status_code == 204
    assert not titan.page().select(f"details[data-fold='{name}'][open]")
    assert tiles_of(titan.page())


def test_a_page_has_a_refresh_button_that_leads_back_to_it(titan: Titan) -> None:
    for path in ("/characters", f"/characters/{TITAN}"):
        answer = titan.visitor.submit(titan.get(path), "/vault/refresh")
        assert answer.url.endswith(path)


def test_news_of_a_character_s_page_are_its_panels_and_items_or_nothing(titan: Titan) -> None:
    titan.page()
    own = {"/characters": [], f"/characters/{TITAN}": ["switcher", "character-title"]}
    for path, more in own.items():
        news = titan.visitor.get(path, headers={"X-News": "1"})
        parts = [each["id"] for each in soup(news).select("body > [id]")]
        assert parts == ["notices", "counts", "search-status", *more, "panels", "found"]
        again = {"X-News": "1", "If-None-Match": news.headers["ETag"]}
        assert titan.visitor.get(path, headers=again).status_code == 304
