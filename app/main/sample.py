"""The front page's look at the tiles, for people who are not signed in."""

from __future__ import annotations

from app.main.tiles import Picture, TileMaker
from app.main.viewmodels import TileView
from app.services.samples import SampleService


def sample_tiles(samples: SampleService, locale: str, picture: Picture) -> tuple[TileView, ...]:
    """Tiles of famous items, or nothing while there are no definitions."""
    items, definitions = samples.load(locale)
    make = TileMaker(definitions, picture).make
    return tuple(make(owned) for owned in items)
