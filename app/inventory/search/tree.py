"""What a search means, before anything is known about items. Trees are values: equal when they mean the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

TEXT = "keyword"  # the name of a term that is only a word or a phrase
FLAG = "is"


@dataclass(frozen=True, slots=True)
class Term:
    """`name:argument`. `start` and `end` say where it stands and take no part in equality."""

    name: str
    argument: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """Two children or more."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two children or more."""

    children: tuple[Node, ...]


Node = Term | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """`tree` is None for a search that asks nothing; `title` is the text of its first comment."""

    tree: Node | None
    title: str = ""


def terms(node: Node | None) -> Iterator[Term]:
    """Every term of a tree, in the order of the text."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Not):
        yield from terms(node.child)
    elif node is not None:
        for child in node.children:
            yield from terms(child)
