"""What players say of their items themselves: tags and notes."""

from __future__ import annotations

from collections import defaultdict

from app.inventory.annotations.marks import NO_TAG, USUAL, key_of
from app.inventory.search.among import Among
from app.inventory.search.errors import Fault
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.haystack import Haystack, bits_of, joined
from app.inventory.search.keyword import Chapter, Form, Keyword, Predicate, Refused, asking
from app.inventory.search.text import fold
from app.inventory.sentences import N_


def _tag(argument: str, facts: Collection) -> Predicate:
    said = facts.own.annotations
    wanted = said.tag_named(argument)
    if wanted is None:
        raise Refused(Fault.VALUE_UNKNOWN, argument, (*said.every_tag, NO_TAG))
    return lambda subject: said.of(subject.item).tag == wanted


def _notes(argument: str, facts: Collection) -> Predicate:
    if not argument.strip():
        raise Refused(Fault.VALUE_MISSING, argument)
    wanted = fold(argument.strip())
    return Among(facts.subjects, lambda: noted(facts, wanted))


def noted(facts: Collection, wanted: str) -> int:
    """The places of the items whose note has these folded letters in it, as bits."""
    return joined(facts.once("notes", lambda: _notes_of(facts)).saying(wanted))


def _notes_of(facts: Collection) -> Haystack[int]:
    """Every note leads to the items that it is about."""
    said = {key: fold(each.notes) for key, each in facts.own.annotations.by_key.items() if each.notes}
    places: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(facts.subjects if said else ()):
        places[key_of(each.item)].append(place)
    return Haystack((text, bits_of(places[key], len(facts.subjects))) for key, text in said.items() if key in places)


def _is_tagged(facts: Collection, subject: Subject) -> bool:
    return bool(facts.own.annotations.of(subject.item).tag)


def _has_notes(facts: Collection, subject: Subject) -> bool:
    return bool(facts.own.annotations.of(subject.item).notes)


CHAPTERS = (
    Chapter("tags", N_("Your tags and notes"), (
        asking("tagged", N_("Items that you have given any tag."), _is_tagged),
        Keyword("tag", Form.CHOICE, N_("Items by the tag you have given them; your own labels work too. “none” is what"
                " has no tag yet."), _tag, (), (*USUAL, NO_TAG), "tag:junk"),
        asking("hasnotes", N_("Items that you have written a note for."), _has_notes),
        Keyword("notes", Form.TEXT, N_("Items whose note has these letters in it. Just typing a #hashtag of a note"
                " finds them too."), _notes, example="notes:#pvp"),
    )),
)  # fmt: skip
