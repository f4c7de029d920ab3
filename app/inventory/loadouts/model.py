"""A loadout: what to wear, what to carry beside it, and which plugs belong in the sockets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

ANY_CLASS = 3
LONGEST_NAME = 64
LONGEST_NOTES = 2000
MOST_PIECES = 60
MOST_PLUGS = 40  # of one piece

_TAG = re.compile(r"#(\w[\w-]{0,40})")
_MOST_TAGS = 20


class Plug(NamedTuple):
    """`socket` counts from 0, in the order of the item's definition."""

    socket: int
    plug_hash: int


class Piece(NamedTuple):
    """One item. `instance_id` "" means any copy of it; the hash is kept too, so that a lost copy can be named."""

    item_hash: int
    instance_id: str = ""
    is_worn: bool = True
    plugs: tuple[Plug, ...] = ()

    @property
    def key(self) -> str:
        """Names a piece within its loadout."""
        return self.instance_id or str(self.item_hash)


@dataclass(frozen=True, slots=True)
class Build:
    """What a player means by a loadout. `class_type` is the class that can wear it, ANY_CLASS if that is open."""

    name: str
    class_type: int = ANY_CLASS
    notes: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The #hashtags of name and notes in lower case, without the sign, each once."""
        found = _TAG.findall(f"{self.name} {self.notes}".lower())
        return tuple(dict.fromkeys(found))[:_MOST_TAGS]

    def holds(self, text: str) -> bool:
        """Whether name or notes contain a text, in any case; "#raid" asks for the whole hashtag."""
        wanted = text.strip().lower()
        if wanted.startswith("#") and len(wanted) > 1:
            return wanted[1:] in self.tags
        return wanted in f"{self.name}\n{self.notes}".lower()


def clean_text(text: str, longest: int) -> str:
    """Without control characters, at most so long; line ends stay."""
    kept = "".join(each for each in text if each in "\n\t" or each.isprintable())
    return kept.strip()[:longest]


def tidy(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Each item once, and no more of anything than a loadout may hold."""
    found: dict[str, Piece] = {}
    for piece in pieces:
        found.setdefault(piece.key, piece._replace(plugs=tuple(_each_once(piece.plugs))[:MOST_PLUGS]))
    return tuple(found.values())[:MOST_PIECES]


def _each_once(plugs: Iterable[Plug]) -> Iterator[Plug]:
    return (Plug(*pair) for pair in sorted(dict(plugs).items()))
