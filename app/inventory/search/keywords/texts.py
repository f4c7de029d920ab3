"""Words that stand somewhere on an item: its name, its description, its perks, its numbers of identity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from app.inventory.definitions import ItemDefinition
from app.inventory.search.among import Among
from app.inventory.search.errors import Fault
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.haystack import Haystack, bits_of
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, Refused
from app.inventory.search.keywords.tags import noted
from app.inventory.search.text import fold
from app.inventory.search.tree import TEXT
from app.inventory.sentences import N_


def _wanted(argument: str) -> str:
    if not argument.strip():
        raise Refused(Fault.VALUE_MISSING, argument)
    return fold(argument.strip())


def _identity(name: str, says: str, of: Callable[[Subject], str], example: str) -> Keyword:
    def make(argument: str, _facts: Collection) -> Predicate:
        wanted = _wanted(argument)
        return lambda subject: of(subject) == wanted

    return Keyword(name, Form.TEXT, says, make, example=example)


def _in(name: str, fields: Callable[[ItemDefinition], Iterable[str]]) -> Callable[[str, Collection], Predicate]:
    """Letters in some of the fields of a definition."""

    def texts(facts: Collection) -> Haystack[int]:
        every = facts.definitions.items()
        return Haystack((fold("\n".join(fields(known))), definition) for definition, known in every)

    def make(argument: str, facts: Collection) -> Predicate:
        wanted = _wanted(argument)

        def places() -> int:
            found = frozenset(facts.once(("texts", name), lambda: texts(facts)).saying(wanted))
            return bits_of(_places(facts, found) if found else (), len(facts.subjects))

        return Among(facts.subjects, places)

    return make


def _places(facts: Collection, definitions: frozenset[int]) -> Iterable[int]:
    return [place for place, each in enumerate(facts.subjects) if each.known.hash in definitions]


def _exact_name(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return lambda subject: subject.known.hash in facts.once("called", lambda: _called(facts)).get(wanted, ())


def _called(facts: Collection) -> Mapping[str, frozenset[int]]:
    """The hashes of definitions by what they are called."""
    found: dict[str, set[int]] = defaultdict(set)
    for definition, known in facts.definitions.items():
        for name in _names(known):
            found[fold(name)].add(definition)
    return {name: frozenset(definitions) for name, definitions in found.items()}


def _names(known: ItemDefinition) -> tuple[str, str]:
    return known.name, known.quest_line


def _descriptions(known: ItemDefinition) -> tuple[str, str]:
    return known.description, known.flavor


def _perk(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return Among(facts.subjects, lambda: facts.words.perks.saying(wanted))


def _perk_name(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return Among(facts.subjects, lambda: facts.words.names.saying(wanted))


def _exact_perk(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return Among(facts.subjects, lambda: facts.words.called.get(wanted, 0))


def _anywhere(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return Among(facts.subjects, lambda: facts.words.anywhere.saying(wanted) | noted(facts, wanted))


CHAPTERS = (
    Chapter("text", N_("Text"), (
        Keyword(TEXT, Form.TEXT, N_("A word or phrase anywhere: name, description, type, source, perks and your notes."
                " Just typing the word does the same."), _anywhere, example='"hand cannon"', need=Need.PLUGS),
        Keyword("name", Form.TEXT, N_("Items whose name has these letters in it."), _in("name", _names),
                example="name:ace"),
        Keyword("exactname", Form.TEXT, N_("Items of exactly this name."), _exact_name, example='exactname:"Bygones"'),
        Keyword("description", Form.TEXT, N_("Items whose description or story line has these letters in it."),
                _in("description", _descriptions), example="description:traveler"),
        Keyword("perk", Form.TEXT, N_("Items with a perk or mod whose name or text has these letters in it; what a copy"
                " could choose counts too."), _perk, example='perk:"kill clip"', need=Need.PLUGS),
        Keyword("perkname", Form.TEXT, N_("The same, by the name of the perk alone."),
                _perk_name,
                example="perkname:outlaw", need=Need.PLUGS),
        Keyword("exactperk", Form.TEXT, N_("Items with a perk or mod of exactly this name."),
                _exact_perk,
                example='exactperk:"Rampage"', need=Need.PLUGS),
    )),
    Chapter("identity", N_("Identity"), (
        _identity("id", N_("One copy by its number."), lambda subject: subject.item.instance_id,
                  "id:6917529034000000001"),
        _identity("hash", N_("All copies of one item by its number in the game's data."),
                  lambda subject: str(subject.item.hash), "hash:347366834"),
    )),
)  # fmt: skip
