"""The words around vendors: why something cannot be bought, when there is something new, where Xûr is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.references import VendorDefinition
from app.inventory.vendors import Sale, SaleStatus
from app.main import words
from app.services.vendors.offers import Offer

# Said where the vendor gives no reason of its own.
_BY_STATUS: dict[SaleStatus, LazyString] = {
    SaleStatus.NO_ROOM: _l("You have no room for it"),
    SaleStatus.NO_FUNDS: _l("You cannot pay for it yet"),
    SaleStatus.NO_PROGRESSION: _l("Your rank is too low"),
    SaleStatus.NO_UNLOCK: _l("Not unlocked yet"),
    SaleStatus.NO_QUANTITY: _l("Sold out"),
    SaleStatus.OUTSIDE_WINDOW: _l("Not on sale now"),
    SaleStatus.NOT_AVAILABLE: _l("Not on sale now"),
    SaleStatus.UNIQUE: _l("You can only have one"),
    SaleStatus.UNSELLABLE: _l("Only shown, not sold"),
    SaleStatus.INHIBITED: _l("Not on sale now"),
    SaleStatus.OWNED: _l("You have it already"),
    SaleStatus.DISPLAY_ONLY: _l("Only shown, not sold"),
}
_VARIABLE = re.compile(r"\{var:\d+\}")
_FRIDAY, _RESET_HOUR = 4, 17


def reason(sale: Sale, known: VendorDefinition | None) -> str:
    """Why an offer cannot be bought, in the game's own words where it has some; "" where it can."""
    own = tuple(dict.fromkeys(_own_reasons(sale, known)))
    if own:
        return " · ".join(own)
    if not sale.status:
        return ""
    told = [str(words) for flag, words in _BY_STATUS.items() if sale.status & flag]
    return " · ".join(dict.fromkeys(told)) or gettext("It cannot be bought now")


def _own_reasons(sale: Sale, known: VendorDefinition | None) -> Iterator[str]:
    reasons = known.failures if known else ()
    for place in sale.failures:
        if place < len(reasons) and reasons[place]:
            yield _VARIABLE.sub("…", reasons[place])


def have(offer: Offer) -> str:
    """Whether the viewer has what is offered."""
    if offer.copies:
        return gettext("You have %(number)s", number=words.number(offer.copies))
    return gettext("Collected") if offer.sale.is_owned else ""


def refresh(moment: str, now: datetime) -> str:
    """When the offers change; "" where they do not."""
    if not moment:
        return ""
    end = datetime.fromisoformat(moment)
    return gettext("New offers %(when)s", when=words.until(end, now)) if end > now else gettext("New offers any moment")


def rank(level: int, cap: int) -> str:
    return gettext("Rank %(level)s of %(cap)s", level=level, cap=cap) if cap > 0 and level else ""


def offers(count: int) -> str:
    return ngettext("%(num)d offer", "%(num)d offers", count)


def xur_is_away(now: datetime) -> str:
    """He comes at the weekend; the calendar tells when, for Bungie tells nothing of who is not here."""
    days = (_FRIDAY - now.weekday()) % 7
    coming = now.replace(hour=_RESET_HOUR, minute=0, second=0, microsecond=0) + timedelta(days=days)
    if coming <= now:
        coming += timedelta(days=7)
    return gettext("Xûr is away. He usually comes on Friday at 17:00 UTC, %(when)s.", when=words.until(coming, now))
