"""The vault's pages: everything in it, all stores side by side, and what lies about more than once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext

from app.inventory.arrange import CharacterStore, Inventory
from app.inventory.duplicates import Copies, duplicates
from app.inventory.worse import Worse
from app.main import words
from app.main.framing import CapacityView, FramedPresenter, PageFrame
from app.main.present import GROUP_TITLES
from app.main.viewmodels import CharacterView, GroupView, SectionView, TileView
from app.main.worse_words import reasons_told


@dataclass(frozen=True, slots=True)
class VaultPage:
    frame: PageFrame
    vault_groups: tuple[GroupView, ...]
    account_groups: tuple[GroupView, ...]  # consumables, modifications and other account-wide buckets
    currencies: tuple[SectionView, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class StoreView:
    """One store of the page that shows all of them: a character, or the vault with what belongs to the account."""

    key: str  # character id | vault
    title: str
    count_text: str
    is_vault: bool
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class TogetherPage:
    frame: PageFrame
    stores: tuple[StoreView, ...]


class CopyView(NamedTuple):
    """A copy of something that there are more of, and where it lies. `reasons`: why it is the worse one, if it is."""

    tile: TileView
    place: str
    href: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CopiesView:
    """All copies of one item, the strongest first; `compare_href` shows them side by side."""

    title: str
    count_text: str
    copies: tuple[CopyView, ...]
    compare_href: str = ""


@dataclass(frozen=True, slots=True)
class DuplicatesPage:
    frame: PageFrame
    summary: str
    groups: tuple[tuple[str, tuple[CopiesView, ...]], ...]  # "Weapons" and "Armor"


class VaultPresenter(FramedPresenter):
    """Builds the vault's pages of what a search found, or of everything."""

    def vault(self) -> VaultPage:
        inventory = self._inventory
        return VaultPage(
            frame=self._vault_frame(""),
            vault_groups=self._groups(inventory.vault, "vault"),
            account_groups=self._groups(inventory.account, "account"),
            currencies=tuple(self._section(section, "account") for section in inventory.currencies),
            is_empty=not (inventory.vault or inventory.account or inventory.currencies),
        )

    def together(self) -> TogetherPage:
        pairs = zip(self._characters(), self._inventory.characters, strict=True)
        stores = [self._character_store(view, store) for view, store in pairs]
        return TogetherPage(self._vault_frame("together"), (self._vault_store(self._inventory), *stores))

    def duplicates(self, worse: Mapping[str, Worse]) -> DuplicatesPage:
        """`worse` tells by instance id which copies are the worse ones."""
        found = duplicates(self._inventory)
        groups = groupby(found, key=lambda copies: copies.group)
        return DuplicatesPage(
            self._vault_frame("duplicates"),
            ngettext("%(num)d item lies about more than once.", "%(num)d items lie about more than once.", len(found)),
            tuple(
                (str(GROUP_TITLES[group]), tuple(self._copies(each, worse) for each in members))
                for group, members in groups
            ),
        )

    def _vault_frame(self, view: str) -> PageFrame:
        used, capacity = self._inventory.vault_used, self._inventory.vault_capacity
        told = CapacityView(
            words.count_text(used, capacity), words.fill(used, capacity), _capacity_note(used, capacity)
        )
        tabs = _tabs(view)
        title = next(name for _, name, is_here in tabs if is_here)
        return replace(self._frame("/vault", view), capacity=told, title=title, tabs=tabs)

    def _vault_store(self, inventory: Inventory) -> StoreView:
        groups = self._groups(inventory.vault, "vault") + self._groups(
            (*inventory.account, *inventory.currencies), "account"
        )
        count = words.count_text(inventory.vault_used, inventory.vault_capacity)
        return StoreView("vault", gettext("Vault"), count, is_vault=True, groups=groups)

    def _character_store(self, view: CharacterView, store: CharacterStore) -> StoreView:
        count = words.number(store.item_count)
        return StoreView(view.id, view.class_name, count, is_vault=False, groups=self._groups(store.sections, view.id))

    def _copies(self, copies: Copies, worse: Mapping[str, Worse]) -> CopiesView:
        places = {view.id: (view.class_name, view.href) for view in self._characters()}
        vault = (gettext("Vault"), "/vault")
        views = []
        for owned in copies.items:
            found = worse.get(owned.item.instance_id)
            place = places.get(owned.item.owner, vault)
            views.append(CopyView(self._tiles.make(owned), *place, reasons_told(found) if found else ()))
        href = url_for("main.compare", item=copies.items[0].item.instance_id)
        return CopiesView(views[0].tile.name, words.number(len(views)), tuple(views), href)


def _tabs(view: str) -> tuple[tuple[str, str, bool], ...]:
    views = (("", gettext("Vault")), ("together", gettext("All places")), ("duplicates", gettext("Duplicates")))
    return tuple((f"/vault?view={key}" if key else "/vault", name, key == view) for key, name in views)


def _capacity_note(used: int, capacity: int | None) -> str:
    if not capacity or not words.is_nearly_full(used, capacity):
        return ""
    if used >= capacity:
        return gettext("The vault is full: nothing more can be put into it.")
    return ngettext("Only %(num)d slot is free.", "Only %(num)d slots are free.", capacity - used)
