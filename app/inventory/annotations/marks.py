"""Tags and notes as values, and what text may become one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from app.inventory.items import Item

USUAL = ("favorite", "keep", "infuse", "junk", "archive")
NO_TAG = "none"  # how "no tag" is written where something has to be
COLOURS = ("red", "orange", "yellow", "green", "teal", "blue", "violet", "pink")
PLAIN_COLOUR = "blue"
MOST_NOTES, MOST_LABEL, MOST_LABELS = 1024, 24, 30

# Whatever is typed together with a number sign; in the middle of a word it is none.
_HASHTAG = re.compile(r"(?<![\w#])#[\w-]{1,64}")
# A label must be writable in a search and on a button.
_NOT_IN_LABELS = re.compile(r'[\s"\'()<>:#]+')
_ID, _HASH = re.compile(r"[0-9]{11,20}"), re.compile(r"[1-9][0-9]{0,9}")
_MOST_HASH = 2**32


class Why(StrEnum):
    """What keeps a text from being a note, a tag or a row of a file."""

    TOO_LONG = "too long"
    NO_NAME = "no name"
    NAME_TOO_LONG = "name too long"
    IS_USUAL = "is usual"
    IS_THERE = "is there"
    TOO_MANY = "too many"
    NO_COLOUR = "no colour"
    NO_ITEM = "no item"
    NOTHING_SAID = "nothing said"
    NOT_READABLE = "not readable"


class Unfit(Exception):
    """A text that cannot be kept as what it was meant to be."""

    def __init__(self, why: Why, text: str = "") -> None:
        super().__init__(text)
        self.why = why
        self.text = text


class Annotation(NamedTuple):
    """What is said of one item. `tag` is a usual one, a label's name or ""; `changed_at` is ISO-8601 in UTC."""

    tag: str = ""
    notes: str = ""
    item_hash: int = 0
    changed_at: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.tag or self.notes)


class Label(NamedTuple):
    """A tag of one's own; `colour` is one of COLOURS."""

    name: str
    colour: str


_NOTHING = Annotation()


@dataclass(frozen=True)
class Annotations:
    """Everything that one player says of their items, by key. Made once and shared: nobody changes it."""

    by_key: Mapping[str, Annotation] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()

    def of(self, item: Item) -> Annotation:
        return self.by_key.get(item.instance_id or str(item.hash), _NOTHING)

    @cached_property
    def tags(self) -> Mapping[str, str]:
        """The tag by key, of those that have one."""
        return {key: each.tag for key, each in self.by_key.items() if each.tag}

    @cached_property
    def hashtags(self) -> tuple[str, ...]:
        """Every #hashtag of the notes, as first written, in alphabetical order."""
        found: dict[str, str] = {}
        for each in self.by_key.values():
            for word in hashtags(each.notes):
                found.setdefault(word.casefold(), word)
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def every_tag(self) -> tuple[str, ...]:
        """What an item can be tagged as: the usual ones, then the labels."""
        return (*USUAL, *(label.name for label in self.labels))

    def tag_named(self, text: str) -> str | None:
        """The tag that a text means, whatever its case; "" for none, None for a tag that there is not."""
        wanted = text.strip().casefold()
        if wanted in {"", NO_TAG}:
            return ""
        return next((each for each in self.every_tag if each.casefold() == wanted), None)


UNMARKED = Annotations()


def key_of(item: Item) -> str:
    """A copy is itself; of what has no copies all are one."""
    return item.instance_id or str(item.hash)


def is_key(text: str) -> bool:
    """Whether a text can be an item's key at all."""
    return bool(_ID.fullmatch(text)) or (bool(_HASH.fullmatch(text)) and int(text) < _MOST_HASH)


def hashtags(notes: str) -> Iterator[str]:
    return (match[0] for match in _HASHTAG.finditer(notes))


def clean_notes(text: str) -> str:
    """A note as it is kept: lines end alike, nothing in it that no keyboard writes. Raises Unfit when too long."""
    plain = "".join(map(_printable, text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if len(plain) > MOST_NOTES:
        raise Unfit(Why.TOO_LONG, plain[:40])
    return plain


def clean_label(text: str) -> str:
    """The name of a label as it is kept. Raises Unfit for what is no name, too long, or means a usual tag."""
    if len(text) > MOST_NOTES:
        raise Unfit(Why.NAME_TOO_LONG, text[:MOST_LABEL])
    name = _NOT_IN_LABELS.sub(" ", unicodedata.normalize("NFC", clean_notes(text))).strip()
    if not name:
        raise Unfit(Why.NO_NAME, text[:MOST_LABEL])
    if len(name) > MOST_LABEL:
        raise Unfit(Why.NAME_TOO_LONG, name[:MOST_LABEL])
    if name.casefold() in {*USUAL, NO_TAG}:
        raise Unfit(Why.IS_USUAL, name)
    return name


def rank_of(tag: str) -> tuple[int, str]:
    """Where a tag stands among others: the usual ones in their order, then labels by name, then none."""
    if not tag:
        return (len(USUAL) + 1, "")
    return (USUAL.index(tag), "") if tag in USUAL else (len(USUAL), tag.casefold())


def _printable(letter: str) -> str:
    is_kept = letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"}
    return letter if is_kept else ""
