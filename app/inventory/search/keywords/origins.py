"""Where an item comes from."""

from __future__ import annotations

from app.inventory.references import CollectibleDefinition
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, picked
from app.inventory.search.sources import SOURCE_ALIASES, SOURCES
from app.inventory.search.text import fold
from app.inventory.sentences import N_


def _source(argument: str, facts: Collection) -> Predicate:
    word = SOURCE_ALIASES.get(fold(argument), argument)
    hashes = picked(word, SOURCES)

    def holds(subject: Subject) -> bool:
        found = facts.reading.find(CollectibleDefinition, subject.known.collectible_hash)
        return found is not None and found.source_hash in hashes

    return holds


CHAPTERS = (
    Chapter("origin", N_("Origin"), (
        Keyword("source", Form.CHOICE, N_("Items by the place, activity or person that gives them."), _source, (),
                (*SOURCES, *SOURCE_ALIASES), "source:vaultofglass", Need.COLLECTIBLES),
    )),
)  # fmt: skip
