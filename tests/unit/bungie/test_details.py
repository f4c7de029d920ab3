"""The bulky rest of a profile is read a piece at a time: what was not sent stays unknown, what is odd costs itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bungie.details import FreshDetails
from app.inventory.items import ItemDetails, Objective, PlugChoice, Socket
from app.inventory.profile import Details, LoadoutItem, Progression, Record
from app.services import profile_codec
from tests.builders import item

COPY, STACK = item(1, "6917529034000000001"), item(77, owner="9")
NO_HASH = 2166136261

OBJECTIVE = {"objectiveHash": 5, "progress": 3, "completionValue": 10, "complete": False, "visible": True}
ROWS = {
    "stats": {"stats": {"4284893193": {"statHash": 4284893193, "value": 140}}},
    "sockets": {"sockets": [{"plugHash": 9, "isEnabled": True, "isVisible": True}, {}, None]},
    "reusablePlugs": {"plugs": {"3": [{"plugItemHash": 8, "canInsert": True, "enabled": False}]}},
    "objectives": {"objectives": [OBJECTIVE]},
    "plugObjectives": {"objectivesPerPlug": {"9": [OBJECTIVE]}},
}
BODY = {
    "itemComponents": {name: {"data": {COPY.instance_id: row}} for name, row in ROWS.items()},
    "characterProgressions": {
        "data": {
            "9": {
                "progressions": {"6": {"level": 2, "levelCap": -1, "progressToNextLevel": 4, "nextLevelAt": 50}},
                "uninstancedItemObjectives": {"77": [OBJECTIVE]},
            }
        }
    },
    "characterLoadouts": {
        "data": {
            "9": {
                "loadouts": [
                    {"nameHash": 4, "iconHash": NO_HASH, "items": [{"itemInstanceId": "0"}]},
                    {"items": [{"itemInstanceId": "12", "plugItemHashes": [7, NO_HASH]}]},
                ]
            }
        }
    },
    "profileRecords": {"data": {"records": {"31": {"state": 4, "objectives": [OBJECTIVE]}}}},
    "characterRecords": {"data": {"9": {"records": {"32": {"state": 67, "completedCount": 2}}}}},
}
PROGRESS = (Objective(5, 3, 10, False, True),)


@pytest.fixture(params=["just received", "remembered"])
def details(request: pytest.FixtureRequest) -> Details:
    fresh = FreshDetails(BODY)
    if request.param == "just received":
        return fresh
    return profile_codec.ZippedDetails(lambda: profile_codec.zipped(fresh))


def test_everything_about_a_copy_is_there(details: Details) -> None:
    assert details.item(COPY) == ItemDetails(
        stats={4284893193: 140},
        sockets=(Socket(9, True, True), Socket(0, False, False), Socket(0, False, False)),
        choices={3: (PlugChoice(8, True, False),)},
        objectives=PROGRESS,
        plug_objectives={9: PROGRESS},
    )


def test_a_copy_that_no_component_names_is_unknown_in_every_part(details: Details) -> None:
    assert details.item(item(1, "2")) == ItemDetails()


def test_a_stack_s_objectives_are_those_of_the_character_who_carries_it(details: Details) -> None:
    assert details.item(STACK).objectives == PROGRESS
    assert details.item(STACK._replace(owner="8")).objectives is None


def test_objectives_of_stacks_are_found_in_the_other_place_too() -> None:
    loose = {"9": {"objectives": {"data": {"77": {"objectives": [OBJECTIVE]}}}}}
    assert FreshDetails({"characterUninstancedItemComponents": loose}).item(STACK).objectives == PROGRESS


def test_loadouts_keep_their_slot_and_know_nothing_of_bungie_s_two_spellings_of_none(details: Details) -> None:
    unused, used = details.loadouts("9") or ()
    assert (unused.slot, unused.name_hash, unused.icon_hash, unused.items) == (0, 4, 0, ())
    assert (used.slot, used.items) == (1, (LoadoutItem("12", (7, 0)),))
    assert details.loadouts("8") is None


def test_ranks_and_records_are_found_by_hash(details: Details) -> None:
    assert details.progressions("9") == {6: Progression(2, -1, 4, 50, 0, 0)}
    pattern, title = details.record(31), details.record(32, "9")
    assert (pattern, pattern and pattern.is_complete) == (Record(4, 0, PROGRESS), False)
    assert (title, title and title.is_complete) == (Record(67, 2, ()), True)
    assert (details.record(32), details.record(33)) == (None, None)


def test_an_emblem_shows_the_statistic_that_was_chosen_and_the_one_that_it_was_made_for() -> None:
    chosen, own = OBJECTIVE | {"objectiveHash": 6}, OBJECTIVE | {"objectiveHash": 7}
    emblem = {"itemInstanceId": COPY.instance_id, "metricHash": 4, "metricObjective": chosen}
    worn = {"characterEquipment": {"data": {"9": {"items": [None, {}, emblem]}}}}
    row = {"objectives": {"data": {COPY.instance_id: {"objectives": [], "flavorObjective": own}}}}
    told = [each.hash for each in FreshDetails(worn | {"itemComponents": row}).item(COPY).shows]
    assert told == [6, 7]
    row["objectives"]["data"][COPY.instance_id]["flavorObjective"] = chosen
    assert [each.hash for each in FreshDetails(worn | {"itemComponents": row}).item(COPY).shows] == [6]


def test_an_entry_that_shows_no_statistic_adds_none() -> None:
    none = {"objectiveHash": 0, "complete": False, "visible": False}
    entry = {"itemInstanceId": COPY.instance_id, "metricObjective": none}
    assert FreshDetails({"profileInventory": {"data": {"items": [entry]}}}).item(COPY) == ItemDetails()


def test_a_record_with_intervals_tells_its_progress_from_them() -> None:
    records = {"31": {"state": 4, "objectives": [], "intervalObjectives": [OBJECTIVE]}}
    assert FreshDetails({"profileRecords": {"data": {"records": records}}}).record(31) == Record(4, 0, PROGRESS)


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just([None, 1, {}]) | st.just({"1": None})


@given(odd=ODD, depth=st.integers(0, 3))
def test_odd_rows_are_read_as_little_or_nothing(odd: object, depth: int) -> None:
    row: object = odd
    for name in ["plugs", "objectives", "loadouts"][:depth]:
        row = {name: row, "objectivesPerPlug": row, "stats": row, "sockets": row, "progressions": row, "records": row}
    components = {name: {"data": {COPY.instance_id: row}} for name in ROWS}
    rest = {name: {"data": {"9": row}} for name in ("characterProgressions", "characterLoadouts", "characterRecords")}
    loose = {"characterUninstancedItemComponents": {"9": row}, "profileRecords": {"data": row}}
    details = FreshDetails({"itemComponents": components, **rest, **loose})
    assert isinstance(details.item(COPY), ItemDetails)
    assert isinstance(details.item(STACK), ItemDetails)
    details.loadouts("9")
    details.progressions("9")
    details.record(1, "9")
