"""What text may become a note, a hashtag, a label, a key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inventory.annotations.marks import (
    MOST_LABEL,
    MOST_NOTES,
    USUAL,
    Annotation,
    Annotations,
    Label,
    Unfit,
    Why,
    clean_label,
    clean_notes,
    hashtags,
    is_key,
    rank_of,
)
from app.inventory.moves.ranking import TAGS

COPY = "6917529034000000001"


def test_a_note_keeps_its_words_lines_and_signs() -> None:
    assert (
        clean_notes("  #pvp only\r\nnever give away \U0001f525\t=1+1\r ")
        == "#pvp only\nnever give away \U0001f525\t=1+1"
    )
    assert clean_notes("x" * MOST_NOTES) == "x" * MOST_NOTES


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800b", "a\x7fb"])
def test_what_no_keyboard_writes_is_left_out_of_a_note(text: str) -> None:
    assert clean_notes(text) == "ab"


def test_a_note_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(Unfit) as caught:
        clean_notes("x" * (MOST_NOTES + 1))
    assert caught.value.why is Why.TOO_LONG


@pytest.mark.parametrize(
    ("notes", "found"),
    [
        ("#pvp and #God-Roll, (#pve)!", ["#pvp", "#God-Roll", "#pve"]),
        ("C# and a#b are none, ## neither", []),
        ("#dämmerung #2024", ["#dämmerung", "#2024"]),
        ("", []),
    ],
)
def test_hashtags_are_words_behind_a_number_sign(notes: str, found: list[str]) -> None:
    assert list(hashtags(notes)) == found


def test_every_hashtag_is_listed_once_as_first_written() -> None:
    said = Annotations({"1": Annotation(notes="#Raid #pvp"), "2": Annotation(notes="#raid")})
    assert said.hashtags == ("#pvp", "#Raid")


@pytest.mark.parametrize(
    ("text", "why"),
    [("", Why.NO_NAME), ('"#:()', Why.NO_NAME), ("Junk", Why.IS_USUAL), ("none", Why.IS_USUAL),
     ("x" * (MOST_LABEL + 1), Why.NAME_TOO_LONG)],
)  # fmt: skip
def test_what_is_no_name_for_a_label_is_refused(text: str, why: Why) -> None:
    with pytest.raises(Unfit) as caught:
        clean_label(text)
    assert caught.value.why is why


@given(st.text(max_size=60))
def test_a_label_can_be_cleaned_again_without_changing(text: str) -> None:
    try:
        name = clean_label(text)
    except Unfit:
        return
    assert clean_label(name) == name
    assert 0 < len(name) <= MOST_LABEL


def test_a_tag_is_meant_whatever_its_case() -> None:
    said = Annotations(labels=(Label("Raid gear", "red"),))
    assert said.tag_named(" JUNK ") == "junk"
    assert said.tag_named("raid GEAR") == "Raid gear"
    assert (said.tag_named(""), said.tag_named("none"), said.tag_named("raids")) == ("", "", None)


def test_the_planner_of_moves_knows_every_usual_tag() -> None:
    assert set(TAGS) == set(USUAL)


def test_tags_stand_in_their_order_then_labels_then_nothing() -> None:
    assert sorted(["", "zoo", "junk", "Ark", "favorite"], key=rank_of) == ["favorite", "junk", "Ark", "zoo", ""]
    assert [rank_of(each)[0] for each in USUAL] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("text", ["", "0", "-1", "4294967296", "12345678901x", "1" * 21, "\u0661", " 1", "1.0"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert not is_key(text)
    assert is_key(COPY)
    assert is_key("347366834")
