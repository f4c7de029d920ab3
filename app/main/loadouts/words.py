"""What is wrong with a loadout, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.definitions import Definitions
from app.inventory.loadouts.analysis import Finding, Problem
from app.inventory.loadouts.model import Piece
from app.services.loadouts.service import Taken

# Behind the name of an item, or of a plug and its item.
_PROBLEMS: dict[Problem, LazyString] = {
    Problem.MISSING: _l("you do not have it any more."),
    Problem.UNKNOWN: _l("our item data does not know it."),
    Problem.WRONG_CLASS: _l("it is for another class."),
    Problem.SAME_SLOT: _l("something else is to be worn in the same place."),
    Problem.TWO_EXOTICS: _l("only one exotic of a kind can be worn."),
    Problem.NO_ENERGY: _l("its mods need more energy than it has."),
    Problem.NO_SOCKET: _l("there is no such socket."),
    Problem.PLUG_GONE: _l("the game no longer has it."),
    Problem.DOES_NOT_FIT: _l("it does not fit there."),
    Problem.COSTS: _l("putting it in costs materials, which can be spent only in the game."),
}


def item_name(item_hash: int, definitions: Definitions) -> str:
    if not item_hash:
        return gettext("A piece that is gone")
    known = definitions.item(item_hash)
    return (known.name if known else "") or gettext("Item %(hash)d", hash=item_hash)


def problem_text(problem: Problem, name: str, piece: Piece | None = None) -> str:
    """`piece` tells whether one copy is meant or any: nobody may have had that one before."""
    if problem is Problem.MISSING and piece and not piece.instance_id:
        return gettext("%(name)s: you have none.", name=name)
    return f"{name}: {_PROBLEMS[problem]}"


def finding_text(finding: Finding, definitions: Definitions) -> str:
    """One sentence that names the item, and the plug if it is about one."""
    if finding.piece is None:
        return gettext("The vault is full, and pieces have to go through it: make some room first.")
    name = item_name(finding.piece.item_hash, definitions)
    if finding.plug:
        name = f"{item_name(finding.plug.plug_hash, definitions)}, {name}"
    text = problem_text(finding.problem, name, finding.piece)
    if finding.problem is Problem.MISSING and finding.amount:
        text += " " + ngettext("You have %(num)d other copy.", "You have %(num)d other copies.", finding.amount)
    return text


def taken_words(taken: Taken) -> Iterator[str]:
    """What came of a file of loadouts, a sentence each."""
    count = len(taken.kept)
    is_new = ngettext("%(num)d loadout is new.", "%(num)d loadouts are new.", count)
    yield is_new if count else gettext("Nothing is new.")
    if taken.known:
        yield ngettext("%(num)d loadout was here already.", "%(num)d loadouts were here already.", taken.known)
    if taken.strangers:
        yield ngettext(
            "%(num)d loadout is another account's and was left out.",
            "%(num)d loadouts are other accounts' and were left out.",
            taken.strangers,
        )
    if taken.broken:
        yield ngettext(
            "%(num)d entry is no loadout and was left out.",
            "%(num)d entries are no loadouts and were left out.",
            taken.broken,
        )
