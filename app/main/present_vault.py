"""The vault's pages: everything in it, all stores side by side, and what lies about more than once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from flask_babel import gettext, ngettext

from app.inventory.arrange import CharacterStore, Inventory
from app.inventory.duplicates import Copies, duplicates
from app.inventory.layout import laid_out
from app.main import words
from app.main.news import ask_again_s
from app.main.present import GROUP_TITLES, Context, Presenter
from app.main.present_layout import LayoutView, layout_view
from app.main.viewmodels import CharacterView, FreshnessView, GroupView, SectionView, TileView
from app.services.search import Found
from app.web.notices import NoticeView


@dataclass(frozen=True, slots=True)
class VaultFrame:
    """What stands around every view of the vault. `tabs` are the views: address, words, whether it is this one."""

    notices: tuple[NoticeView, ...]
    freshness: FreshnessView | None
    characters: tuple[CharacterView, ...]
    missing: tuple[str, ...]  # sentences: what Bungie did not send
    capacity_text: str  # "467 of 700"
    capacity_fill: int  # 0-100, -1 unknown
    capacity_note: str  # a warning, or ""
    new_text: str  # "3 new items", "" when there are none
    tabs: tuple[tuple[str, str, bool], ...]
    layout: LayoutView
    ask_again_s: int  # when a script should look for news


@dataclass(frozen=True, slots=True)
class VaultPage:
    frame: VaultFrame
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
    frame: VaultFrame
    stores: tuple[StoreView, ...]


class CopyView(NamedTuple):
    """A copy of something that there are more of, and where it lies."""

    tile: TileView
    place: str
    href: str


@dataclass(frozen=True, slots=True)
class CopiesView:
    """All copies of one item, the strongest first."""

    title: str
    count_text: str
    copies: tuple[CopyView, ...]


@dataclass(frozen=True, slots=True)
class DuplicatesPage:
    frame: VaultFrame
    summary: str
    groups: tuple[tuple[str, tuple[CopiesView, ...]], ...]  # "Weapons" and "Armor"


class VaultPresenter(Presenter):
    """Builds the vault's pages of what a search found, or of everything."""

    def __init__(self, found: Found, context: Context) -> None:
        inventory = laid_out(found.snapshot.inventory, context.layout.order)
        super().__init__(replace(found.snapshot, inventory=inventory), context, found.whole)
        self._text = found.text
        self._ask_again_s = ask_again_s(found.snapshot)

    def vault(self) -> VaultPage:
        inventory = self._inventory
        return VaultPage(
            frame=self._frame(""),
            vault_groups=self._groups(inventory.vault, "vault"),
            account_groups=self._groups(inventory.account, "account"),
            currencies=tuple(self._section(section, "account") for section in inventory.currencies),
            is_empty=not (inventory.vault or inventory.account or inventory.currencies),
        )

    def together(self) -> TogetherPage:
        pairs = zip(self._characters(), self._inventory.characters, strict=True)
        stores = [self._character_store(view, store) for view, store in pairs]
        return TogetherPage(self._frame("together"), (self._vault_store(self._inventory), *stores))

    def duplicates(self) -> DuplicatesPage:
        found = duplicates(self._inventory)
        groups = groupby(found, key=lambda copies: copies.group)
        return DuplicatesPage(
            self._frame("duplicates"),
            ngettext("%(num)d item lies about more than once.", "%(num)d items lie about more than once.", len(found)),
            tuple((str(GROUP_TITLES[group]), tuple(map(self._copies, members))) for group, members in groups),
        )

    def _frame(self, view: str) -> VaultFrame:
        used, capacity = self._inventory.vault_used, self._inventory.vault_capacity
        new = len(self._context.new)
        return VaultFrame(
            notices=self._notices,
            freshness=self._freshness,
            characters=self._characters(),
            missing=self._missing,
            capacity_text=words.count_text(used, capacity),
            capacity_fill=words.fill(used, capacity),
            capacity_note=_capacity_note(used, capacity),
            new_text=ngettext("%(num)d new item", "%(num)d new items", new) if new else "",
            tabs=_tabs(view),
            layout=layout_view(self._layout, self._text, view),
            ask_again_s=self._ask_again_s,
        )

    def _vault_store(self, inventory: Inventory) -> StoreView:
        groups = self._groups(inventory.vault, "vault") + self._groups(
            (*inventory.account, *inventory.currencies), "account"
        )
        count = words.count_text(inventory.vault_used, inventory.vault_capacity)
        return StoreView("vault", gettext("Vault"), count, is_vault=True, groups=groups)

    def _character_store(self, view: CharacterView, store: CharacterStore) -> StoreView:
        count = words.number(store.item_count)
        return StoreView(view.id, view.class_name, count, is_vault=False, groups=self._groups(store.sections, view.id))

    def _copies(self, copies: Copies) -> CopiesView:
        places = {view.id: (view.class_name, view.href) for view in self._characters()}
        vault = (gettext("Vault"), "/vault")
        tiles = [(self._tiles.make(owned), places.get(owned.item.owner, vault)) for owned in copies.items]
        return CopiesView(
            tiles[0][0].name, words.number(len(tiles)), tuple(CopyView(tile, *place) for tile, place in tiles)
        )


def _tabs(view: str) -> tuple[tuple[str, str, bool], ...]:
    views = (("", gettext("Vault")), ("together", gettext("All places")), ("duplicates", gettext("Duplicates")))
    return tuple((f"/vault?view={key}" if key else "/vault", name, key == view) for key, name in views)


def _capacity_note(used: int, capacity: int | None) -> str:
    if not capacity or not words.is_nearly_full(used, capacity):
        return ""
    if used >= capacity:
        return gettext("The vault is full: nothing more can be put into it.")
    return ngettext("Only %(num)d slot is free.", "Only %(num)d slots are free.", capacity - used)
