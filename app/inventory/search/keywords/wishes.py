"""What the player's wish lists say of a copy."""

from __future__ import annotations

from app.inventory.search.errors import Fault
from app.inventory.search.facts import ARMOR, WEAPON, Collection, Subject
from app.inventory.search.keyword import Chapter, Form, Keyword, Predicate, Refused, asking, flag
from app.inventory.search.keywords.copies import groups
from app.inventory.search.text import fold
from app.inventory.sentences import N_
from app.inventory.wishes.matching import Wish

_GHOST = 24
_LISTED = frozenset({WEAPON, ARMOR, _GHOST})


def _wish(facts: Collection, subject: Subject) -> Wish | None:
    return facts.once("wishes", facts.own.wishes).get(subject.item.instance_id)


def _is_wished(facts: Collection, subject: Subject) -> bool:
    wish = _wish(facts, subject)
    return wish is not None and not wish.is_trash


def _is_trash(facts: Collection, subject: Subject) -> bool:
    wish = _wish(facts, subject)
    return wish is not None and wish.is_trash


def _is_unknown(facts: Collection, subject: Subject) -> bool:
    return not facts.once("wish book", facts.own.wish_book).names(subject.item.hash)


def _can_be_listed(subject: Subject) -> bool:
    """Perks that differ from copy to copy are what lists are about."""
    return subject.known.item_type in _LISTED and any(each.random_set_hash for each in subject.known.sockets)


def _wished_doubles(facts: Collection) -> frozenset[str]:
    wished = (group for group in groups(facts, ("item",)) if any(_is_wished(facts, each) for each in group))
    return frozenset(each.key for group in wished for each in group)


def _is_wished_double(facts: Collection, subject: Subject) -> bool:
    return subject.key in facts.once("wished doubles", lambda: _wished_doubles(facts))


def _notes(argument: str, facts: Collection) -> Predicate:
    wanted = fold(argument.strip())
    if not wanted:
        raise Refused(Fault.VALUE_MISSING, argument)

    def holds(subject: Subject) -> bool:
        wish = _wish(facts, subject)
        return wish is not None and wanted in fold(wish.notes)

    return holds


CHAPTERS = (
    Chapter("wishes", N_("Wish lists"), (
        asking("wishlist", N_("Copies with a roll that one of your wish lists recommends."), _is_wished),
        asking("trashlist", N_("Copies with a roll that one of your wish lists says to throw away."), _is_trash),
        Keyword("wishlistnotes", Form.TEXT, N_("Such copies by letters of what the list says about the roll."), _notes,
                example="wishlistnotes:pve"),
        asking("wishlistunknown", N_("Items that none of your wish lists speaks of by name."), _is_unknown),
        flag("wishlistable", N_("Weapons, armor and ghosts whose perks differ from copy to copy."), _can_be_listed),
        asking("wishlistdupe", N_("Doubles of which a wish list recommends at least one copy."), _is_wished_double),
    )),
)  # fmt: skip
