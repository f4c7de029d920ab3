"""Which loadouts items are part of: the player's own here, and those of the game."""

from __future__ import annotations

from app.inventory.search.errors import Fault
from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Predicate, Refused, asking
from app.inventory.search.numbers import is_range, ranged
from app.inventory.sentences import N_


def _in_any(facts: Collection, subject: Subject) -> bool:
    return _in_own(facts, subject) or subject.item.instance_id in facts.loadout_ids


def _in_own(facts: Collection, subject: Subject) -> bool:
    held = facts.once("own loadouts", facts.own.loadouts)
    return subject.item.instance_id in held


def _of_loadout(argument: str, facts: Collection) -> Predicate:
    """A text or #hashtag of the loadout, or in how many an item is."""
    if not argument.strip():
        raise Refused(Fault.VALUE_MISSING, argument)
    held = facts.once("own loadouts", facts.own.loadouts)
    if is_range(argument.strip()):
        return ranged(argument, lambda subject: len(held.get(subject.item.instance_id, ())))
    meant = {instance_id for instance_id, builds in held.items() if any(each.holds(argument) for each in builds)}
    return lambda subject: subject.item.instance_id in meant


CHAPTERS = (
    Chapter("loadouts", N_("Loadouts"), (
        asking("inloadout", N_("Items that are part of any loadout, here or in the game."), _in_any),
        Keyword("inloadout", Form.TEXT, N_("Items of your own loadouts by a text or #hashtag in their name or notes, or"
                " by how many loadouts they are in."), _of_loadout, example="inloadout:#raid"),
        asking("indimloadout", N_("Items that are part of one of your own loadouts here."), _in_own, "inownloadout"),
    )),
)  # fmt: skip
