"""Made-up parts of a character's page, for the style guide."""

from __future__ import annotations

from app.main.character import viewmodels as views
from app.main.item.viewmodels import ObjectiveLine
from app.main.viewmodels import GroupView, SectionView, TileView

_QUESTS = 1345459588
_PIECE = views.LoadoutPiece("A bow", "#main", "", "")


class CharacterExample:
    """Each part once, in its states."""

    power = views.PowerView(
        (
            views.TotalView("Best you can wear", "1812", "5/8", "One exotic weapon and one exotic piece of armor."),
            views.TotalView("Worn now", "1805", "", "What this character has on."),
        ),
        (
            views.SlotView("Helmet", "A helmet", "#main", "1815", "Vault", "1800", "", is_holding_back=False),
            views.SlotView("Gauntlets", "Some gauntlets", "#main", "1801", "", "", "A note.", is_holding_back=True),
        ),
        "Held back by Gauntlets: a drop there raises the total the most.",
    )
    loadouts = views.LoadoutsView(
        (
            views.LoadoutView("Raid", "", "", (_PIECE,), "Worn now.",
                              is_worn=True, is_broken=False),
            views.LoadoutView("Duels", "", "", (_PIECE._replace(where="Vault"),), "1 piece does not exist any more.",
                              is_worn=False, is_broken=True),
        ),
        "7 slots are free.",
    )  # fmt: skip
    collect = views.CollectForm(("1",), "1", "made-up-key", "Collect all 19 items", "2 items have to stay.")

    def __init__(self, tile: TileView) -> None:
        tiles = tuple(tile._replace(hash=tile.hash + number, instance_id="") for number in (400, 401))
        lines = (ObjectiveLine("Enemies defeated", "41 of 50", 82, is_complete=False),)
        section = SectionView(_QUESTS, "Quests", "2 of 63", 3, is_nearly_full=False, note="", equipped=(), tiles=tiles)
        self.quests = GroupView("quests", "Quests and bounties", (section,))
        first = views.PursuitView(tiles[0], "Step 2 of 6", lines, "", "", is_tracked=True, is_complete=False)
        done = first._replace(tile=tiles[1], expiry="Expires in 3 hours", is_tracked=False, is_complete=True)
        heaps = (views.PursuitHeap("Exotic quests", "1", (first,)), views.PursuitHeap("Bounties", "1", (done,)))
        self.pursuits = {_QUESTS: heaps}
