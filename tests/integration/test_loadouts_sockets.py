"""What goes into the sockets of a piece of a loadout: chosen on a page, kept, and put in with the rest of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag

from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.wiring import Services
from tests.integration.loadout_support import (
    HELMET,
    KINETIC,
    SUBCLASS,
    apply,
    belongings,
    carried,
    make,
    post,
    sockets,
    state,
    worn,
)
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def visitor(live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned = belongings(player)
    yield signed_in
    assert belongings(player) == owned
    signed_in.session.close()


def fields(page: BeautifulSoup) -> dict[str, Tag]:
    return {str(each["name"]): each for each in page.select("select[name^=socket-]")}


def chosen(page: BeautifulSoup) -> dict[str, str]:
    """By field the option that is selected; "0" is left as it is."""
    found = {}
    for name, select in fields(page).items():
        option = select.select_one("option[selected]") or select.select_one("option")
        assert option
        found[name] = str(option["value"])
    return found


def another(select: Tag, now: str) -> str:
    return next(str(each["value"]) for each in select.select("option") if each["value"] not in {"0", now})


def test_a_mod_is_chosen_kept_and_put_in(visitor: Visitor, player: Player, services: Services) -> None:
    helmet, path = worn(player, HELMET), make(visitor)
    at = f"{path}/pieces/{helmet['itemInstanceId']}"
    page = visitor.page(at)
    assert "Mods" in visitor.page(path).select_one(f'a[href="{at}"]').get_text()  # type: ignore[union-attr]
    offered = set((player.instance_data("reusablePlugs", helmet["itemInstanceId"]) or {})["plugs"])
    name = next(each for each in fields(page) if each.removeprefix("socket-") in offered)
    plug = another(fields(page)[name], chosen(page)[name])
    post(visitor, at, **{name: plug})
    assert chosen(visitor.page(at)) == chosen(page) | {name: plug}
    done = apply(visitor, services, path)
    assert state(done) == "done", done.get_text()
    assert str(sockets(player, helmet)[int(name.removeprefix("socket-"))]["plugHash"]) == plug


def test_a_socket_that_is_left_as_it_is_keeps_what_is_in_it(
    visitor: Visitor, player: Player, services: Services
) -> None:
    helmet, path = worn(player, HELMET), make(visitor)
    at, before = f"{path}/pieces/{helmet['itemInstanceId']}", sockets(player, helmet)
    post(visitor, at, **dict.fromkeys(fields(visitor.page(at)), "0"))
    assert set(chosen(visitor.page(at)).values()) == {"0"}
    assert "Leave it as it is (now:" in visitor.page(at).get_text()
    assert "Everything is so already" in post(visitor, f"{path}/apply", to="2305843009000000100", key="as-it-is").text
    assert sockets(player, helmet) == before


def test_all_sockets_can_be_taken_as_they_are_now(visitor: Visitor, player: Player) -> None:
    helmet, path = worn(player, HELMET), make(visitor)
    at = f"{path}/pieces/{helmet['itemInstanceId']}"
    as_made = chosen(visitor.page(at))
    post(visitor, at, **dict.fromkeys(as_made, "0"))
    post(visitor, at, all="now")
    assert chosen(visitor.page(at)) == as_made


def test_of_perks_those_are_offered_that_the_copy_has(visitor: Visitor, player: Player) -> None:
    path, weapon = make(visitor), worn(player, KINETIC)
    offered = (player.instance_data("reusablePlugs", weapon["itemInstanceId"]) or {})["plugs"]
    listed = fields(visitor.page(f"{path}/pieces/{weapon['itemInstanceId']}"))
    shared = [index for index, plugs in offered.items() if len(plugs) > 1 and f"socket-{index}" in listed]
    assert shared
    for index in shared:
        values = {each["value"] for each in listed[f"socket-{index}"].select("option")} - {"0"}
        assert values <= {str(each["plugItemHash"]) for each in offered[index]}


def test_where_nothing_can_be_chosen_that_is_said(visitor: Visitor, player: Player) -> None:
    path, subclass = make(visitor), worn(player, SUBCLASS)  # the demo's have no sockets
    page = visitor.page(f"{path}/pieces/{subclass['itemInstanceId']}")
    assert "Nothing to choose" in page.get_text()
    assert not fields(page)


@pytest.mark.parametrize(
    "fields",
    [{"socket-1": "x"}, {"socket-1": "-1"}, {"socket-1": "4294967296"}, {"socket-1": "9" * 30}, {"all": "later"},
     {f"socket-{number}": "0" for number in range(41)}],
)  # fmt: skip
def test_what_no_page_has_sent_is_refused_and_changes_nothing(
    visitor: Visitor, player: Player, fields: dict[str, str]
) -> None:
    path = make(visitor)
    at = f"{path}/pieces/{worn(player, HELMET)['itemInstanceId']}"
    before = chosen(visitor.page(at))
    assert post(visitor, at, **fields).status_code == 400
    assert chosen(visitor.page(at)) == before


def test_a_plug_that_does_not_fit_is_told_not_put_in(visitor: Visitor, player: Player, services: Services) -> None:
    path, helmet = make(visitor), worn(player, HELMET)
    at = f"{path}/pieces/{helmet['itemInstanceId']}"
    name = next(iter(fields(visitor.page(at))))
    before = sockets(player, helmet)
    post(visitor, at, **{name: "347366834"})  # a weapon
    assert "it does not fit there" in visitor.page(path).get_text()
    apply(visitor, services, path)
    assert sockets(player, helmet) == before


def test_what_is_no_piece_of_it_is_not_found(visitor: Visitor, player: Player, sandbox: SandboxServer) -> None:
    path = make(visitor)
    for piece in (carried(player)[0]["itemInstanceId"], "1", "x"):
        assert visitor.get(f"{path}/pieces/{piece}").status_code == 404
    stranger = Visitor(visitor.site)
    stranger.sign_in(list(sandbox.app.state.players)[-1])
    mine = f"{path}/pieces/{worn(player, HELMET)['itemInstanceId']}"
    assert stranger.get(mine).status_code == 404
    assert post(stranger, mine, all="now").status_code == 404
    assert post(stranger, mine, **{"socket-1": "0"}).status_code == 404
