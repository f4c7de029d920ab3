"""Numbers in a search: `>=40`, `<3`, `12`, and the words that stand for numbers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import partial

from app.inventory.search.errors import Fault
from app.inventory.search.facts import Subject
from app.inventory.search.keyword import Predicate, Refused
from app.inventory.search.text import fold

Test = Callable[[float], bool]

_RANGE = re.compile(r"(<=|>=|<|>|=)?\s*(?:(\d{1,9}(?:\.\d{1,3})?)|([^\W\d]\w*))")
# With the limit on the left, where `partial` puts it: no call of ours stands between a number and its comparison.
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.gt,
    "<=": operator.ge,
    ">": operator.lt,
    ">=": operator.le,
    "=": operator.eq,
    "": operator.eq,
}


def number_test(argument: str, words: Mapping[str, int] | None = None) -> Test:
    """The test that a range like `>=40` or `>softcap` stands for. Raises Refused for anything else."""
    match = _RANGE.fullmatch(argument.strip())
    if match is None:
        raise Refused(Fault.NUMBER_WANTED, argument)
    sign, digits, word = match.groups()
    limit = float(digits) if digits else _worth(word, words or {})
    return partial(_OPERATORS[sign or ""], limit)


def is_range(argument: str) -> bool:
    """Whether an argument is meant as a number rather than as a word."""
    return argument[:1] in {"<", ">", "="} or argument[:1].isdigit()


def ranged(
    argument: str, value: Callable[[Subject], float | None], words: Mapping[str, int] | None = None
) -> Predicate:
    """A predicate over a number of an item; what has none is never found."""
    test = number_test(argument, words)

    def holds(subject: Subject) -> bool:
        found = value(subject)
        return found is not None and test(found)

    return holds


def _worth(word: str, words: Mapping[str, int]) -> float:
    found = words.get(fold(word))
    if found is None:
        raise Refused(Fault.NUMBER_WANTED, word, tuple(words))
    return found
