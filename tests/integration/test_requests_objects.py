"""What belongs to somebody else answers exactly like what belongs to nobody: with 404."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models import BungieAccount, LoginSession
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.web.access import ADMIN, PUBLIC
from app.wiring import services as services_of_current_app
from tests.contracts.test_routes import browser_of, rules

pytestmark = pytest.mark.usefixtures("definitions")

NOBODYS = "6917529999999999999"
# Routes that name a thing, by who owns it. A new one belongs here, and below.
OBJECTS = {"/characters/<character_id>", "/items/<instance_id>"}
ITEM_FORMS = {"/items/<instance_id>/lock": {"locked": "1"}, "/items/<instance_id>/track": {"tracked": "1"}}
BATCH = "/moves/<string(length=16):public_id>"
FARMING = "/moves/farming/<string(length=16):public_id>/undo"  # another player's is tried in test_farming.py
NO_BATCH = "0123456789abcdef"

# Another player's loadouts are tried in test_loadouts.py and test_loadouts_in_game.py.
LOADOUT, IN_GAME = "/loadouts/<string(length=16):public_id>", "/characters/<character_id>/loadouts"
STRONGEST = "/loadouts/strongest/<character_id>"
LOADOUTS = {
    LOADOUT, STRONGEST, f"{STRONGEST}/save", IN_GAME,
    *(f"{LOADOUT}/{each}" for each in ("add", "apply", "copy", "delete", "describe", "items", "pieces/<piece>", "plan",
                                       "remove", "restore", "wear")),
    *(f"{IN_GAME}/<int:slot>/{each}" for each in ("clear", "equip", "keep", "prepare", "rename", "save")),
}  # fmt: skip

# Another player's are tried in test_searches.py and test_wish_lists.py.
SEARCHES = {f"/searches/<search_id>/{each}" for each in ("remove", "rename", "up")}
WISHES = {f"/wish-lists/<string(length=16):public_id>/{each}" for each in ("fetch", "remove", "up")}


@dataclass(frozen=True, slots=True)
class Person:
    client: FlaskClient
    player: Player


def signed_in(app: Flask, sandbox: SandboxServer, player: Player) -> Person:
    with app.app_context():
        use_cases = services_of_current_app()
        code = sandbox.app.state.grants.new_code(player.bungie_id)
        return Person(browser_of(app, use_cases.accounts.connect(code)), player)


@pytest.fixture
def pair(app: Flask, sandbox: SandboxServer) -> tuple[Person, Person]:
    """Two players who both own something."""
    players = [player for player in sandbox.app.state.players.values() if player.item_count() > 0]
    return signed_in(app, sandbox, players[0]), signed_in(app, sandbox, players[1])


def things(person: Person) -> Iterator[tuple[str, str]]:
    """(address without id, id) of everything that the person's own pages name."""
    overview = person.client.get("/characters").text
    for character_id in re.findall(r'data-character="(\d+)"', overview):
        yield "/characters/", character_id
    for instance_id in re.findall(r'data-item-id="(\d+)"', person.client.get("/vault").text):
        yield "/items/", instance_id


def comparable(text: str, thing: str) -> str:
    """The page without what differs from request to request."""
    return re.sub(r'<code>[0-9a-f]{16}</code>|value="[^"]*"', "", text.replace(thing, ""))


def test_nothing_of_another_player_is_shown_or_even_known(pair: tuple[Person, Person]) -> None:
    tried = 0
    for me, other in (pair, pair[::-1]):
        mine = set(things(me))
        for place, thing in set(list(things(other))[:40]) - mine:
            assert other.client.get(place + thing).status_code == 200
            theirs, nobodys = me.client.get(place + thing), me.client.get(place + NOBODYS)
            assert (theirs.status_code, nobodys.status_code) == (404, 404)
            assert comparable(theirs.text, thing) == comparable(nobodys.text, NOBODYS)
            assert dict(theirs.headers).keys() == dict(nobodys.headers).keys()
            tried += 1
    assert tried >= 20


def test_another_players_membership_cannot_be_chosen(app: Flask, pair: tuple[Person, Person]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    me, other = pair
    before = set(things(me))
    for membership in (other.player.membership_id, other.player.bungie_id, NOBODYS, "", "0", "1 OR 1=1", "\u0661"):
        answer = me.client.post("/account/membership", data={"membership": membership})
        assert answer.status_code == 404, membership
    assert set(things(me)) == before
    chosen = me.client.post("/account/membership", data={"membership": me.player.membership_id})
    assert chosen.status_code == 303


def keys_of(app: Flask, table: type[LoginSession | BungieAccount]) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(table.id).order_by(table.id)))


@pytest.mark.parametrize(
    ("path", "field", "table"),
    [("/account/sessions/end", "session", LoginSession), ("/account/disconnect", "account", BungieAccount)],
)
def test_no_form_acts_on_what_is_another_players(
    app: Flask, pair: tuple[Person, Person], path: str, field: str, table: type[LoginSession | BungieAccount]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for me, other in (pair, pair[::-1]):
        theirs = keys_of(app, table)[1 if me is pair[0] else 0]
        for key in (theirs, 999_999, 2**31, 2**63, 10**40, -1, "", "0", f"{theirs} OR 1=1", f" {theirs}"):
            assert me.client.post(path, data={field: key}).status_code == 404, key
        assert other.client.get("/vault").status_code == 200
    assert len(keys_of(app, table)) == 2


@pytest.mark.parametrize("slip", ["/", "%2F..%2F..", "?id={other}", "#{other}", "%20", "%0a"])
def test_no_slip_in_an_address_leads_to_another_player(pair: tuple[Person, Person], slip: str) -> None:
    me, other = pair
    theirs = next(thing for place, thing in things(other) if place == "/items/")
    names = re.findall(r'<h1 id="item-name">(.*?)</h1>', other.client.get(f"/items/{theirs}").text)
    assert names
    answer = me.client.get(f"/items/{theirs}" + slip.format(other=theirs))
    assert answer.status_code == 404
    assert 'id="item-name"' not in answer.text


@pytest.mark.parametrize(("path", "form"), ITEM_FORMS.items(), ids=ITEM_FORMS)
def test_nobody_locks_or_tracks_what_is_another_players(
    app: Flask, sandbox: SandboxServer, pair: tuple[Person, Person], path: str, form: dict[str, str]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    me, other = pair
    theirs = next(thing for place, thing in things(other) if place == "/items/")
    for thing in (theirs, NOBODYS, "0"):
        assert me.client.post(path.replace("<instance_id>", thing), data=form).status_code == 404
    assert not sandbox.app.state.requests.counts["lock"] + sandbox.app.state.requests.counts["track"]


def test_nobody_sees_cancels_or_undoes_what_is_another_players(app: Flask, pair: tuple[Person, Person]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    me, other = pair
    theirs = next(thing for place, thing in things(other) if place == "/items/")
    batch = other.client.post(f"/items/{theirs}/lock", data={"locked": "1"}).headers["Location"]
    assert other.client.get(batch).status_code == 200
    for place in (batch, f"/moves/{NO_BATCH}"):
        assert me.client.get(place).status_code == 404
        assert me.client.post(f"{place}/cancel").status_code == 404
        assert me.client.post(f"{place}/undo", data={"key": "a-key-of-mine"}).status_code == 404
    assert me.client.post(f"/moves/farming/{NO_BATCH}/undo", data={"key": "a-key-of-mine"}).status_code == 404


def test_every_route_that_names_a_players_thing_is_tried_here(app: Flask) -> None:
    named = {
        rule.rule
        for rule in rules(app)
        if rule.arguments and app.view_functions[rule.endpoint].access_level not in {ADMIN, PUBLIC}  # type: ignore[attr-defined]
    }
    own = LOADOUTS | SEARCHES | WISHES
    # Kinds of gear and vendors of the game are not things of somebody's.
    named -= {"/organizer/export/<kind>.csv", "/vendors/<vendor_hash>"}
    assert named == own | OBJECTS | set(ITEM_FORMS) | {BATCH, f"{BATCH}/cancel", f"{BATCH}/undo", FARMING}
