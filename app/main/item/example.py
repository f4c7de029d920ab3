"""A made-up item that has everything an item can have: what the style guide shows."""

from __future__ import annotations

from app.main.annotations.example import tag_panel_example
from app.main.item import viewmodels as views
from app.main.viewmodels import TileView

_TEXT = "Defeating targets with this weapon makes the next few shots steadier."


def item_example(tile: TileView) -> views.ItemPage:
    return views.ItemPage(
        notices=(), freshness=None, tile=tile, subtitle="Exotic Hand Cannon", element_name="Kinetic",
        ammo_name="Primary", tier_pips=5, screenshot_url="", banner_url="", chips=("Locked", "Masterworked", "Crafted"),
        tagging=tag_panel_example(), moving=_moving(), place=views.Fact("Where", "Hunter, equipped", "#"),
        description="What the game says about it.",
        flavor="A line that somebody once said.", facts=(views.Fact("Season", "27 · Reclamation"),), stats=_stats(),
        frames=(_plug("Adaptive Frame", "Intrinsic", "is-perk is-chosen"),), columns=_columns(),
        groups=(views.PlugGroup("Mods", (_plug("Counterbalance Stock", "Mod", "", "1 energy"),), "1 empty socket"),),
        looks=(_plug("Gold Leaf", "Shader", ""),),
        rolls=(views.PerkColumn("Trait", (
            _plug("Outlaw", "Trait", "is-perk is-chosen", "this copy has it"),
            _plug("Rampage", "Trait", "is-perk is-enhanced", "enhanced"),
            _plug("Firefly", "Trait", "is-perk is-retired", "no longer drops"),
        )),),
        sockets_note="What is said when perks were not sent.", progress=_progress(),
        rewards=(views.RewardLine("Glimmer", "2,000", ""), views.RewardLine("Enhancement Core", "", "")), set=_set(),
        copies=(views.CopyLine(tile.name, "#", "Vault", "1,790", "", "Locked"),),
        lore=views.LoreView("A story", "As it is told", ("First it began.", "Then it went on.")),
        ids=(views.Fact("Item hash", "347366834"),), gaps=("What is said when something was not sent.",),
    )  # fmt: skip


def _moving() -> views.MovePanel:
    places = (views.MoveButton("1", "Titan", "#"), views.MoveButton("vault", "Vault", "#"))
    forms = (
        views.MoveForm("Move", "2", 200, "0", "example-1", places),
        views.MoveForm("Wear", "2", 0, "1", "example-2", places[:1]),
    )
    return views.MovePanel("1", forms, (views.FlagForm("#", "locked", "0", "Unlock"),))


def _plug(name: str, type_name: str, look: str, *marks: str) -> views.PlugView:
    return views.PlugView(1, name, type_name, _TEXT, "", look, marks)


def _columns() -> tuple[views.PerkColumn, ...]:
    return (
        views.PerkColumn("Barrel", (_plug("Smallbore", "Barrel", "is-perk is-chosen"),)),
        views.PerkColumn("Trait", (
            _plug("Outlaw", "Trait", "is-perk is-chosen is-enhanced", "enhanced"),
            _plug("Rampage", "Trait", "is-perk"),
        )),
        views.PerkColumn("Trait", (_plug("Firefly", "Trait", "is-perk is-chosen is-off", "not active now"),)),
    )  # fmt: skip


def _stats() -> views.StatsView:
    parts = (
        views.PartLine("+10", "Smallbore", "perk"), views.PartLine("+10", "Counterbalance Stock", "mod"),
        views.PartLine("+7", "Masterwork", "masterwork"), views.PartLine("\u22125", "Steady Rounds", "loss"),
    )  # fmt: skip
    pieces = (("base", 0, 45), ("perk", 45, 10), ("mod", 55, 10), ("masterwork", 65, 7), ("loss", 72, 5))
    segments = tuple(views.Segment(*piece) for piece in pieces)
    return views.StatsView(
        lines=(
            views.StatLine("Range", "72", segments, "50", parts),
            views.StatLine("Stability", "40", (views.Segment("base", 0, 40),), "", ()),
            views.StatLine("Magazine", "13", (), "", ()),
        ),
        total="125", base_total="103", has_parts=True, note="What is said when numbers were not sent.",
    )  # fmt: skip


def _progress() -> tuple[views.ProgressGroup, ...]:
    lines = (
        views.ObjectiveLine("Targets defeated", "12 of 50", 24, is_complete=False),
        views.ObjectiveLine("Bosses defeated", "3 of 3", 100, is_complete=True),
        views.ObjectiveLine("Return to the Tower", "open", -1, is_complete=False),
    )
    return (views.ProgressGroup("A Long Road", "Step 2 of 5", lines, "", "What the step asks for."),)


def _set() -> views.SetView:
    perks = (
        views.SetPerkLine("Sure Footing", _TEXT, "2 pieces", is_active=True),
        views.SetPerkLine("Steady Aim", _TEXT, "4 pieces", is_active=False),
    )
    return views.SetView("Wayfarer's Set", "Hunter wears 2 pieces.", perks)
