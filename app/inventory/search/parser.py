"""Tokens -> tree. From loosest to tightest: words side by side, `or`, `and`, then `-` and `not`; brackets group.

So `a b or c` means a and (b or c), as players of the field's leading client have learned it.
"""

from __future__ import annotations

from collections.abc import Callable

from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.lexer import Kind, Token, tokens
from app.inventory.search.tree import FLAG, And, Node, Not, Or, Query, Term

MOST_CHARACTERS = 512
MOST_DEPTH = 32
MOST_TERMS = 64
_BEGINS = (Kind.TERM, Kind.OPEN, Kind.NOT)  # few, and compared faster than looked up


def parse(text: str) -> Query:
    """The meaning of a search. Raises SearchError, whose place is an offset into `text`."""
    if len(text) > MOST_CHARACTERS:
        raise SearchError(Fault.TOO_LONG, MOST_CHARACTERS, len(text), str(MOST_CHARACTERS))
    every = list(tokens(text))
    title = next((token.text for token in every if token.kind is Kind.COMMENT), "")
    said = [token for token in every if token.kind is not Kind.COMMENT]
    tree = None if said[0].kind is Kind.END else _Parser(said).whole()
    return Query(tree, title)


class _Parser:
    """Recursive descent; `_depth` counts the brackets and negations around a place, so recursion is bounded."""

    def __init__(self, said: list[Token]) -> None:
        self._said = said
        self._place = 0
        self._kind = said[0].kind  # of the token at the place
        self._depth = 0
        self._terms = 0

    @property
    def _token(self) -> Token:
        return self._said[self._place]

    def _take(self) -> Token:
        token = self._said[self._place]
        self._place += 1
        self._kind = self._said[self._place].kind
        return token

    def _is_at(self, kind: Kind) -> bool:
        return self._kind is kind

    def whole(self) -> Node:
        node = self._side_by_side()
        if self._is_at(Kind.CLOSE):
            raise self._error(Fault.GROUP_NOT_OPEN)
        return node

    def _side_by_side(self) -> Node:
        children = [self._either()]
        while self._kind in _BEGINS:
            children.append(self._either())
        return _joined(And, children)

    def _either(self) -> Node:
        return self._row(Or, Kind.OR, self._both)

    def _both(self) -> Node:
        return self._row(And, Kind.AND, self._negated)

    def _row(self, join: type[And | Or], operator: Kind, operand: Callable[[], Node]) -> Node:
        children = [operand()]
        while self._is_at(operator):
            self._take()
            children.append(operand())
        return _joined(join, children)

    def _negated(self) -> Node:
        if self._kind is Kind.TERM:
            return self._term()
        if self._kind is Kind.NOT:
            return Not(self._deeper(self._negated))
        if self._kind is Kind.OPEN:
            return self._deeper(self._group)
        raise self._error(Fault.TERM_MISSING)

    def _deeper(self, inner: Callable[[], Node]) -> Node:
        """What stands behind the bracket or the sign of negation here."""
        token = self._take()
        if self._depth == MOST_DEPTH:
            raise SearchError(Fault.TOO_DEEP, token.start, token.end, str(MOST_DEPTH))
        self._depth += 1
        node = inner()
        self._depth -= 1
        return node

    def _group(self) -> Node:
        opened = self._said[self._place - 1]
        if self._is_at(Kind.CLOSE):
            raise SearchError(Fault.GROUP_EMPTY, opened.start, self._token.end)
        node = self._side_by_side()
        if not self._is_at(Kind.CLOSE):
            raise SearchError(Fault.GROUP_OPEN, opened.start, opened.end, opened.text)
        self._take()
        return node

    def _term(self) -> Node:
        token = self._take()
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise SearchError(Fault.TOO_MANY_TERMS, token.start, token.end, str(MOST_TERMS))
        if token.name == "not":
            return Not(Term(FLAG, token.text, token.start, token.end))
        return Term(token.name, token.text, token.start, token.end)

    def _error(self, fault: Fault) -> SearchError:
        return SearchError(fault, self._token.start, self._token.end, self._token.text)


def _joined(join: type[And | Or], children: list[Node]) -> Node:
    return children[0] if len(children) == 1 else join(tuple(children))
