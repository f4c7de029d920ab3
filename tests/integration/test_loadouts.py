"""A player's own loadouts by real forms: made, changed, put on with their mods, undone; and nothing is ever lost."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.inventory.loadouts.model import Build, Piece, Plug
from app.models import Loadout
from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import VAULT, Player
from app.services.sessions import Viewer
from app.wiring import Services
from tests.integration.loadout_support import (
    ENERGY,
    HELMET,
    HUNTER,
    KINETIC,
    TITAN,
    apply,
    belongings,
    carried,
    finished,
    free_choice,
    make,
    post,
    sockets,
    state,
    store_of,
    worn,
)
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def visitor(live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned = belongings(player)
    yield signed_in
    assert belongings(player) == owned  # whatever a test does, nothing is lost or doubled
    signed_in.session.close()


def test_a_loadout_of_what_is_worn_holds_it_with_its_mods(visitor: Visitor, player: Player) -> None:
    path = make(visitor)
    page = visitor.page(path)
    assert len(page.select(".build-piece")) == 12  # weapons, armor, subclass, ghost, vehicle, ship
    assert page.select(".build-plugs li")
    assert not page.select(".notice-error"), page.select_one(".notice-error")
    listed = visitor.page("/loadouts")
    assert [each.get_text(strip=True) for each in listed.select(".build h3")] == ["Raid night"]
    assert "Everything is there." in listed.get_text()


def test_an_empty_one_can_be_made_and_filled(visitor: Visitor, player: Player) -> None:
    answer = post(visitor, "/loadouts/create")
    path = answer.url.removeprefix(visitor.site)
    assert "Any class" in answer.text
    assert "Nothing is in it yet." in visitor.page("/loadouts").get_text()
    post(visitor, f"{path}/items", item=carried(player)[0]["itemInstanceId"], worn="1")
    assert len(visitor.page(path).select(".build-piece")) == 1


def test_applying_wears_everything_again_wherever_it_went(visitor: Visitor, player: Player, services: Services) -> None:
    path = make(visitor)
    before = {item["bucketHash"]: item["itemInstanceId"] for item in player.worn(TITAN)}
    other = make(visitor, HUNTER, "Hunter's")
    for bucket in (KINETIC, ENERGY, HELMET):
        other_piece = carried(player, bucket)[0]
        post(visitor, f"/loadouts/{other.rsplit('/', 1)[1]}/items", item=other_piece["itemInstanceId"], worn="1")
    wear(visitor, carried(player, KINETIC)[0]["itemInstanceId"])
    move(visitor, before[KINETIC], TITAN, HUNTER)
    assert store_of(player, before[KINETIC]) == HUNTER
    page = apply(visitor, services, path)
    assert state(page) == "done", page.get_text()
    assert "Raid night" in page.get_text()
    assert {item["bucketHash"]: item["itemInstanceId"] for item in player.worn(TITAN)} == before


def wear(visitor: Visitor, item_id: str, owner: str = TITAN) -> None:
    move(visitor, item_id, owner, owner, equip="1")


def move(visitor: Visitor, item_id: str, source: str, target: str, equip: str = "0") -> None:
    form = {"item": item_id, "from": source, "to": target, "equip": equip, "key": f"{item_id}{target}{equip}"[:64]}
    page = soup(post(visitor, "/moves", **form))
    assert state(page) == "done", page.get_text()


def test_mods_that_were_changed_are_put_back(visitor: Visitor, player: Player, services: Services) -> None:
    helmet = worn(player, HELMET)
    index, other = free_choice(player, helmet["itemInstanceId"])
    path, before = make(visitor), sockets(player, helmet)[index]["plugHash"]
    sockets(player, helmet)[index]["plugHash"] = other
    services.profiles.renew(1, player.membership_type, player.membership_id)
    page = apply(visitor, services, path)
    assert state(page) == "done", page.get_text()
    assert sockets(player, helmet)[index]["plugHash"] == before
    assert state(undo(visitor, services, page)) == "done"
    assert sockets(player, helmet)[index]["plugHash"] == other


def undo(visitor: Visitor, services: Services, page: BeautifulSoup) -> BeautifulSoup:
    path = f"/moves/{page.select_one('[data-move]')['data-move']}"  # type: ignore[index]
    return finished(visitor, services, visitor.submit(visitor.get(path), f"{path}/undo"))


def test_undoing_wears_what_was_worn_before(visitor: Visitor, player: Player, services: Services) -> None:
    path = make(visitor)
    other = carried(player, KINETIC)[0]["itemInstanceId"]
    was = worn(player, KINETIC)["itemInstanceId"]
    wear(visitor, other)
    move(visitor, was, TITAN, "vault")
    page = apply(visitor, services, path)
    assert worn(player, KINETIC)["itemInstanceId"] == was
    assert state(undo(visitor, services, page)) == "done"
    assert worn(player, KINETIC)["itemInstanceId"] == other
    assert store_of(player, was) == "vault"


def test_the_same_form_twice_is_one_batch(visitor: Visitor, player: Player, services: Services) -> None:
    path = make(visitor)
    wear(visitor, carried(player, KINETIC)[0]["itemInstanceId"])
    one, two = (post(visitor, f"{path}/apply", to=TITAN, key="the-same-form").url for _ in range(2))
    assert one == two


def test_what_is_so_already_is_said_and_nothing_is_asked(
    visitor: Visitor, player: Player, sandbox: SandboxServer
) -> None:
    path = make(visitor)
    answer = post(visitor, f"{path}/apply", to=TITAN, key="nothing-to-do")
    assert "Everything is so already" in answer.text
    assert not sandbox.app.state.requests.counts["equip"]


def test_a_piece_that_is_gone_is_told_and_the_rest_is_worn(
    visitor: Visitor, player: Player, services: Services
) -> None:
    path = make(visitor)
    wear(visitor, carried(player, ENERGY)[0]["itemInstanceId"])
    was = worn(player, KINETIC)
    wear(visitor, carried(player, KINETIC)[0]["itemInstanceId"])
    player.carried(TITAN).remove(was)
    services.profiles.renew(1, player.membership_type, player.membership_id)
    try:
        assert "you do not have it any more" in visitor.page(path).get_text()
        assert "1 problem" in visitor.page("/loadouts").get_text()
        plan = visitor.page(f"{path}/plan?to={TITAN}").get_text()
        assert "you do not have it any more" in plan
        assert state(apply(visitor, services, path)) == "done"
    finally:
        player.carried(TITAN).append(was)


def test_a_mod_that_is_not_unlocked_is_told_and_the_rest_is_done(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    helmet = worn(player, HELMET)
    offered = (player.instance_data("reusablePlugs", helmet["itemInstanceId"]) or {})["plugs"]
    row = sandbox.app.state.definitions.row("DestinyInventoryItemDefinition", helmet["itemHash"])
    assert row
    sets = [int(each.get("reusablePlugSetHash") or 0) for each in row["sockets"]["socketEntries"]]
    index, locked = next(
        (at, plug)
        for at, plugs in enumerate(plugs_of_set(sandbox, each) for each in sets)
        for plug in plugs
        if str(at) not in offered and plug != sockets(player, helmet)[at].get("plugHash")
    )
    was = worn(player, KINETIC)
    equipped = [
        {"id": helmet["itemInstanceId"], "hash": helmet["itemHash"], "socketOverrides": {str(index): locked}},
        {"id": was["itemInstanceId"], "hash": was["itemHash"]},
    ]
    path = post(visitor, "/loadouts/import", text=json.dumps({"name": "x", "classType": 0, "equipped": equipped}))
    wear(visitor, carried(player, KINETIC)[0]["itemInstanceId"])
    page = apply(visitor, services, path.url.removeprefix(visitor.site))
    assert state(page) == "partly", page.get_text()
    assert "You have not unlocked this yet." in page.get_text()
    assert worn(player, KINETIC)["itemInstanceId"] == was["itemInstanceId"]


def plugs_of_set(sandbox: SandboxServer, set_hash: int) -> list[int]:
    row = sandbox.app.state.definitions.row("DestinyPlugSetDefinition", set_hash) if set_hash else None
    return [each["plugItemHash"] for each in (row or {}).get("reusablePlugItems", [])]


def test_in_an_activity_nothing_is_worn_and_every_item_says_why(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    path = make(visitor)
    other = carried(player, KINETIC)[0]["itemInstanceId"]
    wear(visitor, other)
    wear(visitor, carried(player, ENERGY)[0]["itemInstanceId"])
    sandbox.app.state.faults.set(in_activity=True)
    asked = dict(sandbox.app.state.requests.counts)
    page = apply(visitor, services, path)
    assert state(page) == "failed"
    assert [each["data-order"] for each in page.select("[data-order]")] == ["refused", "refused"]
    assert all("orbit" in each.get_text() for each in page.select("[data-order]"))
    assert worn(player, KINETIC)["itemInstanceId"] == other
    counts = sandbox.app.state.requests.counts
    assert (counts["equip"], counts["equip_many"]) == (asked["equip"], asked.get("equip_many", 0) + 1)


def test_a_loadout_can_be_named_noted_found_copied_and_deleted(visitor: Visitor) -> None:
    path = make(visitor)
    post(visitor, f"{path}/describe", name="Crota <b>#raid</b>", class_type="0", notes="Bring a sword. #Sword-Carry")
    assert "Crota <b>#raid</b>" in visitor.page(path).get_text()
    assert len(visitor.page("/loadouts?q=%23sword-carry").select(".build")) == 1
    assert len(visitor.page("/loadouts?q=bring+a").select(".build")) == 1
    assert not visitor.page("/loadouts?q=%23sword").select(".build")
    copy = post(visitor, f"{path}/copy").url.removeprefix(visitor.site)
    assert copy != path
    answer = post(visitor, f"{path}/delete")
    assert len(soup(answer).select(".build")) == 1
    assert visitor.get(path).status_code == 404
    visitor.submit(answer, f"{path}/restore")
    assert visitor.get(path).status_code == 200


def test_items_are_put_in_worn_or_carried_and_taken_out(visitor: Visitor, player: Player) -> None:
    path = make(visitor)
    one, two = (each["itemInstanceId"] for each in carried(player)[:2])
    listed = visitor.page(f"{path}/add?q=is:weapon")
    assert listed.select(f'input[name=item][value="{one}"]')
    post(visitor, f"{path}/items", ("item", one), ("item", two), worn="0")
    assert len(visitor.page(path).select(".build-piece")) == 14
    post(visitor, f"{path}/remove", piece=one)
    assert len(visitor.page(path).select(".build-piece")) == 13
    post(visitor, f"{path}/wear", piece=two, worn="1")
    assert "something else is to be worn in the same place" in visitor.page(path).get_text()


def test_ticked_items_become_a_loadout_worn_as_far_as_they_go_together(visitor: Visitor, player: Player) -> None:
    helmet, guns = worn(player, HELMET), [each["itemInstanceId"] for each in carried(player)[:2]]
    ticked = [("item", each) for each in (*guns, helmet["itemInstanceId"])]
    page = soup(post(visitor, "/loadouts/select", *ticked))
    assert [int(each.get_text()) for each in page.select("section h2 > small")] == [2, 1]
    assert "Titan" in page.select_one("h1").get_text()  # type: ignore[union-attr]
    assert post(visitor, "/loadouts/select", item="6917529000000000001").status_code == 404
    assert post(visitor, "/loadouts/select", item="x").status_code == 400


def test_the_strongest_gear_is_worn_and_can_be_kept(visitor: Visitor, player: Player, services: Services) -> None:
    page = visitor.page(f"/loadouts/strongest/{TITAN}")
    assert page.select(".move-order")
    answer = post(visitor, f"/loadouts/strongest/{TITAN}", to=TITAN, key="strong-enough")
    assert state(finished(visitor, services, answer)) == "done"
    assert "8 items are as they should be." in visitor.page(f"/loadouts/strongest/{TITAN}").get_text()
    post(visitor, f"/loadouts/strongest/{TITAN}/save")
    assert "Strongest gear" in visitor.page("/loadouts").get_text()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/loadouts/create", {"character": "<b>"}),
        ("/loadouts/create", {"character": TITAN, "name": "x" * 65}),
        ("{own}/describe", {"name": "", "class_type": "0", "notes": ""}),
        ("{own}/describe", {"name": "x", "class_type": "9", "notes": ""}),
        ("{own}/describe", {"name": "x", "class_type": "0", "notes": "x" * 2001}),
        ("{own}/items", {"item": "x"}),
        ("{own}/items", {"worn": "1"}),
        ("{own}/remove", {"piece": "' or 1=1"}),
        ("{own}/wear", {"piece": "1", "worn": "7"}),
        ("{own}/apply", {"to": "vault", "key": "k" * 8}),
        ("{own}/apply", {"to": TITAN, "key": ""}),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_and_changes_nothing(
    visitor: Visitor, path: str, fields: dict[str, str]
) -> None:
    own = make(visitor)
    before = visitor.page(own).select_one("main").get_text()  # type: ignore[union-attr]
    assert post(visitor, path.format(own=own), **fields).status_code == 400
    assert visitor.page(own).select_one("main").get_text().split() == before.split()  # type: ignore[union-attr]
    assert len(visitor.page("/loadouts").select(".build")) == 1


def test_what_belongs_to_somebody_else_answers_like_what_belongs_to_nobody(
    visitor: Visitor, sandbox: SandboxServer, live_server: str
) -> None:
    own = make(visitor)
    stranger = Visitor(live_server)
    stranger.sign_in(list(sandbox.app.state.players)[-1])
    paths = (own, "/loadouts/0123456789abcdef")
    for path in paths:
        assert stranger.get(path).status_code == 404
        assert stranger.get(f"{path}/plan?to={TITAN}").status_code == 404
        assert post(stranger, f"{path}/apply", to=TITAN, key="k" * 8).status_code == 404
        for action in ("delete", "restore", "copy"):
            assert post(stranger, f"{path}/{action}").status_code == 404
        assert stranger.get(f"{path}/add").status_code == 404
        assert post(stranger, f"{path}/remove", piece="1").status_code == 404
        assert post(stranger, f"{path}/wear", piece="1", worn="1").status_code == 404
        assert post(stranger, f"{path}/describe", name="mine", class_type="0", notes="").status_code == 404
        assert post(stranger, f"{path}/items", item=theirs(sandbox), worn="1").status_code == 404
    assert post(stranger, "/loadouts/create", character=TITAN).status_code == 404
    assert stranger.get(f"/loadouts/strongest/{TITAN}").status_code == 404
    assert post(stranger, f"/loadouts/strongest/{TITAN}", to=TITAN, key="k" * 8).status_code == 404
    assert post(stranger, f"/loadouts/strongest/{TITAN}/save").status_code == 404
    assert visitor.get(own).status_code == 200


def theirs(sandbox: SandboxServer) -> str:
    """A copy of the last player's."""
    last = list(sandbox.app.state.players.values())[-1]
    return next(
        str(item["itemInstanceId"]) for place in last.places() for item in place.items if "itemInstanceId" in item
    )


def test_loadouts_are_in_ones_data_and_go_with_ones_account(visitor: Visitor, app: Flask) -> None:
    make(visitor, name="Mine alone")
    told = visitor.submit(visitor.get("/account"), "/account/export").json()
    assert [each["name"] for each in told["loadouts"]] == ["Mine alone"]
    assert told["loadouts"][0]["pieces"][0]["hash"]
    visitor.submit(visitor.get("/account/delete"), "/account/delete", word="delete")
    with app.app_context():
        assert db.session.scalars(select(Loadout)).all() == []


def test_two_hundred_are_enough(visitor: Visitor, player: Player, services: Services) -> None:
    path = make(visitor)
    who = Viewer(1, 1, "player", "", 1, player.membership_id, player.membership_type)
    for number in range(199):
        services.loadouts.save(who, Build(f"Number {number}"))
    answer = post(visitor, f"{path}/copy")
    assert answer.status_code == 409
    assert "200" in answer.text


def test_what_is_in_a_loadout_makes_room_last(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    kinetic = [item["itemInstanceId"] for item in stored(player, sandbox, KINETIC)]
    while len(carried(player)) < 9:
        move(visitor, kinetic.pop(), "vault", TITAN)
    held = carried(player)
    for each in held:
        each["state"] &= ~1  # nothing is locked, so that only the loadout speaks for an item
    free, path = held[4]["itemInstanceId"], make(visitor)
    others = [("item", each["itemInstanceId"]) for each in held if each["itemInstanceId"] != free]
    post(visitor, f"{path}/items", *others, worn="0")
    move(visitor, kinetic.pop(), "vault", TITAN)
    assert store_of(player, free) == "vault"
    assert {store_of(player, item_id) for _, item_id in others} == {TITAN}


def stored(player: Player, sandbox: SandboxServer, bucket_hash: int) -> list[Json]:
    """What lies in the vault and belongs into a bucket."""
    facts = sandbox.app.state.definitions.item
    there = [each for each in player.account_items() if each["bucketHash"] == VAULT and "itemInstanceId" in each]
    return [each for each in there if (known := facts(each["itemHash"])) and known.bucket_hash == bucket_hash]


def test_a_shared_link_shows_the_loadout_and_nothing_of_its_owner(
    visitor: Visitor, player: Player, live_server: str
) -> None:
    path = make(visitor, name="For everybody")
    link = str(visitor.page(path).select_one("#share-link")["value"])  # type: ignore[index]
    assert not [each for each in player.worn(TITAN) if each.get("itemInstanceId", "none") in link]
    assert player.membership_id not in link
    anybody = Visitor(live_server).get(link)
    assert anybody.status_code == 200
    assert len(soup(anybody).select(".build-piece")) == 12
    assert "Titan, equipped" not in anybody.text


def test_a_loadout_too_large_for_a_link_travels_as_a_code(visitor: Visitor, player: Player, services: Services) -> None:
    who = Viewer(1, 1, "player", "", 1, player.membership_id, player.membership_type)
    plugs = [tuple(Plug(socket, 10**8 + socket * 7919 * number) for socket in range(40)) for number in range(1, 61)]
    whole = Build("Everything", pieces=tuple(Piece(number, "", True, each) for number, each in enumerate(plugs, 1)))
    page = visitor.page(f"/loadouts/{services.loadouts.save(who, whole).public_id}")
    assert "more in it than a link can hold" in page.get_text()
    assert not page.select("#share-link")
    code = page.select_one("#share-code").get_text()  # type: ignore[union-attr]
    imported = post(visitor, "/loadouts/import", text=code)
    assert imported.status_code == 200
    assert services.loadouts.build(who, imported.url.rpartition("/")[2]) == whole


def test_another_player_imports_a_link_and_gets_their_own_copies(
    visitor: Visitor, sandbox: SandboxServer, live_server: str
) -> None:
    link = str(visitor.page(make(visitor)).select_one("#share-link")["value"])  # type: ignore[index]
    stranger = Visitor(live_server)
    stranger.sign_in(list(sandbox.app.state.players)[-1])
    shared = stranger.get(link)
    assert "you have none" in shared.text
    answer = stranger.submit(shared, "/loadouts/import")
    assert answer.status_code == 200
    assert answer.url.removeprefix(live_server).startswith("/loadouts/")
    assert len(stranger.page("/loadouts").select(".build")) == 1


def test_the_json_of_others_is_imported(visitor: Visitor, player: Player) -> None:
    mine = worn(player, KINETIC)
    text = json.dumps({
        "name": "From elsewhere", "classType": 0,
        "equipped": [{"id": mine["itemInstanceId"], "hash": mine["itemHash"]}, {"id": "1", "hash": 347366834}],
    })  # fmt: skip
    answer = post(visitor, "/loadouts/import", text=text)
    assert answer.status_code == 200
    assert "From elsewhere" in answer.text
    assert "Titan, equipped" in answer.text


def test_a_backup_is_imported_once_and_what_came_of_it_is_told(visitor: Visitor, player: Player) -> None:
    def entry(name: str, owner: str) -> Json:
        piece = {"id": worn(player, KINETIC)["itemInstanceId"], "hash": worn(player, KINETIC)["itemHash"]}
        loadout = {"name": name, "classType": 0, "equipped": [piece, {"id": "1", "hash": 4_294_967_290}]}
        return {"platformMembershipId": owner, "destinyVersion": 2, "loadout": loadout}

    mine, theirs = player.membership_id, "4611686018000000009"
    text = json.dumps({"loadouts": [entry("One", mine), entry("Two", mine), entry("Not mine", theirs), 5]})

    def send() -> str:
        files = {"file": ("dim-data.json", text.encode(), "application/json")}
        token = visitor.page("/account").select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
        answer = visitor.session.post(
            f"{visitor.site}/loadouts/import", data={"csrf_token": token}, files=files, timeout=30
        )
        assert answer.status_code == 200
        return answer.text

    told = send()
    for sentence in ("2 loadouts are new.", "1 loadout is another account", "1 entry is no loadout"):
        assert sentence in told
    again = send()
    assert "Nothing is new." in again
    assert "2 loadouts were here already." in again
    links = visitor.page("/loadouts").select(".build h3 a")
    assert [each.get_text() for each in links] == ["One", "Two"]
    page = visitor.page(str(links[0]["href"]))
    assert "Item 4294967290: our item data does not know it." in page.get_text()
    assert "Titan, equipped" in page.get_text()


@pytest.mark.parametrize("text", ["nonsense", "{", "[1]", '{"equipped": 1}', "A" * 30_000, "x" * 50_001, "\x00" * 50])
def test_what_is_no_loadout_is_refused_in_words(visitor: Visitor, text: str) -> None:
    assert post(visitor, "/loadouts/import", text=text).status_code == 400
    assert not visitor.page("/loadouts").select(".build")


def test_a_link_that_is_cut_off_is_refused_for_everybody(visitor: Visitor, live_server: str) -> None:
    link = str(visitor.page(make(visitor)).select_one("#share-link")["value"])  # type: ignore[index]
    for who in (visitor, Visitor(live_server)):
        for broken in (link[:-9], link[:60], f"{live_server}/loadouts/shared"):
            answer = who.get(broken)
            assert answer.status_code == 400
            assert "cut off" in answer.text
