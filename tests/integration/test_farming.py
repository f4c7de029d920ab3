"""Farming mode as a player meets it: two forms and a sentence, and places that stay free while they play."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import BungieAccount, Farming
from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import Player
from app.tasks import FARM_SWEEP_TASK
from app.wiring import Services
from tests.fixtures.clock import MovingClock
from tests.integration.move_shapes import HUNTER, KINETIC, TITAN, belongings, locks, the_viewer
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def visitor(clock: MovingClock, live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned, locked = belongings(player), locks(player)
    yield signed_in
    assert belongings(player) == owned
    assert locks(player) == locked
    signed_in.session.close()


def begin(visitor: Visitor, character: str = TITAN, slots: str = "3") -> requests.Response:
    return visitor.submit(visitor.get("/moves"), "/moves/farming", character=character, slots=slots)


def look(services: Services, clock: MovingClock, seconds: float = 60) -> list[int]:
    """What the workers do once a minute."""
    clock.move(seconds=seconds)
    due = services.farming.due()
    for farming_id in due:
        account_id = services.farming.check(farming_id)
        if account_id is not None:
            services.moves.go_on(account_id)
    return due


def in_slot(player: Player, owner: str = TITAN, bucket_hash: int = KINETIC) -> list[Json]:
    return [each for each in (*player.worn(owner), *player.carried(owner)) if each["bucketHash"] == bucket_hash]


def crowd(player: Player) -> None:
    """Fills the Titan's first weapon slot with unlocked things of the others."""
    for owner in player.character_ids:
        for item in [each for each in player.carried(owner) if each["bucketHash"] == KINETIC and owner != TITAN]:
            if len(in_slot(player)) < 10:
                player.carried(owner).remove(item)
                player.carried(TITAN).append(item)


def said(visitor: Visitor) -> str:
    panel = soup(visitor.get("/moves")).select_one("[data-farming]")
    assert panel
    return f"{panel['data-farming']} {panel.get_text(' ', strip=True)}"


def test_places_stay_free_while_one_plays_and_everything_can_be_brought_back(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock
) -> None:
    crowd(player)
    before = {each["itemInstanceId"] for each in in_slot(player)}
    assert len(before) == 10
    begin(visitor)
    assert "on " in said(visitor)
    look(services, clock)
    assert len(in_slot(player)) == 7
    assert "went to the vault" in said(visitor)
    assert "Farming mode" in visitor.page("/moves").select(".move-history li")[0].get_text()
    visitor.submit(visitor.get("/moves"), "/moves/farming/stop")
    assert said(visitor).startswith("off")
    panel = soup(visitor.get("/moves")).select_one("form[action$='/undo']")
    assert panel
    visitor.submit(visitor.get("/moves"), str(panel["action"]))
    services.moves.go_on(1)
    assert {each["itemInstanceId"] for each in in_slot(player)} == before


def test_what_comes_in_meanwhile_goes_to_the_vault_within_a_minute(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock
) -> None:
    begin(visitor, slots="1")
    look(services, clock)
    crowd(player)
    assert look(services, clock, seconds=59)
    assert len(in_slot(player)) == 9


def test_nobody_looks_more_often_than_needed_and_every_look_is_one_askers(
    visitor: Visitor, services: Services, clock: MovingClock
) -> None:
    begin(visitor)
    assert len(look(services, clock, seconds=0)) == 1
    assert look(services, clock, seconds=30) == []
    assert len(look(services, clock, seconds=30)) == 1


def test_it_ends_by_itself(visitor: Visitor, player: Player, services: Services, clock: MovingClock) -> None:
    crowd(player)
    begin(visitor)
    look(services, clock, seconds=2 * 3600 + 1)
    assert len(in_slot(player)) == 10
    visitor.sign_in(player.membership_id)  # a browser's visit is over by then, too
    assert "by itself after two hours" in said(visitor)
    assert look(services, clock) == []


def test_it_ends_with_our_permission(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock, sandbox: SandboxServer
) -> None:
    begin(visitor)
    sandbox.app.state.revoke_grants()
    db.session.query(BungieAccount).update({"access_ends_at": clock() - timedelta(hours=1)})
    db.session.commit()
    look(services, clock)
    row = db.session.query(Farming).one()
    assert (row.end_reason, row.ended_at is not None) == ("reconnect", True)


def test_an_outage_is_sat_out(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock, sandbox: SandboxServer
) -> None:
    crowd(player)
    begin(visitor)
    sandbox.app.state.faults.set(maintenance="api")
    look(services, clock)
    assert len(in_slot(player)) == 10
    sandbox.app.state.faults.clear()
    for _ in range(3):
        look(services, clock)
    assert len(in_slot(player)) == 7


def test_a_full_vault_is_told_and_nothing_is_pushed_out_of_it(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock, sandbox: SandboxServer
) -> None:
    crowd(player)
    stored = sum(each["bucketHash"] == 138197802 for each in player.account_items())
    capacity = sandbox.app.state.definitions.bucket(138197802)
    assert capacity
    sandbox.app.state.faults.set(hidden_vault_items=capacity.capacity - stored)
    before = {owner: len(player.carried(owner)) for owner in player.character_ids}
    begin(visitor)
    look(services, clock)
    assert {owner: len(player.carried(owner)) for owner in player.character_ids} == before


def test_what_was_put_on_or_locked_meanwhile_stays(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock
) -> None:
    crowd(player)
    begin(visitor, slots="1")
    clock.move(seconds=60)
    (farming_id,) = services.farming.due()
    assert services.farming.check(farming_id) == 1
    (batch,) = services.moves.latest(the_viewer(player))
    chosen = player.find(batch.orders[0].instance_id)
    assert chosen
    chosen[1]["state"] |= 1
    services.profiles.renew(1, player.membership_type, player.membership_id)
    services.moves.go_on(1)
    assert len(in_slot(player)) == 10
    page = visitor.page(f"/moves/{batch.public_id}")
    assert "so it stays" in page.get_text()
    assert not page.select("form[action='/moves'], form[action='/moves/batch']")
    chosen[1]["state"] &= ~1


def test_beginning_again_replaces_what_was_under_way(visitor: Visitor, player: Player, services: Services) -> None:
    begin(visitor, slots="2")
    visitor.submit(visitor.get("/moves"), "/moves/farming/stop")
    begin(visitor, HUNTER, "4")
    rows = db.session.query(Farming).order_by(Farming.id).all()
    assert [(row.character_id, row.slots, row.ended_at is None) for row in rows] == [
        (TITAN, 2, False),
        (HUNTER, 4, True),
    ]


def test_begun_many_times_at_once_one_goes_on(visitor: Visitor, services: Services) -> None:
    page = visitor.get("/moves")
    with ThreadPoolExecutor(8) as together:
        answers = [
            together.submit(visitor.submit, page, "/moves/farming", character=TITAN, slots=str(1 + n)) for n in range(8)
        ]
    assert {answer.result().status_code for answer in answers} == {200}
    assert "on " in said(visitor)
    (one,) = db.session.query(Farming).filter(Farming.ended_at.is_(None))
    columns = {column.key: getattr(one, column.key) for column in Farming.__table__.columns if column.key != "id"}
    db.session.add(Farming(**columns | {"public_id": "the second one"}))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_ended_while_somebody_looks_it_moves_nothing_more(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock, sandbox: SandboxServer
) -> None:
    crowd(player)
    begin(visitor)
    ends = iter([lambda: visitor.submit(visitor.get("/moves"), "/moves/farming/stop")])

    def now() -> float:
        """Bungie is just answering when the player ends it."""
        next(ends, time.time)()
        return time.time()

    sandbox.app.state.clock = now
    assert look(services, clock)
    assert next(ends, None) is None
    assert len(in_slot(player)) == 10
    assert services.moves.latest(the_viewer(player)) == []


def test_what_it_has_ordered_and_nobody_has_begun_is_left_when_it_is_ended(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock
) -> None:
    crowd(player)
    begin(visitor)
    clock.move(seconds=60)
    (farming_id,) = services.farming.due()
    assert services.farming.check(farming_id)
    visitor.submit(visitor.get("/moves"), "/moves/farming/stop")
    services.moves.go_on(1)
    assert len(in_slot(player)) == 10
    assert [batch.state for batch in services.moves.latest(the_viewer(player))] == ["cancelled"]


def test_pages_of_items_say_that_it_is_on(visitor: Visitor) -> None:
    pages = ("/vault", "/characters", f"/characters/{TITAN}")
    assert not any(visitor.page(path).select("[data-farming-line]") for path in pages)
    begin(visitor, HUNTER, "2")
    for path in pages:
        (line,) = visitor.page(path).select("[data-farming-line]")
        assert "2 places are kept free in every slot of your Hunter" in line.get_text(), path
    visitor.submit(visitor.get("/moves"), "/moves/farming/stop")
    assert not any(visitor.page(path).select("[data-farming-line]") for path in pages)


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"slots": "0"}, 400), ({"slots": "10"}, 400), ({"slots": "x"}, 400), ({"character": "<b>"}, 400),
     ({"character": ""}, 400), ({"character": "99"}, 404)],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    visitor: Visitor, services: Services, fields: dict[str, str], status: int
) -> None:
    sent = {"character": TITAN, "slots": "3"} | fields
    assert visitor.submit(visitor.get("/moves"), "/moves/farming", **sent).status_code == status
    assert db.session.query(Farming).count() == 0


def test_another_player_sees_and_ends_nothing_of_it(
    visitor: Visitor, player: Player, services: Services, clock: MovingClock, sandbox: SandboxServer, live_server: str
) -> None:
    crowd(player)
    begin(visitor)
    look(services, clock)
    name = db.session.query(Farming).one().public_id
    other = list(sandbox.app.state.players.values())[-1]
    stranger = Visitor(live_server)
    stranger.sign_in(other.membership_id)
    assert said(stranger).startswith("off")
    token = soup(stranger.get("/account")).select_one("input[name=csrf_token]")
    assert token
    sent = {"csrf_token": str(token["value"]), "key": "k" * 8}
    answer = stranger.session.post(f"{live_server}/moves/farming/{name}/undo", data=sent, timeout=30)
    assert answer.status_code == 404
    stranger.session.post(f"{live_server}/moves/farming/stop", data=sent, timeout=30)
    assert said(visitor).startswith("on")


def test_it_is_among_what_is_handed_out_and_goes_with_the_account(visitor: Visitor, services: Services) -> None:
    begin(visitor)
    told = services.privacy.export(1)
    assert [row["character_id"] for row in told["farmings"]] == [TITAN]
    assert json.dumps(told["farmings"], default=str)
    services.privacy.erase(1)
    assert db.session.query(Farming).count() == 0


def test_the_beat_asks_often_enough(app: Flask) -> None:
    schedule = app.extensions["celery"].conf.beat_schedule
    (row,) = [each for each in schedule.values() if each["task"] == FARM_SWEEP_TASK]
    assert row["schedule"] <= 15
