"""The characters' pages: all of them side by side, and each with its gear, power, pursuits and loadouts."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext, ngettext

from app.inventory import buckets
from app.inventory.arrange import CharacterStore, OwnedItem, Section
from app.inventory.buckets import Group
from app.inventory.items import EQUIPPED, Place
from app.inventory.power import power_sheet
from app.inventory.search.narrow import everything
from app.inventory.telling.objectives import expiry_of
from app.main import words
from app.main.character.gear import power_view, total_text
from app.main.character.loadouts import LoadoutPresenter, used_text
from app.main.character.pursuits import PursuitPresenter
from app.main.character.standing import account_facts, activity_text, gilded_text
from app.main.character.viewmodels import CharacterPage, CharactersPage, CollectForm, CompareView, PursuitHeap
from app.main.framing import FramedPresenter
from app.main.item.viewmodels import Fact
from app.main.present import Context, class_name
from app.main.viewmodels import CharacterView, FindsView
from app.services.characters import CharacterDetails, Company
from app.services.search import Found


class CharacterPresenter(FramedPresenter):
    """Builds the characters' pages. Power and banners are of all that is owned, sections of what was searched."""

    def __init__(self, found: Found, context: Context, company: Company) -> None:
        super().__init__(found, context)
        self._company = company

    def characters(self) -> CharactersPage:
        frame = self._frame("/characters")
        stores = zip(frame.characters, self._whole.characters, strict=True)
        return CharactersPage(
            frame=frame,
            facts=tuple(self._account_facts()),
            compared=tuple(CompareView(view, tuple(self._compared(store))) for view, store in stores),
            finds=self._finds(),
        )

    def character(self, told: CharacterDetails) -> CharacterPage | None:
        store, whole = (each.character(told.character_id) for each in (self._inventory, self._whole))
        if store is None or whole is None:
            return None
        frame = self._frame(f"/characters/{told.character_id}")
        return CharacterPage(
            frame=frame,
            character=next(view for view in frame.characters if view.id == told.character_id),
            facts=(*_facts(whole), *self._account_facts()),
            power=power_view(power_sheet(self._whole, whole.character), self._definitions, self._where),
            loadouts=self._loadouts(told.character_id).view(self._company.loadouts.get(told.character_id)),
            groups=self._groups(store.sections, told.character_id),
            pursuits=self._pursuits(told, store),
            collect=_collect_form(whole),
        )

    def _characters(self) -> tuple[CharacterView, ...]:
        """The banners with what only these pages tell."""
        pairs = zip(super()._characters(), self._whole.characters, strict=True)
        return tuple(
            replace(
                view,
                activity=activity_text(store.character.activity, self._company),
                gilded=gilded_text(self._company.gilded.get(view.id, 0)),
            )
            for view, store in pairs
        )

    def _account_facts(self) -> Iterator[Fact]:
        return account_facts(self._found.snapshot.account, self._company, self._definitions)

    def _pursuits(self, told: CharacterDetails, store: CharacterStore) -> dict[int, tuple[PursuitHeap, ...]]:
        """In the player's own order and groups, or by urgency where there is no order."""
        presenter = PursuitPresenter(told, self._tiles, self._context.now)
        sections = (each for each in store.sections if each.group is Group.QUESTS)
        return {each.bucket_hash: presenter.of(each, self._layout) for each in sections}

    def _loadouts(self, character_id: str) -> LoadoutPresenter:
        owned = {each.item.instance_id: each for each in everything(self._whole) if each.item.instance_id}
        return LoadoutPresenter(character_id, owned, self._definitions, self._context.picture, self._where)

    def _where(self, owned: OwnedItem) -> str:
        """In words, who has an item."""
        if owned.item.place is Place.VAULT:
            return gettext("Vault")
        store = self._whole.character(owned.item.owner)
        name = class_name(store.character, self._definitions) if store else ""
        if owned.item.place is EQUIPPED:
            return gettext("%(character)s, equipped", character=name)
        if owned.item.bucket_hash in buckets.POSTMASTER:
            return gettext("%(character)s, in the postmaster", character=name)
        return gettext("%(character)s, carried", character=name)

    def _finds(self) -> tuple[FindsView, ...]:
        """What a search found on each character; nothing where there is no search."""
        if not self._found.is_search:
            return ()
        stores = ((view, self._inventory.character(view.id)) for view in self._characters())
        return tuple(
            FindsView(view.id, view.class_name, view.href, self._groups(store.sections, view.id))
            for view, store in stores
            if store and store.sections
        )

    def _compared(self, store: CharacterStore) -> Iterator[Fact]:
        """What is worth comparing; facts without a value are not shown."""
        character, href = store.character, f"/characters/{store.character.id}"
        yield Fact(gettext("Best power"), total_text(power_sheet(self._whole, character).best), f"{href}#power")
        for title, bucket_hash in ((gettext("Postmaster"), buckets.LOST_ITEMS), (gettext("Engrams"), buckets.ENGRAMS)):
            yield Fact(title, self._count_text(store, bucket_hash), f"{href}#group-postmaster")
        pursuits = words.number(sum(1 for _ in _of_group(store, Group.QUESTS)))
        yield Fact(gettext("Quests and bounties"), pursuits if self._is_told else "", f"{href}#group-quests")
        yield Fact(gettext("Next to expire"), self._next_expiry(store), f"{href}#group-quests")
        yield Fact(gettext("In-game loadouts"), used_text(self._company.loadouts.get(character.id)), f"{href}#loadouts")
        yield from _facts(store)

    @property
    def _is_told(self) -> bool:
        """Whether Bungie sent what the characters carry: only then is nothing really nothing."""
        return "characterInventories" not in self._whole.missing

    def _count_text(self, store: CharacterStore, bucket_hash: int) -> str:
        section = _section_of(store, bucket_hash)
        if section:
            return words.count_text(len(section.items), section.capacity)
        return gettext("empty") if self._is_told else ""

    def _next_expiry(self, store: CharacterStore) -> str:
        now = self._context.now
        ends = (self._ends(owned) for owned in _of_group(store, Group.QUESTS))
        coming = [moment for each in ends if each and (moment := datetime.fromisoformat(each)) > now]
        nothing = gettext("nothing") if self._is_told else ""
        return words.until(min(coming), now) if coming else nothing

    def _ends(self, owned: OwnedItem) -> str:
        item, known = owned.item, owned.definition
        may_stop = bool(item.expires_at) and known is not None and known.outlives_expiration
        objectives = self._found.snapshot.details.item(item).objectives if may_stop else None
        return expiry_of(item, known, objectives)


def _facts(store: CharacterStore) -> Iterator[Fact]:
    character = store.character
    if character.minutes_played:
        yield Fact(gettext("Time played"), _played(character.minutes_played))
    if character.activity and character.minutes_this_session:
        yield Fact(gettext("This session"), _played(character.minutes_this_session))


def _of_group(store: CharacterStore, group: Group) -> Iterator[OwnedItem]:
    return (owned for section in store.sections if section.group is group for owned in section.items)


def _section_of(store: CharacterStore, bucket_hash: int) -> Section | None:
    return next((each for each in store.sections if each.bucket_hash == bucket_hash), None)


def _played(minutes: int) -> str:
    hours = minutes // 60
    if not hours:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    return gettext("%(hours)s h %(minutes)s min", hours=words.number(hours), minutes=minutes % 60)


def _collect_form(store: CharacterStore) -> CollectForm | None:
    """None without anything that could be taken out."""
    lost = _section_of(store, buckets.LOST_ITEMS)
    takeable = [owned for owned in lost.items if _can_be_taken(owned)] if lost else []
    if not lost or not takeable:
        return None
    names = dict.fromkeys(owned.item.instance_id or str(owned.item.hash) for owned in takeable)
    staying = len(lost.items) - len(takeable)
    label = ngettext("Collect %(num)d item", "Collect all %(num)d items", len(takeable))
    return CollectForm(tuple(names), store.character.id, secrets.token_urlsafe(16), label, _staying(staying))


def _staying(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(num)d item has to be collected in the game.", "%(num)d items have to be collected in the game.", count
    )


def _can_be_taken(owned: OwnedItem) -> bool:
    """The game refuses to pull what opens or changes by being pulled, and nobody knows where an unknown item goes."""
    known = owned.definition
    return known is not None and bool(known.bucket_hash) and not known.pull_has_side_effects
