"""What the pages of tags and notes are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class TagChoice(NamedTuple):
    """A tag as a button. `look` is the class that paints it; `colour` is that of a label, "" for the usual ones."""

    value: str
    name: str
    look: str
    colour: str
    is_chosen: bool


class TagPanel(NamedTuple):
    """Tag and note of one item, with the forms that change them. `item` is its id, or its hash; `back` its page.

    `look` and `spoken` are what its tile shows and says of the tag.
    """

    item: str
    tag: str
    look: str
    spoken: str
    usual: tuple[TagChoice, ...]
    labels: tuple[TagChoice, ...]
    notes: str
    most_notes: int
    back: str


class TagCount(NamedTuple):
    """How many items carry a tag, and the search that shows them."""

    choice: TagChoice
    number: str
    href: str


class StepLine(NamedTuple):
    """One item of a change: what it is called, its page, and before and after in words."""

    name: str
    href: str
    before: str
    after: str


class ChangeLine(NamedTuple):
    """One change. `id` 0 where it cannot be taken back."""

    id: int
    title: str
    when: str
    iso: str
    is_undone: bool
    steps: tuple[StepLine, ...]
    more: str  # "and 12 more", or ""


class FaultLine(NamedTuple):
    place: str
    text: str


class NumberLine(NamedTuple):
    label: str
    value: str


class ImportView(NamedTuple):
    """A file that waits: its numbers, what was passed over, and whether both sides say different things."""

    numbers: tuple[NumberLine, ...]
    faults: tuple[FaultLine, ...]
    has_conflicts: bool
    has_dates: bool


class SearchTag(NamedTuple):
    """What a search finds, to be tagged at once. `found` is a sentence; without finds there are no `choices`."""

    text: str
    found: str
    choices: tuple[TagChoice, ...]


@dataclass(frozen=True, slots=True)
class TagsPage:
    """`search` is what somebody came to tag. `labels` are the player's own; `colours` they can have (key, name)."""

    counts: tuple[TagCount, ...]
    labels: tuple[TagCount, ...]
    noted: str
    noted_href: str
    hashtags: tuple[TagCount, ...]
    colours: tuple[tuple[str, str], ...]
    most_label: int
    changes: tuple[ChangeLine, ...]
    waiting: ImportView | None
    search: SearchTag | None
    most_bytes: str
