"""Every fact that an item's page owes its player, each with the data that has it and the words that tell it.

The recorded account has power, elements, sockets and numbers of today. What no recorded account has (kill trackers,
crafting, catalysts, gear tiers, tuning, progress) is told of the demo's player in `test_item_page`.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from bs4 import BeautifulSoup

from app.sandbox import SandboxServer, World, load_world
from tests.integration.test_item_page import chips, owned, pairs, panel, plug_names
from tests.shared import requires_shared, shared_dir
from tests.visitor import Visitor

pytestmark = [requires_shared, pytest.mark.usefixtures("definitions")]

WORLD = (shared_dir() or Path("nowhere")) / "worlds" / "june-2026"
TODAY, OF_2021 = "4611686018466151600", "4611686018407382510"
OF_2018, OF_2025 = "4611686018475930216", "4611686018470893428"
ELEMENTS = {1: "Kinetic", 2: "Arc", 3: "Solar", 4: "Void", 6: "Stasis", 7: "Strand"}
CRAFTED, MASTERWORK, LOCKED = 8, 4, 1

Row = dict[str, Any]
Wish = Callable[[Row, Row], object]


@pytest.fixture(scope="session")
def world() -> World:
    return load_world(WORLD)


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    """Bungie's own item rows by hash."""
    (path,) = WORLD.glob("manifest/common/destiny2_content/json/en/DestinyInventoryItemDefinition-*")
    return orjson.loads(gzip.decompress(path.read_bytes()))  # type: ignore[no-any-return]


class Account:
    """A recorded account as its owner sees it, beside what Bungie said."""

    def __init__(self, site: str, profile: Row, membership_id: str, rows: dict[str, Row]) -> None:
        self.visitor = Visitor(site)
        self.visitor.sign_in(membership_id)
        self.profile = profile
        self._rows = rows

    def found(self, wish: Wish) -> Iterator[tuple[Row, Row]]:
        for item in owned(self.profile):
            row = self._rows.get(str(item["itemHash"]))
            if row and "itemInstanceId" in item and wish(row, item):
                yield item, row

    def page(self, item: Row) -> BeautifulSoup:
        return self.visitor.page(f"/items/{item['itemInstanceId']}")

    def of(self, component: str, item: Row) -> Row:
        return self.profile["itemComponents"][component]["data"].get(item["itemInstanceId"], {})


@pytest.fixture
def account(live_server: str, sandbox: SandboxServer, rows: dict[str, Row]) -> Account:
    return Account(live_server, sandbox.app.state.players[TODAY].components, TODAY, rows)


def is_weapon(row: Row, _item: Row) -> bool:
    return row["itemType"] == 3


def is_armor(row: Row, _item: Row) -> bool:
    return row["itemType"] == 2


def told(page: BeautifulSoup) -> str:
    return page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


def numbers(page: BeautifulSoup) -> dict[str, str]:
    return pairs(panel(page, "Stats").select_one(".bars"))  # type: ignore[arg-type]


def some(account: Account, wish: Wish, most: int = 4) -> list[tuple[Row, Row, BeautifulSoup]]:
    """A few of them, spread over all that fit."""
    fit = list(account.found(wish))
    assert fit
    return [(item, row, account.page(item)) for item, row in fit[:: max(1, len(fit) // most)]]


def test_name_type_rarity_element_ammo_and_power(account: Account) -> None:
    for item, row, page in some(account, is_weapon):
        hero, instance = page.select_one(".item-hero").get_text(" ", strip=True), account.of("instances", item)  # type: ignore[union-attr]
        assert row["displayProperties"]["name"] in hero
        assert f"{row['inventory']['tierTypeName']} {row['itemTypeDisplayName']}" in hero
        assert ELEMENTS[instance["damageType"]] in hero
        assert {1: "Primary", 2: "Special", 3: "Heavy"}[row["equippingBlock"]["ammoType"]] in hero
        assert str(instance["primaryStat"]["value"]) in hero


def notes(page: BeautifulSoup) -> list[str]:
    return [
        each.find_next_sibling("dd").get_text(" ", strip=True)  # type: ignore[union-attr]
        for each in page.select(".facts dt")
        if each.get_text(strip=True) == "Note"
    ]


def test_of_the_notes_of_a_kind_those_are_told_that_bungie_names_for_the_copy(
    live_server: str, sandbox: SandboxServer, rows: dict[str, Row]
) -> None:
    account = Account(live_server, sandbox.app.state.players[OF_2025].components, OF_2025, rows)
    named = account.found(lambda row, item: item["tooltipNotificationIndexes"] and row.get("tooltipNotifications"))
    by_places = {tuple(item["tooltipNotificationIndexes"]): (item, row) for item, row in named}
    assert {(0,), (1,), (2,)} <= by_places.keys()
    for places, (item, row) in by_places.items():
        kind = [each["displayString"] for each in row["tooltipNotifications"]]
        assert notes(account.page(item)) == [kind[place] for place in places if kind[place]]


def test_a_copy_for_which_bungie_names_no_note_has_none(account: Account) -> None:
    item, row = next(account.found(lambda row, _item: len(row.get("tooltipNotifications") or ()) > 2))
    assert item["tooltipNotificationIndexes"] == []
    assert notes(account.page(item)) == []
    assert notes(account.visitor.page(f"/database/{row['hash']}")) == []


def test_the_line_above_a_story_is_not_told_twice(account: Account) -> None:
    item, row = next(account.found(lambda _row, item: item["itemInstanceId"] == "6917529042813909526"))  # Anarchy
    assert account.page(item).get_text().count(row["flavorText"]) == 1


def test_numbers_of_a_kind_have_no_total(live_server: str) -> None:
    visitor = Visitor(live_server)
    visitor.sign_in(OF_2018)
    page = visitor.page("/items/6917529003753325474")  # Eye of Another World, of which only the instance was recorded
    assert "these are the basic ones" in told(page)
    assert page.select_one(".bars-total") is None


def test_slot_class_source_flavour_season_mark_and_lore(account: Account) -> None:
    said: set[str] = set()
    for _, row, page in some(account, lambda row, item: is_armor(row, item) or is_weapon(row, item), 25):
        facts = pairs(panel(page, "This copy"))
        assert facts.get("Class") == {0: "Titan", 1: "Hunter", 2: "Warlock"}.get(row["classType"])
        assert not row.get("flavorText") or " ".join(row["flavorText"].split()) in " ".join(told(page).split())
        assert bool(page.select(".item-icon .wm")) is bool(row.get("iconWatermark"))
        said |= facts.keys() | ({"lore"} if "Read the story" in told(page) else set())
    assert {"Where", "Slot", "Class", "Source", "Season", "lore"} <= said


def test_energy_of_armor_and_its_mods(account: Account) -> None:
    pages = some(account, lambda row, item: is_armor(row, item) and "energy" in account.of("instances", item))
    for item, _, page in pages:
        energy = account.of("instances", item)["energy"]
        assert pairs(panel(page, "This copy"))["Energy"] == f"{energy['energyUsed']} of {energy['energyCapacity']} used"
    assert any("empty socket" in told(page) for _, _, page in pages)


def test_numbers_are_those_that_bungie_recorded(account: Account) -> None:
    for item, _, page in some(account, lambda row, item: is_weapon(row, item) and account.of("stats", item)):
        recorded = {row["value"] for row in account.of("stats", item)["stats"].values()}
        shown = {int(value.split()[0].replace(",", "")) for value in numbers(page).values()}
        assert shown <= recorded


def test_the_frame_and_the_chosen_perks(account: Account, rows: dict[str, Row]) -> None:
    for item, _, page in some(account, lambda row, item: is_weapon(row, item) and account.of("sockets", item)):
        plugs = (rows.get(str(each.get("plugHash"))) for each in account.of("sockets", item)["sockets"])
        kinds = {"intrinsics", "barrels", "frames", "magazines", "origins"}
        chosen = {
            plug["displayProperties"]["name"]
            for plug in plugs
            if plug and plug["plug"]["plugCategoryIdentifier"] in kinds and plug["displayProperties"]["name"]
        }
        assert chosen <= set(plug_names(page.select_one("main")))  # type: ignore[arg-type]


def test_a_mod_that_a_piece_came_with_is_told_by_name(account: Account, rows: dict[str, Row]) -> None:
    def native_mod(row: Row, item: Row) -> str:
        plugs = [str(each.get("plugHash")) for each in account.of("sockets", item).get("sockets", ())]
        entries = row.get("sockets", {}).get("socketEntries", ())
        came = {str(entry["singleInitialItemHash"]) for entry in entries}
        named = (rows[plug] for plug in plugs if plug in came and rows.get(plug, {}).get("perks"))
        kinds = (plug for plug in named if plug["plug"]["plugCategoryIdentifier"].startswith("enhancements."))
        return next((str(plug["displayProperties"]["name"]) for plug in kinds), "")

    for item, row, page in some(account, native_mod):
        assert native_mod(row, item) in plug_names(page.select_one("main"))  # type: ignore[arg-type]


def test_what_is_special_about_a_copy(account: Account) -> None:
    for flag, word in ((LOCKED, "Locked"), (MASTERWORK, "Masterworked"), (CRAFTED, "Crafted")):
        ((_, _, page), *_) = some(account, lambda row, item, flag=flag: is_weapon(row, item) and item["state"] & flag)
        assert word in chips(page)


def test_other_copies_and_the_total_of_armor(account: Account) -> None:
    counts: dict[int, int] = {}
    for item in owned(account.profile):
        counts[item["itemHash"]] = counts.get(item["itemHash"], 0) + ("itemInstanceId" in item)
    ((item, _, page), *_) = some(account, lambda row, item: is_weapon(row, item) and counts[item["itemHash"]] > 1)
    assert len(panel(page, "You own more of these").select("li")) >= counts[item["itemHash"]] - 1
    for piece, _, shown in some(account, lambda row, item: is_armor(row, item) and account.of("stats", item)):
        stats = account.of("stats", piece)["stats"].values()
        assert numbers(shown)["Total"].split()[0] == str(sum(each["value"] for each in stats))


def test_an_item_that_nobody_knows_tells_what_is_recorded_and_invents_nothing(
    account: Account, rows: dict[str, Row]
) -> None:
    unknown = [
        item for item in owned(account.profile) if str(item["itemHash"]) not in rows and "itemInstanceId" in item
    ]
    with_sockets = [item for item in unknown if account.of("sockets", item)]
    assert with_sockets
    for item in with_sockets:
        page = account.page(item)
        assert "is not known until the item itself is" in panel(page, "Perks").get_text()
        assert not any(name.startswith("Empty") for name in plug_names(page.select_one("main")))  # type: ignore[arg-type]
        assert pairs(panel(page, "This copy")).get("Slot") != "General", "the vault is no slot"
    assert any("3 empty sockets" in told(account.page(item)) for item in with_sockets)


def test_the_database_names_every_other_version_of_gear_that_was_issued_anew(
    live_server: str, rows: dict[str, Row]
) -> None:
    """The same name, kind, class and slot, whatever else is called so."""
    kin: dict[tuple[object, ...], list[int]] = {}
    for row in rows.values():
        if row["itemType"] in {2, 3} and not row["redacted"] and row["displayProperties"]["name"]:
            marks = (row["itemType"], row["itemSubType"], row["classType"], row["inventory"]["bucketTypeHash"])
            kin.setdefault((row["displayProperties"]["name"], *marks), []).append(row["hash"])
    several = [hashes for hashes in kin.values() if 1 < len(hashes) < 9]
    assert len(several) > 500
    for hashes in several[:: len(several) // 12]:
        page = Visitor(live_server).page(f"/database/{hashes[0]}")
        links = {str(link["href"]) for link in panel(page, "Other versions").select("a")}
        assert links == {f"/database/{each}" for each in hashes[1:]}
