"""What gunicorn's workers do between pages."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from app.web.server import Tidying

_OTHERS = range(1_100)  # pages: more than between two times that all is looked at


class Page:
    """Refers to itself, as a template's context does through its macros."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def by_itself_never() -> Iterator[None]:
    """Python looks for no garbage of its own accord; what was set aside comes back."""
    before = gc.get_threshold()
    gc.disable()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


def _left_by(tidying: Tidying, thread: int) -> weakref.ref[Page]:
    tidying.began(thread)
    page = Page()
    left = weakref.ref(page)
    del page
    tidying.ended(thread)
    return left


def test_what_a_page_leaves_behind_is_gone_before_the_next_one() -> None:
    assert _left_by(Tidying(), 1)() is None


def test_what_is_known_for_long_is_not_looked_at_again_and_again() -> None:
    tidying = Tidying()
    known = [[number] for number in range(50_000)]
    for _ in range(60):
        _left_by(tidying, 1)
    assert gc.get_freeze_count() > len(known)
    assert len(gc.get_objects()) < len(known)


def test_nothing_that_a_page_still_makes_is_set_aside_for_ever() -> None:
    tidying = Tidying()
    gc.freeze()
    set_aside = gc.get_freeze_count()
    tidying.began(2)
    page = Page()
    for _ in _OTHERS:
        _left_by(tidying, 1)
    assert gc.get_freeze_count() <= set_aside
    left = weakref.ref(page)
    del page
    for _ in _OTHERS:
        _left_by(tidying, 1)
    tidying.ended(2)
    _left_by(tidying, 1)
    assert left() is None
