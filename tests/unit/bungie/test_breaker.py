"""A failing Bungie.net is left alone, looked at now and then, and believed again at its first good answer."""

from __future__ import annotations

import pytest

from app.bungie import errors
from app.bungie.breaker import MOST_FAILURES, PAUSE_S, Breaker, is_the_hosts
from app.bungie.errors import BungieError

DOWN = errors.Unavailable("GET /x", status=502)
NO_ROOM = errors.NoRoom("POST /x", code=1642, status=500)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


# Each row is a history: "x" trouble of the host, "." a good answer, "r" the game refuses, "~" the pause goes by,
# "?" a request that passes and has not come back, "-" half a pause goes by. Then: does the next request pass?
STATES = [
    ("new", "", True),
    ("four failures are bad luck", "xxxx", True),
    ("five failures open it", "xxxxx", False),
    ("five among ten open it", "x.x.x.x.x", False),
    ("five among eleven do not", "x......xxxx", True),
    ("refusals of the game never count", "rrrrrrrrrr", True),
    ("refusals between failures are good answers", "xrxrxrxrrrx", True),
    ("half a pause is too early", "xxxxx-", False),
    ("after the pause one may look", "xxxxx~", True),
    ("only one may look", "xxxxx~?", False),
    ("a look that fails begins a new pause", "xxxxx~x", False),
    ("a look that succeeds ends it, and the count begins anew", "xxxxx~.xxxx", True),
]


def passes(breaker: Breaker) -> bool:
    try:
        breaker.check()
    except BungieError:
        return False
    return True


@pytest.mark.parametrize(("history", "expected"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_the_table_of_states(history: str, expected: bool) -> None:
    clock = Clock()
    breaker = Breaker(monotonic=clock)
    for step in history:
        if step in "~-":
            clock.now += PAUSE_S if step == "~" else PAUSE_S / 2
            continue
        assert passes(breaker)
        if step != "?":
            breaker.note({"x": DOWN, ".": None, "r": NO_ROOM}[step])
    assert passes(breaker) is expected


def test_a_look_that_never_comes_back_blocks_nobody_for_longer_than_a_pause() -> None:
    clock = Clock()
    breaker = Breaker(monotonic=clock)
    for _ in range(MOST_FAILURES):
        breaker.note(DOWN)
    clock.now += PAUSE_S
    assert passes(breaker)
    clock.now += PAUSE_S
    assert passes(breaker)


def test_while_it_is_open_people_are_told_what_opened_it() -> None:
    breaker = Breaker()
    for _ in range(MOST_FAILURES):
        breaker.note(errors.Maintenance("GET /x", status=503))
    with pytest.raises(errors.Maintenance):
        breaker.check()


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (errors.Unavailable("a time-out"), True),
        (errors.Unavailable("a trickle", status=200), True),
        *((errors.from_status(status, what="a gateway's page"), True) for status in range(502, 527)),
        (errors.BadPayload("no JSON", status=200), True),
        *((errors.from_code(code, what="", status=500), True) for code in (3, 27, 1618, 1626, 1643, 1651, 1652)),
        (errors.from_status(500, what="bare"), False),
        (errors.from_status(301, what="elsewhere"), False),
        *((errors.from_code(code, what="", status=500), False) for code in (5, 36, 99, 1623, 1642, 1671, 1672, 2101)),
        (None, False),
    ],
    ids=str,
)
def test_only_trouble_of_the_host_counts(error: BungieError | None, counts: bool) -> None:
    assert is_the_hosts(error) is counts
