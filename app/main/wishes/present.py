"""Wish lists -> view models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext, ngettext

from app.inventory.wishes.matching import Wish
from app.main import words
from app.main.wishes.words import fault_words, problem_words
from app.models import WishList
from app.services.wish_lists import MOST_FILE_BYTES, faults_told
from app.services.wish_sources import LONGEST_ADDRESS


class FaultLine(NamedTuple):
    number: str
    why: str
    text: str


class ListView(NamedTuple):
    """One list. `state` is a sentence on how it is doing, `problem` one on what went wrong, or ""."""

    id: str
    title: str
    description: str
    source: str
    size: str
    state: str
    problem: str
    faults_title: str
    faults: tuple[FaultLine, ...]
    has_address: bool
    is_first: bool


@dataclass(frozen=True, slots=True)
class WishListsPage:
    """`address` and the problems are of the forms: what was typed, and why it was not taken."""

    lists: tuple[ListView, ...]
    address: str
    address_problem: str
    file_problem: str
    most_file: str
    longest_address: int = LONGEST_ADDRESS


def wish_lists_page(
    lists: list[WishList], now: datetime, address: str = "", address_problem: str = "", file_problem: str = ""
) -> WishListsPage:
    views = tuple(_list(each, now, is_first=place == 0) for place, each in enumerate(lists))
    return WishListsPage(
        views, address, problem_words(address_problem), problem_words(file_problem), words.size(MOST_FILE_BYTES)
    )


def _list(row: WishList, now: datetime, *, is_first: bool) -> ListView:
    faults = ngettext("%(num)d line was not taken", "%(num)d lines were not taken", row.fault_count)
    return ListView(
        row.public_id,
        row.title or row.file_name or row.source,
        row.description,
        row.source or gettext("from the file %(name)s", name=row.file_name),
        _size(row),
        _state(row, now),
        problem_words(row.problem),
        faults if row.fault_count else "",
        tuple(FaultLine(words.number(number), fault_words(fault), text) for number, fault, text in faults_told(row)),
        has_address=bool(row.source),
        is_first=is_first,
    )


def _size(row: WishList) -> str:
    if not row.version:
        return ""
    rolls, items = words.number(row.roll_count), words.number(row.item_count)
    return gettext("%(rolls)s rolls of %(items)s items", rolls=rolls, items=items)


def _state(row: WishList, now: datetime) -> str:
    if row.checked_at is None:
        return gettext("It is being fetched: look again in a moment.")
    if not row.source or row.changed_at is None:
        return gettext("Read %(when)s.", when=words.ago(row.checked_at, now))
    return gettext(
        "Last changed %(changed)s, looked at %(when)s.",
        changed=words.ago(row.changed_at, now),
        when=words.ago(row.checked_at, now),
    )


class WishView(NamedTuple):
    """What the lists say of one copy. `perks` are the hashes of the plugs for which it was chosen."""

    look: str  # wish-up | wish-down
    title: str
    notes: str
    source: str
    perks: frozenset[int]
    perk_mark: str


def wish_view(wish: Wish | None) -> WishView | None:
    if wish is None:
        return None
    if wish.is_trash:
        title, mark = gettext("A roll to throw away, says a wish list"), gettext("warned of")
    else:
        title, mark = gettext("A roll that a wish list recommends"), gettext("wished for")
    look = "wish-down" if wish.is_trash else "wish-up"
    return WishView(look, title, wish.notes, wish.list_title, wish.perks, mark)
