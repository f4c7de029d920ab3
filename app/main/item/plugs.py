"""Sockets as the page shows them: frame, perks by column, mods and abilities by heading, looks, possible rolls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.telling.roles import Role
from app.inventory.telling.sockets import SocketRow, is_empty, is_enhanced
from app.main.item.viewmodels import PerkColumn, PlugGroup, PlugView
from app.main.tiles import Picture

_TITLES: dict[Role, LazyString] = {
    Role.ABILITY: _l("Abilities"), Role.MOD: _l("Mods"), Role.TUNING: _l("Tuning"),
    Role.MASTERWORK: _l("Masterwork"), Role.CATALYST: _l("Catalyst"),
}  # fmt: skip
_SOCKET_CATEGORY = "DestinySocketCategoryDefinition"


class PlugsView(NamedTuple):
    frames: tuple[PlugView, ...]
    columns: tuple[PerkColumn, ...]
    groups: tuple[PlugGroup, ...]
    looks: tuple[PlugView, ...]
    rolls: tuple[PerkColumn, ...]


class PlugPresenter:
    """Presents the sockets of one item."""

    def __init__(self, sockets: Iterable[SocketRow], definitions: Definitions, picture: Picture) -> None:
        self._sockets = tuple(sockets)
        self._definitions = definitions
        self._picture = picture

    def view(self) -> PlugsView:
        return PlugsView(
            frames=(*self._chosen(Role.ARCHETYPE), *self._chosen(Role.FRAME)),
            columns=tuple(self._column(row) for row in self._with_role(Role.PERK) if row.plug_hash),
            groups=tuple(self._groups()),
            looks=tuple(self._chosen(Role.LOOK)),
            rolls=tuple(self._rolls(row) for row in self._with_role(Role.PERK) if len(row.possible) > 1),
        )

    def _with_role(self, role: Role) -> list[SocketRow]:
        return [row for row in self._sockets if row.role is role]

    def _chosen(self, role: Role) -> list[PlugView]:
        """The plugs of a role, without empty sockets."""
        rows = (row for row in self._with_role(role) if row.plug_hash and not self._is_empty(row))
        return [view for row in rows if (view := self._plug(row.plug_hash, row)).name]

    def _is_empty(self, row: SocketRow) -> bool:
        return is_empty(row, self._definitions.item(row.plug_hash))

    def _column(self, row: SocketRow) -> PerkColumn:
        plugs = [self._plug(each, row) for each in (row.plug_hash, *row.offered)]
        return PerkColumn(plugs[0].type_name, tuple(plugs))

    def _groups(self) -> Iterable[PlugGroup]:
        for role, title in _TITLES.items():
            if role is Role.ABILITY:
                yield from self._abilities()
            else:
                plugs, told = self._chosen(role), self._empty(role)
                if plugs or told:
                    yield PlugGroup(str(title), tuple(plugs), told)

    def _empty(self, role: Role) -> str:
        """How many sockets are empty, and what fits into them as far as the game says so; "" for none."""
        empty = [row for row in self._with_role(role) if self._is_empty(row)]
        if not empty:
            return ""
        plugs = (self._definitions.item(row.plug_hash) for row in empty)
        fits = dict.fromkeys(plug.type_name for plug in plugs if plug and plug.type_name)
        told = ngettext("%(num)d empty socket", "%(num)d empty sockets", len(empty))
        return f"{told}: {', '.join(fits)}" if fits else told

    def _abilities(self) -> Iterable[PlugGroup]:
        """A subclass has its own headings, in the game's words."""
        by_category: dict[int, list[PlugView]] = {}
        for row in self._with_role(Role.ABILITY):
            view = self._plug(row.plug_hash, row)
            if view.name and not self._is_empty(row):
                by_category.setdefault(row.category_hash, []).append(view)
        for category, plugs in by_category.items():
            named = self._definitions.named(_SOCKET_CATEGORY, category)
            title = named.name.capitalize() if named and named.name else str(_TITLES[Role.ABILITY])
            yield PlugGroup(title, tuple(plugs), "")

    def _rolls(self, row: SocketRow) -> PerkColumn:
        has = {row.plug_hash, *row.offered}
        plugs = [self._roll(each, row, is_here=each in has) for each in row.possible]
        known = [plug for plug in plugs if plug.name]
        known.sort(key=lambda plug: "is-retired" in plug.look)
        return PerkColumn(next((plug.type_name for plug in known), ""), tuple(known))

    def _roll(self, plug_hash: int, row: SocketRow, *, is_here: bool) -> PlugView:
        view = self._plug(plug_hash, row._replace(plug_hash=plug_hash if is_here else 0, is_enabled=True))
        marks = (*view.marks, gettext("this copy has it")) if is_here else view.marks
        return view._replace(description="", marks=marks)

    def _plug(self, plug_hash: int, row: SocketRow) -> PlugView:
        plug = self._definitions.item(plug_hash)
        looks, marks = self._looks(plug_hash, plug, row)
        if plug is None:
            name = gettext("Unknown plug %(hash)s", hash=plug_hash)
            return PlugView(plug_hash, name, "", "", "", " ".join(looks), marks)
        return PlugView(
            plug_hash,
            plug.name or (gettext("Classified") if plug.redacted else ""),
            plug.type_name,
            plug.description,
            self._picture(plug.icon),
            " ".join(looks),
            marks,
        )

    def _looks(self, plug_hash: int, plug: ItemDefinition | None, row: SocketRow) -> tuple[list[str], tuple[str, ...]]:
        looks = ["is-perk"] if row.role in {Role.PERK, Role.FRAME} else []
        marks = []
        if plug_hash == row.plug_hash:
            looks.append("is-chosen")
            if not row.is_enabled:
                looks.append("is-off")
                marks.append(gettext("not active now"))
        if plug and plug.energy_cost:
            marks.append(gettext("%(cost)s energy", cost=plug.energy_cost))
        if is_enhanced(row.role, plug):
            looks.append("is-enhanced")
            marks.append(gettext("enhanced"))
        if plug_hash in row.closed:
            looks.append("is-off")
            marks.append(gettext("cannot be chosen now"))
        if plug_hash in row.retired:
            looks.append("is-retired")
            marks.append(gettext("no longer drops"))
        return looks, tuple(marks)
