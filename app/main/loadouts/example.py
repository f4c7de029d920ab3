"""Made-up loadouts in every state, for the style guide."""

from __future__ import annotations

from app.main.loadouts import viewmodels as views

_PLUG = views.PlugView("Radar Booster", "")
_BOW = views.PieceView(
    "1", 1, "A bow", "Combat Bow", "#main", "", "exotic", "Titan, equipped", "",
    is_worn=True, is_missing=False, plugs=(_PLUG, _PLUG),
)  # fmt: skip
_GONE = _BOW._replace(
    key="2", name="A helmet", kind="Helmet", rarity="legendary", where="Missing",
    note="A helmet: you do not have it any more.", is_worn=False, is_missing=True, plugs=(),
)  # fmt: skip
_NAMES = (views.ChoiceView(1, "Raid", is_chosen=True), views.ChoiceView(2, "Duels", is_chosen=False))


class LoadoutExample:
    """Each part once, in its states."""

    public_id = "0123456789abcdef"
    cards = (
        views.CardView("#main", "Raid night", ("raid", "gm"), (_BOW, _BOW), 3, "Everything is there.", "good"),
        views.CardView("#main", "Duels", (), (_BOW, _GONE), 0, "1 problem", "bad"),
    )
    pieces = (_BOW, _GONE)
    held = (views.HolderLine("Raid night", "#main", "Titan"), views.HolderLine("Duels", "#main", "In the game, Titan"))
    findings = ("A helmet: you do not have it any more. You have 2 other copies.",)
    targets = (views.TargetView("1", "Titan"), views.TargetView("2", "Titan"))
    slots = (
        views.SlotView(0, 1, "1. Raid", "", "", "Everything is on this character.", is_used=True, is_broken=False,
                       findings=(), pieces=(_BOW,), names=_NAMES, icons=(), colors=()),
        views.SlotView(1, 2, "2. Duels", "", "", "1 piece does not exist any more.", is_used=True, is_broken=True,
                       findings=("A bow: only one exotic of a kind can be worn.",),
                       pieces=(_BOW, _GONE), names=_NAMES, icons=(), colors=()),
        views.SlotView(2, 3, "Loadout 3", "", "", "Empty.", is_used=False, is_broken=False,
                       findings=(), pieces=(), names=_NAMES, icons=(), colors=()),
    )  # fmt: skip
