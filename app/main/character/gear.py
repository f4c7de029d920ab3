"""The power sheet: totals, the best of every slot, where it is, and what holds the sum back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask_babel import gettext

from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions
from app.inventory.power import SLOTS, PowerSheet, SlotPower, Total
from app.main import words
from app.main.addresses import address_of
from app.main.character.viewmodels import PowerView, SlotView, TotalView

Where = Callable[[OwnedItem], str]


def power_view(sheet: PowerSheet, definitions: Definitions, where: Where) -> PowerView:
    """`where` says in words who has an item."""
    slots = tuple(_slot(each, definitions, where) for each in sheet.slots)
    return PowerView(tuple(_totals(sheet)), slots, _note(sheet, slots))


def total_text(total: Total | None) -> str:
    """Points and eighths, "" when there is no total."""
    return f"{words.power(total.points)} {_eighths(total)}".strip() if total else ""


def _totals(sheet: PowerSheet) -> Iterable[TotalView]:
    told = (
        (gettext("Best you can wear"), sheet.best, gettext("One exotic weapon and one exotic piece of armor.")),
        (gettext("Worn now"), sheet.worn, gettext("What this character has on.")),
        (gettext("Best of this class"), sheet.strongest, gettext("As many exotics as you like.")),
        (gettext("Best of the account"), sheet.anybodys, gettext("Any class: what the game measures drops by.")),
    )
    return (TotalView(title, words.power(total.points), _eighths(total), says) for title, total, says in told if total)


def _eighths(total: Total) -> str:
    return f"{total.eighths}/{len(SLOTS)}" if total.eighths else ""


def _slot(slot: SlotPower, definitions: Definitions, where: Where) -> SlotView:
    bucket, best = definitions.bucket(slot.bucket_hash), slot.best
    return SlotView(
        title=bucket.name if bucket and bucket.name else gettext("Bucket %(hash)s", hash=slot.bucket_hash),
        name=_name(best) if best else gettext("Nothing with a known power"),
        href=address_of(best.item) if best else "",
        power=_power(best),
        where=where(best) if best else "",
        worn_power=_power(slot.worn),
        note=_slot_note(slot),
        is_holding_back=slot.is_holding_back,
    )


def _slot_note(slot: SlotPower) -> str:
    """The stronger exotic that has to stay off, or the stronger piece of another class."""
    best = slot.best.power or 0 if slot.best else 0
    for other, sentence in (
        (slot.strongest, gettext("%(item)s has %(power)s, but another exotic gains more.")),
        (slot.anybodys, gettext("%(item)s has %(power)s, for another class.")),
    ):
        if other and (other.power or 0) > best:
            return sentence.replace("%(item)s", _name(other)).replace("%(power)s", _power(other))
    return ""


def _note(sheet: PowerSheet, slots: Iterable[SlotView]) -> str:
    if sheet.best is None:
        return gettext("A slot has nothing whose power Bungie told, so there is no total.")
    held = [each.title for each in slots if each.is_holding_back]
    if not held:
        return gettext("Every slot is level: any drop with more power raises the total.")
    return gettext("Held back by %(slots)s: a drop there raises the total the most.", slots=", ".join(held))


def _power(owned: OwnedItem | None) -> str:
    return words.power(owned.power or 0) if owned else ""


def _name(owned: OwnedItem) -> str:
    known = owned.definition
    return known.name if known and known.name else gettext("Unknown item %(hash)s", hash=owned.item.hash)
