"""What stands around the tiles of a page: how old they are, how they are laid out, what is new among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask_babel import ngettext

from app.inventory.layout import laid_out
from app.main.news import ask_again_s
from app.main.present import Context, Presenter
from app.main.present_layout import LayoutView, layout_view, stat_names
from app.main.viewmodels import CharacterView, FreshnessView
from app.services.search import Found
from app.web.notices import NoticeView


class CapacityView(NamedTuple):
    """How full the vault is: "467 of 700", 0-100 (-1 unknown), and a warning or ""."""

    text: str
    fill: int
    note: str


@dataclass(frozen=True, slots=True)
class PageFrame:
    """`title` and `tabs` are of the views of the vault: address, words, whether it is this one."""

    notices: tuple[NoticeView, ...]
    freshness: FreshnessView | None
    characters: tuple[CharacterView, ...]
    missing: tuple[str, ...]  # sentences: what Bungie did not send
    new_text: str  # "3 new items", "" when there are none
    layout: LayoutView
    ask_again_s: int  # when a script should look for news
    capacity: CapacityView | None = None
    title: str = ""
    tabs: tuple[tuple[str, str, bool], ...] = ()


class FramedPresenter(Presenter):
    """Builds pages of what a search found, or of everything, laid out as the player wants it."""

    def __init__(self, found: Found, context: Context) -> None:
        inventory = laid_out(found.snapshot.inventory, context.layout.order, context.facts)
        super().__init__(replace(found.snapshot, inventory=inventory), context, found.whole)
        self._found = found

    def _frame(self, path: str, view: str = "") -> PageFrame:
        """`path` and `view` lead to the page that this one is."""
        new = len(self._context.new)
        return PageFrame(
            notices=self._notices,
            freshness=self._freshness,
            characters=self._characters(),
            missing=self._missing,
            new_text=ngettext("%(num)d new item", "%(num)d new items", new) if new else "",
            layout=layout_view(self._layout, stat_names(self._definitions), self._found.text, path, view),
            ask_again_s=ask_again_s(self._found.snapshot),
        )
