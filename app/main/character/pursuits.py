"""Quests and bounties: which step, how far, and until when. The tracked ones first, then what runs out soonest."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from app.inventory.arrange import OwnedItem, Section
from app.inventory.definitions import ItemDefinition
from app.inventory.items import ItemState
from app.inventory.layout import Layout
from app.inventory.telling.objectives import are_complete, expiry_of, step_of
from app.main import words
from app.main.character.viewmodels import PursuitHeap, PursuitView
from app.main.item.progress import PURSUITS, line_of
from app.main.present_layout import titled_heaps
from app.main.tiles import TileMaker
from app.services.characters import CharacterDetails

_NEVER = "9999"


class PursuitPresenter:
    def __init__(self, told: CharacterDetails, tiles: TileMaker, now: datetime) -> None:
        self._told = told
        self._tiles = tiles
        self._now = now

    def of(self, section: Section, layout: Layout) -> tuple[PursuitHeap, ...]:
        """As the section has them where somebody has chosen an order; in heaps where somebody wants groups."""
        items = section.items if layout.order else tuple(sorted(section.items, key=self._urgency))
        found = titled_heaps(items, layout.group) or (("", items),)
        return tuple(
            PursuitHeap(title, words.number(len(heap)), tuple(map(self._pursuit, heap))) for title, heap in found
        )

    def _pursuit(self, owned: OwnedItem) -> PursuitView:
        item, known = owned.item, owned.definition or ItemDefinition(owned.item.hash)
        objectives = self._told.progress.get(item)
        found = (line_of(each, self._told.definitions) for each in objectives or ())
        is_told = objectives is not None or not (known.objective_hashes and known.item_type in PURSUITS)
        return PursuitView(
            tile=self._tiles.make(owned),
            about=self._step(known) or known.description,
            lines=tuple(line for line in found if line),
            expiry=self._expiry(owned),
            note="" if is_told else gettext("Bungie did not send how far this is."),
            is_tracked=item.has(ItemState.TRACKED),
            is_complete=are_complete(objectives),
        )

    def _step(self, known: ItemDefinition) -> str:
        quest = self._told.definitions.item(known.quest_hash) if known.quest_hash else None
        place = step_of(known.hash, known.quest_steps or (quest.quest_steps if quest else ()))
        if place is None:
            return ""
        step = gettext("Step %(number)s of %(count)s", number=place[0], count=place[1])
        return f"{known.quest_line}: {step}" if known.quest_line and known.quest_line != known.name else step

    def _expiry(self, owned: OwnedItem) -> str:
        ends = self._ends(owned)
        return " ".join(words.expiry(datetime.fromisoformat(ends), self._now)) if ends else ""

    def _ends(self, owned: OwnedItem) -> str:
        return expiry_of(owned.item, owned.definition, self._told.progress.get(owned.item))

    def _urgency(self, owned: OwnedItem) -> tuple[bool, str, str]:
        name = owned.definition.name if owned.definition else ""
        return (not owned.item.has(ItemState.TRACKED), self._ends(owned) or _NEVER, name)
