"""The search box, what it says about a search, and its help page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext, ngettext

from app.inventory.search.errors import SearchError
from app.inventory.search.keyword import Chapter, Form, Keyword, Unanswered
from app.inventory.search.parser import MOST_CHARACTERS
from app.inventory.search.registry import CHAPTERS
from app.main import words
from app.main.search_words import sentence
from app.main.viewmodels import CharacterView
from app.services.search import Found


@dataclass(frozen=True, slots=True)
class SearchErrorView:
    """`before`, `wrong` and `after` are the search as typed; `suggestion` is what could stand for `wrong`, or ""."""

    sentence: str
    before: str
    wrong: str
    after: str
    suggestion: str
    suggestion_href: str


@dataclass(frozen=True, slots=True)
class PlaceCount:
    words: str
    count: str
    href: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """The box on one page: `action` is its address, `summary` a sentence about what was found, "" without a search.

    `everything` is the address without the search, "" where that is `action`. `is_of_own`: something is
    found, and it is the player's, to be moved and tagged.
    """

    action: str
    text: str
    most_characters: int
    summary: str
    places: tuple[PlaceCount, ...]
    error: SearchErrorView | None
    carried: tuple[tuple[str, str], ...] = ()  # what else the address asks for, kept while one searches
    everything: str = ""
    is_of_own: bool = True
    words_href: str = ""  # what completes the search where that is not what the player owns


@dataclass(frozen=True, slots=True)
class KeywordView:
    """`written` is how to type it, `href` tries its example; `reason` says why it cannot be answered, "" if it can."""

    written: str
    aliases: str
    says: str
    values: str
    example: str
    href: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChapterView:
    key: str
    title: str
    keywords: tuple[KeywordView, ...]


_CARRIED = ("view", "group", "sort")


def search_view(
    found: Found, characters: Iterable[CharacterView], action: str, asked: Mapping[str, str] | None = None
) -> SearchView:
    total = sum(found.counts.values())
    return SearchView(
        action=action,
        text=found.text,
        most_characters=MOST_CHARACTERS,
        summary=ngettext("%(num)d item found.", "%(num)d items found.", total) if found.is_search else "",
        places=tuple(_places(found, characters)) if total else (),
        error=error_view(found.error, found.text, action) if found.error else None,
        carried=tuple((name, asked[name]) for name in _CARRIED if name in asked) if asked else (),
        is_of_own=total > 0,
    )


def _places(found: Found, characters: Iterable[CharacterView]) -> Iterator[PlaceCount]:
    query = _query(found.text)
    stores = [("vault", gettext("Vault"), "/vault"), ("account", gettext("Account-wide"), "/vault")]
    stores += [(each.id, each.class_name, each.href) for each in characters]
    for store, name, href in stores:
        if found.counts.get(store):
            yield PlaceCount(name, words.number(found.counts[store]), href + query)


def error_view(error: SearchError, text: str, action: str, carried: Mapping[str, str] | None = None) -> SearchErrorView:
    """`carried` is what the address asks for besides the search, kept by the link to what was probably meant."""
    before, wrong, after = text[: error.start], text[error.start : error.end], text[error.end :]
    href = action + _query(before + _replaced(wrong, error) + after, carried) if error.suggestion else ""
    return SearchErrorView(sentence(error), before, wrong, after, error.suggestion, href)


def _replaced(wrong: str, error: SearchError) -> str:
    """The term with what was suggested in the place of what was wrong with it."""
    if ":" in error.suggestion:
        name, colon, argument = wrong.partition(":")
        is_flag = not error.suggestion.endswith(":")
        return (
            error.suggestion if is_flag or not colon or name.lower() in {"is", "not"} else error.suggestion + argument
        )
    head, found, tail = wrong.lower().rpartition(error.text.lower())
    return wrong[: len(head)] + error.suggestion + wrong[len(wrong) - len(tail) :] if found else wrong


def _query(text: str, carried: Mapping[str, str] | None = None) -> str:
    return "?" + urlencode({"q": text, **(carried or {})})


# --- help ----------------------------------------------------------------------------------------------------------


def help_chapters() -> tuple[ChapterView, ...]:
    """The keywords are English words; what is said of them is in the reader's language."""
    return tuple(_chapter(each) for each in CHAPTERS)


def _chapter(chapter: Chapter) -> ChapterView:
    return ChapterView(
        chapter.key, gettext(chapter.title), tuple(_keyword(each, chapter.path) for each in chapter.keywords)
    )


def _keyword(keyword: Keyword | Unanswered, path: str) -> KeywordView:
    written = _written(keyword.name, keyword.form)
    aliases = ", ".join(_written(each, keyword.form) for each in keyword.aliases)
    if isinstance(keyword, Unanswered):
        return KeywordView(written, aliases, "", "", "", "", gettext(keyword.reason))
    example = keyword.example or (written if keyword.form is Form.FLAG else f"{written}{keyword.values[0]}")
    href = path + _query(example)
    return KeywordView(written, aliases, gettext(keyword.says), " ".join(keyword.values), example, href, "")


def _written(name: str, form: Form) -> str:
    return f"is:{name}" if form is Form.FLAG else f"{name}:"
