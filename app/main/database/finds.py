"""An address -> a question, and what it found -> the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.finder import AMMO, CLASS, ELEMENT, KIND, SEASON, SOURCE, TIER, Question
from app.inventory.references import CategoryDefinition
from app.inventory.search.parser import MOST_CHARACTERS
from app.main import words
from app.main.database.notices import notices_of
from app.main.database.tiles import DefinitionTiles
from app.main.database.viewmodels import ChosenView, FacetView, FindsPage, OptionView
from app.main.present import Context
from app.main.present_changes import TIERS
from app.main.present_search import error_view
from app.services.database import FoundPage

_PATH = "/database"
# Categories of the game's own bookkeeping.
_NO_KINDS = frozenset({52, 3109687656})
_MOST_PAGE = 10_000
_LONGEST_NUMBER = 10
_LONGEST_WORDS = 70

Named = Callable[[int, FoundPage], str]


class _Facet(NamedTuple):
    """`keys` are the words of an address for values that have some; others are written as numbers."""

    name: str
    title: LazyString
    named: Named
    keys: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    page: int


def _category(value: int, found: FoundPage) -> str:
    known = found.definitions.find(CategoryDefinition, value)
    return known.name if known and value not in _NO_KINDS else ""


def _season(value: int, found: FoundPage) -> str:
    name = found.season_names().get(value)
    return f"{value} · {name}" if name else str(value)


def _source(value: int, found: FoundPage) -> str:
    said = found.finder.label(SOURCE, value).removeprefix("Source: ") if found.finder else ""
    return said if len(said) <= _LONGEST_WORDS else said[: _LONGEST_WORDS - 1].rstrip() + "…"


def _spoken(table: Mapping[int, object]) -> Named:
    return lambda value, _found: str(table.get(value, ""))


_ELEMENT_NAMES = {value: words.ELEMENT_NAMES[key] for value, key in words.ELEMENTS.items()}
_AMMO_KEYS = {1: "primary", 2: "special", 3: "heavy"}
FACETS = (
    _Facet(KIND, _l("Kind"), _category),
    _Facet(TIER, _l("Rarity"), _spoken(TIERS), words.RARITIES),
    _Facet(ELEMENT, _l("Element"), _spoken(_ELEMENT_NAMES), words.ELEMENTS),
    _Facet(AMMO, _l("Ammo"), _spoken(words.AMMO), _AMMO_KEYS),
    _Facet(CLASS, _l("Class"), _spoken(words.CLASSES), words.CLASS_KEYS),
    _Facet(SEASON, _l("Season"), _season),
    _Facet(SOURCE, _l("Source"), _source),
)
# Numbers have an order of their own: the rarest and the newest first, the others as the game counts them.
_FALLING = frozenset({TIER, SEASON})
_BY_NUMBER = frozenset({TIER, SEASON, ELEMENT, AMMO, CLASS})


def asked(address: Mapping[str, str]) -> Asked:
    """What an address asks for; whatever makes no sense in it is as if it were not there."""
    facets = {
        facet.name: value for facet in FACETS if (value := _value(facet, address.get(facet.name, ""))) is not None
    }
    page = whole_number(address.get("page", "")) or 1
    return Asked(Question(address.get("q", "")[: MOST_CHARACTERS + 1].strip(), facets), min(page, _MOST_PAGE))


def _value(facet: _Facet, key: str) -> int | None:
    if facet.keys:
        return next((value for value, word in facet.keys.items() if word == key), None)
    return whole_number(key)


def whole_number(text: str) -> int | None:
    """The number that an address says, None for everything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None


def finds_page(found: FoundPage, context: Context, *, is_part: bool = False) -> FindsPage:
    """`is_part`: only what changes while somebody types, for which the choices would be the dearest part."""
    tiles = DefinitionTiles(found.definitions, context.picture)
    return FindsPage(
        notices=notices_of(found.definitions, context),
        text=found.question.text,
        most_characters=MOST_CHARACTERS,
        facets=() if is_part else tuple(_facet_view(facet, found) for facet in FACETS),
        chosen=tuple(_chosen(found)),
        summary=_summary(found),
        tiles=tuple(tiles.make(each) for each in found.found.hashes),
        page_text=_page_text(found),
        earlier=_address(found.question, found.number - 1) if found.number > 1 else "",
        later=_address(found.question, found.number + 1) if found.number < found.pages else "",
        is_ready=found.finder is not None,
        error=error_view(found.error, found.question.text, _PATH, _facets_in(found.question)) if found.error else None,
    )


def _facet_view(facet: _Facet, found: FoundPage) -> FacetView:
    chosen = found.question.facets.get(facet.name)
    named = _ordered(facet, _names(facet, found, chosen))
    options = [OptionView(_key(facet, value), name, value == chosen) for value, name in named]
    return FacetView(facet.name, str(facet.title), tuple(options))


def _names(facet: _Facet, found: FoundPage, chosen: int | None) -> dict[int, str]:
    """The values that have a name; of those with the same name, the chosen one or the one that most items have."""
    by_name: dict[str, int] = {}
    for value in found.finder.values(facet.name) if found.finder else ():
        name = facet.named(value, found)
        if value == chosen or name not in by_name:
            by_name[name] = value
    return {value: name for name, value in by_name.items() if name}


def _ordered(facet: _Facet, names: Mapping[int, str]) -> list[tuple[int, str]]:
    if facet.name in _BY_NUMBER:
        return sorted(names.items(), reverse=facet.name in _FALLING)
    return sorted(names.items(), key=lambda pair: pair[1].casefold())


def _key(facet: _Facet, value: int) -> str:
    return facet.keys.get(value, str(value))


def _chosen(found: FoundPage) -> Iterator[ChosenView]:
    question = found.question
    for facet in FACETS:
        if facet.name in question.facets:
            value = question.facets[facet.name]
            others = {name: each for name, each in question.facets.items() if name != facet.name}
            name = facet.named(value, found) or _key(facet, value)
            yield ChosenView(f"{facet.title}: {name}", _address(question._replace(facets=others), 1))


def _address(question: Question, number: int) -> str:
    parts = ({"q": question.text} if question.text else {}) | _facets_in(question)
    if number > 1:
        parts["page"] = str(number)
    return f"{_PATH}?{urlencode(parts)}" if parts else _PATH


def _facets_in(question: Question) -> dict[str, str]:
    """The facets of a question as an address writes them."""
    return {facet.name: _key(facet, question.facets[facet.name]) for facet in FACETS if facet.name in question.facets}


def _summary(found: FoundPage) -> str:
    total = found.found.total
    return ngettext("%(number)s item found", "%(number)s items found", total, number=words.number(total))


def _page_text(found: FoundPage) -> str:
    if found.pages == 1:
        return ""
    return gettext("Page %(number)s of %(pages)s", number=words.number(found.number), pages=words.number(found.pages))
