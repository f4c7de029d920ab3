"""What is new to the player."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from app.inventory.search.errors import Fault
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Predicate, Refused, asking
from app.inventory.search.text import fold
from app.inventory.sentences import N_

_SPAN, _DAY = re.compile(r"([0-9]{1,3})([dwmy])"), re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS: Mapping[str, int] = {"d": 1, "w": 7, "m": 30, "y": 365}


def _is_new(facts: Collection, subject: Subject) -> bool:
    return bool(subject.item.instance_id) and facts.own.is_new(subject.item.instance_id)


def _not_seen(argument: str, facts: Collection) -> Predicate:
    since = _since(argument)

    def holds(subject: Subject) -> bool:
        known = facts.once(("known by", since), lambda: facts.own.known_by(since))
        return known is not None and subject.item.instance_id.isdigit() and int(subject.item.instance_id) > known

    return holds


def _since(argument: str) -> date | timedelta:
    """A day, or so many days, weeks, months or years ago."""
    text = fold(argument.strip())
    span = _SPAN.fullmatch(text)
    if span:
        return timedelta(days=int(span[1]) * _DAYS[span[2]])
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise Refused(Fault.DAY_WANTED, argument) from None


CHAPTERS = (
    Chapter("visits", N_("Since your last visit"), (
        asking("new", N_("Copies that came to you since your last visit, or since you marked everything as seen."),
               _is_new),
        Keyword("notseen", Form.MIXED, N_("Copies that you had not seen here by a day, or so many days, weeks, months"
                " or years ago: they came to you since. If your first visit was later, it counts instead."),
                _not_seen, (), ("7d", "2w", "1m", "1y"), "notseen:7d"),
    )),
)  # fmt: skip
