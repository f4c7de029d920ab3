"""Bungie.net's limit belongs to all players together: it is never passed, and nobody takes the others' part of it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import redis

from app.bungie import errors
from app.bungie.errors import Throttled
from app.bungie.gate import PATIENCE_S, Gate
from app.bungie.http import BungieHttp, Deadline
from app.sandbox import SandboxServer
from app.services.budget import ALONE_PER_SECOND, RequestBudget, turns_for_definitions
from app.wiring import Services
from tests.raw_server import answer, raw_server

PER_SECOND = 20


class Sent:
    """When each player's requests went out."""

    def __init__(self) -> None:
        self.times: list[tuple[float, str]] = []

    def note(self, player: str) -> None:
        self.times.append((time.monotonic(), player))

    def most_within(self, seconds: float) -> int:
        moments = sorted(moment for moment, _ in self.times)
        return max(sum(begin <= other < begin + seconds for other in moments) for begin in moments)

    def by_player(self) -> Counter[str]:
        return Counter(player for _, player in self.times)


@pytest.fixture
def new_budget(redis_url: str) -> Callable[[], RequestBudget]:
    """Each is another process's: they share nothing but Redis."""
    return lambda: RequestBudget(redis.Redis.from_url(redis_url), PER_SECOND)


def send(budget: RequestBudget, player: str, count: int, sent: Sent, patience_s: float = 30) -> None:
    for _ in range(count):
        budget.take(player, patience_s)
        sent.note(player)


def test_four_processes_together_never_pass_twenty_requests_in_any_second(
    new_budget: Callable[[], RequestBudget],
) -> None:
    sent = Sent()
    budgets = [new_budget() for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: send(budgets[number % 4], f"player {number}", 10, sent), range(8)))
    assert len(sent.times) == 80
    assert sent.most_within(0.8) <= PER_SECOND
    assert sent.times[-1][0] - sent.times[0][0] < 4.5  # and what is allowed is used


def test_one_players_queue_does_not_starve_the_others(new_budget: Callable[[], RequestBudget]) -> None:
    sent, budget, is_over = Sent(), new_budget(), threading.Event()

    def greedy() -> None:
        while not is_over.is_set():
            budget.take("greedy", 30)
            sent.note("greedy")

    with ThreadPoolExecutor(12) as pool:
        for _ in range(8):
            pool.submit(greedy)
        time.sleep(0.3)
        began = time.monotonic()
        list(pool.map(lambda name: send(budget, name, 10, sent), ("one", "two", "three")))
        took = time.monotonic() - began
        is_over.set()
    assert took < 4  # 4 players share 20 a second: 5 each, so 10 requests take about two seconds
    before = Counter(player for moment, player in sent.times if began + 1.1 <= moment < began + 1.9)
    assert before["greedy"] <= 2 * min(before["one"], before["two"], before["three"]) + 2


def test_who_is_alone_may_use_all_of_it(new_budget: Callable[[], RequestBudget]) -> None:
    sent = Sent()
    send(new_budget(), "alone", PER_SECOND, sent)
    assert sent.times[-1][0] - sent.times[0][0] < 0.5


def test_more_players_than_turns_are_served_in_the_order_they_came(new_budget: Callable[[], RequestBudget]) -> None:
    sent, budget = Sent(), new_budget()
    with ThreadPoolExecutor(50) as pool:
        list(pool.map(lambda number: send(budget, f"player {number}", 1, sent), range(50)))
    assert set(sent.by_player().values()) == {1}
    assert sent.times[-1][0] - sent.times[0][0] < 3.5


def test_a_page_waits_for_its_turn_a_moment_and_no_longer(new_budget: Callable[[], RequestBudget]) -> None:
    budget, busy, is_over = new_budget(), new_budget(), threading.Event()

    def others(number: int) -> None:
        while not is_over.is_set():
            busy.take(f"other {number}", 30)

    with ThreadPoolExecutor(40) as pool:
        for number in range(40):
            pool.submit(others, number)
        time.sleep(0.2)
        began = time.monotonic()
        with pytest.raises(Throttled):
            budget.take("me", 0.3)
        assert time.monotonic() - began < 0.6
        is_over.set()
    assert PATIENCE_S <= 2


def test_the_wait_that_bungie_asks_of_the_site_is_kept_by_every_process(
    new_budget: Callable[[], RequestBudget],
) -> None:
    asked = answer(b'{"ErrorCode":1672,"ThrottleSeconds":1}', "503 Busy")
    with raw_server(asked) as (root, heard):
        for _ in range(3):
            with pytest.raises(Throttled):
                BungieHttp(root, "key", "40000", gate=Gate(budget=new_budget())).call("GET", "/x/")
        assert len(heard) == 1
    with pytest.raises(Throttled) as caught:
        new_budget().take("anybody", 5)
    assert 0 < caught.value.retry_after_s <= 1
    time.sleep(caught.value.retry_after_s)
    new_budget().take("anybody", 5)


def test_a_wait_that_bungie_asks_of_one_player_is_not_everybodys(new_budget: Callable[[], RequestBudget]) -> None:
    asked = answer(b'{"ErrorCode":36,"ThrottleSeconds":10}', "500 Busy")
    with raw_server(asked) as (root, heard):
        for _ in range(2):
            with pytest.raises(Throttled):
                BungieHttp(root, "key", "40000", gate=Gate(budget=new_budget())).call("GET", "/x/", player="one")
        assert len(heard) == 2


def test_without_redis_each_process_keeps_to_a_small_number_and_never_hangs() -> None:
    sent, budget = Sent(), RequestBudget(redis.Redis.from_url("redis://127.0.0.1:9/0"), PER_SECOND)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda name: send(budget, name, 3, sent), ("one", "two", "three")))
    assert sent.most_within(0.8) <= ALONE_PER_SECOND
    assert sent.times[-1][0] - sent.times[0][0] < 3.5
    budget.pause(0.5)
    with pytest.raises(Throttled):
        budget.take("one", 5)


def test_the_definitions_take_what_players_leave(redis_url: str, new_budget: Callable[[], RequestBudget]) -> None:
    client, sent = redis.Redis.from_url(redis_url), Sent()
    send(new_budget(), "player", PER_SECOND // 2, sent)
    began = time.monotonic()
    turns_for_definitions(client, PER_SECOND)(10)
    assert 0.5 < time.monotonic() - began < 3
    send(new_budget(), "player", PER_SECOND // 2, sent)
    assert time.monotonic() - began < 4


def test_players_who_leave_nothing_do_not_keep_the_definitions_away(
    redis_url: str, new_budget: Callable[[], RequestBudget]
) -> None:
    budget, is_over, sent = new_budget(), threading.Event(), Sent()

    def greedy(number: int) -> None:
        while not is_over.is_set():
            send(budget, f"player {number}", 1, sent)

    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(greedy, number)
        time.sleep(1.2)
        began = time.monotonic()
        turns_for_definitions(redis.Redis.from_url(redis_url), PER_SECOND, polite_s=0.5)(8)
        took_s = time.monotonic() - began
        is_over.set()
    assert 0.3 < took_s < 4


def test_a_refresh_asks_in_turn(services: Services, redis_url: str) -> None:
    assert services.manifest.refresh("test").state == "switched"
    granted = redis.Redis.from_url(redis_url).zrange("bungie:granted", 0, -1)
    assert {each.partition(b"|")[0] for each in granted} == {b"definitions"}


def test_a_refresh_keeps_the_pause_that_bungie_asks_for(
    services: Services, sandbox: SandboxServer, new_budget: Callable[[], RequestBudget]
) -> None:
    new_budget().pause(30)
    report = services.manifest.refresh("test")
    assert (report.state, list(sandbox.app.state.requests.recent)) == ("failed", [])


def test_a_question_without_an_answer_is_asked_once_more_and_an_action_never() -> None:
    with raw_server(lambda connection: connection.close()) as (root, heard):
        http = BungieHttp(root, "key", "40000")
        moments: list[float] = [time.monotonic()]
        for method, times in (("GET", 2), ("POST", 1)):
            heard.clear()
            with pytest.raises(errors.Unavailable):
                http.call(method, "/x/", body=None if method == "GET" else {})
            assert len(heard) == times
            moments.append(time.monotonic())
    question_s, action_s = (after - before for before, after in pairwise(moments))
    assert 0.2 <= question_s < 2
    assert action_s < 0.2


def test_nothing_is_asked_again_when_the_time_is_nearly_over() -> None:
    with raw_server(lambda connection: connection.close()) as (root, heard):
        with pytest.raises(errors.Unavailable):
            BungieHttp(root, "key", "40000").call("GET", "/x/", deadline=Deadline(2))
        assert len(heard) == 1
