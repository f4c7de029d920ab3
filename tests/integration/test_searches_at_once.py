"""Searches and wish lists changed by many at once, as by tabs and telephones: no limit is passed, nothing fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.services.searches import MOST_SAVED, SaveError, SearchBook
from app.services.wish_lists import MOST_LISTS, WishListService
from app.services.wish_sources import Problem, SourceRules, WishListError, WishListSource
from tests.fixtures.clock import MovingClock

AT_ONCE = 12
ROLL = b"dimwishlist:item=1&perks=2\n"
ADDRESS = "https://raw.githubusercontent.com/somebody/lists/main/{}.txt"


@pytest.fixture
def user_id(db_session: scoped_session[Session]) -> int:
    user = User(role="player", created_at=MovingClock()())
    db_session.add(user)
    db_session.commit()
    return user.id


@pytest.fixture
def book(db_session: scoped_session[Session]) -> Iterator[SearchBook]:
    yield SearchBook(db_session, MovingClock())
    db_session.remove()


@pytest.fixture
def lists(db_session: scoped_session[Session]) -> Iterator[WishListService]:
    yield WishListService(db_session, WishListSource(SourceRules()), MovingClock(), lambda _: True)
    db_session.remove()


def at_once(db_session: scoped_session[Session], work: Callable[[int], object]) -> list[object]:
    """What each of many threads got for its work, all of which begins in one moment; a refusal is an answer too."""
    start = Barrier(AT_ONCE, timeout=30)

    def run(number: int) -> object:
        start.wait()
        try:
            return work(number)
        except (SaveError, WishListError) as error:
            return error.problem.value
        finally:
            db_session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE), timeout=60))


def test_many_searches_saved_at_once_find_exactly_the_room_that_there_is(
    db_session: scoped_session[Session], book: SearchBook, user_id: int
) -> None:
    for number in range(MOST_SAVED - 3):
        book.save(user_id, f"power:>{number}", "")
    answers = at_once(db_session, lambda number: book.save(user_id, f"stack:>{number}", "late"))
    assert sorted(map(str, answers)) == ["late"] * 3 + ["too-many"] * (AT_ONCE - 3)
    assert len(book.of(user_id).saved) == MOST_SAVED


def test_the_same_search_saved_many_times_at_once_is_one(
    db_session: scoped_session[Session], book: SearchBook, user_id: int
) -> None:
    assert set(at_once(db_session, lambda _: book.save(user_id, "is:bow", "Bows"))) == {"Bows"}
    assert [each.name for each in book.of(user_id).saved] == ["Bows"]


def test_searches_put_in_order_while_others_are_removed_keep_their_places(
    db_session: scoped_session[Session], book: SearchBook, user_id: int
) -> None:
    for number in range(AT_ONCE):
        book.save(user_id, f"power:>{number}", "")
    ids = [each.id for each in book.of(user_id).saved]

    def work(number: int) -> object:
        change = book.remove if number % 2 else book.raise_up
        return change(user_id, ids[number])

    assert all(at_once(db_session, work))
    kept = book.of(user_id).saved
    assert {each.id for each in kept} == set(ids[::2])
    assert len({each.position for each in kept}) == len(kept)


def test_many_wish_lists_added_at_once_find_exactly_the_room_that_there_is(
    db_session: scoped_session[Session], lists: WishListService, user_id: int
) -> None:
    lists.add_file(user_id, "first.txt", ROLL)

    def work(number: int) -> object:
        if number % 2:
            lists.add_address(user_id, ADDRESS.format(number))
        else:
            lists.add_file(user_id, f"{number}.txt", ROLL)
        return "added"

    answers = at_once(db_session, work)
    assert sorted(map(str, answers)) == ["added"] * (MOST_LISTS - 1) + ["too-many"] * (AT_ONCE - MOST_LISTS + 1)
    assert len(lists.of(user_id)) == MOST_LISTS


def test_an_address_added_many_times_at_once_is_one_list(
    db_session: scoped_session[Session], lists: WishListService, user_id: int
) -> None:
    answers = at_once(db_session, lambda _: lists.add_address(user_id, ADDRESS.format("one")))
    assert answers.count(None) == 1
    assert answers.count(Problem.THERE_ALREADY.value) == AT_ONCE - 1
    assert len(lists.of(user_id)) == 1


def test_wish_lists_put_in_order_while_others_are_removed_keep_their_places(
    db_session: scoped_session[Session], lists: WishListService, user_id: int
) -> None:
    for number in range(MOST_LISTS):
        lists.add_file(user_id, f"{number}.txt", ROLL)
    ids = [each.public_id for each in lists.of(user_id)]

    def work(number: int) -> object:
        change = lists.remove if number % 2 else lists.raise_up
        return change(user_id, ids[number % MOST_LISTS])

    answers = at_once(db_session, work)
    assert answers.count(True) >= MOST_LISTS
    kept = lists.of(user_id)
    assert {each.public_id for each in kept} == set(ids[::2])
    assert len({each.position for each in kept}) == len(kept)
