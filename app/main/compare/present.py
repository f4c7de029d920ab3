"""Copies that are alike -> the page that shows them side by side, and the page of infusion."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.compare import By, PlugLine, StatLine, Values, best_of, plug_lines, similar, stat_lines
from app.inventory.infusion import infusion_of, takes_part
from app.inventory.items import ItemState
from app.inventory.organizer import terms
from app.inventory.organizer.column import Kind
from app.inventory.organizer.columns import owned
from app.inventory.organizer.desk import Plug
from app.inventory.organizer.table import columns_of
from app.inventory.search.facts import ARMOR, WEAPON, Subject
from app.inventory.telling.roles import Role
from app.main import words
from app.main.compare.viewmodels import ComparePage, CopyView, FactRow, InfusionPage, PlugRow, PlugView
from app.main.organizer.viewmodels import Link
from app.main.organizer.words import TITLES, TableWords
from app.main.present import Context, notices
from app.main.tag_words import tag_name
from app.main.tiles import TileMaker
from app.services.organizer import Laid

MOST_COPIES = 24
_MOST_TILES = 120
PATH = "/compare"
_KINDS = {WEAPON: Kind.WEAPONS, ARMOR: Kind.ARMOR}
_WAYS: Mapping[By, LazyString] = {
    By.NAME: _l("Same name"), By.ARCHETYPE: _l("Same archetype"), By.TYPE: _l("Same type"),
}  # fmt: skip
_VALUES: Mapping[Values, LazyString] = {
    Values.NOW: _l("As they are"), Values.BASE: _l("Base"), Values.MASTERWORKED: _l("Masterworked"),
}  # fmt: skip
_ROLES: Mapping[Role, LazyString] = {
    Role.ARCHETYPE: _l("Archetype"), Role.FRAME: _l("Frame"), Role.MASTERWORK: _l("Masterwork"),
    Role.CATALYST: _l("Catalyst"), Role.TUNING: _l("Tuning"), Role.MOD: _l("Mod"),
}  # fmt: skip
_FACTS = ("power", "tier", "energy", "rarity", "masterworked", "crafted", "season", "kills", "loadouts", "notes")
_QUICK_TAGS = ("keep", "junk")


@dataclass(frozen=True, slots=True)
class Question:
    """What the address asks: which copy, compared with what, by which numbers, without which others."""

    item: str
    by: By
    values: Values
    without: tuple[str, ...]

    def href(self, by: By | None = None, values: Values | None = None, without: str = "") -> str:
        gone = (*self.without, without) if without else self.without
        asked = {"item": self.item, "by": (by or self.by).value, "values": (values or self.values).value}
        if gone and by is None:
            asked["without"] = ",".join(gone)
        return f"{PATH}?{urlencode(asked, safe=',')}"


def copy_of(laid: Laid, item: str, item_hash: str) -> Subject | None:
    """The copy with this instance id, else the strongest of this item."""
    if item:
        return next((each for each in laid.everything if each.item.instance_id == item), None)
    found = (each for each in laid.everything if each.item.instance_id and str(each.item.hash) == item_hash)
    return max(found, key=lambda each: (each.power, each.key), default=None)


def compare_page(laid: Laid, subject: Subject, asked: Question, context: Context) -> ComparePage:
    every = similar(laid.desk, subject, asked.by)
    kept = [each for each in every if each is subject or each.key not in asked.without]
    shown = kept[:MOST_COPIES]
    maker = _Compared(laid, shown, asked, context)
    return ComparePage(
        notices=notices(laid.found.snapshot, context),
        title=gettext("Compare %(name)s", name=maker.name_of(subject)),
        note=_note(len(every), len(kept), len(shown)),
        ways=tuple(Link(asked.href(by=by), str(name), by is asked.by) for by, name in _WAYS.items()),
        values=tuple(_values(asked, subject)),
        copies=tuple(maker.copies()),
        facts=tuple(maker.facts()),
        stats=tuple(maker.stats()),
        plugs=tuple(maker.plugs()),
        back=asked.href(),
        more_href=_table_href(subject, asked.by),
    )


def _note(every: int, kept: int, shown: int) -> str:
    told = ngettext("%(num)d copy.", "%(num)d copies.", every)
    if kept < every:
        told += " " + ngettext("%(num)d is put aside.", "%(num)d are put aside.", every - kept)
    if shown < kept:
        told += " " + gettext("The %(num)d strongest are shown.", num=shown)
    return told


def _values(asked: Question, subject: Subject) -> Iterator[Link]:
    """What a masterwork would give can only be told of armor."""
    for values, name in _VALUES.items():
        if values is not Values.MASTERWORKED or subject.known.item_type == ARMOR:
            yield Link(asked.href(values=values), str(name), values is asked.values)


def _table_href(subject: Subject, by: By) -> str:
    kind = _KINDS.get(subject.known.item_type)
    if kind is None or by is By.ARCHETYPE:
        return ""
    chapter = "type" if kind is Kind.WEAPONS else "slot"
    term = terms.term("exactname", subject.known.name) if by is By.NAME else terms.flag(terms.word_of(chapter, subject))
    return f"/organizer?{urlencode({'type': kind.value, 'q': term})}"


class _Compared:
    """Puts the shown copies into words, a line at a time."""

    def __init__(self, laid: Laid, shown: Sequence[Subject], asked: Question, context: Context) -> None:
        self._laid, self._shown, self._asked, self._context = laid, shown, asked, context
        self._definitions = laid.found.snapshot.definitions
        kind = _KINDS.get(shown[0].known.item_type, Kind.GHOSTS)
        self._columns = columns_of(kind)
        self._words = TableWords(kind, self._definitions, laid.desk.facts)
        self._tiles = TileMaker(self._definitions, context.picture, laid.desk.extras.new)

    def name_of(self, subject: Subject) -> str:
        return self._tiles.make(owned(subject)).name

    def copies(self) -> Iterator[CopyView]:
        for place, subject in enumerate(self._shown):
            tile = self._tiles.make(owned(subject))
            yield CopyView(
                tile.hash,
                tile.instance_id,
                tile.name,
                tile.label,
                tile.href,
                tile.icon_url,
                tile.rarity,
                self._text("location", subject),
                self._asked.href(without=subject.key) if place else "",
                _lock(subject),
                tuple(self._tags(subject)),
                secrets.token_urlsafe(16),
            )

    def _tags(self, subject: Subject) -> Iterator[tuple[str, str, bool]]:
        has = self._laid.desk.extras.tags.get(subject.item.instance_id, "")
        for tag in _QUICK_TAGS:
            yield f"tag:{'none' if tag == has else tag}", tag_name(tag), tag == has

    def facts(self) -> Iterator[FactRow]:
        for key in ("tag", *_FACTS):
            values = tuple(self._text(key, each) for each in self._shown) if key in self._columns else ()
            if any(values):
                yield FactRow(str(TITLES[key]), values, self._best(key))

    def _best(self, key: str) -> tuple[bool, ...]:
        numbers = [self._columns[key].value(self._laid.desk, each) for each in self._shown]
        best = best_of(numbers) if key in {"power", "tier", "energy"} else ()
        return _marked(best, len(self._shown))

    def _text(self, key: str, subject: Subject) -> str:
        column = self._columns[key]
        return self._words.text(column, column.value(self._laid.desk, subject))

    def stats(self) -> Iterator[FactRow]:
        for line in stat_lines(self._laid.desk, self._shown, self._asked.values):
            values = tuple("" if value is None else words.number(value) for value in line.values)
            yield FactRow(self._stat_name(line), values, _marked(line.best, len(values)))

    def _stat_name(self, line: StatLine) -> str:
        return self._words.stat(line.stat_hash) if line.stat_hash else str(TITLES["total"])

    def plugs(self) -> Iterator[PlugRow]:
        for line in plug_lines(self._laid.desk, self._shown):
            yield PlugRow(self._plug_title(line), tuple(tuple(map(self._plug, cell)) for cell in line.cells))

    def _plug_title(self, line: PlugLine) -> str:
        if line.role in _ROLES:
            return str(_ROLES[line.role])
        plugs = (self._definitions.item(plug.hash) for cell in line.cells for plug in cell)
        return next((plug.type_name for plug in plugs if plug and plug.type_name), "") or gettext("Perk")

    def _plug(self, plug: Plug) -> PlugView:
        looks = ("on" if plug.is_chosen else "off", "up" if plug.is_enhanced else "")
        return PlugView(plug.name, self._context.picture(plug.icon), " ".join(filter(None, looks)))


def _marked(best: Collection[int], count: int) -> tuple[bool, ...]:
    return tuple(place in best for place in range(count))


def _lock(subject: Subject) -> tuple[str, str] | None:
    if not subject.item.is_lockable:
        return None
    is_locked = subject.item.has(ItemState.LOCKED)
    return ("unlock", gettext("Unlock")) if is_locked else ("lock", gettext("Lock"))


# --- infusion --------------------------------------------------------------------------------------------------------


def infusion_page(laid: Laid, subject: Subject, context: Context) -> InfusionPage:
    tiles = TileMaker(laid.found.snapshot.definitions, context.picture)
    found = infusion_of(laid.desk, subject)
    return InfusionPage(
        notices=notices(laid.found.snapshot, context),
        item=tiles.make(owned(subject)),
        note="" if takes_part(subject) else gettext("Nothing can be infused into this, and it into nothing."),
        fuel=tuple(tiles.make(owned(each)) for each in found.fuel[:_MOST_TILES]),
        fed=tuple(tiles.make(owned(each)) for each in found.fed[:_MOST_TILES]),
        fuel_text=_fuel_text(subject.power, [each.power for each in found.fuel]),
        fed_text=_fed_text(len(found.fed)),
    )


def _fuel_text(power: int, stronger: Sequence[int]) -> str:
    if not stronger:
        return gettext("Nothing that you own for this slot is stronger.")
    told = ngettext("%(num)d item is stronger.", "%(num)d items are stronger.", len(stronger))
    most = max(stronger)
    gain = gettext(
        "The strongest would raise it from %(now)s to %(then)s power: %(gain)s more.",
        now=words.power(power), then=words.power(most), gain=words.number(most - power),
    )  # fmt: skip
    return f"{told} {gain}"


def _fed_text(count: int) -> str:
    if not count:
        return gettext("Nothing that you own for this slot is weaker.")
    return ngettext("%(num)d item is weaker.", "%(num)d items are weaker.", count)
