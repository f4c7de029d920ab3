"""Where an item comes from."""

from __future__ import annotations

from app.inventory.references import CollectibleDefinition
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, picked
from app.inventory.search.sources import SOURCES_BY_ANY_WORD
from app.inventory.sentences import N_


def _source(argument: str, facts: Collection) -> Predicate:
    hashes = picked(argument, SOURCES_BY_ANY_WORD)

    def holds(subject: Subject) -> bool:
        found = facts.reading.find(CollectibleDefinition, subject.known.collectible_hash)
        return found is not None and found.source_hash in hashes

    return holds


CHAPTERS = (
    Chapter("origin", N_("Origin"), (
        Keyword("source", Form.CHOICE, N_("Items by the place, activity or person that gives them."), _source, (),
                tuple(SOURCES_BY_ANY_WORD), "source:vaultofglass", Need.COLLECTIBLES),
    )),
)  # fmt: skip
