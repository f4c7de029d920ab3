"""Keywords of the language that are understood but not answered, each with the reason."""

from __future__ import annotations

from app.inventory.search.keyword import Chapter, Form, Unanswered
from app.inventory.sentences import N_

_READY = N_("The game's data does not say which level a weapon needs for its next step.")
_FOCUSING = N_("Bungie's data does not tie what a vendor focuses to what comes out of it.")
_REWARDS = N_("Bungie's data does not say how strong a reward is.")
_GONE = N_("The game no longer has it: nothing is limited in power any more.")
_FIRST = N_("It is about the first Destiny, which this site does not show.")
_CUSTOM = N_("It needs stat totals of your own, which are not part of this site yet.")


def _all(reason: str, form: Form, *names: str) -> tuple[Unanswered, ...]:
    return tuple(Unanswered(name, form, reason) for name in names)


CHAPTERS = (
    Chapter("unanswered", N_("Understood, but not answered yet"), (
        *_all(_READY, Form.FLAG, "enhancementready"),
        *_all(_FOCUSING, Form.FLAG, "focusable"),
        *_all(_REWARDS, Form.FLAG, "powerfulreward", "pinnaclereward"),
        *_all(_GONE, Form.FLAG, "sunset"),
        *_all(_GONE, Form.RANGE, "powerlimit"),
        *_all(_CUSTOM, Form.FLAG, "customstatlower"),
        *_all(_FIRST, Form.FLAG, "sublime", "upgraded", "complete", "incomplete", "xpcomplete", "xpincomplete",
              "needsxp", "ascended", "unascended", "untracked", "reforgeable", "reforge", "rerollable", "reroll",
              "intellect", "discipline", "strength", "glimmeritem", "glimmerboost", "glimmersupply", "ornamentable",
              "ornamentmissing", "ornamentunlocked", "engram"),
        *_all(_FIRST, Form.RANGE, "quality", "percentage", "level"),
    )),
)  # fmt: skip
