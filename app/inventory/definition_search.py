"""A search over everything that the game defines: by names, kinds and seasons. Nothing here is anybody's.

What keywords ask of a kind of item they are asked once per shape of items, of which there are few; names, sources and
numbers are looked up. Whatever asks about a copy is refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from app.inventory.definitions import ItemDefinition
from app.inventory.finder import SOURCE, Finder, key_of
from app.inventory.items import Instance, Item, Place
from app.inventory.search.compile import compile_query, keyword_of, taken
from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Form, Keyword, Refused, picked
from app.inventory.search.keywords import kinds
from app.inventory.search.parser import parse
from app.inventory.search.registry import FILTERS
from app.inventory.search.sources import SOURCES_BY_ANY_WORD
from app.inventory.search.text import fold
from app.inventory.search.tree import FLAG, TEXT, And, Node, Not, Or, Query, Term, terms

_EVERY_PLACE = -1
# A word, a colon and at once a value: names have a space behind their colons.
_KEYWORD = re.compile(r"\b([a-z]+):\S", re.ASCII | re.IGNORECASE)
_IS = frozenset({FLAG, "not"})
# What the shapes of items can answer, as flag or not and name: `is:power` is a slot, `power:` asks about a copy.
_OF_SHAPES = frozenset(
    {(each.form is Form.FLAG, each.name) for chapter in kinds.CHAPTERS for each in chapter.keywords}
    | {(False, "season"), (False, "year"), (True, "craftable"), (True, "stackable")}
)
# What definitions say, but not the index of them.
_NOT_HELD = frozenset({(False, "description"), (True, "adept"), (True, "holofoil")})

Places = Callable[[Finder, str], int]


class Meaning(NamedTuple):
    """`words` rank the finds, `among` is the set of places where they have to be."""

    words: str
    among: int = _EVERY_PLACE


def meaning_of(text: str, finder: Finder) -> Meaning:
    """What a search means among definitions. Raises SearchError.

    Plain words are no more than that; so are names that sound like the language, such as `Not Forgotten`.
    """
    if finder.begins_name(text) and not _has_keyword(text):
        return Meaning(text)
    tree = parse(text).tree
    if tree is None:
        return Meaning("")
    for term in terms(tree):
        _must_be_known(term)
    row = tree.children if isinstance(tree, And) else (tree,)
    words = [each.argument for each in row if isinstance(each, Term) and each.name == TEXT]
    if len(words) == len(row):
        return Meaning(" ".join(words))
    return Meaning(key_of(" ".join(words)), _places(tree, finder))


def is_answered(keyword: Keyword) -> bool:
    """Whether definitions can answer a keyword."""
    is_flag = keyword.form is Form.FLAG
    return (is_flag, keyword.name) in _OF_SHAPES or (not is_flag and keyword.name in _LOOKED_UP)


def _has_keyword(text: str) -> bool:
    return any(name.lower() in _IS or name.lower() in FILTERS for name in _KEYWORD.findall(text))


def _must_be_known(term: Term) -> None:
    key = _key(term)
    if not (key in _OF_SHAPES or term.name in _LOOKED_UP):
        fault = Fault.KEYWORD_NOT_HELD if key in _NOT_HELD else Fault.KEYWORD_OF_COPIES
        written = f"{FLAG}:{fold(term.argument)}" if term.name == FLAG else f"{term.name}:"
        raise SearchError(fault, term.start, term.end, written)


def _key(term: Term) -> tuple[bool, str]:
    keyword = keyword_of(term)
    return keyword.form is Form.FLAG, keyword.name


def _is_of_shapes(node: Node) -> bool:
    return all(_key(term) in _OF_SHAPES for term in terms(node))


def _places(node: Node, finder: Finder) -> int:
    if _is_of_shapes(node):
        return _shaped(node, finder)
    if isinstance(node, Term):
        return taken(node, lambda: _LOOKED_UP[node.name](finder, node.argument))
    if isinstance(node, Not):
        return finder.everything & ~_places(node.child, finder)
    parts = [_places(each, finder) for each in _together(node)]
    return reduce(and_ if isinstance(node, And) else or_, parts)


def _shaped(node: Node, finder: Finder) -> int:
    holds = compile_query(Query(node), Collection(()))
    return finder.shaped(lambda known: holds(_subject(known)))


def _together(node: And | Or) -> Iterator[Node]:
    """The parts, with those that shapes can answer as one, so that the shapes are asked once."""
    shaped = tuple(each for each in node.children if _is_of_shapes(each))
    yield from (each for each in node.children if not _is_of_shapes(each))
    if shaped:
        yield type(node)(shaped) if len(shaped) > 1 else shaped[0]


def _subject(known: ItemDefinition) -> Subject:
    return Subject(_NOBODYS, known, _NO_INSTANCE, 0, "")


# --- what is looked up -----------------------------------------------------------------------------------------------


def _wanted(argument: str) -> str:
    if not key_of(argument):
        raise Refused(Fault.VALUE_MISSING, argument)
    return argument


def _from(finder: Finder, argument: str) -> int:
    return finder.having(SOURCE, picked(argument, SOURCES_BY_ANY_WORD))


def _numbered(finder: Finder, argument: str) -> int:
    is_number = argument.isascii() and argument.isdigit()
    return finder.numbered(int(argument)) if is_number and len(argument) <= len(str(2**32)) else 0


_NO_INSTANCE = Instance()
_NOBODYS = Item(0, "", 1, 0, Place.VENDOR, "")
_LOOKED_UP: Mapping[str, Places] = {
    TEXT: lambda finder, argument: finder.saying(argument),
    "name": lambda finder, argument: finder.lettered(_wanted(argument)),
    "exactname": lambda finder, argument: finder.called(_wanted(argument)),
    "hash": _numbered,
    "source": _from,
}
