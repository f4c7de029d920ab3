"""A made-up vendor in every state, for the style guide."""

from __future__ import annotations

from app.main.item.viewmodels import StatLine
from app.main.vendors.viewmodels import CostView, PerkView, SaleView, ScreenView, ShelfView, StandView, ToggleView
from app.main.viewmodels import TileView


class VendorExample:
    """Each part once, in its states. `tile` is drawn, not closed: as tiles come from `drawn_tiles.draw`."""

    notes = ("Xûr is away. He usually comes on Friday at 17:00 UTC, in 3 days.",)
    toggles = (
        ToggleView("Only what you have not got yet", "#main", is_on=False),
        ToggleView("Also what you have", "#main", is_on=True),
    )
    screens = (ScreenView("Legacy Gear", "Exotic Archive", "46 offers", "#main"),)

    def __init__(self, tile: TileView) -> None:
        paid = CostView("Strange Coin", "17", "61", "", is_short=False)
        dear = CostView("Glimmer", "500,000", "431,250", "", is_short=True)
        perks = (PerkView("Outlaw", "", ""), PerkView("Rampage", "", "or Kill Clip, Swashbuckler"))
        stats = (StatLine("Range", "66", (), "", ()), StatLine("Stability", "37", (), "", ()))
        sales = (
            SaleView(tile, (paid,), "You have 2", ""),
            SaleView(tile, (dear, paid), "", "Requires Beyond Light"),
            SaleView(tile, (), "Collected", "You have it already"),
            SaleView(tile._replace(marks=("wish-up",)), (paid,), "", "", "on a wish list", perks, stats, "103"),
        )
        self.stand = StandView(
            hash=1, name="Banshee-44", subtitle="Gunsmith", icon_url="", href="#main", count_text="16 offers",
            refresh="New offers in 3 hours", refresh_iso="2026-06-10T17:00:00+00:00", rank="Rank 4 of 16",
            shelves=(ShelfView("Weapons", sales),), more="12 more offers", more_href="#main",
        )  # fmt: skip
