"""Every keyword by its names, and the one that is meant when a name is not quite right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from app.inventory.search.keyword import Chapter, Form, Keyword, Unanswered
from app.inventory.search.keywords import (
    bases,
    copies,
    kinds,
    loadouts,
    making,
    origins,
    sockets,
    states,
    stats,
    tags,
    texts,
    unanswered,
    vendors,
    visits,
    wishes,
)

Known = Keyword | Unanswered

CHAPTERS: tuple[Chapter, ...] = (
    *texts.CHAPTERS,
    *kinds.CHAPTERS,
    *states.CHAPTERS,
    *stats.CHAPTERS,
    *bases.CHAPTERS,
    *making.CHAPTERS,
    *sockets.CHAPTERS,
    *copies.CHAPTERS,
    *origins.CHAPTERS,
    *tags.CHAPTERS,
    *loadouts.CHAPTERS,
    *visits.CHAPTERS,
    *wishes.CHAPTERS,
    *vendors.CHAPTERS,
    *unanswered.CHAPTERS,
)
# Nothing that anybody means is longer, and comparing costs time.
_LONGEST_GUESS = 24
_NEAR = 0.6


def _by_name(keywords: Iterable[Known]) -> Mapping[str, Known]:
    return {name: keyword for keyword in keywords for name in (keyword.name, *keyword.aliases)}


_EVERY = tuple(keyword for chapter in CHAPTERS for keyword in chapter.keywords)
FLAGS = _by_name(keyword for keyword in _EVERY if keyword.form is Form.FLAG)
FILTERS = _by_name(keyword for keyword in _EVERY if keyword.form is not Form.FLAG)


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate that a word was probably meant to be, "" when none is near."""
    if not word or len(word) > _LONGEST_GUESS:
        return ""
    return next(iter(get_close_matches(word.lower(), candidates, n=1, cutoff=_NEAR)), "")
