"""Who puts marks on tiles, in the order in which the marks stand. How to write a source: see tile_marks.py."""

from __future__ import annotations

from app.main.annotations.marks import tag_marks
from app.main.tile_marks import Marks, MarkSource, merged
from app.main.wishes.marks import wish_marks
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot

SOURCES: tuple[MarkSource, ...] = (tag_marks, wish_marks)


def marks_on(viewer: Viewer, snapshot: VaultSnapshot) -> Marks:
    """The marks on what the viewer owns."""
    return merged(source(viewer, snapshot) for source in SOURCES)
