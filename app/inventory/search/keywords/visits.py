"""What is new to the player."""

from __future__ import annotations

from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Chapter, asking
from app.inventory.sentences import N_


def _is_new(facts: Collection, subject: Subject) -> bool:
    return bool(subject.item.instance_id) and facts.own.is_new(subject.item.instance_id)


CHAPTERS = (
    Chapter("visits", N_("Since your last visit"), (
        asking("new", N_("Copies that came to you since your last visit, or since you marked everything as seen."),
               _is_new),
    )),
)  # fmt: skip
