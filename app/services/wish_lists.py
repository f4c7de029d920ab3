"""The wish lists of a person: added from a file or an address, put in order, fetched anew, removed."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import PurePath

import orjson
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session, scoped_session

from app.inventory.wishes.packing import pack
from app.inventory.wishes.reading import read_list
from app.inventory.wishes.rolls import LineFault, ReadList
from app.models import WishList
from app.services.clock import Clock
from app.services.turns import turn_of
from app.services.wish_sources import Fetched, Problem, WishListError, WishListSource

log = logging.getLogger(__name__)

MOST_LISTS = 6
MOST_FILE_BYTES = 4 * 1024 * 1024
REFRESHED_AFTER = timedelta(hours=20)
_WAITED_TOO_LONG = timedelta(minutes=2)
_MOST_AT_ONCE = 40  # addresses that one run of the worker asks
_FAULTS_KEPT = 20

WAITING, READY, FAILED = "waiting", "ready", "failed"


class WishListService:
    """`hand_over` asks the workers to fetch a list by its row; false when they cannot be reached, then beat does."""

    def __init__(
        self,
        session: scoped_session[Session],
        source: WishListSource,
        clock: Clock,
        hand_over: Callable[[int], bool],
    ) -> None:
        self._session = session
        self._source = source
        self._clock = clock
        self._hand_over = hand_over

    def of(self, user_id: int) -> Sequence[WishList]:
        """A person's lists in their order, without their rolls."""
        query = select(WishList).where(WishList.user_id == user_id).order_by(WishList.position, WishList.id)
        return self._session.scalars(query).all()

    def add_address(self, user_id: int, address: str) -> None:
        """A list that a worker will fetch. Raises WishListError: NOT_ALLOWED, TOO_MANY, THERE_ALREADY."""
        address = self._source.rules.accept(address)
        with turn_of(self._session, user_id):
            lists = self._check_room(user_id)
            if any(each.source == address for each in lists):
                raise WishListError(Problem.THERE_ALREADY)
            added = self._new(user_id, lists, source=address, state=WAITING)
            self._session.flush()
            list_id = added.id
            self._session.commit()
        self._hand_over(list_id)

    def add_file(self, user_id: int, name: str, data: bytes) -> None:
        """A list from a file that a person sends. Raises WishListError: TOO_MANY, TOO_BIG, NOTHING_READ."""
        if len(data) > MOST_FILE_BYTES:
            raise WishListError(Problem.TOO_BIG)
        self._check_room(user_id)
        read = read_list(data.decode(errors="replace"))
        if not read.rolls:
            raise WishListError(Problem.NOTHING_READ)
        name = "".join(filter(str.isprintable, PurePath(name.replace("\\", "/")).name))[:100]
        with turn_of(self._session, user_id):
            added = self._new(user_id, self._check_room(user_id), file_name=name, state=WAITING)
            self._keep(added, read, self._clock())
            self._session.commit()

    def remove(self, user_id: int, public_id: str) -> bool:
        """False for what is not theirs."""
        with turn_of(self._session, user_id):
            found = self._find(user_id, public_id)
            if found is None:
                return False
            self._session.execute(delete(WishList).where(WishList.id == found.id))
            self._session.commit()
        return True

    def raise_up(self, user_id: int, public_id: str) -> bool:
        """Puts a list before the one above it; false for what is not theirs."""
        with turn_of(self._session, user_id):
            lists = list(self.of(user_id))
            place = next((place for place, each in enumerate(lists) if each.public_id == public_id), None)
            if place is None:
                return False
            if place:
                lists[place - 1], lists[place] = lists[place], lists[place - 1]
            for position, each in enumerate(lists):
                each.position = position
            self._session.commit()
        return True

    def ask_again(self, user_id: int, public_id: str) -> bool:
        """Has a list fetched now; false for what is not theirs or has no address."""
        found = self._find(user_id, public_id)
        if found is None or not found.source:
            return False
        self._hand_over(found.id)
        return True

    def fetch(self, list_id: int) -> None:
        """Fetches one list, as a worker does. One that is gone meanwhile is nothing to do."""
        self._refresh_those(WishList.id == list_id, WishList.source != "")

    def fetch_due(self) -> None:
        """Fetches what has not been looked at for a day and what still waits; every address is asked once for all."""
        now = self._clock()
        is_due = or_(
            WishList.checked_at < now - REFRESHED_AFTER,
            WishList.checked_at.is_(None) & (WishList.added_at < now - _WAITED_TOO_LONG),
        )
        self._refresh_those(WishList.source != "", is_due)

    def _refresh_those(self, *which: ColumnElement[bool]) -> None:
        query = select(WishList.source, WishList.id, WishList.tag).where(*which).order_by(WishList.source)
        by_source = groupby(self._session.execute(query).all(), key=lambda each: each.source)
        for source, rows in [(source, list(rows)) for source, rows in by_source][:_MOST_AT_ONCE]:
            tags = {each.tag for each in rows}
            self._refresh(source, [each.id for each in rows], tags.pop() if len(tags) == 1 else "")

    def _refresh(self, source: str, list_ids: Sequence[int], tag: str) -> None:
        """Each list of one address keeps what it has when the new state cannot be had."""
        self._session.rollback()  # nothing of the database is held while a host takes its time
        try:
            fetched = self._source.fetch(source, tag)
            read = self._read(fetched)
        except WishListError as error:
            log.info("a wish list could not be fetched", extra={"problem": error.problem.value})
            self._all_failed(self._still_there(list_ids), error.problem)
            return
        now = self._clock()
        for each in self._still_there(list_ids):
            each.state, each.problem, each.checked_at = READY, "", now
            if read is not None:
                each.tag = fetched.tag
                self._keep(each, read, now)
        self._session.commit()

    def _still_there(self, list_ids: Sequence[int]) -> Sequence[WishList]:
        """Without those that their owners have removed meanwhile, who wait now until the others are written."""
        return self._session.scalars(select(WishList).where(WishList.id.in_(list_ids)).with_for_update()).all()

    @staticmethod
    def _read(fetched: Fetched) -> ReadList | None:
        if fetched.text is None:
            return None
        read = read_list(fetched.text)
        if not read.rolls:
            raise WishListError(Problem.NOTHING_READ)
        return read

    def _all_failed(self, lists: Iterable[WishList], problem: Problem) -> None:
        for each in lists:
            each.state, each.problem, each.checked_at = FAILED, problem.value, self._clock()
        self._session.commit()

    def _check_room(self, user_id: int) -> Sequence[WishList]:
        lists = self.of(user_id)
        if len(lists) >= MOST_LISTS:
            raise WishListError(Problem.TOO_MANY)
        return lists

    def _new(self, user_id: int, lists: Sequence[WishList], **facts: str) -> WishList:
        position = max((each.position for each in lists), default=-1) + 1
        added = WishList(
            public_id=secrets.token_hex(8), user_id=user_id, position=position, added_at=self._clock(), **facts
        )
        self._session.add(added)
        return added

    @staticmethod
    def _keep(row: WishList, read: ReadList, now: datetime) -> None:
        rolls = pack(read.rolls)
        version = hashlib.blake2b(rolls.encode(), digest_size=16).hexdigest()
        row.title, row.description, row.state, row.problem = read.title, read.description, READY, ""
        row.roll_count, row.item_count = len(read.rolls), len({roll.item_hash for roll in read.rolls})
        row.fault_count, row.faults = read.fault_count, faults_written(read.faults[:_FAULTS_KEPT])
        row.checked_at = now
        if version != row.version:
            row.rolls, row.version, row.changed_at = rolls, version, now

    def _find(self, user_id: int, public_id: str) -> WishList | None:
        query = select(WishList).where(WishList.user_id == user_id, WishList.public_id == public_id)
        return self._session.scalars(query).one_or_none()


def faults_written(faults: Iterable[LineFault]) -> str:
    return orjson.dumps([[each.number, each.fault.value, each.text] for each in faults]).decode()


def faults_told(row: WishList) -> list[tuple[int, str, str]]:
    """Line, kind of fault and how the line begins, of the first lines that were not taken."""
    return [(int(number), str(fault), str(text)) for number, fault, text in orjson.loads(row.faults or "[]")]
