"""Moving, wearing and locking by real forms: the stand-in Bungie has done it, pages say so, and nothing is lost."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests
from bs4 import BeautifulSoup

from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import POSTMASTER, VAULT, Player
from app.wiring import Services
from config import Settings
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")

TITAN, HUNTER = "2305843009000000100", "2305843009000000101"
ACE_OF_SPADES = 347366834
KINETIC, CONSUMABLES = 1498876634, 1469714392
TRANSFERS = "*/Items/TransferItem/"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bungie is asked again soon after trouble."""
    bungie = replace(settings.bungie, pause_s=1, player_pause_s=1, outage_look_s=1)
    return replace(settings, bungie=bungie)


@pytest.fixture
def visitor(live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned = belongings(player)
    yield signed_in
    assert belongings(player) == owned  # whatever a test does, nothing is lost or doubled
    signed_in.session.close()


def belongings(player: Player) -> Counter[tuple[int, str]]:
    owned: Counter[tuple[int, str]] = Counter()
    for place in player.places():
        for item in place.items:
            owned[item["itemHash"], item.get("itemInstanceId", "")] += item["quantity"]
    return owned


def post(visitor: Visitor, path: str, **fields: str) -> requests.Response:
    """A form with a fresh token, as a page would send it. `from_` stands for `from`."""
    token = visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    sent = {name.removesuffix("_"): value for name, value in fields.items()}
    return visitor.session.post(visitor.site + path, data={"csrf_token": str(token["value"])} | sent, timeout=30)


def move(visitor: Visitor, item: Json, source: str, target: str, **more: str) -> BeautifulSoup:
    name = item.get("itemInstanceId") or str(item["itemHash"])
    fields = {"item": name, "from_": source, "to": target, "quantity": "1", "equip": "0", "key": secrets.token_hex(8)}
    answer = post(visitor, "/moves", **fields | more)
    assert (answer.status_code, [each.status_code for each in answer.history]) == (200, [303]), answer.text[:500]
    return soup(answer)


def state(page: BeautifulSoup) -> str:
    found = page.select_one("[data-move]")
    assert found
    return str(found["data-state"])


def steps(page: BeautifulSoup) -> list[str]:
    return [str(each["data-step"]) for each in page.select("[data-step]")]


def carried(player: Player, bucket_hash: int = KINETIC, owner: str = TITAN) -> list[Json]:
    return [item for item in player.carried(owner) if item["bucketHash"] == bucket_hash]


def store_of(player: Player, item: Json) -> str:
    found = player.find(item["itemInstanceId"])
    assert found
    return found[0].character_id or ("vault" if found[1]["bucketHash"] == VAULT else "account")


def shown_at(visitor: Visitor, path: str, item: Json) -> bool:
    return bool(visitor.page(path).select(f'[data-item-id="{item["itemInstanceId"]}"]'))


def asked(sandbox: SandboxServer) -> int:
    """How often Bungie was asked to transfer something."""
    return sandbox.app.state.requests.counts["transfer"]


def test_a_move_has_happened_when_its_form_answers(visitor: Visitor, player: Player) -> None:
    item = carried(player)[0]
    page = move(visitor, item, TITAN, HUNTER)
    assert (state(page), steps(page)) == ("done", ["done", "done"])
    assert store_of(player, item) == HUNTER


def test_the_pages_show_a_move_at_once_and_go_on_showing_it_while_bungie_tells_the_past(
    visitor: Visitor, player: Player, sandbox: SandboxServer, services: Services
) -> None:
    sandbox.app.state.faults.set(stale_reads_s=60.0)
    item = carried(player)[0]
    assert shown_at(visitor, f"/characters/{TITAN}", item)
    assert state(move(visitor, item, TITAN, "vault")) == "done"
    for _ in range(3):
        assert shown_at(visitor, "/vault", item)
        assert not shown_at(visitor, f"/characters/{TITAN}", item)
        services.profiles.renew(1, player.membership_type, player.membership_id)  # an answer from before the move


def test_wearing_swaps_and_says_so(visitor: Visitor, player: Player) -> None:
    item = next(each for each in carried(player) if (player.instance_data("instances", each["itemInstanceId"]) or {}))
    assert state(move(visitor, item, TITAN, TITAN, equip="1")) == "done"
    assert item["itemInstanceId"] in [each.get("itemInstanceId") for each in player.worn(TITAN)]


def test_locking_and_unlocking(visitor: Visitor, player: Player) -> None:
    item = next(each for each in carried(player) if each.get("lockable") and not each["state"] & 1)
    path = f"/items/{item['itemInstanceId']}/lock"
    assert state(soup(post(visitor, path, locked="1"))) == "done"
    assert item["state"] & 1
    assert state(soup(post(visitor, path, locked="0"))) == "done"
    assert not item["state"] & 1


def test_pieces_of_a_stack_move_and_the_rest_stays(visitor: Visitor, player: Player) -> None:
    stack = next(each for each in player.account_items() if each["bucketHash"] == CONSUMABLES and each["quantity"] > 5)
    before = sum(each["quantity"] for each in player.account_items() if each["itemHash"] == stack["itemHash"])
    assert state(move(visitor, stack, TITAN, "vault", quantity="3")) == "done"
    vaulted = [each for each in player.account_items() if each["itemHash"] == stack["itemHash"]]
    assert sum(each["quantity"] for each in vaulted) == before
    assert sum(each["quantity"] for each in vaulted if each["bucketHash"] == VAULT) >= 3


def test_from_the_postmaster(visitor: Visitor, player: Player) -> None:
    item = next(each for each in carried(player, POSTMASTER) if each["itemHash"] == ACE_OF_SPADES)
    page = move(visitor, item, TITAN, "vault")
    assert state(page) == "done"
    assert store_of(player, item) == "vault"


def test_twenty_identical_forms_at_once_are_one_move(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    item, token = carried(player)[0], visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    form = {
        "csrf_token": str(token["value"]), "item": item["itemInstanceId"], "from": TITAN, "to": "vault",
        "quantity": "1", "equip": "0", "key": "the-same-key",
    }  # fmt: skip

    def send(_number: int) -> str:
        copied = requests.Session()
        copied.cookies.update(visitor.session.cookies)
        with copied:
            answer = copied.post(visitor.site + "/moves", data=form, timeout=30, allow_redirects=False)
            return f"{answer.status_code} {answer.headers.get('Location')}"

    with ThreadPoolExecutor(20) as crowd:
        answers = set(crowd.map(send, range(20)))
    assert len(answers) == 1, answers
    assert answers.pop().startswith("303 /moves/")
    assert asked(sandbox) == 1


def test_an_answer_that_got_lost_is_looked_after_and_not_asked_again(
    visitor: Visitor, player: Player, sandbox: SandboxServer
) -> None:
    item = carried(player)[0]
    sandbox.app.state.faults.set(reset_after={"path": TRANSFERS, "times": 1})
    assert state(move(visitor, item, TITAN, "vault")) == "done"
    assert (store_of(player, item), asked(sandbox)) == ("vault", 1)


def test_what_surely_did_not_happen_is_planned_anew(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    item = carried(player)[0]
    sandbox.app.state.faults.set(reset={"path": TRANSFERS, "times": 1})
    assert state(move(visitor, item, TITAN, "vault")) == "done"
    assert store_of(player, item) == "vault"


def test_pieces_of_a_stack_are_not_moved_twice_when_the_answer_got_lost(
    visitor: Visitor, player: Player, sandbox: SandboxServer
) -> None:
    stack = next(each for each in player.account_items() if each["bucketHash"] == CONSUMABLES and each["quantity"] > 8)
    item_hash, before = stack["itemHash"], vaulted_pieces(player, stack["itemHash"])
    sandbox.app.state.faults.set(reset_after={"path": TRANSFERS, "times": 1})
    assert state(move(visitor, stack, "account", "vault", quantity="3")) == "done"
    assert vaulted_pieces(player, item_hash) == before + 3


def vaulted_pieces(player: Player, item_hash: int) -> int:
    stored = (each for each in player.account_items() if each["bucketHash"] == VAULT)
    return sum(each["quantity"] for each in stored if each["itemHash"] == item_hash)


def test_in_an_activity_nothing_is_put_on_and_the_reason_is_told(
    visitor: Visitor, player: Player, sandbox: SandboxServer
) -> None:
    sandbox.app.state.faults.set(in_activity=True)
    page = move(visitor, carried(player)[0], TITAN, TITAN, equip="1")
    assert state(page) == "failed"
    assert "orbit" in page.get_text()


def test_a_vault_that_is_fuller_than_it_looks_is_learned_and_relieved(
    visitor: Visitor, player: Player, sandbox: SandboxServer
) -> None:
    stored = sum(each["bucketHash"] == VAULT for each in player.account_items())
    capacity = sandbox.app.state.definitions.bucket(VAULT)
    assert capacity
    sandbox.app.state.faults.set(hidden_vault_items=capacity.capacity - stored)
    item = carried(player)[0]
    page = move(visitor, item, TITAN, "vault")
    assert state(page) == "done", page.get_text()
    assert "to make room" in page.get_text()
    assert store_of(player, item) == "vault"


def test_while_bungie_is_away_nothing_is_moved_later_behind_ones_back(
    visitor: Visitor, player: Player, sandbox: SandboxServer
) -> None:
    item = carried(player)[0]
    visitor.page("/vault")
    sandbox.app.state.faults.set(maintenance="api")
    page = move(visitor, item, TITAN, "vault")
    assert state(page) == "failed"
    assert "nothing was moved" in page.get_text()
    sandbox.app.state.faults.clear()
    assert store_of(player, item) == TITAN


def test_an_item_that_was_moved_in_the_game_meanwhile_is_found(
    visitor: Visitor, player: Player, sandbox: SandboxServer
) -> None:
    item = carried(player)[0]
    visitor.page("/vault")
    player.carried(TITAN).remove(item)
    player.account_items().append(item | {"bucketHash": VAULT, "location": 2})
    assert state(move(visitor, item, TITAN, HUNTER)) == "done"
    assert store_of(player, item) == HUNTER


def test_many_items_are_the_workers_and_can_be_undone(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    items = carried(player)[:3]
    named = [("item", each["itemInstanceId"]) for each in items]
    token = visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    form = [("csrf_token", str(token["value"])), ("to", "vault"), ("key", "all-of-them"), *named]
    page = soup(visitor.session.post(visitor.site + "/moves/batch", data=form, timeout=30))
    assert state(page) == "waiting"
    assert services.moves.go_on(services.moves.waiting_accounts()[0]) is None
    assert {store_of(player, each) for each in items} == {"vault"}
    done = visitor.page(str(page.select_one("meta[http-equiv=refresh]")["content"]).partition("url=")[2])  # type: ignore[index]
    assert state(done) == "done"
    undone = visitor.submit(visitor.get(f"/moves/{done.select_one('[data-move]')['data-move']}"), undo_path(done))  # type: ignore[index]
    assert undone.status_code == 200
    services.moves.go_on(1)
    assert {store_of(player, each) for each in items} == {TITAN}


def undo_path(page: BeautifulSoup) -> str:
    return f"/moves/{page.select_one('[data-move]')['data-move']}/undo"  # type: ignore[index]


def test_what_waits_can_be_cancelled(visitor: Visitor, player: Player, services: Services) -> None:
    items, token = carried(player)[:2], visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    named = [("item", each["itemInstanceId"]) for each in items]
    form = [("csrf_token", str(token["value"])), ("to", "vault"), ("key", "never-mind"), *named]
    answer = visitor.session.post(visitor.site + "/moves/batch", data=form, timeout=30)
    path = f"/moves/{soup(answer).select_one('[data-move]')['data-move']}"  # type: ignore[index]
    visitor.submit(answer, path + "/cancel")
    services.moves.go_on(1)
    assert state(visitor.page(path)) == "cancelled"
    assert {store_of(player, each) for each in items} == {TITAN}


def test_a_plan_is_shown_before_it_runs(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    item = carried(player)[0]
    page = visitor.page(f"/moves/plan?item={item['itemInstanceId']}&from={TITAN}&to={HUNTER}")
    assert len(page.select("[data-step]")) == 2
    assert asked(sandbox) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"item": ""}, {"item": "x"}, {"to": "<b>"}, {"to": ""}, {"quantity": "0"}, {"quantity": "-1"}, {"equip": "2"},
     {"key": ""}, {"quantity": "99999999999999999999"}, {"item": "1" * 400}],
    ids=str,
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_refused_and_nothing_moves(
    visitor: Visitor, player: Player, sandbox: SandboxServer, wrong: dict[str, str]
) -> None:
    item = carried(player)[0]
    form = {
        "item": item["itemInstanceId"],
        "from_": TITAN,
        "to": "vault",
        "quantity": "1",
        "equip": "0",
        "key": "k" * 8,
    }
    assert post(visitor, "/moves", **form | wrong).status_code == 400
    assert asked(sandbox) == 0


def test_what_belongs_to_somebody_else_answers_like_what_belongs_to_nobody(
    visitor: Visitor, player: Player, sandbox: SandboxServer, live_server: str
) -> None:
    other = list(sandbox.app.state.players.values())[-1]
    everything = (each for place in other.places() for each in place.items)
    theirs = next(each["itemInstanceId"] for each in everything if "itemInstanceId" in each)
    form = {"from_": "vault", "to": TITAN, "quantity": "1", "equip": "0", "key": "k" * 8}
    for item in (theirs, "6917529000000000001"):
        assert post(visitor, "/moves", item=item, **form).status_code == 404
        assert post(visitor, f"/items/{item}/lock", locked="1").status_code == 404
    page = move(visitor, carried(player)[0], TITAN, "vault")
    stranger = Visitor(live_server)
    stranger.sign_in(other.membership_id)
    path = f"/moves/{page.select_one('[data-move]')['data-move']}"  # type: ignore[index]
    assert (stranger.get(path).status_code, stranger.get("/moves/nothing").status_code) == (404, 404)


def test_without_its_token_a_form_moves_nothing(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    form = {"item": carried(player)[0]["itemInstanceId"], "from": TITAN, "to": "vault", "key": "k" * 8}
    assert visitor.session.post(visitor.site + "/moves", data=form, timeout=30).status_code == 400
    assert asked(sandbox) == 0


def test_the_history_lists_what_was_done(visitor: Visitor, player: Player) -> None:
    assert "Nothing was moved yet" in visitor.page("/moves").get_text()
    move(visitor, carried(player)[0], TITAN, "vault")
    assert len(visitor.page("/moves").select(".move-history li")) == 1
