"""Words and numbers as people read them, in the language of the request: ages, counts, rarities, elements."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale, dates, numbers
from flask_babel import format_datetime, format_decimal, get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

# Keys for the style sheet; people read the names of the game's own definitions, or those below.
RARITIES = {1: "currency", 2: "common", 3: "uncommon", 4: "rare", 5: "legendary", 6: "exotic"}
ELEMENTS = {1: "kinetic", 2: "arc", 3: "solar", 4: "void", 6: "stasis", 7: "strand"}
ELEMENT_NAMES: dict[str, LazyString] = {
    "kinetic": _l("Kinetic"),
    "arc": _l("Arc"),
    "solar": _l("Solar"),
    "void": _l("Void"),
    "stasis": _l("Stasis"),
    "strand": _l("Strand"),
}
AMMO: dict[int, LazyString] = {1: _l("Primary"), 2: _l("Special"), 3: _l("Heavy")}
CLASS_KEYS = {0: "titan", 1: "hunter", 2: "warlock"}
CLASSES: dict[int, LazyString] = {0: _l("Titan"), 1: _l("Hunter"), 2: _l("Warlock")}

_KINETIC = 1
_MINUTE_S, _HOUR_S, _DAY_S, _MONTH_S = 60, 3600, 86400, 86400 * 30
_NEARLY_FULL = 90


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest fitting unit: "just now", "5 minutes ago", "on May 3, 2026"."""
    seconds = int((now - moment).total_seconds())
    if seconds < 5:
        return gettext("just now")
    if seconds < _MINUTE_S:
        return ngettext("%(num)d second ago", "%(num)d seconds ago", seconds)
    if seconds < _HOUR_S:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", seconds // _MINUTE_S)
    if seconds < _DAY_S:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", seconds // _HOUR_S)
    if seconds < _MONTH_S:
        return ngettext("%(num)d day ago", "%(num)d days ago", seconds // _DAY_S)
    return gettext("on %(date)s", date=_long(moment.date(), get_locale()))


def until(end: datetime, now: datetime) -> str:
    """When something to come ends: "in 20 minutes", "in 3 hours", "in 2 days"."""
    seconds = (end - now).total_seconds()
    if seconds < _HOUR_S:
        return ngettext("in %(num)d minute", "in %(num)d minutes", max(1, int(seconds // _MINUTE_S)))
    hours = int(seconds // _HOUR_S)
    if hours < 48:
        return ngettext("in %(num)d hour", "in %(num)d hours", hours)
    return ngettext("in %(num)d day", "in %(num)d days", hours // 24)


@lru_cache(maxsize=1024)
def _long(day: date, locale: Locale | None) -> str:
    return dates.format_date(day, "long", locale=locale or "en")


def expiry(end: datetime, now: datetime) -> tuple[str, str]:
    """What to say of the end of something, and when: ("Expires", "in 3 hours"), ("Expired", "Nov 21, 2026 ...")."""
    return (gettext("Expires"), until(end, now)) if end > now else (gettext("Expired"), moment(end))


def moment(at: datetime) -> str:
    """To the second, with its time zone: "Nov 21, 2026, 7:48:05 AM UTC"."""
    return f"{format_datetime(at, 'medium')} UTC"


def element_name(key: str, subclass_element: int = 0) -> str:
    """The name of an element by its key for the style sheet, "" for none. A subclass has its own number for it.

    The game counts the subclasses that use every element as kinetic.
    """
    own = ELEMENTS.get(subclass_element, "") if subclass_element != _KINETIC else ""
    return str(ELEMENT_NAMES.get(key or own, ""))


def duration(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{format_decimal(round(seconds, 1), '0.0')} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def number(value: int) -> str:
    """Grouped as the language does; most numbers are too small for that, and a page has thousands."""
    return str(value) if -1000 < value < 1000 else _grouped(value, get_locale())


def power(points: int) -> str:
    """As the game writes it, in every language: never grouped. "" for none."""
    return str(points) if points else ""


@lru_cache(maxsize=4096)
def _grouped(value: int, locale: Locale | None) -> str:
    return numbers.format_decimal(value, locale=locale or "en")


def size(count: int) -> str:
    """Bytes in the largest fitting unit."""
    if count < 1000:
        return ngettext("%(num)d byte", "%(num)d bytes", count)
    value = count / 1000
    for unit in ("kB", "MB"):
        if value < 1000:
            return f"{format_decimal(round(value, 1), '#,##0.0')} {unit}"
        value /= 1000
    return f"{format_decimal(round(value, 1), '#,##0.0')} GB"


def count_text(used: int, capacity: int | None) -> str:
    if not capacity:
        return number(used)
    return _out_of(get_locale()).format(used=number(used), capacity=number(capacity))


@cache
def _out_of(_locale: Locale | None) -> str:
    """Looked up once for every language of ours, because a page counts twenty places; `_locale` is the request's."""
    return gettext("%(used)s of %(capacity)s", used="{used}", capacity="{capacity}")


def fill(used: int, capacity: int | None) -> int:
    """How full in percent, capped at 100; -1 where there is no capacity."""
    return min(100, used * 100 // capacity) if capacity else -1


def is_nearly_full(used: int, capacity: int | None) -> bool:
    return fill(used, capacity) >= _NEARLY_FULL
