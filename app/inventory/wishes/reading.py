"""Text -> rolls. A line that cannot be read is told and skipped; every other line counts.

    title:My list
    description:What it is for
    //notes:These notes hold for the lines below, until an empty line or another comment
    dimwishlist:item=1234&perks=11,12#notes:Good in Gambit|tags:pve

An item with a minus sign is one to throw away, -69420 stands for every item, a small number for a category of items.
Links to the pages of two old sites are read as well; they mean "one of these in every column".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.inventory.wishes.rolls import ANY_ITEM, Fault, LineFault, ReadList, Roll

MOST_LINES = 200_000
MOST_PERKS = 32
_LONGEST_LINE = 4_000
_LONGEST_NOTES = 600
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 120, 400
_HEAD_LINES = 20  # title and description stand here or nowhere
_FAULTS_TOLD = 50
_LARGEST_HASH = 2**32 - 1
_BEGINNING = 80

# What follows the perks: notes, tags for other programs behind a bar, or a remark.
_REST = r"\s*(?:#notes:([^|]*)(?:\|.*)?|[#|/].*)?"
_OWN = re.compile(rf"dimwishlist:item=(-?\d{{1,20}})(?:&perks=([\d,]*))?{_REST}", re.ASCII)
_LINKS = (
    re.compile(rf"https://banshee-44\.com/\?weapon=(\d{{1,20}})&socketEntries=([\d,]*){_REST}", re.ASCII),
    re.compile(
        rf"https://(?:www\.)?destinytracker\.com/destiny-2/db/items/(\d{{1,20}})[^#|]{{0,200}}?perks=([\d,]*){_REST}",
        re.ASCII,
    ),
)
_BLOCK_NOTES = "//notes:"


def read_list(text: str) -> ReadList:
    """Everything that a text says. Whatever it is, this ends in time that grows with its length, and raises nothing."""
    lines = text.removeprefix("\ufeff").split("\n", MOST_LINES)
    reader = _Reader()
    if len(lines) > MOST_LINES:
        reader.refuse(MOST_LINES + 1, Fault.TOO_MANY_LINES, "")
        lines.pop()
    for number, line in enumerate(lines, 1):
        reader.take(number, line.strip())
    return ReadList(reader.title, reader.description, tuple(reader.rolls), tuple(reader.faults), reader.fault_count)


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class _Reader:
    """Goes through the lines once. The same roll said twice counts once, as it was said first."""

    def __init__(self) -> None:
        self.title = self.description = ""
        self.rolls: list[Roll] = []
        self.faults: list[LineFault] = []
        self.fault_count = 0
        self._notes = ""
        self._said: set[tuple[int, frozenset[int], bool]] = set()

    def take(self, number: int, line: str) -> None:
        if line.startswith(("dimwishlist:", "https://")):
            self._take_roll(number, line)
        elif not line or line.startswith("//"):
            self._notes = _words(line.removeprefix(_BLOCK_NOTES)) if line.startswith(_BLOCK_NOTES) else ""
        elif line.startswith(("title:", "description:")):
            self._take_head(number, line)
        else:
            self.refuse(number, Fault.NOT_UNDERSTOOD, line)

    def refuse(self, number: int, fault: Fault, line: str) -> None:
        self.fault_count += 1
        if len(self.faults) < _FAULTS_TOLD:
            self.faults.append(LineFault(number, fault, line[:_BEGINNING]))

    def _take_head(self, number: int, line: str) -> None:
        name, _, rest = line.partition(":")
        if number > _HEAD_LINES:
            return  # of a list that was put into this one
        if name == "title":
            self.title = self.title or _words(rest)[:_LONGEST_TITLE]
        else:
            self.description = self.description or _words(rest)[:_LONGEST_DESCRIPTION]

    def _take_roll(self, number: int, line: str) -> None:
        try:
            roll = _roll(line, self._notes)
        except _Refused as refused:
            self.refuse(number, refused.fault, line)
            return
        same = (roll.item_hash, roll.perks, roll.each_column)
        if same not in self._said:
            self._said.add(same)
            self.rolls.append(roll)


def _roll(line: str, block_notes: str) -> Roll:
    if len(line) > _LONGEST_LINE:
        raise _Refused(Fault.TOO_LONG)
    found = _OWN.fullmatch(line)
    each_column = found is None
    found = found or next(filter(None, (pattern.fullmatch(line) for pattern in _LINKS)), None)
    if found is None:
        raise _Refused(Fault.NOT_UNDERSTOOD)
    item, perks = int(found[1]), _perks((found[2] or "").split(","))
    notes = _words(found[3] or "") or block_notes
    if item == ANY_ITEM and not perks:
        raise _Refused(Fault.EVERYTHING)
    if each_column and not perks:
        raise _Refused(Fault.NOT_UNDERSTOOD)
    if item != ANY_ITEM and not 0 < abs(item) <= _LARGEST_HASH:
        raise _Refused(Fault.HASH_WRONG)
    is_trash = item < 0 and item != ANY_ITEM
    return Roll(-item if is_trash else item, perks, is_trash, each_column, notes)


def _perks(texts: Iterable[str]) -> frozenset[int]:
    """Zeroes and empty places mean "any": they ask nothing."""
    perks = frozenset(int(text) for text in texts if text.strip("0"))
    if len(perks) > MOST_PERKS:
        raise _Refused(Fault.TOO_MANY_PERKS)
    if perks and max(perks) > _LARGEST_HASH:
        raise _Refused(Fault.HASH_WRONG)
    return perks


def _words(notes: str) -> str:
    """Notes without what follows a bar, which are tags for other programs, and without control characters."""
    text = " ".join(notes.partition("|")[0].split())[:_LONGEST_NOTES]
    return text if text.isprintable() else "".join(filter(str.isprintable, text))
