"""Searches that a person keeps: the last ones asked, and those saved under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import bindparam, delete, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.inventory.search.compile import need_of
from app.inventory.search.errors import SearchError
from app.inventory.search.parser import parse
from app.inventory.search.text import fold
from app.models import RecentSearch, SavedSearch
from app.services.clock import Clock
from app.services.turns import turn_of

MOST_RECENT = 20
MOST_SAVED = 100
LONGEST_NAME = 64


class SaveProblem(StrEnum):
    """Why a search cannot be saved."""

    NOT_A_SEARCH = "not-a-search"
    TOO_MANY = "too-many"


class SaveError(Exception):
    """`error` is what is wrong with the search, if that is why."""

    def __init__(self, problem: SaveProblem, error: SearchError | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.error = error


class KeptSearch(NamedTuple):
    """A search: saved at a place of the person's list under a name, or one of the last, without either."""

    position: int  # -1 for one of the last
    id: int
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptSearches:
    """`saved` in the person's order, `recent` texts with the newest first."""

    saved: Sequence[KeptSearch] = ()
    recent: Sequence[str] = field(default=())

    def matching(self, typed: str, most: int) -> list[tuple[str, str]]:
        """(text, name) of those that have what was typed in name or text, saved ones first; recent ones have none."""
        wanted = fold(typed.strip())
        every = [(each.text, each.name) for each in self.saved] + [(text, "") for text in self.recent]
        found = {text: name for text, name in reversed(every) if wanted in fold(name) or wanted in fold(text)}
        return [(text, found[text]) for text in dict.fromkeys(text for text, _ in every) if text in found][:most]


# Saved and recent ones in one question, put together once: every page with a search box asks it.
_KEPT = union_all(
    select(
        SavedSearch.position, SavedSearch.id, SavedSearch.name, SavedSearch.text, SavedSearch.saved_at
    ).where(SavedSearch.user_id == bindparam("of")),
    select(
        literal(-1), RecentSearch.id, literal(""), RecentSearch.text, RecentSearch.asked_at
    ).where(RecentSearch.user_id == bindparam("of")),
)  # fmt: skip


class SearchBook:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def of(self, user_id: int) -> KeptSearches:
        """Everything that a person has kept."""
        rows = [KeptSearch(*row) for row in self._session.execute(_KEPT, {"of": user_id})]
        asked = sorted((each for each in rows if each.position < 0), key=lambda each: (each.at, each.id), reverse=True)
        return KeptSearches(sorted(each for each in rows if each.position >= 0), [each.text for each in asked])

    def remember(self, user_id: int, text: str) -> None:
        """Makes a search the newest one. Whatever is no search, and the newest itself, changes nothing."""
        text = text.strip()
        if not _is_search(text) or self._newest(user_id) == text:
            return
        mine = RecentSearch.user_id == user_id
        self._session.execute(delete(RecentSearch).where(mine, RecentSearch.text == text))
        self._session.add(RecentSearch(user_id=user_id, text=text, asked_at=self._clock()))
        try:
            self._session.flush()
        except IntegrityError:  # the same search, asked twice in one moment
            self._session.rollback()
            return
        newest = select(RecentSearch.id).where(mine).order_by(RecentSearch.asked_at.desc(), RecentSearch.id.desc())
        kept = self._session.scalars(newest.limit(MOST_RECENT)).all()
        self._session.execute(delete(RecentSearch).where(mine, RecentSearch.id.not_in(kept)))
        self._session.commit()

    def forget_recent(self, user_id: int) -> None:
        self._session.execute(delete(RecentSearch).where(RecentSearch.user_id == user_id))
        self._session.commit()

    def save(self, user_id: int, text: str, name: str) -> str:
        """Keeps a search at the end of the list and says under which name. Raises SaveError.

        One that is there already only gets the name. Without a name it is called by its first comment, or by its words.
        """
        text = text.strip()
        title = _title_of(text)
        name = _clean(name) or _clean(title) or _clean(text)
        with turn_of(self._session, user_id):
            saved = self._saved(user_id)
            row = next((each for each in saved if each.text == text), None) or self._new(user_id, saved, text)
            row.name = name
            self._session.commit()
        return name

    def _new(self, user_id: int, saved: Sequence[SavedSearch], text: str) -> SavedSearch:
        if len(saved) >= MOST_SAVED:
            raise SaveError(SaveProblem.TOO_MANY)
        position = max((each.position for each in saved), default=-1) + 1
        row = SavedSearch(user_id=user_id, text=text, position=position, saved_at=self._clock())
        self._session.add(row)
        return row

    def rename(self, user_id: int, search_id: int, name: str) -> bool:
        """False for what is not theirs. An empty name leaves the old one."""
        return self._change(user_id, search_id, name=_clean(name) or SavedSearch.name)

    def raise_up(self, user_id: int, search_id: int) -> bool:
        """Puts a search before the one above it; false for what is not theirs."""
        with turn_of(self._session, user_id):
            rows = list(self._saved(user_id))
            place = next((place for place, each in enumerate(rows) if each.id == search_id), None)
            if place is None:
                return False
            if place:
                rows[place - 1], rows[place] = rows[place], rows[place - 1]
            for position, each in enumerate(rows):
                each.position = position
            self._session.commit()
        return True

    def remove(self, user_id: int, search_id: int) -> bool:
        """False for what is not theirs."""
        mine = (SavedSearch.user_id == user_id, SavedSearch.id == search_id)
        with turn_of(self._session, user_id):
            is_there = self._session.scalar(select(SavedSearch.id).where(*mine)) is not None
            self._session.execute(delete(SavedSearch).where(*mine))
            self._session.commit()
        return is_there

    def _saved(self, user_id: int) -> Sequence[SavedSearch]:
        query = select(SavedSearch).where(SavedSearch.user_id == user_id)
        return self._session.scalars(query.order_by(SavedSearch.position, SavedSearch.id)).all()

    def _newest(self, user_id: int) -> str | None:
        query = select(RecentSearch.text).where(RecentSearch.user_id == user_id)
        return self._session.scalar(query.order_by(RecentSearch.asked_at.desc(), RecentSearch.id.desc()).limit(1))

    def _change(self, user_id: int, search_id: int, **values: object) -> bool:
        mine = (SavedSearch.user_id == user_id, SavedSearch.id == search_id)
        found = self._session.scalar(select(SavedSearch.id).where(*mine))
        self._session.execute(update(SavedSearch).where(*mine).values(**values))
        self._session.commit()
        return found is not None


def _is_search(text: str) -> bool:
    """Whether a text asks for something that can be answered."""
    try:
        query = parse(text)
        need_of(query)
    except SearchError:
        return False
    return query.tree is not None


def _title_of(text: str) -> str:
    try:
        query = parse(text)
        need_of(query)
    except SearchError as error:
        raise SaveError(SaveProblem.NOT_A_SEARCH, error) from None
    if query.tree is None:
        raise SaveError(SaveProblem.NOT_A_SEARCH)
    return query.title


def _clean(name: str) -> str:
    return "".join(each if each.isprintable() else " " for each in name).strip()[:LONGEST_NAME]
