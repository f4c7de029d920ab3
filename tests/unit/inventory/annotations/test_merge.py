"""A file put upon what is there: nothing that is there is lost without being asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inventory.annotations.marks import Annotation
from app.inventory.annotations.merge import Policy, Row, Summary, compared, is_conflict, merged

EARLY, LATE = "2026-01-01T00:00:00+00:00", "2026-06-01T00:00:00+00:00"


def row(tag: str = "", notes: str = "", at: str = "", key: str = "1") -> Row:
    return Row(1, key, 0, tag, notes, at)


@pytest.mark.parametrize("policy", list(Policy))
def test_what_one_side_does_not_say_the_other_fills_in_whatever_the_policy(policy: Policy) -> None:
    assert merged(Annotation("keep", "", 0, EARLY), row("", "mine", LATE), policy) == ("keep", "mine")
    assert merged(Annotation("", "here", 0, EARLY), row("junk", "", LATE), policy) == ("junk", "here")
    assert merged(Annotation("keep", "here", 0, EARLY), row("", "", LATE), policy) == ("keep", "here")


@pytest.mark.parametrize(
    ("policy", "at", "result"),
    [
        (Policy.MINE, LATE, ("keep", "here")),
        (Policy.FILE, EARLY, ("junk", "there")),
        (Policy.NEWER, LATE, ("junk", "there")),
        (Policy.NEWER, "", ("keep", "here")),
        (Policy.NEWER, EARLY, ("keep", "here")),
    ],
)
def test_where_both_say_something_the_policy_decides(policy: Policy, at: str, result: tuple[str, str]) -> None:
    mine = Annotation("keep", "here", 0, EARLY)
    assert merged(mine, row("junk", "there", at), policy) == result


words = st.sampled_from(("", "a", "b"))


@given(words, words, words, words, st.sampled_from(list(Policy)))
def test_nothing_ever_becomes_empty(tag: str, notes: str, new_tag: str, new_notes: str, policy: Policy) -> None:
    mine, theirs = Annotation(tag, notes), row(new_tag, new_notes)
    after = merged(mine, theirs, policy)
    assert bool(after[0]) == bool(tag or new_tag)
    assert bool(after[1]) == bool(notes or new_notes)
    if not is_conflict(mine, theirs):
        assert after == merged(mine, theirs, Policy.MINE) == merged(mine, theirs, Policy.FILE)


def test_a_file_is_compared_item_by_item_before_anything_changes() -> None:
    mine = {"1": Annotation("keep", "n"), "2": Annotation("keep", ""), "3": Annotation("keep", "n"), "9": Annotation()}
    rows = [row("keep", "n", key="1"), row("", "x", key="2"), row("junk", "n", key="3"), row("junk", key="9"),
            row("junk", key="4")]  # fmt: skip
    assert compared(rows, mine, {"1", "2", "3"}) == Summary(new=2, changed=2, conflicts=1, same=1, absent=2)
