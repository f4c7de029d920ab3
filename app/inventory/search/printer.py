"""Tree -> text, such that reading the text gives the same tree. Brackets stand wherever a reader could wonder."""

from __future__ import annotations

import re

from app.inventory.search.tree import TEXT, And, Node, Not, Or, Query, Term

# What would be read as something else, or not at all, without quotes: anywhere, and in a term without a name.
_NEEDS_QUOTES = re.compile(r"""[\s()]|\A["']|\A\Z""")
_NEEDS_QUOTES_ALONE = re.compile(r"-|/\*|(?ai:[a-z]+:|(?:and|or|not)\Z)")


def write(query: Query) -> str:
    """A text for the query. `parse(write(query)) == query` for every query that `parse` can give."""
    parts = [f"/* {query.title} */"] if query.title else []
    if query.tree is not None:
        parts.append(_whole(query.tree))
    return " ".join(parts)


def _whole(node: Node) -> str:
    if isinstance(node, And):
        return " ".join(_part(child) for child in node.children)
    if isinstance(node, Or):
        return " or ".join(_part(child) for child in node.children)
    return _part(node)


def _part(node: Node) -> str:
    if isinstance(node, Term):
        return _term(node)
    if isinstance(node, Not):
        return "-" + _part(node.child)
    return f"({_whole(node)})"


def _term(term: Term) -> str:
    is_alone = term.name == TEXT
    needs_quotes = _NEEDS_QUOTES.search(term.argument) or (is_alone and _NEEDS_QUOTES_ALONE.match(term.argument))
    argument = _quoted(term.argument) if needs_quotes else term.argument
    return argument if is_alone else f"{term.name}:{argument}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
