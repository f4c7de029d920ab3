"""Every code that the game may answer an action with: what the player reads, whether it is tried again, where it ends.

And whatever it was, the page's last word is the game's own state, and what lost its lock on the way has it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import pytest
from bs4 import BeautifulSoup

from app.inventory.moves.plan import VAULT_STORE, Wish
from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import Player
from app.services.moves.reports import BatchReport
from app.services.moves.service import MoveRequest
from app.wiring import Services
from config import Settings
from tests.integration.move_shapes import (
    KINETIC,
    TITAN,
    AtStep,
    assert_pages_agree,
    belongings,
    go_on,
    locks,
    plug_in,
    request_of,
    the_viewer,
)
from tests.integration.test_moves import move, state, store_of
from tests.unit.main import test_move_words as move_codes
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions", "bungie_ahead")

TRANSFERS, PLUGS = "*/Items/TransferItem/", "*/Items/InsertSocketPlugFree/"
# Said once and for all: the order ends there, with these words, and Bungie is not asked twice.
FINAL = {
    7: "did not understand", 18: "did not understand", 1622: "does not take such orders", 1629: "no such place",
    1633: "no such place", 1634: "where your character is", 1635: "has to be in the game", 1636: "still starting",
    1638: "level is too low", 1639: "not been unlocked", 1640: "wear it now", 1641: "one exotic", 1644: "any more",
    1645: "could not move it", 1646: "Nothing can be moved out", 1647: "could not move it", 1648: "Only one of these",
    1625: "vendor does not have it", 1654: "Leave the game first", 1655: "from within the game",
    1659: "as much as the game allows",
    1660: "does not let it be moved", 1662: "just been updated", 1663: "does not allow this", 1665: "privacy settings",
    1666: "permission does not cover", 1671: "go to orbit", 1673: "only be claimed in the game", 1674: "It is locked",
    1681: "leave the game first", 1682: "privacy settings", 2108: "permission does not cover", 1999: "code 1999",
}  # fmt: skip
# They show that our picture is old, or the place full: there is a new plan. These are the words if nothing helps.
ANEW = {
    21: "does not find it", 1601: "no Destiny 2 account", 1620: "character is gone", 1623: "does not find it there",
    1632: "there already", 1637: "inventory is full", 1642: "no room left", 1656: "It is worn", 1658: "tracked already",
    1627: "vendor is not there", 1653: "does not find it", 1670: "given up",
}  # fmt: skip
# They leave open whether the game did it: we look before anything is repeated.
OPEN = (2, 3, 27, 1618, 1626, 1643, 1651, 1652, 1688)
# They ask for patience, and nothing has happened.
PATIENCE = (31, 35, 36, 37, 51, 54, 55, 56, 57, 1672)
# Our permission is renewed once, then it has ended.
PERMISSION = (22, 99, 2106, 2110, 2111, 2115, 2117, 2118, 2119, 2120, 2121, 2122, 2123, 2124)
# Nobody is let in, or this site is not: nothing is moved later either.
OUTAGE = (5, 2101, 2102, 2103, 2107)
# Only what goes into sockets meets these.
SOCKETS = {
    1675: "can be spent only in the game", 1676: "not enough energy", 1677: "no such socket",
    1678: "to be changed from outside", 1680: "not unlocked this yet",
}  # fmt: skip
IS_IN_ALREADY = 1679


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bungie is asked again soon after trouble."""
    bungie = replace(settings.bungie, pause_s=0, player_pause_s=0, outage_look_s=0, requests_per_s=10_000)
    return replace(settings, bungie=bungie)


@pytest.fixture
def visitor(live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned = belongings(player)
    yield signed_in
    assert belongings(player) == owned
    assert_pages_agree(signed_in, player)
    signed_in.session.close()


@pytest.fixture
def refuse(sandbox: SandboxServer) -> Callable[..., None]:
    def refuse(code: int, times: int | None = None, *, having_acted: bool = False, path: str = TRANSFERS) -> None:
        kind = "refuse_after" if having_acted else "refuse"
        sandbox.app.state.faults.set(refuse_code=code, **{kind: {"path": path, "times": times}})
        sandbox.app.state.requests.clear()

    return refuse


def asked(sandbox: SandboxServer, pattern: str = TRANSFERS) -> int:
    return sum(fnmatchcase(path, pattern) for _, path, _ in sandbox.app.state.requests.recent)


def ended(visitor: Visitor, services: Services, player: Player) -> BeautifulSoup:
    """The page of the latest batch, once somebody has gone on with what its own answer had no time for."""
    go_on(services)
    return visitor.page(f"/moves/{services.moves.latest(the_viewer(player))[0].public_id}")


def an_item(player: Player) -> Json:
    return next(each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC)


def test_every_code_that_bungie_may_answer_has_its_way() -> None:
    known = (*move_codes.PLATFORM, *move_codes.THROTTLING, *move_codes.PERMISSION, *move_codes.DESTINY)
    assert set(known) <= {*FINAL, *ANEW, *OPEN, *PATIENCE, *PERMISSION, *OUTAGE, *SOCKETS, IS_IN_ALREADY}


def test_what_is_said_once_and_for_all_ends_the_order_in_our_own_words(
    visitor: Visitor, player: Player, sandbox: SandboxServer, refuse: Callable[..., None]
) -> None:
    item = an_item(player)
    for code, words in FINAL.items():
        refuse(code)
        page = move(visitor, item, TITAN, "vault")
        assert (state(page), asked(sandbox)) == ("failed", 1), code
        assert words in page.get_text(), code
    sandbox.app.state.faults.clear()
    assert store_of(player, item) == TITAN


def test_what_shows_our_picture_to_be_old_is_planned_anew(
    visitor: Visitor, player: Player, sandbox: SandboxServer, refuse: Callable[..., None]
) -> None:
    item, ends = an_item(player), [TITAN, "vault"]
    for code, words in ANEW.items():
        refuse(code, times=1)
        page = move(visitor, item, *ends)
        assert state(page) == "done", (code, page.get_text())
        assert store_of(player, item) == ends[1]
        ends.reverse()
        refuse(code)
        page = move(visitor, item, *ends)
        assert state(page) == "failed", code
        assert words in page.get_text() or "no room" in page.get_text(), (code, page.get_text())
        assert store_of(player, item) == ends[0]
    sandbox.app.state.faults.clear()


@pytest.mark.parametrize("having_acted", [False, True], ids=["not-done", "done-all-the-same"])
def test_what_leaves_it_open_is_looked_at_before_anything_is_repeated(
    visitor: Visitor, player: Player, sandbox: SandboxServer, refuse: Callable[..., None], having_acted: bool
) -> None:
    item, ends = an_item(player), [TITAN, "vault"]
    for code in OPEN:
        refuse(code, 1, having_acted=having_acted)
        page = move(visitor, item, *ends)
        assert (state(page), asked(sandbox)) == ("done", 1 if having_acted else 2), (code, page.get_text())
        assert store_of(player, item) == ends[1]
        ends.reverse()


def test_servers_that_fail_again_and_again_are_told_so(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer, refuse: Callable[..., None]
) -> None:
    item = an_item(player)
    refuse(1643)
    move(visitor, item, TITAN, "vault")
    page = ended(visitor, services, player)
    assert (state(page), store_of(player, item)) == ("failed", TITAN)
    assert "failed again and again" in page.get_text()
    assert asked(sandbox) <= 4
    sandbox.app.state.faults.clear()


def test_where_patience_is_asked_for_the_same_step_is_done_later(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer, refuse: Callable[..., None]
) -> None:
    item, ends = an_item(player), [TITAN, "vault"]
    for code in PATIENCE:
        refuse(code, times=1)
        sandbox.app.state.faults.set(refuse_throttle_s=1)
        page = move(visitor, item, *ends)
        assert (state(page), asked(sandbox)) == ("done", 2), (code, page.get_text())
        assert store_of(player, item) == ends[1]
        ends.reverse()


@pytest.mark.parametrize("code", [36, 1672])
def test_no_step_is_done_again_before_the_seconds_are_over_that_bungie_asks_for(
    visitor: Visitor, player: Player, sandbox: SandboxServer, refuse: Callable[..., None], code: int
) -> None:
    item = an_item(player)
    refuse(code, times=1)
    sandbox.app.state.faults.set(refuse_throttle_s=2)
    began = time.monotonic()
    assert state(move(visitor, item, TITAN, "vault")) == "done"
    assert time.monotonic() - began >= 2


def test_a_permission_that_has_ended_is_told_and_nothing_is_moved(
    visitor: Visitor, player: Player, sandbox: SandboxServer, refuse: Callable[..., None]
) -> None:
    item = an_item(player)
    for code in PERMISSION:
        refuse(code, times=1)
        assert state(move(visitor, item, TITAN, "vault")) == "done", code
        refuse(code)
        page = move(visitor, item, "vault", TITAN)
        assert (state(page), asked(sandbox)) == ("failed", 2), code
        assert "Connect again" in page.get_text()
        sandbox.app.state.faults.clear()
        assert state(move(visitor, item, "vault", TITAN)) == "done"


def test_a_permission_that_is_taken_back_on_the_way_ends_everything_at_once_and_is_told(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    items = [each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC][:3]
    services.profiles.renew(1, player.membership_type, player.membership_id)
    sandbox.app.state.expire_tokens()
    sandbox.app.state.revoke_grants()
    requests = [MoveRequest(Wish(each["itemHash"], each["itemInstanceId"], TITAN, VAULT_STORE)) for each in items]
    report = services.moves.order(the_viewer(player), "taken-back", requests)
    assert services.moves.go_on(1) is None
    found = services.moves.find(the_viewer(player), report.public_id)
    assert found
    assert (found.state, {order.obstacle for order in found.orders}) == ("failed", {"reconnect"})
    assert "Connect again" in visitor.page(f"/moves/{report.public_id}").get_text()


@pytest.mark.parametrize("code", OUTAGE)
def test_an_outage_moves_nothing_and_says_so(
    visitor: Visitor, player: Player, sandbox: SandboxServer, refuse: Callable[..., None], code: int
) -> None:
    item = an_item(player)
    refuse(code)
    page = move(visitor, item, TITAN, "vault")
    assert (state(page), store_of(player, item)) == ("failed", TITAN)
    assert "nothing was moved" in page.get_text()
    sandbox.app.state.faults.clear()


@pytest.mark.parametrize(("code", "words"), SOCKETS.items())
def test_what_does_not_go_into_a_socket_is_told_in_our_own_words_and_the_socket_stays_as_it_is(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer, refuse: Callable[..., None],
    code: int, words: str,
) -> None:  # fmt: skip
    request = request_of("into a socket", player, services)
    before = plug_in(player, request.wish.instance_id, request.slot)
    refuse(code, path=PLUGS)
    services.moves.order(the_viewer(player), "the-only-one", [request])
    page = ended(visitor, services, player)
    assert (state(page), asked(sandbox, PLUGS)) == ("failed", 1), page.get_text()
    assert words in page.get_text()
    sandbox.app.state.faults.clear()
    assert plug_in(player, request.wish.instance_id, request.slot) == before


def test_what_is_in_its_socket_already_is_done(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer, refuse: Callable[..., None]
) -> None:
    request = request_of("into a socket", player, services)
    refuse(IS_IN_ALREADY, 1, having_acted=True, path=PLUGS)
    services.moves.order(the_viewer(player), "the-only-one", [request])
    assert (state(ended(visitor, services, player)), asked(sandbox, PLUGS)) == ("done", 1)
    assert plug_in(player, request.wish.instance_id, request.slot) == request.plug_hash


# --- a lock that is owed ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Meanwhile(AtStep):
    """Does something in the game just before the n-th action, which then is lost, or goes its way."""

    act: Callable[[], object] = lambda: None
    is_lost: bool = True

    def hits(self, path: str) -> bool:
        is_now = AtStep.hits(self, path)
        if is_now:
            self.act()
        return is_now and self.is_lost


@pytest.fixture
def twin(player: Player, sandbox: SandboxServer, services: Services, visitor: Visitor) -> Iterator[MoveRequest]:
    """A copy on its way to another character that leaves one of another lock behind, so the game changes its lock."""
    sandbox.app.state.faults.set(inherit_lock=True)
    request = request_of("between characters", player, services)
    item = an_item_of(player, request)
    other = next(each for each in player.carried(TITAN) if each.get("lockable") and each is not item)
    was = other["itemHash"]
    other |= {"itemHash": item["itemHash"], "state": item["state"] ^ 1}
    before = locks(player)
    services.profiles.renew(1, player.membership_type, player.membership_id)
    yield request
    assert locks(player) == before
    other["itemHash"] = was
    services.profiles.renew(1, player.membership_type, player.membership_id)


def an_item_of(player: Player, request: MoveRequest) -> Json:
    found = player.find(request.wish.instance_id)
    assert found
    return found[1]


def the_end(services: Services, player: Player, request: MoveRequest) -> BatchReport:
    services.moves.order(the_viewer(player), "the-only-one", [request])
    for _ in range(3):
        services.moves.go_on(1)
    return services.moves.latest(the_viewer(player))[0]


def test_a_plan_that_ends_in_cannot_sets_the_lock_that_the_step_before_has_cost(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer, twin: MoveRequest
) -> None:
    item = an_item_of(player, twin)
    rooted = Meanwhile(step=1, act=lambda: item.update(transferStatus=item["transferStatus"] | 2))
    sandbox.app.state.faults.set(reset=rooted)
    report = the_end(services, player, twin)
    assert [(each.state, each.obstacle) for each in report.orders] == [("refused", "bound")]
    assert store_of(player, item) == "vault"


def test_a_lock_is_owed_until_the_outage_is_over_and_nothing_else_is_moved_then(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer, twin: MoveRequest
) -> None:
    faults = sandbox.app.state.faults
    faults.set(reset=Meanwhile(step=1, act=lambda: faults.set(maintenance="api"), is_lost=False))
    report = the_end(services, player, twin)
    assert report.is_open
    faults.set(maintenance="")
    services.moves.go_on(1)
    (order,) = services.moves.latest(the_viewer(player))[0].orders
    assert (order.state, order.obstacle) == ("refused", "broken-off")
    assert store_of(player, an_item_of(player, twin)) == "vault"


# --- what was done before the servers failed ----------------------------------------------------------------------


def test_servers_that_fail_again_and_again_on_the_way_are_not_told_as_if_nothing_had_moved(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    faults = sandbox.app.state.faults
    fails = Meanwhile(step=1, act=lambda: faults.set(refuse=TRANSFERS, refuse_code=1643), is_lost=False)
    faults.set(reset=fails)
    request = request_of("between characters", player, services)
    (order,) = the_end(services, player, request).orders
    faults.clear()
    assert store_of(player, an_item_of(player, request)) == "vault"
    assert (order.state, order.obstacle) == ("refused", "broken-off")
    assert "Look where it is now" in ended(visitor, services, player).get_text()
