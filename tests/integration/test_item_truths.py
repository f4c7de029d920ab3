"""Nothing on an item's page is said to be missing that never was, or told that is not so: accounts of many years."""

from __future__ import annotations

from typing import Any

import pytest

from app.sandbox import SandboxServer
from tests.integration import test_item_facts as facts
from tests.integration.test_item_page import objectives, pairs, panel
from tests.shared import requires_shared
from tests.visitor import Visitor

pytestmark = [requires_shared, pytest.mark.usefixtures("definitions")]
world, rows = facts.world, facts.rows

OF_2020 = "4611686018409642785"
TRACKER_OFF, TRACKERS = 2285418970, {905869860, 2302094943}
NOT_COUNTED = "did not send what this copy counts"
NO_POWER = "did not send this copy's power and element"
AIM_ASSISTANCE, POWER = "1345609583", "1935470627"


@pytest.fixture
def account_of(live_server: str, sandbox: SandboxServer, rows: dict[str, facts.Row]) -> Any:
    def entered(membership_id: str) -> facts.Account:
        return facts.Account(live_server, sandbox.app.state.players[membership_id].components, membership_id, rows)

    return entered


def plugs_of(account: facts.Account, item: facts.Row) -> set[int]:
    return {each.get("plugHash", 0) for each in account.of("sockets", item).get("sockets", ())}


def test_an_emblem_tells_the_statistic_that_its_owner_chose(account_of: Any) -> None:
    account = account_of(facts.OF_2021)
    ((item, _),) = list(account.found(lambda _row, item: item.get("metricHash")))
    told = objectives(panel(account.page(item), "Shown to others"))
    assert [(" ".join(text.split()), value) for text, value in told.items()] == [
        ("Total final blows. Tracks from Season 1 onward.", "349,272")
    ]


def test_only_a_tracker_that_counts_lacks_its_count(account_of: Any) -> None:
    account = account_of(facts.OF_2021)
    off, _ = next(account.found(lambda _row, item: TRACKER_OFF in plugs_of(account, item)))
    on, _ = next(account.found(lambda _row, item: TRACKERS & plugs_of(account, item)))
    assert NOT_COUNTED not in facts.told(account.page(off))
    assert NOT_COUNTED in facts.told(account.page(on))


def test_only_what_has_power_lacks_it(account_of: Any) -> None:
    account = account_of(facts.OF_2025)
    for kind, lacks in ((3, True), (2, True), (14, False), (21, False), (16, False), (12, False)):
        item, _ = next(account.found(lambda row, _item, kind=kind: row["itemType"] == kind))
        assert (NO_POWER in facts.told(account.page(item))) is lacks, kind


def test_the_power_that_a_kind_was_made_with_is_no_number_of_a_copy(account_of: Any) -> None:
    account = account_of(OF_2020)
    with_power = account.found(
        lambda row, _item: row["itemType"] == 2 and POWER in row.get("stats", {}).get("stats", {})
    )
    pages = [account.page(item) for item, _ in list(with_power)[:12]]
    assert len(pages) == 12
    assert not any("Power" in facts.numbers(page) for page in pages if page.select(".bars"))
    item, _ = next(account.found(lambda row, _item: row["itemType"] == 3 and row.get("stats", {}).get("stats")))
    assert "these are the basic ones" in facts.told(account.page(item))


def test_an_empty_socket_says_what_fits_into_it(account_of: Any, rows: dict[str, facts.Row]) -> None:
    account = account_of(facts.OF_2021)
    kind = "enhancements.raid_descent"
    raid = {int(key) for key, row in rows.items() if row.get("plug", {}).get("plugCategoryIdentifier") == kind}
    item, _ = next(account.found(lambda row, item: facts.is_armor(row, item) and raid & plugs_of(account, item)))
    assert "Deep Stone Crypt Raid Mod" in panel(account.page(item), "Mods").get_text()


def test_champions_are_called_what_players_call_them(account_of: Any) -> None:
    account = account_of(facts.TODAY)
    names = {1: "Barrier champions", 2: "Overload champions", 3: "Unstoppable champions"}
    item, row = next(account.found(lambda row, item: facts.is_weapon(row, item) and row.get("breakerType")))
    assert pairs(panel(account.page(item), "This copy"))["Stops"].startswith(names[row["breakerType"]])


def test_a_subclass_tells_its_element_and_one_of_all_elements_tells_none(
    live_server: str, rows: dict[str, facts.Row]
) -> None:
    visitor, told = Visitor(live_server), {}
    for row in rows.values():
        if row["itemType"] == 16 and row["talentGrid"]["hudDamageType"] not in told:
            hero = visitor.page(f"/database/{row['hash']}").select_one(".item-power")
            told[row["talentGrid"]["hudDamageType"]] = hero.get_text(strip=True) if hero else ""
    assert told == {1: "", 2: "Arc", 3: "Solar", 4: "Void", 6: "Stasis", 7: "Strand"}


def test_a_number_that_bungie_leaves_out_is_added_up_and_says_so(
    sandbox: SandboxServer, account_of: Any, rows: dict[str, facts.Row]
) -> None:
    sent = sandbox.app.state.players[facts.TODAY].components["itemComponents"]["stats"]["data"]
    left_out = {
        copy: row["stats"].pop(AIM_ASSISTANCE)["value"] for copy, row in sent.items() if AIM_ASSISTANCE in row["stats"]
    }
    account, told = account_of(facts.TODAY), []
    for item, _ in account.found(lambda row, _item: row["itemType"] == 3 and row.get("investmentStats")):
        page = account.page(item)
        if "Aim Assistance" in facts.numbers(page):
            assert "are added up from what is in the sockets" in facts.told(page)
            shown = int(facts.numbers(page)["Aim Assistance"].split()[0])
            told.append(shown == left_out[item["itemInstanceId"]])
    assert len(told) > 4
    assert all(told)


def test_what_the_first_year_s_gear_can_be_is_told(live_server: str, rows: dict[str, facts.Row]) -> None:
    row = rows["2014642399"]  # The Forward Path, whose barrels and magazines the item itself lists
    listed = [each["plugItemHash"] for each in row["sockets"]["socketEntries"][1]["reusablePlugItems"]]
    names = [rows[str(each)]["displayProperties"]["name"] for each in listed if str(each) in rows]
    rolls = panel(Visitor(live_server).page("/database/2014642399"), "All possible rolls").get_text()
    assert len(names) > 1
    assert all(name in rolls for name in names)
