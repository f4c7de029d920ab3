"""Tree -> predicate: a plain function that says of an item whether it is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.inventory.search.among import Among
from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Keyword, Need, Once, Predicate, Refused, Unanswered
from app.inventory.search.registry import FILTERS, FLAGS, nearest
from app.inventory.search.text import fold
from app.inventory.search.tree import FLAG, And, Node, Not, Query, Term, terms

Result = TypeVar("Result")


def compile_query(query: Query, facts: Collection) -> Predicate:
    """The predicate of a query over these items. Raises SearchError for a term that means nothing."""
    return _everything if query.tree is None else _Compiler(facts).compiled(query.tree)


def need_of(query: Query) -> Need:
    """What has to be read before the query can be answered. Raises SearchError."""
    need = Need.NOTHING
    for term in terms(query.tree):
        need |= keyword_of(term).need
    return need


def _everything(_subject: Subject) -> bool:
    return True


class _Compiler:
    """Terms that say the same are one predicate, however often they stand in a search."""

    def __init__(self, facts: Collection) -> None:
        self._facts = facts
        self._made: dict[tuple[str, str], Predicate] = {}

    def compiled(self, node: Node) -> Predicate:
        if isinstance(node, Term):
            return self._term(node)
        if isinstance(node, Not):
            return _negated(self.compiled(node.child))
        parts = [self.compiled(child) for child in node.children]
        return _all_of(parts) if isinstance(node, And) else _any_of(parts)

    def _term(self, term: Term) -> Predicate:
        said = (term.name, term.argument)
        known = self._made.get(said)
        if known is None:
            keyword = keyword_of(term)
            known = taken(term, lambda: keyword.make(term.argument, self._facts))
        elif not isinstance(known, Among | Once):
            known = Once(known)
        self._made[said] = known
        return known


def _negated(part: Predicate) -> Predicate:
    return ~part if isinstance(part, Among) else lambda subject: not part(subject)


def _all_of(parts: list[Predicate]) -> Predicate:
    every = _together(parts, Among.all_of)

    def holds(subject: Subject) -> bool:
        for part in every:  # noqa: SIM110 - runs for every item; a generator costs half as much again
            if not part(subject):
                return False
        return True

    return holds if len(every) > 1 else every[0]


def _any_of(parts: list[Predicate]) -> Predicate:
    every = _together(parts, Among.any_of)

    def holds(subject: Subject) -> bool:
        for part in every:  # noqa: SIM110
            if part(subject):
                return True
        return False

    return holds if len(every) > 1 else every[0]


def _together(parts: list[Predicate], join: Callable[[Among, list[Among]], Among]) -> list[Predicate]:
    """Those that are known for all items at once become one, which is asked first."""
    known = [part for part in parts if isinstance(part, Among)]
    others = [part for part in parts if not isinstance(part, Among)]
    return [join(known[0], known[1:]), *others] if known else others


def taken(term: Term, make: Callable[[], Result]) -> Result:
    """What is made of a term. Raises SearchError where its argument is refused."""
    try:
        return make()
    except Refused as refused:
        suggestion = nearest(refused.text, refused.candidates)
        raise SearchError(refused.fault, term.start, term.end, refused.text, suggestion) from None


def keyword_of(term: Term) -> Keyword:
    """The keyword that a term names. Raises SearchError for one that nobody knows or that cannot be answered."""
    is_flag = term.name == FLAG
    table, name = (FLAGS, fold(term.argument)) if is_flag else (FILTERS, term.name)
    found = table.get(name)
    if isinstance(found, Keyword):
        return found
    if isinstance(found, Unanswered):
        raise SearchError(Fault.KEYWORD_UNANSWERED, term.start, term.end, found.reason)
    raise SearchError(Fault.KEYWORD_UNKNOWN, term.start, term.end, name, _suggested(term, name))


def _suggested(term: Term, name: str) -> str:
    """The keyword that was probably meant, written out: a flag as `is:weapon`, the rest as `name:`."""
    flag, other = nearest(name, FLAGS), nearest(name, FILTERS)
    if (term.name == FLAG and flag) or not other:
        return f"{FLAG}:{flag}" if flag else ""
    return f"{other}:"
