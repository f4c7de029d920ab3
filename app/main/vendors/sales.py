"""Offers -> their tiles with price, reason, rolls and what one has of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext

from app.inventory.definitions import Definitions
from app.inventory.references import VendorDefinition
from app.inventory.telling.anatomy import anatomy_of
from app.inventory.vendors import Sale
from app.main import words
from app.main.addresses import definition_address
from app.main.drawn_tiles import draw
from app.main.item.numbers import stats_view
from app.main.item.plugs import PlugPresenter
from app.main.item.viewmodels import PerkColumn, StatLine
from app.main.tiles import Picture, TileMaker
from app.main.vendors import words as vendor_words
from app.main.vendors.viewmodels import CostView, PerkView, SaleView
from app.main.viewmodels import TileView
from app.services.vendors.offers import Offer


class SalePresenter:
    """`purse` is how much of what the viewer can pay with, None where Bungie does not say."""

    def __init__(self, definitions: Definitions, picture: Picture, purse: dict[int, int] | None) -> None:
        self._definitions = definitions
        self._picture = picture
        self._purse = purse
        self._tiles = TileMaker(definitions, picture)

    def make_all(self, offers: Iterable[Offer], known: VendorDefinition | None) -> tuple[SaleView, ...]:
        wanted = tuple(offers)
        tiles = draw([self._tile(each) for each in wanted])
        return tuple(self._sale(each, tile, known) for each, tile in zip(wanted, tiles, strict=True))

    def _tile(self, offer: Offer) -> TileView:
        """It leads to the definition: nobody owns this copy."""
        tile = self._tiles.make(offer.goods)._replace(href=definition_address(offer.sale.item_hash))
        said = _wish_words(offer)
        if not said:
            return tile
        mark = "wish-down" if offer.wish and offer.wish.is_trash else "wish-up"
        return tile._replace(label=f"{tile.label}, {said}", marks=(mark,))

    def _sale(self, offer: Offer, tile: TileView, known: VendorDefinition | None) -> SaleView:
        perks, stats, total = self._roll(offer)
        return SaleView(
            tile=tile,
            costs=tuple(self._costs(offer.sale)),
            have=vendor_words.have(offer),
            reason=vendor_words.reason(offer.sale, known),
            wish=_wish_words(offer),
            perks=perks,
            stats=stats,
            total=total,
        )

    def _costs(self, sale: Sale) -> Iterator[CostView]:
        for cost in sale.costs:
            known = self._definitions.item(cost.item_hash)
            name = known.name if known and known.name else gettext("Unknown item %(hash)s", hash=cost.item_hash)
            icon = self._picture(known.icon) if known else ""
            owned = None if self._purse is None else self._purse.get(cost.item_hash, 0)
            yield CostView(
                name,
                words.number(cost.quantity),
                "" if owned is None else words.number(owned),
                icon,
                is_short=owned is not None and owned < cost.quantity,
            )

    def _roll(self, offer: Offer) -> tuple[tuple[PerkView, ...], tuple[StatLine, ...], str]:
        """Perks, numbers and their total of the very copy; nothing where it is not known."""
        definition, roll = offer.goods.definition, offer.roll
        if definition is None or roll is None or roll.details.sockets is None:
            return (), (), ""
        anatomy = anatomy_of(definition, roll.details, self._definitions)
        plugs = PlugPresenter(anatomy.sockets, self._definitions, self._picture).view()
        numbers = stats_view(anatomy, roll.details, self._definitions, definition.item_type)
        frames = (PerkView(each.name, each.icon_url, "") for each in plugs.frames)
        return (*frames, *map(_perk, plugs.columns)), numbers.lines, numbers.total


def _perk(column: PerkColumn) -> PerkView:
    chosen, *others = column.plugs
    names = ", ".join(each.name for each in others if each.name)
    return PerkView(chosen.name, chosen.icon_url, gettext("or %(names)s", names=names) if names else "")


def _wish_words(offer: Offer) -> str:
    if offer.wish is None:
        return ""
    return gettext("a wish list says to throw it away") if offer.wish.is_trash else gettext("on a wish list")
