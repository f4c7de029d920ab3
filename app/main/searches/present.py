"""The page of a person's searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.inventory.search.parser import MOST_CHARACTERS
from app.main import words
from app.main.searches.menu import MenuLine, menu_of
from app.services.searches import LONGEST_NAME, KeptSearches


class SavedView(NamedTuple):
    id: int
    name: str
    text: str
    when: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class SearchesPage:
    """`text`, `name` and `problem` are of the form for saving: what stands in it, and why it was not taken."""

    saved: tuple[SavedView, ...]
    recent: tuple[str, ...]
    ready: tuple[MenuLine, ...]
    text: str
    name: str
    problem: str
    most_characters: int = MOST_CHARACTERS
    longest_name: int = LONGEST_NAME


def searches_page(kept: KeptSearches, now: datetime, text: str, name: str, problem: str) -> SearchesPage:
    saved = (
        SavedView(each.id, each.name, each.text, words.ago(each.at, now), place == 0)
        for place, each in enumerate(kept.saved)
    )
    return SearchesPage(tuple(saved), tuple(kept.recent), menu_of(kept).ready, text, name, problem)
