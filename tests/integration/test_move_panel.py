"""What an item's page offers to do with it, by plain forms, and what a script is answered instead of a page."""

from __future__ import annotations

import pytest
import requests
from bs4 import BeautifulSoup, Tag

from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import POSTMASTER, VAULT, Player
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")

TITAN, HUNTER = "2305843009000000100", "2305843009000000101"
ACE_OF_SPADES, ENHANCEMENT_CORE = 347366834, 3853748946
KINETIC, CONSUMABLES, HELMET, QUESTS = 1498876634, 1469714392, 3448274439, 1345459588


def carried(player: Player, bucket_hash: int = KINETIC, owner: str = TITAN) -> list[Json]:
    return [item for item in player.carried(owner) if item["bucketHash"] == bucket_hash]


def panel(page: BeautifulSoup) -> Tag:
    found = page.select_one(".move-panel")
    assert found
    return found


def offered(page: BeautifulSoup) -> list[str]:
    """ "Move: Hunter" and the like, as they stand."""
    forms = panel(page).select("form[action='/moves']")
    return [f"{_title(form)}: {button.get_text()}" for form in forms for button in form.select("button")]


def _title(form: Tag) -> str:
    found = form.select_one(".move-title")
    assert found
    return found.get_text()


def press(visitor: Visitor, page: BeautifulSoup, label: str, headers: dict[str, str] | None = None, **fields: str):  # noqa: ANN201
    """Presses a button of the panel as a browser does: with all fields of its form and its own."""
    return send(visitor, panel(page), label, headers, **fields)


def send(visitor: Visitor, within: Tag, label: str, headers: dict[str, str] | None = None, **fields: str):  # noqa: ANN201
    button = next(each for each in within.select("button") if each.get_text() == label)
    form = button.find_parent("form")
    assert form
    values = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}
    values[str(button.get("name", ""))] = str(button.get("value", ""))
    address = visitor.site + str(form["action"])
    return visitor.session.post(address, data=values | fields, headers=headers, timeout=30)


def state(answer: requests.Response) -> str:
    found = soup(answer).select_one("[data-move]")
    assert found, answer.text[:500]
    return str(found["data-state"])


def store_of(player: Player, item: Json) -> str:
    found = player.find(item["itemInstanceId"])
    assert found
    return found[0].character_id or "vault"


def test_a_weapon_goes_to_every_character_and_the_vault_and_is_worn_by_anybody(
    visitor: Visitor, player: Player
) -> None:
    item = carried(player)[0]
    page = visitor.page(f"/items/{item['itemInstanceId']}")
    assert offered(page) == [
        "Move: Hunter", "Move: Warlock", "Move: Vault", "Wear: Titan", "Wear: Hunter", "Wear: Warlock",
    ]  # fmt: skip
    assert state(press(visitor, page, "Hunter")) == "done"
    assert store_of(player, item) == HUNTER


def test_armor_is_offered_to_wear_only_to_its_own_class(visitor: Visitor, player: Player) -> None:
    item = carried(player, HELMET)[0]
    wears = [each for each in offered(visitor.page(f"/items/{item['itemInstanceId']}")) if each.startswith("Wear")]
    assert wears == ["Wear: Titan"]


def test_what_is_worn_is_not_offered_to_be_worn_where_it_is(visitor: Visitor, player: Player) -> None:
    item = next(each for each in player.worn(TITAN) if each["bucketHash"] == KINETIC)
    assert "Wear: Titan" not in offered(visitor.page(f"/items/{item['itemInstanceId']}"))


def test_from_the_postmaster_an_item_is_collected(visitor: Visitor, player: Player) -> None:
    item = next(each for each in carried(player, POSTMASTER) if each["itemHash"] == ACE_OF_SPADES)
    page = visitor.page(f"/items/{item['itemInstanceId']}")
    assert offered(page) == ["Move: Collect from the postmaster"]
    assert state(press(visitor, page, "Collect from the postmaster")) == "done"
    assert item in carried(player)


def test_any_quantity_of_a_stack_is_sent(visitor: Visitor, player: Player) -> None:
    stack = next(each for each in player.account_items() if each["bucketHash"] == CONSUMABLES and each["quantity"] > 5)
    page = visitor.page(f"/items/{stack['itemHash']}")
    field = panel(page).select_one("input[name=quantity]")
    assert field
    assert int(str(field["max"])) >= stack["quantity"]
    before = vaulted(player, stack["itemHash"])
    assert state(press(visitor, page, "Vault", quantity="2")) == "done"
    assert vaulted(player, stack["itemHash"]) == before + 2


def test_pieces_are_sent_from_every_place_that_they_lie_in(visitor: Visitor, player: Player) -> None:
    path = f"/items/{ENHANCEMENT_CORE}"
    assert offered(visitor.page(path)) == [
        "Move from your account: Vault",
        "Move from the vault: Account-wide inventory",
        "Move from the postmaster of Titan: Collect from the postmaster",
    ]
    stored = vaulted(player, ENHANCEMENT_CORE)
    form = panel(visitor.page(path)).select("form[action='/moves']")[1]
    assert [str(each["max"]) for each in form.select("input[name=quantity]")] == [str(stored)]
    answer = send(visitor, form, "Account-wide inventory", quantity="7")
    assert state(answer) == "done"
    step = soup(answer).select_one("[data-step]")
    assert step
    told = step.get_text(" ", strip=True)
    assert told.startswith("7 \N{MULTIPLICATION SIGN} Enhancement Core from the vault to your account")
    assert vaulted(player, ENHANCEMENT_CORE) == stored - 7
    form = panel(visitor.page(path)).select("form[action='/moves']")[2]
    assert state(send(visitor, form, "Collect from the postmaster")) == "done"
    assert ENHANCEMENT_CORE not in {each["itemHash"] for each in carried(player, POSTMASTER)}


def test_another_button_of_the_same_page_is_another_move(visitor: Visitor, player: Player) -> None:
    item = carried(player)[0]
    page = visitor.page(f"/items/{item['itemInstanceId']}")
    told = [press(visitor, page, label).url for label in ("Hunter", "Hunter", "Vault")]
    assert told[0] == told[1] != told[2]
    assert store_of(player, item) == "vault"


def vaulted(player: Player, item_hash: int) -> int:
    stored = (each for each in player.account_items() if each["bucketHash"] == VAULT)
    return sum(each["quantity"] for each in stored if each["itemHash"] == item_hash)


def test_locking_is_a_button_that_says_what_it_does(visitor: Visitor, player: Player) -> None:
    item = next(each for each in carried(player) if each.get("lockable") and not each["state"] & 1)
    path = f"/items/{item['itemInstanceId']}"
    assert state(press(visitor, visitor.page(path), "Lock")) == "done"
    assert item["state"] & 1
    assert state(press(visitor, visitor.page(path), "Unlock")) == "done"
    assert not item["state"] & 1


def test_a_quest_can_be_tracked_and_goes_nowhere(visitor: Visitor, player: Player) -> None:
    owners = (item for owner in player.character_ids for item in carried(player, QUESTS, owner))
    quest = next(each for each in owners if "itemInstanceId" in each and not each["state"] & 2)
    page = visitor.page(f"/items/{quest['itemInstanceId']}")
    assert offered(page) == []
    assert state(press(visitor, page, "Track")) == "done"
    assert quest["state"] & 2


def test_what_would_happen_is_a_link_beside_every_button(visitor: Visitor, player: Player) -> None:
    item = carried(player)[0]
    links = panel(visitor.page(f"/items/{item['itemInstanceId']}")).select(".move-previews a")
    assert len(links) == 6
    assert len(visitor.page(str(links[0]["href"])).select("[data-step]")) == 2


def test_a_script_is_told_how_the_move_stands_without_a_page_around_it(visitor: Visitor, player: Player) -> None:
    page = visitor.page(f"/items/{carried(player)[0]['itemInstanceId']}")
    answer = press(visitor, page, "Vault", headers={"HX-Request": "true"})
    assert (answer.status_code, state(answer), answer.history) == (200, "done", [])
    assert "<html" not in answer.text
    assert "HX-Request" in answer.headers["Vary"]
    again = visitor.get(f"/moves/{soup(answer).select_one('[data-move]')['data-move']}", headers={"HX-Request": "true"})  # type: ignore[index]
    assert "<html" not in again.text
    assert state(again) == "done"


def test_a_script_is_told_why_a_move_was_refused(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    sandbox.app.state.faults.set(in_activity=True)
    page = visitor.page(f"/items/{carried(player)[0]['itemInstanceId']}")
    answer = press(visitor, page, "Titan", headers={"HX-Request": "true"})
    assert state(answer) == "failed"
    assert "orbit" in answer.text
