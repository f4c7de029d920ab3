"""Loadouts changed by many at once, as by tabs, telephones and impatient fingers: nothing is lost, no limit passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy.orm import Session, scoped_session

from app.inventory.loadouts.model import Build, Piece
from app.models import BungieAccount, User
from app.services.loadouts.shelf import MOST_LOADOUTS, Shelf, TooManyLoadouts
from app.services.sessions import Viewer

AT_ONCE = 12


@pytest.fixture
def viewer(db_session: scoped_session[Session]) -> Viewer:
    ends = datetime(2026, 11, 22, tzinfo=UTC)
    user = User(role="player", name="player", created_at=ends)
    db_session.add(user)
    db_session.flush()
    account = BungieAccount(
        user_id=user.id, membership_id="1", access_ends_at=ends, refresh_ends_at=ends, connected_at=ends
    )
    db_session.add(account)
    db_session.commit()
    return Viewer(user.id, 1, "player", "", account.id, "4611686018000000001", 3)


@pytest.fixture
def shelf(db_session: scoped_session[Session]) -> Iterator[Shelf]:
    yield Shelf(db_session, lambda: datetime(2026, 11, 21, 12, tzinfo=UTC))
    db_session.remove()


def at_once(db_session: scoped_session[Session], work: Callable[[int], object]) -> list[object]:
    """What each of many threads got for its work, all of which begins in one moment; an exception is an answer too."""
    start = Barrier(AT_ONCE, timeout=30)

    def run(number: int) -> object:
        start.wait()
        try:
            return work(number)
        except TooManyLoadouts as error:
            return error
        finally:
            db_session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE), timeout=60))


def test_many_at_once_find_exactly_the_room_that_there_is(
    db_session: scoped_session[Session], shelf: Shelf, viewer: Viewer
) -> None:
    shelf.add_all(viewer, [Build(f"Number {number}") for number in range(MOST_LOADOUTS - 3)])
    answers = at_once(db_session, lambda number: shelf.add(viewer, Build(f"Late {number}")))
    assert sum(isinstance(each, TooManyLoadouts) for each in answers) == AT_ONCE - 3
    assert len(shelf.all(viewer)) == MOST_LOADOUTS


def test_bringing_back_many_at_once_passes_no_limit(
    db_session: scoped_session[Session], shelf: Shelf, viewer: Viewer
) -> None:
    gone = shelf.add_all(viewer, [Build(f"Gone {number}") for number in range(AT_ONCE)])
    for each in gone:
        assert shelf.delete(viewer, each.public_id)
    shelf.add_all(viewer, [Build(f"Number {number}") for number in range(MOST_LOADOUTS - 3)])
    answers = at_once(db_session, lambda number: shelf.restore(viewer, gone[number].public_id))
    assert sum(isinstance(each, TooManyLoadouts) for each in answers) == AT_ONCE - 3
    assert len(shelf.all(viewer)) == MOST_LOADOUTS


def test_pieces_put_in_at_once_are_all_in(db_session: scoped_session[Session], shelf: Shelf, viewer: Viewer) -> None:
    kept = shelf.add(viewer, Build("Shared by two telephones"))

    def put_in(number: int) -> object:
        piece = Piece(number + 1, str(number + 1))
        return shelf.change(viewer, kept.public_id, lambda now: Build(now.name, pieces=(*now.pieces, piece)))

    assert all(at_once(db_session, put_in))
    found = shelf.find(viewer, kept.public_id)
    assert found
    assert sorted(piece.item_hash for piece in found.build.pieces) == list(range(1, AT_ONCE + 1))


def test_a_loadout_deleted_while_it_is_changed_is_gone_for_good_or_not_at_all(
    db_session: scoped_session[Session], shelf: Shelf, viewer: Viewer
) -> None:
    kept = shelf.add(viewer, Build("Wanted and not"))

    def work(number: int) -> object:
        if number % 2:
            return shelf.delete(viewer, kept.public_id)
        return shelf.change(viewer, kept.public_id, lambda now: Build(now.name, notes=str(number))) is not None

    answers = at_once(db_session, work)
    assert answers[1::2].count(True) == 1  # only one of them deleted it
    assert shelf.find(viewer, kept.public_id) is None
    assert shelf.restore(viewer, kept.public_id)


def test_what_holds_a_copy_is_found_by_the_whole_number_alone(shelf: Shelf, viewer: Viewer) -> None:
    one = shelf.add(viewer, Build("b", pieces=(Piece(1, "6917529000000000001"), Piece(2, "6917529000000000002"))))
    two = shelf.add(viewer, Build("A", pieces=(Piece(1, "6917529000000000001"),)))
    shelf.add(viewer, Build("c", pieces=(Piece(6917529), Piece(3, "16917529000000000001"))))
    gone = shelf.add(viewer, Build("d", pieces=(Piece(1, "6917529000000000001"),)))
    shelf.delete(viewer, gone.public_id)
    assert [each.public_id for each in shelf.holding(viewer, "6917529000000000001")] == [two.public_id, one.public_id]
    for nobodys in ("691752900000000000", "6917529", "%", "hash"):
        assert shelf.holding(viewer, nobodys) == []
