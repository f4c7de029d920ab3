"""Keywords of the language that are understood but not answered, each with the reason."""

from __future__ import annotations

from app.inventory.search.keyword import Chapter, Form, Unanswered
from app.inventory.search.keywords.copies import CUSTOM_TOTALS
from app.inventory.sentences import N_

_FOCUSING = N_("Bungie's data does not tie what a vendor focuses to what comes out of it.")
_GONE = N_("The game no longer has it: nothing is limited in power any more.")
_FIRST = N_("It is about the first Destiny, which this site does not show.")


def _all(reason: str, form: Form, *names: str) -> tuple[Unanswered, ...]:
    return tuple(Unanswered(name, form, reason) for name in names)


CHAPTERS = (
    Chapter("unanswered", N_("Understood, but not answered yet"), (
        *_all(_FOCUSING, Form.FLAG, "focusable"),
        *_all(_GONE, Form.FLAG, "sunset"),
        *_all(_GONE, Form.RANGE, "powerlimit"),
        *_all(CUSTOM_TOTALS, Form.FLAG, "customstatlower"),
        *_all(_FIRST, Form.FLAG, "sublime", "upgraded", "complete", "incomplete", "xpcomplete", "xpincomplete",
              "needsxp", "ascended", "unascended", "untracked", "reforgeable", "reforge", "rerollable", "reroll",
              "intellect", "discipline", "strength", "glimmeritem", "glimmerboost", "glimmersupply", "ornamentable",
              "ornamentmissing", "ornamentunlocked", "engram"),
        *_all(_FIRST, Form.RANGE, "quality", "percentage", "level"),
    )),
)  # fmt: skip
