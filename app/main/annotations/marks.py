"""Tags as marks on tiles."""

from __future__ import annotations

from flask_babel import gettext

from app.inventory.annotations.marks import COLOURS, USUAL, Annotations
from app.main.tag_words import tag_name
from app.main.tile_marks import Marks, TileMark
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot


def tag_marks(_viewer: Viewer, snapshot: VaultSnapshot) -> Marks:
    """A mark for everything that is tagged; what has the same tag shares it."""
    said = snapshot.annotations
    marks = {tag: TileMark((look_of(said, tag),), spoken(tag)) for tag in set(said.tags.values())}
    return {key: marks[tag] for key, tag in said.tags.items()}


def look_of(said: Annotations, tag: str) -> str:
    """The class that paints a tag; "" for no tag."""
    if tag in USUAL:
        return f"tag-{tag}"
    colour = next((label.colour for label in said.labels if label.name == tag), "")
    return colour_look(colour) if tag else ""


def colour_look(colour: str) -> str:
    """The class of a label's colour."""
    return f"label-{COLOURS.index(colour) + 1}" if colour in COLOURS else "label-6"


def spoken(tag: str) -> str:
    """What a screen reader says of a tag; "" for no tag."""
    return gettext("tagged %(tag)s", tag=tag_name(tag)) if tag else ""
