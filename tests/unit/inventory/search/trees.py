"""Texts and trees made up by chance, the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator

from app.inventory.search.tree import FLAG, TEXT, And, Node, Not, Or, Query, Term

_PIECES = (
    "is:", "not:", "name:", "stat:", "-", "--", "not ", "and ", " and ", " or ", "or", "(", ")", "((", "))", '"', "'",
    "\\", '\\"', "/*", "*/", ":", ">=", "<", "=", "+", "&", " ", "\t", "\n", "\0", "dupe:", "weapon", "hand cannon",
    "\u201c", "\u201d", "\u2019", "\u00e9", "\u30ab", "\U0001f600", "\u0130", "\u212a:", "\u3000", "stat:range:>40",
    "power:>=powerfloor", "season:current", "123", "9" * 30, "zzz:", "is:exotic", 'perk:"kill clip"',
)  # fmt: skip
_WORDS = (
    "weapon", "exotic", ">=5", "a b", "don't", "'quoted", '"', "\\", "\\n", 'a\\"b', "-", "-x", "or", "NOT", "and",
    "(x)", "/*", "x/*y*/", "is:x", "name:", "12:30", "\u30ab\u3000x", "\u00e9", "range+handling:>1&2", " ",
)  # fmt: skip
_NAMES = ("is", "name", "stat", "perk", "unknownkeyword", TEXT)


def texts(count: int, seed: int, most_characters: int = 512) -> Iterator[str]:
    """Half of them from pieces that look like the language, half from any characters at all."""
    chance = random.Random(seed)
    for number in range(count):
        length = chance.randrange(1, 80 if number % 8 else 400)
        if number % 2:
            text = "".join(chr(chance.randrange(1, 0x2FF)) for _ in range(length))
        else:
            text = "".join(chance.choices(_PIECES, k=length))
        yield text[:most_characters]


def queries(count: int, seed: int) -> Iterator[Query]:
    chance = random.Random(seed)
    for number in range(count):
        title = "" if number % 5 else f"title {number}"
        yield Query(_node(chance, chance.randrange(1, 7), [12]), title)


def _node(chance: random.Random, depth: int, left: list[int]) -> Node:
    left[0] -= 1
    shape = chance.randrange(4) if depth and left[0] > 2 else 0
    if shape == 1:
        return Not(_node(chance, depth - 1, left))
    if shape in {2, 3}:
        join = And if shape == 2 else Or
        return join(tuple(_node(chance, depth - 1, left) for _ in range(chance.randrange(2, 5))))
    return Term(chance.choice(_NAMES), chance.choice(_WORDS)) if chance.random() < 0.8 else Term(FLAG, "weapon")
