"""What was found at the vendors -> their pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from flask_babel import gettext, ngettext

from app.bungie.errors import GrantRevoked, NotFound, TokenRefused
from app.inventory.definitions import NamedDefinition
from app.inventory.references import VendorDefinition
from app.inventory.vendors import XUR, on_shelves
from app.main import words
from app.main.present import Context, Presenter, freshness
from app.main.present_search import SearchView, search_view
from app.main.vendors import words as vendor_words
from app.main.vendors.addresses import PATH, address, carried, words_address
from app.main.vendors.sales import SalePresenter
from app.main.vendors.viewmodels import (
    EmptyView,
    PlaceView,
    ScreenView,
    ShelfView,
    StandView,
    ToggleView,
    VendorPage,
    VendorsPage,
)
from app.main.viewmodels import CharacterView, FreshnessView
from app.services.search import Found
from app.services.vendors.offers import Offer, Stand
from app.services.vendors.service import VendorsFound
from app.web.notices import NoticeView, notice_for

# So many offers of each vendor stand on the page of all, and so many of all that were found; the rest is a step away.
_MOST_OF_ALL = 6
_MOST_FOUND, _MOST_FOUND_TOGETHER = 24, 240
_PAGE_SIZE = 120
_ELSEWHERE = "elsewhere"
_GROUPS = "DestinyVendorGroupDefinition"


class VendorPresenter(Presenter):
    def __init__(self, found: VendorsFound, context: Context) -> None:
        super().__init__(found.vault, context)
        self._found = found
        self._asked = found.asked
        self._known = found.definitions
        purse = found.market.purse
        self._sales = SalePresenter(found.definitions, context.picture, None if purse is None else dict(purse))

    def every(self) -> VendorsPage:
        """All vendors, or what a search found of them."""
        placed = {each for group in self._found.market.groups for each in group.vendor_hashes}
        loose = [each for each in self._found.stands if each.vendor.hash not in placed]
        room = _Room(_MOST_FOUND_TOGETHER)
        places = list(self._places(room))
        if self._asked.narrows and loose:
            stands = tuple(self._stand(each, room.take(len(each.offers))) for each in loose)
            places.append(PlaceView(_ELSEWHERE, gettext("Elsewhere"), stands))
        return VendorsPage(
            notices=self._all_notices(),
            freshness=self._stock_age(),
            characters=self._switch(),
            character_id=self._character_id(),
            notes=tuple(self._notes()),
            places=tuple(each for each in places if each.stands),
            screens=() if self._asked.narrows else self._screens(loose),
            toggle=self._toggle(),
            empty=self._empty(),
        )

    def one(self, number: int) -> VendorPage:
        """One vendor, its offers a page at a time; a page beyond the last is the last."""
        vendor_hash = self._asked.vendor_hash
        known = self._definition(vendor_hash)
        stand = None if self._found.is_away else next(iter(self._found.stands), None)
        total = len(stand.offers) if stand else 0
        pages = max(1, -(-total // _PAGE_SIZE))
        number = min(number, pages)
        text = gettext("Page %(number)s of %(pages)s", number=number, pages=pages) if pages > 1 else ""
        return VendorPage(
            notices=self._all_notices(),
            freshness=self._stock_age(),
            characters=self._switch(),
            character_id=self._character_id(),
            notes=tuple(self._notes_of_one()),
            title=self._name(vendor_hash),
            subtitle=known.subtitle if known else "",
            description=known.description if known else "",
            portrait_url=self._context.picture((known.large_icon or known.icon) if known else ""),
            way_back=address(replace(self._asked, text="")),
            stand=self._whole_stand(stand, number) if stand else None,
            toggle=self._toggle(),
            empty=self._empty(),
            page_text=text,
            earlier=address(self._asked, vendor_hash, number - 1) if number > 1 else "",
            later=address(self._asked, vendor_hash, number + 1) if number < pages else "",
        )

    # --- what stands around -------------------------------------------------------------------------------------

    def _all_notices(self) -> tuple[NoticeView, ...]:
        trouble = self._found.stock.trouble
        if trouble is None or self._found.vault.trouble is not None or self._is_told_calmly():
            return self._notices
        notice = notice_for(trouble, self._context.sign_in_url)
        if isinstance(trouble, GrantRevoked | TokenRefused):
            text = gettext("Our permission may have ended, or may not include vendors. Connecting again renews it.")
            notice = replace(notice, title=gettext("Bungie.net does not let us see the vendors"), text=text)
        elif isinstance(trouble, NotFound):
            notice = replace(notice, title=gettext("Bungie.net does not find the vendors of this character"), text="")
        elif self._found.stock.kept is None:
            text = gettext("So we do not know what vendors sell. Your own items are on the other pages as always.")
            notice = replace(notice, text=text)
        return (*self._notices, notice)

    def _is_told_calmly(self) -> bool:
        return bool(self._asked.vendor_hash) and self._found.is_away

    def _stock_age(self) -> FreshnessView | None:
        fetched = None if self._found.is_away else self._found.fetched_at
        return freshness(fetched, self._context.now) if fetched else None

    def _character_id(self) -> str:
        return self._found.character.id if self._found.character else ""

    def _switch(self) -> tuple[CharacterView, ...]:
        return tuple(
            replace(each, href=address(replace(self._asked, character_id=each.id), self._asked.vendor_hash))
            for each in self._characters()
        )

    def _notes(self) -> Iterator[str]:
        market, kept = self._found.market, self._found.stock.kept
        yield from _missing(market.missing)
        is_here = XUR in market.vendors and market.vendors[XUR].is_here
        if kept and not is_here and "vendors" not in market.missing and not self._asked.narrows:
            yield vendor_words.xur_is_away(self._context.now)

    def _notes_of_one(self) -> Iterator[str]:
        yield from _missing(self._found.market.missing)
        if self._found.is_away and self._asked.vendor_hash == XUR:
            yield vendor_words.xur_is_away(self._context.now)

    def _toggle(self) -> ToggleView | None:
        """Where there is nothing, there is nothing to leave out."""
        if not (self._found.total or self._asked.lacking):
            return None
        other = replace(self._asked, lacking=not self._asked.lacking)
        label = gettext("Also what you have") if self._asked.lacking else gettext("Only what you have not got yet")
        return ToggleView(label, address(other, self._asked.vendor_hash), self._asked.lacking)

    def _empty(self) -> EmptyView | None:
        if self._found.character is None:
            return EmptyView(
                gettext("No characters"), gettext("Vendors sell to characters, and Bungie lists none of yours.")
            )
        if self._found.is_away:
            text = gettext("Who is away sells nothing. What was on sale the last time may be different the next time.")
            return EmptyView(gettext("Not here now"), text)
        if self._found.total:
            return None
        if self._asked.narrows:
            return EmptyView(gettext("Nothing found here"), gettext("Nothing that is on sale now fits this."))
        if self._found.stock.kept is None:
            return EmptyView(gettext("Nothing to show yet"), gettext("Come back in a minute: then we ask again."))
        return EmptyView(gettext("Nothing on sale"), gettext("Bungie lists no offers for this character."))

    # --- vendors -------------------------------------------------------------------------------------------------

    def _places(self, room: _Room) -> Iterator[PlaceView]:
        by_hash = {each.vendor.hash: each for each in self._found.stands}
        known = {each.hash: each for each in self._known.every_named(_GROUPS)}
        last = NamedDefinition(0, number=len(known))
        for group in sorted(self._found.market.groups, key=lambda each: known.get(each.hash, last).number):
            title = known.get(group.hash, last).name or gettext("Other vendors")
            stands = [by_hash.pop(each) for each in group.vendor_hashes if each in by_hash]
            shown = tuple(self._stand(each, room.take(len(each.offers))) for each in stands)
            yield PlaceView(f"place-{group.hash}", title, shown)

    def _stand(self, stand: Stand, room: int) -> StandView:
        """What of a vendor stands on the page of all."""
        most = min(room, _MOST_FOUND) if self._asked.narrows else _MOST_OF_ALL
        shown = _in_order(stand)[:most]
        href = address(self._asked, stand.vendor.hash)
        view = self._frame(
            stand, href, [ShelfView("", self._sales.make_all(shown, self._definition(stand.vendor.hash)))]
        )
        left = len(stand.offers) - len(shown)
        more = ngettext("%(num)d more offer", "%(num)d more offers", left) if left else ""
        return replace(view, more=more, more_href=href)

    def _whole_stand(self, stand: Stand, number: int) -> StandView:
        """A page of a vendor's offers under their headings."""
        known = self._definition(stand.vendor.hash)
        shown = _in_order(stand)[(number - 1) * _PAGE_SIZE : number * _PAGE_SIZE]
        views = dict(zip((each.key for each in shown), self._sales.make_all(shown, known), strict=True))
        by_number = {each.sale.number: views[each.key] for each in shown}
        shelves = []
        for heading, sales in on_shelves(stand.vendor):
            on_it = tuple(by_number.pop(each.number) for each in sales if each.number in by_number)
            if on_it:
                shelves.append(ShelfView(_heading(known, heading), on_it))
        return self._frame(stand, address(self._asked, stand.vendor.hash), shelves)

    def _frame(self, stand: Stand, href: str, shelves: Iterable[ShelfView]) -> StandView:
        vendor, known = stand.vendor, self._definition(stand.vendor.hash)
        found, count = len(stand.offers), stand.count
        return StandView(
            hash=vendor.hash,
            name=self._name(vendor.hash),
            subtitle=known.subtitle if known else "",
            icon_url=self._context.picture(known.icon if known else ""),
            href=href,
            count_text=vendor_words.offers(count) if found == count else words.count_text(found, count),
            refresh=vendor_words.refresh(vendor.refresh_at, self._context.now),
            refresh_iso=vendor.refresh_at,
            rank=vendor_words.rank(vendor.level, vendor.level_cap),
            shelves=tuple(shelves),
        )

    def _screens(self, loose: Iterable[Stand]) -> tuple[ScreenView, ...]:
        found = [self._screen(each) for each in loose if each.offers]
        return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.hint)))

    def _screen(self, stand: Stand) -> ScreenView:
        known = self._definition(stand.vendor.hash)
        first = stand.offers[0].goods.definition
        hint = (known.subtitle if known else "") or (first.name if first else "")
        name, href = self._name(stand.vendor.hash), address(self._asked, stand.vendor.hash)
        return ScreenView(name, hint if hint != name else "", vendor_words.offers(stand.count), href)

    def _definition(self, vendor_hash: int) -> VendorDefinition | None:
        return self._known.find(VendorDefinition, vendor_hash)

    def _name(self, vendor_hash: int) -> str:
        known = self._definition(vendor_hash)
        if known and known.name:
            return known.name
        if known and known.redacted:
            return gettext("Classified")
        return gettext("Unknown vendor %(hash)s", hash=vendor_hash)


class _Room:
    """How many more offers a page of finds has room for."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int) -> int:
        taken = min(count, self.left, _MOST_FOUND)
        self.left -= taken
        return taken


class _Ask(NamedTuple):
    action: str
    kept: dict[str, str]


def vendor_search(found: VendorsFound) -> SearchView:
    """The search box over what is for sale."""
    asked = found.asked
    ask = _Ask(f"{PATH}/{asked.vendor_hash}" if asked.vendor_hash else PATH, carried(asked))
    counts = {"vendors": found.total}
    view = search_view(Found(found.vault, found.vault.inventory, asked.text, found.error, counts), (), ask.action)
    total = found.total
    return replace(
        view,
        summary=ngettext("%(num)d offer found.", "%(num)d offers found.", total) if view.summary else "",
        carried=tuple(ask.kept.items()),
        is_of_own=False,
        words_href=words_address(asked),
        everything=address(replace(asked, text=""), asked.vendor_hash),
    )


def _in_order(stand: Stand) -> list[Offer]:
    by_number = {each.sale.number: each for each in stand.offers}
    numbers = (sale.number for _, sales in on_shelves(stand.vendor) for sale in sales)
    return [by_number.pop(each) for each in numbers if each in by_number]


def _heading(known: VendorDefinition | None, number: int) -> str:
    return known.shelves[number] if known and 0 <= number < len(known.shelves) else ""


def _missing(components: Iterable[str]) -> Iterator[str]:
    told = {
        "vendors": gettext("Bungie did not say who is here and when the offers change."),
        "sales": gettext("Bungie did not send what is for sale."),
    }
    told["vendor"] = told["vendors"]
    return (told[each] for each in sorted(components) if each in told)
