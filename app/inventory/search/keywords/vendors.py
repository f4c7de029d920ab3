"""What vendors sell: answered on the pages of vendors, where a search looks at offers instead of what is owned."""

from __future__ import annotations

from app.inventory.search.facts import Collection, Subject
from app.inventory.search.keyword import Chapter, asking
from app.inventory.sentences import N_


def _is_for_sale(facts: Collection, _subject: Subject) -> bool:
    return facts.own.is_market


def _is_in_inventory(facts: Collection, subject: Subject) -> bool:
    return not facts.own.is_market or subject.item.hash in facts.own.owned()


CHAPTERS = (
    Chapter("vendors", N_("At vendors"), (
        asking("vendor", N_("What vendors sell: everything on the pages of vendors, nothing that you own."),
               _is_for_sale),
        asking("ininventory", N_("On the pages of vendors: what you have a copy of. Everywhere else: everything."),
               _is_in_inventory),
    ), "/vendors"),
)  # fmt: skip
