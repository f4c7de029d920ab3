"""What the menu beside the search box offers: saved searches, the last ones, and some that are ready-made."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.search.compile import need_of
from app.inventory.search.errors import SearchError
from app.inventory.search.parser import parse
from app.main.blueprint import bp
from app.services.searches import KeptSearches
from app.web.access import viewer
from app.wiring import services

_RECENT_IN_MENU = 8

# Each by its name and the searches that could answer it, of which the first that can be answered is taken.
_READY: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (_l("New since my last visit"), ("is:new",)),
    (_l("Not seen a week ago"), ("notseen:7d",)),
    (_l("Not in any loadout"), (
        "(is:weapon or is:armor) -is:inloadout -is:iningameloadout",
        "(is:weapon or is:armor) -is:iningameloadout",
    )),
    (_l("More than once"), ("is:dupe",)),
    (_l("The weaker copies"), ("is:dupelower",)),
    (_l("At the postmaster"), ("is:postmaster",)),
    (_l("Without a tag"), ("(is:weapon or is:armor) -is:tagged",)),
    (_l("Not locked"), ("(is:weapon or is:armor) is:unlocked",)),
    (_l("Recommended by my wish lists"), ("is:wishlist",)),
    (_l("To throw away, say my wish lists"), ("is:trashlist",)),
)  # fmt: skip


class MenuLine(NamedTuple):
    """A search to go to; `name` is what it is called, else its own text."""

    name: str
    text: str


class SearchMenu(NamedTuple):
    saved: tuple[MenuLine, ...]
    recent: tuple[MenuLine, ...]
    ready: tuple[MenuLine, ...]


@bp.app_template_global("searches_menu")
def searches_menu() -> SearchMenu | None:
    """The menu of whoever looks; None for who has no vault to search in. Called where a page draws its search box."""
    person = viewer()
    return menu_of(services().searches.of(person.user_id)) if person and person.has_vault else None


def menu_of(kept: KeptSearches) -> SearchMenu:
    saved = {each.text for each in kept.saved}
    recent = [text for text in kept.recent if text not in saved]
    return SearchMenu(
        tuple(MenuLine(each.name, each.text) for each in kept.saved),
        tuple(MenuLine(text, text) for text in recent[:_RECENT_IN_MENU]),
        _ready_in(get_locale()),
    )


@cache
def _ready_in(_locale: Locale | None) -> tuple[MenuLine, ...]:
    """Put together once for every language of ours; `_locale` is that of the request."""
    return tuple(MenuLine(str(name), text) for name, text in _ready())


@cache
def _ready() -> tuple[tuple[LazyString, str], ...]:
    return tuple((name, text) for name, texts in _READY for text in list(_answered(texts))[:1])


def _answered(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        try:
            need_of(parse(text))
        except SearchError:
            continue
        yield text


def is_ready_made(text: str) -> bool:
    """Whether a search is one of the menu's own."""
    return any(text == ready for _, ready in _ready())
