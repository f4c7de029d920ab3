"""What the pages of the item database are given: finished words and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.main.item.viewmodels import CopyLine, ItemTelling
from app.main.present_search import SearchErrorView
from app.main.viewmodels import TileView
from app.web.notices import NoticeView


class OptionView(NamedTuple):
    """One choice of a facet. `key` is what the address says."""

    key: str
    name: str
    is_chosen: bool


class FacetView(NamedTuple):
    """One list to choose from; the first choice of every list is "all", which is not among the options."""

    name: str
    title: str
    options: tuple[OptionView, ...]


class ChosenView(NamedTuple):
    """A facet that is chosen, and the address without it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class FindsPage:
    """`earlier` and `later` are addresses, "" at the ends; `is_ready` is false while there is nothing to find in.

    `error` is what is wrong with the search: then there are no finds.
    """

    notices: tuple[NoticeView, ...]
    text: str
    most_characters: int
    facets: tuple[FacetView, ...]
    chosen: tuple[ChosenView, ...]
    summary: str
    tiles: tuple[TileView, ...]
    page_text: str
    earlier: str
    later: str
    is_ready: bool
    error: SearchErrorView | None = None


@dataclass(frozen=True, slots=True)
class DefinitionPage(ItemTelling):
    """One item as the game defines it.

    `copies_note` is a sentence where the viewer has no copies to list, "" for who has no account.
    """

    pieces: tuple[TileView, ...]
    versions: tuple[CopyLine, ...]  # the same gear, issued another time
    copies_note: str
