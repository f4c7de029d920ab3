"""What is wrong with a wish list or a line of it, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.wishes.rolls import Fault
from app.services.wish_lists import MOST_LISTS
from app.services.wish_sources import Problem

_PROBLEMS: Mapping[Problem, LazyString] = {
    Problem.NOT_ALLOWED: _l(
        "Lists are fetched from raw.githubusercontent.com and gist.githubusercontent.com only, over https and without a"
        " question mark in the address. Any other list can be added as a file."
    ),
    Problem.NOT_FOUND: _l("There is nothing at this address any more."),
    Problem.NOT_REACHABLE: _l("The host of this list does not answer as it should. It is tried again every day."),
    Problem.TOO_BIG: _l("This list is too large: 12 MB from an address and 4 MB as a file are the most."),
    Problem.TOO_SLOW: _l("The list came too slowly. It is tried again every day."),
    Problem.NOTHING_READ: _l("No line of this could be read as a roll of a wish list."),
    Problem.TOO_MANY: _l("%(most)s lists are the most. Remove one first.", most=MOST_LISTS),
    Problem.THERE_ALREADY: _l("This list is there already."),
}
_FAULTS: Mapping[Fault, LazyString] = {
    Fault.NOT_UNDERSTOOD: _l("not understood"),
    Fault.HASH_WRONG: _l("a number that no item can have"),
    Fault.TOO_MANY_PERKS: _l("too many perks"),
    Fault.EVERYTHING: _l("any item with any perks: that would be everything"),
    Fault.TOO_LONG: _l("too long"),
    Fault.TOO_MANY_LINES: _l("more lines than are read"),
}


def problem_words(problem: str) -> str:
    return str(_PROBLEMS[Problem(problem)]) if problem else ""


def fault_words(fault: str) -> str:
    return str(_FAULTS[Fault(fault)])
