"""What somebody is probably about to type: the last word of a search, completed in several ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from app.inventory.annotations.marks import NO_TAG, UNMARKED, Annotations
from app.inventory.search.keyword import Keyword
from app.inventory.search.printer import write
from app.inventory.search.registry import FILTERS, FLAGS, Known
from app.inventory.search.text import fold
from app.inventory.search.tree import FLAG, TEXT, Query, Term

MOST = 10
# The term at the end of a text, with an open quote if there is one; signs before it stay as they are.
_LAST = re.compile(r"""(?:[a-zA-Z]+:)?(?:"[^"]*|'[^']*|[^\s()"'-][^\s()"]*)?\Z""")
_NAMES, _PERKS = frozenset({"name", "exactname"}), frozenset({"perk", "perkname", "exactperk"})

Words = Iterable[str]


class Vocabulary(NamedTuple):
    """What there is to complete with. `perks` is asked only where perks can stand.

    `said` are the player's own tags and notes: their labels and #hashtags. `takes`: whether a keyword can be asked.
    """

    names: Words
    perks: Callable[[], Words] = tuple
    said: Annotations = UNMARKED
    takes: Callable[[Keyword], bool] = lambda _: True


def completions(text: str, known: Vocabulary) -> tuple[str, ...]:
    """Whole texts that begin as `text` does, the likeliest first."""
    match = _LAST.search(text)
    last = match[0] if match else ""
    if not match or not last:
        return ()
    name, colon, typed = last.partition(":")
    found = _arguments(name.lower(), typed, known) if colon else _words(last, known)
    head = text[: match.start()]
    return tuple(dict.fromkeys(head + each for each in islice(found, MOST) if head + each != text))


def _words(typed: str, known: Vocabulary) -> Iterator[str]:
    """Keywords first: they are few, and names come with the next letters."""
    if typed.startswith("#"):
        yield from _matching(typed, known.said.hashtags)
    yield from (f"{FLAG}:{flag}" for flag in _matching(typed, _answered(FLAGS, known)))
    yield from (f"{name}:" for name in _matching(typed, _answered(FILTERS, known)) if name != TEXT)
    yield from (_written(TEXT, name) for name in _matching(typed, known.names))


def _arguments(name: str, typed: str, known: Vocabulary) -> Iterator[str]:
    if name in {FLAG, "not"}:
        yield from (f"{name}:{flag}" for flag in _matching(typed, _answered(FLAGS, known)))
        return
    keyword = FILTERS.get(name)
    if isinstance(keyword, Keyword) and known.takes(keyword):
        yield from (_written(name, value) for value in _matching(typed, _candidates(keyword, known)))


def _candidates(keyword: Keyword, known: Vocabulary) -> Words:
    if keyword.name in _NAMES:
        return known.names
    if keyword.name in _PERKS:
        return known.perks()
    if keyword.name == "tag":
        return (*known.said.every_tag, NO_TAG)
    return known.said.hashtags if keyword.name == "notes" else keyword.values


def _matching(typed: str, candidates: Words) -> list[str]:
    """Those that begin with what was typed, then those that have it elsewhere, each in order."""
    wanted = fold(typed.strip("\"'"))
    found = [(not fold(each).startswith(wanted), each) for each in candidates if each and wanted in fold(each)]
    return [each for _, each in sorted(found)]


def _answered(table: Mapping[str, Known], known: Vocabulary) -> list[str]:
    return [name for name, keyword in table.items() if isinstance(keyword, Keyword) and known.takes(keyword)]


def _written(name: str, argument: str) -> str:
    return write(Query(Term(name, argument)))
