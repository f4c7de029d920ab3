"""The game's own loadouts: worn, saved, named, cleared and brought together, by real forms against Bungie's rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.wiring import Services
from tests.integration.loadout_support import (
    HUNTER,
    KINETIC,
    TITAN,
    belongings,
    finished,
    post,
    sockets,
    state,
    worn,
)
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")

PAGE = f"/characters/{TITAN}/loadouts"
NO_HASH = 2166136261
LOOKS = {"name_hash": "1693821588", "icon_hash": "2681395359", "color_hash": "3871954969"}


@pytest.fixture
def visitor(live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned = belongings(player)
    yield signed_in
    assert belongings(player) == owned
    signed_in.session.close()


def saved(player: Player, slot: int, owner: str = TITAN) -> dict[str, Any]:
    loadouts = (player.data("characterLoadouts") or {})[owner]["loadouts"]
    found: dict[str, Any] = loadouts[slot]
    return found


def worn_ids(player: Player, owner: str = TITAN) -> set[str]:
    return {item["itemInstanceId"] for item in player.worn(owner) if "itemInstanceId" in item}


def test_every_slot_is_listed_with_its_name_and_how_it_stands(visitor: Visitor, player: Player) -> None:
    page = visitor.page(PAGE)
    slots = page.select(".build")
    assert len(slots) == len((player.data("characterLoadouts") or {})[TITAN]["loadouts"])
    texts = [each.get_text(" ", strip=True) for each in slots]
    assert "Everything is on this character." in texts[0]
    assert "has to be fetched" in texts[1] or "have to be fetched" in texts[1]
    assert "does not exist any more" in texts[2]
    assert "Empty." in texts[-1]


def test_a_slot_is_called_by_its_number_and_name_and_by_its_number_alone_without_one(visitor: Visitor) -> None:
    titles = [each.get_text() for each in visitor.page(PAGE).select(".build h2")]
    assert titles[:4] == ["1. Raid", "2. Strikes", "3. Duels", "Loadout 4"]


def with_plugs(player: Player) -> None:
    """The first loadout, which is worn, also holds what sits in the sockets, as the game saves it."""
    for each in saved(player, 0)["items"]:
        rows = sockets(player, each)
        each["plugItemHashes"] = [row.get("plugHash", NO_HASH) for row in rows]


def test_what_cannot_be_worn_together_and_which_mods_are_in_it_are_told(
    visitor: Visitor, player: Player, services: Services
) -> None:
    with_plugs(player)
    services.profiles.renew(1, player.membership_type, player.membership_id)
    slots = visitor.page(PAGE).select(".build")
    assert "only one exotic of a kind can be worn" in slots[1].get_text()  # the demo's are three exotic weapons
    assert slots[0].select(".build-plugs li")
    assert not slots[0].select(".build-wrong")


def test_a_piece_that_is_gone_leads_nowhere(visitor: Visitor) -> None:
    gone = visitor.page(PAGE).select(".build-piece.is-gone")
    assert gone
    assert all("A piece that is gone" in each.get_text() for each in gone)
    assert not [link for each in gone for link in each.select("a")]


def test_a_saved_one_can_be_kept_here_with_its_mods(visitor: Visitor, player: Player, services: Services) -> None:
    pieces = saved(player, 0)["items"]
    with_plugs(player)
    services.profiles.renew(1, player.membership_type, player.membership_id)
    answer = post(visitor, f"{PAGE}/0/keep")
    page = soup(answer)
    assert "/loadouts/" in answer.url
    assert page.select_one("h1").get_text(" ", strip=True) == "Raid Titan"  # type: ignore[union-attr]
    assert len(page.select(".build-piece")) == len(pieces)
    assert page.select(".build-plugs li")
    assert saved(player, 0)["items"] == pieces
    post(visitor, f"{PAGE}/1/keep")
    assert len(visitor.page("/loadouts").select(".build")) == 2


def test_wearing_one_puts_on_what_the_game_can(visitor: Visitor, player: Player, services: Services) -> None:
    pieces = {each["itemInstanceId"] for each in saved(player, 1)["items"]}
    answer = post(visitor, f"{PAGE}/1/equip", key="wear-the-second")
    page = finished(visitor, services, answer)
    assert state(page) == "done", page.get_text()
    assert "In-game loadout 2 on Titan" in page.get_text()
    assert len(pieces - worn_ids(player)) == 2  # three of them are exotic weapons
    told = visitor.everything()
    assert all(told[each["itemHash"], each["itemInstanceId"], 1] == 1 for each in player.worn(TITAN))


def test_in_an_activity_it_is_refused_in_words(
    visitor: Visitor, services: Services, sandbox: SandboxServer, player: Player
) -> None:
    before = worn_ids(player)
    sandbox.app.state.faults.set(in_activity=True)
    page = finished(visitor, services, post(visitor, f"{PAGE}/1/equip", key="in-an-activity"))
    assert state(page) == "failed"
    assert "orbit" in page.get_text()
    assert worn_ids(player) == before


def test_an_answer_that_got_lost_is_looked_after_not_repeated(
    visitor: Visitor, services: Services, sandbox: SandboxServer, player: Player
) -> None:
    pieces = {each["itemInstanceId"] for each in saved(player, 1)["items"]}
    sandbox.app.state.faults.set(reset_after={"path": "*/EquipLoadout/", "times": 1})
    page = finished(visitor, services, post(visitor, f"{PAGE}/1/equip", key="the-line-broke"))
    assert state(page) == "done", page.get_text()
    assert sandbox.app.state.requests.counts["equip_loadout"] <= 1
    assert len(pieces & worn_ids(player)) == 2  # of the three exotic weapons one


def test_pieces_are_brought_without_wearing_them(visitor: Visitor, player: Player, services: Services) -> None:
    before, pieces = worn_ids(player), {each["itemInstanceId"] for each in saved(player, 1)["items"]}
    page = finished(visitor, services, post(visitor, f"{PAGE}/1/prepare", key="bring-them-all"))
    assert state(page) == "done", page.get_text()
    assert {player.find(each)[0].character_id for each in pieces} == {TITAN}  # type: ignore[index]
    assert worn_ids(player) == before
    assert "already" in post(visitor, f"{PAGE}/1/prepare", key="bring-them-twice").text


def test_what_is_worn_is_saved_under_a_name(visitor: Visitor, player: Player) -> None:
    answer = post(visitor, f"{PAGE}/9/save", **LOOKS)
    assert "Saved what the character wears" in answer.text
    found = saved(player, 9)
    assert {each["itemInstanceId"] for each in found["items"]} == worn_ids(player)
    assert [found[each] for each in ("nameHash", "iconHash", "colorHash")] == [int(each) for each in LOOKS.values()]
    assert "Everything is on this character." in visitor.page(PAGE).select(".build")[9].get_text()


def test_naming_changes_nothing_but_the_looks(visitor: Visitor, player: Player) -> None:
    before = saved(player, 0)["items"]
    post(visitor, f"{PAGE}/0/rename", **LOOKS)
    assert saved(player, 0)["items"] == before
    assert saved(player, 0)["nameHash"] == int(LOOKS["name_hash"])
    assert "Duels" in visitor.page(PAGE).select(".build")[0].get_text()


def test_looks_that_are_left_as_they_are_stay(visitor: Visitor, player: Player) -> None:
    before = saved(player, 0)["iconHash"]
    post(visitor, f"{PAGE}/0/rename", **LOOKS | {"icon_hash": "0"})
    assert saved(player, 0)["iconHash"] == before


def test_a_cleared_slot_is_empty(visitor: Visitor, player: Player) -> None:
    assert "Cleared." in post(visitor, f"{PAGE}/0/clear").text
    assert saved(player, 0) == {"items": [], "nameHash": NO_HASH, "iconHash": NO_HASH, "colorHash": NO_HASH}


def test_a_change_whose_answer_got_lost_is_seen(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    sandbox.app.state.faults.set(reset_after={"path": "*/ClearLoadout/", "times": 1})
    assert "Cleared." in post(visitor, f"{PAGE}/0/clear").text
    assert sandbox.app.state.requests.counts["clear_loadout"] == 1


def test_a_change_that_never_reached_the_game_is_told(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    before = saved(player, 0)["items"]
    visitor.page(PAGE)
    sandbox.app.state.faults.set(maintenance="api")
    answer = post(visitor, f"{PAGE}/0/clear")
    assert answer.status_code == 200
    assert "Cleared." not in answer.text
    sandbox.app.state.faults.clear()
    assert saved(player, 0)["items"] == before


def test_changes_that_follow_one_another_wait_for_the_games_pace(visitor: Visitor, player: Player) -> None:
    post(visitor, f"{PAGE}/0/clear")
    assert "Cleared." in post(visitor, f"{PAGE}/1/clear").text
    assert not saved(player, 1)["items"]


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/99/equip", {"key": "k" * 8}, 404),
        ("/9/equip", {"key": "k" * 8}, 404),  # empty
        ("/9/prepare", {"key": "k" * 8}, 404),
        ("/99/save", LOOKS, 404),
        ("/9/keep", {}, 404),
        ("/99/clear", {}, 404),
        ("/x/clear", {}, 404),
        ("/0/save", {}, 400),
        ("/0/rename", LOOKS | {"name_hash": "-1"}, 400),
        ("/0/rename", LOOKS | {"name_hash": "99999999999"}, 400),
        ("/0/equip", {"key": "short"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(
    visitor: Visitor, sandbox: SandboxServer, path: str, fields: dict[str, str], status: int
) -> None:
    assert post(visitor, PAGE + path, **fields).status_code == status
    counts = sandbox.app.state.requests.counts
    assert not any(counts[each] for each in ("equip_loadout", "snapshot_loadout", "update_loadout", "clear_loadout"))


def test_somebody_elses_character_answers_like_nobodys(
    visitor: Visitor, sandbox: SandboxServer, live_server: str
) -> None:
    stranger = Visitor(live_server)
    stranger.sign_in(list(sandbox.app.state.players)[-1])
    for owner in (HUNTER, "1", "vault"):
        assert stranger.get(f"/characters/{owner}/loadouts").status_code == 404
        assert post(stranger, f"/characters/{owner}/loadouts/0/clear").status_code == 404
        for action in ("equip", "prepare"):
            assert post(stranger, f"/characters/{owner}/loadouts/0/{action}", key="k" * 8).status_code == 404
        assert post(stranger, f"/characters/{owner}/loadouts/0/keep").status_code == 404
        for action in ("save", "rename"):
            assert post(stranger, f"/characters/{owner}/loadouts/0/{action}", **LOOKS).status_code == 404
    assert worn(next(iter(sandbox.app.state.players.values())), KINETIC)
