"""The five usual tags and the colours of labels in words, and what is wrong with a note, a label or a file."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.annotations.files import MOST_BYTES, MOST_ROWS
from app.inventory.annotations.marks import MOST_LABEL, MOST_LABELS, MOST_NOTES, Why
from app.main import words

TAG_NAMES: Mapping[str, LazyString] = {
    "favorite": _l("Favorite"), "keep": _l("Keep"), "infuse": _l("Infuse"), "junk": _l("Junk"),
    "archive": _l("Archive"),
}  # fmt: skip
COLOUR_NAMES: Mapping[str, LazyString] = {
    "red": _l("Red"), "orange": _l("Orange"), "yellow": _l("Yellow"), "green": _l("Green"), "teal": _l("Teal"),
    "blue": _l("Blue"), "violet": _l("Violet"), "pink": _l("Pink"),
}  # fmt: skip
_WHY: Mapping[Why, LazyString] = {
    Why.NO_NAME: _l("A label needs a name."),
    Why.IS_USUAL: _l("“%(text)s” is one of the five usual tags already."),
    Why.IS_THERE: _l("There is a label “%(text)s” already."),
    Why.NO_COLOUR: _l("That is no colour for a label."),
    Why.NO_ITEM: _l("“%(text)s” is no item."),
    Why.NOTHING_SAID: _l("There is not a single tag or note in this file."),
    Why.NOT_READABLE: _l(
        "This is neither a backup of this site or of DIM (JSON) nor a table with the columns Id, Hash, Tag and Notes."
    ),
}


def tag_name(tag: str) -> str:
    """A label is called what its owner calls it; "" without a tag."""
    return str(TAG_NAMES[tag]) if tag in TAG_NAMES else tag


def label_fault(why: Why, text: str) -> str:
    if why is Why.NAME_TOO_LONG:
        return gettext("A label can have %(most)s characters at most.", most=MOST_LABEL)
    if why is Why.TOO_MANY:
        return gettext("There can be %(most)s labels at most.", most=MOST_LABELS)
    return str(_WHY[why]) % {"text": text}


def notes_fault() -> str:
    return gettext("A note can have %(most)s characters at most.", most=words.number(MOST_NOTES))


def file_fault(why: Why) -> str:
    """What is wrong with a whole file."""
    if why is Why.TOO_LONG:
        return gettext("The file is too large: %(most)s at most.", most=words.size(MOST_BYTES))
    if why is Why.TOO_MANY:
        return gettext("The file has too many rows: %(most)s at most.", most=words.number(MOST_ROWS))
    return str(_WHY[why])


def row_fault(why: Why, text: str) -> str:
    """What is wrong with one row of a file."""
    return notes_fault() if why is Why.TOO_LONG else label_fault(why, text)
