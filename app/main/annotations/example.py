"""Made-up tags, notes, labels and changes for the style guide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.inventory.annotations.files import Content, Fault
from app.inventory.annotations.marks import COLOURS, USUAL, Annotation, Annotations, Label, Why
from app.inventory.annotations.merge import Row, Summary
from app.main.annotations.presenters import tag_panel, tags_page
from app.main.annotations.viewmodels import TagPanel, TagsPage
from app.services.annotations.book import IMPORT, NOTE, TAG, Step
from app.services.annotations.imports import Waiting
from app.services.annotations.service import Told

_MOMENT = datetime(2026, 6, 9, 19, 41, tzinfo=UTC)
_ITEM, _ACE = "6917529034000000001", 347366834
_LABELS = tuple(Label(f"Label {number}", colour) for number, colour in enumerate(COLOURS, 1))
_NOTES = "For #pvp and #gambit, gift of Ikora"
_SAID = Annotations(
    {_ITEM: Annotation("keep", _NOTES, _ACE)}
    | {str(number): Annotation(tag) for number, tag in enumerate((*USUAL, *(each.name for each in _LABELS)), 1)},
    _LABELS,
)


def tag_panel_example() -> TagPanel:
    return tag_panel(_SAID, _ITEM, "#main")


def tags_example() -> TagsPage:
    """The parts of the page about tags, in every state."""
    tagged = Step(_ITEM, _ACE, "", "keep", "", "")
    noted = tagged._replace(tag_before="keep", notes_after=_NOTES * 4)
    history = (
        Told(3, IMPORT, 12, (tagged, noted), _MOMENT),
        Told(2, NOTE, 1, (noted,), _MOMENT - timedelta(minutes=5)),
        Told(1, TAG, 1, (tagged,), _MOMENT - timedelta(days=3), _MOMENT),
    )
    rows = (Row(1, _ITEM, _ACE, "junk", "", _MOMENT.isoformat()),)
    waiting = Waiting(Content(rows, (Fault(2, Why.NO_ITEM, "?"),)), Summary(7, 2, 1, 30, 4), _MOMENT)
    return tags_page(_SAID, history, {_ACE: "Ace of Spades"}, waiting, _MOMENT)
