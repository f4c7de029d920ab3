"""The page of one item on the demo world: everything that is recorded is told, and what is not is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from app.sandbox import SandboxServer
from app.sandbox.demo.blocks import set_hash
from app.sandbox.demo.catalogue import CLASSIFIED, UNKNOWN, Model, catalogue
from app.sandbox.demo.deeds import patterns
from app.sandbox.demo.tables import document, keyed, table
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")

CRAFTED, MASTERWORK, DEEPSIGHT = 8, 4, 16
KILL_TRACKER = "2302094943"
PERKS = {
    "frame",
    "barrel",
    "magazine",
    "trait",
    "origin",
    "battery",
    "tube",
    "shell",
    "string",
    "arrow",
    "blade",
    "guard",
}

Profile = dict[str, Any]
Find = Callable[[Callable[[Model, dict[str, Any]], object]], dict[str, Any]]


@pytest.fixture
def player_id(sandbox: SandboxServer) -> str:
    """The account with the most items."""
    return max(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id


@pytest.fixture
def visitor(live_server: str, player_id: str) -> Visitor:
    return entered(live_server, player_id)


def entered(live_server: str, player_id: str) -> Visitor:
    """Signed in: from now on what Bungie said is remembered."""
    signed_in = Visitor(live_server)
    signed_in.sign_in(player_id)
    return signed_in


@pytest.fixture
def profile(sandbox: SandboxServer, player_id: str) -> Profile:
    """The sandbox's own copy of the player's profile: what a test changes in it, Bungie says from now on."""
    return sandbox.app.state.players[player_id].components


@pytest.fixture
def find(profile: Profile) -> Find:
    """The first item whose model and recorded entry are as wished."""

    def found(wish: Callable[[Model, dict[str, Any]], object]) -> dict[str, Any]:
        return next(item for item in owned(profile) if (m := catalogue().get(item["itemHash"])) and wish(m, item))

    return found


def owned(profile: Profile) -> Iterator[dict[str, Any]]:
    yield from profile["profileInventory"]["data"]["items"]
    for component in ("characterEquipment", "characterInventories"):
        for inventory in profile[component]["data"].values():
            yield from inventory["items"]


def of(profile: Profile, component: str, item: dict[str, Any]) -> dict[str, Any]:
    return profile["itemComponents"][component]["data"][item["itemInstanceId"]]


def page_of(visitor: Visitor, item: dict[str, Any]) -> BeautifulSoup:
    return visitor.page(f"/items/{item.get('itemInstanceId') or item['itemHash']}")


def panel(page: BeautifulSoup, title: str) -> Tag:
    found = [each for each in page.select(".panel") if (head := each.select_one("h2")) and title in head.get_text()]
    assert found, [head.get_text(strip=True) for head in page.select("h2")]
    return found[0]


def pairs(within: Tag) -> dict[str, str]:
    """A list of terms and what stands behind each."""
    return {term.get_text(strip=True): term.find_next("dd").get_text(" ", strip=True) for term in within.select("dt")}  # type: ignore[union-attr]


def chips(page: BeautifulSoup) -> set[str]:
    return {each.get_text() for each in page.select(".item-hero .chips li")}


def objectives(within: Tag) -> dict[str, str]:
    """What is counted and how far it is."""
    lines = within.select(".objective")
    return {each.select_one("span").get_text(): each.select_one("b").get_text() for each in lines}  # type: ignore[union-attr]


def plug_name(plug: int) -> str:
    return keyed("plugs", "hash")[str(plug)]["name"]


def offered_names(within: Tag) -> set[str]:
    return {str(each.find(string=True)) for each in within.select(".other span")}


def kind_of(plug: int) -> str:
    return keyed("plugs", "hash")[str(plug)]["kind"]


def plug_names(within: Tag) -> list[str]:
    return [each.get_text(strip=True) for each in within.select(".plug strong")]


def a_weapon(model: Model, item: dict[str, Any]) -> bool:
    return model.is_weapon and model.tier == "legendary" and "itemInstanceId" in item


def test_recorded_numbers_are_told_and_split_by_who_gives_them(visitor: Visitor, profile: Profile, find: Find) -> None:
    item = find(lambda model, item: a_weapon(model, item) and item["state"] & MASTERWORK)
    stats = panel(page_of(visitor, item), "Stats")
    told = pairs(stats.select_one(".bars"))
    recorded = {row["en"]: of(profile, "stats", item)["stats"].get(row["hash"]) for row in table("stats")}
    assert told == {name: f"{row['value']:,}" for name, row in recorded.items() if row}
    for dt in stats.select(".parts dt"):
        amounts = [
            int(each.replace("\u2212", "-")) for each in re.findall(r"[+\u2212]?\d+", dt.find_next("dd").get_text())
        ]
        assert sum(amounts) == int(told[dt.get_text(strip=True)])
    assert any("Masterworked" in part.get_text() for part in stats.select(".part-masterwork"))


def test_perks_are_told_with_what_else_this_copy_offers(visitor: Visitor, profile: Profile, find: Find) -> None:
    item = find(lambda model, item: a_weapon(model, item) and not item["state"])
    perks = panel(page_of(visitor, item), "Perks")
    plugs = [socket.get("plugHash") for socket in of(profile, "sockets", item)["sockets"]]
    chosen = [plug_name(plug) for plug in plugs if plug and kind_of(plug) in PERKS]
    assert plug_names(perks) == chosen
    offered = of(profile, "reusablePlugs", item)["plugs"]
    others = {plug_name(each["plugItemHash"]) for index in "1234" for each in offered[index]} - set(chosen)
    assert others <= offered_names(perks)


def test_a_choice_that_the_game_would_not_take_now_says_so(visitor: Visitor, profile: Profile, find: Find) -> None:
    def closed(item: dict[str, Any]) -> set[str]:
        offered = of(profile, "reusablePlugs", item)["plugs"]
        rows = (row for index in "1234" for row in offered.get(index, ()) if not row["canInsert"])
        return {plug_name(row["plugItemHash"]) for row in rows}

    item = find(lambda model, item: a_weapon(model, item) and closed(item))
    shut = panel(page_of(visitor, item), "Perks").select(".other.is-off")
    assert {str(each.select_one("span").find(string=True)) for each in shut} == closed(item)
    assert all("cannot be chosen now" in each.get_text() for each in shut)


def test_all_possible_rolls_are_told_with_those_that_this_copy_has_and_those_that_are_gone(
    visitor: Visitor, find: Find
) -> None:
    rolls = panel(page_of(visitor, find(a_weapon)), "All possible rolls")
    names = {each.find(string=True, recursive=False) for each in rolls.select(".roll span")}
    assert {row["name"] for row in table("plugs") if row["kind"] == "trait"} <= {str(name) for name in names}
    assert 4 <= len(rolls.select(".roll.is-chosen")) < len(rolls.select(".roll"))
    assert rolls.select(".roll.is-retired")


def day(seconds: int) -> str:
    made = datetime.fromtimestamp(seconds, UTC)
    return f"{made:%B} {made.day}, {made.year}"


def test_a_crafted_weapon_tells_its_level_its_date_and_its_enhanced_perks(
    visitor: Visitor, profile: Profile, find: Find
) -> None:
    item = find(lambda model, item: a_weapon(model, item) and model.hash in patterns() and item["state"] & CRAFTED)
    page = page_of(visitor, item)
    ((level, made),) = [
        rows for rows in of(profile, "plugObjectives", item)["objectivesPerPlug"].values() if len(rows) == 2
    ]
    assert objectives(panel(page, "Shaped Weapon")) == {
        "Weapon Level": f"{level['progress']}",
        "Shaping Date": day(made["progress"]),
    }
    assert len(panel(page, "Perks").select(".plug.is-enhanced")) == 2
    assert "Crafted" in chips(page)


def test_a_weapon_without_a_pattern_was_enhanced_and_never_crafted(visitor: Visitor, find: Find) -> None:
    item = find(lambda model, item: a_weapon(model, item) and model.hash not in patterns() and item["state"] & CRAFTED)
    assert {"Enhanced"} == chips(page_of(visitor, item)) & {"Crafted", "Enhanced"}


def test_a_copy_with_deepsight_says_that_there_is_a_pattern_in_it(visitor: Visitor, find: Find) -> None:
    item = find(lambda model, item: patterns().get(model.hash, 0) % 3 and item["state"] & DEEPSIGHT)
    page = page_of(visitor, item)
    assert "Deepsight" in chips(page)
    assert "This copy holds a pattern that can be extracted." in panel(page, "Pattern").get_text()


def test_a_catalyst_and_a_pattern_tell_how_far_they_are(visitor: Visitor, find: Find) -> None:
    exotic = find(lambda model, item: model.is_weapon and model.tier == "exotic" and "itemInstanceId" in item)
    assert objectives(panel(page_of(visitor, exotic), "Long Study Catalyst")) == {"Final blows": "263 of 400"}
    weapon = find(lambda model, item: model.hash in patterns() and patterns()[model.hash] % 3 and a_weapon(model, item))
    pattern = objectives(panel(page_of(visitor, weapon), "Pattern"))["Patterns read"]
    assert pattern == f"{patterns()[weapon['itemHash']] % 5} of 5"


def test_a_kill_tracker_tells_its_count(visitor: Visitor, profile: Profile, find: Find) -> None:
    def counts(model: Model, item: dict[str, Any]) -> bool:
        return a_weapon(model, item) and KILL_TRACKER in of(profile, "plugObjectives", item)["objectivesPerPlug"]

    item = find(counts)
    ((row,),) = [of(profile, "plugObjectives", item)["objectivesPerPlug"][KILL_TRACKER]]
    told = objectives(panel(page_of(visitor, item), "Kill Tracker"))
    assert told == {"Enemies Defeated": f"{row['progress']:,}"}


def test_a_bounty_tells_when_it_runs_out(visitor: Visitor, find: Find) -> None:
    bounty = find(lambda model, item: model.kind == "bounty" and "expirationDate" in item)
    assert re.match(r"in \d+ (hour|minute|day)", pairs(panel(page_of(visitor, bounty), "This copy"))["Expires"])


def test_a_bounty_that_has_run_out_tells_since_when(live_server: str, player_id: str, find: Find) -> None:
    bounty = find(lambda model, item: model.kind == "bounty" and "expirationDate" in item)
    bounty["expirationDate"] = "2021-05-28T17:00:00Z"
    facts = pairs(panel(page_of(entered(live_server, player_id), bounty), "This copy"))
    assert "Expires" not in facts
    assert facts["Expired"].startswith("May 28, 2021")


def test_armor_tells_archetype_third_and_tuned_stat_total_and_set(
    visitor: Visitor, profile: Profile, find: Find
) -> None:
    def is_tuned(model: Model, item: dict[str, Any]) -> bool:
        return model.is_armor and bool(set_hash(model)) and of(profile, "instances", item).get("gearTier") == 5

    item = find(is_tuned)
    page = page_of(visitor, item)
    facts, stats = pairs(panel(page, "This copy")), of(profile, "stats", item)["stats"]
    assert (facts["Tuned stat"], facts["Gear tier"]) == ("Class", "5")
    assert facts["Third stat"] in {row["en"] for row in table("stats")}
    total = sum(row["value"] for row in stats.values())
    assert pairs(panel(page, "Stats").select_one(".bars"))["Total"] == str(total)
    assert plug_names(panel(page, "Perks"))[0] in {row["name"] for row in table("plugs") if row["kind"] == "archetype"}
    names = [each["name"] for each in document("sets")]
    bonus = panel(page, next(name for name in names if catalogue()[item["itemHash"]].name.startswith(name)))
    assert [each.get_text() for each in bonus.select("li > b")] == ["2 pieces", "4 pieces"]


def test_a_set_tells_how_many_pieces_its_wearer_has_on(visitor: Visitor, profile: Profile) -> None:
    for character_id, worn in profile["characterEquipment"]["data"].items():
        sets = Counter(set_hash(catalogue()[item["itemHash"]]) for item in worn["items"])
        del sets[0]
        piece, count = sets.most_common(1)[0]
        item = next(item for item in worn["items"] if set_hash(catalogue()[item["itemHash"]]) == piece)
        page = page_of(visitor, item)
        pieces = "1 piece" if count == 1 else f"{count} pieces"
        assert f"wears {pieces}." in page.get_text(" ", strip=True), character_id
        assert len(page.select(".set-perks .is-active")) == (count >= 2) + (count >= 4)


def test_a_quest_tells_its_step_its_objectives_and_its_rewards(visitor: Visitor, profile: Profile, find: Find) -> None:
    item = find(lambda model, item: model.kind == "quest" and "itemInstanceId" in item)
    page = page_of(visitor, item)
    quest = panel(page, catalogue()[item["itemHash"]].name)
    assert re.search(r"Step \d of \d", quest.get_text())
    assert "One step of a longer road." in quest.get_text()
    assert "longer road" not in panel(page, "About it").get_text()
    rows = of(profile, "objectives", item)["objectives"]
    assert len(objectives(quest)) == len(rows)
    fractions = {f"{row['progress']} of {row['completionValue']}" for row in rows if row["completionValue"] > 1}
    assert fractions <= set(objectives(quest).values())
    assert "Glimmer" in panel(page, "Rewards").get_text()


def test_a_step_without_an_instance_tells_the_progress_of_the_character_who_has_it(
    visitor: Visitor, profile: Profile
) -> None:
    for character_id, row in profile["characterProgressions"]["data"].items():
        for item_hash, rows in row["uninstancedItemObjectives"].items():
            page = visitor.page(f"/items/{item_hash}?of={character_id}")
            told = set(objectives(panel(page, catalogue()[int(item_hash)].name)).values())
            assert {
                f"{each['progress']} of {each['completionValue']}" for each in rows if each["completionValue"] > 1
            } <= told
            break


def test_a_stack_has_a_page_that_names_its_other_stacks(visitor: Visitor, profile: Profile) -> None:
    counts = Counter(item["itemHash"] for item in owned(profile) if "itemInstanceId" not in item)
    item_hash, count = counts.most_common(1)[0]
    page = visitor.page(f"/items/{item_hash}")
    assert page.select_one("[data-item-hash][data-quantity]")["data-item-hash"] == str(item_hash)
    assert len(panel(page, "You own more of these").select("li")) == count - 1


def test_other_copies_are_named_with_where_they_are(visitor: Visitor, profile: Profile) -> None:
    counts = Counter(item["itemHash"] for item in owned(profile) if "itemInstanceId" in item)
    item_hash = next(each for each, count in counts.items() if count > 1)
    copies = [item["itemInstanceId"] for item in owned(profile) if item["itemHash"] == item_hash]
    links = panel(visitor.page(f"/items/{copies[0]}"), "You own more of these").select("a")
    assert {link["href"] for link in links} == {f"/items/{each}" for each in copies[1:]}
    assert all(visitor.get(str(link["href"])).status_code == 200 for link in links)


def test_lore_source_and_season_are_told(visitor: Visitor, find: Find) -> None:
    page = page_of(visitor, find(lambda model, _: model.is_weapon and model.tier == "exotic" and model.season))
    told = page.get_text(" ", strip=True)
    assert any(story["text"][0] in told for story in document("stories"))
    assert {"Season", "Source"} <= pairs(panel(page, "This copy")).keys()


@pytest.mark.parametrize(
    ("component", "sentence"),
    [
        ("sockets", "did not send this item's perks and mods"),
        ("stats", "did not send the finished numbers"),
        ("reusablePlugs", "did not send which other perks this copy offers"),
        ("plugObjectives", "did not send what this copy counts"),
        ("instances", "did not send this copy's power and element"),
    ],
)
def test_a_component_that_did_not_come_is_named(
    live_server: str, player_id: str, profile: Profile, find: Find, component: str, sentence: str
) -> None:
    item = find(a_weapon)
    del profile["itemComponents"][component]
    assert sentence in page_of(entered(live_server, player_id), item).get_text(" ", strip=True)


def test_armor_of_which_neither_numbers_nor_plugs_came_says_so_twice(
    live_server: str, player_id: str, profile: Profile, find: Find
) -> None:
    item = find(lambda model, item: model.is_armor and "itemInstanceId" in item)
    del profile["itemComponents"]["stats"], profile["itemComponents"]["sockets"]
    page = page_of(entered(live_server, player_id), item)
    assert "did not send this copy's numbers" in panel(page, "Stats").get_text()
    assert "did not send this item's perks" in panel(page, "Perks").get_text()


def test_a_quest_without_its_objectives_says_so(live_server: str, player_id: str, profile: Profile, find: Find) -> None:
    item = find(lambda model, item: model.kind == "quest" and "itemInstanceId" in item)
    del profile["itemComponents"]["objectives"]
    assert "did not send how far this is" in page_of(entered(live_server, player_id), item).get_text(" ", strip=True)


def test_every_oddity_has_a_page_and_none_does_harm(visitor: Visitor, profile: Profile) -> None:
    odd = {row["hash"] for row in document("hostile")} | CLASSIFIED.keys() | UNKNOWN.keys()
    items = [item for item in owned(profile) if item["itemHash"] in odd]
    assert len({item["itemHash"] for item in items}) == len(odd)
    for item in items:
        page = page_of(visitor, item)
        assert page.select_one("h1").get_text(strip=True)
        assert not page.select("main script, [onerror], [onload]")


def test_htmx_gets_the_same_item_without_the_page_around_it(visitor: Visitor, find: Find) -> None:
    path = f"/items/{find(a_weapon)['itemInstanceId']}"
    whole, part = visitor.get(path), visitor.get(path, headers={"HX-Request": "true"})
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]
    assert not soup(part).select("title, header, footer")
    for each in ("h1", ".item-grid h2", ".plug strong"):
        assert [tag.get_text() for tag in soup(part).select(each)] == [
            tag.get_text() for tag in soup(whole).select(each)
        ]
