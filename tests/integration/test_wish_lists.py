"""Wish lists: from a file or an address, by the worker, bounded and suspicious; thumbs, keywords and reasons follow."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from app import wiring
from app.models import WishList
from app.sandbox import SandboxServer
from app.services.wish_lists import MOST_FILE_BYTES, MOST_LISTS, REFRESHED_AFTER, WishListService
from app.services.wish_sources import (
    MOST_BYTES,
    Problem,
    SourceRules,
    WishListError,
    WishListSource,
    is_public,
)
from app.web.headers import current_request_id
from app.wiring import Services
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.clock import MovingClock
from tests.raw_server import raw_server
from tests.visitor import Visitor, find_form, soup

pytestmark = pytest.mark.usefixtures("definitions")


class Host:
    """A host of lists on the loopback. `answers` goes by path; every request is noted."""

    def __init__(self) -> None:
        self.answers: dict[str, Response] = {}
        self.asked: list[tuple[str, str]] = []

    def __call__(self, environ, start_response):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204
        request = Request(environ)
        self.asked.append((request.path, request.headers.get("If-None-Match", "")))
        answer = self.answers.get(request.path) or Response(status=404)
        if answer.headers.get("ETag") and request.headers.get("If-None-Match") == answer.headers["ETag"]:
            answer = Response(status=304)
        return answer(environ, start_response)


@pytest.fixture
def host() -> Iterator[tuple[Host, str]]:
    app = Host()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture
def rules(host: tuple[Host, str]) -> SourceRules:
    """Only this test's own host, which production would refuse four times over."""
    port = int(host[1].rpartition(":")[2])
    return SourceRules("http", frozenset({"127.0.0.1"}), port, lambda address: address == "127.0.0.1")


@pytest.fixture
def handed() -> list[int]:
    """The lists that workers were asked for."""
    return []


@pytest.fixture
def clock(app: Flask, settings: Settings, rules: SourceRules, handed: list[int]) -> MovingClock:
    """The application of this test fetches from the test's own host, when the test says so."""
    moving = MovingClock()

    def hand_over(list_id: int) -> bool:
        handed.append(list_id)
        return True

    hooks = wiring.Hooks(
        current_request_id, lambda: None, clock=moving, hand_over_wish_list=hand_over, wish_sources=rules
    )
    wiring.init_app(app, settings, hooks)
    return moving


@pytest.fixture
def visitor(clock: MovingClock, live_server: str, sandbox: SandboxServer) -> Visitor:
    return signed_in(live_server, sandbox)


def signed_in(site: str, sandbox: SandboxServer) -> Visitor:
    """The player with the most items."""
    player = max(sandbox.app.state.players.values(), key=lambda player: player.item_count())
    visitor = Visitor(site)
    visitor.sign_in(player.membership_id)
    return visitor


def a_day_later(clock: MovingClock, app: Flask, visitor: Visitor, sandbox: SandboxServer) -> Visitor:
    """Beat has ticked, and the same player comes back."""
    clock.move(seconds=REFRESHED_AFTER.total_seconds() + 1)
    tick(app)
    return signed_in(visitor.site, sandbox)


def work(app: Flask, handed: list[int]) -> None:
    """What a worker does with what it was asked for."""
    with app.app_context():
        while handed:
            services_of_current_app().wish_lists.fetch(handed.pop())


def send_file(visitor: Visitor, text: str | bytes, name: str = "list.txt") -> requests.Response:
    form = find_form(soup(visitor.get("/wish-lists")), "/wish-lists/file")
    token = form.select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    data = text if isinstance(text, bytes) else text.encode()
    files = {"file": (name, data, "text/plain")}
    return visitor.session.post(visitor.site + "/wish-lists/file", data={"csrf_token": token}, files=files, timeout=60)


def weapons(visitor: Visitor) -> list[tuple[int, str]]:
    """(hash, instance id) of weapons, each of another item."""
    return list({each[0]: each[:2] for each in visitor.tiles("/vault?q=is:weapon")}.values())


def looks(visitor: Visitor, instance_id: str) -> list[str]:
    tile = visitor.page("/vault").select_one(f"[data-item-id='{instance_id}']")
    assert tile is not None
    return [*(word for each in [tile, *tile.select("*")] for word in each.get("class", ())), str(tile["aria-label"])]


def test_thumbs_keywords_and_the_items_page_say_what_a_list_says(visitor: Visitor) -> None:
    (good, good_id), (bad, bad_id), *_ = weapons(visitor)
    answer = send_file(
        visitor, f"title:Mine\ndimwishlist:item={good}#notes:for raids\ndimwishlist:item=-{bad}\nnonsense"
    )
    assert answer.status_code == 200
    assert "2 rolls of 2 items" in answer.text
    assert "1 line was not taken" in answer.text
    assert "Line 4: not understood" in answer.text
    assert "wish-up" in looks(visitor, good_id)
    assert "on a wish list" in looks(visitor, good_id)[-1]
    assert "wish-down" in looks(visitor, bad_id)
    assert {each[0] for each in visitor.tiles("/vault?q=is:wishlist")} == {good}
    assert {each[0] for each in visitor.tiles("/vault?q=is:trashlist")} == {bad}
    assert visitor.tiles("/vault?q=wishlistnotes:RAIDS") == visitor.tiles("/vault?q=is:wishlist")
    unknown = {each[0] for each in visitor.tiles("/vault?q=is:wishlistunknown")}
    assert not unknown & {good, bad}
    page = visitor.page(f"/items/{good_id}")
    told = page.select_one(".wish-told")
    assert told is not None
    assert "for raids" in told.get_text()
    assert "Mine" in told.get_text()
    assert "throw away" in visitor.page(f"/items/{bad_id}").select_one(".wish-told").get_text()  # type: ignore[union-attr]


def test_a_search_right_after_a_list_has_come_hides_no_thumbs(visitor: Visitor) -> None:
    good, good_id = weapons(visitor)[0]
    send_file(visitor, f"dimwishlist:item={good}")
    assert not any(item_hash == good for item_hash, _, _ in visitor.tiles("/vault?q=is:ghost"))
    assert "wish-up" in looks(visitor, good_id)


def test_without_a_list_nothing_is_said(visitor: Visitor) -> None:
    _, instance_id = weapons(visitor)[0]
    assert not visitor.page("/vault").select(".tile .wish-up, .tile .wish-down")
    assert not visitor.page(f"/items/{instance_id}").select(".wish-told")
    assert not visitor.tiles("/vault?q=is:wishlist or is:trashlist")


def rolled(visitor: Visitor) -> Iterator[tuple[int, str, list[str]]]:
    """Weapons with the hashes of the perks that their pages show."""
    for item_hash, instance_id in weapons(visitor):
        plugs = visitor.page(f"/items/{instance_id}").select(".plug.is-perk[data-plug]")
        yield item_hash, instance_id, [str(each["data-plug"]) for each in plugs]


def test_the_perks_that_a_roll_is_about_are_marked(visitor: Visitor) -> None:
    item_hash, instance_id, plugs = next(filter(lambda each: len(each[2]) > 2, rolled(visitor)))
    send_file(visitor, f"dimwishlist:item={item_hash}&perks={plugs[1]},{plugs[2]}")
    page = visitor.page(f"/items/{instance_id}")
    assert {str(each["data-plug"]) for each in page.select(".plug[data-plug]:has(.wish-up)")} == {plugs[1], plugs[2]}


def test_the_upper_list_counts_and_can_be_another(visitor: Visitor) -> None:
    item_hash, instance_id = weapons(visitor)[0]
    send_file(visitor, f"title:First\ndimwishlist:item={item_hash}")
    page = send_file(visitor, f"title:Second\ndimwishlist:item=-{item_hash}")
    assert "wish-up" in looks(visitor, instance_id)
    up = next(str(each["action"]) for each in soup(page).select("form") if str(each["action"]).endswith("/up"))
    page = visitor.submit(page, up)
    assert "wish-down" in looks(visitor, instance_id)
    first = next(str(each["action"]) for each in soup(page).select("form") if str(each["action"]).endswith("/remove"))
    visitor.submit(page, first)
    assert "wish-up" in looks(visitor, instance_id)


@pytest.mark.parametrize(
    "data", [b"", b"nothing of the kind", b"\xff\xfe\x00", b"<html></html>", b"dimwishlist:item=-69420"]
)
def test_a_file_without_a_roll_is_refused_kindly(visitor: Visitor, data: bytes) -> None:
    answer = send_file(visitor, data)
    assert answer.status_code == 400
    assert "No line of this could be read" in answer.text
    assert not soup(answer).select(".wish-list")


def test_a_file_that_is_too_large_is_refused(visitor: Visitor) -> None:
    assert send_file(visitor, b"a" * (MOST_FILE_BYTES + 1)).status_code == 400
    assert send_file(visitor, b"a" * (MOST_FILE_BYTES * 2)).status_code == 413


def test_names_and_notes_are_text(visitor: Visitor) -> None:
    item_hash, instance_id = weapons(visitor)[0]
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    send_file(visitor, f"title:{evil}\ndimwishlist:item={item_hash}#notes:{evil}\n{evil}", name=f"../../{evil}")
    for path in ("/wish-lists", f"/items/{instance_id}", "/vault"):
        page = visitor.page(path)
        assert not [each for each in page.select("script") if "alert" in each.get_text()]
        assert not page.select("img[src=x]")


def test_a_list_from_an_address_is_fetched_by_the_worker_and_again_every_day(
    visitor: Visitor, host: tuple[Host, str], app: Flask, handed: list[int], clock: MovingClock, sandbox: SandboxServer
) -> None:
    served, root = host
    item_hash, instance_id = weapons(visitor)[0]
    served.answers["/a/list.txt"] = Response(f"title:Far\ndimwishlist:item={item_hash}", headers={"ETag": '"1"'})
    answer = visitor.submit(visitor.get("/wish-lists"), "/wish-lists", address=f"{root}/a/list.txt")
    assert "It is being fetched" in answer.text
    assert served.asked == []
    work(app, handed)
    assert "Far" in visitor.get("/wish-lists").text
    assert "wish-up" in looks(visitor, instance_id)

    tick(app)
    assert len(served.asked) == 1
    visitor = a_day_later(clock, app, visitor, sandbox)
    assert served.asked[1] == ("/a/list.txt", '"1"')
    assert "wish-up" in looks(visitor, instance_id)
    served.answers["/a/list.txt"] = Response(f"dimwishlist:item=-{item_hash}", headers={"ETag": '"2"'})
    assert "wish-down" in looks(a_day_later(clock, app, visitor, sandbox), instance_id)


def tick(app: Flask) -> None:
    with app.app_context():
        services_of_current_app().wish_lists.fetch_due()


def test_what_cannot_be_had_any_more_is_told_and_what_was_read_stays(
    visitor: Visitor, host: tuple[Host, str], app: Flask, handed: list[int], clock: MovingClock, sandbox: SandboxServer
) -> None:
    served, root = host
    item_hash, instance_id = weapons(visitor)[0]
    served.answers["/list"] = Response(f"dimwishlist:item={item_hash}")
    visitor.submit(visitor.get("/wish-lists"), "/wish-lists", address=f"{root}/list")
    work(app, handed)
    for answer in (
        Response(status=404),
        Response(status=500),
        Response("no list at all"),
        Response(b"x" * (MOST_BYTES + 1)),
    ):
        served.answers["/list"] = answer
        visitor = a_day_later(clock, app, visitor, sandbox)
        assert soup(visitor.get("/wish-lists")).select(".wish-list .notice-warning")
        assert "wish-up" in looks(visitor, instance_id)


def test_an_address_is_asked_once_for_everybody_who_has_it(
    host: tuple[Host, str], clock: MovingClock, app: Flask, sandbox: SandboxServer, services: Services
) -> None:
    served, root = host
    served.answers["/list"] = Response("dimwishlist:item=1&perks=2")
    for player in list(sandbox.app.state.players.values())[:3]:
        user_id = services.accounts.connect(sandbox.app.state.grants.new_code(player.bungie_id))
        services_of_current_app().wish_lists.add_address(user_id, f"{root}/list")
    clock.move(minutes=5)
    tick(app)
    assert len(served.asked) == 1


def test_a_list_that_is_removed_while_it_is_fetched_keeps_nobody_from_theirs(
    visitor: Visitor, host: tuple[Host, str], app: Flask, clock: MovingClock, sandbox: SandboxServer
) -> None:
    served, root = host
    other = Visitor(visitor.site)
    other.sign_in(min(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id)
    for each in (visitor, other):
        each.submit(each.get("/wish-lists"), "/wish-lists", address=f"{root}/list")
    page = visitor.get("/wish-lists")
    remove = next(str(each["action"]) for each in soup(page).select("form") if str(each["action"]).endswith("/remove"))

    def slowly() -> Iterator[str]:
        visitor.submit(page, remove)
        yield "title:Theirs\ndimwishlist:item=1&perks=2"

    served.answers["/list"] = Response(slowly())
    clock.move(minutes=5)
    tick(app)
    assert not visitor.page("/wish-lists").select(".wish-list")
    assert "Theirs" in other.get("/wish-lists").text


FOREIGN = [
    "http://raw.githubusercontent.com/a/b/main/list.txt", "https://raw.githubusercontent.com:8443/a/b",
    "https://user@raw.githubusercontent.com/a", "https://raw.githubusercontent.com@127.0.0.1/a",
    "https://127.0.0.1/a", "https://localhost/a", "https://[::1]/a", "https://169.254.169.254/latest/meta-data/",
    "https://raw.githubusercontent.com.evil.example/a", "https://evil.example/raw.githubusercontent.com/a",
    "https://raw.githubusercontent.com/a?token=1", "https://raw.githubusercontent.com/a#b", "file:///etc/passwd",
    "https://raw.githubusercontent.com/a/../../b", "https://raw.githubusercontent.com/a\r\nHost: evil", "//x", "", "x",
    "https://raw.githubusercontent.com\\@127.0.0.1/a", "ftp://raw.githubusercontent.com/a", "https://[/a",
    "https://raw.githubusercontent.com/" + "a" * 500, "https://RAW.githubusercontent.com\u3002evil.example/a",
]  # fmt: skip


@pytest.mark.parametrize("address", FOREIGN)
def test_no_other_address_is_taken(address: str) -> None:
    with pytest.raises(WishListError, match="not-allowed"):
        SourceRules().accept(address)


def test_an_address_that_is_not_allowed_is_told_on_the_page(live_server: str, sandbox: SandboxServer) -> None:
    visitor = Visitor(live_server)
    visitor.sign_in(next(iter(sandbox.app.state.players)))
    answer = visitor.submit(visitor.get("/wish-lists"), "/wish-lists", address="https://127.0.0.1/a")
    assert answer.status_code == 400
    assert "raw.githubusercontent.com" in answer.text
    assert soup(answer).select_one("#wish-address")["value"] == "https://127.0.0.1/a"  # type: ignore[index]


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("https://github.com/a/b/blob/main/c/list.txt", "https://raw.githubusercontent.com/a/b/main/c/list.txt"),
        ("https://gist.github.com/a/0123abcd", "https://gist.githubusercontent.com/a/0123abcd/raw"),
        (
            " https://raw.githubusercontent.com/a/b/main/list.txt ",
            "https://raw.githubusercontent.com/a/b/main/list.txt",
        ),
    ],
)
def test_the_address_of_a_page_becomes_that_of_its_file(page: str, file: str) -> None:
    assert SourceRules().accept(page) == file


def test_only_public_addresses_are_asked() -> None:
    private = (
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0",  # noqa: S104
        "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "224.0.0.1", "100.64.0.1",
    )  # fmt: skip
    assert [each for each in private if is_public(each)] == []
    assert is_public("185.199.108.133")
    assert is_public("2606:50c0:8000::154")


def test_a_name_that_leads_to_a_private_address_is_not_asked(host: tuple[Host, str], rules: SourceRules) -> None:
    served, root = host
    strict = SourceRules(rules.scheme, rules.hosts, rules.port)
    with pytest.raises(WishListError, match="not-allowed"):
        WishListSource(strict).fetch(f"{root}/list")
    assert served.asked == []


def test_a_redirect_goes_nowhere_else_and_not_on_for_ever(host: tuple[Host, str], rules: SourceRules) -> None:
    served, root = host
    source = WishListSource(rules)
    served.answers["/there"] = Response("dimwishlist:item=1&perks=2")
    served.answers["/here"] = Response(status=302, headers={"Location": "/there"})
    assert source.fetch(f"{root}/here").text == "dimwishlist:item=1&perks=2"
    served.answers["/round"] = Response(status=302, headers={"Location": "/round"})
    with pytest.raises(WishListError, match="not-reachable"):
        source.fetch(f"{root}/round")
    for target in ("https://evil.example/x", "//169.254.169.254/x", "http://localhost:1/x", "file:///etc/passwd"):
        served.answers["/away"] = Response(status=302, headers={"Location": target})
        with pytest.raises(WishListError, match="not-allowed"):
            source.fetch(f"{root}/away")


def test_a_list_that_is_packed_or_too_large_is_refused(host: tuple[Host, str], rules: SourceRules) -> None:
    served, root = host
    served.answers["/packed"] = Response(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    served.answers["/large"] = Response(iter([b"x" * 65536] * 400))
    with pytest.raises(WishListError, match=Problem.NOT_REACHABLE):
        WishListSource(rules).fetch(f"{root}/packed")
    with pytest.raises(WishListError, match=Problem.TOO_BIG):
        WishListSource(rules).fetch(f"{root}/large")


DRIPS = {
    "its head": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "its body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
}


@pytest.mark.parametrize("part", DRIPS)
def test_a_list_that_drips_is_given_up_in_time(part: str) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(DRIPS[part])
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)

    with raw_server(drip) as (root, _):
        rules = SourceRules("http", frozenset({"127.0.0.1"}), int(root.rpartition(":")[2]), lambda _address: True)
        began = time.monotonic()
        with pytest.raises(WishListError, match=Problem.TOO_SLOW):
            WishListSource(rules, total_s=0.5).fetch(f"{root}/list")
        assert time.monotonic() - began < 3


def test_nobody_touches_another_players_lists_and_there_are_never_too_many(
    visitor: Visitor, live_server: str, sandbox: SandboxServer
) -> None:
    for number in range(MOST_LISTS):
        send_file(visitor, f"title:{number}\ndimwishlist:item=1&perks={number + 1}")
    assert "Remove one first" in send_file(visitor, "dimwishlist:item=1&perks=99").text
    forms = [str(each["action"]) for each in visitor.page("/wish-lists").select(".wish-list form")]
    other = Visitor(live_server)
    other.sign_in(min(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id)
    token = soup(other.get("/wish-lists")).select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    nobodys = "/wish-lists/" + "0" * 16
    for path in [*forms, f"{nobodys}/remove", f"{nobodys}/fetch"]:
        answer = other.session.post(live_server + path, data={"csrf_token": token}, timeout=10)
        assert answer.status_code == 404, path
    assert len(visitor.page("/wish-lists").select(".wish-list")) == MOST_LISTS


def test_ones_own_data_holds_the_lists_and_deleting_takes_them(visitor: Visitor, app: Flask) -> None:
    send_file(visitor, "title:Mine alone\ndimwishlist:item=77&perks=78#notes:a secret plan")
    kept = visitor.submit(visitor.get("/account"), "/account/export").json()
    assert [each["title"] for each in kept["wish_lists"]] == ["Mine alone"]
    assert "a secret plan" in kept["wish_lists"][0]["rolls"]
    visitor.submit(visitor.get("/account/delete"), "/account/delete", word="delete")
    with app.app_context():
        service: WishListService = services_of_current_app().wish_lists
        assert service._session.query(WishList).all() == []


def test_a_waiting_list_that_no_worker_heard_of_is_found_by_the_tick(
    visitor: Visitor, host: tuple[Host, str], app: Flask, clock: MovingClock
) -> None:
    served, root = host
    served.answers["/list"] = Response("title:Late\ndimwishlist:item=1&perks=2")
    visitor.submit(visitor.get("/wish-lists"), "/wish-lists", address=f"{root}/list")
    tick(app)
    assert served.asked == []
    clock.move(seconds=timedelta(minutes=3).total_seconds())
    tick(app)
    assert "Late" in visitor.get("/wish-lists").text


def perks_of(visitor: Visitor, instance_id: str) -> set[str]:
    return {str(each["data-plug"]) for each in visitor.page(f"/items/{instance_id}").select(".plug.is-perk[data-plug]")}


def test_the_page_of_doubles_says_which_copy_is_the_worse_one_and_where_to_compare(visitor: Visitor) -> None:
    page = visitor.page("/vault?view=duplicates")
    double = next(each for each in page.select(".twice-item") if not each.select(".worse"))
    strong, weak = (str(tile["data-item-id"]) for tile in double.select(".tile")[:2])
    item_hash = double.select(".tile")[0]["data-item-hash"]
    bad = perks_of(visitor, weak) - perks_of(visitor, strong)
    assert bad  # other perks: nobody can say which copy is the better one
    send_file(visitor, f"dimwishlist:item=-{item_hash}&perks={','.join(bad)}")
    told = visitor.page("/vault?view=duplicates").select_one(f"li:has(> ul [data-item-id='{weak}']) > .worse")
    assert told is not None
    assert "a wish list says to throw it away" in told.get_text()
    assert "less power" in told.get_text()
    assert told.select_one(f"a[href='/items/{weak}']")
    assert not page.select_one(f"li:has(> ul [data-item-id='{strong}']) > .worse")
    assert visitor.get(str(double.select_one(".twice-head a")["href"])).status_code == 200  # type: ignore[index]
