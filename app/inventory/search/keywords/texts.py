"""Words that stand somewhere on an item: its name, its description, its perks, its numbers of identity."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.inventory.annotations.marks import key_of
from app.inventory.definitions import ItemDefinition
from app.inventory.search.errors import Fault
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Need, Predicate, Refused
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


def _by_definition(test: Callable[[ItemDefinition], bool]) -> Predicate:
    """Copies of one item share their definition, so each is looked at once."""
    known: dict[int, bool] = {}

    def holds(subject: Subject) -> bool:
        answer = known.get(subject.known.hash)
        if answer is None:
            answer = known[subject.known.hash] = test(subject.known)
        return answer

    return holds


def _in(fields: Callable[[ItemDefinition], Iterator[str]]) -> Callable[[str, Collection], Predicate]:
    def make(argument: str, _facts: Collection) -> Predicate:
        wanted = _wanted(argument)
        return _by_definition(lambda known: any(wanted in fold(text) for text in fields(known)))

    return make


def _exact_name(argument: str, _facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return _by_definition(lambda known: wanted in {fold(name) for name in _names(known)})


def _names(known: ItemDefinition) -> Iterator[str]:
    yield known.name
    yield known.quest_line


def _descriptions(known: ItemDefinition) -> Iterator[str]:
    yield known.description
    yield known.flavor


def _everything(known: ItemDefinition) -> Iterator[str]:
    yield from _names(known)
    yield from _descriptions(known)
    yield known.type_name
    yield known.source


def _perk(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return _among(facts, lambda: _saying(facts, wanted))


def _perk_name(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return _among(facts, lambda: frozenset(each for each, words in facts.perks if wanted in words.name))


def _exact_perk(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return _among(facts, lambda: frozenset(each for each, words in facts.perks if wanted == words.name))


def _saying(facts: Collection, wanted: str) -> frozenset[int]:
    return frozenset([each for each, words in facts.perks if wanted in words.text])


def _among(
    facts: Collection,
    plugs: Callable[[], frozenset[int]],
    definitions: Callable[[], frozenset[int]] = frozenset,
    noted: Callable[[], frozenset[str]] = frozenset,
) -> Predicate:
    """Items with one of these plugs, definitions or notes, which are worked out when the first item is asked.

    There are fewer plugs and definitions than items and sockets: a search for many words asks them, each once.
    """
    found: list[frozenset[str]] = []

    def keys() -> Iterator[str]:
        wanted, known, said, perks = plugs(), definitions(), noted(), facts.reading.perks
        for each in facts.subjects if wanted or known or said else ():
            if each.known.hash in known or not wanted.isdisjoint(perks(each)) or (said and key_of(each.item) in said):
                yield each.key

    def holds(subject: Subject) -> bool:
        if not found:
            found.append(frozenset(keys()))
        return subject.key in found[0]

    return holds


def _texts(facts: Collection) -> tuple[tuple[int, str], ...]:
    """Everything that each definition says, folded."""

    def work() -> tuple[tuple[int, str], ...]:
        every = {each.known.hash: each.known for each in facts.subjects}.values()
        return tuple((known.hash, fold("\n".join(_everything(known)))) for known in every)

    return facts.once("texts", work)


def _anywhere(argument: str, facts: Collection) -> Predicate:
    wanted = _wanted(argument)
    return _among(
        facts,
        lambda: _saying(facts, wanted),
        lambda: frozenset([each for each, text in _texts(facts) if wanted in text]),
        lambda: facts.own.noted(wanted),
    )


CHAPTERS = (
    Chapter("text", N_("Text"), (
        Keyword(TEXT, Form.TEXT, N_("A word or phrase anywhere: name, description, type, source, perks and your notes."
                " Just typing the word does the same."), _anywhere, example='"hand cannon"', need=Need.PLUGS),
        Keyword("name", Form.TEXT, N_("Items whose name has these letters in it."), _in(_names), example="name:ace"),
        Keyword("exactname", Form.TEXT, N_("Items of exactly this name."), _exact_name, example='exactname:"Bygones"'),
        Keyword("description", Form.TEXT, N_("Items whose description or story line has these letters in it."),
                _in(_descriptions), example="description:traveler"),
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
